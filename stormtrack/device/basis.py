"""Cubic B-splines on given knots: matrices of collocation (NumPy), and values and slopes at points (JAX).

References
----------
Specification 03, sections 3-4; de Boor (1978), A practical guide to splines.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64, I32, I64
from .packages import DeviceArray, jnp

ORDER = 4
"""Coefficients that are felt at a point, each way."""
_NOTHING = 2.0**-56
"""Of the largest entry of a matrix."""
_BLOCK = 64
_FINER = 1.01
"""Bins are narrower than the narrowest interval."""


class Samples(NamedTuple):
    """Where points lie between knots.

    Attributes
    ----------
    first : int64, shape (n,)
        First coefficient that is felt.
    weight : float64, shape (n, 4)
        Values of the four B-splines.
    """

    first: I64
    weight: F64


def interpolation_knots(x: F64) -> F64:
    """Knots of the interpolating cubic spline: the data points but the second and the last but one."""
    return np.concatenate([np.repeat(x[0], ORDER), x[2:-2], np.repeat(x[-1], ORDER)])


def samples(knots: F64, x: F64) -> Samples:
    """Values of the B-splines that are felt at points within the knots' range, the last interval closed."""
    n = len(knots) - ORDER
    interval = np.clip(np.searchsorted(knots, x, side="right") - 1, ORDER - 1, n - 1)
    weight = np.zeros((len(x), ORDER))
    weight[:, 0] = 1.0
    for degree in range(1, ORDER):
        previous = weight[:, :degree].copy()
        weight[:, : degree + 1] = 0.0
        for k in range(degree):
            right = knots[interval + k + 1]
            left = knots[interval + k + 1 - degree]
            share = previous[:, k] / (right - left)
            weight[:, k] += share * (right - x)
            weight[:, k + 1] += share * (x - left)
    return Samples(interval - (ORDER - 1), weight)


def collocation(knots: F64, x: F64) -> F64:
    """Matrix (points, coefficients) of the values of all B-splines at points."""
    found = samples(knots, x)
    out: F64 = np.zeros((len(x), len(knots) - ORDER))
    np.put_along_axis(out, found.first[:, None] + np.arange(ORDER), found.weight, axis=1)
    return out


def inverse(matrix: F64) -> F64:
    """The inverse of a matrix."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


class Decaying(NamedTuple):
    """A square matrix whose entries decay away from its diagonal, cut to blocks where that is less work.

    The inverse of a matrix of collocation decays like 0.268 to the power of the distance: 30 places further nothing is
    left of it in double precision.

    Attributes
    ----------
    weights : float64, shape (blocks, rows, window)
    places : int64, shape (blocks, window); None: the matrix is one block
        Rows of what it is multiplied by.
    """

    weights: F64
    places: I64 | None

    @classmethod
    def of(cls, matrix: F64, *, wraps: bool = False) -> Decaying:
        """A matrix; one that wraps goes on round its corners."""
        n = len(matrix)
        distance = np.abs(np.arange(n)[:, None] - np.arange(n))
        distance = np.minimum(distance, n - distance) if wraps else distance
        margin = int(distance[np.abs(matrix) > _NOTHING * np.abs(matrix).max()].max())
        window = _BLOCK + 2 * margin
        starts = np.arange(0, n, _BLOCK)
        if len(starts) * _BLOCK * window >= n * n:
            return cls(matrix[None], None)
        places = starts[:, None] + np.arange(-margin, _BLOCK + margin)
        rows = np.minimum(starts[:, None] + np.arange(_BLOCK), n - 1)
        weights = matrix[rows[:, :, None], places[:, None, :] % n]
        if not wraps:
            weights = weights * ((places >= 0) & (places < n))[:, None, :]
        return cls(weights, places % n)

    def times(self, values: DeviceArray) -> DeviceArray:
        """The matrix times values of shape (n, columns)."""
        if self.places is None:
            return self.weights[0] @ values
        products = jnp.asarray(self.weights) @ values[self.places]
        return products.reshape(-1, values.shape[1])[: len(values)]


class KnotTable(NamedTuple):
    """Knots, and where to look for the interval of a point.

    Attributes
    ----------
    knots : float64, shape (n + 4,)
    first : int32, shape (bins,)
        Interval at the beginning of each bin of equal width; no bin has two knots inside.
    per_unit : float64
        Bins per unit.
    """

    knots: F64
    first: I32
    per_unit: float

    @classmethod
    def of(cls, knots: F64) -> KnotTable:
        """The table of ascending knots, the ends four times."""
        inner = knots[ORDER - 1 : 1 - ORDER]
        n_bins = math.ceil((inner[-1] - inner[0]) / np.diff(inner).min() * _FINER)
        per_unit = n_bins / (inner[-1] - inner[0])
        starts = inner[0] + np.arange(n_bins) / per_unit
        first = np.searchsorted(inner, starts, side="right") - 1
        return cls(knots, np.clip(first, 0, len(inner) - 2).astype(np.int32), per_unit)

    def interval(self, x: DeviceArray) -> DeviceArray:
        """Numbers of the knots at which the intervals of points begin; points outside belong to the end intervals."""
        knots, last = jnp.asarray(self.knots), len(self.knots) - ORDER - 1
        bin_ = jnp.clip((x - knots[0]) * self.per_unit, 0, len(self.first) - 1).astype(jnp.int32)
        found = jnp.asarray(self.first)[bin_] + (ORDER - 1)
        found = jnp.where((found < last) & (x >= knots[found + 1]), found + 1, found)
        return jnp.where((found > ORDER - 1) & (x < knots[found]), found - 1, found)  # a bin's border, rounded


class Felt(NamedTuple):
    """The first coefficient felt at points; values and slopes there of the four B-splines, one after another."""

    first: DeviceArray
    value: list[DeviceArray]
    slope: list[DeviceArray]


def values_and_slopes(table: KnotTable, x: DeviceArray) -> Felt:
    """The B-splines at points."""
    interval, knots = table.interval(x), jnp.asarray(table.knots)
    near = [knots[interval + k - (ORDER - 2)] for k in range(2 * (ORDER - 1))]  # three knots up to x, three beyond
    weight = [jnp.ones_like(x)]
    quadratic = weight
    for degree in range(1, ORDER):
        grown = [jnp.zeros_like(x)] * (degree + 1)
        for k in range(degree):
            right, left = near[ORDER - 1 + k], near[ORDER - 1 + k - degree]
            share = weight[k] / (right - left)
            grown[k] = grown[k] + share * (right - x)
            grown[k + 1] = grown[k + 1] + share * (x - left)
        quadratic, weight = weight, grown
    return Felt(interval - (ORDER - 1), weight, _slopes(near, quadratic))


def _slopes(near: list[DeviceArray], quadratic: list[DeviceArray]) -> list[DeviceArray]:
    """Slopes of the four cubic B-splines from the three quadratic ones."""
    degree = ORDER - 1
    shares = [degree * quadratic[k] / (near[degree + k] - near[k]) for k in range(degree)]
    ends = [jnp.zeros_like(shares[0])]
    return [a - b for a, b in zip(ends + shares, shares + ends, strict=True)]
