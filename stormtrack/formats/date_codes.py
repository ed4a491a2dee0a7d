"""Times as digits of dates (YYYYMMDDHH), which text files of tracks hold."""

from __future__ import annotations

import numpy as np

from ..errors import UserInputError
from ..model.dates import DAY, seconds_of, times_like
from ..model.times import DATE_CODE, NO_TIME, Times

HOUR = DAY // 24
UNSAID_CALENDARS = (None, "standard", "gregorian", "proleptic_gregorian")
"""Calendars that one supposes where a file says none."""


def has_whole_hours(times: Times) -> bool:
    """Whether all times that are known are whole hours, so that digits of dates say them."""
    return times.is_coded or not (seconds_of(times)[times.known] % HOUR).any()


def coded(times: Times) -> Times:
    """The same times as digits of dates; the calendar stays known.

    Raises
    ------
    UserInputError
        If one is not a whole hour, or no date of the calendar.
    """
    if times.is_coded:
        return times
    if not has_whole_hours(times):
        raise UserInputError("times have minutes or seconds, and digits YYYYMMDDHH do not; choose another format")
    none = Times(values=np.full(0, NO_TIME, np.int64), units=DATE_CODE, calendar=times.calendar)
    return times_like(seconds_of(times), none)


def times_lost(times: Times | None) -> list[str]:
    """What digits of dates do not say of times."""
    if times is None:
        return []
    lost = [] if has_whole_hours(times) else ["minutes and seconds of times"]
    if times.calendar not in UNSAID_CALENDARS:
        lost.append(f"the calendar '{times.calendar}' (dates are written, and readers must be told)")
    return lost
