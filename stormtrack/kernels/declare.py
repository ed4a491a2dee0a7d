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

import os
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Maker = Callable[[Callable[..., Any], bool], Any]

VARIABLE = "STORMTRACK_KERNELS"
"""Environment variable: ``compiled`` or ``python``; without it what the package was built with."""


def kernel_name(function: Callable[..., Any]) -> str:
    """``link.sweep.sweep_series``."""
    return f"{function.__module__.removeprefix('stormtrack.')}.{function.__qualname__}"


def _compiled(function: Callable[..., Any], exported: bool) -> Any:
    """Machine code for kernels; what only they call stays Python."""
    if not exported:
        return function
    try:
        from . import _compiled
    except ImportError as error:
        raise ImportError(
            f"the kernels of stormtrack are not compiled ({error}): install the package (pip install .), or set "
            f"{VARIABLE}=python to run their Python sources, slowly"
        ) from error
    try:
        return _compiled.bind(kernel_name(function), function)
    except KeyError:
        raise ImportError(
            f"kernel {kernel_name(function)} is not among the compiled ones: the package was built from other "
            "sources; build it again (pip install .)"
        ) from None


def _source(function: Callable[..., Any], exported: bool) -> Any:
    """The Python sources."""
    if not exported:
        return function
    from ._source import SourceKernel

    return SourceKernel(function)  # type: ignore[arg-type]


def _built_for() -> str:
    try:
        from .._build_info import BUILD_INFO
    except ImportError:  # the kernels are being compiled, or this is a source tree
        return "compiled"
    return str(BUILD_INFO.get("kernels", "compiled"))


def _maker() -> Maker:
    mode = os.environ.get(VARIABLE) or _built_for()
    makers: dict[str, Maker] = {"compiled": _compiled, "python": _source}
    if mode not in makers:
        raise ImportError(f"{VARIABLE}={mode}: allowed are {' and '.join(makers)}")
    return makers[mode]


_make: Maker | None = None


def set_maker(make: Maker) -> None:
    """Decide what `kernel` and `helper` put in the place of functions declared from now on.

    `make` gets the function and whether Python calls it.
    """
    global _make
    _make = make


def _made(function: Callable[..., Any], exported: bool) -> Any:
    if _make is None:
        set_maker(_maker())
        return _made(function, exported)
    return _make(function, exported)


def kernel(function: F) -> F:
    """Declare a function that Python calls in its compiled form."""
    made: F = _made(function, True)
    return made


def helper(function: F) -> F:
    """Declare a function that kernels call."""
    made: F = _made(function, False)
    return made
