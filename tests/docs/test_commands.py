"""Every command and every piece of Python of the tutorial and the cookbook runs, and prints what the page says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the pages draw maps (pip install 'stormtrack[plot]')")
pytest.importorskip("pandas")
pytest.importorskip("dask")
pytest.importorskip("scipy")

from tests.docs import fields
from tests.docs.pages import DOCS, blocks, run_block, sections

COOKBOOK = sections(DOCS / "cookbook.md")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that this environment installed come first, and use one thread."""
    import sys

    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_the_tutorial(tmp_path: Path) -> None:
    found = blocks((DOCS / "tutorial.md").read_text())
    assert sum(block.text.count("$ ") for block in found) > 10
    for block in found:
        run_block(block, tmp_path)
    for name in ("tracks.png", "density.png", "frame.png", "mobile.png", "mobile.csv", "kept/tdump_NH_cyclones"):
        assert (tmp_path / name).stat().st_size > 0


def test_coming_from_track(tmp_path: Path) -> None:
    (block,) = blocks(sections(DOCS / "from-track.md")["In one minute"])
    run_block(block, tmp_path)
    assert (tmp_path / "kept" / "tdump_NH_cyclones").stat().st_size > 1000
    assert "dmax" in (tmp_path / "sample" / "explained.txt").read_text()


def test_every_recipe_has_data() -> None:
    assert list(COOKBOOK) == list(fields.RECIPES)


@pytest.mark.parametrize("name", list(COOKBOOK))
def test_the_cookbook(name: str, tmp_path: Path) -> None:
    fields.RECIPES[name](tmp_path)
    given = {path.name for path in tmp_path.iterdir()}
    found = blocks(COOKBOOK[name])
    assert any(block.language in ("console", "python") for block in found)
    for block in found:
        run_block(block, tmp_path, quickly=True)
    assert {path.name for path in tmp_path.iterdir()} > given
