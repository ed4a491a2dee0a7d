"""Functions that kernels call, compiled by numba in this process: Python itself calls kernels only.

The policy is that of the build (`tools/kernel_compiler`), the processor the one at hand.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import numba

POLICY: dict[str, Any] = {"nogil": True, "fastmath": False, "error_model": "numpy", "_nrt": False}


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _source(value: object) -> FunctionType | None:
    """Python source of a kernel or helper; None for anything else."""
    function = getattr(value, "__wrapped__", value)
    ours = isinstance(function, FunctionType) and function.__module__.startswith("stormtrack.")
    return function if ours else None


@functools.cache
def jitted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled form of a kernel or helper, and of what it calls."""
    source = _source(function)
    assert source is not None, f"{function} is no part of stormtrack"
    namespace = dict(source.__globals__)
    for name in set(_names(source.__code__)) & namespace.keys():
        if _source(namespace[name]) is not None:
            namespace[name] = jitted(namespace[name])
    copy = FunctionType(source.__code__, namespace, source.__name__, source.__defaults__)
    compiled: Callable[..., Any] = numba.njit(copy, **POLICY)
    return compiled
