"""The one place that says how kernels are compiled and where their machine code is cached.

Numerics: no fast-math, no FMA contraction, C division semantics (``error_model='numpy'``), GIL released.
Start-up: a kernel is a `Kernel` until it is called; only then is numba's dispatcher made (declaring hundreds of them
costs more than a short run). A kernel found in the cache needs no dispatcher for the kernels that it calls, and mostly
none of its own: its code is loaded without numba (`_native`).
Cache: machine code lies under ``$STORMTRACK_CACHE_DIR`` (else ``$NUMBA_CACHE_DIR``, else
``$XDG_CACHE_HOME/stormtrack`` or ``~/.cache/stormtrack``), in a folder named after the state of the kernel's own
source folder and of this one, because numba alone would not notice a changed callee. A kernel therefore calls
kernels of its own folder and of ``stormtrack.kernels`` only. What lies there is executed, so a folder that somebody
else owns or may write to is never used, and without a home folder there is none. A cache that cannot be used is not
an error: the kernels are then compiled in every process.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar

from . import _marks, _native

F = TypeVar("F", bound=Callable[..., Any])

CODE_SUFFIX = ".nbc"
_SHARED = Path(__file__).parent
_OWNER_ONLY = 0o700
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def cache_root() -> Path | None:
    """Folder that holds all compiled kernels (not necessarily existing or writable); None: there is no place for it."""
    for name in ("STORMTRACK_CACHE_DIR", "NUMBA_CACHE_DIR"):
        if os.environ.get(name):
            return Path(os.environ[name])
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "stormtrack"
    home = os.environ.get("HOME")
    return Path(home) / ".cache" / "stormtrack" if home else None


def _is_ours_alone(folder: Path) -> bool:
    """Whether nobody but this user and root can put files into an existing folder, or replace it or one above it."""
    own = os.geteuid()
    folder = folder.resolve()
    about = folder.stat()
    if about.st_uid != own or about.st_mode & _OTHERS_MAY_WRITE:
        return False
    for above in folder.parents:
        about = above.stat()
        replaceable = about.st_mode & _OTHERS_MAY_WRITE and not about.st_mode & stat.S_ISVTX
        if about.st_uid not in (own, 0) or replaceable:
            return False
    return True


def _state(folder: Path) -> str:
    files = (entry for entry in os.scandir(folder) if entry.name.endswith(".py"))
    return "\n".join(sorted(f"{f.name}:{f.stat().st_size}:{f.stat().st_mtime_ns}" for f in files))


@functools.cache
def _numba_state() -> str:
    """What tells one installation of numba from another, without importing it."""
    found = importlib.util.find_spec("numba")
    if found is None or found.origin is None:
        return ""
    version = Path(found.origin).with_name("_version.py")
    file = (version if version.exists() else Path(found.origin)).stat()
    return f"{found.origin}:{file.st_size}:{file.st_mtime_ns}"


@functools.cache
def cache_folder(package_folder: Path) -> Path | None:
    """Cache folder of the kernels of `package_folder`; ``None`` if there is none that this user alone writes."""
    root = cache_root()
    if root is None:
        return None
    text = f"{_numba_state()}\n{sys.version}\n{_state(package_folder)}\n{_state(_SHARED)}"
    folder = root / f"{package_folder.name}-{_native.short_hash(text)}"
    try:
        for new in (*reversed(root.parents), root, folder):
            new.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        usable = _is_ours_alone(folder) and os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        return None
    return folder if usable else None


def compilation_notice() -> str | None:
    """What to tell a user whose next run compiles kernels, None when the cache is warm."""
    package = _SHARED.parent
    folders = [cache_folder(package / part) for part in ("detect", "link", "grid")]
    if None in folders:
        return (
            f"the kernel cache {cache_root() or '(no HOME)'} cannot be written, or others than you may write to it: "
            "kernels are compiled in every run (about two minutes); set STORMTRACK_CACHE_DIR to a folder of your own"
        )
    if all(any(folder.glob(f"*{CODE_SUFFIX}")) for folder in folders if folder is not None):
        return None
    return (
        f"compiling kernels on first use (once, about two minutes of processor time); they are kept in {cache_root()}"
    )


def kernel_name(function: Callable[..., Any]) -> str:
    """Name of a kernel in its cache folder."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"


class Kernel:
    """A function that is compiled when it is first called.

    Parameters
    ----------
    function : callable
        Python source of the kernel.
    counts_references : bool
        See `lean_kernel`.

    Attributes
    ----------
    py_func : callable
        The same, for tests.
    """

    def __init__(self, function: Callable[..., Any], *, counts_references: bool = True) -> None:
        self.py_func = function
        self._counts_references = counts_references
        self._compiled: Any = None
        self._entries: dict[bytes | None, Callable[..., Any]] = {}
        self._kinds: list[_native.Fingerprint] = []  # keeps classes alive that marks name by their address
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        mark = _marks.mark(arguments)
        entry = self._entries.get(mark)
        return self._first(mark, arguments) if entry is None else entry(*arguments)

    def _first(self, mark: bytes | None, arguments: tuple[Any, ...]) -> Any:
        """Call with arguments of a kind not met before: stored code where it can be had, else numba."""
        folder = cache_folder(Path(self.py_func.__code__.co_filename).parent)
        name = kernel_name(self.py_func)
        kind = None if mark is None else _native.fingerprint(arguments)
        if kind is not None:
            self._kinds.append(kind)
        entry = None if folder is None or kind is None else _native.load(folder, name, kind)
        if entry is not None:
            self._entries[mark] = entry
            return entry(*arguments)
        compiled = self.dispatcher()
        result = compiled(*arguments)
        description = getattr(compiled._cache, "description", None)
        if folder is not None and kind is not None and description is not None:
            _native.store(folder, name, kind, description)
            compiled._cache.description = None
        self._entries[mark] = compiled
        return result

    def dispatcher(self) -> Any:
        """Numba's dispatcher of the kernel."""
        if self._compiled is None:
            from ._compiling import make_dispatcher

            folder = cache_folder(Path(self.py_func.__code__.co_filename).parent)
            self._compiled = make_dispatcher(self.py_func, folder, counts_references=self._counts_references)
        return self._compiled


def give_dispatchers(function: Callable[..., Any]) -> None:
    """Put numba's dispatchers in the place of the kernels that `function` names, because it is to be compiled."""
    names: set[str] = set()
    codes: list[CodeType] = [function.__code__]
    while codes:
        code = codes.pop()
        names |= set(code.co_names)
        codes += [c for c in code.co_consts if isinstance(c, CodeType)]
    namespace = function.__globals__
    for name in names & namespace.keys():
        if isinstance(namespace[name], Kernel):
            namespace[name] = namespace[name].dispatcher()


def kernel(function: F) -> F:
    """Declare a kernel: compiled on its first call under the policy of this module."""
    declared: Any = Kernel(function)
    result: F = declared
    return result


def lean_kernel(function: F) -> F:
    """Declare a kernel that makes no array and calls nothing that returns one: it is compiled without the counting of
    references to arrays, which can cost more than the work (atomic operations at every use of a tuple of arrays).
    """
    declared: Any = Kernel(function, counts_references=False)
    result: F = declared
    return result
