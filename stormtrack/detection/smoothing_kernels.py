"""Kernels of the Fourier smoothing of objects: smoothed outline, points outside it removed, points inside it added.

References
----------
Specification 02, section 14 (fd = 1). Parity: bitwise, except the out-of-array reads listed in section 21, which
give 0.0 here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D, I32_1D, I64_1D, U8_1D, Mask_1D
from ..kernels.declare import helper, kernel
from .domain import OUTSIDE, PERIOD, Axes, x_coordinate
from .fourier import TOO_FEW, Spectra, frequency_exponent, most_frequencies, smooth_closed
from .outline import Box, fill_box, framed_box, point_box, trace
from .polygon import edges_near_row, is_inside_row, widest

SMOOTHED, KEPT_AS_IS, UNCLOSED, TOO_FEW_FREQUENCIES = 1, 0, -1, -2
"""Statuses of `smooth_object`; the negative ones are failures."""
STAYS = np.uint8(2)
"""Cell of an object that smoothing leaves in it."""


class Smoothing(NamedTuple):
    """Fourier smoothing, if wanted: exponent of the number of frequencies (0: `extra` above what a boundary needs),
    frequencies kept, whether objects are filled, and by how many cells more.
    """

    wanted: bool
    fixed: int
    extra: int
    modes: int
    fill: bool
    expand: int


class SmoothingWork(NamedTuple):
    """Work arrays and results of `smooth_object`.

    Attributes
    ----------
    cells : uint8
        Boxes.
    path : int32
        Walk round the object.
    cell_x, cell_y : int32; real_x, real_y : float32
        The traced boundary in grid numbers and in coordinates.
    smooth_x, smooth_y : float32
        The smoothed one.
    spectra : Spectra
    kept : int64
        Indices of the points that stay.
    edges : int32
    new_x, new_y : int32
        Points after filling.
    """

    cells: U8_1D
    path: I32_1D
    cell_x: I32_1D
    cell_y: I32_1D
    real_x: F32_1D
    real_y: F32_1D
    smooth_x: F32_1D
    smooth_y: F32_1D
    spectra: Spectra
    kept: I64_1D
    edges: I32_1D
    new_x: I32_1D
    new_y: I32_1D

    @classmethod
    def of(cls, cells: int, points: int, smoothing: Smoothing) -> SmoothingWork:
        """Work for objects of up to `points` points in framed boxes of up to `cells` cells (no memory is touched)."""
        walk = 8 * points + 2
        count = most_frequencies(walk, smoothing.fixed, smoothing.extra) if smoothing.wanted else 0
        margin = smoothing.expand + 1
        grown = cells + 2 * margin * (cells + 1) + 4 * margin * margin if smoothing.fill else 0
        return cls(
            cells=np.empty(max(cells, grown), np.uint8),
            path=np.empty(walk, np.int32),
            cell_x=np.empty(walk, np.int32),
            cell_y=np.empty(walk, np.int32),
            real_x=np.empty(walk, np.float32),
            real_y=np.empty(walk, np.float32),
            smooth_x=np.empty(count + 1, np.float32),
            smooth_y=np.empty(count + 1, np.float32),
            spectra=Spectra.of(count),
            kept=np.empty(points, np.int64),
            edges=np.empty(max(walk, count + 1), np.int32),
            new_x=np.empty(grown, np.int32),
            new_y=np.empty(grown, np.int32),
        )


class Polygon(NamedTuple):
    """A closed boundary in coordinates, float32."""

    x: F32_1D
    y: F32_1D


@helper
def column_x(xgrid, column, periodic):
    """As `x_coordinate`, and `OUTSIDE` beyond one period."""
    n = len(xgrid)
    if column <= -n or column >= 2 * n - 1:
        return OUTSIDE
    return x_coordinate(xgrid, column, periodic)


@helper
def is_node(x, row, n_rows):
    """Whether a column coordinate and a row number belong to the grid."""
    return not abs(np.float32(x - OUTSIDE)) < np.float32(1.0) and 0 <= row < n_rows


@helper
def closed_outline(x, y, first, end, axes, work):
    """Trace points first..end-1: fills ``cell_*`` and ``real_*``; returns the length, negative if unclosed."""
    box = framed_box(x, y, first, end)
    begin = fill_box(x, y, first, end, box, work.cells)
    n = trace(work.cells, np.uint8(1), box.width, begin, 8 * (end - first), work.path)
    for k in range(n):
        column, row = work.path[k] % box.width + box.xmin - 1, work.path[k] // box.width + box.ymin - 1
        work.cell_x[k], work.cell_y[k] = column, row
        work.real_x[k] = column_x(axes.x, column + axes.x1 - 2, axes.periodic)
        work.real_y[k] = axes.y[row + axes.y1 - 2]
    return n


@helper
def smooth_outline(n, smoothing, work):
    """Smooth the traced boundary of `n` vertices into ``smooth_*``; returns status and length."""
    exponent = frequency_exponent(n, smoothing.fixed, smoothing.extra)
    if exponent == TOO_FEW:
        return TOO_FEW_FREQUENCIES, 0
    count = 1 << exponent
    if smoothing.modes >= count // 2:
        return KEPT_AS_IS, n
    out_x, out_y = work.smooth_x[: count + 1], work.smooth_y[: count + 1]
    smooth_closed(work.real_x, work.real_y, n, smoothing.modes, work.spectra, out_x, out_y)
    return SMOOTHED, count + 1


@helper
def span_of(poly, axes):
    """Widest distance in x of nodes from edges, for `edges_near_row`."""
    return widest(poly.x, len(poly.x), axes.x[0] - PERIOD, axes.x[-1] + PERIOD)


@helper
def mark_staying(box, poly, axes, cells, edges):
    """Set to `STAYS` the object's cells in a framed box (not 0) that lie inside the polygon, or on no node."""
    span = span_of(poly, axes)
    for j in range(1, box.height - 1):
        row = box.ymin + j - 1 + axes.y1 - 2
        in_grid = 0 <= row < len(axes.y)
        near = edges_near_row(poly.y, len(poly.y), axes.y[row], span, edges) if in_grid else np.int64(0)
        for i in range(1, box.width - 1):
            cell = j * box.width + i
            if cells[cell] == 0:
                continue
            px = column_x(axes.x, box.xmin + i - 1 + axes.x1 - 2, axes.periodic)
            if not is_node(px, row, len(axes.y)) or is_inside_row(
                poly.x, poly.y, len(poly.x), px, axes.y[row], edges, near
            ):
                cells[cell] = STAYS


