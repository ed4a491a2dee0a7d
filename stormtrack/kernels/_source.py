"""Kernels as Python, with the results of their compiled form: for debugging, and where nothing is compiled.

Numba types what Python leaves open: literals are float64, ``math.acos`` of a float32 is the C library's ``acosf``, a
division by zero gives infinity. A kernel is therefore run as a copy whose literals, globals and library functions are
of these types; the source itself, line for line, is what a debugger sees.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import math
import typing
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_ONE_ARGUMENT = ("acos", "asin", "atan", "cos", "exp", "log", "log10", "sin", "sqrt", "tan")
_TWO_ARGUMENTS = ("atan2", "pow")
_PARAMETERS: dict[Any, Callable[[Any], Any]] = {
    bool: bool,
    int: np.int64,
    float: np.float64,
    np.float32: np.float32,
    np.int8: np.int8,
    np.uint8: np.uint8,
    np.int32: np.int32,
}


@functools.cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("m"))


def _c_function(name: str, n_arguments: int) -> Callable[..., Any]:
    """A function of the C library, of float32 for float32 and of float64 for everything else."""
    wide, narrow = getattr(_c_library(), name), getattr(_c_library(), f"{name}f")
    wide.argtypes, wide.restype = [ctypes.c_double] * n_arguments, ctypes.c_double
    narrow.argtypes, narrow.restype = [ctypes.c_float] * n_arguments, ctypes.c_float

    def function(*arguments: Any) -> Any:
        if all(isinstance(argument, np.float32) for argument in arguments):
            return np.float32(narrow(*map(float, arguments)))
        return np.float64(wide(*map(float, arguments)))

    return function


@functools.cache
def _mathematics() -> ModuleType:
    """Stands for `math`."""
    module = ModuleType("math")
    for names, count in ((_ONE_ARGUMENT, 1), (_TWO_ARGUMENTS, 2)):
        for name in names:
            setattr(module, name, _c_function(name, count))
    module.floor, module.ceil, module.pi = math.floor, math.ceil, np.float64(math.pi)  # type: ignore[attr-defined]
    return module


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _typed_code(code: CodeType) -> CodeType:
    """The code with float64 for its literals."""
    constants = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            constant = _typed_code(constant)
        constants.append(np.float64(constant) if isinstance(constant, float) else constant)
    return code.replace(co_consts=tuple(constants))


def _typed(value: Any) -> Any:
    """A global of a kernel as compiled code takes it."""
    if value is math:
        return _mathematics()
    if type(value) is float:
        return np.float64(value)
    source = getattr(value, "__wrapped__", value)
    ours = isinstance(source, FunctionType) and source.__module__.startswith("stormtrack.")
    return typed_copy(source) if ours else value


@functools.cache
def typed_copy(function: FunctionType) -> FunctionType:
    """The function with the types of its compiled form, and so for those that it calls."""
    namespace = dict(function.__globals__)
    copy = FunctionType(_typed_code(function.__code__), namespace, function.__name__, function.__defaults__)
    for name in set(_names(function.__code__)) & namespace.keys():
        namespace[name] = _typed(namespace[name])
    return copy


def _converted(value: Any, hint: Any) -> Any:
    if hint in _PARAMETERS:
        return _PARAMETERS[hint](value)
    if isinstance(value, tuple):
        hints = _hints(type(value))
        return type(value)(*(_converted(field, hints[name]) for name, field in zip(hint._fields, value, strict=True)))
    return value


@functools.cache
def _hints(of: Any) -> dict[str, Any]:
    return typing.get_type_hints(of)


def _given(result: Any) -> Any:
    """A result as compiled kernels return it."""
    if isinstance(result, tuple):
        return tuple(_given(part) for part in result)
    return result.item() if isinstance(result, np.generic) else result


class SourceKernel:
    """A kernel that runs its Python source.

    Parameters
    ----------
    function : function
        The source.
    """

    def __init__(self, function: FunctionType) -> None:
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any) -> Any:
        source = self.__wrapped__  # type: ignore[attr-defined]
        hints = _hints(source)
        converted = (
            _converted(a, hints[name]) for a, name in zip(arguments, source.__code__.co_varnames, strict=False)
        )
        with np.errstate(all="ignore"):
            return _given(typed_copy(source)(*converted))
