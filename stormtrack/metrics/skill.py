"""How well a metric tells an impact: largest correlations nearby, and hindcasts by canonical correlation.

References
----------
Yau and Chang (2020), J. Climate 33, 10169; Barnett and Preisendorfer (1987), Mon. Wea. Rev. 115, 1825 (principal
components before canonical correlation). Specification 07, section 2. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, Mask

_EDGE = 1.0e-9
"""Degrees by which a point may lie beyond the box, for rounding."""
_LEAST = 1.0e-12
"""Singular values below this part of the largest one are rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Values at the points of a grid.

    Attributes
    ----------
    values : float64, shape (n_times, n_lat, n_lon)
    lat, lon : float64
        Degrees.
    """

    values: F64
    lat: F64
    lon: F64

    @property
    def is_known(self) -> Mask:
        """Points whose values are all known: bool, shape (n_lat, n_lon)."""
        return np.asarray(np.isfinite(self.values).all(axis=0))


def largest_correlations(impact: Series, metric: Series, box: tuple[float, float]) -> F64:
    """Largest positive correlation in time of an impact with a metric in a box around each of its points.

    Parameters
    ----------
    impact, metric : Series
        Of the same times; on grids of their own.
    box : (float, float)
        Width in longitude and latitude, degrees; its edges belong to it.

    Returns
    -------
    float64, shape (n_lat, n_lon)
        Of the impact; 0 where no correlation is positive, NaN where the impact has missing values or does not change.

    Notes
    -----
    The cost is that of the correlations in a band of latitudes, row by row of the impact.
    """
    x, y = _standardised(impact), _standardised(metric)
    found = np.full((len(impact.lat), len(impact.lon)), np.nan)
    apart = np.abs((metric.lon[None, :] - impact.lon[:, None] + 180.0) % 360.0 - 180.0)
    near = apart <= 0.5 * box[0] + _EDGE
    for row, lat in enumerate(impact.lat):
        here = np.flatnonzero(np.isfinite(x[0, row]))
        rows = np.abs(metric.lat - lat) <= 0.5 * box[1] + _EDGE
        most = np.zeros(len(here))
        for other in np.flatnonzero(rows):
            correlation = np.nan_to_num(x[:, row, here].T @ y[:, other])
            most = np.maximum(most, np.where(near[here], correlation, 0.0).max(axis=1, initial=0.0))
        found[row, here] = np.minimum(most, 1.0)
    return found


def _standardised(series: Series) -> F64:
    """Anomalies of unit length; NaN where values are missing or do not change."""
    values = series.values - series.values.mean(axis=0)
    size = np.sqrt((values * values).sum(axis=0))
    largest = np.abs(series.values).max(axis=0)
    found: F64 = np.where(size > _LEAST * largest * np.sqrt(len(values)), values, np.nan) / size.clip(min=1.0e-300)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Folds:
    """What is withheld, and how much is kept.

    Attributes
    ----------
    withheld : int
        Times in a row that are withheld together.
    most : int
        Largest number of modes.
    components : int, optional
        Principal components of each field; None: as many as modes.
    """

    withheld: int
    most: int
    components: int | None = None

    def of(self, n_times: int) -> Iterator[tuple[slice, Mask]]:
        """Withheld times, and all others: bool, shape (n_times,)."""
        for first in range(0, n_times, self.withheld):
            some = slice(first, min(first + self.withheld, n_times))
            others = np.ones(n_times, np.bool_)
            others[some] = False
            yield some, others


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skill:
    """Skill of the hindcasts.

    Attributes
    ----------
    score : float64, shape (most,)
        Domain mean of (ACC + FVE) / 2 for 1, 2, ... modes.
    modes : int
        The number with the largest score.
    correlation, explained : float64, shape (n_lat, n_lon)
        ACC and FVE with these; NaN where the impact is missing or does not change.
    hindcast : float64, shape (n_times, n_lat, n_lon)
    """

    score: F64
    modes: int
    correlation: F64
    explained: F64
    hindcast: F64


def hindcast_skill(metric: Series, impact: Series, folds: Folds) -> Skill:
    """Skill of hindcasts of an impact from a metric by canonical correlation of their principal components.

    Each fold is withheld once; means, components and correlations are those of all other times. Both fields are
    weighted by the square root of the cosine of latitude. ACC is the correlation in time of hindcast and impact, FVE
    is 1 less the mean squared error over the variance of the impact.
    """
    known_x, known_y = metric.is_known, impact.is_known & (np.ptp(impact.values, axis=0) > 0.0)
    x, y = metric.values[:, known_x], impact.values[:, known_y]
    weights = [np.sqrt(_cosine(one.lat, known)) for one, known in ((metric, known_x), (impact, known_y))]
    made = np.zeros((folds.most, *y.shape))
    for some, others in folds.of(len(x)):
        made[:, some] = _hindcasts(x[others], y[others], x[some], weights, folds)
    skill = [_skill(one, y) for one in made]
    area = weights[1] ** 2
    score = np.array([np.average(0.5 * (acc + fve), weights=area) for acc, fve in skill])
    best = int(np.argmax(score))
    fields = [np.full(known_y.shape, np.nan) for _ in range(2)]
    for field, values in zip(fields, skill[best], strict=True):
        field[known_y] = values
    hindcast = np.full(impact.values.shape, np.nan)
    hindcast[:, known_y] = made[best]
    return Skill(score=score, modes=best + 1, correlation=fields[0], explained=fields[1], hindcast=hindcast)


def _cosine(lat: F64, known: Mask) -> F64:
    """Cosine of the latitude of all known points."""
    cosine: F64 = np.broadcast_to(np.cos(np.radians(lat)).clip(min=0.0)[:, None], known.shape)[known]
    return cosine


def _hindcasts(x: F64, y: F64, new: F64, weights: list[F64], folds: Folds) -> F64:
    """Impacts at new times for 1, 2, ... modes: float64, shape (most, n_new, n_points)."""
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    n = folds.components or folds.most
    of_x, sizes, patterns = _components((x - mean_x) * weights[0], n)
    of_y, _, _ = _components((y - mean_y) * weights[1], n)
    of_new = ((new - mean_x) * weights[0]) @ patterns.T / sizes
    onto = of_y.T @ (y - mean_y)  # of the impact itself, so that a pole needs no weight
    found = np.zeros((folds.most, len(new), y.shape[1]))
    for k in range(folds.most):
        kept = folds.components or k + 1
        left, correlation, right = np.linalg.svd(of_x[:, :kept].T @ of_y[:, :kept])
        modes = slice(0, min(k + 1, len(correlation)))
        through = (left[:, modes] * correlation[modes]) @ right[modes]
        found[k] = mean_y + of_new[:, :kept] @ through @ onto[:kept]
    return found


def _components(values: F64, most: int) -> tuple[F64, F64, F64]:
    """Leading principal components of unit length (n_times, n), singular values (n,) and patterns (n, n_points)."""
    series, sizes, patterns = np.linalg.svd(values, full_matrices=False)
    n = min(most, int((sizes > _LEAST * sizes[0]).sum())) if sizes[0] > 0.0 else 0
    return series[:, :n], sizes[:n], patterns[:n]


def _skill(made: F64, real: F64) -> tuple[F64, F64]:
    """Correlation in time (0 where the hindcast does not change) and part of the variance explained."""
    a, b = made - made.mean(axis=0), real - real.mean(axis=0)
    variance = (b * b).mean(axis=0)
    spread = np.sqrt((a * a).mean(axis=0) * variance)
    acc = np.divide((a * b).mean(axis=0), spread, out=np.zeros(len(spread)), where=spread > _LEAST * variance)
    return acc, 1.0 - ((made - real) ** 2).mean(axis=0) / variance
