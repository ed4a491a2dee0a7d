"""Reader of ASCII field files: the TRACK header, then a text line and NX*NY numbers per frame.

References
----------
Specification 01, section 7.3. Parity: bitwise.
"""

from __future__ import annotations

import os

import numpy as np

from ...arrays import F32
from ...text import read_reals
from .headed import HeadedSource, line_length

_BLOCK = 1 << 20


class AsciiSource(HeadedSource):
    """An ASCII file."""

    format = 1

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

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        start = self._start(number)
        if start is None:
            return None
        values, end = self._numbers(start, number)
        if not len(values):
            self._note_missing_frames(number)
            return None
        if len(self._starts) == number:
            self._starts.append(end)
        frame = values.reshape(self.ny, self.nx)
        if out is None:
            return frame
        out[...] = frame
        return out
