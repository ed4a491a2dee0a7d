"""NetCDF of others: points with an index or an id, padded rectangles, odd attributes, times of every kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats import registry
from stormtrack.formats.moments import to_texts
from stormtrack.model.tracks import TEXT_ID, TrackSet

LON, LAT = np.array([350.0, 355.0, 0.0, 10.0, 20.0]), np.array([40.0, 41.0, 42.0, -30.0, -31.0])
HOURS = np.array([0, 6, 12, 3, 9])
LENGTHS = [3, 2]
DATES = ["2001-02-28T00:00:00", "2001-02-28T06:00:00", "2001-02-28T12:00:00"]


def made(path: Path, fill: Callable[[Any], None], **attributes: Any) -> TrackSet:
    """A file that `fill` fills, read."""
    with netCDF4.Dataset(path, "w") as data:
        data.setncatts(attributes)
        fill(data)
    return registry.read_track_set(path)


def put(data: Any, name: str, dims: tuple[str, ...], values: Any, kind: Any = "f8", **attributes: Any) -> None:
    fill = attributes.pop("_FillValue", None)
    variable = data.createVariable(name, kind, dims, fill_value=fill)
    variable.set_auto_maskandscale(False)
    variable.setncatts(attributes)
    variable[...] = values


def points(data: Any, order: Any = slice(None), names: tuple[str, ...] = ("time", "lon", "lat")) -> None:
    data.createDimension("obs", len(LON))
    units = {"units": "hours since 2001-02-28", "calendar": "noleap"}
    put(data, names[0], ("obs",), HOURS[order], "i4", **units)
    put(data, names[1], ("obs",), LON[order], standard_name="longitude")
    put(data, names[2], ("obs",), LAT[order], standard_name="latitude")
    put(data, "wind", ("obs",), np.arange(5.0)[order] / 3, units="m s-1")


def check(tracks: TrackSet) -> None:
    assert tracks.lengths.tolist() == LENGTHS
    np.testing.assert_array_equal(tracks.lon, LON.astype(np.float32))
    np.testing.assert_array_equal(tracks.lat, LAT.astype(np.float32))
    assert tracks.time is not None and tracks.time.calendar == "noleap"
    assert to_texts(tracks.time)[:3] == DATES
    assert [(v.name, v.units) for v in tracks.variables] == [("wind", "m s-1")]
    np.testing.assert_array_equal(tracks.intensity, (np.arange(5) / 3).astype(np.float32))


def test_ragged_with_names_of_its_own(tmp_path: Path) -> None:
    def fill(data: Any) -> None:
        points(data, names=("when", "x_pos", "y_pos"))
        data.variables["when"].standard_name = "time"
        data.createDimension("storm", 2)
        put(data, "n", ("storm",), LENGTHS, "i4", sample_dimension="obs")
        put(data, "name", ("storm",), np.array(["ANNA", "BERT"], object), str, cf_role="trajectory_id")

    tracks = made(tmp_path / "t.nc", fill)
    check(tracks)
    assert tracks.track_id.tolist() == [1, 2] and tracks.labels[TEXT_ID].tolist() == ["ANNA", "BERT"]


def test_indexed_points(tmp_path: Path) -> None:
    order = np.array([3, 0, 4, 1, 2])

    def fill(data: Any) -> None:
        points(data, order)
        data.createDimension("storm", 2)
        put(data, "owner", ("obs",), np.array([0, 0, 0, 1, 1])[order], "i4", instance_dimension="storm")
        put(data, "storm_id", ("storm",), [31, 17], "i8", cf_role="trajectory_id")

    tracks = made(tmp_path / "t.nc", fill)
    check(tracks)
    assert tracks.track_id.tolist() == [31, 17]


def test_an_id_for_each_point(tmp_path: Path) -> None:
    order = np.array([0, 3, 1, 4, 2])

    def fill(data: Any) -> None:
        points(data, order)
        put(data, "track_id", ("obs",), np.array([9, 9, 9, 4, 4])[order], "i8")

    tracks = made(tmp_path / "t.nc", fill)
    check(tracks)
    assert tracks.track_id.tolist() == [9, 4]


@pytest.mark.parametrize("counted", [True, False])
def test_padded_rectangle(counted: bool, tmp_path: Path) -> None:
    used = np.arange(4) < np.array(LENGTHS)[:, None]

    def padded(values: Any) -> Any:
        out = np.full(used.shape, -999.0)
        out[used] = values
        return out

    def fill(data: Any) -> None:
        data.createDimension("storm", 2)
        data.createDimension("step", 4)
        both, gone = ("storm", "step"), {"_FillValue": -999.0}
        units = {"units": "days since 2001-02-28", "calendar": "noleap"}
        put(data, "time", both, padded(HOURS / 24), **units, **gone)
        put(data, "longitude", both, padded(LON), **gone)
        put(data, "latitude", both, padded(LAT), **gone)
        put(data, "wind", both, padded(np.arange(5) / 3), units="m s-1", **gone)
        put(data, "sid", ("storm",), [5, 6], "i4", cf_role="trajectory_id")
        if counted:
            put(data, "numobs", ("storm",), LENGTHS, "i2")

    tracks = made(tmp_path / "t.nc", fill)
    check(tracks)
    assert tracks.track_id.tolist() == [5, 6] and not tracks.labels
    assert tracks.time is not None and tracks.time.units == "hours since 2001-02-28"


def test_packed_numbers_are_scaled_once(tmp_path: Path) -> None:
    def fill(data: Any) -> None:
        points(data)
        put(data, "track_id", ("obs",), [1, 1, 1, 2, 2], "i8")
        packed = {"scale_factor": 0.5, "add_offset": 900.0, "_FillValue": np.int16(-1)}
        put(data, "slp", ("obs",), np.array([10, 20, -1, 40, 50], "i2"), "i2", units="hPa", **packed)

    slp = made(tmp_path / "t.nc", fill).variable("slp")
    assert slp is not None and slp.units == "hPa"
    np.testing.assert_array_equal(slp.values, np.array([905, 910, np.nan, 920, 925], np.float32))


def test_large_whole_numbers_and_texts_are_labels(tmp_path: Path) -> None:
    def fill(data: Any) -> None:
        points(data)
        put(data, "track_id", ("obs",), [1, 1, 1, 2, 2], "i8")
        put(data, "cell", ("obs",), np.arange(5) + 2**30, "i8")
        put(data, "phase", ("obs",), np.array(["a", "b", "", "d", "e"], object), str)

    tracks = made(tmp_path / "t.nc", fill, institution="somewhere")
    assert tracks.point_labels["cell"].tolist() == (np.arange(5) + 2**30).tolist()
    assert tracks.point_labels["phase"].tolist() == ["a", "b", "", "d", "e"]
    assert tracks.attributes == {"institution": "somewhere"}


def _sizes(data: Any, sizes: list[int]) -> None:
    points(data)
    data.createDimension("storm", 2)
    put(data, "n", ("storm",), sizes, "i4", sample_dimension="obs")


def _no_longitude(data: Any) -> None:
    data.createDimension("obs", 3)
    put(data, "track_id", ("obs",), [1, 1, 2], "i4", cf_role="trajectory_id")
    put(data, "time", ("obs",), [1, 2, 1], units="hours since 2001-01-01")


def _months(data: Any) -> None:
    points(data)
    put(data, "track_id", ("obs",), [1, 1, 1, 2, 2], "i8")
    data.variables["time"].units = "fortnights since 2001-01-01"
    data.renameVariable("time", "other")
    put(data, "time", ("obs",), HOURS + 0.5, units="fortnights since 2001-01-01")


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        (lambda data: _sizes(data, [3, 1]), "'n' counts 4 points; there are 5 along 'obs'"),
        (lambda data: _sizes(data, [6, -1]), "'n' has to hold a number of points"),
        (_no_longitude, "no longitude.*there are track_id, time"),
        (_months, "fortnights"),
    ],
)
def test_what_does_not_fit_is_refused(fill: Callable[[Any], None], message: str, tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match=message) as caught:
        made(tmp_path / "t.nc", fill)
    assert str(tmp_path / "t.nc") in str(caught.value)


def test_fields_are_no_tracks(tmp_path: Path) -> None:
    def fill(data: Any) -> None:
        for name, size in (("time", 2), ("lat", 3), ("lon", 4)):
            data.createDimension(name, size)
            put(data, name, (name,), np.arange(size), units="hours since 2001-01-01" if name == "time" else "degrees")
        put(data, "msl", ("time", "lat", "lon"), np.zeros((2, 3, 4)))

    with pytest.raises(TrackFileError, match="without tracks"):
        made(tmp_path / "t.nc", fill)
