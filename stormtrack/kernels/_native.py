"""Stored kernels run without numba and LLVM: importing them costs more than a short tracking run.

The machine code that numba has stored holds everything that a call needs, the conversion of Python arguments
included. What is left is to put it into memory (`_image`) and to give it the addresses of numba's C helpers, which
are compiled modules that can be loaded without the package. This leans on how numba lays out its objects, so it is
done only for the versions of numba on which the tests have been run (`TESTED`), on Linux and x86-64; everything else,
any kind of argument that is not listed here and any error while loading goes the usual way through numba, with the
same code and the same results. ``STORMTRACK_NATIVE=0`` switches it off.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.machinery
import importlib.util
import mmap
import os
import pickle
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ._image import Image, link

try:
    from _blake2 import blake2b  # what hashlib offers, without loading OpenSSL
except ImportError:
    from hashlib import blake2b

TESTED = ("0.68",)
"""Versions of numba whose stored code is loaded directly."""

SUFFIX = ".native"
_LAYOUT_FLAGS = 0x503
"""C order, Fortran order, aligned, writable."""
_RANK_SHIFT = 16
_SCALARS = frozenset(
    {type(None), int, float, bool, np.bool_, np.float32, np.float64, np.int32, np.int64, np.uint8, np.int8}
)
_OVERRIDES = ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "NUMBA_DISABLE_JIT", "NUMBA_OPT")
_lock = threading.RLock()

Fingerprint = tuple[Any, ...]


def fingerprint(arguments: tuple[Any, ...]) -> Fingerprint | None:
    """What decides the compiled signature; None if some argument is not of a kind known here."""
    marks: list[Any] = []
    add = marks.append
    for argument in arguments:
        kind = type(argument)
        if kind is np.ndarray:
            add(argument.dtype)
            add(argument.ndim << _RANK_SHIFT | argument.flags.num & _LAYOUT_FLAGS)
        elif kind in _SCALARS:
            add(kind)
        elif isinstance(argument, tuple):
            inner = fingerprint(argument)
            if inner is None:
                return None
            add(kind)
            add(inner)
        else:
            return None
    return tuple(marks)


def describe(stored: tuple[Any, ...]) -> bytes | None:
    """What `Machine.load` needs, from numba's stored form of a compiled kernel; None if it cannot be had."""
    try:
        (_, kind, (code, _)), names, *_, environments = stored
        if kind != "object":
            return None
        wrapper = names.llvm_cpython_wrapper_name
        constants = [(e.env_name, list(e.consts)) for e in environments]
        image, places = link(code, (wrapper, *(name for name, _ in constants)))
        environments = [(places.get(name), values) for name, values in constants]
        return pickle.dumps((places[wrapper], environments, tuple(image)))
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, struct.error, pickle.PicklingError):
        return None


_unpickled_constants: dict[int, Any] = {}


def _unpickled(address: int, size: int, _hash: int) -> Any:
    """Constants that compiled code keeps pickled (the types of arrays that it returns)."""
    if address not in _unpickled_constants:
        _unpickled_constants[address] = pickle.loads(ctypes.string_at(address, size))
    return _unpickled_constants[address]


