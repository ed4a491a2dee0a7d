"""From the rows of a grid to Gaussian nodes: interpolation that is exact for every function which the rows hold.

The waves of order m of a smooth field are, as functions of the cosine x of the colatitude, polynomials times the sine
to the power of m. So odd orders are interpolated as sine times polynomial, orders 2, 4, ... of grids with rows at the
poles (stored or not) as squared sine times polynomial, order 0 as a polynomial. Equally spaced rows lie as the nodes of
Chebyshev's polynomials, for which that is stable. After it the quadrature is Gauss's. Winds change sign across the
poles: their waves behave as those of the order before.

References
----------
Berrut, J.-P. and L. N. Trefethen 2004, SIAM Review 46, 501-517 (barycentric interpolation); Swarztrauber 1979 (that an
equally spaced grid determines as many harmonics as a Gaussian one). Parity: not applicable.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F64
from .legendre import gauss_nodes
from .mirror import OTHER, Evenness, OrderTable, folded_matrix, table_of
from .sphere_grid import RowsOfSphere

_POLE = 1.0e-9


class Quadrature(NamedTuple):
    """Nodes of the quadrature, and how values come to them.

    Attributes
    ----------
    colatitude, weight : float64, shape (nodes,)
    even, odd, zero : float64, shape (nodes, rows), or None
        Matrices for order 0, odd orders and orders 2, 4, ...; None where the rows are the nodes.
    """

    colatitude: F64
    weight: F64
    even: F64 | None
    odd: F64 | None
    zero: F64 | None

    def to_nodes(self, order: int) -> F64 | None:
        """The matrix for waves of a scalar of this order."""
        if order % 2:
            return self.odd
        return self.zero if order else self.even

    def winds_to_nodes(self, order: int) -> F64 | None:
        """The matrix for waves of wind components of this order."""
        return self.to_nodes(abs(order - 1))

    def table(self, functions: F64, to_nodes: F64 | None, evenness: Evenness | None) -> OrderTable:
        """Functions of one order at the nodes as weights of the rows.

        Parameters
        ----------
        functions : float64, shape (n, nodes)
            With an evenness at half of the nodes, those from the beginning to the equator.
        to_nodes : float64, shape (nodes, rows), or None
        evenness : {'even', 'odd'}, or None
            Of the first function; None if rows are not mirrored.
        """
        if evenness is None:
            weighted = functions * self.weight
            return table_of(weighted if to_nodes is None else weighted @ to_nodes, None)
        weight = self.weight[: functions.shape[1]].copy()
        if len(self.weight) % 2 and to_nodes is not None:
            weight[-1] *= 0.5  # sums of opposite nodes hold the one on the equator twice
        first, second = functions[0::2] * weight, functions[1::2] * weight
        if to_nodes is None:
            return OrderTable(first, second, evenness)
        other = folded_matrix(to_nodes, OTHER[evenness])
        return OrderTable(first @ folded_matrix(to_nodes, evenness), second @ other, evenness)


def quadrature(rows: RowsOfSphere, n_max: int) -> Quadrature:
    """The quadrature for harmonics up to a total wave number."""
    if rows.weight is not None:
        return Quadrature(rows.colatitude, rows.weight, None, None, None)
    nodes, weight = gauss_nodes((len(rows.colatitude) + 1 + n_max) // 2 + 1)
    even = _interpolation(rows.colatitude, nodes, 0)
    zero = even if rows.kind == "offset" else _interpolation(rows.colatitude, nodes, 2)
    return Quadrature(nodes, weight, even, _interpolation(rows.colatitude, nodes, 1), zero)


def _interpolation(rows: F64, nodes: F64, power: int) -> F64:
    """Matrix (nodes, rows) that is exact for sin(theta)**power times polynomials; poles count for power 0 only."""
    out = np.zeros((len(nodes), len(rows)))
    used = np.sin(rows) > _POLE if power else np.ones(len(rows), bool)
    theta = rows[used]
    ratio = _barycentric_weights(theta) / _cosine_difference(nodes[:, None], theta[None, :])
    exact = ~np.isfinite(ratio)
    ratio[exact.any(axis=1)] = 0.0
    ratio[exact] = 1.0
    cardinal = ratio / ratio.sum(axis=1, keepdims=True)
    out[:, used] = cardinal * (np.sin(nodes)[:, None] / np.sin(theta)) ** power if power else cardinal
    return out


def _cosine_difference(a: F64, b: F64) -> F64:
    """cos(a) - cos(b) without cancellation; infinite ratios come from zeros, without a warning."""
    difference = -2.0 * np.sin(0.5 * (a + b)) * np.sin(0.5 * (a - b))
    return np.where(difference == 0.0, np.nan, difference)


def _barycentric_weights(theta: F64) -> F64:
    """Weights 1 / prod(x_k - x_j), scaled so that the largest is 1."""
    difference = _cosine_difference(theta[:, None], theta[None, :])
    np.fill_diagonal(difference, 1.0)
    logarithm = -np.log(np.abs(difference)).sum(axis=1)
    sign = np.where((difference < 0).sum(axis=1) % 2, -1.0, 1.0)
    weights: F64 = sign * np.exp(logarithm - logarithm.max())
    return weights
