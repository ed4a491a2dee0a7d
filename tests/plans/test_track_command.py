"""``stormtrack track --plan``: recipes and plans of runs; ``--dry-run`` tells and does nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

import stormtrack
from stormtrack import presets
from stormtrack.cli.main import main
from stormtrack.plans.files import read_text
from stormtrack.sample import write_sample
from stormtrack.testing import assert_bitwise


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=6, truncation=21)
    return folder


def track(*words: Any) -> int:
    return main(["track", *map(str, words)])


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(sample: Path, tmp_path: Path, capfd: Any) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "vorticity-t42"\nband.truncation = 21\nfilters = { min_points = 3, max_points = 99 }\n')
    before = set(tmp_path.iterdir())
    assert track(sample / "vo_sample.nc", "--plan", path, "--dry-run", "-o", tmp_path / "t.nc") == 0
    said = capfd.readouterr().out
    assert set(tmp_path.iterdir()) == before
    assert said.splitlines()[:8] == [
        "# field        vo in s**-1, times 100000 in 1e-5 s-1",
        "# frames       6, 2000-01-01 00:00 to 2000-01-02 06:00, every 6 h",
        "# grid         64 x 32, longitudes 0 to 354.375, latitudes -85.7606 to 85.7606",
        "# filter       wave numbers 6 to 21 by TRACK's fast transform, on 64 x 32 points",
        "# NH_cyclones  maxima above 1 1e-5 s-1 on the northern polar stereographic grid of 150 x 150 points",
        "# SH_cyclones  minima below -1 1e-5 s-1 on the southern polar stereographic grid of 150 x 150 points",
        "# linking      at most 6.5 degrees a step",
        "# kept         tracks of at least 3 points",
    ]
    found = read_text(said)
    assert found == read_text(path.read_text())


def test_a_dry_run_refuses_what_tracking_would(sample: Path, capfd: Any) -> None:
    assert track(sample / "vo_sample.nc", "--preset", "mslp-t63", "--dry-run") == 2
    assert "no unit of sea level pressure" in capfd.readouterr().err
    assert track(sample / "vo_sample.nc", "--preset", "vorticity-t42", "--dry-run") == 2
    assert "cannot hold the band up to T42" in capfd.readouterr().err
    assert track(sample / "vo_sample.nc", "--tracker", "simple", "--dry-run", "--sign", "max") == 2
    assert "--tracker simple follows none" in capfd.readouterr().err


def test_the_plan_of_a_run_is_followed(sample: Path, tmp_path: Path, capfd: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(sample)
    recipe = presets.vorticity_nh_t42(truncation=21)
    stormtrack.write_plan(recipe, tmp_path / "recipe.toml")
    assert track("vo_sample.nc", "--plan", tmp_path / "recipe.toml", "-o", tmp_path / "recipe.nc", "-q") == 0
    filtering = stormtrack.plan_from_answers(Path("specfilt.in").read_bytes(), "vo_sample.nc")
    stormtrack.write_run(filtering, "vo_sample.nc", tmp_path)
    series = tmp_path / "specfil_band001_band001"
    plan = stormtrack.plan_from_answers(Path("track_max.in").read_bytes(), series)
    stormtrack.write_plan(plan, tmp_path / "run.toml")
    assert track(series, "--plan", tmp_path / "run.toml", "-o", tmp_path / "run.nc") == 0
    assert "no dates are known" in capfd.readouterr().err
    with xr.open_dataset(tmp_path / "recipe.nc") as one, xr.open_dataset(tmp_path / "run.nc") as other:
        assert one.sizes["obs"] > 0
        for name in ("row_size", "lat", "lon", "intensity"):
            assert_bitwise(np.asarray(other[name].values), np.asarray(one[name].values), name)
        assert "run-plan" in other.attrs["plan"]
    assert track(series, "--plan", tmp_path / "run.toml", "--dry-run") == 0
    said = capfd.readouterr().out
    assert said.splitlines()[:5] == [
        f"# input      '{series}', TRACK binary, 6 frames",
        "# grid       65 x 32, longitudes 0 to 360, latitudes -85.7606 to 85.7606",
        "# projected  azimuthal projection 2 about 90, 0",
        "# pass       maxima above 1 after scaling by 100000 in 6 frames from 1 on, surface_fit",
        "# linking    tracks, at most 6.5 a step",
    ]
    assert read_text(said) == plan
    assert track(series, "--plan", tmp_path / "run.toml", "-o", tmp_path / "x.nc", "--threshold", "2") == 2
    assert "plan of a run on one file, and says everything else: --threshold" in capfd.readouterr().err
    assert track(series, "--plan", tmp_path / "run.toml", "-o", tmp_path / "x.nc", "--preset", "mslp-t63") == 2
    assert "says everything else: --preset" in capfd.readouterr().err
