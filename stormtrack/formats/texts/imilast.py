"""Tracks in the text format of the IMILAST comparison of methods.

A line ``99 00,CycloneNo,...`` names the columns, ``90 id n`` begins each track, and rows ``00 id step YYYYMMDDHH year
month day hour lon lat values...`` are its points.

References
----------
Neu et al. (2013), IMILAST, Bull. Am. Meteorol. Soc. 94, 529-547. Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...arrays import F32
from ...errors import TrackFileError
from ...model.tracks import TrackSet
from ..given import Given
from ..packing import write_file
from . import rows as text
from .rows import Points, Rows

_HEADER, _TRACK, _POINT = "99", "90", "00"
_FIRST = re.compile(
    rb"\s*(?:99\b[^\n]*\n\s*)*?(?:99[ \t]+00[ \t]*,|90[ \t]+\d+[ \t]+\d+\s+00[ \t]+\d+[ \t]+\d+[ \t]+\d{10}[ \t])"
)
COLUMNS = ("CycloneNo", "StepNo", "DateI10", "Year", "Month", "Day", "Time", "LongE", "LatN")
_VALUES = 1 + len(COLUMNS)
HEADER_LINES = "imilast_header"
"""Attribute of the set: lines that begin with 99, as they were."""
_ROW = "a point '00 id step YYYYMMDDHH year month day hour lon lat values...'"


def recognise(given: Given) -> bool:
    """Whether it begins with the names of the columns, or with a track and its first point."""
    return _FIRST.match(given.head) is not None


def read(given: Given) -> TrackSet:
    """Read a file.

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    header: list[str] = []
    rows = Rows(given.name)
    ids: list[int] = []
    lengths: list[int] = []
    announced: list[int] = []
    for number, line in enumerate(text.lines_of(given.text), 1):
        words = line.split()
        if not words:
            continue
        if words[0] == _HEADER:
            if words[1:] and words[1].startswith(_POINT) and len(_names(line)) < _VALUES:
                problem = f"the names of the columns begin with {','.join((_POINT, *COLUMNS))}"
                raise TrackFileError(problem, path=given.name, line=number)
            header.append(line)
        elif words[0] == _TRACK:
            found = _whole(words[1:3], 2, given, number, f"'{_TRACK} id n'")
            ids.append(found[0])
            announced.append(found[1])
            lengths.append(0)
        elif words[0] == _POINT and ids:
            if words[1:2] != [str(ids[-1])] and _whole(words[1:2], 1, given, number, _ROW) != [ids[-1]]:
                problem = f"a point of track {words[1]} stands in track {ids[-1]}"
                raise TrackFileError(problem, path=given.name, line=number)
            rows.add(words, number)
            lengths[-1] += 1
        else:
            raise TrackFileError(f"expected '{_TRACK} id n', or {_ROW}", path=given.name, line=number)
    if not header and not ids:
        raise TrackFileError("holds no tracks, and no names of columns", path=given.name, line=1)
    _check_lengths(given, ids, lengths, announced)
    tracks = text.dated_tracks(ids, lengths, _points(rows, _value_names(header)))
    return replace(tracks, attributes={HEADER_LINES: tuple(header)} if header else {})


def _whole(words: Sequence[str], count: int, given: Given, line: int, expected: str) -> list[int]:
    if len(words) < count or not all(re.fullmatch(r"[+-]?\d{1,18}", word) for word in words):
        raise TrackFileError(f"expected {expected}", path=given.name, line=line)
    return [int(word) for word in words]


def _check_lengths(given: Given, ids: Sequence[int], lengths: Sequence[int], announced: Sequence[int]) -> None:
    for track, length, said in zip(ids, lengths, announced, strict=True):
        if length != said:
            problem = f"track {track} announces {said} points, and has {length}; the file is truncated or was changed"
            raise TrackFileError(problem, path=given.name)


def _value_names(header: Sequence[str]) -> list[str] | None:
    """Names of the values by the line that names the columns."""
    named = (_names(line) for line in header)
    return next((names[_VALUES:] for names in named if names[0] == _POINT), None)


def _names(header: str) -> list[str]:
    return [name.strip() for name in header.partition(_HEADER)[2].split(",")]


def _points(rows: Rows, names: Sequence[str] | None) -> Points:
    table = rows.numbers(_ROW, None if names is None else _VALUES + len(names))
    if rows.words and table.shape[1] < _VALUES:
        raise rows.error(0, f"{table.shape[1]} columns are too few; expected {_ROW}")
    if not rows.words:
        table = np.zeros((0, _VALUES + len(names or ())))
    codes = rows.codes(table[:, 4:8])
    wrong = codes != rows.whole(table[:, 3], "a time YYYYMMDDHH")
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        raise rows.error(k, f"time {rows.words[k][3]} is not that of year, month, day and hour behind it ({codes[k]})")
    lon, lat = rows.positions(table[:, 8:10])
    known = [f"column_{k}" for k in range(_VALUES, table.shape[1])] if names is None else names
    return Points(codes=codes, lon=lon, lat=lat, variables=text.named_variables(table[:, _VALUES:], known))


def losses(tracks: TrackSet) -> Sequence[str]:
    """What the text cannot keep; units are not in it either."""
    return text.lost_in_rows(tracks, keeps_ids=True)


def write(tracks: TrackSet, path: Path) -> None:
    """Write; header lines that were read are written again if they name the same values.

    Raises
    ------
    UserInputError
        If points have no dates.
    OutputError
        If the file cannot be written.
    """
    tracks = tracks.without_empty()
    codes = text.codes_to_write(tracks, "imilast")
    places = [_decimals(part, 2) for part in (tracks.lon, tracks.lat)]
    values = [_decimals(text.real_values(v), 4) for v in tracks.variables]
    numbers = np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths) + 1
    ids = tracks.track_id[tracks.owner].tolist()
    heads = map(_point_head, ids, numbers.tolist(), codes.tolist())
    points = [" ".join(row) for row in zip(heads, *places, *values, strict=True)]
    out = _header_lines(tracks)
    for k, track in enumerate(tracks.track_id.tolist()):
        begin, end = int(tracks.start[k]), int(tracks.start[k + 1])
        out += [f"{_TRACK} {track} {end - begin}", *points[begin:end]]
    write_file(path, "".join(f"{line}\n" for line in out).encode("utf-8"))


def _point_head(track: int, step: int, code: int) -> str:
    day, hour = divmod(code, 100)
    year, month = divmod(day // 100, 100)
    return f"{_POINT} {track} {step} {code:010d} {year:04d} {month:02d} {day % 100:02d} {hour:02d}"


def _header_lines(tracks: TrackSet) -> list[str]:
    names = [v.name for v in tracks.variables]
    kept = tracks.attributes.get(HEADER_LINES)
    lines = [str(line) for line in kept] if isinstance(kept, tuple) else []
    if _value_names(lines) == names:
        return lines
    return [f"{_HEADER} {','.join((_POINT, *COLUMNS, *names))}"]


def _decimals(values: F32, least: int) -> list[str]:
    """The shortest text that gives each float32 back, with so many decimals at least."""
    return [np.format_float_positional(value, min_digits=least) for value in values]
