"""The old estimators: sums over all data at every sampling point.

References
----------
Specification 06, sections 1.9 and 1.10. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..arrays import F32, F64
from ..errors import NotSupportedError
from ..settings.statistics import Estimate, Estimator, Mode, OldKernel
from . import old_kernels as kernels
from .data import Data
from .power import FLOOR, LEAST_DENSITY, LEAST_WEIGHT, SMALLEST
from .results import Result, half_width, number_of
from .smoothing import Smoothed, smoothed
from .sphere import Points

FISHER_FLOOR = 1.0e-100
_FARTHEST = 40.0
_RAD = 0.017453292519943295


class OldEstimators:
    """Estimates at sampling points.

    Parameters
    ----------
    points : Points
    """

    def __init__(self, points: Points) -> None:
        self._points = points

    def at(self, points: Points) -> OldEstimators:
        """The same method at other points."""
        return OldEstimators(points)

    def lowest(self, data: Data, estimator: Estimator) -> float:
        """Lower bound of the parameter; that of the Fisher kernel follows from the data."""
        if estimator.kernel == OldKernel.FISHER:
            return fisher_bound(data.points)
        return estimator.lowest

    def label(self, wanted: Estimate, s: float) -> tuple[int, float]:
        """Number of the kernel in the files, and half bandwidth."""
        kind = wanted.estimator.kernel
        return kind + 1, _fisher_width(s) if kind == OldKernel.FISHER else half_width(s)

    def smoothing(self, data: Data, wanted: Estimate) -> Smoothed:
        """Smoothing of one estimate."""
        return smoothed(self, data, wanted.mode, wanted.estimator)

    def estimate(self, data: Data, wanted: Estimate, smoothing: Smoothed) -> Result:
        """One estimate from data."""
        kind, n = wanted.estimator.kernel, number_of(data)
        own = smoothing.each is not None
        each = _each(kind, smoothing.s if smoothing.each is None else smoothing.each, data, data.weight)
        factor = kernels.base_factor(kind, n) if own else kernels.common_factor(kind, smoothing.s, n)
        if data.weight is not None and n <= LEAST_WEIGHT:
            factor = 0.0
        out = kernels.OldSums(*(np.zeros(len(self._points.x)) for _ in range(7)))
        kernels.sum_old(kind, each, data.points, self._points, out)
        found = _means(out, factor, wanted.mode)
        if wanted.estimator.std and wanted.mode.scalar:
            found = replace(found, std=self._std(kind, each, data, out, factor))
        label, width = self.label(wanted, smoothing.s)
        return replace(found, kernel=label, half_width=width)

    def _std(self, kind: int, each: kernels.Each, data: Data, out: kernels.OldSums, factor: float) -> F32:
        """Standard deviations about the means without weights."""
        with np.errstate(all="ignore"):
            plain = out.plain_density * factor
            mean = np.where(plain > LEAST_DENSITY, out.plain_value * factor / plain, 0.0)
            kernels.sum_squares(kind, each, data.points, self._points, mean, out)
            density = out.density * factor
            std = np.sqrt(out.square * factor / density)
            return np.where(density > LEAST_DENSITY, std, 0.0).astype(np.float32)

    def pilot(self, data: Data, kernel: int, s: float | F64, *, weighted: bool) -> F64:
        """Density at every datum from all others."""
        weight = data.weight if weighted else None
        each = _each(kernel, s, data, weight)
        factors = _others_factors(kernel, s, data, weight)
        fisher = kernel == OldKernel.FISHER
        cut = -(_FARTHEST + math.log(factors[0])) if fisher and factors[0] > 0.0 else -math.inf
        rest = kernels.Rest(FISHER_FLOOR if fisher else FLOOR, cut)
        density = np.empty(data.n)
        kernels.others_density(kernel, each, data.points, rest, density)
        return density * (factors[0] if len(factors) == 1 else np.array(factors))

    def residual(self, data: Data, mode: Mode, kernel: int, s: float | F64, *, weighted: bool = False) -> float:
        """Sum of squares of the values less what the other data make of them."""
        weight = data.weight if weighted else None
        used = replace(data, value=data.value if mode.scalar else None, vector=data.vector if mode.vector else None)
        each = _each(kernel, s, used, weight)
        return kernels.others_residual(kernel, each, data.points, LEAST_DENSITY)


def _means(out: kernels.OldSums, factor: float, mode: Mode) -> Result:
    """Densities and means of sums."""
    with np.errstate(all="ignore"):
        density = out.density * factor
        dense = density > LEAST_DENSITY
        found = Result(density=density.astype(np.float32) if mode.density else None, dense=dense)
        if mode.scalar:
            mean = np.where(dense, out.value * factor / density, 0.0)
            found = replace(found, mean=mean.astype(np.float32))
        if mode.vector:
            share = factor / density
            x, y = (np.where(dense, t * share, 0.0).astype(np.float32) for t in (out.u, out.v))
            found = replace(found, x=x, y=y)
    return found


def _each(kind: int, s: float | F64, data: Data, weight: F32 | None) -> kernels.Each:
    """Data with their kernels; with one parameter for all the normalisations are 1."""
    parameters = s if isinstance(s, np.ndarray) else np.full(data.n, float(s))
    if kind != OldKernel.FISHER and (parameters < SMALLEST).any():
        raise NotSupportedError(
            f"a smoothing parameter below {SMALLEST:g} has no proven result with the old estimators; give a larger one "
            "or a larger lower bound"
        )
    t, factor = np.empty(data.n), np.ones(data.n)
    kernels.fill_shapes(kind, parameters, t, factor)
    if not isinstance(s, np.ndarray):
        factor[:] = 1.0
    zeros, ones = np.zeros(data.n), np.ones(data.n)
    u, v = (zeros, zeros) if data.vector is None else (part.astype(np.float64) for part in data.vector)
    value = zeros if data.value is None else data.value.astype(np.float64)
    return kernels.Each(parameters, t, factor, ones if weight is None else weight.astype(np.float64), value, u, v)


def _others_factors(kind: int, s: float | F64, data: Data, weight: F32 | None) -> list[float]:
    """Normalisation of the density of all others: one number, or one for each datum where these have weights."""
    if weight is None:
        numbers = [float(np.float32(data.n - 1))]
    else:
        numbers = (float(np.add.accumulate(weight.astype(np.float64))[-1]) - weight.astype(np.float64)).tolist()
    if isinstance(s, np.ndarray):
        return [kernels.base_factor(kind, n) for n in numbers]
    return [kernels.common_factor(kind, s, n) for n in numbers]


def _fisher_width(s: float) -> float:
    cosine = 1.0 - (math.log(math.pow(2.0, 1.0 / s)) if s > 1.0e-3 else math.inf)
    return float(np.float32(math.acos(cosine) / _RAD)) if abs(cosine) <= 1.0 else -math.nan


def fisher_bound(points: Points) -> float:
    """Lower bound of the parameter of Fisher kernels: of the two half spheres the larger.

    NaN if the half y >= 0 has fewer than two data: it then bounds nothing, and as a parameter makes everything NaN.
    """
    front, back = (_concentration(*kernels.half_sphere_sum(points, half)) for half in (True, False))
    return back if back > front else front


def _concentration(count: int, x: float, y: float, z: float) -> float:
    """Parameter of a Fisher distribution fitted to a sum of unit vectors, times the cube root of their number.

    NaN where there is no datum, or it grows without limit: one datum, or all in one point.
    """
    if count == 0:
        return -math.nan
    resultant = math.sqrt(x * x + y * y + z * z) / count
    k = resultant
    try:
        for _ in range(10):
            low, high = math.sinh(k), math.cosh(k)
            step = (high / low - 1.0 / k - resultant) / (1.0 / (low * low) - 1.0 / (k * k))
            k += step
            if abs(step) < 1.0e-4:
                break
    except (OverflowError, ZeroDivisionError):
        return -math.nan
    return k * math.pow(count, 0.333333333333333333)
