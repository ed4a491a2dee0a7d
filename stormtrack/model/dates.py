"""Dates of every CF calendar as numbers, and back; NumPy only, no loop over dates.

A date of a calendar is the number of seconds since 1970-01-01 00:00:00 *of that calendar*.

References
----------
CF conventions 1.11, section 4.4; Richards (2013), "Calendars", in Explanatory Supplement to the Astronomical Almanac,
section 15.11 (Julian day numbers). Parity: not applicable; equal to cftime, to the second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import I64
from ..errors import TracksError
from .times import NO_TIME, Times

STANDARD, PROLEPTIC = "standard", "proleptic_gregorian"
REFORM = -12_219_292_800
"""1582-10-15 in seconds since 1970-01-01: from then on both agree."""
CALENDARS = (STANDARD, PROLEPTIC, "julian", "noleap", "all_leap", "360_day")
"""Names of the calendars, one for each."""
_SAME = {"gregorian": STANDARD, "none": STANDARD, "365_day": "noleap", "366_day": "all_leap"}
DAY = 86400
_PER_UNIT = {
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}
_PARTS_OF_SECOND = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 1000),
    **dict.fromkeys(("us", "microsecond", "microseconds"), 1_000_000),
    **dict.fromkeys(("ns", "nanosecond", "nanoseconds"), 1_000_000_000),
}
_SINCE = re.compile(
    r"\s*(\w+)\s+since\s+(-?\d+)-(\d+)-(\d+)(?:[T\s]+(\d+)(?::(\d+))?(?::(\d+)(?:\.0*)?)?)?\s*(?:Z|UTC|\+?00:?00)?\s*",
    re.IGNORECASE,
)
_REFORM_JDN = 2299161
"""Julian day number of 1582-10-15, the first day of the Gregorian calendar."""
_BEFORE_MONTH = np.array((0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334), np.int64)
_BEFORE_MONTH_LEAP = _BEFORE_MONTH + (np.arange(12) > 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DateParts:
    """Dates in parts, each int64, shape (n,).

    Attributes
    ----------
    year, month, day : int64, shape (n,)
    second : int64, shape (n,)
        Of the day.
    """

    year: I64
    month: I64
    day: I64
    second: I64


def calendar_named(name: str | None) -> str:
    """The usual name of a CF calendar; None is the standard one.

    Raises
    ------
    TracksError
        If CF has no such calendar.
    """
    lower = (name or STANDARD).strip().lower()
    usual = _SAME.get(lower, lower)
    if usual not in CALENDARS:
        raise TracksError(f"calendar '{name}' is none of CF's: {', '.join(CALENDARS)}")
    return usual


def days(year: I64, month: I64, day: I64, calendar: str) -> I64:
    """Days since 1970-01-01 of dates (int64, shape (n,)) of a calendar (a usual name); nothing is checked."""
    if calendar == "360_day":
        return 360 * (year - 1970) + 30 * (month - 1) + day - 1
    if calendar in ("noleap", "all_leap"):
        leap = calendar == "all_leap"
        before = (_BEFORE_MONTH_LEAP if leap else _BEFORE_MONTH)[month - 1]
        return (366 if leap else 365) * (year - 1970) + before + day - 1
    gregorian = _day_number(year, month, day, gregorian=True)
    if calendar == PROLEPTIC:
        return gregorian - _epoch(calendar)
    julian = _day_number(year, month, day, gregorian=False)
    if calendar == STANDARD:
        return np.where(gregorian >= _REFORM_JDN, gregorian, julian) - _epoch(calendar)
    return julian - _epoch(calendar)


def _epoch(calendar: str) -> int:
    one = np.ones(1, np.int64)
    return int(_day_number(1970 * one, one, one, gregorian=calendar != "julian")[0])


def _day_number(year: I64, month: I64, day: I64, *, gregorian: bool) -> I64:
    """Julian day number."""
    early = (14 - month) // 12
    y = year + 4800 - early
    number = day + (153 * (month + 12 * early - 3) + 2) // 5 + 365 * y + y // 4
    day_number: I64 = number - y // 100 + y // 400 - 32045 if gregorian else number - 32083
    return day_number


def _from_day_number(number: I64, *, gregorian: bool) -> tuple[I64, I64, I64]:
    f = number + 1401
    if gregorian:
        f = f + (4 * number + 274277) // 146097 * 3 // 4 - 38
    g = (4 * f + 3) % 1461 // 4
    h = 5 * g + 2
    month = (h // 153 + 2) % 12 + 1
    return (4 * f + 3) // 1461 - 4716 + (14 - month) // 12, month, h % 153 // 5 + 1


def date_parts(seconds: I64, calendar: str) -> DateParts:
    """Dates in parts of seconds (int64, shape (n,)) since 1970-01-01 of a calendar (a usual name)."""
    number, second = np.divmod(seconds, DAY)
    if calendar == "360_day":
        year, rest = np.divmod(number, 360)
        return DateParts(year=year + 1970, month=rest // 30 + 1, day=rest % 30 + 1, second=second)
    if calendar in ("noleap", "all_leap"):
        before = _BEFORE_MONTH_LEAP if calendar == "all_leap" else _BEFORE_MONTH
        year, rest = np.divmod(number, 366 if calendar == "all_leap" else 365)
        month = np.searchsorted(before, rest, "right")
        return DateParts(year=year + 1970, month=month, day=rest - before[month - 1] + 1, second=second)
    number = number + _epoch(calendar)
    parts = _from_day_number(number, gregorian=calendar != "julian")
    if calendar == STANDARD and (number < _REFORM_JDN).any():
        julian = _from_day_number(number, gregorian=False)
        parts = tuple(np.where(number < _REFORM_JDN, j, g) for j, g in zip(julian, parts, strict=True))  # type: ignore[assignment]
    return DateParts(year=parts[0], month=parts[1], day=parts[2], second=second)


def seconds_of_parts(parts: DateParts, calendar: str) -> I64:
    """Seconds since 1970-01-01 of dates in parts.

    Raises
    ------
    TracksError
        If the calendar has no such date (February 30 of the standard calendar); names the first.
    """
    possible = (parts.month >= 1) & (parts.month <= 12)
    whole = days(parts.year, np.where(possible, parts.month, 1), parts.day, calendar)
    back = date_parts(whole * DAY, calendar)
    wrong = ~possible | (back.year != parts.year) | (back.month != parts.month) | (back.day != parts.day)
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        raise TracksError(
            f"{parts.year[k]:04d}-{parts.month[k]:02d}-{parts.day[k]:02d} is no date of the calendar '{calendar}'; if "
            f"it is another one, name it (calendar=...): {', '.join(CALENDARS)}"
        )
    return whole * DAY + parts.second


def seconds_of(times: Times) -> I64:
    """Seconds since 1970-01-01 of the calendar of the times; `NO_TIME` stays.

    Raises
    ------
    TracksError
        If units or calendar are not known, a time is not a whole number of seconds, or there is no such date.
    """
    calendar = calendar_named(times.calendar)
    known = times.known
    seconds = np.full(len(times), NO_TIME, np.int64)
    values = times.values[known]
    if times.is_coded:
        seconds[known] = _of_codes(values, calendar)
        return seconds
    per_unit, divisor, reference = _unit(times.units, calendar)
    if divisor > 1 and (values % divisor).any():
        raise TracksError(f"times in '{times.units}' that are no whole seconds cannot be used here")
    seconds[known] = values // divisor * per_unit + reference
    return seconds


def _of_codes(values: I64, calendar: str) -> I64:
    """Seconds of digits YYYYMMDDHH; hour 24 is the next day."""
    parts = DateParts(
        year=values // 1_000_000,
        month=values // 10_000 % 100,
        day=values // 100 % 100,
        second=values % 100 * 3600,
    )
    return seconds_of_parts(parts, calendar)


def _unit(units: str, calendar: str) -> tuple[int, int, int]:
    """Seconds of one unit (or how many units are one second), and the seconds of the reference date."""
    found = _SINCE.fullmatch(units)
    name = found.group(1).lower() if found else ""
    if found is None or (name not in _PER_UNIT and name not in _PARTS_OF_SECOND):
        raise TracksError(
            f"times in '{units}' are no dates; allowed are days, hours, minutes or seconds since YYYY-MM-DD hh:mm:ss"
        )
    year, month, day, hour, minute, second = (np.array([int(part or 0)]) for part in found.groups()[1:])
    parts = DateParts(year=year, month=month, day=day, second=hour * 3600 + minute * 60 + second)
    return _PER_UNIT.get(name, 1), _PARTS_OF_SECOND.get(name, 1), int(seconds_of_parts(parts, calendar)[0])


def date_text(second: int, calendar: str) -> str:
    """A date for people: as short as it can be, to the minute."""
    parts = date_parts(np.array([second]), calendar)
    year, month, day, of_day = (int(v[0]) for v in (parts.year, parts.month, parts.day, parts.second))
    text = f"{year:04d}-{month:02d}-{day:02d} {of_day // 3600:02d}:{of_day // 60 % 60:02d}"
    return f"{text}:{of_day % 60:02d}" if of_day % 60 else text


def times_like(seconds: I64, pattern: Times) -> Times:
    """Times of seconds since 1970-01-01 in the units of `pattern`, or finer ones where these do not hold them."""
    calendar = calendar_named(pattern.calendar)
    known = seconds != NO_TIME
    given = seconds[known]
    values = np.full(len(seconds), NO_TIME, np.int64)
    if pattern.is_coded and not (given % 3600).any():
        parts = date_parts(given, calendar)
        values[known] = ((parts.year * 100 + parts.month) * 100 + parts.day) * 100 + parts.second // 3600
        return replace(pattern, values=values)
    if pattern.is_coded:
        return times_since(seconds, "1970-01-01 00:00:00", calendar)
    per_unit, divisor, reference = _unit(pattern.units, calendar)
    if not ((given - reference) % per_unit).any():
        values[known] = (given - reference) // per_unit * divisor
        return replace(pattern, values=values)
    since = pattern.units.split("since", 1)[1].strip()
    return times_since(seconds, since, pattern.calendar)


def times_since(seconds: I64, since: str, calendar: str | None) -> Times:
    """Times of seconds since 1970-01-01 as whole numbers of the longest unit that holds them.

    Parameters
    ----------
    seconds : int64, shape (n,)
        `NO_TIME` where not known.
    since : str
        Reference date, YYYY-MM-DD hh:mm:ss.
    calendar : str or None
    """
    _, _, reference = _unit(f"seconds since {since}", calendar_named(calendar))
    known = seconds != NO_TIME
    given = seconds[known] - reference
    name, length = next((n, k) for n, k in (("hours", 3600), ("minutes", 60), ("seconds", 1)) if not (given % k).any())
    values = np.full(len(seconds), NO_TIME, np.int64)
    values[known] = given // length
    return Times(values=values, units=f"{name} since {since}", calendar=calendar)


def usual_step(seconds: I64, start: I64) -> int:
    """The most common difference of times of neighbouring points of a track, in seconds; 0 without any.

    Parameters
    ----------
    seconds : int64, shape (n_points,)
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the points.
    """
    if len(seconds) < 2:
        return 0
    steps = np.diff(seconds)
    inner = np.ones(len(steps), np.bool_)
    ends = start[1:-1]
    inner[ends[(ends > 0) & (ends < len(seconds))] - 1] = False
    known = (seconds[1:] != NO_TIME) & (seconds[:-1] != NO_TIME)
    kinds, counts = np.unique(steps[inner & known & (steps > 0)], return_counts=True)
    return int(kinds[np.argmax(counts)]) if len(kinds) else 0


def same_days(one: str, other: str, seconds: I64) -> bool:
    """Whether dates are the same days in two calendars.

    Parameters
    ----------
    one, other : str
        Usual names (`calendar_named`).
    seconds : int64, shape (n,)
        The dates, since 1970-01-01; `NO_TIME` counts for nothing.
    """
    known = seconds[seconds != NO_TIME]
    return one == other or ({one, other} == {STANDARD, PROLEPTIC} and not bool((known < REFORM).any()))
