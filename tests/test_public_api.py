"""What is public is documented, listed in one place, and its examples run."""

from __future__ import annotations

import doctest
import inspect
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="the examples work on xarray objects")
pytest.importorskip("pandas")

import stormtrack

ROOT = Path(__file__).resolve().parent.parent
NAMES = [name for name in stormtrack.__all__ if name != "__version__"]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def documented(name: str) -> object:
    """What a name stands for, where it can have a docstring."""
    return getattr(stormtrack, name)


def methods(kind: type) -> dict[str, object]:
    """Public methods and properties that a class defines."""
    return {name: value for name, value in vars(kind).items() if not name.startswith("_")}


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_documented(name: str) -> None:
    thing = documented(name)
    assert inspect.getdoc(thing), name
    if inspect.isclass(thing):
        fields = set(getattr(thing, "__dataclass_fields__", ()))
        bare = [one for one, value in methods(thing).items() if one not in fields and not inspect.getdoc(value)]
        assert not bare, f"{name}: {bare} have no docstring"


@pytest.mark.parametrize("name", NAMES)
def test_every_public_callable_has_examples_and_they_run(name: str) -> None:
    thing = documented(name)
    found = doctest.DocTestFinder(recurse=True).find(thing, name)
    examples = [test for test in found if test.examples]
    if inspect.isroutine(thing) or inspect.isclass(thing):
        assert examples, f"{name} has no example"
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for test in examples:
            runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def test_the_list_of_the_documentation_is_the_list_of_the_package() -> None:
    rows = re.findall(r"^\| (`[^|]*) \|", (ROOT / "docs" / "api.md").read_text(), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(NAMES)


def test_nothing_else_can_be_seen() -> None:
    assert {name for name in dir(stormtrack) if not name.startswith("_")} >= set(NAMES)
    assert stormtrack.__all__ == sorted(stormtrack.__all__)
    with pytest.raises(AttributeError, match="no attribute 'trak'"):
        stormtrack.trak  # noqa: B018


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, stormtrack; print([n for n in ('numpy', 'xarray', 'pandas', 'netCDF4') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_code_of_users_passes_the_strictest_type_check(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="types are checked with mypy")
    code = ROOT / "tests" / "typing" / "user_code.py"
    options = [
        "--strict",
        "--no-incremental",
        "--cache-dir",
        str(tmp_path),
        "--config-file",
        "",
        "--follow-imports=silent",
    ]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(code)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
    )
    assert found.returncode == 0, found.stdout + found.stderr
