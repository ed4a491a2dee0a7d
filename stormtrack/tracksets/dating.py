"""Times of a set as real dates: what users get, and what they give."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import I64
from ..errors import TracksError
from ..model.dates import (
    DAY,
    DateParts,
    calendar_named,
    date_text,
    seconds_of,
    seconds_of_parts,
    times_since,
)
from ..model.steps import frames_counted
from ..model.tracks import TrackSet

_DATE = re.compile(r"(-?\d{4,})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:[T ](\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?)?\s*Z?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})?")
_LENGTH = re.compile(r"\s*([0-9.]+)\s*([a-zA-Z]+)\s*")
_SECONDS = {
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
}
EARLIEST, LATEST = np.iinfo(np.int64).min + 1, np.iinfo(np.int64).max


def known_seconds(data: TrackSet, what: str) -> I64:
    """Seconds since 1970-01-01 of every point.

    Parameters
    ----------
    data : TrackSet
    what : str
        For the message: what needs them.

    Raises
    ------
    TracksError
        If a point has no date.
    """
    if data.time is None:
        how = "tracks.with_dates('2000-01-01 00', step='6h'); --start and --step"
        raise TracksError(f"{what}: the tracks have frame numbers only; give them dates first ({how})")
    if not data.time.known.all():
        first = data.track_id[data.owner[int(np.argmin(data.time.known))]]
        raise TracksError(f"{what}: some points have no date (the first in track {first}); leave such tracks out")
    return seconds_of(data.time)


def length_text(seconds: float) -> str:
    """A stretch of time for people."""
    for unit, length in (("d", DAY), ("h", 3600), ("min", 60)):
        if seconds >= length and seconds % length == 0 and (unit != "d" or seconds >= 2 * DAY):
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


def seconds_long(length: Any, what: str) -> int:
    """A stretch of time in seconds.

    Parameters
    ----------
    length : str, timedelta, timedelta64 or number
        ``"6h"``, ``"2 days"``, ``"90 min"``; a number counts hours.
    what : str
        Name of the argument, for the message.

    Raises
    ------
    TracksError
        If it is none of these, or no whole seconds, or not positive.
    """
    seconds = _length(length, what)
    if not (seconds > 0 and seconds == int(seconds)):
        raise TracksError(f"{what}={length!r}: a stretch of time has at least one second, and whole ones")
    return int(seconds)


def hours_long(length: Any, what: str) -> float:
    """A stretch of time, backwards too (``"-24h"``), in hours; otherwise as `seconds_long`."""
    if isinstance(length, str) and length.strip().startswith("-"):
        return -_length(length.strip()[1:], what) / 3600.0
    return _length(length, what) / 3600.0


def _length(length: Any, what: str) -> float:
    if isinstance(length, np.timedelta64):
        return float(length / np.timedelta64(1, "s"))
    if isinstance(length, datetime.timedelta):
        return length.total_seconds()
    if isinstance(length, (int, float, np.number)) and not isinstance(length, bool):
        return float(length) * 3600.0
    found = _LENGTH.fullmatch(length) if isinstance(length, str) else None
    unit = found.group(2).lower() if found else ""
    if found is None or unit not in _SECONDS:
        raise TracksError(f"{what}={length!r}: allowed are '6h', '2 days', '90 min', a timedelta, or a number of hours")
    try:
        return float(found.group(1)) * _SECONDS[unit]
    except ValueError:
        raise TracksError(f"{what}={length!r}: {found.group(1)} is no number") from None


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it was given: it may name a whole day, month or year.

    Attributes
    ----------
    first, last : int
        Seconds since 1970-01-01: the first and the last second that it names.
    """

    first: int
    last: int


