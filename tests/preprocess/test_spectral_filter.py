"""The fast spectral filter against the original's outputs."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import FieldError, GridError
from stormtrack.grid.gaussian import gaussian_grid, gaussian_latitudes, linear_columns, quadratic_columns
from stormtrack.preprocess.bands import band_factors
from stormtrack.preprocess.legendre import hoskins_taper
from stormtrack.preprocess.spectral import SpectralFilter
from stormtrack.settings.spectral import SpectralSettings
from stormtrack.testing import assert_bitwise

CASES = [
    *("msl_T42_5_42", "msl_T63_bands", "vo_T42_divwind", "vo_T42_filegrid", "vo_T42_newgrid", "vo_T42_plain"),
    *("vo_T42_restrict", "vo_T42_rotwind", "vo_T42_strf", "vo_T42_taper", "vo_T63_plain", "vo_T63_taper"),
]


def settings_of(answers: str) -> SpectralSettings:
    """Settings from the answers of a golden, from the truncation on."""
    words = iter(answers.split(" y 4 1 1 1 1 ")[1].split())
    made: dict[str, Any] = {}
    if next(words) == "y":
        made["input_is_divergence"] = next(words) == "1"
        made["derived"] = ("winds", "potential")[int(next(words))]
    made["truncation"] = int(next(words))
    if next(words) == "y":
        gaussian = next(words) == "1"
        made |= {"new_grid": "gaussian" if gaussian else "file"}
        made |= {"grid_truncation": int(next(words))} if gaussian else {"grid_file": next(words)}
    bands = int(next(words))
    if next(words) == "y":
        made["hoskins_cutoff"] = float(next(words))
    made["boundaries"] = tuple(int(next(words)) for _ in range(bands + 1))
    if next(words) == "y":
        made["restrict"] = (float(next(words)), float(next(words)))
    assert list(words)[:1] == ["0"]
    return SpectralSettings(**made)


def read_field(path: Path) -> tuple[Any, Any, Any]:
    """Longitudes, latitudes (south to north) and all frames of a test file."""
    with netCDF4.Dataset(path) as data:
        data.set_auto_mask(False)
        name = next(k for k in data.variables if data[k].ndim == 3)
        lat, frames = data["lat"][:].astype(np.float32), data[name][:].astype(np.float32)
        lon = data["lon"][:].astype(np.float32)
    return (lon, lat, frames) if lat[0] < lat[-1] else (lon, lat[::-1].copy(), frames[:, ::-1].copy())


@pytest.mark.parametrize("case", CASES)
def test_goldens_bit_for_bit(case: str, goldens: Path) -> None:
    folder = goldens / "preprocessing"
    with np.load(folder / f"sf_{case}.npz") as golden:
        settings = settings_of(str(golden["answers"]))
        lon, lat, frames = read_field(folder / str(golden["input"]))
        file_grid = None
        if settings.grid_file:
            numbers = (folder / settings.grid_file).read_text().split()
            values, nx = np.array(numbers[2:], np.float32), int(numbers[0])
            file_grid = values[:nx], values[nx:]
        plan = SpectralFilter(lon, lat, settings, file_grid)
        ours = plan.filter(frames[0])
        names = [key for key in golden.files if key.endswith("|data")]
        assert len(names) == plan.n_bands * len(plan.suffixes)
        for band in range(plan.n_bands):
            for suffix, field in zip(plan.suffixes, ours[band], strict=True):
                name = f"specfil_band{band:03d}.GX_band{band:03d}{suffix}"
                assert_bitwise(field, golden[f"{name}|data"][0], name)
                assert [f"{v:.5f}" for v in plan.lat] == [f"{v:.5f}" for v in golden[f"{name}|y"]]
                assert [f"{v:.5f}" for v in plan.lon] == [f"{v:.5f}" for v in golden[f"{name}|x"]]


def test_series_of_62_frames_bit_for_bit(goldens: Path) -> None:
    lon, lat, frames = read_field(goldens / "formats" / "inputs" / "vo_F32_62.nc")
    plan = SpectralFilter(lon, lat, SpectralSettings(truncation=42, boundaries=(0, 5, 42), hoskins_cutoff=0.1))
    ours = [plan.filter(frame) for frame in frames]
    for band in (0, 1):
        name = f"specfil_band{band:03d}._s_band{band:03d}"
        raw = gzip.decompress((goldens / "formats" / "r01_specfilt_vo_t42" / f"{name}.gz").read_bytes())
        records = raw[raw.index(b"FRAME") :]
        size = 13 + 4 * 64 * 128 + 1
        assert len(records) == 62 * size
        for k in range(62):
            golden = np.frombuffer(records, "<f4", 64 * 128, k * size + 13).reshape(64, 128)
            assert_bitwise(ours[k][band][0], golden, f"{name} frame {k + 1}")


def test_bands_never_overlap_and_the_first_keeps_its_lower_bound() -> None:
    bands = band_factors(42, (-3, 5, 20, 99), hoskins_taper(42, 0.1))
    used = [[int(n) for n in np.flatnonzero(factors)] for factors, _, _ in bands]
    assert used == [list(range(6)), list(range(6, 21)), list(range(21, 43))]
    assert list(np.flatnonzero(band_factors(42, (5, 42), hoskins_taper(42, None))[0][0])) == list(range(5, 43))


def test_taper_ends_at_the_cutoff() -> None:
    assert hoskins_taper(63, 0.1)[63] == np.float32(0.1)
    assert (np.diff(hoskins_taper(63, 0.1)) <= 0).all()


def test_gaussian_grids_have_the_usual_sizes() -> None:
    assert [(len(x), len(y)) for x, y in map(gaussian_grid, (42, 63, 106, 170))] == [
        *((128, 64), (192, 96), (320, 160), (512, 256))
    ]
    assert [linear_columns(62), linear_columns(63), quadratic_columns(42)] == [128, 128, 128]
    latitude, weight = gaussian_latitudes(96)
    nodes, weights = np.polynomial.legendre.leggauss(96)
    np.testing.assert_allclose(latitude, np.degrees(np.arcsin(nodes)), atol=2e-8)
    np.testing.assert_allclose(weight, weights, rtol=1e-7)
    assert math.isclose(float(weight.sum()), 2.0, abs_tol=1e-9)


PLAIN = SpectralSettings(truncation=21, boundaries=(0, 21))
LON, LAT = gaussian_grid(21)


@pytest.mark.parametrize(
    ("lon", "lat", "settings", "message"),
    [
        (np.append(LON, 360).astype(np.float32), LAT, PLAIN, "Answer 'n' when asked to make the grid periodic"),
        (LON, np.linspace(-87, 87, 32, dtype=np.float32), PLAIN, "row 17 lies at latitude 2.8|row .* lies at latitude"),
        (LON[:-1], LAT, PLAIN, "63 columns and 32 rows"),
        (LON * np.float32(0.5), LAT, PLAIN, "not evenly spaced over 360 degrees"),
        (LON, LAT, SpectralSettings(truncation=64, boundaries=(0, 21)), "truncation 64 .* allowed: 0 to 63"),
        (LON, LAT, SpectralSettings(truncation=21, boundaries=(3,)), "two boundaries; 1 given"),
        (
            *(LON, LAT),
            SpectralSettings(truncation=21, boundaries=(0, 21), new_grid="gaussian", grid_truncation=31),
            "allowed: 1 to 30",
        ),
        (
            *(LON, LAT),
            SpectralSettings(truncation=21, boundaries=(0, 21), new_grid="file", grid_file="g.txt"),
            "'g.txt' was not given",
        ),
        (*map(np.float32, (np.arange(140) * (360 / 140), gaussian_latitudes(70)[0])), PLAIN, "2, 3 and 5"),
    ],
)
def test_unusable_grids_are_explained(lon: Any, lat: Any, settings: SpectralSettings, message: str) -> None:
    with pytest.raises(GridError, match=message):
        SpectralFilter(lon, lat, settings)


def test_a_frame_of_another_shape_is_refused() -> None:
    with pytest.raises(FieldError, match=r"shape \(4, 4\) on a grid of 32 rows, 64 columns"):
        SpectralFilter(LON, LAT, PLAIN).analyse(np.zeros((4, 4), np.float32))


def test_aliasing_truncation_warns() -> None:
    assert SpectralFilter(LON, LAT, PLAIN).warning is None
    wide = SpectralSettings(truncation=40, boundaries=(0, 40))
    assert "aliases" in str(SpectralFilter(LON, LAT, wide).warning)
