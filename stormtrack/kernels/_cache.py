"""Machine code of kernels on disk: one file per kernel and signature, safe with many processes at once.

Numba's own cache numbers the files of a kernel and keeps an index; two processes that compile different signatures
at the same moment can leave an index entry that points to the other's code. Here the name of a file follows from
the signature alone, and it appears complete or not at all. It also looks at no file before a kernel is called,
where numba's tries out folders for every kernel that is declared.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

SUFFIX = ".nbc"


class KernelCache:
    """Stored signatures of one kernel, in the shape that numba's dispatcher expects of a cache.

    Parameters
    ----------
    function : callable
        The Python function of the kernel. The folder stands for its source, so only its name is used.
    folder : Path
        Existing folder.
    """

    def __init__(self, function: Any, folder: Path) -> None:
        self._name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"
        self._folder = folder

    @property
    def cache_path(self) -> str:
        """Folder of the files."""
        return str(self._folder)

    def _file(self, signature: object, codegen: Any) -> Path:
        key = repr((signature, codegen.magic_tuple()))
        return self._folder / f"{self._name}.{hashlib.sha256(key.encode()).hexdigest()[:24]}{SUFFIX}"

    def load_overload(self, signature: object, target_context: Any) -> Any:
        """Compiled form of a signature; None if there is none or it cannot be read."""
        target_context.refresh()
        try:
            stored = pickle.loads(self._file(signature, target_context.codegen()).read_bytes())
        except (OSError, EOFError, pickle.UnpicklingError):
            return None
        return CompileResult._rebuild(target_context, *stored)

    def save_overload(self, signature: object, compiled: Any) -> None:
        """Store the compiled form of a signature; a cache that cannot take it is left as it is."""
        if compiled.library.has_dynamic_globals or any(not part.can_cache for part in compiled.lifted):
            return
        path = self._file(signature, compiled.codegen)
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=f".{self._name}.", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(dumps(compiled._reduce()))
            os.replace(temporary, path)  # noqa: PTH105 - atomic on the same folder
        except OSError:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)

    def flush(self) -> None:
        """Nothing is kept in memory."""

    def enable(self) -> None:
        """The cache is always on; numba may ask for it."""
