"""The one place that says how kernels are compiled and where their machine code is cached.

Numerics: no fast-math, no FMA contraction, C division semantics (``error_model='numpy'``), GIL released.
Cache: machine code lies under ``$STORMTRACK_CACHE_DIR`` (else ``$NUMBA_CACHE_DIR``, else
``$XDG_CACHE_HOME/stormtrack`` or ``~/.cache/stormtrack``), in a folder named after the state of the kernel's own
source folder and of this one, because numba alone would not notice a changed callee. A kernel therefore calls
kernels of its own folder and of ``stormtrack.kernels`` only. A cache that cannot be written is not an error: the
kernels are then compiled in every process.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numba.np.linalg

from ._cache import SUFFIX, KernelCache

F = TypeVar("F", bound=Callable[..., Any])

_SHARED = Path(__file__).parent


def cache_root() -> Path:
    """Folder that holds all compiled kernels (not necessarily existing or writable)."""
    for name in ("STORMTRACK_CACHE_DIR", "NUMBA_CACHE_DIR"):
        if os.environ.get(name):
            return Path(os.environ[name])
    base = os.environ.get("XDG_CACHE_HOME")
    home = Path(os.environ.get("HOME") or tempfile.gettempdir())
    return (Path(base) if base else home / ".cache") / "stormtrack"


def _state(folder: Path) -> str:
    lines = sorted(f"{f.name}:{f.stat().st_size}:{f.stat().st_mtime_ns}" for f in folder.glob("*.py"))
    return "\n".join(lines)


@functools.cache
def cache_folder(package_folder: Path) -> Path | None:
    """Cache folder of the kernels defined in `package_folder`; ``None`` if nothing can be written there."""
    text = f"{numba.__version__}\n{_state(package_folder)}\n{_state(_SHARED)}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    folder = cache_root() / f"{package_folder.name}-{digest}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return None
    return folder


def compilation_notice() -> str | None:
    """What to tell a user whose next run compiles kernels, None when the cache is warm."""
    package = _SHARED.parent
    folders = [cache_folder(package / part) for part in ("detect", "link", "grid")]
    if None in folders:
        return (
            f"the kernel cache {cache_root()} cannot be written: kernels are compiled in every run (about a minute); "
            "set STORMTRACK_CACHE_DIR to a folder that can"
        )
    if all(any(folder.glob(f"*{SUFFIX}")) for folder in folders if folder is not None):
        return None
    return f"compiling kernels on first use (once, up to a minute); they are kept in {cache_root()}"


def _refuse_linear_algebra() -> None:
    raise ImportError("kernels use no linear algebra")


# Numba would import scipy.linalg (0.1 s at every start) in order to offer np.dot and the like, which no kernel uses:
# sums have a prescribed order here.
numba.np.linalg.ensure_blas = _refuse_linear_algebra


def kernel(function: F) -> F:
    """Compile `function` on its first call under the policy of this module."""
    compiled: Any = numba.njit(function, nogil=True, fastmath=False, error_model="numpy")
    folder = cache_folder(Path(function.__code__.co_filename).parent)
    if folder is not None and not getattr(numba.config, "DISABLE_JIT", 0):
        compiled._cache = KernelCache(function, folder)
    result: F = compiled
    return result
