"""StitchNodes, IMILAST and HURDAT2: what is read, written, and said of what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import TrackFileError, UserInputError
from stormtrack.formats.registry import identify, read_track_set, write_track_set
from stormtrack.model.times import Times
from stormtrack.model.tracks import TEXT_ID, TrackSet
from stormtrack.model.variables import Variable
from stormtrack.testing import assert_bitwise
from tests.formats.real_tracks import file_of

NODES = """start\t2\t2000\t2\t28\t18
\t5\t6\t10.250000\t-20.500000\t9.900000e+04\t1.500000e+01\t2000\t2\t28\t18
\t6\t7\t11.250000\t-20.500000\t9.800000e+04\tnan\t2000\t2\t29\t0
start\t1\t1999\t12\t31\t6
\t8\t9\t359.750000\t89.000000\t1.000000e+05\t2.500000e+01\t1999\t12\t31\t6
"""
UNSTRUCTURED = "start 1 2000 1 1 0\n 1234567890 -10.5 20.0 9.9e4 2000 1 1 0\n"
IMILAST = """99 a comment
99 00,CycloneNo,StepNo,DateI10,Year,Month,Day,Time,LongE,LatN,MSL,Lap
90 7 2
00 7 1 2000022818 2000 02 28 18 -10.25 20.50 99000.5000 0.1234567
00 7 2 2000022900 2000 02 29 00 180.00 -90.00 98000.0000 nan
90 9 1
00 9 1 1999123106 1999 12 31 06 0.00 1.00 -0.0001 1.0000
"""
HURDAT = """AL012021,                ANA,     2,
20210520, 0000,  , EX, 30.3N,  55.5W,  30, 1015,    0,  -999,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0
20210520, 0630, L, TS, 31.5S,  54.5E, -99, -999,  100,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0
"""
TEXTS = {"stitchnodes": NODES, "imilast": IMILAST, "hurdat2": HURDAT}


def read(tmp_path: Path, text: str, **options: Any) -> TrackSet:
    (tmp_path / "tracks").write_text(text)
    return read_track_set(tmp_path / "tracks", **options)


def written(tmp_path: Path, tracks: TrackSet, name: str, **options: Any) -> str:
    write_track_set(tracks, tmp_path / "out", format=name, **options)
    return (tmp_path / "out").read_text()


@pytest.mark.parametrize("name", TEXTS)
def test_told_by_its_content(name: str, tmp_path: Path) -> None:
    for text in (TEXTS[name], "\n" + TEXTS[name].replace("\n", "\r\n")):
        (tmp_path / "x.nc").write_bytes(text.encode())
        assert identify(tmp_path / "x.nc").name == name
        assert read_track_set(tmp_path / "x.nc").n_points == read(tmp_path, TEXTS[name]).n_points


@pytest.mark.parametrize("name", ["stitchnodes", "imilast"])
def test_text_comes_back(name: str, tmp_path: Path) -> None:
    tracks = read(tmp_path, TEXTS[name])
    assert written(tmp_path, tracks, name) == TEXTS[name]


@pytest.mark.parametrize(
    "name", ["te_stitchnodes", "te_narr", "te_merra", "imilast_msl_hodges", "imilast_msl_negative_lon"]
)
def test_public_files_come_back(name: str, tmp_path: Path) -> None:
    """The same float32 values and dates; the same bytes where the text has no more digits than float32."""
    tracks, kind = read_track_set(file_of(name)), identify(file_of(name)).name
    text = written(tmp_path, tracks, kind)
    again = read_track_set(tmp_path / "out")
    assert_bitwise(again.lon, tracks.lon)
    assert_bitwise(again.lat, tracks.lat)
    for one, other in zip(again.variables, tracks.variables, strict=True):
        assert one.name == other.name
        assert_bitwise(one.values, other.values)
    assert again.time is not None and tracks.time is not None
    assert again.time.values.tolist() == tracks.time.values.tolist()
    if name in ("te_stitchnodes", "te_narr", "imilast_msl_negative_lon"):
        assert text.rstrip("\n") == file_of(name).read_text().rstrip("\n")


def test_nodes_and_names_of_stitchnodes(tmp_path: Path) -> None:
    tracks = read(tmp_path, NODES)
    assert [v.name for v in tracks.variables] == ["column_4", "column_5"]
    assert {name: of.tolist() for name, of in tracks.point_labels.items()} == {"i": [5, 6, 8], "j": [6, 7, 9]}
    assert tracks.track_id.tolist() == [1, 2] and tracks.lengths.tolist() == [2, 1]
    assert tracks.time is not None and tracks.time.values.tolist() == [2000022818, 2000022900, 1999123106]
    assert [v.name for v in read(tmp_path, NODES, names=["slp", "wind"]).variables] == ["slp", "wind"]
    with pytest.raises(UserInputError, match=r"names: 1 \(slp\) for 2 values"):
        read(tmp_path, NODES, names=["slp"])
    nodes = read(tmp_path, UNSTRUCTURED)
    assert nodes.point_labels["i"].tolist() == [1234567890] and "j" not in nodes.point_labels
    assert [v.name for v in nodes.variables] == ["column_3"] and nodes.lon.tolist() == [-10.5]
    assert written(tmp_path, nodes, "stitchnodes").splitlines()[1].split("\t")[1:3] == ["1234567890", "-10.500000"]
    other = read(tmp_path, UNSTRUCTURED.replace(" -10.5 20.0", " 20 -10.5"), structured=False)
    assert other.lon.tolist() == [20.0]
    bare = written(tmp_path, replace(tracks, point_labels={}), "stitchnodes")
    assert "\t-1\t-1\t10.250000" in bare and read(tmp_path, bare).point_labels == {}


def test_header_of_imilast(tmp_path: Path) -> None:
    tracks = read(tmp_path, IMILAST)
    assert tracks.track_id.tolist() == [7, 9] and [v.name for v in tracks.variables] == ["MSL", "Lap"]
    assert tracks.lon.tolist() == [-10.25, 180, 0] and tracks.intensity.tolist()[0] == 99000.5
    renamed = replace(tracks, variables=(replace(tracks.variables[0], name="p"),))
    assert written(tmp_path, renamed, "imilast").splitlines()[0].endswith(",LongE,LatN,p")
    without = "\n".join(IMILAST.splitlines()[2:])
    assert [v.name for v in read(tmp_path, without).variables] == ["column_10", "column_11"]


def test_values_of_hurdat2(tmp_path: Path) -> None:
    tracks = read(tmp_path, HURDAT)
    assert list(tracks.labels[TEXT_ID]) == ["AL012021"] and list(tracks.labels["name"]) == ["ANA"]
    assert list(tracks.point_labels["record"]) == ["", "L"] and list(tracks.point_labels["status"]) == ["EX", "TS"]
    assert tracks.lon.tolist() == [-55.5, 54.5] and tracks.lat.tolist() == [np.float32(30.3), -31.5]
    wind, pressure, ne, se = tracks.variables[:4]
    assert (wind.name, wind.units, pressure.units) == ("wind", "kt", "hPa")
    assert np.isnan([wind.values[1], pressure.values[1], se.values[0]]).all() and ne.values.tolist() == [0, 100]
    assert tracks.time is not None and tracks.time.calendar == "standard"
    assert tracks.time.units == "minutes since 1800-01-01 00:00:00"
    assert int(np.diff(tracks.time.values)[0]) == 390


WRONG = [
    (NODES, "start\t1\t1999", "start\t2\t1999", "line 4: 2 points are announced, and 1 follow"),
    (NODES, "9.800000e+04\t", "", "line 3: 9 columns where 10 are expected"),
    (NODES, "9.800000e+04", "strong", "line 3: 'strong' is no number"),
    (NODES, "\t2000\t2\t29\t0", "\t2000\t2\t29\t25", "line 3: the hour is 25; allowed are 0 to 24"),
    (NODES, "\t2000\t2\t29\t0", "\t2000\tnan\t29\t0", "line 3: nan where the month is expected"),
    (NODES, "89.000000", "91.000000", "line 5: longitude 359.75, latitude 91 is no place"),
    (NODES, "\t8\t9\t", "\t8\t9.5\t", "line 5: 9.5 where the node is expected, a whole number"),
    (IMILAST, "90 9 1", "90 9 2", "track 9 announces 2 points, and has 1"),
    (IMILAST, "00 7 2", "00 8 2", "line 5: a point of track 8 stands in track 7"),
    (IMILAST, "2000022900", "2000022906", "line 5: time 2000022906 is not that of"),
    (IMILAST, " nan", "", "line 5: 11 columns where 12 are expected"),
    (IMILAST, "Month,Day,Time,LongE,LatN,", "", "line 2: the names of the columns begin with 00,CycloneNo,"),
    (IMILAST, "90 9 1", "91 9 1", "line 6: expected '90 id n'"),
    (HURDAT, "     2,", "     3,", "line 1: 3 points are announced, and 2 follow"),
    (HURDAT, "31.5S", "31.5", "line 3: '31.5' where a latitude such as 28.0N is expected"),
    (HURDAT, "54.5E", "54.5N", "line 3: '54.5N' where a longitude"),
    (HURDAT, "0630", "2630", "line 3: the hour is 26"),
    (HURDAT, "1015", "low", "line 2: 'low' is no number"),
]


@pytest.mark.parametrize(("text", "old", "new", "said"), WRONG, ids=[w[3][:40] for w in WRONG])
def test_errors_name_the_line(text: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in text
    with pytest.raises(TrackFileError) as caught:
        read(tmp_path, text.replace(old, new, 1))
    assert said in str(caught.value) and str(tmp_path / "tracks") in str(caught.value)


@pytest.mark.parametrize("name", ["stitchnodes", "imilast"])
def test_float32_values_of_all_kinds_come_back(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    n = 2000
    values = rng.integers(0, 2**32, n, dtype=np.uint32).view(np.float32)
    values = np.where(np.isfinite(values), values, np.float32(0))
    tracks = read(tmp_path, NODES)
    lon, lat = rng.uniform(-180, 360, n).astype(np.float32), rng.uniform(-90, 90, n).astype(np.float32)
    many = TrackSet(
        track_id=np.array([1]), start=np.array([0, n]), lon=lon, lat=lat, frame=np.zeros(n, np.int64),
        variables=(Variable(name="column_4", values=values),), missing_after=np.zeros(n, np.int32),
        time=Times(values=np.arange(n), units="hours since 2000-01-01 00:00:00", calendar="standard"),
    )  # fmt: skip
    written(tmp_path, many, name)
    again = read_track_set(tmp_path / "out")
    assert_bitwise(again.lon, lon)
    assert_bitwise(again.lat, lat)
    assert_bitwise(again.intensity, values)
    assert tracks.n_tracks == 2


@pytest.mark.parametrize("name", ["stitchnodes", "imilast"])
def test_what_the_text_cannot_keep(name: str, tmp_path: Path) -> None:
    tracks = read(tmp_path, HURDAT + HURDAT.replace("AL01", "AL02").replace("ANA", "BOB"))
    with pytest.raises(UserInputError) as caught:
        written(tmp_path, tracks, name)
    for lost in (
        "labels of tracks (name)",
        "labels of points (record, status)",
        "ids of tracks",
        "minutes and seconds",
    ):
        assert lost in str(caught.value)
    frames = replace(read(tmp_path, IMILAST), time=None, start_time=None, track_id=np.array([1, 2]))
    with pytest.raises(UserInputError, match=f"'{name}' needs dates, and the tracks have frame numbers"):
        written(tmp_path, frames, name)
    assert not (tmp_path / "out").exists()
