"""Tracks as comma-separated text, one row for each point.

The first line has the names of the columns and nothing else stands before it, so that ``pandas.read_csv(path,
parse_dates=["time"])`` reads it; numbers are the shortest that give the same float32 again, dates are those of
ISO 8601, an empty cell is a missing value. What the columns do not say (units, calendar, attributes) stands as JSON in
the first cell of the last column, ``metadata``.

Tables of others are read too: names of columns are known by `others`, IBTrACS with its line of units among them.

Parity: not applicable.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import TrackFileError
from ...model.tracks import TrackSet
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.history import PROGRAM, continued
from ..columns.layout import OWN, Column
from ..columns.names import LAT, TRACK_ID, known_as
from ..columns.records import from_records, kept_apart, to_records
from ..given import Given
from ..moments import DateTextError
from ..packing import write_file
from .about import WRONG, about_of, attributes_of, shown, told_of
from .others import RowError, canonical, holds_tracks
from .texts import column_of, float_texts, numbers_of, texts_of_dates

METADATA = "metadata"
"""Last column: JSON in its first cell."""
_DELIMITERS = ",;\t"
_LARGEST_CELL = 1 << 24
_OF_SPREADSHEET = re.compile(r"\s*\d{1,2}[/.]\d{1,2}[/.]\d{2}\b")


def recognise(given: Given) -> bool:
    """Whether the first line names an id, a position and a time."""
    first = given.head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if given.is_folder or b"\0" in first:
        return False
    try:
        names: list[str] = next(_reader(first.decode("utf-8", "replace")), [])
    except csv.Error:
        return False
    return len(names) > 3 and holds_tracks(names)


def read(given: Given, *, columns: Mapping[str, str] | None = None) -> TrackSet:
    """Read.

    Parameters
    ----------
    given : Given
    columns : mapping, optional
        Where names are others: the name of this program -> that of the file, such as ``{"track_id": "storm"}``.
    """
    table = _table(given)
    about = _metadata(table, given)
    attributes = attributes_of(about)
    units = _units_row(table)
    skip = 1 if units else 0
    try:
        found = {
            name: column_of(cells[skip:], told_of(about, name) or units.get(name, {}))
            for name, cells in table.columns.items()
            if name != METADATA
        }
        return decode(from_records(canonical(found, columns or {}, OWN in attributes), attributes))
    except DateTextError as problem:
        line = table.lines[problem.number + skip]
        raise TrackFileError(_about_date(problem), path=given.name, line=line) from problem
    except RowError as problem:
        line = table.lines[problem.row + skip]
        raise TrackFileError(problem.problem, path=given.name, line=line) from problem
    except WRONG as problem:
        raise TrackFileError(str(problem), path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """What rows of points cannot keep; of a set without points only the names of columns are written."""
    return kept_apart(tracks)


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write; gzipped if the name ends with ``.gz``.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history, which is continued.
    """
    layout = encode(continued(tracks, command))
    columns = to_records(layout)
    texts = {name: _texts(name, column) for name, column in columns.items()}
    n = int(layout.lengths.sum())
    texts[METADATA] = [json.dumps(about_of(columns, layout.attributes)), *[""] * (n - 1)] if n else []
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(texts)
    writer.writerows(zip(*texts.values(), strict=True))
    write_file(path, out.getvalue().encode("utf-8"))


def _texts(name: str, column: Column) -> list[str]:
    """Cells of a column."""
    if column.is_text:
        return [str(one) for one in column.values]
    values, gone = shown(name, column)
    if values.dtype.kind in "MO":
        return texts_of_dates(column)
    if values.dtype.kind == "f":
        return ["" if empty else text for text, empty in zip(float_texts(values), gone.tolist(), strict=True)]
    return [str(one) for one in values.tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Cells by columns, and the line of the file on which each row ends."""

    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]


def _reader(text: str) -> Any:
    first = text.split("\n", 1)[0]
    csv.field_size_limit(_LARGEST_CELL)
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=max(_DELIMITERS, key=first.count),
        skipinitialspace=METADATA not in first,
    )


def _table(given: Given) -> _Table:
    reader, rows, lines = _reader(given.text), [], []
    try:
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                problem = f"{len(row)} cells where the first line names {len(header)} columns"
                raise TrackFileError(problem, path=given.name, line=reader.line_num)
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as problem:
        raise TrackFileError(f"is no table ({problem})", path=given.name, line=reader.line_num) from problem
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise TrackFileError(f"several columns are called '{doubled[0]}'", path=given.name, line=1)
    cells = zip(*rows, strict=True) if rows else ([] for _ in header)
    return _Table(columns=dict(zip(header, map(list, cells), strict=True)), lines=lines)


def _metadata(table: _Table, given: Given) -> dict[str, Any]:
    """What stands in the last column; nothing in tables of others."""
    cells = {cell for cell in table.columns.get(METADATA, ()) if cell}
    if not cells:
        return {}
    if len(cells) > 1:
        raise TrackFileError(
            f"'{METADATA}' says different things in different rows: tables were put together. Read them one by one, "
            "or drop that column",
            path=given.name,
        )
    try:
        found = json.loads(cells.pop())
        return found if isinstance(found, dict) and isinstance(found.get("columns"), dict) else {}
    except ValueError as problem:
        raise TrackFileError(f"'{METADATA}' is no JSON ({problem})", path=given.name, line=2) from problem


def _units_row(table: _Table) -> dict[str, dict[str, str]]:
    """Units by columns, where a line of them follows the names (IBTrACS)."""
    names = list(table.columns)
    ids, lats = (known_as(names, field)[:1] for field in (TRACK_ID, LAT))
    if not table.lines or not ids or not lats:
        return {}
    first = {name: cells[0].strip() for name, cells in table.columns.items()}
    if first[ids[0]] or not first[lats[0]] or numbers_of([first[lats[0]]]).dtype.kind != "O":
        return {}
    return {name: {"units": unit} for name, unit in first.items() if unit}


def _about_date(problem: DateTextError) -> str:
    if _OF_SPREADSHEET.match(problem.text):
        return (
            f"{problem.text!r} is a date that a spreadsheet changed: its century is lost. Take the original file, or "
            "write the dates as YYYY-MM-DD HH:MM:SS"
        )
    return str(problem)