@helper
def points_within(x, y, first, end, poly, axes, work):
    """List in ``kept`` the points first..end-1 that stay: inside the polygon, or not on a node; returns how many."""
    box = framed_box(x, y, first, end)
    fill_box(x, y, first, end, box, work.cells)
    mark_staying(box, poly, axes, work.cells, work.edges)
    n = 0
    for p in range(first, end):
        if work.cells[(y[p] - box.ymin + 1) * box.width + x[p] - box.xmin + 1] == STAYS:
            work.kept[n] = p
            n += 1
    return n


@helper
def fill_row(j, box, poly, axes, span, cells, edges):
    """Mark the cells of a row of the box whose nodes lie inside the polygon; `span` is that of `span_of`."""
    row = box.ymin + j + axes.y1 - 2
    in_grid = 0 <= row < len(axes.y)
    near = edges_near_row(poly.y, len(poly.y), axes.y[row], span, edges) if in_grid else np.int64(0)
    for i in range(box.width):
        cell = j * box.width + i
        if cells[cell] == 0:
            px = column_x(axes.x, box.xmin + i + axes.x1 - 2, axes.periodic)
            if is_node(px, row, len(axes.y)) and is_inside_row(
                poly.x, poly.y, len(poly.x), px, axes.y[row], edges, near
            ):
                cells[cell] = 1


@helper
def fill_outline(x, y, kept, box, poly, axes, work):
    """Points kept and the grid cells inside the polygon, row-major, within a box without frame; returns how many."""
    cells, width = work.cells, box.width
    for c in range(width * box.height):
        cells[c] = 0
    for k in range(len(kept)):
        p = kept[k]
        cells[(y[p] - box.ymin) * width + x[p] - box.xmin] = 1
    span = span_of(poly, axes)
    for j in range(box.height):
        fill_row(j, box, poly, axes, span, cells, work.edges)
    n = 0
    for c in range(width * box.height):
        if cells[c] != 0:
            work.new_x[n] = box.xmin + c % width
            work.new_y[n] = box.ymin + c // width
            n += 1
    return n


