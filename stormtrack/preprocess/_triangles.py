"""Kernels for symmetric positive systems whose lower triangle is packed row by row.

References
----------
Specification 05, section 3. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F64_1D, F64_2D
from ..kernels.declare import helper, kernel

_SMALLEST = 1.0e-12
_COLUMNS = 8
"""Columns gathered together for back-substitution: a line of the cache."""


@helper
def _row(r):
    """Where row `r` of a packed triangle begins."""
    return np.int64(r) * (r + 1) // 2


@kernel
def take_panel(triangle: F64_1D, first: int, panel: F64_2D) -> None:
    """Copy columns `first`, `first` + 1, ... below the diagonal: ``panel[c, r]``, both counted from `first`."""
    columns, rows = panel.shape
    panel[:] = 0.0
    for r in range(rows):
        start = _row(first + r) + first
        for c in range(min(columns, r + 1)):
            panel[c, r] = triangle[start + c]


@kernel
def put_panel(panel: F64_2D, first: int, triangle: F64_1D) -> None:
    """The way back of `take_panel`."""
    columns, rows = panel.shape
    for r in range(rows):
        start = _row(first + r) + first
        for c in range(min(columns, r + 1)):
            triangle[start + c] = panel[c, r]


@kernel
def factor_panel(panel: F64_2D) -> int:
    """Factor a panel in place; the column at which that fails, or -1."""
    columns, rows = panel.shape
    for i in range(columns):
        d = math.sqrt(panel[i, i])
        if not d >= _SMALLEST:
            return i
        panel[i, i] = d
        own = panel[i]
        for r in range(i + 1, rows):
            own[r] = own[r] / d
        for c in range(i + 1, columns):
            factor = own[c]
            other = panel[c]
            for r in range(c, rows):
                other[r] = other[r] - own[r] * factor
    return -1


@kernel
def solve_triangles(triangle: F64_1D, columns: F64_2D, sides: F64_2D) -> None:
    """Solve L L' x = b in place for the columns of `sides`, shape (n, count).

    Parameters
    ----------
    triangle : float64
        The factor L, packed.
    columns : float64, shape (8, n)
        Work array.
    sides : float64, shape (n, count)
    """
    n, count = sides.shape
    for f in range(count):
        sides[0, f] = sides[0, f] / triangle[0]
    for i in range(1, n):
        row = triangle[_row(i) : _row(i + 1)]
        _subtract_sums(row, sides, i, 0, i)
        for f in range(count):
            sides[i, f] = sides[i, f] / row[i]
    last = n
    while last > 0:
        first = max(last - _COLUMNS, 0)
        for j in range(first, n):
            start = _row(j) + first
            for c in range(min(last - first, j - first + 1)):
                columns[c, j] = triangle[start + c]
        for i in range(last - 1, first - 1, -1):
            column = columns[i - first]
            if i < n - 1:
                _subtract_sums(column, sides, i, i + 1, n)
            for f in range(count):
                sides[i, f] = sides[i, f] / column[i]
        last = first


@helper
def _subtract_sums(factors, sides, i, first, end):
    """Take the sum of factors[j] sides[j], first <= j < end, each from 0 and ascending, off row i of `sides`."""
    count = sides.shape[1]
    if count == 8:
        s0, s1, s2, s3, s4, s5, s6, s7 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(first, end):
            a, b = factors[j], sides[j]
            s0 += a * b[0]
            s1 += a * b[1]
            s2 += a * b[2]
            s3 += a * b[3]
            s4 += a * b[4]
            s5 += a * b[5]
            s6 += a * b[6]
            s7 += a * b[7]
        own = sides[i]
        own[0], own[1], own[2], own[3] = own[0] - s0, own[1] - s1, own[2] - s2, own[3] - s3
        own[4], own[5], own[6], own[7] = own[4] - s4, own[5] - s5, own[6] - s6, own[7] - s7
        return
    for f in range(count):
        total = 0.0
        for j in range(first, end):
            total += factors[j] * sides[j, f]
        sides[i, f] = sides[i, f] - total
