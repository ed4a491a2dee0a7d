"""Public files that others made: values, dates, grids are those that another program reads, or the file is refused."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field
from stormtrack.errors import FieldWarning, UserInputError
from stormtrack.fields.levels import in_hpa, is_pressure
from tests.fields.real_fields import RealField, RealFile, real_file

ROOT = (
    Path(os.environ.get("STORMTRACK_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "realfiles" / "fields"
)
FILES = [real_file(folder) for folder in sorted(ROOT.iterdir())] if ROOT.is_dir() else []
FIELDS = [field for file in FILES if file.must != "refuse" for field in file.fields]
ROTATED = {"pp_missing_data", "pp_rotated_wind_levels", "rotated_pole_scalar_time"}
"""Read on their own grid when that is asked for, else refused."""
NEEDS = {"grib": "eccodes", "zarr": "zarr"}
SAID = {
    "curvilinear_2d_lonlat": "lat and lon",
    "geodesic_cells": "unstructured",
    "grib_empty": "empty",
    "grib_lambert": "lambert",
    "grib_mercator": "mercator",
    "grib_reduced_gaussian": "reduced Gaussian",
    "grib_spherical_harmonics": "spectral coefficients",
    "grib_truncated": "damaged",
    "pp_mixed_endian": "record marks are little-endian",
    "um_fieldsfile_not_pp": "fieldsfile",
}
"""What the refusals have to name, from the notes of the files."""


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest, real_files: Path) -> None:
    kind = request.node.name.partition("[")[2][:4]
    if kind in NEEDS:
        pytest.importorskip(NEEDS[kind])


def opened(field: RealField) -> tuple[Any, list[str]]:
    """The field with everything kept that could be chosen, and what was warned of."""
    axes = {"time": "month"} if "month" in field.coordinates else {}  # as the refusal without it says
    grid = "own" if field.case in ROTATED else None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", FieldWarning)
        array = open_field(field.path, field.name, level="all", member="all", axes=axes, grid=grid)
    return array, [str(w.message) for w in warned]


def index_of(array: Any, field: RealField, dim: str, k: int, label: Any) -> tuple[str, int] | None:
    """Axis of ours and index of entry `k` of an axis of theirs; None for an axis that we do not have."""
    if dim in ("lat", "lon", "time"):
        return dim, k % array.sizes[dim]
    theirs = field.coordinates.get(dim, {"n": 1})  # xarray tells nothing of coordinates named otherwise than their axis
    named = [d for d in array.dims if array[d].attrs.get("standard_name") == theirs.get("standard_name", "?")]
    ours = dim if dim in array.dims else next(iter(named), None)
    if ours is None:
        assert theirs["n"] == 1
        return None
    if "first" not in theirs:
        return ours, k
    value = label if label is not None else (theirs["first"], theirs["last"])[k if theirs["n"] == 2 else 0]
    units = [theirs.get("units", ""), array[ours].attrs.get("units", "")]
    wanted, held = np.array([value], np.float64), np.asarray(array[ours].values, np.float64)
    if all(map(is_pressure, units)):
        wanted, held = in_hpa(wanted, units[0]), in_hpa(held, units[1])
    near = np.flatnonzero(np.isclose(held, wanted, rtol=1e-6))
    assert len(near) == 1, f"{dim} {value} is not among {held}"
    return ours, int(near[0])


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_values_and_coordinates_are_those_of_another_program(field: RealField) -> None:
    if field.case in ROTATED:
        with pytest.raises(UserInputError, match="rotated"):
            open_field(field.path, field.name, level="all")
    array, warned = opened(field)
    check_axes(array, field)
    check_times(array, field, warned)
    check_samples(array, field)
    if all(field.coordinates.get(dim, {"n": 1})["n"] <= 2 for dim in field.dims if dim not in ("lat", "lon", "time")):
        check_statistics(array, field)


def check_axes(array: Any, field: RealField) -> None:
    assert tuple(array.dims[-3:]) == ("time", "lat", "lon")
    for ours in ("lat", "lon"):
        theirs = next((c for n, c in field.coordinates.items() if re.match(f"(grid_)?{ours}", n)), None)
        if theirs is None:
            continue
        whole = array.sizes[ours] == theirs["n"]
        assert whole or (ours, theirs["n"], theirs["last"] - theirs["first"]) == ("lon", array.sizes[ours] + 1, 360.0)
        assert float(array[ours][0]) == pytest.approx(theirs["first"], abs=2e-4)
        if whole:
            assert float(array[ours][-1]) == pytest.approx(theirs["last"], abs=2e-4)


def check_times(array: Any, field: RealField, warned: list[str]) -> None:
    theirs = field.time
    if theirs is None:
        assert array.sizes["time"] == 1
        return
    assert array.sizes["time"] == theirs["n"]
    ours = array["time"].values
    if not isinstance(theirs["first"], str):
        assert [float(ours[0]), float(ours[-1])] == [theirs["first"], theirs["last"]]
        assert any("numbers for times" in text for text in warned)
        return
    texts = [str(v.astype("datetime64[s]")) if ours.dtype.kind == "M" else v.isoformat()[:19] for v in ours[[0, -1]]]
    assert texts == [theirs[end].replace(" ", "T")[:19] for end in ("first", "last")]
    if "calendar" in theirs:
        assert array["time"].encoding["calendar"] == theirs["calendar"] or ours.dtype.kind == "M"
    assert any("uneven" in text for text in warned) == (theirs.get("step_hours") == "irregular") or "step" not in theirs


def check_samples(array: Any, field: RealField) -> None:
    for sample in field.about["samples"]:
        at = {}
        for dim, k in zip(field.dims, sample["index"], strict=True):
            found = index_of(array, field, dim, k, sample.get(dim))
            at |= dict([found]) if found else {}
        value = float(array.isel({**dict.fromkeys(set(array.dims) - set(at), 0), **at}).values)
        expected = np.nan if sample["value"] is None else sample["value"]
        assert value == pytest.approx(expected, rel=1e-6, nan_ok=True), sample


def check_statistics(array: Any, field: RealField) -> None:
    """Count of missing values, extremes and mean of everything that the other program has under this name."""
    for dim in field.dims:
        if dim not in ("lat", "lon", "time"):
            ends = [index_of(array, field, dim, k, None) for k in range(field.coordinates.get(dim, {"n": 1})["n"])]
            array = array.isel({end[0]: [end[1] for end in ends] for end in ends[:1] if end})  # type: ignore[misc]
    values = np.asarray(array.values, np.float64)
    about = field.about
    if values.size != np.prod(about["shape"]):  # a repeated column was dropped, or levels were put together
        return
    assert np.count_nonzero(np.isnan(values)) == about["missing"]
    found = [np.nanmin(values), np.nanmax(values), np.nanmean(values)]
    assert found == pytest.approx([about["min"], about["max"], about["mean"]], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("file", [file for file in FILES if file.must == "refuse"], ids=str)
def test_what_cannot_be_used_is_refused_with_the_reason(file: RealFile) -> None:
    names = {field.name for field in file.fields} or {None}
    for name in names:
        with pytest.raises(UserInputError) as caught:
            open_field(file.path, name)
        assert str(file.path) in str(caught.value)
        assert SAID[file.case] in str(caught.value)


def test_every_public_file_is_looked_at(real_files: Path) -> None:
    assert len(FILES) == 52
    assert all(file.fields or file.must != "read" for file in FILES)
    assert {file.case for file in FILES if file.must == "refuse"} == set(SAID)


@pytest.mark.parametrize("name", ["U", "V"])
def test_a_cyclic_column_is_dropped_and_coordinates_of_other_names_are_found(real_files: Path, name: str) -> None:
    netCDF4 = pytest.importorskip("netCDF4")
    path = real_files / "fields" / "cyclic_point_renamed_coords" / "ex01B1_uv300.hs.nc"
    with netCDF4.Dataset(path) as file:
        lat, lon, values = (np.asarray(file[v][...]) for v in ("lat", "lon", name))
    with pytest.warns(FieldWarning, match="numbers for times"):
        array = open_field(path, name)
    assert (array.lat.values == lat).all() and (array.lon.values == lon[:-1]).all()
    assert (array.values[0] == values[0, 0, :, :-1]).all() and (values[..., -1] == values[..., 0]).all()


def test_the_refusal_names_what_decides(real_files: Path) -> None:
    members = real_files / "fields" / "grib_members_levels" / "era5-levels-members.grib"
    pytest.importorskip("eccodes")
    with pytest.raises(UserInputError, match=r"variable=NAME.*z\(.*Geopotential.*t\("):
        open_field(members)
    with pytest.raises(UserInputError, match=r"number.*\(0, 1\): member=VALUE.*850 hPa, 500 hPa.*level=VALUE"):
        open_field(members, "z")
    assert open_field(members, "z", 85000, 1).identical(open_field(members, "z", "850 hPa", member="1"))
