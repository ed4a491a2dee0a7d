"""Best tracks of the National Hurricane Center (HURDAT2), text; read only.

References
----------
Landsea and Franklin (2013), Mon. Weather Rev. 141, 3576-3592; NHC, "The revised Atlantic hurricane database (HURDAT2)".
Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...arrays import F64, I64
from ...errors import TrackFileError
from ...model.dates import DateParts, seconds_of_parts, times_since
from ...model.tracks import TEXT_ID, TrackSet, offsets
from ...model.variables import Variable
from ..given import Given
from . import rows as text
from .rows import Rows

NAME, STATUS, RECORD = "name", "status", "record"
"""Labels: name of the storm; of points status (HU, TS) and what the row records (L landfall)."""
_STORM = re.compile(r"([A-Z]{2}\d{6})\s*,([^,]*),\s*(\d+)\s*,?\s*")
_FIRST = re.compile(rb"\s*[A-Z]{2}\d{6}\s*,[^,\n]*,\s*\d+\s*,?\s*\n\s*\d{8}\s*,\s*\d{4}\s*,")
_PLACE = re.compile(r"(\d+(?:\.\d*)?)([NSEW])")
_WINDS = ("34", "50", "64")
_QUADRANTS = ("ne", "se", "sw", "nw")
VALUES = (
    ("wind", "kt"),
    ("pressure", "hPa"),
    *((f"radius_{wind}kt_{quadrant}", "nautical_mile") for wind in _WINDS for quadrant in _QUADRANTS),
    ("radius_of_maximum_wind", "nautical_mile"),
)
"""Names and units of the values, in the order of the columns; older files end before the last one."""
_BEFORE_VALUES = 6
_ABSENT = (-99.0, -999.0)
_REFERENCE = "1800-01-01 00:00:00"
_ROW = "a point 'YYYYMMDD, HHMM, record, status, latitude, longitude, wind, pressure, ...'"


def recognise(given: Given) -> bool:
    """Whether it begins with a storm and a point of it."""
    return _FIRST.match(given.head) is not None


def read(given: Given) -> TrackSet:
    """Read a file: times in UTC, values that are absent NaN.

    Returns
    -------
    TrackSet
        Ids (AL012021) are texts; names of storms, status and record of points are labels.

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    rows, storms, lengths = _rows(given)
    values = _values(rows)
    lat, lon = (_places(rows, column) for column in (4, 5))
    n = len(rows.words)
    tracks = TrackSet(
        track_id=np.arange(1, len(storms) + 1),
        start=offsets(np.array(lengths, np.int64)),
        lon=lon.astype(np.float32),
        lat=lat.astype(np.float32),
        variables=values,
        frame=np.zeros(n, np.int64),
        missing_after=np.zeros(n, np.int32),
        time=times_since(_seconds(rows), _REFERENCE, "standard"),
    )
    of_points = {RECORD: 2, STATUS: 3}
    return replace(
        tracks,
        labels={name: np.array([storm[k] for storm in storms], object) for k, name in enumerate((TEXT_ID, NAME))},
        point_labels={name: np.array([words[k] for words in rows.words], object) for name, k in of_points.items()},
    )


def _rows(given: Given) -> tuple[Rows, list[tuple[str, str]], list[int]]:
    """Rows of all points; id and name of each storm; how many points it has."""
    rows, announced, begin = Rows(given.name), 0, 0
    storms: list[tuple[str, str]] = []
    lengths: list[int] = []
    for number, line in enumerate(text.lines_of(given.text), 1):
        found = _STORM.fullmatch(line.strip())
        if found is not None:
            _check_length(given, lengths, announced, begin)
            storms.append((found[1], found[2].strip()))
            announced, begin = int(found[3]), number
            lengths.append(0)
        elif line.strip():
            words = [word.strip() for word in line.rstrip(", ").split(",")]
            if not lengths or len(words) < _BEFORE_VALUES + 2:
                raise TrackFileError(f"expected 'ALnnYYYY, name, n,', or {_ROW}", path=given.name, line=number)
            rows.add(words, number)
            lengths[-1] += 1
    if not storms:
        raise TrackFileError("holds no storms", path=given.name, line=1)
    _check_length(given, lengths, announced, begin)
    return rows, storms, lengths


def _check_length(given: Given, lengths: Sequence[int], announced: int, line: int) -> None:
    if lengths and lengths[-1] != announced:
        problem = f"{announced} points are announced, and {lengths[-1]} follow; the file is truncated or was changed"
        raise TrackFileError(problem, path=given.name, line=line)


def _values(rows: Rows) -> tuple[Variable, ...]:
    numbers = Rows(rows.name, [words[_BEFORE_VALUES:] for words in rows.words], rows.lines)
    table = numbers.numbers("numbers behind the position (wind, pressure, radii)")
    table = np.where(np.isin(table, _ABSENT), np.nan, table)
    known = VALUES[: table.shape[1]] if rows.words else VALUES[:2]
    if not rows.words:
        table = np.zeros((0, len(known)))
    if table.shape[1] > len(VALUES):
        raise rows.error(0, f"{table.shape[1]} numbers behind the position; known are {len(VALUES)}")
    unnamed = text.named_variables(table, [name for name, _ in known])
    return tuple(replace(v, units=units) for v, (_, units) in zip(unnamed, known, strict=True))


def _places(rows: Rows, column: int) -> F64:
    found = np.zeros(len(rows.words))
    for k, words in enumerate(rows.words):
        match = _PLACE.fullmatch(words[column])
        if match is None or (match[2] in "NS") != (column == 4):
            wanted = "a latitude such as 28.0N" if column == 4 else "a longitude such as 94.8W"
            raise rows.error(k, f"{words[column][:20]!r} where {wanted} is expected")
        found[k] = float(match[1]) * (-1 if match[2] in "SW" else 1)
    return found


def _seconds(rows: Rows) -> I64:
    """Seconds since 1970."""
    dates = Rows(rows.name, [_date_words(rows, k) for k in range(len(rows.words))], rows.lines)
    parts = dates.numbers("a date", 5).astype(np.int64)
    codes = dates.codes(parts[:, :4].astype(np.float64))
    second = parts[:, 3] * 3600 + parts[:, 4] * 60
    day = DateParts(year=codes // 1_000_000, month=codes // 10_000 % 100, day=codes // 100 % 100, second=second)
    return seconds_of_parts(day, "standard")


def _date_words(rows: Rows, k: int) -> list[str]:
    day, time = rows.words[k][:2]
    if not (re.fullmatch(r"\d{8}", day) and re.fullmatch(r"\d{4}", time)):
        raise rows.error(k, f"'{day[:20]}, {time[:20]}' where a date 'YYYYMMDD, HHMM' is expected")
    return [day[:4], day[4:6], day[6:], time[:2], time[2:]]
