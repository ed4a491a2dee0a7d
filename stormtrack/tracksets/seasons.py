"""Seasons as months: their names, and which year a season belongs to."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import numpy as np

from ..arrays import I64, Mask
from ..errors import TracksError
from ..model.dates import DateParts

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_INITIALS = "JFMAMJJASOND"
_EXAMPLES = "'DJF', 'NDJFM', 'July-June', 'October', 12, or a list of months (12, 1, 2)"


def months_of(season: str | int | Sequence[int]) -> tuple[int, ...]:
    """The months (1 to 12) of a season, in their order.

    Parameters
    ----------
    season : str, int or sequence of int
        Initials of two and more months (``"DJF"``), ``"July-June"``, one month by name or number, or a list of numbers.

    Raises
    ------
    TracksError
        If it is none of these.
    """
    if isinstance(season, str):
        return _of_text(season)
    months = tuple(int(m) for m in (season if isinstance(season, Sequence) else np.atleast_1d(season)))
    if not months or not all(1 <= m <= 12 for m in months) or len(set(months)) < len(months):
        raise TracksError(f"season={season!r}: months are numbers from 1 to 12, each once; allowed are {_EXAMPLES}")
    return months


def _of_text(season: str) -> tuple[int, ...]:
    text = season.strip()
    if text.isdigit() and 1 <= int(text) <= 12:
        return (int(text),)
    if "-" in text:
        first, last = (_month(part, season) for part in text.split("-", 1))
        return _from_to(first, last)
    at = (_INITIALS * 2).find(text.upper())
    if 2 <= len(text) <= 12 and at >= 0 and not text.lower().startswith(("mar", "jun", "jul")):
        return tuple((at + k) % 12 + 1 for k in range(len(text)))
    return (_month(text, season),)


def _from_to(first: int, last: int) -> tuple[int, ...]:
    return tuple((first - 1 + k) % 12 + 1 for k in range((last - first) % 12 + 1))


def _month(name: str, season: str) -> int:
    wanted = name.strip().lower()
    found = [k for k, month in enumerate(MONTHS, 1) if len(wanted) >= 3 and month.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    near = difflib.get_close_matches(wanted, MONTHS, 1)
    meant = f" (did you mean '{near[0].capitalize()}'?)" if near else ""
    raise TracksError(f"season={season!r}: '{name}' is no month{meant}; allowed are {_EXAMPLES}")


def in_months(parts: DateParts, months: tuple[int, ...]) -> Mask:
    """Which dates lie in the months: bool, shape (n,)."""
    return np.isin(parts.month, months)


def season_year(parts: DateParts, months: tuple[int, ...]) -> I64:
    """Year of the season in which each date lies: that in which the season ends (DJF 2000: December 1999 on).

    This is also how IBTrACS numbers seasons from July to June.
    """
    over = next((k for k in range(1, len(months)) if months[k] < months[k - 1]), None)
    if over is None:
        return parts.year
    return parts.year + np.isin(parts.month, months[:over])
