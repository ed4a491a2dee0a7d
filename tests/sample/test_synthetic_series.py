"""The synthetic series: reproducible, storm-like, on any grid."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.cli.main import main
from stormtrack.errors import FieldError, GridError, OutputError
from stormtrack.preprocess.spectral import SpectralFilter
from stormtrack.sample import gaussian, generate, regular, write_sample
from stormtrack.settings.spectral import SpectralSettings

BUNDLED = Path(__file__).resolve().parents[2] / "fixtures" / "s01_sample_nh"


def test_the_bundled_series_is_made_again_byte_for_byte(tmp_path: Path) -> None:
    names = write_sample(tmp_path, frames=12, seed=1)
    assert (tmp_path / names.series).read_bytes() == gzip.decompress((BUNDLED / "vo_sample.nc.gz").read_bytes())
    for name in ("specfilt.in", "track_max.in", "track_min.in", "initial.T42_NH"):
        assert (tmp_path / name).read_text() == (BUNDLED / name).read_text()
    northern = ["vo_sample.nc", "specfilt.in", "track_max.in", "track_min.in", "initial.T42_NH"]
    southern = ["track_max_SH.in", "track_min_SH.in", "initial.T42_SH"]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*northern, *southern])
    assert (tmp_path / "initial.T42_SH").read_text() == (BUNDLED / "initial.T42_NH").read_text().replace("90.", "-90.")


def test_more_frames_begin_alike_and_seeds_differ() -> None:
    grid = gaussian(21)
    few, many = list(generate(3, grid, 7)), list(itertools.islice(generate(50, grid, 7), 3))
    assert [f.tobytes() for f in few] == [f.tobytes() for f in many]
    assert few[0].tobytes() != next(generate(1, grid, 8)).tobytes()
    assert few[0].tobytes() != few[1].tobytes()


def test_values_are_coarse_float32_of_the_order_of_vorticity() -> None:
    frames = np.array(list(generate(8, gaussian(42), 1)))
    assert frames.dtype == np.float32
    scaled = frames.astype(np.float64) * 2.0**28
    assert np.array_equal(scaled, np.round(scaled))
    assert 1e-4 < np.abs(frames).max() < 4e-4
    assert 2e-5 < frames.std() < 5e-5
    assert np.isfinite(frames).all()


def count_maxima(field: np.ndarray) -> int:
    """Strict maxima above 1e-5 among the eight neighbours."""
    inside = field[1:-1]
    shifts = [(j, i) for j in (0, 1, 2) for i in (-1, 0, 1) if (j, i) != (1, 0)]
    higher = [inside > np.roll(field[j : j + len(inside)], i, axis=1) for j, i in shifts]
    return int((np.logical_and.reduce(higher) & (inside > 1e-5)).sum())


def test_the_filtered_field_has_many_cyclones_in_both_hemispheres() -> None:
    grid = gaussian(42)
    settings = SpectralSettings(truncation=42, boundaries=(0, 5, 42), hoskins_cutoff=0.1)
    plan = SpectralFilter(grid.lon.astype(np.float32), grid.lat.astype(np.float32), settings)
    for frame in generate(6, grid, 1):
        band = plan.filter(frame)[1][0]
        assert 35 <= count_maxima(band[32:]) <= 90
        assert 35 <= count_maxima(-band[:32]) <= 90


def test_vortices_move_slowly_enough_to_be_tracked() -> None:
    frames = list(generate(6, gaussian(42), 3))
    for a, b in itertools.pairwise(frames):
        assert 0.8 < np.corrcoef(a.ravel(), b.ravel())[0, 1] < 0.995


def test_other_grids_hold_the_same_vortices() -> None:
    fine = list(generate(2, regular(0.5), 1))[1]
    assert fine.shape == (361, 720)
    assert np.ptp(fine[0]) == 0.0  # one value at the pole
    coarse = list(generate(2, regular(2.5), 1))[1]
    np.testing.assert_array_equal(coarse[1:-1], fine[5:-5:5, ::5])
    assert [len(gaussian(63).lon), len(gaussian(63).lat)] == [192, 96]


def test_the_series_is_laid_out_as_reanalyses_are(tmp_path: Path) -> None:
    names = write_sample(tmp_path, frames=4, seed=5, truncation=21)
    with netCDF4.Dataset(tmp_path / names.series) as data:
        data.set_auto_mask(False)
        assert data.data_model == "NETCDF3_CLASSIC"
        assert data["time"].units == "hours since 2000-01-01 00:00:00"
        assert data["time"][:].tolist() == [0.0, 6.0, 12.0, 18.0]
        assert data["lat"][0] > 80 > -80 > data["lat"][-1]
        assert data["vo"].dtype == np.float32
        np.testing.assert_array_equal(data["vo"][:, ::-1], list(generate(4, gaussian(21), 5)))
    assert names.initial == "initial.T21_NH"
    assert "T21filt_vo.dat" in names.filtered


def test_the_command_says_what_to_do_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "-o", str(tmp_path / "deep" / "er"), "--frames", "2", "--truncation", "21"]) == 0
    out = capsys.readouterr().out
    assert "track -i vo_sample.nc -f _s < specfilt.in && mv specfil_band001._s_band001 T21filt_vo.dat" in out
    assert "track -i T21filt_vo.dat -f _max < track_max.in" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--frames", "0"], "a sample of 0 frames"),
        (["--seed", "-1"], "seed -1"),
        (["--truncation", "46"], "140 columns"),
        (["--truncation", "0"], "truncation 0"),
    ],
)
def test_unusable_numbers_are_refused_before_anything_is_written(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sample", "-o", str(tmp_path / "s"), *options]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_unusable_places_and_grids(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        write_sample(tmp_path / "file" / "x", frames=1)
    with pytest.raises(GridError, match="divide 90"):
        regular(0.7)
    with pytest.raises(FieldError, match="0 frames"):
        generate(0, gaussian(21), 1)
