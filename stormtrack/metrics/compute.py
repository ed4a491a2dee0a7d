"""Metrics of track activity on a grid: CF, ACA, CA, TF, ATA."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..settings.earth import PYSTORMTRACKER_RADIUS_KM
from .caps import Lines, Pairs, pairs_within
from .options import METRICS, MetricOptions
from .points import StormPoints, hourly, month_numbers

_PAIRS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Metrics:
    """Metrics on a grid.

    Attributes
    ----------
    months : int64, shape (n_periods,), or None
        12 x year + month - 1 of each month with a point (of any hour); None: all points together, one period.
    values : dict of float64, shape (n_periods, n_lat, n_lon)
        By the names of the metrics.
    """

    months: I64 | None
    values: dict[str, F64]


def metrics_on(
    points: StormPoints, lines: Lines, options: MetricOptions, names: Collection[str], calendar: str
) -> Metrics:
    """Metrics of points of tracks in the way of PyStormTracker.

    Parameters
    ----------
    points : StormPoints
        The times matter for ATA and for months only.
    lines : Lines
    options : MetricOptions
    names : collection of str
        Of `options.METRICS`.
    calendar : str
        Usual CF name, for months.

    Notes
    -----
    Only ATA uses points of every hour; with a soft kernel it is the largest amplitude times the largest weight of a
    track in the cap, each by itself. A month has the points whose time lies in it, so a track over its end counts in
    both. Specification 07, section 2. Parity: not applicable.

    References
    ----------
    Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169.
    """
    finer = hourly(points) if "ATA" in names or options.by == "month" else points
    months = np.unique(month_numbers(finer.seconds, calendar)) if options.by == "month" else None
    of = _Periods(months, calendar)
    found = {name: np.zeros((of.number, lines.n_cells)) for name in METRICS if name in {*names, *_needed(names)}}
    if {"CF", "ACA", "TF"} & set(found):
        for segment in _segments(points, of, lines, options):
            _count(segment, found)
    if "ATA" in found:
        largest = _Largest(np.zeros(lines.n_cells), np.zeros(lines.n_cells))
        for segment in _segments(finer, of, lines, options):
            largest.add_to(found["ATA"][segment.period], segment)
    if "CA" in found:
        found["CA"] = np.divide(found["ACA"], found["CF"], out=found["CA"], where=found["CF"] > 0)
    shape = (of.number, len(lines.lat), len(lines.lon))
    return Metrics(months, {name: found[name].reshape(shape) for name in METRICS if name in names})


def _needed(names: Collection[str]) -> tuple[str, ...]:
    return ("CF", "ACA") if "CA" in names else ()


@dataclass(frozen=True, slots=True)
class _Periods:
    """Periods of points: months that are there, or one of all."""

    months: I64 | None
    calendar: str

    @property
    def number(self) -> int:
        return 1 if self.months is None else len(self.months)

    def of(self, seconds: I64) -> I64:
        if self.months is None:
            return np.zeros(len(seconds), np.int64)
        return np.searchsorted(self.months, month_numbers(seconds, self.calendar))


@dataclass(frozen=True, slots=True)
class _Segment:
    """The points of one track in one period: cells that they reach, with repetitions."""

    period: int
    cell: I64
    weight: F64
    amplitude: F64


def _segments(points: StormPoints, of: _Periods, lines: Lines, options: MetricOptions) -> Iterator[_Segment]:
    """Segments of all tracks; caps are looked for in batches of whole segments, to bound the memory."""
    if not len(points.lon):
        return
    period = of.of(points.seconds)
    new = (np.diff(points.track) != 0) | (np.diff(period) != 0)
    start = np.concatenate(([0], np.flatnonzero(new) + 1, [len(period)]))
    share = 0.5 - 0.5 * np.cos(options.radius / PYSTORMTRACKER_RADIUS_KM)
    at_once = max(1, int(_PAIRS_AT_ONCE / (1.0 + share * lines.n_cells)))
    first = 0
    while first < len(start) - 1:
        last = max(first + 1, int(np.searchsorted(start, start[first] + at_once, "right")) - 1)
        begin, end = start[first], start[last]
        some = points.take(slice(begin, end))
        pairs = pairs_within(some.lon, some.lat, lines, options.radius, options.kernel)
        yield from _split(pairs, start[first : last + 1] - begin, period[start[first:last]], some.amplitude)
        first = last


def _split(pairs: Pairs, start: I64, period: I64, amplitude: F64) -> Iterator[_Segment]:
    ends = np.searchsorted(pairs.point, start)
    values = amplitude[pairs.point]
    for k, one in enumerate(period):
        here = slice(ends[k], ends[k + 1])
        yield _Segment(int(one), pairs.cell[here], pairs.weight[here], values[here])


def _count(segment: _Segment, found: dict[str, F64]) -> None:
    """Add a segment to CF, ACA and TF."""
    cell, weight = segment.cell, segment.weight
    if "CF" in found:
        np.add.at(found["CF"][segment.period], cell, weight)
    if "ACA" in found:
        np.add.at(found["ACA"][segment.period], cell, weight * segment.amplitude)
    if "TF" in found:
        cells, which = np.unique(cell, return_inverse=True)
        most = np.zeros(len(cells))
        np.maximum.at(most, which, weight)
        found["TF"][segment.period][cells] += most


@dataclass(frozen=True, slots=True)
class _Largest:
    """The largest weights and amplitudes of a track in each cell; zeros between two segments."""

    weight: F64
    amplitude: F64

    def add_to(self, total: F64, segment: _Segment) -> None:
        """Add largest weight x largest amplitude of a segment, once in every cell that it reaches."""
        cell = segment.cell
        np.maximum.at(self.weight, cell, segment.weight)
        np.maximum.at(self.amplitude, cell, segment.amplitude)
        total[cell] += self.weight[cell] * self.amplitude[cell]  # repeated cells get the same sum once
        self.weight[cell] = self.amplitude[cell] = 0.0
