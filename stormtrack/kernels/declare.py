"""How kernels are declared.

A kernel is a function in the subset of Python that Numba compiles. `kernel` marks those that Python calls: their
annotations say what they take (scalars, arrays of known rank from `stormtrack.arrays`, named tuples of these; at most
8) and give (nothing, a scalar or a tuple of scalars). `helper` marks those that kernels call; their types follow.

Machine code is made when the package is built (`tools/kernel_compiler`) and lies in one extension module; neither
Numba nor a compiler is needed to run it. ``STORMTRACK_KERNELS=python`` runs the Python sources instead, with the same
results, for debugging; a package built with ``-Dkernels=python`` has nothing else.

Numerics: no fast-math, no contraction of a*b+c, C division; ``math.*`` means the C library's functions. The
interpreter's lock is given up during a call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Maker = Callable[[Callable[..., Any], bool], Any]


def kernel_name(function: Callable[..., Any]) -> str:
    """``link.sweep.sweep_series``."""
    return f"{function.__module__.removeprefix('stormtrack.')}.{function.__qualname__}"


def _compiled(function: Callable[..., Any], exported: bool) -> Any:
    if not exported:
        return function
    from . import _compiled

    return _compiled.bind(kernel_name(function), function)


_make: Maker = _compiled


def set_maker(make: Maker) -> None:
    """Decide what `kernel` and `helper` put in the place of functions declared from now on.

    `make` gets the function and whether Python calls it.
    """
    global _make
    _make = make


def kernel(function: F) -> F:
    """Declare a function that Python calls in its compiled form."""
    made: F = _make(function, True)
    return made


def helper(function: F) -> F:
    """Declare a function that kernels call."""
    made: F = _make(function, False)
    return made
