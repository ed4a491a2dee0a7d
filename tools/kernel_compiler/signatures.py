"""What a kernel takes and gives, from its annotations."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numba import types

SCALARS: dict[Any, types.Type] = {
    bool: types.boolean,
    int: types.int64,
    float: types.float64,
    np.int32: types.int32,
    np.int8: types.int8,
    np.uint8: types.uint8,
    np.float32: types.float32,
}
RESULTS = {bool: "BOOLEAN", int: "INTEGER", float: "REAL"}
MOST_ARGUMENTS = 8


class DeclarationError(Exception):
    """A kernel is declared in a way that cannot be compiled."""


@dataclass(frozen=True)
class Parameter:
    """A parameter, or a field of a group.

    Attributes
    ----------
    name : str
        As messages show it: ``memory.cost``.
    numba : numba type
        Its type.
    fields : tuple of Parameter
        Of a group (a named tuple); empty otherwise.
    """

    name: str
    numba: Any
    fields: tuple[Parameter, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether it is a named tuple."""
        return isinstance(self.numba, types.NamedTuple)

    @property
    def is_array(self) -> bool:
        """Whether it is an array."""
        return isinstance(self.numba, types.Array)

    def flat(self) -> Iterator[Parameter]:
        """Itself and its fields, depth first."""
        yield self
        for field in self.fields:
            yield from field.flat()


@dataclass(frozen=True)
class Signature:
    """Parameters and kinds of results (names of C's ``enum result``)."""

    parameters: tuple[Parameter, ...]
    results: tuple[str, ...]

    def flat(self) -> Iterator[Parameter]:
        """All parameters and their fields."""
        for parameter in self.parameters:
            yield from parameter.flat()


def signature_of(function: Callable[..., Any]) -> Signature:
    """Read the annotations of a kernel."""
    hints = typing.get_type_hints(function)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    missing = {*names, "return"} - hints.keys()
    if missing:
        raise DeclarationError(f"{function.__module__}.{function.__name__}: no type for {', '.join(sorted(missing))}")
    if len(names) > MOST_ARGUMENTS:
        raise DeclarationError(
            f"{function.__module__}.{function.__name__}: {len(names)} arguments; at most {MOST_ARGUMENTS}: "
            "group related arrays in a named tuple"
        )
    where = f"{function.__module__}.{function.__name__}"
    parameters = tuple(_parameter(name, hints[name], where) for name in names)
    return Signature(parameters, _results(hints["return"], where))


def _parameter(name: str, hint: Any, where: str) -> Parameter:
    if hint in SCALARS:
        return Parameter(name, SCALARS[hint])
    if typing.get_origin(hint) is np.ndarray:
        shape, element = typing.get_args(hint)
        lengths = typing.get_args(shape)
        if set(lengths) == {int}:  # any other is of unknown rank
            dtype = numba.from_dtype(np.dtype(typing.get_args(element)[0]))
            return Parameter(name, types.Array(dtype, len(lengths), "C"))
    if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
        of_fields = typing.get_type_hints(hint)
        fields = tuple(_parameter(f"{name}.{field}", of_fields[field], where) for field in hint._fields)
        return Parameter(name, types.NamedTuple([field.numba for field in fields], hint), fields)
    raise DeclarationError(f"{where}, {name}: {hint} is neither a scalar, an array of known rank nor a named tuple")


def _results(hint: Any, where: str) -> tuple[str, ...]:
    if hint is type(None):
        return ()
    hints = typing.get_args(hint) if typing.get_origin(hint) is tuple else (hint,)
    if any(each not in RESULTS for each in hints):
        raise DeclarationError(f"{where} returns {hint}; allowed: nothing, bool, int, float, or a tuple of these")
    return tuple(RESULTS[each] for each in hints)
