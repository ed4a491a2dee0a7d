"""Writer of TRACK's binary field files: specfil, conv_bin, interp_th and their kin.

References
----------
Specification 01, section 11.1; 05, section 1.5. Parity: bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...arrays import F32
from ...errors import OutputError
from .frame_writer import FrameWriter

_PER_LINE = 10
_COUNT_LIMIT = 999_999
"""Largest number that the six columns of the frame count hold."""


def coordinate_lines(values: npt.ArrayLike) -> bytes:
    """Coordinates as ``%12.5f`` and a blank each, ten per line."""
    words = [f"{float(v):12.5f} " for v in np.asarray(values, np.float32)]
    lines = ["".join(words[i : i + _PER_LINE]) + "\n" for i in range(0, len(words), _PER_LINE)]
    return "".join(lines).encode("ascii")


class TrackBinaryWriter(FrameWriter):
    """Streams frames to a TRACK binary file; a context manager.

    Parameters
    ----------
    path : Path or str
        Output; replaced when it exists, and complete when it appears.
    x, y : float32, shapes (nx,), (ny,)
        Coordinates of columns (west to east) and rows (south to north).
    label : str
        Format of the line before each frame; `interpolate to a new grid` prints it unpadded.

    Attributes
    ----------
    n_frames : int
        Frames in the file.

    Raises
    ------
    OutputError
        If the file cannot be written, or a frame has another shape.
    """

    def __init__(self, path: Path | str, x: npt.ArrayLike, y: npt.ArrayLike, *, label: str = "FRAME {:6d}\n") -> None:
        super().__init__(path)
        columns, rows = np.asarray(x, np.float32), np.asarray(y, np.float32)
        self.shape = (len(rows), len(columns))
        self._label = label
        head = self._header(1) + coordinate_lines(columns) + coordinate_lines(rows)
        self._first = len(head)
        self._output.write(head)

    def _header(self, frames: int) -> bytes:
        return b"%6d %6d %6d\n" % (self.shape[1], self.shape[0], frames)

    def write_frame(self, field: F32, line: str | None = None) -> None:
        """Append one frame (float32, shape (ny, nx), rows south to north), after a line of its own if one is given."""
        values = self._checked(self.n_frames + 1, field)
        self.n_frames += 1
        self._output.write_text(self._label.format(self.n_frames) if line is None else line)
        self._output.write(values)
        self._output.write(b"\n")

    def put_frame(self, number: int, field: F32) -> None:
        """Write frame `number` (1-based) at its place, for labels of one length; several threads may do so at once.

        Who uses this sets `n_frames` before the file is closed.
        """
        values = self._checked(number, field)
        label = self._label.format(number).encode("ascii")
        start = self._first + (number - 1) * (len(label) + values.nbytes + 1)
        self._output.write_at(start, label, values, b"\n")

    def _checked(self, number: int, field: F32) -> F32:
        """The values of a frame as they lie in the file."""
        if field.shape != self.shape:
            raise OutputError(f"a frame of shape {field.shape} does not fit '{self.path}', which holds {self.shape}")
        if number > _COUNT_LIMIT:
            raise OutputError(f"'{self.path}' cannot hold more than {_COUNT_LIMIT} frames; write several files")
        return np.ascontiguousarray(field, "<f4")

    def commit(self) -> Path:
        """Put the number of frames into the header, finish the file and return its name."""
        self._output.overwrite_start(self._header(self.n_frames))
        return super().commit()
