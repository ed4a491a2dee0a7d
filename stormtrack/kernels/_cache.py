"""Machine code of kernels on disk: one file per kernel and signature, safe with many processes at once.

Numba's own cache numbers the files of a kernel and keeps an index; two processes that compile different signatures
at the same moment can leave an index entry that points to the other's code. Here the name of a file follows from
the signature alone, and it appears complete or not at all.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

from numba.core.caching import FunctionCache
from numba.core.serialize import dumps

SUFFIX = ".nbc"


class _Files:
    """Storage of one kernel's compiled signatures."""

    def __init__(self, folder: Path, kernel_name: str) -> None:
        self._folder, self._kernel_name = folder, kernel_name

    def _path(self, key: object) -> Path:
        digest = hashlib.sha256(repr(key).encode()).hexdigest()[:24]
        return self._folder / f"{self._kernel_name}.{digest}{SUFFIX}"

    def load(self, key: object) -> Any:
        """Stored code, None if there is none or it cannot be read."""
        try:
            return pickle.loads(self._path(key).read_bytes())
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def save(self, key: object, data: object) -> None:
        """Store code; a cache that cannot take it is left as it is."""
        path = self._path(key)
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=f".{self._kernel_name}.", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(dumps(data))
            os.replace(temporary, path)  # noqa: PTH105 - atomic on the same folder
        except OSError:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)

    def flush(self) -> None:
        """Nothing is kept in memory."""


class KernelCache(FunctionCache):
    """Numba's function cache with the storage above.

    Parameters
    ----------
    function : callable
        The Python function of the kernel.
    folder : Path
        Existing folder.
    """

    def __init__(self, function: Any, folder: Path) -> None:
        super().__init__(function)
        name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
        self._cache_file = _Files(folder, name)
