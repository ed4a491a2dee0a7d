"""The C table of a folder's kernels (see stormtrack/kernels/_compiled.h)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from numba import types

from .entries import slots_of, symbol
from .signatures import Parameter, Signature

TYPE_NUMBERS = {
    types.boolean: "NPY_BOOL",
    types.int8: "NPY_INT8",
    types.uint8: "NPY_UINT8",
    types.int32: "NPY_INT32",
    types.int64: "NPY_INT64",
    types.float32: "NPY_FLOAT32",
    types.float64: "NPY_FLOAT64",
}
MOST_SLOTS = 512
"""As in _compiled.h."""


@dataclass(frozen=True)
class Row:
    """A compiled kernel.

    Attributes
    ----------
    name : str
        ``linking.sweep.sweep_series``.
    signature : Signature
        What it takes and gives.
    written : set of str
        Names of the arrays that it may write to.
    versions : tuple of str
        Instruction sets it was compiled for.
    """

    name: str
    signature: Signature
    written: set[str]
    versions: tuple[str, ...]


def table_text(folder: str, rows: list[Row], digests: dict[str, str]) -> str:
    """C source of the table."""
    return "\n".join(_lines(folder, rows, digests)) + "\n"


def _lines(folder: str, rows: list[Row], digests: dict[str, str]) -> Iterator[str]:
    yield f"/* Generated: the kernels of stormtrack/{folder}. */"
    yield "#include <Python.h>"
    yield "#include <numpy/ndarraytypes.h>"
    yield '#include "_compiled.h"'
    for row in rows:
        for version in row.versions:
            yield f"extern int32_t {symbol(row.name, version)}(const slot *, slot *);"
    for number, row in enumerate(rows):
        yield from _block("const struct parameter", f"parameters_{number}", _parameters(row))
        yield from _block("const enum result", f"results_{number}", row.signature.results)
    yield from _block("const struct kernel", "kernels", [*_kernels(rows), "{0}"])
    texts = [f'"{text}"' for pair in digests.items() for text in pair]
    yield from _block("const char *const", "sources", [*texts, "NULL"])
    yield f'const struct kernel_folder kernels_of_{folder} = {{"{folder}", kernels, sources}};'


def _block(kind: str, name: str, items: Iterable[str]) -> Iterator[str]:
    yield f"static {kind} {name}[] = {{"
    yield from (f"    {item}," for item in (list(items) or ["0"]))
    yield "};"


def _parameters(row: Row) -> Iterator[str]:
    for parameter in row.signature.flat():
        yield "{" + ", ".join(_parameter(parameter, parameter.name in row.written)) + "}"


def _parameter(parameter: Parameter, written: bool) -> tuple[str, ...]:
    name = f'"{parameter.name}"'
    if parameter.is_group:
        return name, f'"{parameter.numba.instance_class.__name__}"', "GROUP", "0", str(len(parameter.fields)), "0"
    if parameter.is_array:
        number = TYPE_NUMBERS[parameter.numba.dtype]
        return name, "NULL", "ARRAY", number, str(parameter.numba.ndim), str(int(written))
    return name, "NULL", "SCALAR", TYPE_NUMBERS[parameter.numba], "0", "0"


def _kernels(rows: list[Row]) -> Iterator[str]:
    for number, row in enumerate(rows):
        n_slots = sum(slots_of(parameter) for parameter in row.signature.flat())
        if n_slots > MOST_SLOTS:
            raise ValueError(f"{row.name}: {n_slots} words of arguments; at most {MOST_SLOTS}")
        symbols = [symbol(row.name, version) for version in row.versions]
        yield (
            f'{{"{row.name}", {symbols[0]}, {symbols[1] if len(symbols) > 1 else "NULL"}, parameters_{number}, '
            f"{len(row.signature.parameters)}, {n_slots}, results_{number}, {len(row.signature.results)}}}"
        )
