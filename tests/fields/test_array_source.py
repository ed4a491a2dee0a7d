"""Frames of a DataArray as a source of a run."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field
from stormtrack.errors import FieldError
from stormtrack.fields.source import ArraySource, each_field
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.opening import open_source
from stormtrack.testing import assert_bitwise

RANDOM = np.random.default_rng(9)
LAT = np.linspace(60, -60, 7)


def field(lon: Any, n: int = 5, times: Any = None) -> Any:
    values = RANDOM.normal(size=(n, len(LAT), len(lon))).astype("f4")
    times = np.datetime64("2001-02-27T18", "ns") + np.arange(n) * np.timedelta64(6, "h") if times is None else times
    return xr.DataArray(values, {"time": times, "lat": LAT, "lon": np.asarray(lon, float)}, ("time", "lat", "lon"))


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[Any]:
    """A field in a compressed file whose chunks hold three frames."""
    field(np.arange(0, 360, 30), 8).rename("msl").to_netcdf(
        tmp_path / "in.nc", engine="netcdf4", encoding={"msl": {"zlib": True, "chunksizes": (3, 7, 12)}}
    )
    with open_field(tmp_path / "in.nc") as array:
        yield array


@pytest.mark.parametrize("numbers", [range(1, 9), range(8, 0, -1), (5, 1, 5, 8, 2)])
def test_frames_are_those_of_the_reader_of_the_dialogue(tmp_path: Path, counted: Any, numbers: Any) -> None:
    selection = FieldSelection(format=4, by_name=True, coards=True, variable="msl")
    with open_source(str(tmp_path / "in.nc"), selection) as expected:
        source = ArraySource(counted)
        assert (source.n_frames, source.nx, source.ny) == (8, 12, 7)
        assert_bitwise(source.lon, expected.lon)
        assert_bitwise(source.lat, expected.lat)
        for number in numbers:
            out = np.empty((7, 12), np.float32)
            assert source.read(number, out) is out
            assert_bitwise(out, expected.read(number))
            assert_bitwise(source.read(number), out)
        assert source.read(9) is None


def test_what_is_stored_together_is_read_once(counted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source, asked = ArraySource(counted), []
    block = source._block
    monkeypatch.setattr(source, "_block", lambda index: asked.append(index) or block(index))
    for number in range(1, 9):
        source.read(number)
    assert asked == [0, 3, 6]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stormtrack.fields.source._MOST_BYTES", 2 * 4 * 7 * 12)
    array = field(np.arange(0, 360, 30), 7).chunk(time=5)
    source = ArraySource(array)
    for number in range(1, 8):
        assert_bitwise(source.read(number), array.values[number - 1])
        assert len(source._held[1]) <= 2


def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path) -> None:
    peaks = []
    for n in (20, 200):
        field(np.arange(0, 360, 0.5), n).rename("msl").to_netcdf(
            tmp_path / f"{n}.nc", engine="netcdf4", encoding={"msl": {"zlib": True, "chunksizes": (2, 7, 720)}}
        )
        tracemalloc.start()
        with open_field(tmp_path / f"{n}.nc") as array:
            source, out = ArraySource(array), np.empty((7, 720), np.float32)
            for number in range(1, n + 1):
                source.read(number, out)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 0.05 * 180 * out.nbytes


@pytest.mark.parametrize(
    ("lon", "expected", "first"),
    [
        (np.arange(-180, 180, 30), np.arange(0, 360, 30), 6),
        (np.arange(180, 540, 30), np.arange(0, 360, 30), 6),
        (np.arange(-5, 355, 30), np.arange(25, 385, 30) % 360, 1),
        (np.arange(0.5, 360, 30), np.arange(0.5, 360, 30), 0),
        (np.arange(-120, -20, 10), np.arange(240, 340, 10), 0),
        (np.arange(-20, 50, 10), np.arange(-20, 50, 10), 0),
    ],
)
def test_longitudes_run_from_0_to_360_where_they_can(lon: Any, expected: Any, first: int) -> None:
    array = field(lon)
    source = ArraySource(array)
    assert_bitwise(source.lon, expected.astype("f4"))
    assert_bitwise(source.read(2), np.roll(array.values[1], -first, axis=1))


def test_dates_are_whole_numbers_since_a_day() -> None:
    source = ArraySource(field([0, 90, 180, 270]))
    assert source.dates is not None
    assert (source.dates.units, source.dates.calendar) == ("hours since 2001-02-27 00:00:00", "proleptic_gregorian")
    assert source.dates.values.tolist() == [18, 24, 30, 36, 42]
    times = source.times()
    assert times is not None
    assert times.oddities([1, 2, 4, 5])[0].startswith("the time steps are uneven: 6 hours is usual, but from frame 2 (")


def test_dates_of_any_calendar_and_minutes() -> None:
    cftime = pytest.importorskip("cftime")
    times = [cftime.datetime(1, 2, 30, 0, 30 * k, calendar="360_day") for k in (0, 1)]
    dates = ArraySource(field([0, 90, 180, 270], 2, times)).dates
    assert dates is not None
    assert (dates.units, dates.calendar, dates.values.tolist()) == (
        "minutes since 0001-02-30 00:00:00",
        "360_day",
        [0, 30],
    )
    assert ArraySource(field([0, 90, 180, 270], 2, [1.0, 2.0])).dates is None


def test_other_axes_are_looped_over_and_carried() -> None:
    both = xr.concat([field([0, 90, 180, 270]), field([0, 90, 180, 270])], "number").assign_coords(number=[3, 7])
    with pytest.raises(FieldError, match="one entry along number"):
        ArraySource(both)
    found = list(each_field(both))
    assert [labels for labels, _ in found] == [{"number": 3}, {"number": 7}]
    for k, (_, one) in enumerate(found):
        assert_bitwise(ArraySource(one).read(5), both.values[k, 4])


def test_one_frame_without_a_time_axis_and_other_orders() -> None:
    array = field([0, 90, 180, 270])
    assert_bitwise(ArraySource(array.isel(time=2)).read(1), array.values[2])
    assert_bitwise(ArraySource(array.transpose("lon", "time", "lat")).read(3), array.values[2])
