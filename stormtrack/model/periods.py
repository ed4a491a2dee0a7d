"""Months, seasons and years as numbers: in which one a date lies, and when it begins.

References
----------
Seasons are DJF, MAM, JJA and SON; a DJF belongs to the year of its January. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import I64
from ..errors import UserInputError
from .dates import DateParts, date_parts, days

SEASONS = ("DJF", "MAM", "JJA", "SON")
ALL = "all"


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """How time is cut into periods, each of which has a number.

    Attributes
    ----------
    number : callable
        Number of the period of dates: int64, shape (n,).
    months : int
        Length of a period; 0: periods that come back every year.
    shift : int
        Months by which period 0 begins before January of year 0.
    """

    number: Callable[[DateParts], I64]
    months: int = 0
    shift: int = 0

    def first_month(self, number: I64) -> I64:
        """First month (12 x year + month - 1) of periods of a length: int64, shape (n,)."""
        return number * self.months - self.shift


def _month(parts: DateParts) -> I64:
    return 12 * parts.year + parts.month - 1


def _season(parts: DateParts) -> I64:
    return (12 * parts.year + parts.month) // 3


def _year(parts: DateParts) -> I64:
    return parts.year


def _season_of_year(parts: DateParts) -> I64:
    return parts.month % 12 // 3


def _month_of_year(parts: DateParts) -> I64:
    return parts.month


KINDS = {
    "month": PeriodKind(_month, 1),
    "season": PeriodKind(_season, 3, 1),
    "year": PeriodKind(_year, 12),
    "month-of-year": PeriodKind(_month_of_year),
    "season-of-year": PeriodKind(_season_of_year),
}
"""Each month, season and year by itself; and a month or season of all years together."""
WORDS = (ALL, *KINDS)
"""What `by` may be."""


def period_numbers(seconds: I64, by: str, calendar: str) -> I64:
    """Number of the period of each time.

    Parameters
    ----------
    seconds : int64, shape (n,)
        Since 1970-01-01 of the calendar.
    by : str
        One of `WORDS`; with ``"all"`` every time has number 0.
    calendar : str
        Usual CF name.

    Raises
    ------
    UserInputError
        If there is no such word.
    """
    check_word(by)
    return np.zeros(len(seconds), np.int64) if by == ALL else KINDS[by].number(date_parts(seconds, calendar))


def check_word(by: str) -> None:
    """Raise a `UserInputError` if `by` is none of `WORDS`."""
    if by not in WORDS:
        raise UserInputError(f"by={by!r}: allowed are {', '.join(WORDS)}")


def bounds_in_days(numbers: I64, by: str, calendar: str) -> I64:
    """First day of each period and of the next: days since 1970-01-01, int64, shape (n, 2).

    Only of periods that do not come back (`month`, `season`, `year`).
    """
    kind = KINDS[by]
    first = kind.first_month(numbers)
    months = np.stack([first, first + kind.months], axis=1).ravel()
    found: I64 = days(months // 12, months % 12 + 1, np.ones(len(months), np.int64), calendar)
    return found.reshape(-1, 2)
