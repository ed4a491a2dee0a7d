"""Estimates on the spherical quad tree.

References
----------
Specification 06, sections 1.7 and 1.8. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F64, I64
from ..errors import NotSupportedError
from ..settings.statistics import NO_VALIDATION, Estimate, Estimator, Mode
from .cells import Caps, cells
from .data import Data
from .power import FLOOR, LEAST_WEIGHT, TWO_PI, fill_factors, normalisation_of_all
from .results import Result, Totals, half_width, means, number_of
from .smoothing import Smoothed, smoothed
from .sphere import Points
from .tree import SphereTree
from .tree_sums import Sources, Sums, no_sums, sum_kernels, sum_pilot

TREE_KERNEL = 6
"""Number of the power kernel in the files."""


def factor_of_all(q: float, n: float) -> float:
    """What sums of kernels with normalisations of their own are multiplied by."""
    return q / (TWO_PI * n)


class TreeEstimators:
    """Estimates at sampling points.

    Parameters
    ----------
    tree : SphereTree
    points : Points
        Sampling points; those between leaves get 0 everywhere.
    """

    def __init__(self, tree: SphereTree, points: Points, caps: Caps | None = None) -> None:
        self._tree, self._points = tree, points
        self._caps = caps or Caps.of(tree)
        self._cells, self._order = cells(points, tree, self._caps)

    def at(self, points: Points) -> TreeEstimators:
        """The same method at other points."""
        return TreeEstimators(self._tree, points, self._caps)

    def lowest(self, data: Data, estimator: Estimator) -> float:
        """Lower bound of the parameter: the one asked for."""
        return estimator.lowest

    def label(self, wanted: Estimate, s: float) -> tuple[int, float]:
        """Number of the kernel in the files, and half bandwidth."""
        return TREE_KERNEL, half_width(s)

    def residual(self, data: Data, mode: Mode, kernel: int, s: float | F64, *, weighted: bool = False) -> float:
        """Not defined.

        Raises
        ------
        NotSupportedError
            Always.
        """
        raise NotSupportedError(NO_VALIDATION)

    def smoothing(self, data: Data, wanted: Estimate) -> Smoothed:
        """Smoothing of one estimate."""
        if wanted.estimator.bracket is not None and wanted.mode <= 0:
            self.residual(data, wanted.mode, wanted.estimator.kernel, 0.0)
        return smoothed(self, data, wanted.mode, wanted.estimator)

    def estimate(self, data: Data, wanted: Estimate, smoothing: Smoothed) -> Result:
        """One estimate from data."""
        mode, q, n = wanted.mode, exponent_and_one(wanted.estimator.kernel), number_of(data)
        grouped, order = cells(data.points, self._tree, self._caps)
        each = np.full(data.n, smoothing.s) if smoothing.each is None else smoothing.each
        sources = sources_of(each[order], q, smoothing.each is not None, taken_of(data, order), mode)
        factor = factor_of_all(q, n) if smoothing.each is not None else normalisation_of_all(smoothing.s, q, n)
        if data.weight is not None and n <= LEAST_WEIGHT:
            factor = 0.0
        sums = no_sums(len(self._order), mode.scalar, mode.vector)
        sum_kernels(sources, grouped, self._cells, float(wanted.estimator.kernel), sums)
        found = means(self._totals(sums), factor, mode, wanted.estimator.std)
        kernel, width = self.label(wanted, smoothing.s)
        return replace(found, kernel=kernel, half_width=width)

    def _totals(self, sums: Sums) -> Totals:
        """Sums in the order of the sampling points; None where there are none."""
        count = len(self._points.x)

        def placed(values: F64) -> F64 | None:
            if len(values) != len(self._order):
                return None
            out = np.zeros(count)
            out[self._order] = values
            return out

        density = placed(sums.density)
        assert density is not None
        if not len(self._order):
            return Totals(density=density, value=density, square=density, u=density, v=density)
        return Totals(density=density, **{name: placed(getattr(sums, name)) for name in ("value", "square", "u", "v")})

    def pilot(self, data: Data, kernel: int, s: float | F64, *, weighted: bool) -> F64:
        """Density at every datum from all others."""
        q, n = exponent_and_one(kernel), float(np.float32(data.n - 1))
        grouped, order = cells(data.points, self._tree, self._caps)
        own = isinstance(s, np.ndarray)
        each = s[order] if isinstance(s, np.ndarray) else np.full(len(order), s)
        weight = data.weight if weighted else None
        plain = replace(data, value=None, vector=None, weight=None if weight is None else weight[order])
        sources = sources_of(each, q, own, plain, Mode.DENSITY)
        density = np.full(data.n, FLOOR)
        found = np.full(len(order), FLOOR)
        sum_pilot(sources, grouped, float(kernel), found)
        density[order] = found
        if weight is None:
            return density * _pilot_factor(s, q, n, own)
        others = number_of(data) - weight.astype(np.float64)
        factors = np.array([_pilot_factor(s, q, rest, own) for rest in others.tolist()])
        normalised: F64 = density * factors
        return normalised


def _pilot_factor(s: float | F64, q: float, n: float, own: bool) -> float:
    return factor_of_all(q, n) if own or isinstance(s, np.ndarray) else normalisation_of_all(s, q, n)


def exponent_and_one(exponent: int) -> float:
    """The exponent of the kernel plus 1, in float32."""
    return float(np.float32(exponent + 1))


def taken_of(data: Data, order: I64) -> Data:
    """The data in another order, but their points."""
    return replace(
        data,
        track=data.track[order],
        value=None if data.value is None else data.value[order],
        vector=None if data.vector is None else (data.vector[0][order], data.vector[1][order]),
        weight=None if data.weight is None else data.weight[order],
    )


def sources_of(s: F64, q: float, own: bool, data: Data, mode: Mode) -> Sources:
    """Data (in leaf order) with their factors; what the mode does not need is empty."""
    t, factor = np.empty(len(s)), np.empty(len(s))
    fill_factors(s, q, t, factor)
    if not own:
        factor[:] = 1.0
    none = np.zeros(0)
    value = square = u = v = none
    if mode.scalar and data.value is not None:
        with np.errstate(over="ignore"):
            value, square = data.value.astype(np.float64), (data.value * data.value).astype(np.float64)
    if mode.vector and data.vector is not None:
        u, v = (part.astype(np.float64) for part in data.vector)
    weight = np.ones(len(s)) if data.weight is None else data.weight.astype(np.float64)
    return Sources(t, factor, weight, value, square, u, v)
