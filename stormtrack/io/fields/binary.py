"""Reader of TRACK's own binary field files.

References
----------
Specification 01, section 7.2. Parity: bitwise.
"""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from ...errors import FieldError
from ...settings.startup import FieldSelection
from .headed import HeadedSource

F32 = npt.NDArray[np.float32]


class BinarySource(HeadedSource):
    """A TRACK binary file; `newline_separated` says that one byte follows every record."""

    format = 0
    newline_separated = False

    def apply(self, selection: FieldSelection) -> None:
        """Take over whether records are followed by a newline."""
        if selection.newline_separated != self.newline_separated:
            self.newline_separated = selection.newline_separated
            self._places.restart()

    def _length(self, start: int, number: int) -> int:
        return len(self._text_at(start)) + 4 * self.nx * self.ny + self.newline_separated

    _astray_length = _length

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        place = self._place(number)
        if place is None:
            return None
        if not self.newline_separated and os.pread(self._descriptor, 6, place.start) == b"\nFRAME":
            raise FieldError(
                f"'{self.path}': a newline stands before frame {number}; answer 'y' to the question whether frames "
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
        return frame

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
