"""Frames of a series kept until all of them are there, then taken by rows: in memory, or beyond a limit on disk."""

from __future__ import annotations

import os
import tempfile
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

from ..arrays import F32
from .outputs import output_error


class FrameStore(AbstractContextManager["FrameStore"]):
    """Frames of one shape, float32.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.
    folder : Path
        Where a file without a name is made when the frames exceed the limit; it vanishes with the store.
    limit : int
        Bytes kept in memory.
    """

    def __init__(self, shape: tuple[int, int], folder: Path, limit: int) -> None:
        self.shape, self._folder, self._limit = shape, folder, limit
        self._size = 4 * shape[0] * shape[1]
        self._frames: list[F32] = []
        self._file: IO[bytes] | None = None
        self._open_files = ExitStack()
        self.n_frames = 0

    @property
    def in_memory(self) -> bool:
        """No file is used."""
        return self._file is None

    def append(self, frame: F32) -> None:
        """Add a frame."""
        self.n_frames += 1
        if self._file is None and self.n_frames * self._size <= self._limit:
            self._frames.append(frame.copy())
            return
        if self._file is None:
            self._move_to_disk()
        self._write(self.n_frames - 1, 0, frame)

    def reserve(self, n_frames: int) -> None:
        """Make place for frames that `put_rows` fills."""
        self.n_frames = n_frames
        if n_frames * self._size <= self._limit:
            self._frames = [np.empty(self.shape, np.float32) for _ in range(n_frames)]
        else:
            self._move_to_disk()

    def rows(self, first: int, last: int) -> F32:
        """Rows `first` to `last` (excluded) of all frames: shape (n_frames, rows, columns)."""
        if self._file is None:
            return np.stack([frame[first:last] for frame in self._frames])
        out = np.empty((self.n_frames, last - first, self.shape[1]), np.float32)
        for k in range(self.n_frames):
            self._read(k, first, out[k])
        return out

    def put_rows(self, first: int, values: F32) -> None:
        """Replace rows from `first` on of all frames by `values` (n_frames, rows, columns)."""
        for k, rows in enumerate(values):
            if self._file is None:
                self._frames[k][first : first + len(rows)] = rows
            else:
                self._write(k, first, np.ascontiguousarray(rows))

    def frame(self, k: int) -> F32:
        """A copy of frame `k` (from 0)."""
        if self._file is None:
            return self._frames[k].copy()
        out = np.empty(self.shape, np.float32)
        self._read(k, 0, out)
        return out

    def _move_to_disk(self) -> None:
        try:
            with ExitStack() as opening:
                self._file = opening.enter_context(tempfile.TemporaryFile(dir=self._folder, buffering=0))
                self._open_files = opening.pop_all()
        except OSError as problem:
            raise output_error(self._folder / "a scratch file", problem, "create") from problem
        for k, frame in enumerate(self._frames):
            self._write(k, 0, frame)
        self._frames = []

    def _write(self, k: int, row: int, values: F32) -> None:
        assert self._file is not None
        view = memoryview(np.ascontiguousarray(values).data).cast("B")
        place = k * self._size + 4 * row * self.shape[1]
        try:
            while view:
                done = os.pwrite(self._file.fileno(), view, place)
                view, place = view[done:], place + done
        except OSError as problem:
            raise output_error(self._folder / "a scratch file", problem) from problem

    def _read(self, k: int, row: int, out: F32) -> None:
        assert self._file is not None
        view = memoryview(out.data).cast("B")
        place = k * self._size + 4 * row * self.shape[1]
        while view:
            got = os.preadv(self._file.fileno(), [view], place)
            if got == 0:  # never written: a file system that lost it
                raise output_error(self._folder / "a scratch file", OSError("the file became shorter"), "read")
            view, place = view[got:], place + got

    def close(self) -> None:
        """Forget all frames."""
        self._frames = []
        self._open_files.close()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
