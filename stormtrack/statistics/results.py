"""What an estimate gives, and how sums become means.

References
----------
Specification 06, section 1.7. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from ..arrays import F32, F64, Mask
from ..settings.statistics import Estimate, Mode
from .data import Data
from .power import LEAST_DENSITY
from .smoothing import Smoothed
from .sphere import Points

_RAD = 0.017453292519943295


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """What one estimate gives: float32, shape (n,), 0 where there is no density; parts that it lacks are None.

    Attributes
    ----------
    density, mean, std, x, y : float32, shape (n,), optional
    dense : bool, shape (n,), optional
        Where there is enough density for means.
    kernel : int
        Its number in the files.
    half_width : float
        Half bandwidth, degrees (float32).
    number : float
        Data, or sum of weights over the file's (float32).
    """

    density: F32 | None = None
    mean: F32 | None = None
    std: F32 | None = None
    x: F32 | None = None
    y: F32 | None = None
    dense: Mask | None = None
    kernel: int = 0
    half_width: float = 0.0
    number: float = 0.0


class Estimators(Protocol):
    """Estimates at the sampling points, by one method."""

    def estimate(self, data: Data, wanted: Estimate, smoothing: Smoothed) -> Result:
        """One estimate from data."""

    def smoothing(self, data: Data, wanted: Estimate) -> Smoothed:
        """Its smoothing."""

    def label(self, wanted: Estimate, s: float) -> tuple[int, float]:
        """Number of the kernel in the files, and half bandwidth."""

    def at(self, points: Points) -> Estimators:
        """The same method at other points."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Totals:
    """Sums at all sampling points, in their order: float64, shape (n,); those not computed are None."""

    density: F64
    value: F64 | None = None
    square: F64 | None = None
    u: F64 | None = None
    v: F64 | None = None


def number_of(data: Data) -> float:
    """Number of data, or the sum of their weights in order (float64)."""
    if data.weight is None:
        return float(data.n)
    return float(np.add.accumulate(data.weight.astype(np.float64))[-1]) if data.n else 0.0


def number_shown(data: Data, total_weight: float) -> float:
    """The number in the files (float32)."""
    if data.weight is None:
        return float(np.float32(data.n))
    with np.errstate(all="ignore"):
        return float(np.float32(number_of(data)) / np.float32(total_weight))


def means(totals: Totals, factor: float, mode: Mode, std: bool) -> Result:
    """Densities and means of sums; `factor` normalises them all."""
    with np.errstate(all="ignore"):
        density = totals.density * factor
        dense = density > LEAST_DENSITY
        found = Result(density=density.astype(np.float32) if mode.density else None, dense=dense)
        if mode.scalar and totals.value is not None:
            mean = np.where(dense, totals.value * factor / density, 0.0)
            found = replace(found, mean=mean.astype(np.float32))
            if std and totals.square is not None:
                variance = totals.square * factor / density - mean * mean
                deviation = np.where(dense & (variance > 0.0), np.sqrt(variance), 0.0)
                found = replace(found, std=deviation.astype(np.float32))
        if mode.vector and totals.u is not None and totals.v is not None:
            share = factor / density
            x, y = (np.where(dense, t * share, 0.0).astype(np.float32) for t in (totals.u, totals.v))
            found = replace(found, x=x, y=y)
    return found


def half_width(s: float) -> float:
    """Half bandwidth in degrees (float32) of kernels with an end."""
    ratio = s / (1.0 + s) if math.isfinite(s) else math.inf
    return float(np.float32(math.acos(ratio) / _RAD)) if abs(ratio) <= 1.0 else -math.nan
