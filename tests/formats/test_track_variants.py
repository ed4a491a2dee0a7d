"""TRACK's own formats as they are met in the wild, read and written through the registry."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import StormtrackError, TrackFileError, UserInputError
from stormtrack.formats.registry import identify, read_track_set, write_track_set
from stormtrack.model.times import DATE_CODE, Times
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable
from tests.formats.golden_texts import files
from tests.formats.real_tracks import file_of, moments

HEAD = "0\n0 0\nTRACK_NUM         2 ADD_FLD    0   0 &\n"
BODY = """TRACK_ID  4
POINT_NUM  2
1 10.000000 20.000000 1.000000e+00 2
2 11.000000 20.000000 -5.000000e+00 \n\
TRACK_ID  7
POINT_NUM  1
2 30.000000 40.000000 2.000000e+00 \n"""
PLAIN = HEAD + BODY
DATED = """0
0 0
TRACK_NUM         1 ADD_FLD    1   3 &1
TRACK_ID  3 START_TIME 2000022818
POINT_NUM  2
2000022818 10.000000 20.000000 1.000000e+00 & 1.000000e+25 & 1.000000e+25 & 9.900000e+02 & \n\
2000022900 11.000000 20.000000 2.000000e+00 & 1.100000e+01 & 2.100000e+01 & 9.800000e+02 & \n"""
VARIANTS = {
    "as TRACK writes it": PLAIN,
    "no first line": PLAIN[2:],
    "no ADD_FLD": PLAIN.replace(" ADD_FLD    0   0 &", ""),
    "ADD_FLD without fields": PLAIN.replace("0   0 &", "0 0 &"),
    "line ends of Windows": PLAIN.replace("\n", "\r\n"),
    "count elsewhere": PLAIN.replace("TRACK_NUM         2", "TRACK_NUM 2"),
    "blanks": PLAIN.replace("POINT_NUM  2", " POINT_NUM     2   ").replace("1 10.0", "  1   10.0"),
    "no blank at the ends": "\n".join(line.rstrip() for line in PLAIN.splitlines()),
    "empty lines": PLAIN.replace("TRACK_ID", "\n\nTRACK_ID") + "\n\n",
    "a weight flag alone": PLAIN.replace("0\n0 0\n", "0\n0\n0 0\n"),
}


def read(tmp_path: Path, text: str, **options: Any) -> TrackSet:
    (tmp_path / "tracks").write_bytes(text.encode())
    return read_track_set(tmp_path / "tracks", **options)


def written(tmp_path: Path, tracks: TrackSet, **options: Any) -> str:
    write_track_set(tracks, tmp_path / "out", **{"format": "track", **options})
    return (tmp_path / "out").read_text()


@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_say_the_same(variant: str, tmp_path: Path) -> None:
    tracks = read(tmp_path, VARIANTS[variant])
    assert (tracks.track_id.tolist(), tracks.lengths.tolist()) == ([4, 7], [2, 1])
    assert tracks.missing_after.tolist() == [2, 0, 0]
    assert tracks.time is None and tracks.frame.tolist() == [1, 2, 2]
    same = replace(tracks, attributes={"shape_flag": 0})
    assert written(tmp_path, same) == PLAIN


def test_two_blanks_behind_start_time(tmp_path: Path) -> None:
    one, two = read(tmp_path, DATED), read(tmp_path, DATED.replace("START_TIME ", "START_TIME  "))
    for tracks in (one, two):
        assert tracks.time is not None and tracks.start_time is not None
        assert tracks.time.values.tolist() == [2000022818, 2000022900]
        assert tracks.start_time.values.tolist() == [2000022818]
        assert written(tmp_path, tracks) == DATED


def test_gzipped_files_are_written_and_read(tmp_path: Path) -> None:
    tracks = read(tmp_path, DATED)
    for _ in range(2):  # the same bytes every time
        write_track_set(tracks, tmp_path / "out.gz", format="track")
        packed = (tmp_path / "out.gz").read_bytes()
    assert packed == (tmp_path / "out.gz").read_bytes() and gzip.decompress(packed).decode() == DATED
    assert read_track_set(tmp_path / "out").n_points == 2  # as the name without .gz


@pytest.mark.parametrize("kind", ["tracks", "velocity"])
def test_goldens_come_back_byte_for_byte(goldens: Path, tmp_path: Path, kind: str) -> None:
    count = 0
    for name, data in files(goldens, kind):
        if "/ens2" in name:
            continue  # made by a script from float64 values, not by the original
        (tmp_path / "in").write_bytes(data)
        assert identify(tmp_path / "in").name == "track"
        write_track_set(read_track_set(tmp_path / "in"), tmp_path / "out", format="track")
        assert (tmp_path / "out").read_bytes() == data, name
        count += 1
    assert count >= (56 if kind == "tracks" else 1)


@pytest.mark.parametrize("name", ["track_text_steps_mixed_flags", "track_text_dated_added10"])
def test_public_files_of_track_come_back(name: str, tmp_path: Path) -> None:
    """Byte for byte, but for blanks at the ends of lines, which an editor has taken from the second."""
    text = file_of(name).read_text()
    again = written(tmp_path, read_track_set(file_of(name)))
    assert [line.rstrip() for line in again.split("\n")] == [line.rstrip() for line in text.split("\n")]
    assert again == text or "dated" in name


def test_frame_numbers_become_dates_that_the_user_states(tmp_path: Path) -> None:
    tracks = read(tmp_path, PLAIN, start=1999123118, step=6)
    assert tracks.time is not None and tracks.time.calendar == "standard"
    # two frames are missing between the first and the second
    assert moments(tracks.time) == ["1999-12-31T18:00:00", "2000-01-01T12:00:00", "2000-01-01T12:00:00"]
    assert tracks.frame.tolist() == [1, 2, 2]
    assert written(tmp_path, tracks, dates=False) == PLAIN
    assert "TRACK_ID  4 START_TIME 1999123118\nPOINT_NUM  2\n1999123118 10" in written(tmp_path, tracks)
    later = read(tmp_path, PLAIN, start="2001022818", step=24, calendar="360_day")
    assert later.time is not None and later.time.values.tolist() == [2001022818, 2001030118, 2001030118]
    leap = read(tmp_path, PLAIN, start=2001022818, step=24, calendar="365_day")
    assert leap.time is not None and leap.time.calendar == "noleap" and leap.time.values[1] == 2001030318


def test_a_calendar_can_be_said_of_dates(tmp_path: Path) -> None:
    text = DATED.replace("2000022818", "2001022918").replace("2000022900", "2001023000")
    tracks = read(tmp_path, text, calendar="360_day")
    assert tracks.time is not None and (tracks.time.units, tracks.time.calendar) == (DATE_CODE, "360_day")
    with pytest.raises(UserInputError, match=r"2001-02-29 is no date of the calendar 'standard'"):
        read(tmp_path, text, calendar="gregorian")
    with pytest.raises(UserInputError, match="the calendar '360_day'"):
        written(tmp_path, tracks)
    assert written(tmp_path, tracks, lossy=True) == text


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (PLAIN, {"start": 2000010100}, "start and step belong together"),
        (PLAIN, {"start": 2000, "step": 6}, "start=2000: allowed is a time of the form YYYYMMDDHH"),
        (PLAIN, {"start": 2000010100, "step": 0}, "step=0"),
        (PLAIN, {"start": 2000130100, "step": 6}, "2000-13-01 is no date"),
        (DATED, {"start": 2000010100, "step": 6}, "has dates"),
        (DATED, {"calendar": "lunar"}, "calendar 'lunar'"),
        (PLAIN, {"velocty": True}, "no option for reading the format 'track' (did you mean 'velocity'?)"),
        (PLAIN, {"velocity": True}, "line 6: cannot read a track point"),
    ],
)
def test_options_that_do_not_fit(text: str, options: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UserInputError) as caught:
        read(tmp_path, text, **options)
    assert said in str(caught.value)


def test_files_put_together(tmp_path: Path) -> None:
    year = PLAIN.replace("0\n0 0\n", "0\nPER_INFO 1     1.50000\n0 0\n")
    tracks = read(tmp_path, year + year)
    assert tracks.track_id.tolist() == [4, 7, 4, 7]
    assert tracks.attributes["PER_INFO"] == (1, 3.0)
    fields = DATED.replace(" START_TIME 2000022818", "").replace("2000022818", "1").replace("2000022900", "2")
    with pytest.raises(TrackFileError, match="2 files were put together here, and they differ in their added fields"):
        read(tmp_path, PLAIN + fields)


def test_more_tracks_than_announced(tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match="line 8: the first lines announce 1 tracks, and here begins one more"):
        read(tmp_path, PLAIN.replace("        2 ADD", "        1 ADD"))
    with pytest.raises(TrackFileError, match="line 10: the file ends where a line 'TRACK_ID n' should follow"):
        read(tmp_path, PLAIN.replace("        2 ADD", "        3 ADD"))


def test_phase_speeds_are_told_by_their_columns(tmp_path: Path) -> None:
    row = "3 93.500000 62.750000 1.000000e-01 2.000000e-02 3.000000e-02 4.000000e-02 -5.000000e-02\n"
    text = f"1\n0 0\nTRACK_NUM         1 ADD_FLD    0   0 &\nTRACK_ID  4\nPOINT_NUM  1\n{row}"
    tracks = read(tmp_path, text)
    assert [v.name for v in tracks.variables] == ["speed", "growth_rate", "tendency", "velocity_x", "velocity_y"]
    assert written(tmp_path, tracks) == text
    shape = row.replace("2.000000e-02 3.000000e-02 4.000000e-02", "0.200000 0.300000 0.400000").replace("\n", " \n")
    scalar = read(tmp_path, text.replace(row, shape))
    assert scalar.variables[1].name == "anisotropy" and written(tmp_path, scalar) == text.replace(row, shape)


def test_real_times_are_written_as_dates(tmp_path: Path) -> None:
    tracks = replace(read(tmp_path, PLAIN), frame=np.zeros(3, np.int64), missing_after=np.zeros(3, np.int32))
    hours = Times(values=np.array([0, 6, 6]), units="hours since 2000-02-28 18:00:00", calendar="standard")
    text = written(tmp_path, replace(tracks, time=hours))
    assert "START_TIME 2000022818" in text and "\n2000022900 11.0" in text
    half = replace(hours, values=np.array([0, 30, 60]), units="minutes since 2000-02-28 18:00:00")
    with pytest.raises(UserInputError, match="minutes and seconds of times"):
        written(tmp_path, replace(tracks, time=half))
    with pytest.raises(UserInputError, match="have minutes"):
        written(tmp_path, replace(tracks, time=half), lossy=True)
    with pytest.raises(UserInputError, match="frame numbers of the tracks are not known"):
        written(tmp_path, tracks, dates=False)
    with pytest.raises(UserInputError, match="have no dates"):
        written(tmp_path, tracks, dates=True)


def test_missing_values_get_the_mark_of_track(tmp_path: Path) -> None:
    nothing = np.array([np.nan, -99.0, 3.0], np.float32)
    field = Variable(name="mslp", values=nothing, lon=nothing, lat=nothing, missing_value=-99.0)
    tracks = read(tmp_path, PLAIN)
    text = written(tmp_path, replace(tracks, variables=(*tracks.variables, field)))
    assert text.count(" & 1.000000e+25 & 1.000000e+25 & 1.000000e+25 & ") == 2
    again = read(tmp_path, text).variables[1]
    assert again.missing_value == np.float32(1e25) and again.values[2] == 3


def test_what_the_text_cannot_keep(tmp_path: Path) -> None:
    tracks = replace(read(tmp_path, PLAIN), labels={"kind": np.array(["a", "b"], object)})
    with pytest.raises(UserInputError, match=r"'track' cannot keep labels of tracks \(kind\)"):
        written(tmp_path, tracks)
    assert written(tmp_path, tracks, lossy=True) == PLAIN


def test_links_with_their_objects(goldens: Path, tmp_path: Path) -> None:
    folder = goldens / "formats" / "r16_missing_frames"
    tracks, expected = read_track_set(folder / "tdump_t"), read_track_set(folder / "tr_trs_t")
    assert identify(folder / "tdump_t").name == "tdump"
    assert (tracks.n_tracks, tracks.n_points) == (expected.n_tracks, expected.n_points)
    np.testing.assert_allclose(tracks.lon, expected.lon, atol=1e-6)
    assert tracks.missing_after.tolist() == expected.missing_after.tolist()
    (tmp_path / "links.gz").write_bytes(gzip.compress((folder / "tdump_t").read_bytes()))
    with pytest.raises(UserInputError, match=r"give the object file \(objout.new\) of the same run"):
        read_track_set(tmp_path / "links")
    again = read_track_set(tmp_path / "links", objects=folder / "objout.new_t", start=2000010100, step=6)
    assert again.lon.tolist() == tracks.lon.tolist() and again.time is not None
    with pytest.raises(TrackFileError, match="an object file of linking, which has no tracks of its own"):
        read_track_set(folder / "objout.new_t")
    with pytest.raises(TrackFileError, match="line 1: is no object file"):
        read_track_set(folder / "tdump_t", objects=folder / "tr_trs_t")
    with pytest.raises(UserInputError, match="'tdump' is only read; written are"):
        write_track_set(tracks, tmp_path / "x", format="tdump")


def test_names_of_formats(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(PLAIN)
    with pytest.raises(StormtrackError, match=r"no format 'trak' of tracks \(did you mean 'track'\?\)"):
        read_track_set(tmp_path / "x", format="trak")
