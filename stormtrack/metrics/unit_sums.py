"""Metrics as sums over units: what tracks, seasons or members add in each cell of a grid.

References
----------
As `compute`, with the same numbers but for the order of sums. Parity: not applicable.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..resampling.sums import UnitSums
from ..settings.metrics import AREA, METRICS
from .caps import Grid, area
from .options import MetricOptions, sums_of
from .schedule import Schedule
from .sums import Storms, Sums

CAPS = "caps"
"""The only set of data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitMetrics:
    """Sums of units in all cells.

    Attributes
    ----------
    sums : UnitSums
    numbers : mapping
        `CAPS` -> points of each unit, twice: float64, shape (n_units, 2).
    """

    sums: UnitSums
    numbers: Mapping[str, F64]

    def chunks(self, most: int) -> Iterator[slice]:
        """All cells, so many at a time."""
        count = len(self.sums.start) - 1
        return (slice(at, min(at + most, count)) for at in range(0, count, most))

    def worker(self) -> Callable[[slice], dict[str, UnitSums]]:
        """What gives the sums of some cells."""

        def some(which: slice) -> dict[str, UnitSums]:
            start = self.sums.start[which.start : which.stop + 1]
            entries = slice(int(start[0]), int(start[-1]))
            return {CAPS: UnitSums(start - start[0], self.sums.unit[entries], self.sums.values[entries])}

        return some


def unit_metrics(
    storms: Storms, unit: I64, n_units: int, grid: Grid, options: MetricOptions, names: Sequence[str]
) -> UnitMetrics:
    """Sums that metrics need, unit by unit; only cells that a unit reaches are kept.

    Parameters
    ----------
    storms : Storms
    unit : int64, shape (n_tracks,)
        Of each track, by the numbers in the points.
    n_units : int
    grid : Grid
    options : MetricOptions
        Of all points together.
    names : sequence of str
        Of `settings.metrics.METRICS`.
    """
    groups = unit[storms.points.track].astype(np.int32)
    schedule = Schedule(storms.points, options, "standard", groups)
    wanted = columns_of(names)
    sums = Sums(storms, grid, options, set(wanted))
    cells, units, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros((0, len(wanted)))]
    for number in schedule.numbers.tolist():
        found = sums.of(schedule, number)
        own = np.stack([found[name] for name in wanted], axis=1)
        reached = np.flatnonzero((own != 0.0).any(axis=1))
        cells.append(reached)
        units.append(np.full(len(reached), number, np.int64))
        values.append(own[reached])
    cell = np.concatenate(cells)
    order = np.argsort(cell, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=grid.n_cells))]).astype(np.int64)
    count = np.bincount(groups, minlength=n_units).astype(np.float64)
    return UnitMetrics(
        sums=UnitSums(start, np.concatenate(units)[order], np.concatenate(values)[order]),
        numbers={CAPS: np.stack([count, count], axis=1)},
    )


def columns_of(names: Sequence[str]) -> list[str]:
    """Sums that metrics need, in the order of their columns."""
    return sorted(sums_of(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMetric:
    """One metric as a function of sums over units.

    Attributes
    ----------
    label, data : str
    column, over : int
        Of the sum, and of what a mean is divided by; -1 for counts and sums.
    factor : float
        Of counts and sums.
    """

    label: str
    column: int
    over: int
    factor: float = 1.0
    data: str = CAPS

    def values(self, sums: F64, number: F64, periods: float) -> F64:
        """The metric of sums (n_cells, n_sums, n_samples); a mean is NaN where there is nothing."""
        found = sums[:, self.column, :]
        if self.over < 0:
            return found * (self.factor / periods)
        count = sums[:, self.over, :]
        return np.divide(found, count, out=np.full_like(found, math.nan), where=count > 0)


def unit_metric(name: str, names: Sequence[str], options: MetricOptions) -> UnitMetric:
    """A metric as a function of the sums that `names` need."""
    metric, columns = METRICS[name], columns_of(names)
    return UnitMetric(
        label=name,
        column=columns.index(metric.sum),
        over=columns.index(metric.over) if metric.over else -1,
        factor=AREA / area(options) if options.per_area else 1.0,
    )
