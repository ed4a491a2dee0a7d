"""Header lines of text files, and errors with file and line.

References
----------
Specification 01, sections 2 and 11. Parity: bitwise.
"""

from __future__ import annotations

import re
from typing import Literal

from ...errors import TrackFileError
from ...text import strtof

What = Literal["ends", "unreadable", "count", "tag"]
"""What is wrong: the file ends, or something cannot be read, or is an impossible number, or is not there."""


def scan_error(what: What, expected: str, line: int, name: str) -> TrackFileError:
    """The error for something that is not as `expected`."""
    problem = {
        "ends": f"the file ends where {expected} should follow; it is truncated or a count above is too large",
        "unreadable": f"cannot read {expected}",
        "count": f"impossible number in {expected}",
        "tag": f"expected {expected}",
    }[what]
    return TrackFileError(problem, path=name, line=line)


class HeaderLines:
    """The first lines of a text file, read one at a time.

    Attributes
    ----------
    data : bytes
        The file.
    name : str
        What it is called, for messages.
    pos, line : int
        Where the next line begins; number of the line read last.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self.pos, self.line = 0, 0

    def peek(self) -> str:
        """The next line without its newline, unread; empty at the end of the file."""
        end = self.data.find(b"\n", self.pos)
        return self.data[self.pos : end if end >= 0 else len(self.data)][:2000].decode("ascii", "replace")

    def take(self, expected: str) -> str:
        """The next line.

        Raises
        ------
        TrackFileError
            At the end of the file.
        """
        if self.pos >= len(self.data):
            raise scan_error("ends", expected, self.line + 1, self.name)
        text = self.peek()
        end = self.data.find(b"\n", self.pos)
        self.pos = end + 1 if end >= 0 else len(self.data)
        self.line += 1
        return text

    def tag(self, tag: str) -> None:
        """Read a line that must contain `tag`."""
        if tag not in self.take(f"'{tag}'"):
            raise self.error(f"expected '{tag}'")

    def integers(self, text: str, least: int, expected: str) -> list[int]:
        """All leading integers of `text`, at least `least` of them."""
        found: list[int] = []
        for word in text.split():
            if not re.fullmatch(r"[+-]?\d{1,9}", word):
                break
            found.append(int(word))
        if len(found) < least:
            raise self.error(f"cannot read {expected} from {text.strip()[:60]!r}")
        return found

    def reals(self, text: str, count: int, expected: str) -> list[float]:
        """`count` leading float32 values of `text`."""
        words = text.split()[:count]
        found = [strtof(word.encode()) for word in words]
        if len(found) < count or any(size < len(word) for word, (_, size) in zip(words, found, strict=True)):
            raise self.error(f"cannot read {expected} from {text.strip()[:60]!r}")
        return [value for value, _ in found]

    def error(self, problem: str) -> TrackFileError:
        """An error at the line read last."""
        return TrackFileError(problem, path=self.name, line=self.line)
