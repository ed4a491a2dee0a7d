"""Files on servers as libraries read files.

Parity: not applicable.
"""

from __future__ import annotations

import io
import itertools
import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

from ..errors import FieldError
from .remote import Access, filesystem, persistently

BLOCK = 1 << 20
"""Bytes asked for at once."""
_BLOCKS_KEPT = 64
_NUMBERS = itertools.count()


class _Blocks:
    """The blocks used last, of all files together: a series of many files takes no more memory than one."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: tuple[int, int]) -> bytes | None:
        """A block of a file; None if it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: tuple[int, int], data: bytes) -> None:
        """Hold a block."""
        with self._lock:
            self._held[key] = data
            while len(self._held) > _BLOCKS_KEPT:
                self._held.popitem(last=False)


BLOCKS = _Blocks()


class RemoteFile(io.RawIOBase):
    """A file on a server, read block by block, each tried until it comes; it can be pickled.

    Parameters
    ----------
    address : str
    access : Access

    Raises
    ------
    FieldError
        If the server does not give it.
    """

    def __init__(self, address: str, access: Access) -> None:
        super().__init__()
        self.address, self._access = address, access
        self._fs, self._path = filesystem(address, access)
        self.size = persistently(self._size, f"'{address}': asking for the size", access.patience)
        self._at, self._number = 0, next(_NUMBERS)
        self._whole: Any = None

    def _size(self) -> int:
        size = self._fs.info(self._path).get("size")
        if size is None:
            raise FieldError(
                f"'{self.address}': the server does not tell the size, so parts of the file cannot be asked for; "
                "download it"
            )
        return int(size)

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteFile, (self.address, self._access)

    def close(self) -> None:
        """Forget the file."""
        if self._whole is not None:
            self._whole.close()
        super().close()

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the file goes."""
        view = memoryview(buffer).cast("B")
        data = self.bytes_at(self._at, len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def bytes_at(self, start: int, length: int) -> bytes:
        """Bytes from a place on; fewer at the end of the file."""
        end = min(start + length, self.size)
        if end <= start:
            return b""
        first, last = start // BLOCK, (end - 1) // BLOCK
        if last - first >= _BLOCKS_KEPT // 2:
            return self.fetched(start, end)
        parts = [self._block(number) for number in range(first, last + 1)]
        return b"".join(parts)[start - first * BLOCK : end - first * BLOCK]

    def _block(self, number: int) -> bytes:
        data = BLOCKS.get((self._number, number))
        if data is None:
            data = self.fetched(number * BLOCK, min((number + 1) * BLOCK, self.size))
            BLOCKS.put((self._number, number), data)
        return data

    def fetched(self, start: int, end: int) -> bytes:
        """Bytes from the server, or from a copy of a file whose server sends nothing but all of it."""
        if self._whole is not None:
            return os.pread(self._whole.fileno(), end - start, start)
        what = f"'{self.address}': reading bytes {start} to {end - 1}"
        return persistently(lambda: self._part(start, end), what, self._access.patience)

    def _part(self, start: int, end: int) -> bytes:
        data = bytes(self._fs.cat_file(self._path, start=start, end=end))
        if len(data) == self.size > end - start:
            whole = tempfile.TemporaryFile()  # noqa: SIM115
            whole.write(data)
            whole.flush()
            self._whole = whole
            return data[start:end]
        if len(data) != end - start:
            raise OSError(f"{len(data)} of {end - start} bytes came")
        return data


def fetch(address: str, access: Access, target: str) -> None:
    """Copy a file from a server in blocks, each tried until it comes."""
    file = RemoteFile(address, access)
    with Path(target).open("wb") as out:
        for start in range(0, file.size, 8 * BLOCK):
            out.write(file.fetched(start, min(start + 8 * BLOCK, file.size)))
