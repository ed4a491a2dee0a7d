"""A clone beside an installed package: what is compiled is imported, wherever Python is started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "stormtrack"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A source tree that was not built, and (in `site`) an installed package with one module more."""
    for place in ("clone", "site"):
        folder = tmp_path / place / "stormtrack"
        folder.mkdir(parents=True)
        for name in ("__init__.py", "_source_tree.py"):
            shutil.copy(SOURCES / name, folder / name)
        (folder / "here.py").write_text(f"PLACE = {place!r}")
    (tmp_path / "site" / "stormtrack" / "_build_info.py").touch()
    return tmp_path / "clone"


def place(folder: Path, **environment: str) -> str:
    """Which `here` is imported by a process started in `folder`."""
    code = "import stormtrack.here as here; print(here.PLACE)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr


def test_the_installed_package_is_imported_in_a_clone(clone: Path) -> None:
    assert place(clone, PYTHONPATH=str(clone.parent / "site")) == "site"
    assert place(clone.parent, PYTHONPATH=str(clone.parent / "site")) == "site"


def test_sources_stand_for_themselves_where_nothing_is_installed_or_the_build_wants_them(clone: Path) -> None:
    assert place(clone) == "clone"
    assert place(clone, PYTHONPATH=str(clone.parent / "site"), STORMTRACK_OWN_SOURCES="1") == "clone"
