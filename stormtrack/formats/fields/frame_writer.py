"""What the writers of files of frames have in common."""

from __future__ import annotations

from pathlib import Path

from ...storage.outputs import Output, OutputFile


class FrameWriter(Output):
    """A file of frames being written.

    Parameters
    ----------
    path : Path or str
        Output; replaced when it exists, and complete when it appears.

    Attributes
    ----------
    n_frames : int
        Frames in the file.
    """

    def __init__(self, path: Path | str) -> None:
        self._output = OutputFile(path)
        self.n_frames = 0

    @property
    def path(self) -> Path:
        """Name of the output."""
        return self._output.path

    def write_bytes(self, data: bytes) -> None:
        """Append something that is no frame."""
        self._output.write(data)

    @property
    def is_open(self) -> bool:
        """Neither complete nor removed yet."""
        return self._output.is_open

    def commit(self) -> Path:
        """Finish the file and return its name."""
        return self._output.commit()

    def discard(self) -> None:
        """Remove what was written."""
        self._output.discard()
