"""What every dimension of a NetCDF field was taken for, and what the file says beyond what TRACK reads."""

from __future__ import annotations

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from tests.reports.commands import refused, run, track, warnings_of
from tests.reports.fields import (
    ANSWERS,
    BEFORE,
    FIRST,
    LAT,
    LINKING,
    LON,
    START,
    WHOLE,
    vortices,
    write,
    write_binary,
)

FOUR = vortices()[:, None]
REST = f"{WHOLE} {BEFORE} {FIRST} {LINKING}"
COARDS = f"{START.format(coards='y')} {REST}"


@pytest.mark.parametrize(
    ("name", "role", "reason"),
    [
        ("expver", "the longitude", "its name contains 'x'"),
        ("hybrid", "the latitude", "its name contains 'y'"),
        ("day", "the latitude", "its name contains 'y'"),
    ],
)
def test_a_name_that_misleads_the_rules(name: str, role: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "in.nc", FOUR, names=("time", name, "lat", "lon"), axes={name: np.array([1.0])})
    done = track(tmp_path, ANSWERS)
    refused(done, f"'{name}' was taken for {role} ({reason})", f"Rename or cut out '{name}'", "answer y")
    assert "must be the last two" not in done.stderr
    done = track(tmp_path, COARDS)
    assert done.returncode == 0, done.stderr


def test_dimensions_in_another_order(tmp_path: Path) -> None:
    write(tmp_path / "in.nc", vortices().transpose(0, 2, 1).copy(), names=("time", "lon", "lat"))
    refused(track(tmp_path, ANSWERS), "must be the last two", "'lon' was taken for the longitude", "ncpdq")


@pytest.mark.parametrize("quiet", [False, True])
def test_lead_times_taken_for_an_additional_dimension(quiet: bool, tmp_path: Path) -> None:
    write(tmp_path / "in.nc", names=("step", "lat", "lon"), axes={"step": 6.0 * np.arange(5)})
    options = ("-i", "in.nc", "-f", "_t", *(["--quiet"] if quiet else []))
    open_grid = ANSWERS.replace("n y g n 1 37", "n n g n 1 36", 1)
    done = track(tmp_path, open_grid, *options)
    refused(done, "step")
    reason = "'step' was taken for an additional dimension"
    assert "These data raise the questions nc.add_value ('step' has 5 entries), grid.make_periodic" in done.stderr
    if not quiet:
        assert f"dimension {reason}" in done.stderr.splitlines()[0]
        assert "5 entries, 0 to 24: nc.add_value asks" in done.stderr
    plain = tmp_path / "plain"
    plain.mkdir()
    write(plain / "in.nc")
    track(plain, ANSWERS)
    done = track(tmp_path, COARDS)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "objout_t").read_bytes() == (plain / "objout_t").read_bytes()


def test_a_time_known_by_its_place(tmp_path: Path) -> None:
    write(tmp_path / "in.nc", names=("month", "lat", "lon"), axes={"month": np.zeros(0)})
    done = track(tmp_path, ANSWERS)
    assert done.returncode == 0, done.stderr
    assert "dimension 'month' (5 entries) is taken for the time by its place" in done.stderr


def test_no_time_at_all(tmp_path: Path) -> None:
    write(tmp_path / "in.nc", vortices()[0], names=("lat", "lon"))
    refused(track(tmp_path, ANSWERS), "no time dimension, so TRACK counts 0 frames", "frame.start")


def test_unstructured_grids(tmp_path: Path) -> None:
    for names in (("time", "cell"), ("time", "values")):
        with netCDF4.Dataset(tmp_path / "in.nc", "w") as out:
            for name, size in zip(names, (3, 48), strict=True):
                out.createDimension(name, size)
            for name, standard in (("clat", "latitude"), ("clon", "longitude")):
                out.createVariable(name, "f8", names[1:]).standard_name = standard
            out.createVariable("time", "f8", names[:1])[:] = np.arange(3)
            out.createVariable("vo", "f4", names)
        for answers in (ANSWERS, COARDS):
            done = track(tmp_path, answers.replace("n 0 4 n 1 ", "n 0 4 n 1 ").replace("n y g", "vo n y g", 1))
            refused(done, f"one horizontal dimension, '{names[1]}'", "interpolate to a regular or Gaussian grid")
            assert "Rename" not in done.stderr


