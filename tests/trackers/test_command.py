"""``stormtrack track --tracker``: the season of ERA5, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="linking nearest neighbours needs scipy")
pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack.cli.main import main
from stormtrack.formats.registry import read_track_set
from stormtrack.model.tracks import KIND
from stormtrack.sample import write_sample
from stormtrack.trackers import SimpleTracker, deregister_tracker, register_tracker

LOWS = ("--tracker", "simple", "--sign", "min")
HIGHS = ("--tracker", "simple", "--sign", "max")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=6, truncation=21)
    return folder / "vo_sample.nc"


def track(*words: Any) -> int:
    return main(["track", *map(str, words)])


def test_the_season_of_era5(acceptance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    pytest.importorskip("zarr", reason="the season lies in a Zarr store")
    (tmp_path / "msl.zarr").symlink_to(acceptance / "era5_msl_2025-2026_djf_2.5x2.5.zarr")
    monkeypatch.chdir(tmp_path)
    assert main(["track", "msl.zarr", "--tracker", "simple", "--variable", "msl", "--sign", "min", "-o", "s.nc"]) == 0
    tracks = read_track_set(tmp_path / "s.nc")
    assert (tracks.n_tracks, tracks.n_points) == (10340, 28125) and set(tracks.labels[KIND]) == {"minima"}
    assert tracks.variables[0].units == "Pa" and 92000 < tracks.intensity.min() < 96000
    assert "10340 tracks" in capfd.readouterr().err
    assert track("msl.zarr", *LOWS, "--min-points", "8", "--min-displacement", "10", "-o", "long.nc") == 0
    longer = read_track_set(tmp_path / "long.nc")
    assert 0 < longer.n_tracks < 2000 and longer.lengths.min() == 8


def test_settings_reach_the_tracker(sample: Path, tmp_path: Path) -> None:
    sets = {}
    for name, options in {
        "plain": (),
        "near": ("--distance", "50"),
        "high": ("--contrast", "1e-4"),
        "wide": ("--window", "9"),
    }.items():
        assert track(sample, *HIGHS, *options, "-o", tmp_path / f"{name}.nc", "--quiet") == 0
        sets[name] = read_track_set(tmp_path / f"{name}.nc")
    plain = sets.pop("plain")
    assert sets["near"].n_points == plain.n_points and sets["near"].n_tracks > plain.n_tracks
    assert 0 < sets["high"].n_points < plain.n_points and 0 < sets["wide"].n_points < plain.n_points


def test_members_are_tracked_one_by_one(sample: Path, tmp_path: Path) -> None:
    import xarray as xr

    with xr.open_dataset(sample) as data:
        both = xr.concat([data, data], "number").load()
    both["number"] = ("number", [3, 7], {"standard_name": "realization"})
    both.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert track(tmp_path / "in.nc", *HIGHS, "--member", "all", "-o", tmp_path / "t.nc") == 0
    tracks = read_track_set(tmp_path / "t.nc")
    members = tracks.labels["number"]
    assert np.count_nonzero(members == 3) == np.count_nonzero(members == 7) == tracks.n_tracks / 2 > 0


def test_a_tracker_that_was_registered(sample: Path, tmp_path: Path, capfd: Any) -> None:
    register_tracker("highs", lambda window=5: SimpleTracker(sign="max", window=window))
    try:
        assert track(sample, "--tracker", "highs", "--setting", "window=7", "-o", tmp_path / "a.nc") == 0
        assert track(sample, *HIGHS, "--window", "7", "-o", tmp_path / "b.nc") == 0
        assert track(sample, "--tracker", "highs", "--setting", "windw=7", "-o", tmp_path / "c.nc") == 2
        assert "did you mean 'window'" in capfd.readouterr().err
        assert track(sample, "--tracker", "highs", "--sign", "max", "-o", tmp_path / "c.nc") == 2
        assert "--sign is a setting of --tracker simple" in capfd.readouterr().err
    finally:
        deregister_tracker("highs")
    a, b = (read_track_set(tmp_path / name) for name in ("a.nc", "b.nc"))
    assert np.array_equal(a.lon, b.lon) and a.n_points > 0 and not (tmp_path / "c.nc").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--tracker", "simple"), "needs --sign min"),
        (("--tracker", "simpel"), "did you mean 'simple'"),
        ((*LOWS, "--preset", "vorticity-t42"), "--preset is a setting of --tracker hodges"),
        ((*LOWS, "--threshold", "1"), "--threshold is a setting of --tracker hodges"),
        ((*LOWS, "--engine", "fast"), "--engine is a setting of --tracker hodges"),
        ((*LOWS, "--no-filter"), "--no-filter is a setting of --tracker hodges"),
        ((*LOWS, "--keep", "kept"), "--keep is a setting of --tracker hodges"),
        ((*LOWS, "--threads", "2"), "--threads is a setting of --tracker hodges"),
        (("--preset", "vorticity-t42", "--sign", "min"), "--sign is a setting of --tracker simple"),
        (("--preset", "vorticity-t42", "--distance", "9"), "--distance is a setting of --tracker simple"),
        (("--preset", "vorticity-t42", "--setting", "a=1"), "for trackers that others made"),
        ((*LOWS, "--window", "4"), "odd number"),
        ((*LOWS, "--distance", "0"), "distance_km"),
        ((*LOWS, "--longest-step", "0.5"), "1 or more"),
        ((*LOWS, "--contrast", "-1"), "0 or more"),
        ((*LOWS, "--variable", "nothing"), "nothing"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_left(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert track(sample, *words, "-o", "t.nc") == 2
    assert message in capfd.readouterr().err
    assert not list(tmp_path.iterdir())
