"""A file of tracks as it was given: looked at before it is read."""

from __future__ import annotations

import functools
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
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
        return b"" if self.is_folder else self.first(HEAD)

    def first(self, size: int) -> bytes:
        """So many of the first bytes, or all, unpacked.

        Raises
        ------
        TrackFileError
            If they cannot be read.
        """
        with self._whole_or_refused(), self.path.open("rb") as stream:
            if stream.read(len(GZIP)) == GZIP:
                with gzip.open(self.path) as unpacked:
                    return unpacked.read(size)
            stream.seek(0)
            return stream.read(size)

    @functools.cached_property
    def data(self) -> bytes:
        """All bytes, unpacked.

        Raises
        ------
        TrackFileError
            If they cannot be read.
        """
        with self._whole_or_refused():
            data = self.path.read_bytes()
            if data.startswith(GZIP):
                return gzip.decompress(data)
            return data

    @contextmanager
    def _whole_or_refused(self) -> Iterator[None]:
        try:
            yield
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise TrackFileError(f"is gzipped, but damaged or cut off ({error})", path=self.name) from error
        except (OSError, ValueError) as error:
            problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
            raise TrackFileError(problem, path=self.name) from error

    @property
    def text(self) -> str:
        """All of it as text (UTF-8, else Latin-1), line ends as they are; a byte order mark is dropped."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.data.decode("latin-1")