def test_curvilinear_grids(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "in.nc", "w") as out:
        for name, size in (("time", 3), ("j", 6), ("i", 8)):
            out.createDimension(name, size)
        for name in ("lat", "lon"):
            out.createVariable(name, "f8", ("j", "i"))
        out.createVariable("vo", "f4", ("time", "j", "i"))
    answers = ANSWERS.replace("n y g", "vo n y g", 1)
    refused(track(tmp_path, answers), "two-dimensional (lat and lon along j, i)", "Interpolate")


def test_coordinates_that_are_named_otherwise_than_their_dimensions(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "in.nc", "w") as out:
        for name, size in (("time", 3), ("latitude", 18), ("longitude", 36)):
            out.createDimension(name, size)
        out.createVariable("lat", "f8", ("latitude",))[:] = LAT
        out.createVariable("lon", "f8", ("longitude",))[:] = LON
        out.createVariable("vo", "f4", ("time", "latitude", "longitude"))
    refused(track(tmp_path, ANSWERS.replace("n y g", "vo n y g", 1)), "rename the variable 'lat' to 'latitude'")


def test_levels_in_other_units(tmp_path: Path) -> None:
    levels = np.array([92500.0, 85000.0])
    values = vortices()[:, None].repeat(2, axis=1)
    write(
        tmp_path / "in.nc",
        values,
        names=("time", "plev", "lat", "lon"),
        axes={"plev": levels},
        attributes={"plev": {"units": "Pa"}},
    )
    start = "n 0 4 n 1 y n {level} y g n"
    refused(track(tmp_path, f"{start.format(level='850.')} {REST}"), "92500, 85000 (Pa)", "is 85000 meant")
    done = track(tmp_path, f"{start.format(level='85000.')} {REST}")
    assert done.returncode == 0, done.stderr


ODD_TIMES = {
    "gap": ([0, 6, 12, 30, 36], "uneven: 6 hours is usual, but from frame 3 (2000-01-01 12:00) to frame 4"),
    "duplicate": ([0, 6, 6, 12, 18], "duplicate times: frame 2 (2000-01-01 06:00) and frame 3"),
    "backwards": ([0, 12, 6, 18, 24], "not in order: frame 3 (2000-01-01 06:00) comes after frame 2"),
}


@pytest.mark.parametrize("kind", ODD_TIMES)
def test_odd_times(kind: str, tmp_path: Path) -> None:
    """One warning; the bytes are TRACK's, which takes no notice of times."""
    hours, said = ODD_TIMES[kind]
    units = {"time": {"units": "hours since 2000-01-01", "calendar": "standard"}}
    write(tmp_path / "in.nc", attributes=units)
    done = track(tmp_path, ANSWERS)
    assert (done.returncode, done.stderr) == (0, "")
    expected = (tmp_path / "tdump_t").read_bytes()
    place = tmp_path / kind
    place.mkdir()
    write(place / "in.nc", axes={"time": np.array(hours, np.float64)}, attributes=units)
    done = track(place, ANSWERS)
    assert done.returncode == 0
    assert said in warnings_of(done)[0]
    assert (place / "tdump_t").read_bytes() == expected
    if kind == "gap":
        assert len(warnings_of(done)) == 1
        assert "a gap of 2 missing frames" in done.stderr and "missing_frame_search?" in done.stderr
        done = track(place, f"{START.format(coards='n')} {WHOLE[:-1]} y 7 1 1 3")  # the frames before the gap
        assert (done.returncode, done.stderr) == (0, "")


def test_steps_that_only_rounding_makes_uneven(tmp_path: Path) -> None:
    """Hours since year 1 as float32 are rounded to 2 hours."""
    hours = (17_532_000 + 6 * np.arange(5)).astype(np.float32)
    write(tmp_path / "in.nc", axes={"time": hours}, attributes={"time": {"units": "hours since 0001-01-01"}})
    assert track(tmp_path, ANSWERS).stderr == ""