@helper
def grown_box(x, y, first, end, margin):
    """Box of the points first..end-1, wider by `margin` cells on each side."""
    xmin, xmax, ymin, ymax = point_box(x, y, first, end)
    return Box(xmin - margin, ymin - margin, xmax - xmin + 1 + 2 * margin, ymax - ymin + 1 + 2 * margin)


@kernel
def smooth_object(
    x: I32_1D, y: I32_1D, first: int, end: int, smoothing: Smoothing, axes: Axes, work: SmoothingWork
) -> tuple[int, int, int, int, int]:
    """Smooth one object of two points or more; results stand in `work`.

    Returns
    -------
    status : int
        SMOOTHED, KEPT_AS_IS (too many modes asked: nothing but the boundary's coordinates), UNCLOSED or
        TOO_FEW_FREQUENCIES.
    n_traced, n_smooth, n_kept, n_new : int
        Length of the traced and of the smoothed boundary, of the points that stay (those of the last three that
        SMOOTHED gives), and of the points after filling.
    """
    n = closed_outline(x, y, first, end, axes, work)
    if n < 0:
        return UNCLOSED, 0, 0, 0, 0
    status, length = smooth_outline(n, smoothing, work)
    if status != SMOOTHED:
        return status, n, 0, 0, 0
    poly = Polygon(work.smooth_x[:length], work.smooth_y[:length])
    n_kept = points_within(x, y, first, end, poly, axes, work)
    if not smoothing.fill:
        return status, n, length, n_kept, 0
    box = grown_box(x, y, first, end, smoothing.expand + 1)
    return status, n, length, n_kept, fill_outline(x, y, work.kept[:n_kept], box, poly, axes, work)


@kernel
def filled_values(x: I32_1D, y: I32_1D, field: F32_2D, x1: int, y1: int, out: F32_1D) -> None:
    """Field values (float32) of filled points, with the original's column slip for wrapped cells.

    A 1-based number that leaves the grid is wrapped as if it were 0-based, so it can reach the neighbouring row;
    elements outside the array count as 0.0.
    """
    n_rows, n_columns = field.shape
    for k in range(len(x)):
        column = np.int64(x[k])
        if column < 0:
            column += n_columns
        elif column >= n_columns:
            column -= n_columns
        element = (y[k] + y1 - 2) * n_columns + column + x1 - 2
        out[k] = np.float32(0.0)
        if 0 <= element < n_rows * n_columns:
            out[k] = field[element // n_columns, element % n_columns]


@kernel
def boundary_values(
    x: I32_1D, y: I32_1D, value: F32_1D, cell_x: I32_1D, cell_y: I32_1D, box: F32_1D, out: F32_1D
) -> None:
    """Value (float32) of the object's point at each traced boundary cell; `box` (its cells, zeros) is work."""
    xmin, xmax, ymin, _ = point_box(x, y, 0, len(x))
    width = xmax - xmin + 1
    for p in range(len(x)):
        box[(y[p] - ymin) * width + x[p] - xmin] = value[p]
    for k in range(len(cell_x)):
        out[k] = box[(cell_y[k] - ymin) * width + cell_x[k] - xmin]


@kernel
def coordinates_of_numbers(x: F32_1D, y: F32_1D, axes: Axes, out_x: F32_1D, out_y: F32_1D) -> None:
    """Coordinates (float32) of region-relative grid numbers held in float32."""
    for k in range(len(x)):
        out_x[k] = column_x(axes.x, np.int64(x[k]) + axes.x1 - 2, axes.periodic)
        row = np.int64(y[k]) + axes.y1 - 2
        out_y[k] = axes.y[row] if 0 <= row < len(axes.y) else OUTSIDE


@kernel
def points_flags(x: F32_1D, y: F32_1D, chosen: I64_1D, poly: Polygon, edges: I32_1D, out: Mask_1D) -> None:
    """Whether each of the points `chosen` (indices) lies in the polygon; `edges` is work.

    The edges near a row are found once for points in a row that follow one another.
    """
    n, near = len(poly.x), np.int64(0)
    west, east = np.float32(np.inf), np.float32(-np.inf)
    for k in range(len(chosen)):
        west, east = min(west, x[chosen[k]]), max(east, x[chosen[k]])
    for k in range(len(chosen)):
        p = chosen[k]
        if k == 0 or y[p] != y[chosen[k - 1]]:
            near = edges_near_row(poly.y, n, y[p], widest(poly.x, n, west, east), edges)
        out[k] = is_inside_row(poly.x, poly.y, n, x[p], y[p], edges, near)
