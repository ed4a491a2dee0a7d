"""Stored kernels run without numba: importing numba and its cache costs more than a short tracking run.

The machine code that numba has stored holds everything that a call needs, the conversion of Python arguments
included. What is left is to load it (llvmlite) and to give it the addresses of numba's C helpers, which are
compiled modules that can be loaded without the package. This leans on how numba lays out its objects, so it is
done only for the versions of numba on which the tests have been run (`TESTED`); everything else, any kind of
argument that is not listed here and any error while loading goes the usual way through numba, with the same code
and the same results. ``STORMTRACK_NATIVE=0`` switches it off.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.machinery
import importlib.util
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

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
        constants = [(e.env_name, list(e.consts)) for e in environments]
        return pickle.dumps((names.llvm_cpython_wrapper_name, constants, code))
    except (TypeError, ValueError, AttributeError, pickle.PicklingError):
        return None


_unpickled_constants: dict[int, Any] = {}


def _unpickled(address: int, size: int, _hash: int) -> Any:
    """Constants that compiled code keeps pickled (the types of arrays that it returns)."""
    if address not in _unpickled_constants:
        _unpickled_constants[address] = pickle.loads(ctypes.string_at(address, size))
    return _unpickled_constants[address]


class Machine:
    """Loads stored kernels; one for the process.

    Attributes
    ----------
    processor : str
        Name and features of the processor, for which code is compiled.
    """

    def __init__(self, package: Path) -> None:
        import llvmlite.binding as llvm

        self._llvm, self._package = llvm, package
        self.processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
        for prefix, name in (("numba_", "numba._helperlib"), ("NRT_", "numba.core.runtime._nrt_python")):
            for symbol, address in self._extension(name).c_helpers.items():
                llvm.add_symbol(symbol if symbol.startswith("_") else prefix + symbol, address)
        signature = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._unpickle = signature(_unpickled)
        llvm.add_symbol("numba_unpickle", ctypes.cast(self._unpickle, ctypes.c_void_p).value)
        self._functions = self._extension("numba._dynfunc")
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_triple(llvm.get_process_triple())
        self._target = target.create_target_machine(opt=3, jit=True, reloc="default")

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

    def load(self, name: str, description: bytes) -> Callable[..., Any]:
        """A callable kernel from its description."""
        wrapper, environments, code = pickle.loads(description)
        engine = self._llvm.create_mcjit_compiler(self._llvm.parse_assembly(""), self._target)
        engine.add_object_file(self._llvm.ObjectFileRef.from_data(code))
        engine.finalize_object()
        made = []
        for symbol, constants in environments:
            environment = self._functions.Environment({})
            environment.consts[:] = constants
            made.append(environment)
            address = engine.get_global_value_address(symbol)
            if address:
                ctypes.c_void_p.from_address(address).value = id(environment)
        entry: Callable[..., Any] = self._functions.make_function(
            sys.modules[__name__], name, "", engine.get_function_address(wrapper), made[0], (engine, *made)
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
    if found is None or found.origin is None or switched_off or "numba" in sys.modules:
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
        description = _path(folder, name, mark, loader.processor).read_bytes()
        with _lock:
            return loader.load(name, description)
    except (OSError, EOFError, pickle.UnpicklingError, RuntimeError, ValueError, TypeError, IndexError, AttributeError):
        return None


def store(folder: Path, name: str, mark: Fingerprint, description: bytes) -> None:
    """Keep a description for later processes; a cache that cannot take it is left as it is."""
    import llvmlite.binding as llvm

    processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    write_whole(_path(folder, name, mark, processor), description)


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


def _path(folder: Path, name: str, mark: Fingerprint, processor: str) -> Path:
    digest = hashlib.sha256(f"{mark!r}\n{processor}".encode()).hexdigest()[:24]
    return folder / f"{name}.{digest}{SUFFIX}"
