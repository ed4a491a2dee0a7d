"""Reader of TRACK's own binary field files.

References
----------
Specification 01, section 7.2. Parity: bitwise.
"""

from __future__ import annotations

import os

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from .headed import HeadedSource

_SMALLEST, _LARGEST = 1.0e-20, 1.0e20
"""Magnitudes between which geophysical numbers lie."""


class BinarySource(HeadedSource):
    """A TRACK binary file.

    Parameters
    ----------
    path : str
    newline_separated : bool
        One byte follows every record.
    like : HeadedSource, optional
        As for `HeadedSource`.
    """

    format = 0

    def __init__(self, path: str, *, newline_separated: bool = False, like: HeadedSource | None = None) -> None:
        super().__init__(path, like)
        self.newline_separated = newline_separated
        self._order_known = False

    def _length(self, start: int, number: int) -> int:
        return len(self._text_at(start)) + 4 * self.nx * self.ny + self.newline_separated

    _astray_length = _length

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        place = self._place(number)
        if place is None:
            return None
        if not self.newline_separated and os.pread(self._descriptor, 6, place.start) == b"\nFRAME":
            raise FieldError(
                f"'{self.name}': a newline stands before frame {number}; answer 'y' to the question whether frames "
                "are separated by a newline"
            )
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        if place.astray:
            self._fill(frame, self._places.before(place).start)
            frame[...] = self._left(frame)
        got = self._fill(frame, place.start)
        if got < frame.itemsize:  # a text line without a value: the end of the data, as in the original
            self._note_missing_frames(number)
            return None
        if got < frame.nbytes and not place.astray:
            raise self._cut_off(number, f"{got} of {frame.nbytes} bytes are there")
        if not self._order_known:
            self._check_byte_order(frame, number)
        return frame

    def _check_byte_order(self, frame: F32, number: int) -> None:
        """Refuse numbers that make sense only with their bytes swapped."""
        self._order_known = True
        if _sensible(frame) < 0.8 and _sensible(frame.byteswap()) > 0.99:
            raise FieldError(
                f"'{self.name}', frame {number}: the numbers make sense only with their bytes swapped ("
                f"{frame.byteswap().flat[0]:g} where {frame.flat[0]:g} stands): they are of the other byte order "
                "(big-endian), and TRACK reads this machine's. Write the file anew, or swap the bytes of its frames"
            )

    def _fill(self, frame: F32, record: int) -> int:
        """Read the values of the record at an offset into `frame`; the number of bytes got."""
        start = record + len(self._text_at(record))
        view = memoryview(frame.data).cast("B")
        got = 0
        while got < len(view):
            step = os.preadv(self._descriptor, [view[got:]], start + got)
            if step == 0:
                break
            got += step
        return got


def _sensible(values: F32) -> float:
    """Share of the values that are 0 or of a magnitude that occurs."""
    with np.errstate(invalid="ignore"):
        size = np.abs(values)
    return float(np.mean((size == 0.0) | ((size > _SMALLEST) & (size < _LARGEST))))
