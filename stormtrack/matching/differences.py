"""Differences of matched tracks: values, times of the strongest point, of genesis and of lysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64
from ..model.tracks import TrackSet
from .match import Matched
from .separation import common_points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ValueDifferences:
    """First minus second, for each pair: float64, shape (n,); NaN where no value is known.

    Attributes
    ----------
    mean : float64
        Over the common times.
    peak : float64
        Of the strongest points, wherever they are.
    """

    mean: F64
    peak: F64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeDifferences:
    """First minus second, for each pair: float64, shape (n,), hours, or frames of sets without dates.

    Attributes
    ----------
    peak : float64
        Of the strongest points; NaN where no value is known.
    genesis, lysis : float64
    """

    peak: F64
    genesis: F64
    lysis: F64


def value_differences(found: Matched, values: tuple[F32, F32], peaks: tuple[I64, I64]) -> ValueDifferences:
    """Differences of values.

    Parameters
    ----------
    found : Matched
    values : (float32, float32)
        Of all points of each set, NaN where missing.
    peaks : (int64, int64)
        Index of the strongest point of each track of each set; -1: none.
    """
    n = len(found.pairs)
    a, b = found.points
    count, total = np.zeros(n, np.int64), np.zeros(n)
    for pair, i, j in common_points(a, b, found.pairs):
        difference = values[0][a.index[i]].astype(np.float64) - values[1][b.index[j]]
        known = np.isfinite(difference)
        count += np.bincount(pair[known], minlength=n)
        total += np.bincount(pair[known], difference[known], minlength=n)
    at = [
        _at(v.astype(np.float64), peak[found.pairs[:, k]])
        for k, (v, peak) in enumerate(zip(values, peaks, strict=True))
    ]
    mean = np.divide(total, count, out=np.full(n, np.nan), where=count > 0)
    return ValueDifferences(mean=mean, peak=at[0] - at[1])


def time_differences(found: Matched, sets: tuple[TrackSet, TrackSet], peaks: tuple[I64, I64]) -> TimeDifferences:
    """Differences of times of the strongest, first and last points."""
    per_hour = 1.0 if found.axes.calendar is None else 3600.0
    times = [axis.astype(np.float64) / per_hour for axis in (found.axes.a, found.axes.b)]
    tracks = [found.pairs[:, k] for k in (0, 1)]
    peak = [_at(times[k], peaks[k][tracks[k]]) for k in (0, 1)]
    first = [times[k][sets[k].start[:-1][tracks[k]]] for k in (0, 1)]
    last = [times[k][sets[k].start[1:][tracks[k]] - 1] for k in (0, 1)]
    return TimeDifferences(peak=peak[0] - peak[1], genesis=first[0] - first[1], lysis=last[0] - last[1])


def _at(values: F64, index: I64) -> F64:
    out = np.full(len(index), np.nan)
    out[index >= 0] = values[index[index >= 0]]
    return out
