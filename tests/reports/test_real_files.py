"""Public files of others: what is read today is read rightly, everything else is refused with what it is."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from tests.conftest import SHARED
from tests.reports.commands import Done, refused, track, warnings_of

FIELDS = SHARED / "realfiles" / "fields"
NAMES = sorted(path.parent.name for path in FIELDS.glob("*/expected.json"))
EXTRACT = "y 8 1 1 10000 a 0 n n"
CONVERT = "y 7 1 1 10000"


@dataclass(frozen=True)
class Netcdf:
    """How a NetCDF file is read: answers about its grid (after translate), and what is said of it."""

    grid: str = ""
    """Answers between the translation and the norm, but for the level."""
    said: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    coards: str = "n"


NETCDF = {
    "ccm_no_calendar_attribute": Netcdf("n"),
    "cfgrib_to_netcdf_scalars": Netcdf("n", ("no time dimension",)),
    "cmip6_360day_daily": Netcdf("", warned=("360_day",)),
    "cmip6_360day_monthly": Netcdf("", warned=("360_day",)),
    "cmip6_noleap_daily": Netcdf("y", warned=("365_day",)),
    "cmip6_proleptic_daily": Netcdf(),
    "era5_cds2_pressure_levels": Netcdf("n", warned=("not in order|uneven",)),
    "era5_cds2_surface": Netcdf(""),
    "era5_no_time_dimension": Netcdf("y y y n", ("no time dimension",)),
    "era5_packed_scalar_time": Netcdf("n", ("no time dimension",)),
    "era_interim_style_packed_levels": Netcdf("y y y {level} n"),
    "erainterim_month_dim_negative_scale": Netcdf("n y y y", coards="y"),
    "hadcm_360day": Netcdf("", warned=("360_day",)),
    "iris_saved_unlimited_degrees": Netcdf("y y y n", warned=("uneven",)),
    "lon_minus180_gaussian": Netcdf("n"),
    "months_since": Netcdf("y y y n", warned=("uneven",)),
    "storm_1996_no_units": Netcdf("n"),
}
REFUSED = {
    "curvilinear_2d_lonlat": ("4 n 1 n u_wind n", ("two-dimensional (lat and lon along x, y)", "Interpolate")),
    "cyclic_point_renamed_coords": ("4 n 1 n U n", ("rename the variable 'lat' to 'latitude'",)),
    "geodesic_cells": ("4 n 1 n relative n", ("one horizontal dimension, 'grid_cells'", "interpolate")),
    "netcdf_gz": ("4 n 1 n n", ("gzip-compressed",)),
    "pp_mixed_endian": ("3 n", ("its record marks are little-endian", "big-endian")),
    "pp_wgdos_packed": (f"3 n y y y n g n 1 192 1 145 {CONVERT}", ("packed data (LBPACK 1)",)),
    "um_fieldsfile_not_pp": ("3 n", ("a fieldsfile of the Unified Model",)),
    "grib_empty": ("4 n 1 n n", ("is empty",)),
}
PP = {
    "pp_360day_annual": ("3 n y y y n", ("big-endian",), ()),
    "pp_ensemble_member": ("3 n y y y n", ("big-endian",), ("uneven",)),
    "pp_integer_field": ("3 n y y y n", ("big-endian", "whole numbers"), ()),
    "pp_missing_data": ("3 y n y", ("big-endian",), ("rotated",)),
    "pp_rotated_wind_levels": ("3 y n n y", (), ("rotated", "not one series", "duplicate")),
    "pp_surface_pressure_3_times": ("3 n y y y n", (), ()),
}


def expected(name: str) -> dict[str, Any]:
    return json.loads((FIELDS / name / "expected.json").read_text())


def lay_out(name: str, folder: Path) -> str:
    """Copy the file (or store) of a case; its name."""
    file = expected(name)["file"]
    source = FIELDS / name / file
    (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / file)
    return str(file)


def read(folder: Path, file: str, answers: str) -> Done:
    return track(folder, f"n 0 {answers}", "-i", file, "-f", "_t", "--keep-missing")


def check_said(done: Done, said: tuple[str, ...], warned: tuple[str, ...]) -> None:
    assert done.returncode == 0, done.stderr
    for text in said:
        assert text in done.stderr, (text, done.stderr)
    found = [w for w in warnings_of(done) if "--keep-missing" not in w]
    for text in warned:
        assert any(part in w for part in text.split("|") for w in found), (text, found)
    assert len(found) <= max(len(warned), 2) if warned else not found, found


def frames_of_binary(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Longitudes, latitudes and frames of a TRACK binary file."""
    data = path.read_bytes()
    nx, ny, n = (int(word) for word in data[:21].split())
    head = data.index(b"FRAME")
    axes = np.array(data[21:head].split(), np.float64)
    step = 13 + 4 * nx * ny + 1
    frames = [np.frombuffer(data, "<f4", nx * ny, head + k * step + 13).reshape(ny, nx) for k in range(n)]
    return axes[:nx], axes[nx:], np.array(frames)


def close(value: float, wanted: float, unit: float) -> bool:
    return abs(value - wanted) <= max(1.0e-6 * abs(wanted), 0.51 * abs(unit))


