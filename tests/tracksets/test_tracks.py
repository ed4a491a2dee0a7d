"""`Tracks`: what is inside, slices, equality, dates, the picture that people get."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from stormtrack.errors import TracksError, UnknownNameError
from stormtrack.model.times import NO_TIME, Times
from stormtrack.model.tracks import TEXT_ID, no_tracks
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import Tracks, example
from tests.tracksets.made_up import set_of, storms


def test_arrays_cannot_be_changed_and_slices_share_them() -> None:
    tracks = storms(50)
    part = tracks[10:20]
    assert np.shares_memory(part.lon, tracks.lon) and np.shares_memory(part["vorticity"], tracks["vorticity"])
    for array in (
        tracks.lon,
        part["vorticity"],
        tracks.track_id,
        tracks.time,
        tracks.data.time and tracks.data.time.values,
    ):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    with pytest.raises(AttributeError):
        tracks.data = part.data  # type: ignore[misc]


def test_a_pickled_set_is_the_same_and_cannot_be_changed() -> None:
    again = pickle.loads(pickle.dumps(storms(5)))
    assert again == storms(5) and hash(again) == hash(storms(5))
    with pytest.raises(ValueError, match="read-only"):
        again.lon[0] = 1


def test_every_way_to_index_gives_the_same_tracks() -> None:
    tracks = storms(30)
    which = [3, 4, 5, 6]
    mask = np.isin(np.arange(30), which)
    for found in (tracks[3:7], tracks[which], tracks[mask], tracks[np.array(which)], tracks[[-27, -26, -25, -24]]):
        assert found == tracks[3:7]
        assert found.track_id.tolist() == [4, 5, 6, 7]
    assert tracks[::-1].track_id.tolist() == list(range(30, 0, -1))
    assert [t.track_id[0] for t in tracks] == list(range(1, 31))
    assert tracks[-1] == tracks[29] == tracks.track(30) == tracks.track("30")
    assert len(tracks[5:2]) == 0 and len(tracks[[]]) == 0
    one = tracks[4]
    assert_bitwise(one.lon, tracks.lon[tracks.start[4] : tracks.start[5]])
    assert (tracks[[7, 2]].lengths == tracks.lengths[[7, 2]]).all()


def test_what_is_not_there() -> None:
    tracks = example.tracks()
    with pytest.raises(UnknownNameError, match="did you mean 'vorticity'"):
        tracks["vorticty"]
    with pytest.raises(KeyError):
        tracks["x"]
    with pytest.raises(IndexError, match="there are 3"):
        tracks[3]
    with pytest.raises(TracksError, match="no track 7"):
        tracks[[0, 7]]
    with pytest.raises(TracksError, match="mask of shape"):
        tracks[np.ones(4, bool)]
    with pytest.raises(UnknownNameError, match="ids are 1, 2, 3"):
        tracks.track("x")


def test_text_ids_and_missing_values() -> None:
    data = example.tracks().data
    variable = replace(data.variables[0], missing_value=1.0)
    labelled = replace(data, variables=(variable,), labels={TEXT_ID: np.array(["a", "b", "c"], object)})
    tracks = Tracks(labelled)
    assert tracks.track_id.tolist() == ["a", "b", "c"]
    assert tracks.track("b") == tracks[1]
    assert np.isnan(tracks["vorticity"]).sum() == (data.intensity == 1).sum() > 0
    assert tracks.labels == {}


@pytest.mark.parametrize("calendar", ["standard", "proleptic_gregorian", None])
def test_dates_of_usual_calendars_are_those_of_numpy(calendar: str | None) -> None:
    time = example.tracks(calendar=calendar).time
    assert time is not None and time.dtype == "datetime64[s]"
    assert str(time[-1]) == "2000-01-08T06:00:00"


@pytest.mark.parametrize("calendar", ["noleap", "all_leap", "360_day", "julian"])
def test_dates_of_other_calendars_are_those_of_cftime(calendar: str) -> None:
    cftime = pytest.importorskip("cftime", reason="cftime has these dates")
    time = example.tracks(calendar=calendar).time
    assert time is not None
    assert time[-1] == cftime.datetime(2000, 1, 8, 6, calendar=calendar)
    old = set_of([[(0, 1, 1, 1)]])
    times = Times(values=np.array([1500022900]), calendar="standard")
    before = Tracks(replace(old.data, time=times)).time
    assert before is not None and before[0] == cftime.datetime(1500, 2, 29, calendar="standard")


def test_unknown_dates() -> None:
    data = example.tracks().data
    assert data.time is not None
    times = replace(data.time, values=np.where(np.arange(13) == 2, NO_TIME, data.time.values))
    tracks = Tracks(replace(data, time=times))
    assert tracks.time is not None and np.isnat(tracks.time).tolist() == [k == 2 for k in range(13)]
    with pytest.raises(TracksError, match="some points have no date"):
        tracks.select(year=2000)


def test_equality_looks_at_everything_but_attributes() -> None:
    data = example.tracks().data
    same = Tracks(replace(data, attributes={"history": "read today"}, lon=data.lon.copy()))
    assert same == example.tracks() and hash(same) == hash(example.tracks())
    variable = data.variables[0]
    assert data.time is not None
    lon = data.lon.copy()
    lon[3] = np.nextafter(lon[3], np.float32(1000))
    for other in (
        replace(data, lon=lon),
        replace(data, track_id=data.track_id + 1),
        replace(data, frame=data.frame + 1),
        replace(data, variables=(replace(variable, units="s-1"),)),
        replace(data, variables=(replace(variable, name="vo"),)),
        replace(data, variables=(variable, replace(variable, name="two"))),
        replace(data, time=replace(data.time, calendar="standard")),
        replace(data, time=None),
        replace(data, labels={"kind": np.array(["a", "b", "c"], object)}),
    ):
        assert Tracks(other) != example.tracks()
        assert Tracks(other).fingerprint() != example.tracks().fingerprint()
    assert example.tracks() != "tracks"


def test_fingerprint_is_the_same_in_another_process() -> None:
    code = "import stormtrack.tracksets.example as e; t = e.tracks(calendar='360_day'); print(t.fingerprint(), hash(t))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    tracks = example.tracks(calendar="360_day")
    assert run.stdout.split() == [tracks.fingerprint(), str(hash(tracks))]


def test_dates_from_frame_numbers() -> None:
    bare = example.tracks(dates=False)
    with pytest.raises(TracksError, match="with_dates"):
        bare.speed()
    dated = bare.with_dates("2000-01-01", "6h", "noleap")
    assert dated.time is not None and str(dated.time[-1]) == "2000-01-08 06:00:00"
    assert dated.data.time is not None and dated.data.time.units == "hours since 2000-01-01 00:00"
    assert (bare.with_dates("2000-01-01", 6).time == example.tracks().time).all()
    with pytest.raises(TracksError, match="belong together"):
        bare.with_dates("2000-01-01")
    with pytest.raises(TracksError, match="have dates"):
        dated.with_dates("2000-01-01", "6h")
    with pytest.raises(TracksError, match="step='6 parsecs'"):
        bare.with_dates("2000-01-01", "6 parsecs")
    with pytest.raises(TracksError, match="no frame number"):
        Tracks(replace(bare.data, frame=bare.frame - 1)).with_dates("2000-01-01", "6h")


def test_dates_count_missing_frames() -> None:
    bare = set_of([[(0, 1, 1, 1), (6, 1, 1, 1), (12, 1, 1, 1)], [(12, 1, 1, 1)]], dates=False)
    gaps = Tracks(replace(bare.data, missing_after=np.array([0, 2, 0, 0], np.int32)))
    time = gaps.with_dates("2000-01-01", "6h").time
    assert time is not None
    assert [str(t)[5:13] for t in time] == ["01-01T00", "01-01T06", "01-02T00", "01-02T00"]


def test_the_calendar_of_digits_can_be_said() -> None:
    pytest.importorskip("cftime", reason="dates of 360_day are cftime's")
    data = set_of([[(0, 1, 1, 1)]]).data
    digits = Tracks(replace(data, time=Times(values=np.array([2000023012]))))
    with pytest.raises(TracksError, match="2000-02-30 is no date of the calendar 'standard'"):
        _ = digits.time
    time = digits.with_dates(calendar="360_day").time
    assert time is not None and str(time[0]) == "2000-02-30 12:00:00"


def test_empty_sets() -> None:
    none = Tracks(no_tracks())
    assert (none.n_tracks, none.n_points, none.time) == (0, 0, None)
    assert none == Tracks(no_tracks()) and len(none.maximum()) == len(none.genesis()) == 0
    assert "0 tracks, 0 points" in repr(none)
    assert none.distance().shape == (0,)
    emptied = Tracks(example.tracks().data.emptied(np.array([True, False, True])))
    assert "3 tracks (1 without points), 7 points" in repr(emptied)
    assert emptied.genesis().track_id.tolist() == [1, 3]
    assert emptied.distance().shape == (7,) and emptied.interpolate("3h").n_points == 9 + 3