def moment(given: Any, calendar: str, what: str) -> Moment:
    """A date that somebody gave, in a calendar.

    Parameters
    ----------
    given : str, int, datetime, datetime64 or cftime object
        ``"2000"``, ``"2000-02"``, ``"2000-02-28"``, ``"2000-02-28 06"``, ``"2000-02-28T06:00"``, 2000022806.
    calendar : str
        Usual name.
    what : str
        Name of the argument, for the message.

    Raises
    ------
    TracksError
        If it is no date, or none of this calendar.
    """
    if isinstance(given, np.datetime64):
        given = str(given.astype("datetime64[s]"))
    if isinstance(given, datetime.datetime) and given.tzinfo is not None:
        given = given.astimezone(datetime.UTC).replace(tzinfo=None)
    own = getattr(given, "calendar", None)
    if isinstance(own, str) and own and calendar_named(own) != calendar:
        raise TracksError(f"{what}={given}: a date of the calendar '{own}', but the tracks have '{calendar}'")
    if hasattr(given, "isoformat"):
        given = str(given.isoformat()).partition(".")[0]
    text = str(given).strip() if isinstance(given, (str, int, np.integer)) and not isinstance(given, bool) else ""
    found = (_DIGITS if text.isdigit() and len(text) > 4 else _DATE).fullmatch(text)
    if found is None:
        raise TracksError(
            f"{what}={given!r} is no date; allowed are '2000', '2000-02', '2000-02-28', '2000-02-28 06:00'"
        )
    return _moment([None if part is None else int(part) for part in found.groups()], calendar)


def _moment(numbers: list[int | None], calendar: str) -> Moment:
    year, month, day, hour, minute, second = (numbers + [None] * 3)[:6]
    first = _second_of(year or 0, month or 1, day or 1, calendar)
    if month is None:
        return Moment(first, _second_of((year or 0) + 1, 1, 1, calendar) - 1)
    if day is None:
        following = ((year or 0) + 1, 1) if month == 12 else (year or 0, month + 1)
        return Moment(first, _second_of(*following, 1, calendar) - 1)
    if hour is None:
        return Moment(first, first + DAY - 1)
    exact = first + hour * 3600 + (minute or 0) * 60 + (second or 0)
    return Moment(exact, exact)


def _second_of(year: int, month: int, day: int, calendar: str) -> int:
    one = [np.array([v], np.int64) for v in (year, month, day, 0)]
    return int(seconds_of_parts(DateParts(year=one[0], month=one[1], day=one[2], second=one[3]), calendar)[0])


def with_dates(data: TrackSet, start: Any, step: Any, calendar: str | None) -> TrackSet:
    """The set with a date for every point.

    Parameters
    ----------
    data : TrackSet
    start : date, optional
        Of frame 1; None: the set has dates, of which only the calendar is to be said.
    step : stretch of time, optional
        Between frames.
    calendar : str, optional
        CF name; None: the standard one.

    Raises
    ------
    TracksError
        If the set has dates already, start and step do not go together, or points have no frame number.
    """
    usual = calendar_named(calendar)
    if start is None and step is None:
        return _of_calendar(data, usual)
    if start is None or step is None:
        raise TracksError("with_dates: start (the date of frame 1) and step (between frames, '6h') belong together")
    if data.time is not None and data.time.known.any():
        raise TracksError(
            "with_dates: the tracks have dates of their own: leave out start and step (--start, --step); their "
            "calendar can be said (calendar=..., --calendar)"
        )
    if (data.frame < 1).any():
        raise TracksError("with_dates: some points have no frame number, so no date can be counted for them")
    first = moment(start, usual, "start").first
    seconds = first + seconds_long(step, "step") * (frames_counted(data) - 1)
    since = date_text(first, usual)
    return replace(data, time=times_since(seconds, since, usual), start_time=None)


def _of_calendar(data: TrackSet, calendar: str) -> TrackSet:
    if data.time is None:
        raise TracksError("with_dates: the tracks have frame numbers only; give start='2000-01-01 00' and step='6h'")
    stated = data.time.calendar
    if stated is not None and calendar_named(stated) != calendar:
        raise TracksError(f"with_dates: the tracks have dates of the calendar '{stated}', not '{calendar}'")
    times = replace(data.time, calendar=calendar)
    seconds_of(times)
    return replace(data, time=times)
