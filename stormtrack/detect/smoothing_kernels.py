"""Kernels of the Fourier smoothing of objects: smoothed outline, points outside it removed, points inside it added.

References
----------
Specification 02, section 14 (fd = 1). Parity: bitwise, except the out-of-array reads listed in section 21, which
give 0.0 here.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel, lean_kernel
from .domain import OUTSIDE, PERIOD, x_coordinate
from .fourier import TOO_FEW, frequency_exponent, smooth_closed
from .outline import fill_box, point_box, trace
from .polygon import edges_near_row, is_inside, is_inside_row, widest

SMOOTHED, KEPT_AS_IS, UNCLOSED, TOO_FEW_FREQUENCIES = 1, 0, -1, -2
"""Statuses of `smooth_object`; the negative ones are failures."""


@lean_kernel
def column_x(xgrid, column, periodic):
    """As `x_coordinate`, and `OUTSIDE` beyond one period."""
    n = len(xgrid)
    if column <= -n or column >= 2 * n - 1:
        return OUTSIDE
    return x_coordinate(xgrid, column, periodic)


@lean_kernel
def is_node(x, row, n_rows):
    """Whether a column coordinate and a row number belong to the grid."""
    return not abs(np.float32(x - OUTSIDE)) < np.float32(1.0) and 0 <= row < n_rows


@kernel
def closed_outline(x, y, first, end, xgrid, ygrid, periodic, x1, y1):
    """Traced boundary of points first..end-1: grid numbers (int32) and coordinates (float32); n < 0 if unclosed."""
    xmin, xmax, ymin, ymax = point_box(x, y, first, end)
    width, height = xmax - xmin + 3, ymax - ymin + 3
    box = np.empty(width * height, np.uint8)
    begin = fill_box(x, y, first, end, xmin, ymin, width, height, box)
    path = np.empty(8 * (end - first) + 2, np.int32)
    n = trace(box, np.uint8(1), width, begin, 8 * (end - first), path)
    size = max(n, 0)
    cell_x = np.empty(size, np.int32)
    cell_y = np.empty(size, np.int32)
    real_x = np.empty(size, np.float32)
    real_y = np.empty(size, np.float32)
    for k in range(size):
        cell_x[k] = path[k] % width + xmin - 1
        cell_y[k] = path[k] // width + ymin - 1
        real_x[k] = column_x(xgrid, cell_x[k] + x1 - 2, periodic)
        real_y[k] = ygrid[cell_y[k] + y1 - 2]
    return n, cell_x, cell_y, real_x, real_y


@kernel
def smooth_outline(real_x, real_y, n, fixed, extra, modes):
    """Status and smoothed outline of a closed boundary of `n` vertices."""
    exponent = frequency_exponent(n, fixed, extra)
    if exponent == TOO_FEW:
        return TOO_FEW_FREQUENCIES, real_x, real_y
    count = 1 << exponent
    if modes >= count // 2:
        return KEPT_AS_IS, real_x, real_y
    smooth_x, smooth_y = smooth_closed(real_x, real_y, n, count, modes)
    return SMOOTHED, smooth_x, smooth_y


@kernel
def points_within(x, y, first, end, poly_x, poly_y, xgrid, ygrid, periodic, x1, y1):
    """Indices (int64) of the points first..end-1 that stay: inside the polygon, or not on a node of the grid."""
    kept = np.empty(end - first, np.int64)
    edges = np.empty(len(poly_x), np.int32)
    n = 0
    for p in range(first, end):
        row = y[p] + y1 - 2
        px = column_x(xgrid, x[p] + x1 - 2, periodic)
        if not is_node(px, row, len(ygrid)) or is_inside(poly_x, poly_y, len(poly_x), px, ygrid[row], edges):
            kept[n] = p
            n += 1
    return kept[:n]


@kernel
def fill_outline(x, y, kept, xmin, xmax, ymin, ymax, grow, poly_x, poly_y, xgrid, ygrid, periodic, x1, y1):
    """Points kept and the grid cells inside the polygon, row-major, within the box grown by `grow` cells."""
    left, bottom = xmin - grow, ymin - grow
    width, height = xmax - xmin + 1 + 2 * grow, ymax - ymin + 1 + 2 * grow
    box = np.zeros(width * height, np.uint8)
    for p in kept:
        box[(y[p] - bottom) * width + x[p] - left] = 1
    edges = np.empty(len(poly_x), np.int32)
    span = widest(poly_x, len(poly_x), xgrid[0] - PERIOD, xgrid[-1] + PERIOD)
    count = 0
    near = np.int64(0)
    for j in range(height):
        row = bottom + j + y1 - 2
        if 0 <= row < len(ygrid):
            near = edges_near_row(poly_y, len(poly_x), ygrid[row], span, edges)
        for i in range(width):
            if box[j * width + i] == 0:
                px = column_x(xgrid, left + i + x1 - 2, periodic)
                if is_node(px, row, len(ygrid)) and is_inside_row(
                    poly_x, poly_y, len(poly_x), px, ygrid[row], edges, near
                ):
                    box[j * width + i] = 1
            count += box[j * width + i]
    out_x = np.empty(count, np.int32)
    out_y = np.empty(count, np.int32)
    n = 0
    for c in range(width * height):
        if box[c] != 0:
            out_x[n] = left + c % width
            out_y[n] = bottom + c // width
            n += 1
    return out_x, out_y


@kernel
def smooth_object(x, y, first, end, fixed, extra, modes, fill, expand, xgrid, ygrid, periodic, x1, y1):
    """Smooth one object of two points or more.

    Returns
    -------
    status : int
        SMOOTHED, KEPT_AS_IS (too many modes asked: nothing but the boundary's coordinates), UNCLOSED or
        TOO_FEW_FREQUENCIES.
    cell_x, cell_y : int32
        The traced boundary in grid numbers.
    poly_x, poly_y : float32
        The boundary in coordinates.
    kept : int64
        Indices of the points that stay (all of them unless SMOOTHED).
    new_x, new_y : int32
        Points after filling (empty unless `fill` and SMOOTHED).
    """
    none = np.empty(0, np.int32)
    everything = np.arange(first, end)
    n, cell_x, cell_y, poly_x, poly_y = closed_outline(x, y, first, end, xgrid, ygrid, periodic, x1, y1)
    if n < 0:
        return UNCLOSED, cell_x, cell_y, poly_x, poly_y, everything, none, none
    status, poly_x, poly_y = smooth_outline(poly_x, poly_y, n, fixed, extra, modes)
    if status != SMOOTHED:
        return status, cell_x, cell_y, poly_x, poly_y, everything, none, none
    kept = points_within(x, y, first, end, poly_x, poly_y, xgrid, ygrid, periodic, x1, y1)
    if not fill:
        return status, cell_x, cell_y, poly_x, poly_y, kept, none, none
    xmin, xmax, ymin, ymax = point_box(x, y, first, end)
    new_x, new_y = fill_outline(
        x, y, kept, xmin, xmax, ymin, ymax, expand + 1, poly_x, poly_y, xgrid, ygrid, periodic, x1, y1
    )
    return status, cell_x, cell_y, poly_x, poly_y, kept, new_x, new_y


@kernel
def filled_values(x, y, field, x1, y1):
    """Field values (float32) of filled points, with the original's column slip for wrapped cells.

    A 1-based number that leaves the grid is wrapped as if it were 0-based, so it can reach the neighbouring row;
    elements outside the array count as 0.0.
    """
    n_rows, n_columns = field.shape
    flat = field.reshape(-1)
    out = np.empty(len(x), np.float32)
    for k in range(len(x)):
        column = x[k]
        if column < 0:
            column += n_columns
        elif column >= n_columns:
            column -= n_columns
        element = (y[k] + y1 - 2) * n_columns + column + x1 - 2
        out[k] = flat[element] if 0 <= element < n_rows * n_columns else np.float32(0.0)
    return out


@kernel
def boundary_values(x, y, value, first, end, cell_x, cell_y):
    """Value (float32) of the object's point at each traced boundary cell."""
    xmin, xmax, ymin, ymax = point_box(x, y, first, end)
    width = xmax - xmin + 1
    box = np.zeros(width * (ymax - ymin + 1), np.float32)
    for p in range(first, end):
        box[(y[p] - ymin) * width + x[p] - xmin] = value[p]
    out = np.empty(len(cell_x), np.float32)
    for k in range(len(cell_x)):
        out[k] = box[(cell_y[k] - ymin) * width + cell_x[k] - xmin]
    return out


@kernel
def coordinates_of_numbers(x, y, xgrid, ygrid, periodic, x1, y1):
    """Coordinates (float32) of region-relative grid numbers held in float32."""
    out_x = np.empty(len(x), np.float32)
    out_y = np.empty(len(x), np.float32)
    for k in range(len(x)):
        out_x[k] = column_x(xgrid, np.int64(x[k]) + x1 - 2, periodic)
        row = np.int64(y[k]) + y1 - 2
        out_y[k] = ygrid[row] if 0 <= row < len(ygrid) else OUTSIDE
    return out_x, out_y


@kernel
def points_flags(x, y, chosen, poly_x, poly_y):
    """Whether each of the points `chosen` (indices) lies in the polygon."""
    out = np.empty(len(chosen), np.bool_)
    edges = np.empty(len(poly_x), np.int32)
    for k in range(len(chosen)):
        out[k] = is_inside(poly_x, poly_y, len(poly_x), x[chosen[k]], y[chosen[k]], edges)
    return out