class Machine:
    """Loads stored kernels; one for the process."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._process = ctypes.CDLL(None)
        self._addresses: dict[str, int] = {}
        for prefix, name in (("numba_", "numba._helperlib"), ("NRT_", "numba.core.runtime._nrt_python")):
            for symbol, address in self._extension(name).c_helpers.items():
                self._addresses[symbol if symbol.startswith("_") else prefix + symbol] = address
        signature = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._unpickle = signature(_unpickled)
        self._addresses["numba_unpickle"] = ctypes.cast(self._unpickle, ctypes.c_void_p).value or 0
        self._functions = self._extension("numba._dynfunc")

    def _extension(self, name: str) -> Any:
        """A compiled module of numba, loaded without its package."""
        stem = self._package.joinpath(*name.split(".")[1:])
        files = (Path(f"{stem}{suffix}") for suffix in importlib.machinery.EXTENSION_SUFFIXES)
        spec = importlib.util.spec_from_file_location(name, next(file for file in files if file.exists()))
        if spec is None or spec.loader is None:
            raise ImportError(name)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def _address_of(self, name: str) -> int:
        """Address of a helper of numba, or of a function or variable of Python and the C library."""
        if name not in self._addresses:
            self._addresses[name] = ctypes.addressof(ctypes.c_char.in_dll(self._process, name))
        return self._addresses[name]

    def _make_executable(self, address: int, size: int) -> None:
        made = self._process.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), mmap.PROT_READ | mmap.PROT_EXEC)
        if made != 0:
            raise OSError("this system does not let memory become executable")

    def load(self, name: str, description: bytes) -> Callable[..., Any]:
        """A callable kernel from its description."""
        wrapper, environments, image = pickle.loads(description)
        made, pointers = [], {}
        for place, constants in environments:
            environment = self._functions.Environment({})
            environment.consts[:] = constants
            made.append(environment)
            if place is not None:
                pointers[place] = id(environment)
        base, memory = Image(*image).load(self._address_of, self._make_executable, pointers)
        entry: Callable[..., Any] = self._functions.make_function(
            sys.modules[__name__], name, "", base + wrapper, made[0], (memory, *made)
        )
        return entry


_machine: Machine | None = None
_refused = False


def machine() -> Machine | None:
    """The loader, None where stored code is not loaded directly."""
    global _machine, _refused
    with _lock:
        if _machine is None and not _refused:
            try:
                _machine = _start()
            except (ImportError, OSError, StopIteration, RuntimeError, AttributeError):
                _machine = None
            _refused = _machine is None
    return _machine


def _start() -> Machine | None:
    found = importlib.util.find_spec("numba")
    switched_off = os.environ.get("STORMTRACK_NATIVE") == "0" or any(name in os.environ for name in _OVERRIDES)
    if found is None or found.origin is None or switched_off or not processor() or "numba" in sys.modules:
        return None
    package = Path(found.origin).parent
    version = (package / "_version.py").read_text()
    if not any(f"'{tested}." in version or f'"{tested}.' in version for tested in TESTED):
        return None
    return Machine(package)


def load(folder: Path, name: str, mark: Fingerprint) -> Callable[..., Any] | None:
    """Stored kernel for arguments of this kind; None if there is none that can be loaded."""
    loader = machine()
    if loader is None:
        return None
    try:
        description = _path(folder, name, mark).read_bytes()
        with _lock:
            return loader.load(name, description)
    except (OSError, EOFError, pickle.UnpicklingError, RuntimeError, ValueError, TypeError, IndexError, AttributeError):
        return None


def store(folder: Path, name: str, mark: Fingerprint, description: bytes) -> None:
    """Keep a description for later processes; a cache that cannot take it is left as it is."""
    if processor():
        write_whole(_path(folder, name, mark), description)


@functools.cache
def processor() -> str:
    """Model and abilities of the processor, for which code is compiled; empty where stored code is not loaded."""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return ""
    told: dict[str, str] = {}
    try:
        with Path("/proc/cpuinfo").open() as lines:
            for line in lines:
                if not line.strip():  # one processor speaks for all
                    break
                key, _, value = line.partition(":")
                told[key.strip()] = value.strip()
    except OSError:
        return ""
    keys = ("vendor_id", "cpu family", "model", "stepping", "flags")
    return "\n".join(told[key] for key in keys) if all(key in told for key in keys) else ""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that appears complete or not at all; failures are not reported."""
    import tempfile

    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)  # noqa: PTH105 - atomic on the same folder
    except OSError:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _path(folder: Path, name: str, mark: Fingerprint) -> Path:
    digest = short_hash(f"{mark!r}\n{processor()}")
    return folder / f"{name}.{digest}{SUFFIX}"


def short_hash(text: str) -> str:
    """Digest for the names of files."""
    return blake2b(text.encode(), digest_size=12).hexdigest()
