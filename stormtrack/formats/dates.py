"""Dates and the times of tracks: `model.Times` to and from datetime64, cftime and text, in every calendar of CF.

Dates are datetime64 (whole seconds) in the calendars that have them, from the Gregorian reform on, and objects of
cftime otherwise. Parity: not applicable.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import I64, Array
from ..errors import UserInputError
from ..model.times import DATE_CODE, NO_TIME, Times

CALENDARS = (
    "standard",
    "gregorian",
    "proleptic_gregorian",
    "noleap",
    "365_day",
    "all_leap",
    "366_day",
    "360_day",
    "julian",
)
REFERENCE = "1970-01-01 00:00:00"
"""What times count from that have no units of their own, so that sets of several files can be put together."""
STEPS = {"hours": 3600, "minutes": 60, "seconds": 1}

_OF_PEOPLE = ("standard", "gregorian", "proleptic_gregorian")
_REFORM = np.datetime64("1582-10-15", "s")
_NOT_A_TIME = np.datetime64("NaT", "s")
_LARGEST = 1 << 61
_UNITS = re.compile(r"\s*([A-Za-z]+)\s+since\s+(\S.*?)\s*$")
_NAMES = {
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s"), 1),
    **dict.fromkeys(("minutes", "minute", "mins", "min"), 60),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), 3600),
    **dict.fromkeys(("days", "day", "d"), 86400),
}
_TEXT = re.compile(
    r"\s*(-?\d{4,6})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?)(?::(\d\d?))?(?::(\d\d?)(?:\.0*)?)?)?\s*(?:Z|[+-]00:?00)?\s*"
)


def calendar_of(times: Times) -> str:
    """The calendar by its name in CF; the standard one where none is stated.

    Raises
    ------
    UserInputError
        If CF has no such calendar.
    """
    return known_calendar(times.calendar)


def known_calendar(name: str | None) -> str:
    """A calendar of CF, from how it is written."""
    found = (name or "standard").strip().lower()
    if found not in CALENDARS:
        raise UserInputError(f"there is no calendar '{name}' in CF; there are {', '.join(CALENDARS)}")
    return found


def split_units(units: str) -> tuple[int, str]:
    """Seconds of one step, and the date that is counted from, of units such as ``hours since 1900-01-01``.

    Raises
    ------
    UserInputError
        If they are none, or steps differ in length (months, years).
    """
    found = _UNITS.match(units)
    step = _NAMES.get(found.group(1).lower()) if found else None
    if found is None or step is None:
        raise UserInputError(
            f"'{units}' are no units of times: wanted are seconds, minutes, hours or days since a date, such as "
            f"'hours since {REFERENCE}'"
        )
    return step, found.group(2)


def to_dates(times: Times) -> Array:
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
    UserInputError
        If the units are none, CF has no such calendar, or a number is no date in it.
    """
    calendar = calendar_of(times)
    if times.is_coded:
        return _dates_of_digits(times, calendar)
    step, start = split_units(times.units)
    _check_size(times.values[times.known], step)
    if calendar in _OF_PEOPLE:
        seconds = np.where(times.known, times.values, 0) * step + _start(start, calendar)
        dates = np.where(times.known, seconds.astype("datetime64[s]"), _NOT_A_TIME)
        if calendar == "proleptic_gregorian" or not (dates < _REFORM).any():
            return dates
    return _objects(times, calendar)


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
    UserInputError
        If these are no dates, or of several calendars.
    """
    given = np.asarray(dates)
    if given.dtype.kind == "O" and any(hasattr(one, "calendar") for one in given):
        return _from_objects(given, units, calendar)
    try:
        exact = given.astype("datetime64[us]")
    except (ValueError, TypeError) as problem:
        raise UserInputError(f"these are no dates: {problem}") from problem
    known = ~np.isnat(exact)
    seconds = (np.where(known, exact.view(np.int64), 0) + 500_000) // 1_000_000
    if calendar is None:
        calendar = "proleptic_gregorian" if (seconds[known] < _REFORM.astype(np.int64)).any() else "standard"
    return _counted(seconds, known, units, calendar)


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
    dates = to_dates(times)
    if dates.dtype.kind == "M":
        return ["" if text == "NaT" else text for text in dates.astype("datetime64[s]").astype(str).tolist()]
    return ["" if date is None else _text_of(date) for date in dates]


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
    known_name = known_calendar(calendar)
    parts = [_parts(text, number) for number, text in enumerate(texts)]
    first = min((part[0] for part in parts if part is not None), default=9999)
    if known_name not in _OF_PEOPLE or (calendar is not None and known_name != "proleptic_gregorian" and first <= 1582):
        return from_dates(_cftime_dates(parts, texts, known_name), units=units, calendar=calendar)
    seconds = np.fromiter((_seconds(part, texts, k) for k, part in enumerate(parts)), np.int64, len(parts))
    known = np.fromiter((part is not None for part in parts), bool, len(parts))
    dates = np.where(known, seconds.astype("datetime64[s]"), _NOT_A_TIME)
    return from_dates(dates, units=units, calendar=calendar)


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
    """
    if values.dtype.kind in "iu":
        return Times(values=values.astype(np.int64), units=units, calendar=calendar)
    known = np.isfinite(values)
    numbers = np.where(known, values, 0.0)
    step, start = split_units(units)
    _check_size(numbers, step)
    if (numbers == np.round(numbers)).all():
        return Times(values=np.where(known, numbers.astype(np.int64), NO_TIME), units=units, calendar=calendar)
    seconds = np.round(numbers * step).astype(np.int64)
    name = _coarsest(seconds[known])
    values = np.where(known, seconds // STEPS[name], NO_TIME)
    return Times(values=values, units=f"{name} since {start}", calendar=calendar)


def _check_size(values: Array, step: int) -> None:
    if values.size and max(abs(int(values.min())), abs(int(values.max()))) > _LARGEST // step:
        raise UserInputError("times hold numbers that are no dates")


@functools.lru_cache(maxsize=64)
def _start(date: str, calendar: str) -> int:
    """Seconds from 1970 to a date that is counted from."""
    import cftime

    try:
        first = cftime.datetime(1970, 1, 1, calendar=calendar)
        found = cftime.date2num(first, f"seconds since {date}", calendar)
    except (ValueError, OverflowError) as problem:
        raise UserInputError(f"'{date}' is no date to count from: {problem}") from problem
    if found != int(found):
        raise UserInputError(f"times count from '{date}', which is no whole second")
    return -int(found)


def _objects(times: Times, calendar: str) -> Array:
    import cftime

    out = np.full(len(times), None, object)
    known = times.known
    if known.any():
        step, start = split_units(times.units)
        try:
            out[known] = cftime.num2date(
                times.values[known] * step, f"seconds since {start}", calendar, only_use_cftime_datetimes=True
            )
        except (ValueError, OverflowError) as problem:
            raise UserInputError(f"times in '{times.units}' ({calendar}) are no dates: {problem}") from problem
    return out


def _dates_of_digits(times: Times, calendar: str) -> Array:
    """Dates whose digits are the values."""
    known = times.known
    digits = np.where(known, times.values, 1970010100)
    day, hours = digits // 100, digits % 100
    year = day // 10_000
    if calendar not in _OF_PEOPLE or (calendar != "proleptic_gregorian" and (year <= 1582).any()):
        return _objects_of_digits(digits, known, calendar)
    month, dom = day // 100 % 100, day % 100
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    dates = first.astype("datetime64[D]") + (dom - 1)
    wrong = (digits < 0) | (year > 9999) | (month < 1) | (month > 12) | (dates.astype("datetime64[M]") != first)
    wrong |= hours > 23
    if wrong.any():
        raise _no_date(int(digits[wrong][0]), calendar)
    return np.where(known, dates.astype("datetime64[s]") + hours * 3600, _NOT_A_TIME)


def _objects_of_digits(digits: I64, known: Array, calendar: str) -> Array:
    import cftime

    out = np.full(len(digits), None, object)
    for k in np.flatnonzero(known):
        number = int(digits[k])
        fields = (number // 1_000_000, number // 10_000 % 100, number // 100 % 100, number % 100)
        try:
            out[k] = cftime.datetime(*fields, calendar=calendar)
        except ValueError as problem:
            raise _no_date(number, calendar) from problem
    return out


def _no_date(number: int, calendar: str) -> UserInputError:
    return UserInputError(f"{number} is no date of the form {DATE_CODE} in the calendar '{calendar}'")


def _from_objects(dates: Array, units: str | None, calendar: str | None) -> Times:
    """Times of objects of cftime."""
    import cftime

    known = np.fromiter((hasattr(one, "calendar") and bool(one.calendar) for one in dates), bool, len(dates))
    calendars = {one.calendar for one in dates[known]}
    if calendar is not None:
        calendars.add("standard" if known_calendar(calendar) == "gregorian" else _same(known_calendar(calendar)))
    if len({_same(name) for name in calendars}) != 1:
        raise UserInputError(f"dates of several calendars ({', '.join(sorted(calendars))}) cannot be put together")
    name = calendar or next(iter(calendars))
    seconds = np.zeros(len(dates), np.int64)
    if known.any():
        counted = cftime.date2num(dates[known], f"seconds since {REFERENCE}", known_calendar(name))
        seconds[known] = np.round(counted).astype(np.int64)
    return _counted(seconds, known, units, name)


def _same(calendar: str) -> str:
    return {"gregorian": "standard", "365_day": "noleap", "366_day": "all_leap"}.get(calendar, calendar)


def _coarsest(seconds: I64) -> str:
    return next(name for name, step in STEPS.items() if not (seconds % step).any())


def _counted(seconds: I64, known: Array, units: str | None, calendar: str) -> Times:
    """Times from seconds since 1970 in a calendar."""
    name = known_calendar(calendar)
    if units == DATE_CODE:
        if not (seconds[known] % 3600).any():
            return _digits(
                Times(values=np.where(known, seconds, NO_TIME), units=f"seconds since {REFERENCE}"), calendar
            )
    elif units is not None:
        step, start = split_units(units)
        # the start counts in the calendar of the units, where datetime64 is that of the dates
        counted = seconds - _start(start, name)
        if not (counted[known] % step).any():
            return Times(values=np.where(known, counted // step, NO_TIME), units=units, calendar=calendar)
    chosen = _coarsest(seconds[known])
    values = np.where(known, seconds // STEPS[chosen], NO_TIME)
    return Times(values=values, units=f"{chosen} since {REFERENCE}", calendar=calendar)


def _digits(times: Times, calendar: str) -> Times:
    """Digits of dates (whole hours)."""
    dates = to_dates(Times(values=times.values, units=times.units, calendar=calendar))
    values = np.full(len(times), NO_TIME, np.int64)
    known = times.known
    if dates.dtype.kind == "M":
        days = dates[known].astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        years = months.astype("datetime64[Y]").astype(np.int64) + 1970
        month = months.astype(np.int64) % 12 + 1
        day = (days - months).astype(np.int64) + 1
        hour = (dates[known] - days).astype(np.int64) // 3600
        values[known] = ((years * 100 + month) * 100 + day) * 100 + hour
    else:
        values[known] = [((d.year * 100 + d.month) * 100 + d.day) * 100 + d.hour for d in dates[known]]
    return Times(values=values, units=DATE_CODE, calendar=calendar)


def _text_of(date: Any) -> str:
    year = f"{date.year:04d}" if date.year >= 0 else f"-{-date.year:04d}"
    return f"{year}-{date.month:02d}-{date.day:02d}T{date.hour:02d}:{date.minute:02d}:{date.second:02d}"


Parts = tuple[int, int, int, int, int, int]


def _parts(text: str, number: int) -> Parts | None:
    """Year to second of a text."""
    if not text.strip():
        return None
    found = _TEXT.fullmatch(text)
    if found is None:
        raise DateTextError(number, text, "not of that form")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    if not (1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):
        raise DateTextError(number, text, "month, hour, minute or second cannot be")
    return year, month, day, hour, minute, second


def _seconds(part: Parts | None, texts: Sequence[str], number: int) -> int:
    """Seconds since 1970 in the proleptic calendar."""
    if part is None:
        return 0
    year, month, day, hour, minute, second = part
    if not 1 <= day <= _days_of(year, month):
        raise DateTextError(number, texts[number], "the month has no such day")
    return 86400 * (_day_of(year, month) + day - 1) + 3600 * hour + 60 * minute + second


@functools.lru_cache(maxsize=4096)
def _day_of(year: int, month: int) -> int:
    """Days from 1970 to the start of a month."""
    count = np.datetime64((year - 1970) * 12 + month - 1, "M").astype("datetime64[D]")
    return int(count.astype(np.int64))


def _days_of(year: int, month: int) -> int:
    return _day_of(year + month // 12, month % 12 + 1) - _day_of(year, month)


def _cftime_dates(parts: Sequence[Parts | None], texts: Sequence[str], calendar: str) -> Array:
    import cftime

    out = np.full(len(parts), None, object)
    for number, part in enumerate(parts):
        if part is None:
            continue
        try:
            out[number] = cftime.datetime(*part, calendar=calendar)
        except ValueError as problem:
            raise DateTextError(number, texts[number], f"calendar {calendar}") from problem
    return out
