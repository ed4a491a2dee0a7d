"""Associated Legendre functions, their derivatives, Gaussian nodes; all to rounding.

Functions are normalised so that the integral of their square over the cosine of the colatitude is 1, without the
Condon-Shortley sign.

References
----------
Holmes, S. A. and W. E. Featherstone 2002, J. Geodesy 76, 279-299 (recurrences of fixed order). Parity: not applicable.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays import F64, I64

_NEWTON_STEPS = 12


@dataclass(frozen=True, slots=True)
class Triangle:
    """Which coefficients there are: total wave numbers up to `n_max`, of them orders up to `m_max`.

    Coefficients are stored order by order: m = 0 .. m_max, in each n = m .. n_max.
    """

    n_max: int
    m_max: int

    @property
    def starts(self) -> I64:
        """Where each order begins, shape (m_max + 2,); the last is the number of coefficients."""
        return np.concatenate([[0], np.cumsum(self.n_max + 1 - np.arange(self.m_max + 1))])

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return int(self.starts[-1])

    @property
    def degrees(self) -> I64:
        """Total wave number of every coefficient, shape (size,)."""
        return np.concatenate([np.arange(m, self.n_max + 1) for m in range(self.m_max + 1)])

    def of_order(self, m: int) -> slice:
        """Where the coefficients of an order are."""
        starts = self.starts
        return slice(int(starts[m]), int(starts[m + 1]))


def legendre_functions(colatitude: F64, triangle: Triangle) -> F64:
    """Values P[n, m], shape (triangle.size, rows), at colatitudes in radians, shape (rows,)."""
    x, s = np.cos(colatitude), np.sin(colatitude)
    starts, top = triangle.starts, triangle.m_max
    out = np.empty((triangle.size, len(colatitude)))
    before, now = np.zeros((top + 1, len(x))), np.zeros((top + 1, len(x)))
    sectoral = np.full(len(x), np.sqrt(0.5))
    for n in range(triangle.n_max + 1):
        m = np.arange(min(n, top + 1))
        up = np.sqrt((4.0 * n * n - 1.0) / (n * n - m * m)) if n else np.empty(0)
        down = np.sqrt(((n - 1.0) ** 2 - m * m) / (4.0 * (n - 1.0) ** 2 - 1.0)) if n else np.empty(0)
        new = up[:, None] * (x * now[: len(m)] - down[:, None] * before[: len(m)])
        before[: len(m)], now[: len(m)] = now[: len(m)], new
        if n <= top:
            if n:
                sectoral = np.sqrt((2.0 * n + 1.0) / (2.0 * n)) * s * sectoral
            now[n] = sectoral
        orders = np.arange(min(n, top) + 1)
        out[starts[orders] + n - orders] = now[: len(orders)]
    return out


class VectorFunctions(NamedTuple):
    """What winds and gradients are made of, each of shape (triangle.size, rows)."""

    along: F64
    """m P / cos(latitude)."""
    across: F64
    """dP / d(latitude)."""


def vector_functions(colatitude: F64, triangle: Triangle) -> VectorFunctions:
    """The functions of vector fields; finite at the poles, since nothing is divided by the cosine of the latitude."""
    wide = Triangle(triangle.n_max, min(triangle.m_max + 1, triangle.n_max))
    p = legendre_functions(colatitude, wide)
    starts, top = wide.starts, wide.n_max

    def values(m: int, first: int, last: int) -> F64:
        """P[n, m] for n = first .. last, 0 where there is none."""
        block = np.zeros((last - first + 1, len(colatitude)))
        if m <= wide.m_max:
            low = max(first, m)
            block[low - first :] = p[starts[m] + low - m : starts[m] + last + 1 - m]
        return block

    along, across = np.empty((triangle.size, len(colatitude))), np.empty((triangle.size, len(colatitude)))
    for m in range(triangle.m_max + 1):
        where, n = triangle.of_order(m), np.arange(m, top + 1, dtype=np.float64)[:, None]
        above = np.sqrt(np.maximum((n - m) * (n + m + 1), 0.0)) * values(m + 1, m, top)
        if m == 0:
            along[where], across[where] = 0.0, above
            continue
        below = np.sqrt((n + m) * (n - m + 1)) * values(m - 1, m, top)
        across[where] = 0.5 * (above - below)
        left = np.sqrt((n + m) * (n + m - 1)) * values(m - 1, m - 1, top - 1)
        right = np.sqrt(np.maximum((n - m) * (n - m - 1), 0.0)) * values(m + 1, m - 1, top - 1)
        along[where] = 0.5 * np.sqrt((2 * n + 1) / (2 * n - 1)) * (left + right)
    return VectorFunctions(along, across)


@functools.lru_cache(maxsize=16)
def gauss_nodes(n: int) -> tuple[F64, F64]:
    """Colatitudes (radians, ascending) and weights (sum 2) of the Gaussian quadrature with `n` nodes, read-only."""
    x = np.cos(np.pi * (np.arange(1, n + 1) - 0.25) / (n + 0.5))
    for _ in range(_NEWTON_STEPS):
        value, slope = _polynomial_and_slope(x, n)
        step = value / slope
        x = x - step
        if np.abs(step).max() < 4e-16:
            break
    x = 0.5 * (x - x[::-1])
    weight = 2.0 / ((1.0 - x * x) * _polynomial_and_slope(x, n)[1] ** 2)
    theta, weight = np.arccos(x), 0.5 * (weight + weight[::-1])
    theta.flags.writeable = weight.flags.writeable = False
    return theta, weight


def _polynomial_and_slope(x: F64, n: int) -> tuple[F64, F64]:
    """Legendre polynomial of degree `n` and its derivative."""
    before, now = np.zeros_like(x), np.ones_like(x)
    for k in range(n):
        before, now = now, ((2 * k + 1) * x * now - k * before) / (k + 1)
    return now, n * (before - x * now) / (1.0 - x * x)
