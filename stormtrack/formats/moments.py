"""Dates as others hold them, datetime64, cftime and ISO text, to and from the times of tracks, in every calendar of CF.

Dates are datetime64 (whole seconds) in the calendars that have them, from the Gregorian reform on, and objects of
cftime otherwise. Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import I64, Array
from ..errors import TracksError, UserInputError
from ..model.dates import (
    PROLEPTIC,
    REFORM,
    STANDARD,
    DateParts,
    calendar_named,
    date_parts,
    seconds_of,
    seconds_of_parts,
    times_since,
)
from ..model.dates import times_like as _times_like
from ..model.times import NO_TIME, Times

REFERENCE = "1970-01-01 00:00:00"
"""What times count from that have no units of their own, so that sets of several files can be put together."""

_NOT_A_TIME = np.datetime64("NaT", "s")
_LARGEST = 1 << 61
_TEXT = re.compile(
    r"\s*(-?\d{4,6})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?)(?::(\d\d?))?(?::(\d\d?)(?:\.0*)?)?)?\s*(?:Z|[+-]00:?00)?\s*"
)


def to_dates(times: Times) -> Any:
    """Dates of times.

    Parameters
    ----------
    times : Times

    Returns
    -------
    datetime64[s] or object (cftime), shape (n,)
        NaT or None where a time is not known. Dates are datetime64 in the standard and the proleptic calendar; in the
        standard one only if all are after the reform of 1582.

    Raises
    ------
    TracksError
        If the units are none, CF has no such calendar, or a number is no date in it.
    """
    calendar, seconds, known = calendar_named(times.calendar), seconds_of(times), times.known
    if calendar == PROLEPTIC or (calendar == STANDARD and not (seconds[known] < REFORM).any()):
        return np.where(known, seconds.astype("datetime64[s]"), _NOT_A_TIME)
    return _objects(seconds, known, calendar)


def from_dates(dates: Any, *, units: str | None = None, calendar: str | None = None) -> Times:
    """Times of dates.

    Parameters
    ----------
    dates : array_like of datetime64, datetime or cftime, shape (n,)
        NaT or None: not known. Parts of a second are rounded.
    units : str, optional
        Used if the dates are whole numbers of them. Otherwise hours, minutes or seconds since 1970, whichever are
        whole.
    calendar : str, optional
        Of datetime64; None: the standard one (before the reform of 1582 the proleptic one).

    Returns
    -------
    Times

    Raises
    ------
    TracksError
        If these are no dates, or of several calendars.
    """
    given = np.asarray(dates)
    if given.dtype.kind == "O" and any(hasattr(one, "calendar") for one in given):
        seconds, calendar = _of_objects(given, calendar)
    else:
        seconds, calendar = _of_datetimes(given, calendar)
    if units is None:
        return times_since(seconds, REFERENCE, calendar)
    return _times_like(seconds, Times(values=seconds, units=units, calendar=calendar))


def in_units(times: Times, units: str) -> Times:
    """The same times in other units, or finer ones where these do not hold them."""
    return _times_like(seconds_of(times), Times(values=times.values, units=units, calendar=times.calendar))


def is_dates(values: Array) -> bool:
    """Whether these are dates (datetime64, datetime or cftime)."""
    if values.dtype.kind == "M":
        return True
    if values.dtype.kind != "O":
        return False
    first = next((one for one in values if one is not None and one == one), None)
    return hasattr(first, "year") and hasattr(first, "hour")


def to_texts(times: Times) -> list[str]:
    """Dates as ISO 8601 writes them, to the second; blank where a time is not known."""
    known = times.known
    parts = date_parts(np.where(known, seconds_of(times), 0), calendar_named(times.calendar))
    fields = (parts.year, parts.month, parts.day, parts.second // 3600, parts.second // 60 % 60, parts.second % 60)
    rows = zip(known.tolist(), *(field.tolist() for field in fields), strict=True)
    return [
        f"{year:0{4 + (year < 0)}d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}" if one else ""
        for one, year, month, day, hour, minute, second in rows
    ]


def from_texts(texts: Sequence[str], *, units: str | None = None, calendar: str | None = None) -> Times:
    """Times of dates in ISO 8601 (blank or ``T`` between day and hour; UTC).

    Parameters
    ----------
    texts : sequence of str, length n
        Blank: not known.
    units, calendar : str, optional
        As for `from_dates`.

    Raises
    ------
    DateTextError
        Names the first that is no date of the calendar.
    """
    table = np.array([_parts(text, number) for number, text in enumerate(texts)], np.int64).reshape(-1, 7)
    known = table[:, 0] == 1
    usual = calendar_named(calendar)
    if calendar is None and known.any() and int(table[known, 1].min()) <= 1582:
        usual = calendar = PROLEPTIC
    seconds = np.full(len(table), NO_TIME, np.int64)
    try:
        seconds[known] = _seconds_of_table(table[known], usual)
    except TracksError as problem:
        raise _first_wrong(list(texts), table, usual) from problem
    if units is None:
        return times_since(seconds, REFERENCE, calendar or STANDARD)
    return _times_like(seconds, Times(values=seconds, units=units, calendar=calendar or STANDARD))


class DateTextError(UserInputError, ValueError):
    """A text is no date.

    Parameters
    ----------
    number : int
        Which of the texts, from 0.
    text : str
    reason : str
    """

    def __init__(self, number: int, text: str, reason: str) -> None:
        self.number, self.text, self.reason = number, text, reason
        super().__init__(f"{text!r} is no date ({reason}); wanted is YYYY-MM-DD HH:MM:SS")


def whole(values: Any, units: str, calendar: str | None) -> Times:
    """Times that are stored as numbers with units, whole or not; those that are not finite are not known.

    Parameters
    ----------
    values : int or float, shape (n,)
    units, calendar : str

    Notes
    -----
    Whole numbers stay as they are. Others become hours, minutes or seconds since the same date, rounded to the second.

    Raises
    ------
    TracksError
        If units or calendar are none of CF's, or the numbers are too large for dates.
    """
    if values.dtype.kind in "iu":
        return Times(values=values.astype(np.int64), units=units, calendar=calendar)
    known = np.isfinite(values)
    numbers = np.where(known, values, 0.0)
    first, second = seconds_of(Times(values=np.array([0, 1]), units=units, calendar=calendar)).tolist()
    if numbers.size and np.abs(numbers).max() > _LARGEST / (second - first):
        raise TracksError(f"times in '{units}' hold numbers that are no dates")
    if (numbers == np.round(numbers)).all():
        return Times(values=np.where(known, numbers.astype(np.int64), NO_TIME), units=units, calendar=calendar)
    seconds = np.round(numbers * (second - first)).astype(np.int64) + first
    since = re.split(r"\bsince\b", units, maxsplit=1, flags=re.IGNORECASE)[1].strip()
    return times_since(np.where(known, seconds, NO_TIME), since, calendar)


def _objects(seconds: I64, known: Array, calendar: str) -> Any:
    """Dates as objects of cftime."""
    import cftime

    out = np.full(len(seconds), None, object)
    parts = date_parts(seconds[known.astype(bool)], calendar)
    second = parts.second
    fields = (parts.year, parts.month, parts.day, second // 3600, second // 60 % 60, second % 60)
    rows = zip(*(field.tolist() for field in fields), strict=True)
    try:
        out[known.astype(bool)] = [cftime.datetime(*row, calendar=calendar) for row in rows]
    except ValueError as problem:
        raise TracksError(f"times are no dates of the calendar '{calendar}': {problem}") from problem
    return out


def _of_datetimes(given: Any, calendar: str | None) -> tuple[I64, str]:
    try:
        exact = given.astype("datetime64[us]")
    except (ValueError, TypeError) as problem:
        raise TracksError(f"these are no dates: {problem}") from problem
    known = ~np.isnat(exact)
    seconds = (np.where(known, exact.view(np.int64), 0) + 500_000) // 1_000_000
    early = (seconds[known] < REFORM).any()
    calendar = calendar or (PROLEPTIC if early else STANDARD)
    usual = calendar_named(calendar)
    if usual not in (STANDARD, PROLEPTIC) or (usual == STANDARD and early):
        seconds = np.where(known, seconds_of_parts(date_parts(seconds, PROLEPTIC), usual), 0)
    return np.where(known, seconds, NO_TIME), calendar


def _of_objects(dates: Any, calendar: str | None) -> tuple[I64, str]:
    """Seconds of objects of cftime."""
    known = np.fromiter((bool(getattr(one, "calendar", "")) for one in dates), bool, len(dates))
    names = {calendar_named(one.calendar) for one in dates[known]}
    if calendar is not None:
        names.add(calendar_named(calendar))
    if len(names) != 1:
        raise TracksError(f"dates of several calendars ({', '.join(sorted(names))}) cannot be put together")
    rows = [(one.year, one.month, one.day, 3600 * one.hour + 60 * one.minute + one.second) for one in dates[known]]
    year, month, day, second = np.array(rows, np.int64).reshape(-1, 4).T
    seconds = np.full(len(dates), NO_TIME, np.int64)
    usual = next(iter(names))
    seconds[known] = seconds_of_parts(DateParts(year=year, month=month, day=day, second=second), usual)
    return seconds, calendar or usual


def _parts(text: str, number: int) -> tuple[int, ...]:
    """Whether there is a date, and its year to second."""
    if not text.strip():
        return (0,) * 7
    found = _TEXT.fullmatch(text)
    if found is None:
        raise DateTextError(number, text, "not of that form")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if hour > 23 or minute > 59 or second > 59:
        raise DateTextError(number, text, "hour, minute or second cannot be")
    return 1, year, month, day, hour, minute, second


def _seconds_of_table(table: I64, calendar: str) -> I64:
    _, year, month, day, hour, minute, second = table.T
    parts = DateParts(year=year, month=month, day=day, second=3600 * hour + 60 * minute + second)
    return seconds_of_parts(parts, calendar)


def _first_wrong(texts: list[str], table: I64, calendar: str) -> DateTextError:
    for number in np.flatnonzero(table[:, 0]):
        try:
            _seconds_of_table(table[number : number + 1], calendar)
        except TracksError:
            return DateTextError(int(number), texts[int(number)], f"the calendar '{calendar}' has no such day")
    return DateTextError(0, texts[0], f"the calendar '{calendar}' has no such day")
