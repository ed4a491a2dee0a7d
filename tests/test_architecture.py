"""The structure of docs/design.md, held against the sources."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "stormtrack"

ALWAYS = {"arrays"}
ALLOWED: dict[str, set[str]] = {
    "arrays": set(),
    "errors": set(),
    "calendar": {"errors"},
    "scanf": set(),
    "settings": set(),
    "kernels": {"_build_info"},
    "text": set(),
    "answers": {"settings", "text", "errors"},
    "grid": {"settings", "kernels", "errors"},
    "splines": {"settings", "kernels", "errors"},
    "preprocess": {"settings", "kernels", "grid", "splines", "errors"},
    "detect": {"settings", "kernels", "splines", "errors"},
    "link": {"settings", "kernels", "calendar", "errors"},
    "tracks": {"settings", "kernels", "calendar", "errors"},
    "io": {"settings", "text", "grid", "detect", "link", "tracks", "errors"},
    "sample": {"settings", "kernels", "grid", "errors"},
    "run": {
        *(
            "settings",
            "kernels",
            "answers",
            "grid",
            "splines",
            "preprocess",
            "detect",
            "link",
            "tracks",
            "io",
            "text",
            "backends",
            "model",
        ),
        *("calendar", "errors", "sample"),
    },
}
"""Part -> parts that it may import besides those that all may. `cli`, `testing` and the top level are free."""

NUMERIC = {"kernels", "grid", "splines", "preprocess", "detect", "link", "tracks"}
MOST_ARGUMENTS = 8
HEAVY = {"xarray", "dask", "mpi4py", "jax", "matplotlib", "cartopy", "zarr", "cfgrib"}


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Absolute dotted names of everything that a module imports, at any level."""
    here = ("stormtrack", *path.relative_to(PACKAGE).with_suffix("").parts)
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(here[: len(here) - node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_parts_import_only_what_the_design_allows(path: Path) -> None:
    part = part_of(path)
    if part not in ALLOWED:
        return
    used = {name.split(".")[1] for name in imports(path) if name.startswith("stormtrack.")}
    ours = {u for u in used if (PACKAGE / u).exists() or (PACKAGE / f"{u}.py").exists()}
    wrong = ours - ALLOWED[part] - ALWAYS - {part}
    assert not wrong, f"{path} imports {sorted(wrong)}; docs/design.md allows {sorted(ALLOWED[part])}"


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_is_compiled_at_run_time(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"numba", "llvmlite"}, path


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_kernels_and_helpers_take_few_arguments(path: Path) -> None:
    kernels = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef) and _is_kernel(n)]
    many = [f"{node.name} ({len(node.args.args)})" for node in kernels if len(node.args.args) > MOST_ARGUMENTS]
    assert not many, f"{many}: group related arrays in a named tuple"
    assert not [node.name for node in kernels if node.args.vararg or node.args.kwonlyargs or node.args.defaults]


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_numeric_parts_open_no_file(path: Path) -> None:
    if part_of(path) not in NUMERIC:
        return
    calls = {
        n.func.id
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not calls & {"open", "print", "input"}, path
    assert not {n.split(".")[0] for n in imports(path)} & HEAVY, path


def _is_kernel(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id in ("kernel", "helper") for d in node.decorator_list)


def _is_helper(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "helper" for d in node.decorator_list)


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_everything_but_helpers_of_kernels_is_annotated(path: Path) -> None:
    bare = [
        f"{node.name} (line {node.lineno})"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and not _is_helper(node)
        if node.returns is None
        or any(a.annotation is None for a in (*node.args.args, *node.args.kwonlyargs) if a.arg not in ("self", "cls"))
    ]
    assert not bare, bare


def test_importing_the_package_is_light() -> None:
    code = "import sys, stormtrack; print(' '.join(m for m in ('numpy', 'numba', 'netCDF4') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
