"""Metrics as sums over units: what tracks, seasons or members add to CF, ACA, TF and ATA in each cell of a grid.

References
----------
As `compute`, with the same numbers but for the order of sums. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..resampling.sums import UnitSums
from .caps import Lines, pairs_within
from .options import MetricOptions
from .points import StormPoints, hourly

CAPS = "caps"
"""The only set of data."""
_COLUMN = {"CF": 0, "CA": 1, "ACA": 1, "TF": 2, "ATA": 3}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitMetrics:
    """Points of all sets of tracks, with the unit of each track.

    Attributes
    ----------
    points : StormPoints
    unit : int64, shape (n_tracks,)
        Of each track, by the numbers in `points.track`.
    n_units : int
    lines : Lines
    options : MetricOptions
        Of all points together.
    names : tuple of str
    """

    points: StormPoints
    unit: I64
    n_units: int
    lines: Lines
    options: MetricOptions
    names: tuple[str, ...]

    @property
    def numbers(self) -> Mapping[str, F64]:
        """Points of each unit, twice: float64, shape (n_units, 2)."""
        count = np.bincount(self.unit[self.points.track], minlength=self.n_units).astype(np.float64)
        return {CAPS: np.stack([count, count], axis=1)}

    def chunks(self, most: int) -> Iterator[slice]:
        """All cells, whole rows at a time."""
        columns, count = len(self.lines.lon), self.lines.n_cells
        step = max(1, most // columns) * columns
        return (slice(at, min(at + step, count)) for at in range(0, count, step))

    def worker(self) -> Callable[[slice], dict[str, UnitSums]]:
        """What computes the sums of some rows."""
        finer = hourly(self.points) if "ATA" in self.names else None
        columns = len(self.lines.lon)

        def sums(which: slice) -> dict[str, UnitSums]:
            rows = slice(which.start // columns, which.stop // columns)
            here = Lines(self.lines.lon, self.lines.lat[rows])
            parts = [self._of_points(self.points, here, plain=True)] if set(self.names) - {"ATA"} else []
            if finer is not None:
                parts.append(self._of_points(finer, here, plain=False))
            key, values = (np.concatenate(both) for both in zip(*parts, strict=True))
            key, values = _summed(key, values, np.add)
            count = np.bincount(key // self.n_units, minlength=here.n_cells)
            return {CAPS: UnitSums(np.concatenate([[0], np.cumsum(count)]), key % self.n_units, values)}

        return sums

    def _of_points(self, points: StormPoints, lines: Lines, *, plain: bool) -> tuple[I64, F64]:
        """Numbers cell x n_units + unit with their sums (n, 4): CF, ACA and TF of plain points, ATA of hourly ones."""
        pairs = pairs_within(points.lon, points.lat, lines, self.options.radius, self.options.kernel)
        n_tracks = max(len(self.unit), 1)
        key = pairs.cell * n_tracks + points.track[pairs.point]
        amplitude = points.amplitude[pairs.point]
        of_track, largest = _summed(key, np.stack([pairs.weight, amplitude], axis=1), np.maximum)
        values = np.zeros((len(of_track), 4))
        if plain:
            both = np.stack([pairs.weight, pairs.weight * amplitude], axis=1)
            values[:, :2] = _summed(key, both, np.add)[1]
            values[:, 2] = largest[:, 0]
        else:
            values[:, 3] = largest[:, 0] * largest[:, 1]
        return of_track // n_tracks * self.n_units + self.unit[of_track % n_tracks], values


def _summed(key: I64, values: F64, how: np.ufunc) -> tuple[I64, F64]:
    """Keys in order, each once, with what `how` makes of the values (n, k) of each."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.flatnonzero(np.concatenate([[True], np.diff(ordered) != 0])) if len(key) else np.zeros(0, np.int64)
    if not len(first):
        return key, values
    return ordered[first], how.reduceat(values[order], first, axis=0)


@dataclass(frozen=True, slots=True)
class UnitMetric:
    """One metric as a function of sums over units."""

    label: str
    data: str = CAPS

    def values(self, sums: F64, number: F64, periods: float) -> F64:
        """The metric of sums (n_cells, 4, n_samples); the mean amplitude is NaN where there are no points."""
        found = sums[:, _COLUMN[self.label], :]
        if self.label == "CA":
            count = sums[:, _COLUMN["CF"], :]
            return np.divide(found, count, out=np.full_like(found, np.nan), where=count > 0)
        return found / periods
