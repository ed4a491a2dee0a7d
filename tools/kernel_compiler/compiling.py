"""From the Python sources of a folder to machine code."""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
from numba.core.compiler_lock import global_compiler_lock

from .entries import add_entries, written_arrays
from .signatures import Signature, signature_of
from .tables import Row, table_text
from .target import Context, Library, dispatcher, prepare

ALLOWED_FOREIGN = {
    *("acos", "asin", "atan", "atan2", "cos", "sin", "sincos", "tan", "exp", "log", "log10", "pow", "sqrt"),
    *("acosf", "asinf", "atanf", "atan2f", "cosf", "sinf", "sincosf", "tanf", "expf", "logf", "log10f", "powf"),
    *("floor", "floorf", "ceil", "ceilf", "trunc", "truncf", "rint", "rintf", "fmod", "fmodf", "round", "roundf"),
    *("memset", "memcpy", "memmove", "_GLOBAL_OFFSET_TABLE_"),
}
"""What compiled kernels may call: the C library. (No vector versions of its functions, whose last bits differ.)"""


class CompilationError(Exception):
    """The folder cannot be compiled."""


@dataclass(frozen=True)
class Compiled:
    """Object file, C table, and all files they depend on."""

    code: bytes
    table: str
    files: tuple[Path, ...]


def compile_folder(root: Path, folder: str, processor: str) -> Compiled:
    """Compile the kernels of ``root / "stormtrack" / folder``."""
    context = prepare(processor)
    kernels: dict[str, Callable[..., Any]] = {}
    _import_kernels(root, folder, kernels)
    with global_compiler_lock:
        library, rows = _compiled_rows(context, folder, kernels)
        code = library.emit_native_object()
    _check_foreign_symbols(library)
    package = root / "stormtrack"
    files = sorted(
        Path(module.__file__)
        for name, module in sys.modules.items()
        if name.partition(".")[0] == "stormtrack" and module.__file__
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
    for file in sorted((root / "stormtrack" / folder).glob("*.py")):
        if re.search(r"^@(kernel|helper)$", file.read_text(), re.M):
            importlib.import_module(f"stormtrack.{folder}.{file.stem}")


def _compiled_rows(context: Context, folder: str, kernels: dict[str, Callable[..., Any]]) -> tuple[Library, list[Row]]:
    library = context.codegen().create_library(folder)
    library.whole = True
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
        add_entries(context, library, name, "baseline", made, signatures[name])
    library.finalize()
    rows = [
        Row(name, signature, written_arrays(library, name, "baseline", signature), ("baseline",))
        for name, signature in signatures.items()
    ]
    return library, rows


def _check_foreign_symbols(library: Library) -> None:
    module = library._final_module
    foreign = {
        item.name
        for item in (*module.functions, *module.global_variables)
        if item.is_declaration and not item.name.startswith("llvm.")
    }
    wrong = foreign - ALLOWED_FOREIGN
    if wrong:
        raise CompilationError(f"compiled kernels call {sorted(wrong)}; allowed: functions of the C library")