@pytest.mark.parametrize("name", NETCDF)
def test_netcdf_files_are_read_rightly(name: str, tmp_path: Path, real_files: Path) -> None:
    case, about = NETCDF[name], expected(name)["expected"]
    file = lay_out(name, tmp_path)
    with netCDF4.Dataset(tmp_path / file) as dataset:
        candidates = [n for n in dataset.variables if n not in dataset.dimensions]
        fields = [n for n in candidates if n in about["variables"] and "samples" in about["variables"][n]]
        fields = [n for n in fields if dataset[n].ndim >= 2 and "bnds" not in dataset[n].dimensions]
        shapes = {n: dict(zip(dataset[n].dimensions, dataset[n].shape, strict=True)) for n in fields}
        units = {n: float(getattr(dataset[n], "scale_factor", 0.0)) for n in fields}
    assert fields
    for field in fields[:2]:
        shape = shapes[field]
        levels = [n for n in shape if "lev" in n and shape[n] > 1]
        by_level: dict[str, list[dict[str, Any]]] = {}
        for sample in about["variables"][field]["samples"]:
            by_level.setdefault(f"{sample[levels[0]]:.7g}" if levels else "", []).append(sample)
        for level, samples in by_level.items():
            rows, columns = list(shape.values())[-2:]
            asked = f"{field} " if len(candidates) > 1 else ""
            grid = case.grid.format(level=level) if "{level}" in case.grid else f"{case.grid} {level}"
            start = f"4 n 1 {case.coards} {asked}n {grid} g n 1 {columns} 1 {rows}"
            done = read(tmp_path, file, f"{start} {EXTRACT if len(shape) > 2 else CONVERT}")
            check_said(done, case.said, case.warned)
            for sample in samples:
                check_sample(tmp_path, field, shape, sample, units[field])


def check_sample(folder: Path, field: str, shape: dict[str, int], sample: dict[str, Any], unit: float) -> None:
    """Compare one value of what was read with what an independent program found."""
    rows, columns = list(shape.values())[-2:]
    if len(shape) > 2:
        with netCDF4.Dataset(folder / "extract_t") as out:
            out.set_auto_mask(False)
            found = out[field][...]
        assert found.shape[0] == next(iter(shape.values()))
        value = float(found[sample["index"][0]].reshape(rows, columns)[tuple(sample["index"][-2:])])
    else:
        lat, lon = (sample[n] for n in shape)
        x, y, frames = frames_of_binary(folder / "conv_bin_t")
        value = float(frames[0, np.abs(y - lat).argmin(), np.abs(x - lon).argmin()])
        assert np.abs(y - lat).min() < 1.0e-4 and np.abs(x - lon).min() < 1.0e-4
    assert sample["value"] is None or close(value, sample["value"], unit), (value, sample)


@pytest.mark.parametrize("name", PP)
def test_pp_files_are_read_rightly(name: str, tmp_path: Path, real_files: Path) -> None:
    answers, said, warned = PP[name]
    (cube,) = expected(name)["expected"]["cubes"]
    rows, columns = cube["shape"][-2:]
    done = read(tmp_path, lay_out(name, tmp_path), f"{answers} g n 1 {columns} 1 {rows} {CONVERT}")
    check_said(done, said, warned)
    x, y, frames = frames_of_binary(tmp_path / "conv_bin_t")
    latitudes = next(cube["coords"][n] for n in ("latitude", "grid_latitude") if n in cube["coords"])
    longitudes = next(cube["coords"][n] for n in ("longitude", "grid_longitude") if n in cube["coords"])
    south_first = latitudes["first"] < latitudes["last"]
    np.testing.assert_allclose(y[[0, -1]], sorted((latitudes["first"], latitudes["last"])), atol=2.0e-3)
    assert abs(x[-1] - x[0] - longitudes["last"] + longitudes["first"]) < 1.0e-2
    stacked = frames.reshape(*cube["shape"]) if len(frames) > 1 else frames[0]
    if name == "pp_rotated_wind_levels":
        stacked = stacked[:, ::-1]  # the other program sorts the levels
    for sample in cube["samples"]:
        *leading, row, column = sample["index"]
        value = float(stacked[(*leading, row if south_first else rows - 1 - row, column)])
        assert close(value, sample["value"], 0.0), (value, sample)


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_read_say_why(name: str, tmp_path: Path, real_files: Path) -> None:
    answers, said = REFUSED[name]
    refused(read(tmp_path, lay_out(name, tmp_path), answers), *said)
    assert not [p for p in tmp_path.iterdir() if p.name not in (expected(name)["file"], "initial_t")]


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("grib", "zarr"))])
@pytest.mark.parametrize("format", ["0 y", "1", "3", "4 n 1 n"])
def test_formats_that_are_not_read_are_named(name: str, format: str, tmp_path: Path, real_files: Path) -> None:
    done = read(tmp_path, lay_out(name, tmp_path), f"{format} n")
    refused(done, "is empty" if name == "grib_empty" else "Zarr" if name.startswith("zarr") else "GRIB")
    assert len(done.stderr.splitlines()) == 1


def test_a_rotated_pole_is_never_silent(tmp_path: Path, real_files: Path) -> None:
    file = lay_out("rotated_pole_scalar_time", tmp_path)
    done = read(tmp_path, file, f"4 n 1 n air_pressure_at_sea_level n n g n 1 36 1 22 {CONVERT}")
    check_said(done, ("latitude 37.5, longitude 177.5",), ("rotated",))


def test_every_file_is_tried(real_files: Path) -> None:
    tried = {*NETCDF, *PP, *REFUSED, "rotated_pole_scalar_time"}
    assert [n for n in NAMES if n not in tried and not n.startswith(("grib", "zarr"))] == []
