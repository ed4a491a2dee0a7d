"""Estimates on the spherical quad tree.

References
----------
Specification 06, sections 1.7 and 1.8. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F32, F64, I64
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
    """What sums of kernels with normalisations of their own are multiplied by; infinite for no data, as in C."""
    with np.errstate(divide="ignore"):
        return float(np.float64(q) / (TWO_PI * n))


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
        self._pilots: list[tuple[int, float, tuple[F64 | F32, ...], F64]] = []

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
        """Density at every datum from all others; computed once for sets with the same points."""
        weight = data.weight if weighted else None
        if isinstance(s, np.ndarray):
            return self._pilot(data.points, weight, kernel, s)
        asked = (*data.points, np.zeros(0) if weight is None else weight)
        for its_kernel, its_s, its_arrays, density in self._pilots:
            same = (its_kernel, its_s) == (kernel, s)
            if same and all(np.array_equal(a, b) for a, b in zip(its_arrays, asked, strict=True)):
                return density
        density = self._pilot(data.points, weight, kernel, s)
        self._pilots.append((kernel, s, asked, density))
        return density

    def _pilot(self, points: Points, weight: F32 | None, kernel: int, s: float | F64) -> F64:
        n = len(points.x)
        q, others = exponent_and_one(kernel), float(np.float32(n - 1))
        grouped, order = cells(points, self._tree, self._caps)
        own = isinstance(s, np.ndarray)
        each = s[order] if isinstance(s, np.ndarray) else np.full(len(order), s)
        plain = Data(points=points, weight=None if weight is None else weight[order])
        density, found = np.full(n, FLOOR), np.full(len(order), FLOOR)
        sum_pilot(sources_of(each, q, own, plain, Mode.DENSITY), grouped, float(kernel), found)
        density[order] = found
        if weight is None:
            return density * _pilot_factor(s, q, others, own)
        heavy = weight.astype(np.float64)
        rest = float(np.add.accumulate(heavy)[-1]) - heavy if n else heavy
        normalised: F64 = density * np.array([_pilot_factor(s, q, one, own) for one in rest.tolist()])
        return normalised


def _pilot_factor(s: float | F64, q: float, n: float, own: bool) -> float:
    return factor_of_all(q, n) if own or isinstance(s, np.ndarray) else normalisation_of_all(s, q, n)


def exponent_and_one(exponent: int) -> float:
    """The exponent of the kernel plus 1, in float32."""
    return float(np.float32(exponent + 1))


def taken_of(data: Data, order: I64) -> Data:
    """The values of data in another order; the points stay."""
    return replace(
        data,
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
