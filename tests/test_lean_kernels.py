"""Kernels compiled without reference counts make no array and receive none from the kernels that they call."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import stormtrack
from stormtrack.kernels._policy import lean_kernel

MAKERS = {
    "empty",
    "zeros",
    "ones",
    "full",
    "arange",
    "concatenate",
    "copy",
    "empty_like",
    "zeros_like",
    "array",
    "where",
}


def decoration(function: ast.FunctionDef) -> str:
    """``kernel``, ``lean_kernel`` or nothing."""
    names = [d.id for d in function.decorator_list if isinstance(d, ast.Name)]
    return next((name for name in names if name in ("kernel", "lean_kernel")), "")


def names_in(node: ast.AST) -> set[str]:
    """Names that occur in a piece of source."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def made(function: ast.FunctionDef) -> set[str]:
    """Names that stand for new arrays."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(f".{maker}(" in ast.unparse(node.value) for maker in MAKERS):
            found = found.union(*(names_in(target) for target in node.targets))
    return found


def gives_array(function: ast.FunctionDef) -> bool:
    """Whether a new array is returned."""
    values = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    return any(names_in(v) & made(function) or any(f".{m}(" in ast.unparse(v) for m in MAKERS) for v in values)


def test_rule() -> None:
    """The rule holds in the source of every kernel."""
    kernels: dict[str, ast.FunctionDef] = {}
    for file in Path(stormtrack.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text())
        kernels |= {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef) and decoration(node)}
    givers = {name for name, node in kernels.items() if gives_array(node)}
    assert {"closed_outline", "equal_cells"} <= givers
    lean = {name: node for name, node in kernels.items() if decoration(node) == "lean_kernel"}
    assert len(lean) > 100
    for name, node in lean.items():
        calls = [n.func for n in ast.walk(node) if isinstance(n, ast.Call)]
        assert not {c.attr for c in calls if isinstance(c, ast.Attribute)} & MAKERS, name
        assert not {c.id for c in calls if isinstance(c, ast.Name)} & givers, name


def test_array_made_by_lean_kernel_is_refused() -> None:
    """The compiler says so where the rule is broken outright."""
    numba = pytest.importorskip("numba")

    @lean_kernel
    def breaks_rule(n: int) -> int:
        return len(np.empty(n, np.float32))

    with pytest.raises(numba.core.errors.NumbaError):
        breaks_rule(3)
