"""Sums of B-splines at all points of a grid: what a surface and its derivatives are there.

References
----------
Specification 05, section 5.5. Parity: bitwise (equal with `stormtrack.splines.evaluate`, which computes point after
point).
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, F64_1D, F64_2D, I64_1D, I64_2D
from ..kernels.declare import helper, kernel

CUBIC = 3


@kernel
def basis_of_points(t: F64_1D, points: F64_1D, first: I64_1D, values: F64_2D) -> None:
    """B-splines that are not 0 at points.

    Parameters
    ----------
    t : float64, shape (n,)
        Knots in use.
    points : float64, shape (m,)
        Within the domain, or beyond (the polynomial of the last interval then goes on).
    first : int64, shape (m,)
        Receives the number (from 0) of the first of four coefficients.
    values : float64, shape (degree + 1, m)
        Receives the B-splines of this degree; the first belongs to coefficient `first` + 3 - degree.
    """
    degree = values.shape[0] - 1
    last = len(t) - CUBIC - 2
    for k in range(len(points)):
        x = points[k]
        left = CUBIC
        while x >= t[left + 1] and left < last:
            left += 1
        first[k] = left - CUBIC
        values[0, k] = 1.0
        for j in range(1, degree + 1):
            carried = 0.0
            for i in range(1, j + 1):
                f = values[i - 1, k] / (t[left + i] - t[left + i - j])
                values[i - 1, k] = carried + f * (t[left + i] - x)
                carried = f * (x - t[left + i - j])
            values[j, k] = carried


@helper
def _add(total, factor, weights, numbers):
    for k in range(len(total)):
        total[k] = total[k] + (factor * weights[k]) * numbers[k]


@kernel
def sum_on_grid(
    table: F64_2D, first_x: I64_1D, x_basis: F64_2D, runs: I64_2D, y_basis: F64_2D, y_outside: bool, out: F64_2D
) -> None:
    """Sums of products of B-splines and coefficients (or their differences) at all points of a grid.

    Parameters
    ----------
    table : float64, shape (coefficients in x, in y)
    first_x : int64, shape (columns,)
        First coefficient in x of every column.
    x_basis : float64, shape (terms, columns)
    runs : int64, shape (runs, 3)
        First row, row behind the last, and number of the coefficient in y for the first row; the number grows by one
        from row to row.
    y_basis : float64, shape (terms, rows)
    y_outside : bool
        Terms are added up with y in the outer loop, else x.
    out : float64, shape (columns, rows)
    """
    n_x, n_y = x_basis.shape[0], y_basis.shape[0]
    n_outer, n_inner = (n_y, n_x) if y_outside else (n_x, n_y)
    for column in range(len(first_x)):
        total = out[column]
        total[:] = 0.0
        for outer in range(n_outer):
            for inner in range(n_inner):
                a, b = (inner, outer) if y_outside else (outer, inner)
                numbers = table[first_x[column] + a]
                for run in range(runs.shape[0]):
                    begin, end, place = runs[run, 0], runs[run, 1], runs[run, 2] + b
                    _add(
                        total[begin:end],
                        x_basis[a, column],
                        y_basis[b, begin:end],
                        numbers[place : place + end - begin],
                    )


def runs_of(first: I64_1D) -> I64_2D:
    """Stretches of points whose first coefficients follow one another, as `sum_on_grid` takes them."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(first) != 1) + 1])
    ends = np.append(starts[1:], len(first))
    runs: I64_2D = np.ascontiguousarray(np.stack([starts, ends, first[starts]], axis=1), np.int64)
    return runs


def differences(table: F64, t: F64, order: int, axis: int) -> F64:
    """Coefficients of a derivative of a cubic spline.

    Parameters
    ----------
    table : float64, shape (coefficients in x, in y)
    t : float64, shape (n,)
        Knots in use of that direction.
    order : {1, 2}
    axis : {0, 1}

    Returns
    -------
    float64
        `order` coefficients fewer in that direction: the first one belongs to the second (third) of the table.
    """
    for lost in range(1, order + 1):
        factor = float(CUBIC + 1 - lost)
        count = table.shape[axis]
        low = np.arange(lost, count + lost - 1)
        width = t[low + CUBIC + 1 - lost] - t[low]
        step = np.diff(table, axis=axis) * factor
        table = step / (width[:, None] if axis == 0 else width)
    return table
