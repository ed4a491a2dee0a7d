"""What the writers of files of frames have in common."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from ..storage.outputs import OutputFile


class FrameWriter:
    """A file of frames being written; a context manager.

    Leaving the ``with`` block normally completes the file (`close`); leaving it by any exception removes it.

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

    def close(self) -> Path:
        """Finish the file and return its name."""
        return self._output.commit()

    def discard(self) -> None:
        """Remove what was written."""
        self._output.discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.discard()
        else:
            self.close()
