"""What docs/after-tracking.md shows of fields along tracks runs as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.cli.main import main
from stormtrack.tracksets import example
from tests.sampling.test_along_tracks import made_field

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "after-tracking.md"
SECTION = PAGE.read_text().partition("## Fields along tracks")[2].partition("### From answer files")[0]
BLOCKS = re.findall(r"^```(python|console)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


def field(name: str) -> Any:
    return made_field().rename(name)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the page names."""
    monkeypatch.chdir(tmp_path)
    example.tracks().write("tracks.nc")
    for name in ("msl", "rain"):
        field(name).to_netcdf(f"{name}.nc")
    xr.Dataset({name: field(name) for name in ("u10", "v10", "t2m")}).to_netcdf("winds.nc")
    return tmp_path


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_blocks_run(number: int, folder: Path) -> None:
    kind, text = BLOCKS[number]
    if kind == "python":
        found: dict[str, Any] = {}
        exec(compile(text, f"{PAGE.name} block {number}", "exec"), found)
        assert "winds" in found or np.isfinite(found["rain"].rain_mean).any()
        return
    for line in text.splitlines():
        words = shlex.split(line.removeprefix("$ stormtrack"))
        before = set(folder.iterdir())
        assert main([*words, "-q"]) == 0
        assert set(folder.iterdir()) > before


def test_all_kinds_of_blocks_are_there() -> None:
    assert [kind for kind, _ in BLOCKS] == ["python", "console"] * 2
