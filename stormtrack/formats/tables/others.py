"""Tables whose columns have other names: which of them is the track, the time, the longitude and the latitude."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import UserInputError
from ...model.times import DATE_CODE
from ..columns.layout import PER_TRACK, UNITS, Column
from ..columns.names import LAT, LON, TIME, TRACK_ID, Field, known_as
from ..moments import from_texts, whole

PARTS = ("year", "month", "day", "hour", "minute", "second")
"""Columns that together are a time."""
_NEEDED_PARTS = 3
_IBTRACS = "SID"
"""Name of its ids, from which its tables are told."""
_OF_STORM = {"name", "season", "number", "track_type"}
_FIRST_DATE, _LAST_DATE = 1_000_01_01_00, 9999_12_31_23


def holds_tracks(names: list[str]) -> bool:
    """Whether the names of columns are those of tracks: an id, a position, and a time or the parts of one."""
    small = {name.strip().lower() for name in names}
    timed = bool(known_as(names, TIME)) or set(PARTS[:_NEEDED_PARTS]) <= small
    return timed and all(known_as(names, field) for field in (TRACK_ID, LON, LAT))


def canonical(columns: Mapping[str, Column], given: Mapping[str, str], own: bool) -> dict[str, Column]:
    """Columns under the names of this program.

    Parameters
    ----------
    columns : mapping
        With blanks round names dropped.
    given : mapping
        Name of this program -> name of the table, where a user said so.
    own : bool
        This program wrote them: nothing is guessed or checked.

    Returns
    -------
    dict
        With ``track_id``, ``lon``, ``lat`` and, where there is one, ``time``.

    Raises
    ------
    UserInputError
        If one is missing, or holds something else.
    """
    if own and not given and all(field.name in columns for field in (TRACK_ID, LON, LAT)):
        return dict(columns)
    found = {_name(columns, field, given): field.name for field in (TRACK_ID, LON, LAT)}
    out = {ours: columns[theirs] for theirs, ours in found.items()}
    _check_ids(out[TRACK_ID.name])
    for field in (LON, LAT):
        out[field.name] = _position(out[field.name], field)
    out[TIME.name], used = _time(columns, given)
    rest = {name: column for name, column in columns.items() if name not in found and name not in used}
    if _IBTRACS in found:
        rest = {name: _of_storm(name, column) for name, column in rest.items()}
    return out | {name: column for name, column in rest.items() if name not in out}


def _of_storm(name: str, column: Column) -> Column:
    """The column, marked if IBTrACS has one value for each storm."""
    if name.lower() not in _OF_STORM:
        return column
    return Column(values=column.values, attributes={**column.attributes, PER_TRACK: 1})


def _name(columns: Mapping[str, Column], field: Field, given: Mapping[str, str]) -> str:
    if field.name in given:
        if given[field.name] in columns:
            return given[field.name]
        raise UserInputError(f"there is no column '{given[field.name]}'; there are {', '.join(columns)}")
    found = known_as(columns, field)
    if not found:
        raise UserInputError(
            f"no column for {field.name} (such as {', '.join(field.others[:4])}); there are "
            f"{', '.join(list(columns)[:20])}. Say which it is: columns={{'{field.name}': ...}}"
        )
    return found[0]


def _check_ids(column: Column) -> None:
    values = column.values
    if column.is_text:
        empty = np.array([not str(one).strip() for one in values], bool)
    else:
        empty = np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)
    if empty.any():
        raise RowError(int(np.flatnonzero(empty)[0]), "there is no id of a track")


def _position(column: Column, field: Field) -> Column:
    values = column.values
    if values.dtype.kind not in "iuf":
        raise _no_numbers(values, field)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise RowError(int(np.flatnonzero(~np.isfinite(values))[0]), f"there is no {field.long_name}")
    if field is LAT and values.size and np.abs(values).max() > 90:
        raise RowError(int(np.argmax(np.abs(values))), f"latitude {values[np.argmax(np.abs(values))]} is beyond 90")
    return Column(values=values.astype(np.float32), attributes=column.attributes)


def _no_numbers(values: Any, field: Field) -> RowError:
    for row, one in enumerate(values):
        try:
            float(one)
        except (TypeError, ValueError):
            return RowError(row, f"{one!r} is no {field.long_name} in degrees")
    return RowError(0, f"the {field.long_name} is no number")


class RowError(UserInputError, ValueError):
    """A row of a table cannot be used.

    Parameters
    ----------
    row : int
        From 0.
    problem : str
    """

    def __init__(self, row: int, problem: str) -> None:
        self.row, self.problem = row, problem
        super().__init__(f"row {row + 1}: {problem}")


def _time(columns: Mapping[str, Column], given: Mapping[str, str]) -> tuple[Column, set[str]]:
    """The time, and the columns that it was taken from."""
    small = {name.strip().lower(): name for name in columns}
    parts = [small[part] for part in PARTS if part in small]
    found = [given[TIME.name]] if TIME.name in given else known_as(columns, TIME)
    if not found and [part.strip().lower() for part in parts[:_NEEDED_PARTS]] == list(PARTS[:_NEEDED_PARTS]):
        return _of_parts([columns[part].values for part in parts]), set(parts)
    name = _name(columns, TIME, given)
    column = columns[name]
    if "calendar" in column.attributes or UNITS in column.attributes:
        return column, {name}
    if column.is_text:
        times = from_texts([str(one) for one in column.values])
        return Column(values=times.values, attributes={"units": times.units, "calendar": times.calendar}), {name}
    return _of_numbers(column), {name}


def _of_numbers(column: Column) -> Column:
    """Digits of dates, numbers with units, or numbers of frames."""
    values, told = column.values, dict(column.attributes)
    if "units" in told:
        times = whole(values, str(told["units"]), told.get("calendar"))
        return Column(values=times.values, attributes={"units": times.units, "calendar": times.calendar or "standard"})
    if values.dtype.kind == "f" and (not np.isfinite(values).all() or (values != np.round(values)).any()):
        raise UserInputError("the time is neither a date nor the whole number of a frame")
    numbers = values.astype(np.int64)
    if numbers.size and int(numbers.min()) >= _FIRST_DATE and int(numbers.max()) <= _LAST_DATE:
        return Column(values=numbers, attributes={"units": DATE_CODE, "calendar": "standard"})
    return Column(values=numbers)


def _of_parts(parts: list[Array]) -> Column:
    """A time from year, month, day and what there is of hour, minute and second."""
    texts: list[str] = []
    for row in zip(*(part.tolist() for part in parts), strict=True):
        try:
            year, month, day, *clock = (int(float(one)) for one in row)
        except (TypeError, ValueError, OverflowError) as problem:
            raise RowError(len(texts), f"year, month, day or hour is no number ({row})") from problem
        hour, minute, second = (*clock, 0, 0, 0)[:3]
        texts.append(f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}")
    times = from_texts(texts)
    return Column(values=times.values, attributes={"units": times.units, "calendar": times.calendar})
