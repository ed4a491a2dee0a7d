"""Symmetric positive systems whose lower triangle is packed row by row: their factor.

References
----------
Specification 05, section 3. Parity: bitwise. The factor is computed a panel of columns at a time: every entry still
gets its subtractions in ascending order of the columns, so blocks change no bit.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64
from . import _harmonics
from ._triangles import factor_panel, put_panel, take_panel

PANEL = 64
"""Columns of a panel."""
TILE, BAND = 16, 4
"""Columns and rows that `triangle_update` takes together."""


def triangle_length(n: int) -> int:
    """Entries of the lower triangle of n rows."""
    return n * (n + 1) // 2


def blocks(pairs: int, n: int, length: int) -> F64:
    """Room for values of pairs in blocks of some n: shape (blocks, pairs, length), all zero."""
    return np.zeros((-(-n // length), pairs, length))


def blocked(values: F64, length: int) -> F64:
    """Values of pairs, shape (pairs, n), in `blocks`."""
    pairs, n = values.shape
    out = blocks(pairs, n, length)
    whole = n // length * length
    out[: n // length] = values[:, :whole].reshape(pairs, -1, length).transpose(1, 0, 2)
    if whole < n:
        out[-1, :, : n - whole] = values[:, whole:]
    return out


def add_products(level: int, n: int, first: int, left: F64, right: F64, triangle: F64) -> None:
    """Add to the entries (r, c), first <= c <= r < n, of a packed triangle left[k, r] right[k, c], k ascending.

    `left` and `right` are `blocked` by `BAND` and by `TILE`, from row and column `first` on.
    """
    _harmonics.triangle_update(level, n, first, left.T, right.T, triangle)


def factor(level: int, n: int, triangle: F64) -> int:
    """Cholesky factor of a packed triangle in place.

    Parameters
    ----------
    level : int
        Of vector instructions.
    n : int
        Rows.
    triangle : float64, shape (n (n + 1) / 2,)

    Returns
    -------
    int
        The row at which the matrix is found not to be positive definite, or -1.
    """
    for first in range(0, n, PANEL):
        panel = np.empty((min(PANEL, n - first), n - first))
        take_panel(triangle, first, panel)
        failed = factor_panel(panel)
        if failed >= 0:
            return first + failed
        put_panel(panel, first, triangle)
        behind = first + len(panel)
        if behind < n:
            rest = panel[:, len(panel) :]
            add_products(level, n, behind, blocked(-rest, BAND), blocked(rest, TILE), triangle)
    return -1
