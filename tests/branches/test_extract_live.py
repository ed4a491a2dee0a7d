"""Extraction of frames (menu 8) against the wheel, whole files, and against its golden."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import FieldError, NotSupportedError
from stormtrack.preprocess.transforms import transform_frame
from stormtrack.settings.extract import FieldTransform
from stormtrack.testing import assert_bitwise
from tests.branches.beside_track import assert_same, our_run

NETCDF = "n 0 4 n 1 y n g n 1 24 1 12 y 8 "
BINARY = "n 0 0 y n g n 1 24 1 12 y 8 "
GOLDEN_EXTENSION = "GX"
MARK = -9.99e8


@pytest.fixture(scope="session")
def series(goldens: Path) -> Path:
    return goldens / "preprocessing" / "in_vo850_series.nc"


@pytest.fixture(scope="session")
def binary(series: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("series") / "series.dat"
    with netCDF4.Dataset(series) as d:
        d.set_auto_mask(False)
        lon, lat, fields = d["lon"][:], d["lat"][::-1], d["vo"][:20, ::-1]
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (len(lon), len(lat), len(fields)))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        for k, field in enumerate(fields, 1):
            out.write(b"FRAME %6d\n" % k + field.astype("<f4").tobytes() + b"\n")
    return path


def _netcdf(
    path: Path,
    series: Path,
    *,
    mark: str = "",
    packed: bool = False,
    levels: bool = False,
    ascending: bool = False,
    west: float = 0.0,
    positive: bool = False,
) -> Path:
    with netCDF4.Dataset(series) as source:
        source.set_auto_mask(False)
        lon, lat, values = source["lon"][:] - west, np.array(source["lat"][:]), np.array(source["vo"][:12])
    lat = lat[::-1] if ascending else lat
    kind = "i2" if packed else "f4"
    values = np.round(values / 1e-7).astype("i2") if packed else values
    values = np.abs(values) * np.float32(1e5) + np.float32(0.25) if positive else values
    if mark:
        values[:, 3, 4:6] = MARK
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as d:
        sizes = {"time": None, "lev": 2, "lat": 12, "lon": 24}
        for name, size in sizes.items():
            d.createDimension(name, size)
            d.createVariable(name, "f8" if name == "time" else "f4", (name,))
        d["time"].units, d["lev"].units = "hours since 2025-12-01", "hPa"
        d["time"][:], d["lev"][:], d["lat"][:], d["lon"][:] = np.arange(12) * 6, [850, 500], lat, lon
        dims = ("time", "lev", "lat", "lon") if levels else ("time", "lat", "lon")
        v = d.createVariable("vo", kind, dims, fill_value=MARK if mark == "_FillValue" else None)
        v.set_auto_maskandscale(False)
        v.long_name, v.units = "relative vorticity", "s**-1"
        if mark == "missing_value":
            v.missing_value = np.float32(MARK)
        if packed:
            v.scale_factor, v.add_offset = 1e-7, 1e-5
        v[:] = np.stack([values, values[:, ::-1]], 1) if levels else values
    return path


def test_golden(goldens: Path, tmp_path: Path) -> None:
    golden = np.load(goldens / "preprocessing" / "extract_scale.npz")
    out = our_run(tmp_path / "ours", goldens / "preprocessing" / str(golden["input"]), str(golden["answers"]))
    with netCDF4.Dataset("extract", memory=out["extract_a"]) as d:
        d.set_auto_maskandscale(False)
        for name in ("time", "lat", "lon", "vo"):
            assert_bitwise(np.array(d[name][:]), golden[f"extract{GOLDEN_EXTENSION}|{name}"], name)


WITH_CONSTANT = [f"y {kind} 1.3e-5" for kind in (1, 2, 3, 4, 6, 7)]
WITHOUT = [f"y {kind}" for kind in (10, 11, 12, 13, 14, 15)]


@pytest.mark.parametrize("transform", [*WITH_CONSTANT, *WITHOUT])
def test_transforms_of_values_that_may_be_missing(
    oracle_library: Path, series: Path, tmp_path: Path, transform: str
) -> None:
    data = _netcdf(tmp_path / "x.nc", series, mark="missing_value")
    assert_same(tmp_path, data, NETCDF + f"2 3 20 s 0 {transform} -9.0e8 1 y")


@pytest.mark.parametrize("transform", ["y 5 2.5", "y 5 3", "y 5 -0.5", "y 8", "y 9"])
def test_transforms_of_positive_values(oracle_library: Path, series: Path, tmp_path: Path, transform: str) -> None:
    assert_same(tmp_path, _netcdf(tmp_path / "x.nc", series, positive=True), NETCDF + f"1 5 12 s 0 {transform} n")


LEVELS = "n 0 4 n 1 y n {} g n 1 24 1 12 y 8 1 1 2 s 0 n y"
WEST = "n 0 4 n 1 y n {} g n 1 24 1 12 y 8 1 1 2 s 0 {}"
FILES = {
    "fill value, equality": ({"mark": "_FillValue"}, NETCDF + "2 3 20 s 0 y 3 1.0e5 -9.99e8 0 n"),
    "packed": ({"packed": True}, NETCDF + "2 3 20 s 0 n y"),
    "level 850": ({"levels": True}, LEVELS.format(850)),
    "level 500": ({"levels": True}, LEVELS.format(500)),
    "western, uncorrected": ({"ascending": True, "west": 350.0}, WEST.format("n", "n n")),
    "western, corrected, planetary": ({"ascending": True, "west": 350.0}, WEST.format("y 2", "y 14 y")),
    "no frame": ({}, NETCDF + "200 3 300 s 0 n n"),
}


@pytest.mark.parametrize("name", FILES)
def test_kinds_of_netcdf_files(oracle_library: Path, series: Path, tmp_path: Path, name: str) -> None:
    options, answers = FILES[name]
    assert_same(tmp_path, _netcdf(tmp_path / "x.nc", series, **options), answers)


@pytest.mark.parametrize(
    "answers",
    ["2 3 17 s 0 n y", "2 3 4 i 0 n n", "5 9 4 a 0 n n", "1 5 10 x 0 y 14 n y", "1 5 10 s 0 y 3 1e5 y 0 2 n"],
)
def test_binary_files(oracle_library: Path, binary: Path, tmp_path: Path, answers: str) -> None:
    assert_same(tmp_path, binary, BINARY + answers)


def test_what_cannot_be_done_is_refused(series: Path, binary: Path, tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="logarithm"):
        our_run(tmp_path / "log", series, NETCDF + "1 1 2 s 0 y 9 n")
    assert not (tmp_path / "log" / "extract_a").exists()
    with pytest.raises(NotSupportedError, match="holes"):
        our_run(tmp_path / "holes", binary, BINARY + "1 1 2 s 2 n n")


def test_whole_powers_of_negative_values_are_computed() -> None:
    field = np.array([[-2.0, 3.0]], np.float32)
    transform_frame(field, FieldTransform(kind=5, constant=3.0), np.zeros(1, np.float32))
    assert field.tolist() == [[-8.0, 27.0]]
