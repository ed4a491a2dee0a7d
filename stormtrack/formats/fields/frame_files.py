"""Binary files of frames without a grid header, as the time functions of the analysis menu write them.

References
----------
Specification 05, section 1.6. Parity: bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...arrays import F32
from .frame_writer import FrameWriter


class FrameFileWriter(FrameWriter):
    """Streams frames, each behind a text line; a context manager.

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
        self.n_frames += 1
        self._output.write(label.encode("latin-1") + b"\n")
        self._output.write(np.ascontiguousarray(frame, "<f4"))
        self._output.write(self._end)
