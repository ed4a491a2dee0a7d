"""The structure of docs/design.md, held against the sources."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "stormtrack"
FREE = {"__init__", "_build_config", "_build_info", "_source_tree"}
"""Top-level modules that are no part: the package itself, what it tells about its build, and where its modules are."""
MOST_ARGUMENTS = 8
HEAVY = {"xarray", "dask", "mpi4py", "jax", "matplotlib", "cartopy", "zarr", "cfgrib"}
FILES = {"open", "print", "input"}
FILE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch", "tofile", "open"}
FILE_MODULES = {"shutil", "tempfile", "pathlib", "io", "netCDF4", "mmap"}


@functools.cache
def table() -> dict[str, set[str]]:
    """Part -> parts that it may import, from the table of docs/design.md."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|$", (ROOT / "docs" / "design.md").read_text(), re.MULTILINE)
    return {part: {name.strip() for name in allowed.split(",")} - {"-"} for part, allowed in rows}


def numeric_parts() -> set[str]:
    """The parts that docs/design.md calls numeric."""
    found = re.search(r"^Numeric parts \(`([\w ]+)`\)", (ROOT / "docs" / "design.md").read_text(), re.MULTILINE)
    assert found is not None
    return set(found.group(1).split())


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "_build_info.py")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path: Path) -> str:
    return ".".join(("stormtrack", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


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
            members = {f"{module}.{alias.name}" for alias in node.names}
            names |= members if all(map(is_module, members)) else members | {module}
    return names


def is_module(name: str) -> bool:
    """Whether a dotted name is a module (compiled ones have a .pyi beside them) or a folder of this package."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file() or path.with_suffix(".pyi").is_file()


def parts_used(path: Path) -> set[str]:
    used = {name.split(".")[1] for name in imports(path) if name.startswith("stormtrack.")}
    return {u for u in used if (PACKAGE / u).is_dir() or (PACKAGE / f"{u}.py").exists()} - {part_of(path)} - FREE


every_source = pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))


def test_the_table_names_every_part_and_nothing_else() -> None:
    assert set(table()) == {part_of(path) for path in sources()} - FREE
    unknown = {part: allowed - set(table()) for part, allowed in table().items() if not allowed <= set(table())}
    assert not unknown, f"docs/design.md allows imports from parts that do not exist: {unknown}"
    assert numeric_parts() <= set(table())


def test_the_table_has_no_circles_and_stands_in_order() -> None:
    order = list(table())
    late = {
        part: sorted(u for u in allowed if order.index(u) >= order.index(part)) for part, allowed in table().items()
    }
    assert not {part: names for part, names in late.items() if names}, "parts may import those above them only"


def test_the_table_allows_nothing_that_is_not_used() -> None:
    used: dict[str, set[str]] = {}
    for path in sources():
        used.setdefault(part_of(path), set()).update(parts_used(path))
    unused = {part: sorted(allowed - used[part]) for part, allowed in table().items() if allowed - used[part]}
    assert not unused, f"docs/design.md allows what no module needs: {unused}"


@every_source
def test_parts_import_only_what_the_design_allows(path: Path) -> None:
    if part_of(path) in FREE:
        return
    wrong = parts_used(path) - table()[part_of(path)]
    assert not wrong, f"{path} imports {sorted(wrong)}; docs/design.md allows {sorted(table()[part_of(path)])}"


def test_modules_import_one_another_in_no_circle() -> None:
    known = {module_of(path): path for path in sources()}
    graph = {module: (imports(path) & set(known)) - {module} for module, path in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import one another in a circle: {' <- '.join(error.args[1])}")


@every_source
def test_nothing_is_compiled_at_run_time(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & {"numba", "llvmlite"}, path


@every_source
def test_kernels_and_helpers_take_few_arguments(path: Path) -> None:
    kernels = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef) and _is_kernel(n)]
    many = [f"{node.name} ({len(node.args.args)})" for node in kernels if len(node.args.args) > MOST_ARGUMENTS]
    assert not many, f"{many}: group related arrays in a named tuple"
    assert not [node.name for node in kernels if node.args.vararg or node.args.kwonlyargs or node.args.defaults]


@every_source
def test_numeric_parts_open_no_file(path: Path) -> None:
    if part_of(path) not in numeric_parts():
        return
    calls = [n.func for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
    named = {call.id for call in calls if isinstance(call, ast.Name)}
    methods = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    modules = {name.split(".")[0] for name in imports(path)}
    assert not named & FILES, path
    assert not methods & FILE_METHODS, path
    assert not modules & (FILE_MODULES | HEAVY), path


def _is_kernel(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id in ("kernel", "helper") for d in node.decorator_list)


def _is_helper(node: ast.FunctionDef) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "helper" for d in node.decorator_list)


@every_source
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
