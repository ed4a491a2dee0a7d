"""Reader of ASCII field files: the TRACK header, then a text line and NX*NY numbers per frame.

References
----------
Specification 01, section 7.3. Parity: bitwise.
"""

from __future__ import annotations

import mmap
import os
import re

import numpy as np

from ..arrays import F32
from ..text import read_reals, strtof
from ..text.scanf import real_token
from .headed import TEXT_LINE, HeadedSource, line_length
from .record_places import Place

_BLOCK = 1 << 20
_BLANKS = re.compile(rb"[ \t\n\v\f\r]*")


class AsciiSource(HeadedSource):
    """An ASCII file."""

    format = 1

    def __init__(self, path: str, like: HeadedSource | None = None) -> None:
        super().__init__(path, like)
        self._last_astray: tuple[int, F32] = 0, np.zeros(0, np.float32)  # number and values of the frame read last
        self._ahead: dict[int, F32] = {}  # read from wrong places to find the next, not asked for yet

    def _numbers(self, start: int, number: int) -> tuple[F32, int]:
        """Values of the frame whose record starts at `start` (none at the end of the data), and the offset after."""
        position = start + len(self._text_at(start))
        values = np.empty(self.nx * self.ny, np.float32)
        filled, rest = 0, b""
        while filled < len(values):
            block = os.pread(self._descriptor, _BLOCK, position + len(rest))
            text = rest + block
            cut = len(text) if not block else max(text.rfind(b"\n"), text.rfind(b" ")) + 1
            filled, end, good = read_reals(memoryview(text)[:cut], values, filled)
            if not good:
                found = text[end:cut].split(None, 1)[0][:20].decode("latin-1")
                raise self._cut_off(number, f"value {filled + 1} is {found!r}, which is no number")
            position += end
            rest = text[end:]
            if not block and filled < len(values):
                if not filled:
                    return values[:0], self._size
                raise self._cut_off(number, f"{filled} of {len(values)} values are there")
        tail = os.pread(self._descriptor, _BLOCK, position)
        return values, position + line_length(tail)

    def _length(self, start: int, number: int) -> int:
        return self._numbers(start, number)[1] - start

    def _astray_length(self, start: int, number: int) -> int:
        place = self._places.of(number)
        assert place is not None
        self._ahead[number], end = self._read_astray(place)
        return end - start

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        place = self._place(number)
        values = None if place is None else self._values(place)
        if out is None or values is None:
            return values
        out[...] = values
        return out

    def _values(self, place: Place) -> F32 | None:
        """Values at a place; None where the data end."""
        if place.astray:
            if place.number not in self._ahead:
                self._astray_length(place.start, place.number)
            return self._ahead.pop(place.number)
        values, end = self._numbers(place.start, place.number)
        if not len(values):
            self._note_missing_frames(place.number)
            return None
        self._places.ends(place, end)
        return values.reshape(self.ny, self.nx)

    def _read_astray(self, place: Place) -> tuple[F32, int]:
        """Values from a wrong place, and the offset behind them; those that cannot be read are kept from before."""
        before = self._places.before(place)
        kept = self._last_astray[1] if self._last_astray[0] == before.number else self._values(before)
        values = np.zeros((self.ny, self.nx), np.float32) if kept is None else self._left(kept)
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as text:
            end = _scan(text, place.start + len(self._text_at(place.start)), values.reshape(-1))
            end += line_length(text[end : end + TEXT_LINE])
        self._last_astray = place.number, values
        return values, end


def _scan(text: mmap.mmap, position: int, values: F32) -> int:
    """Read numbers as scanf does, one after the other; the offset behind them."""
    for k in range(len(values)):
        blanks = _BLANKS.match(text, position)
        assert blanks is not None
        position = blanks.end()
        word, end = real_token(text, position)
        if word is not None:
            values[k] = strtof(word)[0]
        elif end == position:  # a character that belongs to no number (or the end): no read gets beyond it
            break
        position = end
    return position
