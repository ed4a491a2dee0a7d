"""Local copies of what libraries read from files only: packed files, and some kinds of files on servers."""

from __future__ import annotations

import atexit
import importlib
import lzma
import os
import shutil
import tempfile
import zlib
from pathlib import Path

from ..errors import FieldError
from .places import Place
from .remote import Access
from .remote_file import fetch


class LocalCopy:
    """A temporary file with the content of a place, unpacked; it is removed by `close`, or when Python ends.

    Parameters
    ----------
    place : Place
    access : Access

    Attributes
    ----------
    path : str

    Raises
    ------
    FieldError
        If the content cannot be had, or there is no room for it.
    """

    def __init__(self, place: Place, access: Access) -> None:
        handle, self.path = tempfile.mkstemp(prefix="stormtrack-", suffix=".tmp")
        os.close(handle)
        atexit.register(self.close)  # arrays that were made of the first one may still read it, whatever is forgotten
        try:
            source = place.address
            if place.remote:
                fetch(place.address, access, self.path)
                source = self.path
            if place.packed:
                self._unpack(source, place)
        except OSError as problem:
            self.close()
            raise FieldError(
                f"'{place.address}' cannot be copied to '{self.path}': {problem}; TMPDIR says where copies are put"
            ) from problem
        except BaseException:
            self.close()
            raise

    def _unpack(self, source: str, place: Place) -> None:
        target = f"{self.path}.unpacked"
        try:
            with importlib.import_module(place.packed).open(source, "rb") as packed, Path(target).open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
            Path(target).replace(self.path)
        except (EOFError, ValueError, lzma.LZMAError, zlib.error) as problem:
            raise FieldError(
                f"'{place.address}' is cut off or damaged ({place.packed}: {problem}); get it again"
            ) from problem
        finally:
            Path(target).unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the copy."""
        atexit.unregister(self.close)
        Path(self.path).unlink(missing_ok=True)
