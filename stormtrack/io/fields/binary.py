"""Reader of TRACK's own binary field files.

References
----------
Specification 01, section 7.2. Parity: bitwise.
"""

from __future__ import annotations

import os

import numpy as np

from ...arrays import F32
from ...errors import FieldError
from ...settings.startup import FieldSelection
from .headed import HeadedSource


class BinarySource(HeadedSource):
    """A TRACK binary file; `newline_separated` says that one byte follows every record."""

    format = 0
    newline_separated = False

    def apply(self, selection: FieldSelection) -> None:
        """Take over whether records are followed by a newline."""
        if selection.newline_separated != self.newline_separated:
            self.newline_separated = selection.newline_separated
            del self._starts[1:]

    def _length(self, start: int, number: int) -> int:
        return len(self._text_at(start)) + 4 * self.nx * self.ny + self.newline_separated

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        start = self._start(number)
        if start is None:
            return None
        if not self.newline_separated and os.pread(self._descriptor, 6, start) == b"\nFRAME":
            raise FieldError(
                f"'{self.path}': a newline stands before frame {number}; answer 'y' to the question whether frames "
                "are separated by a newline"
            )
        start += len(self._text_at(start))
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        got = self._fill(frame, start)
        if got < frame.itemsize:  # a text line without a value: the end of the data, as in the original
            self._note_missing_frames(number)
            return None
        if got < frame.nbytes:
            raise self._cut_off(number, f"{got} of {frame.nbytes} bytes are there")
        return frame

    def _fill(self, frame: F32, start: int) -> int:
        """Read into `frame`; the number of bytes got."""
        view = memoryview(frame.data).cast("B")
        got = 0
        while got < len(view):
            step = os.preadv(self._descriptor, [view[got:]], start + got)
            if step == 0:
                break
            got += step
        return got
