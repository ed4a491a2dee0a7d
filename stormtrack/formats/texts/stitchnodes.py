"""Tracks of TempestExtremes' StitchNodes, text.

A line ``start n year month day hour`` begins each track; rows of its points hold the node (``i j`` on a structured
grid, ``i`` on another), longitude, latitude, values without names, and year, month, day, hour.

References
----------
Ullrich et al. (2021), TempestExtremes v2.1, Geosci. Model Dev. 14, 5023-5048. Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...arrays import I64
from ...errors import TrackFileError, UserInputError
from ...model.tracks import TrackSet
from ..given import Given
from ..packing import write_file
from . import rows as text
from .rows import Points, Rows

_BEGIN = "start"
_BEGINS = re.compile(rb"\s*start[ \t]+\d+[ \t]+-?\d+[ \t]+\d+[ \t]+\d+[ \t]+\d+")
_NODES = ("i", "j")
_NO_NODE = -1
"""Written as the node of points that have none."""
_DATE = 4
_ROW = "a point 'i j lon lat values... year month day hour' (no j on an unstructured grid)"


def recognise(given: Given) -> bool:
    """Whether the first line begins a track."""
    return _BEGINS.match(given.head) is not None


def read(given: Given, *, names: Sequence[str] | None = None, structured: bool | None = None) -> TrackSet:
    """Read a file.

    Parameters
    ----------
    given : Given
    names : sequence of str, optional
        Of the values, in the order of the columns; None: ``column_4`` (counted from 0) and so on.
    structured : bool, optional
        Whether the node is ``i j``; None: if the second column is a whole number.

    Returns
    -------
    TrackSet
        Ids count from 1; nodes are labels of the points.

    Raises
    ------
    TrackFileError
        If it is malformed.
    UserInputError
        If the number of names is not that of the values.
    """
    rows, lengths = _rows(given)
    table = rows.numbers(_ROW)
    nodes = 1 + (_looks_structured(rows) if structured is None else structured)
    if rows.words and table.shape[1] < nodes + 2 + _DATE:
        raise rows.error(0, f"{table.shape[1]} columns are too few; expected {_ROW}")
    first = nodes + 2
    if not rows.words:
        table = np.zeros((0, first + _DATE))
    lon, lat = rows.positions(table[:, nodes:first])
    points = Points(
        codes=rows.codes(table[:, -_DATE:]),
        lon=lon,
        lat=lat,
        variables=text.named_variables(table[:, first:-_DATE], _names(names, first, table.shape[1] - _DATE)),
        labels=_labels([rows.whole(table[:, k], "the node") for k in range(nodes)]),
    )
    return text.dated_tracks(range(1, len(lengths) + 1), lengths, points)


def _rows(given: Given) -> tuple[Rows, list[int]]:
    """Rows of all points, and how many each track has."""
    rows, begin, announced = Rows(given.name), 0, 0
    lengths: list[int] = []
    for line, words in enumerate(map(str.split, text.lines_of(given.text)), 1):
        if not words:
            continue
        if words[0].lower() == _BEGIN:
            _check_length(given, lengths, announced, begin)
            if len(words) < 2 or not words[1].isdigit():
                problem = f"expected '{_BEGIN} n year month day hour', n the number of points"
                raise TrackFileError(problem, path=given.name, line=line)
            announced, begin = int(words[1]), line
            lengths.append(0)
        elif not lengths:
            raise TrackFileError(f"expected '{_BEGIN} n year month day hour'", path=given.name, line=line)
        else:
            rows.add(words, line)
            lengths[-1] += 1
    _check_length(given, lengths, announced, begin)
    return rows, lengths


def _check_length(given: Given, lengths: Sequence[int], announced: int, line: int) -> None:
    if lengths and lengths[-1] != announced:
        problem = f"{announced} points are announced, and {lengths[-1]} follow; the file is truncated or was changed"
        raise TrackFileError(problem, path=given.name, line=line)


def _looks_structured(rows: Rows) -> bool:
    return not rows.words or rows.words[0][1].lstrip("+-").isdigit()


def _names(names: Sequence[str] | None, first: int, end: int) -> list[str]:
    if names is None:
        return [f"column_{k}" for k in range(first, end)]
    given = [names] if isinstance(names, str) else list(names)
    if len(given) != end - first:
        raise UserInputError(f"names: {len(given)} ({', '.join(given)}) for {end - first} values of each point")
    return given


def _labels(nodes: Sequence[I64]) -> dict[str, I64]:
    if not len(nodes[0]) or all((node == _NO_NODE).all() for node in nodes):
        return {}
    return dict(zip(_NODES, nodes, strict=False))


def losses(tracks: TrackSet) -> Sequence[str]:
    """What the text cannot keep; names and units of values are not in it either."""
    return text.lost_in_rows(tracks, keeps_ids=False, keeps=_NODES)


def write(tracks: TrackSet, path: Path) -> None:
    """Write; points without node get ``-1 -1``.

    Raises
    ------
    UserInputError
        If points have no dates.
    OutputError
        If the file cannot be written.
    """
    tracks = tracks.without_empty()
    codes = text.codes_to_write(tracks, "stitchnodes")
    none = np.full(tracks.n_points, _NO_NODE)
    kept = [name for name in _NODES if name in tracks.point_labels] or list(_NODES)
    nodes = [tracks.point_labels.get(name, none).astype(str).tolist() for name in kept]
    values = [text.shown(text.real_values(v), "%e") for v in tracks.variables]
    date = [part.astype(str).tolist() for part in _date_parts(codes)]
    columns = [*nodes, text.shown(tracks.lon, "%f"), text.shown(tracks.lat, "%f"), *values, *date]
    points = ["\t" + "\t".join(row) for row in zip(*columns, strict=True)]
    out: list[str] = []
    for k in range(tracks.n_tracks):
        begin, end = int(tracks.start[k]), int(tracks.start[k + 1])
        out += ["\t".join([_BEGIN, str(end - begin), *(part[begin] for part in date)]), *points[begin:end]]
    write_file(path, "".join(f"{line}\n" for line in out).encode("ascii"))


def _date_parts(codes: I64) -> list[I64]:
    return [codes // 1_000_000, codes // 10_000 % 100, codes // 100 % 100, codes % 100]
