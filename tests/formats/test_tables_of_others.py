"""Tables of others: names, dates, missing values; what cannot be used is refused with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import TrackFileError, UserInputError
from stormtrack.formats import registry
from stormtrack.formats.moments import to_texts
from stormtrack.model.tracks import TEXT_ID, TrackSet


def read(folder: Path, text: str, encoding: str = "utf-8", **options: object) -> TrackSet:
    (folder / "t.csv").write_bytes(text.encode(encoding))
    return registry.read_track_set(folder / "t.csv", **options)


GOOD = "id;Time;Longitude;Latitude;wind;basin\n7;2001-01-01 06:00;10,5;20;;NA\n"


def test_other_delimiters_names_and_marks(tmp_path: Path) -> None:
    text = "\ufeffstorm_id\tdate\tLONGITUDE\tLatitude\twind\tbasin\r\nA\t2001-01-01T06:00Z\t10.5\t20\t\tNA\r\n"
    tracks = read(tmp_path, text)
    assert tracks.labels[TEXT_ID].tolist() == ["A"] and tracks.point_labels["basin"].tolist() == ["NA"]
    assert tracks.time is not None and to_texts(tracks.time) == ["2001-01-01T06:00:00"]
    assert tracks.time.units == "hours since 1970-01-01 00:00:00" and tracks.time.calendar == "standard"
    assert np.isnan(tracks.intensity).all() and (tracks.lon[0], tracks.lat[0]) == (10.5, 20.0)


def test_rows_of_a_track_that_lie_apart(tmp_path: Path) -> None:
    tracks = read(tmp_path, "track_id,time,lon,lat,v\n5,1,0,0,1\n2,1,9,9,4\n5,2,1,1,2\n2,2,8,8,5\n5,3,2,2,3\n")
    assert tracks.track_id.tolist() == [5, 2] and tracks.lengths.tolist() == [3, 2]
    assert tracks.intensity.tolist() == [1, 2, 3, 4, 5]
    assert tracks.time is None and tracks.frame.tolist() == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2001-02-29 00:00:00", "line 3.*no such day"),
        ("29.02.2001", "line 3.*is no date"),
        ("1/2/51 12:00", "line 3.*spreadsheet changed"),
        ("2001-01-01 25:00", "line 3.*hour"),
    ],
)
def test_wrong_dates_name_their_line(time: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match=expected):
        read(tmp_path, f"track_id,time,lon,lat\n1,2001-01-01,0,0\n1,{time},1,1\n")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,2001-01-01,,0,5", "line 3: there is no longitude"),
        ("1,2001-01-01,0,91,5", "line 3: latitude 91"),
        ("1,2001-01-01,east,0,5", "line 3: 'east' is no longitude"),
        (",2001-01-01,0,0,5", "line 3: there is no id"),
        ("1,2001-01-01,0,0", "line 3: 4 cells where the first line names 5"),
    ],
)
def test_wrong_rows_name_their_line(row: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match=expected):
        read(tmp_path, f"track_id,time,lon,lat,v\na,2001-01-01,0,0,1\n{row}\n")


def test_decimal_commas_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match="line 2: '10,5' is no longitude"):
        read(tmp_path, GOOD)


def test_columns_that_a_user_names(tmp_path: Path) -> None:
    text = "nummer,wann,laenge,breite,stunde\n3,2001-01-01,1,2,3\n"
    named = {"track_id": "nummer", "time": "wann", "lon": "laenge", "lat": "breite"}
    tracks = read(tmp_path, text, format="csv", columns=named)
    assert tracks.track_id.tolist() == [3] and [v.name for v in tracks.variables] == ["stunde"]
    with pytest.raises(TrackFileError, match="no column 'nr'; there are nummer"):
        read(tmp_path, text, format="csv", columns={"track_id": "nr"})


def test_latin_letters_and_quotes(tmp_path: Path) -> None:
    text = 'track_id,time,lon,lat,name\n1,2001-01-01,0,0,"José, ""the"" storm"\n'
    for encoding in ("utf-8", "latin-1"):
        assert read(tmp_path, text, encoding).point_labels["name"].tolist() == ['José, "the" storm']


def test_a_frame_of_others() -> None:
    pandas = pytest.importorskip("pandas")
    from stormtrack.formats.tables.frame import from_dataframe

    frame = pandas.DataFrame(
        {
            "storm": pandas.Categorical(["x", "x", "y"]),
            "time": pandas.to_datetime(["2001-01-01 00:30", "2001-01-01 01:00", "2001-01-03 00:00"]),
            "lon": [1, 2, 3],
            "lat": [1.5, 2.5, 3.5],
            "wind": pandas.array([3, None, 5], "Int64"),
            "seen": pandas.to_datetime(["2001-01-01", None, "2001-01-02"]),
            "land": [True, False, True],
        }
    )
    tracks = from_dataframe(frame)
    assert tracks.labels[TEXT_ID].tolist() == ["x", "y"] and tracks.lengths.tolist() == [2, 1]
    assert tracks.time is not None and tracks.time.units == "minutes since 1970-01-01 00:00:00"
    np.testing.assert_array_equal(tracks.intensity, np.array([3, np.nan, 5], np.float32))
    with pytest.raises(UserInputError, match="no column for lon"):
        from_dataframe(frame.drop(columns="lon"))
