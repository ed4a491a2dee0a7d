"""`stormtrack info`: what it says of public files, and of files made for it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field
from stormtrack.cli._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from stormtrack.cli.main import main
from stormtrack.errors import FieldError
from stormtrack.fields.describing import describe
from tests.fields.real_fields import RealFile
from tests.fields.test_real_files import FILES, NEEDS, ROTATED

RANDOM = np.random.default_rng(8)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["info", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("file", [file for file in FILES if file.fields], ids=str)
def test_every_field_of_a_public_file_is_named(file: RealFile, capsys: pytest.CaptureFixture[str]) -> None:
    if file.case[:4] in NEEDS:
        pytest.importorskip(NEEDS[file.case[:4]])
    if file.case == "grib_truncated":
        assert main(["info", str(file.path)]) == 2
        return
    found = said(capsys, str(file.path))
    fields = {field["name"]: field for field in found["fields"]}
    assert set(fields) == {field.name or next(iter(fields)) for field in file.fields}
    for expected in file.fields:
        facts, time = fields[expected.name or next(iter(fields))], expected.time
        frames = time["n"] if time is not None and time["dims"] else 1
        if "month" not in expected.coordinates:
            assert facts["time"]["frames"] == frames
        assert bool(facts["problem"]) == (file.must == "refuse" or file.case in ROTATED)


@pytest.mark.parametrize("file", [file for file in FILES if file.must == "refuse" and not file.fields], ids=str)
def test_files_without_fields_end_with_status_2(file: RealFile, capsys: pytest.CaptureFixture[str]) -> None:
    if file.case[:4] in NEEDS:
        pytest.importorskip(NEEDS[file.case[:4]])
    status = main(["info", str(file.path)])
    shown = capsys.readouterr()
    assert (status == 2 and str(file.path) in shown.err and not shown.out) or "    no     " in shown.out


def test_text_says_what_has_to_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = np.zeros((2, 3, 4, 5, 8), "f4")
    coordinates = {
        "number": [0, 1],
        "time": np.array(["2000-02-28", "2000-02-29", "2000-03-03"], "M8[ns]"),
        "plev": ("plev", [1e5, 85e3, 7e4, 5e4], {"units": "Pa", "standard_name": "air_pressure"}),
        "lat": ("lat", np.linspace(80, -80, 5), {"units": "degrees_north"}),
        "lon": ("lon", np.arange(0, 360, 45.0), {"units": "degrees_east"}),
    }
    array = xr.DataArray(values, coordinates, ("number", "time", "plev", "lat", "lon"), "ua", {"units": "K"})
    array.attrs["standard_name"] = "eastward_wind"
    array.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    assert main(["info", str(tmp_path / "in.nc")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "  ua  eastward_wind, [K], float32"
    assert lines[2] == "    grid   regular 8 x 5: lat 80 to -80 by 40, lon 0 to 315 by 45, area global"
    assert lines[3] == (
        "    time   3 frames, 2000-02-28 00:00 to 2000-03-03 00:00 by 24 h, calendar proleptic_gregorian ('time')"
    )
    assert lines[4] == "    member number: 0, 1  choose: member=VALUE or member='all' (--member)"
    assert "1000 hPa, 850 hPa, 700 hPa, 500 hPa  choose: level=VALUE or level='all' (--level)" in lines[5]
    assert "time steps are uneven" in lines[6] and "'K' measure a temperature" in lines[7]


def test_a_series_of_files_is_described_as_one(tmp_path: Path) -> None:
    for k in range(3):
        array = xr.DataArray(
            np.zeros((2, 4, 8), "f4"),
            {"time": np.array([48 * k, 48 * k + 24]), "lat": [60.0, 20, -20, -60], "lon": np.arange(0, 360, 45.0)},
            ("time", "lat", "lon"),
            "msl",
        )
        array.time.attrs["units"] = "hours since 2000-01-01"
        array.to_netcdf(tmp_path / f"{k}.nc", engine="netcdf4")
    (field,) = describe(tmp_path).fields
    assert field.time is not None
    assert (field.time.frames, field.time.first, field.time.last) == (6, "2000-01-01 00:00", "2000-01-06 00:00")
    assert not field.warnings
    (field,) = describe([tmp_path / "0.nc", tmp_path / "2.nc"]).fields
    assert "2 frames missing" in field.warnings[0]
    (field,) = describe([tmp_path / "0.nc", tmp_path / "0.nc"]).fields
    assert "overlap" in field.problem


def test_no_field_at_all_is_an_error(tmp_path: Path) -> None:
    xr.Dataset({"a": ("x", [1.0, 2.0])}).to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    with pytest.raises(FieldError, match=r"no field with latitudes and longitudes \(variables: a\(x\)\)"):
        describe(tmp_path / "in.nc")


@pytest.mark.parametrize("wrong", [["--axis", "lat"], ["--storage-options", "[1]"], ["--storage-options", "{"]])
def test_wrong_options_end_with_status_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "in.nc", *wrong]) == 2
    assert wrong[0] in capsys.readouterr().err


def test_options_of_commands_are_the_arguments_of_open_field(tmp_path: Path) -> None:
    coordinates = {
        "time": [0.0, 6.0, 12.0],
        "z": [1, 2],
        "number": [0, 3],
        "lat": [60.0, 0, -60],
        "lon": np.arange(0, 360, 90.0),
    }
    array = xr.DataArray(RANDOM.normal(size=(3, 2, 2, 3, 4)), coordinates, tuple(coordinates), "a")
    array.time.attrs["units"] = "hours since 2000-01-01"
    array.to_dataset().assign(b=array + 1).to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    parser = argparse.ArgumentParser()
    add_opening_options(parser)
    add_choosing_options(parser)
    args = parser.parse_args(
        [
            "--variable",
            "b",
            "--level",
            "2",
            "--select",
            "number=3",
            "--stride",
            "2",
            "--axis",
            "level=z",
            "--calendar",
            "noleap",
        ]
    )
    with open_field(tmp_path / "in.nc", **opening_options(args), **choosing_options(args)) as found:
        assert (found.values == array.values[::2, 1, 1] + 1).all()
        assert found.time.encoding["calendar"] == "noleap"
