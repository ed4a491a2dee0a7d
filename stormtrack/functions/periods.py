"""Periods of a set of tracks: months, seasons and years, and their coordinates in a Dataset (`by=`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import I64
from ..errors import UserInputError
from ..model.dates import calendar_named, seconds_of
from ..model.periods import ALL, KINDS, SEASONS, bounds_in_days, check_word, period_numbers
from ..model.tracks import TrackSet


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """The periods that occur, in order of time (or of the year).

    Attributes
    ----------
    by : str
        One of `model.periods.WORDS`.
    calendar : str
        Usual CF name.
    numbers : int64, shape (n_periods,)
        Their numbers (`model.periods.period_numbers`); one, 0, for ``"all"``.
    index : int64, shape (n_points,)
        Which of them each point lies in.
    """

    by: str
    calendar: str
    numbers: I64
    index: I64

    def __len__(self) -> int:
        """Number of periods."""
        return len(self.numbers)

    @property
    def dimension(self) -> str | None:
        """Name of the dimension of the periods: None (all), ``time``, ``month`` or ``season``."""
        if self.by == ALL:
            return None
        return "time" if KINDS[self.by].months else self.by.split("-")[0]

    @property
    def labels(self) -> list[str]:
        """Names such as ``2000-01``, ``2000-DJF``, ``2000``; ``1`` and ``DJF`` for those of all years; ``all``."""
        return [_label(self.by, number) for number in self.numbers.tolist()]

    def coordinates(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Coordinates and bounds as xarray takes them, times as numbers (`xarray.decode_cf`); both empty for all."""
        name = self.dimension
        if name is None:
            return {}, {}
        if name == "month":
            return {name: (name, self.numbers, {"long_name": "month of the year"})}, {}
        if name == "season":
            return {name: (name, np.array(self.labels), {"long_name": "season of the year"})}, {}
        since = {"units": "days since 1970-01-01 00:00:00", "calendar": self.calendar}
        about = {"standard_name": "time", "long_name": f"beginning of the {self.by}", "axis": "T"}
        bounds = bounds_in_days(self.numbers, self.by, self.calendar)
        time = ("time", bounds[:, 0], {**about, "bounds": "time_bounds", **since})
        return {"time": time}, {"time_bounds": (("time", "bounds"), bounds, since)}


def _label(by: str, number: int) -> str:
    if by == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if by == "season":
        return f"{number // len(SEASONS):04d}-{SEASONS[number % len(SEASONS)]}"
    if by == "year":
        return f"{number:04d}"
    if by == "season-of-year":
        return SEASONS[number]
    return ALL if by == ALL else str(number)


def check_dated(tracks: TrackSet, by: str) -> None:
    """Refuse periods that there are not, and points without a date; for ``"all"`` they need none.

    Raises
    ------
    UserInputError
    """
    check_word(by)
    if by == ALL or not tracks.n_points:
        return
    if tracks.time is None or not tracks.time.known.all():
        raise UserInputError(
            f"by={by!r} needs a date for every point: tracks.with_dates('2000-01-01 00', step='6h'), or --start and "
            "--step"
        )


def periods_of(tracks: TrackSet, by: str = ALL) -> Periods:
    """The periods in which the points of tracks lie; a track over the border of two is in both.

    Parameters
    ----------
    tracks : TrackSet
        With a date for every point, but for ``"all"``.
    by : str
        ``"all"``; ``"month"``, ``"season"`` (DJF, MAM, JJA, SON), ``"year"``: each by itself; ``"month-of-year"``,
        ``"season-of-year"``: those of all years together.

    Raises
    ------
    UserInputError
        If there is no such word, or points have no date.

    Notes
    -----
    Parity: not applicable.
    """
    check_dated(tracks, by)
    if by == ALL or not tracks.n_points:
        numbers = np.zeros(1 if by == ALL else 0, np.int64)
        calendar = calendar_named(None if tracks.time is None else tracks.time.calendar)
        return Periods(by, calendar, numbers, np.zeros(tracks.n_points, np.int64))
    assert tracks.time is not None
    return periods_at(seconds_of(tracks.time), by, calendar_named(tracks.time.calendar))


def periods_at(seconds: I64, by: str, calendar: str) -> Periods:
    """The periods that occur among times (int64, shape (n,), seconds since 1970-01-01 of the calendar)."""
    numbers, index = np.unique(period_numbers(seconds, by, calendar), return_inverse=True)
    return Periods(by, calendar, numbers, index.astype(np.int64).reshape(-1))
