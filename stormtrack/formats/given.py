"""A file of tracks as it was given: looked at before it is read."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from ..errors import TrackFileError
from ..storage.foreign import HEAD
from .track.stored import GZIP


@dataclass(frozen=True)
class Given:
    """A file or folder of tracks.

    Attributes
    ----------
    path : Path
        As it was named, or with ``.gz`` behind it where only that is there.
    """

    path: Path

    @property
    def name(self) -> str:
        """For messages."""
        return str(self.path)

    @functools.cached_property
    def is_folder(self) -> bool:
        """A folder, such as a Zarr store."""
        return self.path.is_dir()

    @functools.cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked if the file is gzipped; empty for a folder.

        Raises
        ------
        TrackFileError
            If they cannot be read.
        """
        if self.is_folder:
            return b""
        import gzip
        import zlib

        try:
            with self.path.open("rb") as stream:
                if not stream.read(2).startswith(GZIP):
                    stream.seek(0)
                    return stream.read(HEAD)
            with gzip.open(self.path) as unpacked:
                return unpacked.read(HEAD)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
            raise TrackFileError(problem, path=self.name) from error

    @functools.cached_property
    def data(self) -> bytes:
        """All bytes, unpacked.

        Raises
        ------
        TrackFileError
            If they cannot be read.
        """
        import gzip
        import zlib

        try:
            data = self.path.read_bytes()
            return gzip.decompress(data) if data.startswith(GZIP) else data
        except (OSError, EOFError, zlib.error, ValueError) as error:
            problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
            raise TrackFileError(problem, path=self.name) from error

    @property
    def text(self) -> str:
        """All of it as text (UTF-8, else Latin-1), line ends as they are; a byte order mark is dropped."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.data.decode("latin-1")
