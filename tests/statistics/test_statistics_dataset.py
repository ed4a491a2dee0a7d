"""The Dataset of statistics has the numbers of TRACK's files; the command writes it."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from stormtrack.cli.main import main
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.functions.track_statistics import statistics
from stormtrack.testing import assert_bitwise
from tests.statistics.golden_runs import unpacked

GRID = (np.arange(72) * 5.0, np.arange(36) * 5.0 - 87.5)
SAME = {
    "mean_intensity": "mstr",
    "std_intensity": "stdstr",
    "mean_lifetime": "mlif",
    "mean_anisotropy": "miso",
    "mean_orientation_x": "xor",
    "mean_orientation_y": "yor",
    "mean_area": "marea",
}
"""Of phase points TRACK loses those beyond the last longitude of its grid, so that the rest differs."""


def golden(goldens: Path, name: str) -> dict[str, np.ndarray]:
    folder = goldens / "statistics" / "stats_5deg_area"
    with netCDF4.Dataset("golden", memory=unpacked(folder / f"{name}.xz")) as file:
        file.set_auto_mask(False)
        return {name: file[name][:] for name in file.variables}


def test_means_are_those_of_track_to_the_bit(goldens: Path) -> None:
    tracks = parse_tracks(unpacked(goldens / "statistics" / "in" / "ff_trs_pos.xz"))
    found, expected = statistics(tracks, GRID, interval=6), golden(goldens, "stat_trs_1.nc")
    for ours, theirs in SAME.items():
        values = found[ours].values
        dense = np.isfinite(values)
        assert dense.any()
        assert_bitwise(values[dense], expected[theirs][dense])
        assert (expected[theirs][~dense] == 0).all()


def test_densities_are_numbers_in_a_cap(goldens: Path) -> None:
    tracks = parse_tracks(unpacked(goldens / "statistics" / "in" / "ff_trs_pos.xz"))
    expected = golden(goldens, "stat_trs_scl_1.nc")
    found = statistics(tracks, GRID, interval=6)
    wide = statistics(tracks, GRID, interval=6, cap=10.0, periods=2.0)
    for ours, theirs in (("feature_density", "fden"), ("track_density", "tden"), ("genesis_density", "gden")):
        np.testing.assert_allclose(found[ours], expected[theirs], rtol=1e-6)
        caps = (1 - np.cos(np.radians(10.0))) / (1 - np.cos(np.radians(5.0)))
        np.testing.assert_allclose(wide[ours], found[ours] * caps / 2, rtol=1e-6)


def test_one_track_more_is_one_track_more(goldens: Path) -> None:
    tracks = parse_tracks(unpacked(goldens / "statistics" / "in" / "ff_trs_24.xz"))
    found = statistics(tracks, 5.0, interval=6, adaptive=False)
    area = np.cos(np.radians(found.latitude)) * np.radians(5.0) ** 2 / (2 * np.pi * (1 - np.cos(np.radians(5.0))))
    number = float((found.feature_density * area).sum())
    assert number == pytest.approx(tracks.n_points, rel=0.05)  # the density integrates to the number of features


def test_command(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "ff_trs", tmp_path / "s.nc"
    source.write_bytes(unpacked(goldens / "statistics" / "in" / "ff_trs_24.xz"))
    words = ["stats", str(source), "--start", "2025120100", "--step", "6h", "--grid", "T21", "-o", str(out)]
    assert main(words) == 0
    with xr.open_dataset(out, decode_timedelta=False) as found:
        assert found.track_density.shape == (32, 64) and found.attrs["Conventions"] == "CF-1.11"
        assert {"units", "long_name", "cell_methods"} <= set(found.mean_speed.attrs)
    assert main(["stats", str(source), "-o", str(tmp_path / "t.nc")]) == 2
    assert "--interval" in capsys.readouterr().err
    same = source.rename(tmp_path / "tracks.nc")  # content tells what it is
    assert main(["stats", str(same), *words[2:-1], str(same)]) == 2
    same.rename(source)
    assert main([*words, "--smoothing", "tracks"]) == 2
    assert not (tmp_path / "t.nc").exists()