def test_months_are_shown_as_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path / "in.nc",
        axes={"time": np.array([0.0, 1.0, 2.0, 12.0, 13.0])},
        attributes={"time": {"units": "months since 1958-1-1 00:00:00"}},
    )
    assert "1 months is usual, but from frame 3 (time 2) to frame 4 (time 12)" in track(tmp_path, ANSWERS).stderr


ROTATED = {
    "by a grid mapping": {
        "vo": {"grid_mapping": "rotated_pole"},
        "rotated_pole": {
            "grid_mapping_name": "rotated_latitude_longitude",
            "grid_north_pole_latitude": 39.25,
            "grid_north_pole_longitude": -162.0,
        },
    },
    "by names of its axes": {"rlat": {"standard_name": "grid_latitude"}, "rlon": {"standard_name": "grid_longitude"}},
}


@pytest.mark.parametrize("kind", ROTATED)
def test_rotated_poles(kind: str, tmp_path: Path) -> None:
    names, axes = ("time", "rlat", "rlon"), {"rlat": LAT, "rlon": LON}
    write(tmp_path / "in.nc", names=names, axes=axes, attributes=ROTATED[kind])
    with netCDF4.Dataset(tmp_path / "in.nc") as file:
        several = len(file.variables) > 4
    done = track(tmp_path, ANSWERS.replace("n y g", "vo n y g", 1) if several else ANSWERS)
    assert done.returncode == 0
    (warning,) = warnings_of(done)
    assert "rotated" in warning and "rotated_pole?" in warning
    assert ("latitude 39.25, longitude -162" in warning) == (kind == "by a grid mapping")


IGNORED = {
    "calendar": ({"time": {"calendar": "360_day"}}, "the calendar '360_day' of 'time' is not used"),
    "_Unsigned": ({"vo": {"_Unsigned": "true"}}, "marked _Unsigned"),
    "radians": ({"lat": {"units": "radians"}}, "the latitude coordinate 'lat' is in radians"),
    "text": ({"vo": {"scale_factor": "0.5"}}, "scale_factor of 'vo' is of type"),
}


@pytest.mark.parametrize("kind", IGNORED)
def test_ignored_metadata(kind: str, tmp_path: Path) -> None:
    attributes, said = IGNORED[kind]
    values = np.rint(vortices()).astype(np.int16) if kind == "_Unsigned" else None
    write(tmp_path / "in.nc", values, attributes=attributes)
    done = track(tmp_path, ANSWERS)
    assert done.returncode == 0
    assert [said in warning for warning in warnings_of(done)] == [True]


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ([2000010100, 2000010106, 2000010106, 2000010112, 2000010118], "frame 3 is as that of the frame before"),
        ([2000010100, 2000010112, 2000010106, 2000010118, 2000010200], "frame 3 is before that of the frame before"),
    ],
)
def test_times_of_binary_frames_that_do_not_go_forward(stamps: list[int], said: str, tmp_path: Path) -> None:
    write_binary(tmp_path / "in.dat", stamps=stamps)
    answers = f"n 0 0 y n y g n {WHOLE} {BEFORE} 6 0 n n n 0 n {LINKING}"
    done = track(tmp_path, answers, "-i", "in.dat", "-f", "_t")
    assert done.returncode == 0, done.stderr
    assert [said in warning for warning in warnings_of(done)] == [True]
    write_binary(tmp_path / "in.dat", stamps=[2000010100 + 6 * k for k in range(4)] + [2000010200])
    assert track(tmp_path, answers, "-i", "in.dat", "-f", "_t").stderr == ""


def test_explain_tells_what_the_axes_are(tmp_path: Path) -> None:
    write(tmp_path / "in.nc", names=("step", "lat", "lon"), axes={"step": 6.0 * np.arange(5)})
    (tmp_path / "answers").write_text("\n".join(ANSWERS.split()))
    done = run("stormtrack", tmp_path, "explain", "answers", "-i", "in.nc")
    assert "'step' was taken for an additional dimension" in done.stderr
