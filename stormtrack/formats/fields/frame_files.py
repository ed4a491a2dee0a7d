"""Files of frames without a grid header, as the time functions of the analysis menu write them: binary, ASCII, PP.

References
----------
Specification 05, section 1.6. Parity: bytes, but for the record marks of PP files, which the original never sets.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from ...arrays import F32
from ...text import strtof
from .frame_writer import FrameWriter

_PER_LINE = 10


class BinaryFrameWriter(FrameWriter):
    """Streams frames of float32, each behind a text line; a context manager.

    Parameters
    ----------
    path : Path or str
        Output; replaced when it exists, and complete when it appears.
    newline_separated : bool
        A newline follows every frame.
    """

    def __init__(self, path: Path | str, *, newline_separated: bool) -> None:
        super().__init__(path)
        self._end = b"\n" if newline_separated else b""

    def write_frame(self, frame: F32, label: str) -> None:
        """Append a frame under a text line (without its end)."""
        self._output.write(label.encode("latin-1") + b"\n")
        self.write_values(frame)

    def write_values(self, frame: F32) -> None:
        """Append a frame without a text line."""
        self.n_frames += 1
        self._output.write(np.ascontiguousarray(frame, "<f4"))
        self._output.write(self._end)

    def stored(self, frame: F32) -> F32:
        """A frame as it will be read again."""
        return frame


class AsciiFrameWriter(FrameWriter):
    """Streams frames of numbers as text, each behind a text line; a context manager.

    Ten numbers make a line; where the last line is full, an empty one follows.
    """

    def write_frame(self, frame: F32, label: str) -> None:
        """Append a frame under a text line (without its end)."""
        self._output.write(label.encode("latin-1") + b"\n")
        self.write_values(frame)

    def write_values(self, frame: F32) -> None:
        """Append a frame without a text line."""
        self.n_frames += 1
        values = np.asarray(frame, np.float32).ravel().tolist()
        lines, rest = divmod(len(values), _PER_LINE)
        form = ("%12.5e " * _PER_LINE + "\n") * lines + "%12.5e " * rest + "\n"
        self._output.write_text(form % tuple(values))

    def stored(self, frame: F32) -> F32:
        """A frame as it will be read again."""
        return six_digits(frame)


class PpFrameWriter(FrameWriter):
    """Streams frames as fields of a PP file of this machine's byte order; a context manager."""

    def write_frame(self, frame: F32, header: bytes) -> None:
        """Append a frame under the 256 bytes of its header."""
        self.n_frames += 1
        values = np.ascontiguousarray(frame, "<f4")
        for record in (header, values):
            mark = struct.pack("<i", len(record) if isinstance(record, bytes) else record.nbytes)
            for part in (mark, record, mark):
                self._output.write(part)


def six_digits(frame: F32) -> F32:
    """Values as they are read from an ASCII file that they were written to."""
    words = [strtof(b"%.5e" % value)[0] for value in np.asarray(frame, np.float32).ravel().tolist()]
    return np.array(words, np.float32).reshape(frame.shape)
