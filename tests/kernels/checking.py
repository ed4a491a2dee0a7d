"""Kernels that run in every form they have, and compare.

`checked` wraps a compiled kernel: some of its calls are also made, on copies of the arguments, in its other compiled
versions and as Python, and everything that comes out (results, and all arrays, changed or not) must be the same bytes.
"""

from __future__ import annotations

import copy
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import stormtrack
from stormtrack.kernels import _compiled
from stormtrack.kernels._source import SourceKernel
from stormtrack.kernels.declare import kernel_name

MOST_ELEMENTS = 30_000
"""Calls with more array elements than this are not made in Python."""
MOST_SECONDS = 1.5
"""Python's time for one kernel, after which it is not called there any more (once it has been)."""


def elements(value: object) -> int:
    """Number of array elements in an argument."""
    if isinstance(value, tuple):
        return sum(elements(part) for part in value)
    return value.size if isinstance(value, np.ndarray) else 0


def shown(value: object) -> Any:
    """An argument or result as something that is equal where all bytes are."""
    if isinstance(value, tuple):
        return tuple(shown(part) for part in value)
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return type(value), np.float64(value).tobytes() if isinstance(value, float) else value


def difference(name: str, ours: object, others: object, where: str) -> str:
    """Says where two arguments differ; empty if they do not."""
    if isinstance(ours, tuple) and isinstance(others, tuple):
        fields = getattr(ours, "_fields", range(len(ours)))
        parts = (difference(name, a, b, f"{where}.{f}") for a, b, f in zip(ours, others, fields, strict=True))
        return next(filter(None, parts), "")
    if shown(ours) == shown(others):
        return ""
    if isinstance(ours, np.ndarray) and isinstance(others, np.ndarray):
        at = np.flatnonzero((ours != others).reshape(-1) | (np.signbit(ours) != np.signbit(others)).reshape(-1))
        first = at[0] if len(at) else 0
        return f"{name}, {where}[{first}]: {ours.reshape(-1)[first]!r} and {others.reshape(-1)[first]!r}"
    return f"{name}, {where}: {ours!r} and {others!r}"


def copied(value: Any, owners: dict[int, Any]) -> Any:
    """A copy of arguments, in which arrays share memory where they do in the original; `owners` has what is copied."""
    if isinstance(value, tuple):
        parts = [copied(part, owners) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    if not isinstance(value, np.ndarray) or value.size == 0:
        return copy.deepcopy(value)
    owner = value
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    own = owners.setdefault(id(owner), owner.ravel(order="K").copy())
    offset = value.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return np.ndarray(value.shape, value.dtype, own, offset, value.strides)


class Checked:
    """A kernel whose calls number 1, 2, 3, 4, 8, 16, ... are compared."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel
        self.__wrapped__ = source = kernel.__wrapped__
        self.name = kernel_name(source)
        self.others: dict[str, Callable[..., Any]] = {"Python": SourceKernel(source)}
        for version in ("baseline", "avx2"):
            try:
                self.others[version] = _compiled.bind(self.name, source, version)
            except KeyError:  # this processor has no such instructions
                continue
        self.calls = self.compared = 0
        self.seconds = 0.0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls & (self.calls - 1) and self.calls != 3:
            return self.kernel(*arguments)
        copies = {form: copied(arguments, {}) for form in self.others if self._worth(form, arguments)}
        result = self.kernel(*arguments)
        for form, own in copies.items():
            started = time.perf_counter()
            other = self.others[form](*own)
            self.seconds += (time.perf_counter() - started) * (form == "Python")
            self.compared += form == "Python"
            told = difference(self.name, (result, arguments), (other, own), f"here and in {form}")
            assert not told, told
        return result

    def _worth(self, form: str, arguments: tuple[Any, ...]) -> bool:
        return form != "Python" or (
            elements(arguments) <= MOST_ELEMENTS and (self.compared == 0 or self.seconds < MOST_SECONDS)
        )


def modules_with_kernels() -> Iterator[Any]:
    """All modules of the package."""
    for found in pkgutil.walk_packages(stormtrack.__path__, "stormtrack."):
        if found.name.split(".")[-1] != "__main__":
            yield importlib.import_module(found.name)


@contextmanager
def all_checked() -> Iterator[dict[str, Checked]]:
    """Inside, all kernels are `Checked`; gives them by name."""
    list(modules_with_kernels())
    wrappers: dict[str, Checked] = {}
    places: list[tuple[Any, str, Any]] = []
    for module in [m for name, m in sys.modules.items() if name.partition(".")[0] == "stormtrack"]:
        for name, value in list(vars(module).items()):
            if isinstance(value, _compiled.Kernel):
                wrapper = wrappers.setdefault(kernel_name(value.__wrapped__), Checked(value))
                places.append((module, name, value))
                setattr(module, name, wrapper)
    try:
        yield wrappers
    finally:
        for module, name, value in places:
            setattr(module, name, value)
