"""Metrics of tracks on a grid, period by period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F64
from ..model.dates import DAY
from ..model.periods import ALL, KINDS, bounds_in_days, period_numbers
from ..settings.metrics import AREA, METRICS
from .caps import Grid, area
from .options import MetricOptions, sums_of
from .schedule import Schedule
from .sums import Storms, Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted.

    Attributes
    ----------
    names : sequence of str
        Of `settings.metrics.METRICS`.
    grid : Grid
    options : MetricOptions
    calendar : str
        Usual CF name.
    """

    names: Sequence[str]
    grid: Grid
    options: MetricOptions
    calendar: str


class MetricFields:
    """Metrics of the periods that occur, computed one after the other while they are taken.

    Parameters
    ----------
    storms : Storms
        The times matter for the path between points and for periods only.
    request : Request
    like : MetricFields, optional
        Of all tracks, where these are some of them: the periods are its.

    Attributes
    ----------
    numbers : int64, shape (n_periods,)
        Of the periods (`model.periods`) with a point, or a stretch of a path; one for all points together.
    days : float64, shape (n_periods,)
        By which counts are divided: their lengths, or 1.

    Notes
    -----
    The cost follows points times cells of a cap. Specification 07, section 2. Parity: not applicable.

    References
    ----------
    Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169.
    """

    def __init__(self, storms: Storms, request: Request, like: MetricFields | None = None) -> None:
        points, options = storms.points, request.options
        self._request, self._seconds = request, points.seconds
        self._sums = Sums(storms, request.grid, options, sums_of(request.names))
        self._schedule = Schedule(points, options, request.calendar)
        if like is None:
            self.numbers = self._schedule.numbers
            self.days = self._days() if options.per_day else np.ones(len(self.numbers))
        else:
            self.numbers, self.days = like.numbers, like.days
        self._area = area(options) / AREA

    def __len__(self) -> int:
        """Number of periods."""
        return len(self.numbers)

    def __iter__(self) -> Iterator[dict[str, F64]]:
        """The metrics of each period by name: float64, shape (n_lat, n_lon)."""
        for number, length in zip(self.numbers.tolist(), self.days.tolist(), strict=True):
            yield self._metrics(self._sums.of(self._schedule, number), length)

    def _metrics(self, sums: Mapping[str, F64], days: float) -> dict[str, F64]:
        found = {}
        for metric in (METRICS[name] for name in self._request.names):
            total = sums[metric.sum]
            if metric.over:
                many = sums[metric.over]
                total = np.divide(total, many, out=np.full(len(total), metric.empty), where=many > 0.0)
            else:
                total = total / days
                if metric.density or self._request.options.per_area:
                    total = total / self._area
            found[metric.name] = total.reshape(self._request.grid.shape)
        return found

    def _days(self) -> F64:
        """Length of each period in days; of those that come back, of all that have a point."""
        by, calendar = self._request.options.by, self._request.calendar
        if by == ALL:
            days = self._seconds // DAY
            return np.array([days.max() - days.min() + 1 if len(days) else 1], np.float64)
        each = by.split("-")[0]
        found = self.numbers if KINDS[by].months else np.unique(period_numbers(self._seconds, each, calendar))
        bounds = bounds_in_days(found, each, calendar)
        of = period_numbers(bounds[:, 0] * DAY, by, calendar)
        return np.array([np.diff(bounds[of == number]).sum() for number in self.numbers], np.float64)
