"""Public files of tracks, read as their `expected.json` says, or refused where that is right."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats.registry import names, read_track_set
from stormtrack.model.tracks import TEXT_ID
from tests.formats.real_tracks import check, every_folder, expectations, file_of, moments

REFUSED = {"other_iris_tc", "other_old_hurdat_ecmwf", "track_tilt"}
"""No formats of tracks that are read here."""
CUT_OFF = {
    "other_hurdat2": ("line 297", "13 points are announced, and 3 follow"),
    "ibtracs_csv_spreadsheet_times": ("line 85", "a spreadsheet changed"),
    "geojson_ibtracs_segments": ("160 features, LineString", "SID, NUMBER", "did not write"),
    "geojson_nhc_points_1967": ("18 features, LineString, Point", "id-code", "did not write"),
}
"""What is said of those that are damaged or not settled: the last track is cut off, dates are spoilt, no table."""
NEEDED = {"parquet_blanks_in_names": "pyarrow"}
"""Packages that some need."""


@every_folder
def test_as_others_read_it(name: str) -> None:
    if name in NEEDED:
        pytest.importorskip(NEEDED[name])
    path, said = file_of(name), expectations(name)
    if name in REFUSED:
        begin = time.process_time()
        with pytest.raises(TrackFileError) as caught:
            read_track_set(path)
        assert time.process_time() - begin < 1
        assert str(path) in str(caught.value)
        assert all(format_name in str(caught.value) for format_name in names())
    elif name in CUT_OFF:
        with pytest.raises(TrackFileError) as caught:
            read_track_set(path)
        assert all(part in str(caught.value) for part in (str(path), *CUT_OFF[name]))
    else:
        check(read_track_set(path), said["expected"])


def test_hurdat2_before_the_cut(tmp_path: Path) -> None:
    lines = file_of("other_hurdat2").read_text().splitlines(keepends=True)
    (tmp_path / "x").write_text("".join(lines[:296]))
    tracks = read_track_set(tmp_path / "x")
    assert (tracks.n_tracks, tracks.n_points) == (10, 296 - 10)
    assert list(tracks.labels[TEXT_ID][:2]) == ["AL012021", "AL022021"] and tracks.labels["name"][8] == "IDA"
    assert tracks.lengths.tolist() == [17, 10, 23, 7, 43, 45, 38, 42, 40, 21]
    assert [v.name for v in tracks.variables[:2]] == ["wind", "pressure"]
    assert tracks.intensity[:3].tolist() == [30, 35, 40] and tracks.intensity.max() == 130
    assert (float(tracks.lon[0]), float(tracks.lat[0])) == (-55.5, np.float32(30.3))
    assert tracks.time is not None
    times = moments(tracks.time)
    landfall = list(tracks.point_labels["record"]).index("L")
    assert (times[0], times[landfall], times[-1]) == (
        "2021-05-20T00:00:00",
        "2021-06-19T04:30:00",
        "2021-09-01T12:00:00",
    )
    assert float(tracks.lat[landfall]) == np.float32(29.2)
