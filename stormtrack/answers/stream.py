"""The answer stream: TRACK's four reading primitives on bytes, exact to the character.

Characters, integers, reals and words are taken from one stream in which newlines are white space; what a read
leaves behind is offered to the next one (specification 01, section 2). Parity: consumption and values as glibc.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from ..text.scanf import real_token
from .numbers import parse_float32, parse_float64, saturate_int64, wrap_int32

Kind = Literal["c", "d", "ld", "f", "lf", "s"]
Value = int | float | str

_SPACE = re.compile(rb"[ \t\n\v\f\r]*")
_WORD = re.compile(rb"[^ \t\n\v\f\r]+")
_INTEGER = re.compile(rb"[+-]?[0-9]*")

_FAR_BACK = 100
"""Characters looked back for the start of a word that is shown in a message."""


@dataclass(frozen=True, slots=True)
class Token:
    """What one read took.

    `start` and `end` bound the characters consumed after white space; `value` is None when the conversion
    failed or the stream had ended.
    """

    value: Value | None
    start: int
    end: int
    at_end: bool = False


class AnswerStream:
    """Bytes with a reading position.

    Parameters
    ----------
    data : bytes
        The whole file; any byte may occur.
    name : str
        What to call it in messages.
    """

    def __init__(self, data: bytes, name: str = "answers") -> None:
        self.data, self.name, self.position = data, name, 0
        self._line_starts = [0, *(m.end() for m in re.finditer(rb"\n", data))]

    def extend(self, data: bytes) -> None:
        """Append to the end of the bytes."""
        before = len(self.data)
        self._line_starts += [before + m.end() for m in re.finditer(rb"\n", data)]
        self.data += data

    def read(self, kind: Kind) -> Token:
        """Take one value of the given kind; see the module's text."""
        start = self._skip_space()
        if start >= len(self.data):
            return Token(None, start, start, at_end=True)
        token: Token = getattr(self, f"_read_{kind}")(start)
        return token

    def line_of(self, offset: int) -> int:
        """1-based line of an offset; the end of the file belongs to its last line."""
        last = max(len(self.data) - 1, 0)
        return bisect_right(self._line_starts, min(offset, last))

    def word_around(self, offset: int) -> str:
        """The blank-delimited word that holds an offset (of a very long one, the part around it)."""
        start = offset
        while start > max(0, offset - _FAR_BACK) and not self.data[start - 1 : start].isspace():
            start -= 1
        return self.word_at(start)

    def word_at(self, offset: int) -> str:
        """The rest of a word from an offset on."""
        match = _WORD.match(self.data, offset)
        return show(match.group()) if match else ""

    def inside_word(self, offset: int) -> bool:
        """Whether both neighbours of an offset are word characters: a read there takes a word apart."""
        return (
            0 < offset < len(self.data)
            and not self.data[offset - 1 : offset].isspace()
            and not self.data[offset : offset + 1].isspace()
        )

    def rest(self) -> tuple[int, str]:
        """Offset and text of what has not been read, without surrounding blanks."""
        start = _SPACE.match(self.data, self.position).end()  # type: ignore[union-attr]
        return start, show(self.data[start:].rstrip())

    def read_blank(self) -> None:
        """Skip white space, as a blank in a scanf format does."""
        self._skip_space()

    def read_line(self) -> bytes:
        """Take the rest of the line, its newline included but not returned."""
        end = self.data.find(b"\n", self.position)
        end = len(self.data) if end < 0 else end
        line = self.data[self.position : end]
        self.position = min(end + 1, len(self.data))
        return line

    def _skip_space(self) -> int:
        self.position = _SPACE.match(self.data, self.position).end()  # type: ignore[union-attr]
        return self.position

    def _take(self, value: Value | None, start: int, end: int) -> Token:
        self.position = end
        return Token(value, start, end)

    def _read_c(self, start: int) -> Token:
        return self._take(self.data[start : start + 1].decode("latin-1"), start, start + 1)

    def _read_s(self, start: int) -> Token:
        word = _WORD.match(self.data, start).group()  # type: ignore[union-attr]
        # A C string ends at a NUL byte although the read goes on.
        text = word.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")
        return self._take(text, start, start + len(word))

    def _read_d(self, start: int) -> Token:
        text, end = self._integer(start)
        return self._take(wrap_int32(text) if text.strip(b"+-") else None, start, end)

    def _read_ld(self, start: int) -> Token:
        text, end = self._integer(start)
        return self._take(saturate_int64(text) if text.strip(b"+-") else None, start, end)

    def _integer(self, start: int) -> tuple[bytes, int]:
        match = _INTEGER.match(self.data, start)
        assert match is not None
        return match.group(), match.end()

    def _read_f(self, start: int) -> Token:
        text, end = real_token(self.data, start)
        return self._take(None if text is None else parse_float32(text), start, end)

    def _read_lf(self, start: int) -> Token:
        text, end = real_token(self.data, start)
        return self._take(None if text is None else parse_float64(text), start, end)


def show(raw: bytes) -> str:
    """Text of raw answers for messages: printable, at most 60 characters."""
    text = raw.decode("utf-8", "backslashreplace")
    text = "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text)
    return text if len(text) <= 60 else text[:57] + "..."


def show_path(path: str) -> str:
    """A file's name for messages: printable, and of a very long one the end, where the name is."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = "".join(ch if ch.isprintable() else f"\\x{ord(ch):02x}" for ch in text)
    return text if len(text) <= 300 else "..." + text[-297:]
