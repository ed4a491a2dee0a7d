"""Writer of TRACK's binary field files: specfil, conv_bin, interp_th and their kin.

References
----------
Specification 01, section 11.1; 05, section 1.5. Parity: bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...arrays import F32
from ...errors import OutputError
from ...storage.outputs import output_error, write_at
from .frame_writer import FrameWriter

_PER_LINE = 10
_COUNT_LIMIT = 999_999
"""Largest number that the six columns of the frame count hold."""


def coordinate_lines(values: npt.ArrayLike) -> bytes:
    """Coordinates as ``%12.5f`` and a blank each, ten per line."""
    words = [f"{float(v):12.5f} " for v in np.asarray(values, np.float32)]
    lines = ["".join(words[i : i + _PER_LINE]) + "\n" for i in range(0, len(words), _PER_LINE)]
    return "".join(lines).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLayout:
    """Where frames lie in a file, and how.

    Attributes
    ----------
    path : Path
        Name of the file, for errors.
    shape : tuple of int
        Of frames, (ny, nx).
    label : str
        Format of the line before each; of one length for all.
    first : int
        Byte at which the first frame begins.
    """

    path: Path
    shape: tuple[int, int]
    label: str
    first: int

    def checked(self, number: int, field: F32) -> F32:
        """The values of a frame as they lie in the file."""
        if field.shape != self.shape:
            raise OutputError(f"a frame of shape {field.shape} does not fit '{self.path}', which holds {self.shape}")
        if number > _COUNT_LIMIT:
            raise OutputError(f"'{self.path}' cannot hold more than {_COUNT_LIMIT} frames; write several files")
        return np.ascontiguousarray(field, "<f4")

    def frame(self, number: int, field: F32) -> tuple[int, bytes, F32, bytes]:
        """Where frame `number` (1-based) begins, and what lies there."""
        values = self.checked(number, field)
        label = self.label.format(number).encode("ascii")
        return self.first + (number - 1) * (len(label) + values.nbytes + 1), label, values, b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePlaces:
    """Frames of a file that another process of this machine is writing; can be pickled.

    Attributes
    ----------
    layout : FrameLayout
    file : Path
        Where it lies until it is complete.
    """

    layout: FrameLayout
    file: Path

    @contextmanager
    def opened(self) -> Iterator[Callable[[int, F32], None]]:
        """``put(number, field)``, which writes a frame (1-based) at its place; the file is there, or it is an error.

        Raises
        ------
        OutputError
        """
        try:
            descriptor = os.open(self.file, os.O_WRONLY)
        except OSError as problem:
            raise output_error(self.layout.path, problem) from problem

        def put(number: int, field: F32) -> None:
            try:
                write_at(descriptor, *self.layout.frame(number, field))
            except OSError as problem:
                raise output_error(self.layout.path, problem) from problem

        try:
            yield put
        finally:
            os.close(descriptor)


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
        self._layout = FrameLayout(path=self.path, shape=self.shape, label=label, first=len(head))
        self._output.write(head)

    def _header(self, frames: int) -> bytes:
        return b"%6d %6d %6d\n" % (self.shape[1], self.shape[0], frames)

    def write_frame(self, field: F32, line: str | None = None) -> None:
        """Append one frame (float32, shape (ny, nx), rows south to north), after a line of its own if one is given."""
        values = self._layout.checked(self.n_frames + 1, field)
        self.n_frames += 1
        self._output.write_text(self._label.format(self.n_frames) if line is None else line)
        self._output.write(values)
        self._output.write(b"\n")

    def put_frame(self, number: int, field: F32) -> None:
        """Write frame `number` (1-based) at its place, for labels of one length; several threads may do so at once.

        Who uses this sets `n_frames` before the file is closed.
        """
        self._output.write_at(*self._layout.frame(number, field))

    @property
    def places(self) -> FramePlaces:
        """Where frames lie in the file as it is being written, for other processes of this machine."""
        return FramePlaces(layout=self._layout, file=self._output.partial.absolute())

    def commit(self) -> Path:
        """Put the number of frames into the header, finish the file and return its name."""
        self._output.overwrite_start(self._header(self.n_frames))
        return super().commit()
