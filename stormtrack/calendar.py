"""The original's calendar: every year divisible by 4 is a leap year.

References
----------
Specification 01, section 11.5.3; 04, sections 7.4 and 12.
"""

from __future__ import annotations

from .errors import UserInputError

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
MONTHS = 12


def hours_of(year: int, month: int, day: int, hour: int) -> int:
    """Hours from the start of year 0; the month is one of 1..12, day and hour may go beyond their ranges."""
    days = 365 * year + (year + 3) // 4 + _DAYS_BEFORE_MONTH[month - 1] + day - 1
    if month > 2 and year % 4 == 0:
        days += 1
    return 24 * days + hour


def hours(time: int) -> int:
    """Hours from the start of year 0 to a time YYYYMMDDHH.

    Raises
    ------
    UserInputError
        If month, day or hour cannot be.
    """
    year, month, day, hour = time // 1_000_000, time // 10_000 % 100, time // 100 % 100, time % 100
    if time < 0 or not 1 <= month <= MONTHS or not 1 <= day <= 31 or hour > 24:
        raise UserInputError(f"{time} is no time of the form YYYYMMDDHH")
    return hours_of(year, month, day, hour)


def time_of(total: int) -> int:
    """The time YYYYMMDDHH that lies so many hours (0 or more) after the start of year 0."""
    days, hour = divmod(total, 24)
    year = days // 366
    while hours_of(year + 1, 1, 1, 0) <= 24 * days:
        year += 1
    month = next(m for m in range(MONTHS, 0, -1) if hours_of(year, m, 1, 0) <= 24 * days)
    day = days - hours_of(year, month, 1, 0) // 24 + 1
    return ((year * 100 + month) * 100 + day) * 100 + hour
