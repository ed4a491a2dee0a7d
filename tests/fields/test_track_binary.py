"""TRACK's binary and ASCII files: as a backend of xarray, through `open_field`, and written."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field, write_track_binary
from stormtrack.errors import FieldError, FieldWarning
from stormtrack.fields.engine import TrackBackend
from stormtrack.formats.fields.track_binary import TrackBinaryWriter
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.opening import open_source
from stormtrack.testing import assert_bitwise

pytestmark = pytest.mark.filterwarnings("ignore:.*frames have numbers for times")
RANDOM = np.random.default_rng(3)
LON, LAT = np.arange(0, 360, 30, dtype="f4"), np.array([-70.5, -23.5, 23.5, 70.5], "f4")
VALUES = RANDOM.normal(size=(6, 4, 12)).astype("f4")
DATES = np.datetime64("1999-12-31T12", "ns") + np.arange(6) * np.timedelta64(6, "h")


@pytest.fixture
def specfil(tmp_path: Path) -> Path:
    with TrackBinaryWriter(tmp_path / "specfil_x", LON, LAT) as writer:
        for frame in VALUES:
            writer.write_frame(frame)
    return tmp_path / "specfil_x"


def field(values: Any = VALUES, times: Any = DATES) -> Any:
    return xr.DataArray(values, {"time": times, "lat": LAT, "lon": LON}, ("time", "lat", "lon"), "vo")


def ascii_file(path: Path) -> Path:
    numbers = "\n".join([*(f"FRAME {k + 1}\n" + "\n".join(f"{v:.8e}" for v in VALUES[k].ravel()) for k in range(6))])
    head = "12 4 6\n" + " ".join(f"{x:g}" for x in LON) + "\n" + " ".join(f"{y:.5f}" for y in LAT)
    path.write_text(f"{head}\n{numbers}\n")
    return path


def test_xarray_opens_it_lazily_by_name_and_by_content(specfil: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    read = TrackBackend.open_dataset.__globals__["open_own"].__globals__["FrameReader"].__call__
    monkeypatch.setattr("stormtrack.fields.own_kinds.FrameReader.__call__", lambda s, k: asked.append(k) or read(s, k))
    for options in ({"engine": "track"}, {}):
        with xr.open_dataset(specfil, cache=False, **options) as dataset:
            assert dict(dataset.sizes) == {"time": 6, "lat": 4, "lon": 12}
            assert not asked
            assert_bitwise(dataset.field[4, ::-1, 3:5].values, VALUES[4, ::-1, 3:5])
            assert asked == [4]
            assert_bitwise(dataset.lat.values, LAT)
        asked.clear()


def test_it_can_be_sent_to_other_processes(specfil: Path) -> None:
    with xr.open_dataset(specfil, engine="track") as dataset:
        again = pickle.loads(pickle.dumps(dataset))
        assert_bitwise(again.field.values, VALUES)


def test_chunks_are_read_by_dask(specfil: Path) -> None:
    pytest.importorskip("dask.array")
    with xr.open_dataset(specfil, engine="track", chunks={"time": 2}) as dataset:
        assert dataset.field.chunks[0] == (2, 2, 2)
        assert_bitwise(dataset.field.values, VALUES)


@pytest.mark.parametrize("kind", ["binary", "separated", "ascii"])
def test_every_layout_is_told_by_content(tmp_path: Path, specfil: Path, kind: str) -> None:
    path = specfil
    if kind == "ascii":
        path = ascii_file(tmp_path / "in.dat")
    elif kind == "separated":  # a user's own file without the byte that TRACK writes after every record
        whole, record = specfil.read_bytes(), 13 + VALUES[0].nbytes + 1
        head = len(whole) - 6 * record
        records = [whole[head + k * record : head + (k + 1) * record - 1] for k in range(6)]
        path = tmp_path / "plain.dat"
        path.write_bytes(whole[:head] + b"".join(records))
    with pytest.warns(FieldWarning, match="frames have numbers for times"), open_field(path) as a:
        assert_bitwise(a.values, VALUES)
    assert TrackBackend().guess_can_open(path)


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_written_is_what_track_writes(tmp_path: Path, specfil: Path, turned: bool) -> None:
    array = field().roll(lon=6, roll_coords=True) if turned else field()
    array = array.assign_coords(lon=(array.lon + 180) % 360 - 180) if turned else array
    written = write_track_binary(array.isel(lat=slice(None, None, -1 if turned else 1)), tmp_path / "out.dat")
    assert written.read_bytes() == specfil.read_bytes()


def test_dates_are_written_read_by_the_dialogue_and_come_back(tmp_path: Path) -> None:
    path = write_track_binary(field(), tmp_path / "out.dat", dates=True)
    with open_source(str(path), FieldSelection(format=0, newline_separated=True)) as source:
        assert [source.stamp(k) for k in (1, 3, 6)] == [1999123112, 2000010100, 2000010118]
    with open_field(path) as array:
        assert (array.time.values == DATES).all()
        assert_bitwise(array.values, VALUES)
    with xr.open_dataset(path, engine="track", drop_variables="lat") as dataset:
        assert (dataset.time.values == DATES).all() and "lat" not in dataset.variables


def test_dates_of_another_calendar(tmp_path: Path) -> None:
    cftime = pytest.importorskip("cftime")
    times = [cftime.datetime(2001, 2, 29 + k // 4, 6 * (k % 4), calendar="360_day") for k in range(6)]
    path = write_track_binary(field(times=times), tmp_path / "out.dat", dates=True)
    with pytest.raises(FieldError, match=r"date that the calendar 'proleptic_gregorian' does not have.*calendar=NAME"):
        open_field(path)
    with open_field(path, calendar="360_day") as array:
        assert list(array.time.values) == times


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    holes = field(np.where(np.arange(12) == 3, np.nan, VALUES))
    with pytest.raises(FieldError, match="frame 1 holds 4 NaN"):
        write_track_binary(holes, tmp_path / "out.dat")
    with pytest.raises(FieldError, match="no dates"):
        write_track_binary(field(times=np.arange(6.0)), tmp_path / "out.dat", dates=True)
    with pytest.raises(FieldError, match="1999-12-31T12:30:00, but TRACK's times are whole hours"):
        write_track_binary(field(times=DATES + np.timedelta64(30, "m")), tmp_path / "out.dat", dates=True)
    assert not list(tmp_path.iterdir())
    with open_field(write_track_binary(holes, tmp_path / "out.dat", missing=-999.0)) as array:
        assert (array.values[:, :, 3] == -999.0).all()


def test_other_files_are_left_to_other_engines(tmp_path: Path, specfil: Path) -> None:
    field().to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    (tmp_path / "nothing").write_bytes(b"")
    engine = TrackBackend()
    for other in (tmp_path / "in.nc", tmp_path / "nothing", tmp_path, tmp_path / "absent", "http://a.b/c", 3, b"\0"):
        assert not engine.guess_can_open(other)
    with pytest.raises(FieldError, match=r"no field of TRACK's, but NetCDF-4: stormtrack.open_field opens it"):
        xr.open_dataset(tmp_path / "in.nc", engine="track")


def test_a_file_that_ends_too_early(specfil: Path) -> None:
    data, record = specfil.read_bytes(), 13 + VALUES[0].nbytes + 1
    specfil.write_bytes(data[: -2 * record])
    with pytest.warns(FieldWarning, match="announces 6 frames, the file holds 4"):
        array = open_field(specfil)
    assert_bitwise(array.values, VALUES[:4])
    specfil.write_bytes(data[: -2 * record - 10])
    with pytest.warns(FieldWarning, match="announces 6 frames"):
        array = open_field(specfil)
    with pytest.raises(FieldError, match="cut off in frame 4"):
        array.load()
