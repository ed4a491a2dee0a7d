"""From the Python sources of a folder to machine code."""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numba
from numba.core.compiler_lock import global_compiler_lock

from .entries import add_entries, written_arrays
from .signatures import Signature, signature_of
from .tables import Row, table_text
from .target import PREFIX, Context, OptimisedLibrary, dispatcher, optimised, prepare

ALLOWED_FOREIGN = {
    *("acos", "asin", "atan", "atan2", "cos", "sin", "sincos", "tan", "exp", "log", "log10", "pow", "sqrt"),
    *("acosf", "asinf", "atanf", "atan2f", "cosf", "sinf", "sincosf", "tanf", "expf", "logf", "log10f", "powf"),
    *("floor", "floorf", "ceil", "ceilf", "trunc", "truncf", "rint", "rintf", "fmod", "fmodf", "round", "roundf"),
    *("memset", "memcpy", "memmove", "_GLOBAL_OFFSET_TABLE_"),
}
"""What compiled kernels may call: the C library. (No vector versions of its functions, whose last bits differ.)"""


class CompilationError(Exception):
    """The folder cannot be compiled."""


FEATURES = {"baseline": "", "avx2": "+avx2"}
"""Versions of the code: LLVM's features beyond those of any processor of the architecture. Never `+fma`: bits do not
depend on it, because nothing is contracted, but they shall not depend on that alone."""
BASELINE = "baseline"


@dataclass(frozen=True)
class Compiled:
    """Object files by version, C table, and all files they depend on."""

    code: dict[str, bytes]
    table: str
    files: tuple[Path, ...]


def compile_folder(root: Path, folder: str, versions: tuple[str, ...]) -> Compiled:
    """Compile the kernels of ``root / "stormtrack" / folder``; the first version is the baseline."""
    context = prepare()
    kernels: dict[str, Callable[..., Any]] = {}
    _import_kernels(root, folder, kernels)
    with global_compiler_lock:
        linked, signatures = _linked(context, folder, kernels)
        libraries = {version: optimised(_version(linked, version), FEATURES[version]) for version in versions}
        code = {version: library.emit_native_object() for version, library in libraries.items()}
    for library in libraries.values():
        _check_foreign_symbols(library)
        _check_arithmetic(library.get_llvm_str())
    rows = [
        Row(name, signature, written_arrays(libraries[BASELINE], name, BASELINE, signature), versions)
        for name, signature in signatures.items()
    ]
    package = root / "stormtrack"
    files = sorted(
        Path(module.__file__)
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "stormtrack" and getattr(module, "__file__", None)
    )
    own = [file for file in files if file.parent in (package / folder, package / "kernels")]
    digests = {file.relative_to(package).as_posix(): digest(file) for file in own}
    generator = sorted(Path(__file__).parent.glob("*.py"))
    return Compiled(code, table_text(folder, rows, digests), (*files, *generator))


def digest(file: Path) -> str:
    """What tells one state of a source file from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _import_kernels(root: Path, folder: str, kernels: dict[str, Callable[..., Any]]) -> None:
    """Import all modules of the folder that declare kernels; they appear in `kernels`, by name."""
    declare = importlib.import_module("stormtrack.kernels.declare")

    def made(function: Callable[..., Any], exported: bool) -> Any:
        name = declare.kernel_name(function)
        if exported and name.partition(".")[0] == folder:
            kernels[name] = function
        return dispatcher(function)

    declare.set_maker(made)
    _without_contents(root, folder)
    for file in sorted((root / "stormtrack" / folder).glob("*.py")):
        if re.search(r"^@(kernel|helper)$", file.read_text(), re.M):
            importlib.import_module(f"stormtrack.{folder}.{file.stem}")


def _without_contents(root: Path, folder: str) -> None:
    """Put a package without contents in the place of the folder's: what it imports need not be there yet."""
    package = ModuleType(f"stormtrack.{folder}")
    package.__path__ = [str(root / "stormtrack" / folder)]
    sys.modules[package.__name__] = package


def _linked(context: Context, folder: str, kernels: dict[str, Callable[..., Any]]) -> tuple[str, dict[str, Signature]]:
    """LLVM's text of all kernels with what they call, and their signatures."""
    library = context.codegen().create_library(folder)
    signatures: dict[str, Signature] = {}
    for name, function in kernels.items():
        signatures[name] = signature_of(function)
        dispatched = getattr(sys.modules[function.__module__], function.__name__)
        arguments = tuple(parameter.numba for parameter in signatures[name].parameters)
        try:
            dispatched.compile(arguments)
            made = dispatched.overloads[arguments]
        except numba.core.errors.NumbaError as error:
            raise CompilationError(f"kernel {name}: {error}") from None
        library.add_linking_library(made.library)
        add_entries(context, library, name, BASELINE, made, signatures[name])
    library.finalize()
    return library.get_llvm_str(), signatures


def _version(code: str, version: str) -> str:
    """The same with other names for what C calls."""
    return re.sub(rf"\b({PREFIX}\w+_){BASELINE}(_inner)?\b", rf"\g<1>{version}\g<2>", code)


def _check_arithmetic(code: str) -> None:
    """No operation may be free to round otherwise: no flags of fast-math, nothing contracted."""
    found = re.search(r"= f\w+ (fast|nnan|ninf|nsz|arcp|contract|afn|reassoc)\b.*|.*@llvm\.(fma|fmuladd)\..*", code)
    if found:
        raise CompilationError(f"compiled kernels have arithmetic that depends on the processor: {found[0].strip()}")


def _check_foreign_symbols(library: OptimisedLibrary) -> None:
    module = library._final_module
    foreign = {
        item.name
        for item in (*module.functions, *module.global_variables)
        if item.is_declaration and not item.name.startswith("llvm.")
    }
    wrong = foreign - ALLOWED_FOREIGN
    if wrong:
        raise CompilationError(f"compiled kernels call {sorted(wrong)}; allowed: functions of the C library")
