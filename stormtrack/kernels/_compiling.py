"""Numba's part of the policy: dispatchers, and their machine code on disk.

Numba's own cache numbers the files of a kernel and keeps an index; two processes that compile different signatures
at the same moment can leave an index entry that points to the other's code. Here the name of a file follows from
the signature alone, and it appears complete or not at all.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from ._native import describe, short_hash, write_whole
from ._policy import CODE_SUFFIX, give_dispatchers, kernel_name


def _spare_linear_algebra() -> None:
    """Keep numba from importing scipy.linalg (0.1 s) before it compiles, in order to offer np.dot and the like.

    No kernel uses these: sums have a prescribed order here.
    """
    from numba.np import linalg

    def refuse() -> None:
        raise ImportError("kernels use no linear algebra")

    linalg.ensure_blas = refuse


def make_dispatcher(function: Callable[..., Any], folder: Path | None, *, counts_references: bool = True) -> Any:
    """Dispatcher of a kernel under the policy.

    Parameters
    ----------
    function : callable
        Python source of the kernel.
    folder : Path or None
        Where its machine code is kept; None: nowhere.
    counts_references : bool
        Whether the kernel may own arrays; False is for those that neither make nor receive any new one.
    """
    # Said for every kernel, because a callee that does not say so takes it from whoever has it compiled first.
    options: dict[str, Any] = {"_nrt": counts_references}
    compiled: Any = numba.njit(function, nogil=True, fastmath=False, error_model="numpy", **options)
    if not getattr(numba.config, "DISABLE_JIT", 0):
        compiled._cache = KernelCache(function, folder)
    return compiled


class KernelCache:
    """Stored signatures of one kernel, in the shape that numba's dispatcher expects of a cache.

    Parameters
    ----------
    function : callable
        The Python function of the kernel. The folder stands for its source, so only its name is used.
    folder : Path or None
        Existing folder; None: nothing is stored.

    Attributes
    ----------
    description : bytes or None
        What `_native.load` needs for the signature compiled or loaded last.
    """

    def __init__(self, function: Any, folder: Path | None) -> None:
        self._function = function
        self._name = kernel_name(function)
        self._folder = folder
        self.description: bytes | None = None

    @property
    def cache_path(self) -> str:
        """Folder of the files."""
        return str(self._folder)

    def _file(self, folder: Path, signature: object, codegen: Any) -> Path:
        key = repr((signature, codegen.magic_tuple()))
        return folder / f"{self._name}.{short_hash(key)}{CODE_SUFFIX}"

    def load_overload(self, signature: object, target_context: Any) -> Any:
        """Compiled form of a signature; None if there is none or it cannot be read: numba then compiles."""
        try:
            if self._folder is not None:
                file = self._file(self._folder, signature, target_context.codegen())
                stored = pickle.loads(file.read_bytes())
                # Machine code wants numba's memory routines, but none of the typing and lowering rules that
                # `target_context.refresh()` would import (0.1 s).
                rtsys.initialize(target_context)
                self.description = describe(stored)
                return CompileResult._rebuild(target_context, *stored)
        except (OSError, EOFError, pickle.UnpicklingError):
            pass
        _spare_linear_algebra()
        give_dispatchers(self._function)
        return None

    def save_overload(self, signature: object, compiled: Any) -> None:
        """Store the compiled form of a signature; a cache that cannot take it is left as it is."""
        dynamic = compiled.library.has_dynamic_globals or any(not part.can_cache for part in compiled.lifted)
        if dynamic or self._folder is None:
            return
        stored = compiled._reduce()
        self.description = describe(stored)
        write_whole(self._file(self._folder, signature, compiled.codegen), dumps(stored))

    def flush(self) -> None:
        """Nothing is kept in memory."""

    def enable(self) -> None:
        """The cache is always on; numba may ask for it."""
