"""Reader of ASCII field files: the TRACK header, then a text line and NX*NY numbers per frame.

References
----------
Specification 01, section 7.3. Parity: bitwise.
"""

from __future__ import annotations

import os
import re

import numpy as np
import numpy.typing as npt

from .headed import HeadedSource, line_length
from .text_numbers import NUMBER, to_float32

F32 = npt.NDArray[np.float32]

_BLOCK = 1 << 20
_NEXT = re.compile(rb"\s*(" + NUMBER.pattern + rb")", re.IGNORECASE)


class AsciiSource(HeadedSource):
    """An ASCII file."""

    format = 1

    def _numbers(self, start: int, number: int) -> tuple[list[bytes], int]:
        """The words of the frame whose record starts at `start` (none at the end of the data), and the offset after."""
        position = start + len(self._text_at(start))
        wanted = self.nx * self.ny
        words: list[bytes] = []
        rest = b""
        while len(words) < wanted:
            block = os.pread(self._descriptor, _BLOCK, position + len(rest))
            text = rest + block
            cut = len(text) if not block else max(text.rfind(b"\n"), text.rfind(b" ")) + 1
            end = self._take(text[:cut], words, wanted, number)
            position += end
            rest = text[end:]
            if not block and len(words) < wanted:
                if not words:
                    return [], self._size
                raise self._cut_off(number, f"{len(words)} of {wanted} values are there")
        tail = os.pread(self._descriptor, _BLOCK, position)
        return words, position + line_length(tail)

    def _take(self, text: bytes, words: list[bytes], wanted: int, number: int) -> int:
        """Move numbers from `text` to `words`; the length used up."""
        need = wanted - len(words)
        pieces = text.split(None, need)
        rest = pieces.pop() if len(pieces) > need else b""
        if all(NUMBER.fullmatch(piece) for piece in pieces):
            words += pieces
            return len(text[: len(text) - len(rest)].rstrip())
        end = 0
        while len(words) < wanted:
            match = _NEXT.match(text, end)
            if match is None:
                if text[end:].strip():
                    found = text[end:].split()[0][:20].decode("latin-1")
                    raise self._cut_off(number, f"value {len(words) + 1} is {found!r}, which is no number")
                return len(text)
            words.append(match.group(1))
            end = match.end()
        return end

    def _length(self, start: int, number: int) -> int:
        return self._numbers(start, number)[1] - start

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        start = self._start(number)
        if start is None:
            return None
        words, end = self._numbers(start, number)
        if not words:
            self._note_missing_frames(number)
            return None
        if len(self._starts) == number:
            self._starts.append(end)
        values = to_float32(words).reshape(self.ny, self.nx)
        if out is None:
            return values
        out[...] = values
        return out
