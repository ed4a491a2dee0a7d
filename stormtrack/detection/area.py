"""Areas of the regions of features: a polygon's cells summed over a longitude-latitude grid.

References
----------
Specification 02, section 15 (Area). Parity: bitwise, the defects at the date line included.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F32_2D, I32_1D
from ..kernels.declare import helper, kernel
from ..kernels.searching import first_not_below
from ..kernels.sphere import RAD
from ..settings.detection import RefinedGrid
from .domain import PERIOD, Domain
from .polygon import edges_near_row, is_inside_row, widest

NO_VALUE = np.float32(1.0e25)
"""Field value at a refined node outside the grid."""
HALF_TURN = np.float32(180.0)
SEAM = 0.0005


class AreaGrid(NamedTuple):
    """Grid over which areas are summed.

    Attributes
    ----------
    x, y : float32
        Nodes in degrees.
    dx, dy : float32
        Cell sizes in radians, by column and by row.
    cos_lat : float32
        Cosine of the latitude, by row.
    plane : bool
        Sum ``dx * dy`` only (areas on the projection; the field does not weight them).
    """

    x: F32_1D
    y: F32_1D
    dx: F32_1D
    dy: F32_1D
    cos_lat: F32_1D
    plane: bool


class Cells(NamedTuple):
    """Where to sum: the grid, and the field on it (float32, iy x ix) by which cells are multiplied if `weighted`."""

    grid: AreaGrid
    field: F32_2D
    weighted: bool


class PieceWork(NamedTuple):
    """Work for polygons of up to ``len(x) - 3`` vertices."""

    x: F32_1D
    y: F32_1D
    edges: I32_1D


def row_cosines(y: F32) -> F32:
    """float32 cosines of latitudes in float32 degrees."""
    out = np.empty(len(y), np.float32)
    _fill_cosines(y, out)
    return out


@kernel
def _fill_cosines(y: F32_1D, out: F32_1D) -> None:
    for j in range(len(y)):
        out[j] = np.float32(math.cos(RAD * np.float64(y[j])))


@np.errstate(all="ignore")
def equal_cells(grid: F32) -> F32:
    """Cell size (float32 radians) of an evenly spaced axis, for every node."""
    n = len(grid)
    step = np.float32((grid[n - 1] - grid[0]) / np.float32(n - 1))
    return np.full(n, np.float32(np.float64(step) * RAD))


def unequal_cells(grid: F32, periodic: bool) -> F32:
    """Cell sizes (float32 radians) of an uneven axis: mean of the two neighbouring steps."""
    out = np.empty(len(grid), np.float32)
    _fill_unequal_cells(grid, periodic, out)
    return out


@kernel
def _fill_unequal_cells(grid: F32_1D, periodic: bool, out: F32_1D) -> None:
    n = len(grid)
    for i in range(n):
        if i > 0:
            before = np.float32(grid[i] - grid[i - 1])
        elif periodic:
            before = np.float32(grid[0] - np.float32(grid[n - 2] - PERIOD))
        else:
            before = np.float32(grid[1] - grid[0])
        if i < n - 1:
            after = np.float32(grid[i + 1] - grid[i])
        elif periodic:
            after = np.float32(np.float32(grid[n - 1] - grid[i]) + grid[1])
        else:
            after = before
        out[i] = np.float32(0.5 * np.float64(np.float32(before + after)) * RAD)


@np.errstate(all="ignore")
def refined_axis(low: np.float32, high: np.float32, n: int) -> tuple[F32, F32]:
    """Nodes and cell sizes (float32) of `n` even steps from `low` to `high`."""
    step = np.float32((high - low) / np.float32(n - 1))
    nodes = low + step * np.arange(n, dtype=np.float32)
    return nodes, np.full(n, np.float32(np.float64(step) * RAD))


def area_grid(domain: Domain, refined: RefinedGrid | None, *, on_projection: bool) -> AreaGrid:
    """Grid for areas: the input grid, or a refined one within it.

    Parameters
    ----------
    domain : Domain
        Its input grid and evenness flags are used.
    refined : RefinedGrid, optional
        Limits (degrees) and node counts. They are clipped to the input grid, with the original's slip: a lower y
        limit below the grid is written to the lower x limit.
    on_projection : bool
        Sum plain cell sizes, without the cosine of the latitude.
    """
    x, y = domain.input_xgrid, domain.input_ygrid
    if refined is None:
        dx = equal_cells(x) if domain.uniform_x else unequal_cells(x, domain.periodic)
        dy = equal_cells(y) if domain.uniform_y else unequal_cells(y, False)
        return AreaGrid(x, y, dx, dy, row_cosines(y), on_projection)
    x1, x2, y1, y2 = (np.float32(v) for v in (refined.x1, refined.x2, refined.y1, refined.y2))
    x1, x2 = max(x1, x[0]), min(x2, x[-1])
    if y1 < y[0]:
        x1 = y[0]
    y2 = min(y2, y[-1])
    nodes_x, dx = refined_axis(x1, x2, refined.nx)
    nodes_y, dy = refined_axis(y1, y2, refined.ny)
    return AreaGrid(nodes_x, nodes_y, dx, dy, row_cosines(nodes_y), on_projection)


@helper
def enclosing(grid, value):
    """Index a of the step grid[a]..grid[a + 1] that holds `value`, -1 outside."""
    n = len(grid)
    if value < grid[0] or value > grid[n - 1]:
        return -1
    low, high = 0, n  # the first node above the value lies in low..high
    while low < high:
        middle = (low + high) // 2
        if value < grid[middle]:
            high = middle
        else:
            low = middle + 1
    return min(low - 1, n - 2)


def sample_field(field: F32, xgrid: F32, ygrid: F32, x: F32, y: F32) -> F32:
    """Bilinear samples (float32) of `field` (iy, ix) at the nodes x, y; NO_VALUE outside the grid."""
    out = np.empty((len(y), len(x)), np.float32)
    _sample_field(field, xgrid, ygrid, x, y, out)
    return out


@kernel
def _sample_field(field: F32_2D, xgrid: F32_1D, ygrid: F32_1D, x: F32_1D, y: F32_1D, out: F32_2D) -> None:
    for j in range(len(y)):
        b = enclosing(ygrid, y[j])
        for i in range(len(x)):
            a = enclosing(xgrid, x[i])
            if a < 0 or b < 0:
                out[j, i] = NO_VALUE
                continue
            fx = np.float32(np.float32(x[i] - xgrid[a]) / np.float32(xgrid[a + 1] - xgrid[a]))
            fy = np.float32(np.float32(y[j] - ygrid[b]) / np.float32(ygrid[b + 1] - ygrid[b]))
            lower = np.float32(field[b, a] + np.float32(fx * np.float32(field[b, a + 1] - field[b, a])))
            upper_step = np.float32(field[b + 1, a + 1] - field[b + 1, a])
            upper = np.float32(field[b + 1, a] + np.float32(fx * upper_step))
            out[j, i] = np.float32(lower + np.float32(fy * np.float32(upper - lower)))


@helper
def nearest_index(grid, value):
    """Index of the node nearest to `value` (float32 distances, the first of equals); the nodes are in order.

    The distances fall up to the first node at or beyond `value` and rise from there, so that the nearest one is met on
    the way back from it; from the last one where a refined grid was given with falling nodes.
    """
    last = len(grid) - 1
    best = min(first_not_below(grid, value), last) if grid[0] <= grid[last] else last
    smallest = np.float32(abs(np.float32(value - grid[best])))
    while best > 0:
        distance = np.float32(abs(np.float32(value - grid[best - 1])))
        if not distance <= smallest:
            break
        smallest = distance
        best -= 1
    return best


@helper
def piece_area(px, py, n, cells, edges):
    """Area (float32) of one closed polygon that does not cross the date line; `edges` (int32) is work."""
    grid = cells.grid
    if n == 0:
        return np.float32(0.0)
    west = east = px[0]
    south = north = py[0]
    for k in range(1, n):
        west = min(west, px[k])
        east = max(east, px[k])
        south = min(south, py[k])
        north = max(north, py[k])
    i1, i2 = nearest_index(grid.y, south), nearest_index(grid.y, north)
    j1, j2 = nearest_index(grid.x, west), nearest_index(grid.x, east)
    if abs(np.float64(np.float32(np.float32(grid.x[0] + PERIOD) - grid.x[j2]))) < SEAM:
        j2 -= 1
    area = np.float32(0.0)
    if j2 < j1:
        return area
    width = widest(px, n, grid.x[j1], grid.x[j2])
    for i in range(i1, i2 + 1):
        near = edges_near_row(py, n, grid.y[i], width, edges)
        for j in range(j1, j2 + 1):
            if is_inside_row(px, py, n, grid.x[j], grid.y[i], edges, near):
                cell = np.float32(grid.dx[j] * grid.dy[i])
                if not grid.plane:
                    cell = np.float32(cell * grid.cos_lat[i])
                    if cells.weighted:
                        cell = np.float32(cell * cells.field[i, j])
                area = np.float32(area + cell)
    return area


@helper
def edge_length(x, k):
    """Size (float32) of the longitude step from vertex k to k + 1."""
    return np.float32(abs(np.float32(x[k + 1] - x[k])))


@helper
def seam_side(lon):
    """Date line on the side of a longitude: 0 or 360."""
    return PERIOD if lon > HALF_TURN else np.float32(0.0)


@helper
def polygon_area(x, y, n, cells, work):
    """Area (float32) of a boundary in longitude and latitude.

    A boundary that crosses the date line is cut there, and every piece closed along it at the latitudes of its own
    end vertices. As in the original the piece that begins at vertex 0 right after a crossing is left out.

    Parameters
    ----------
    x, y : float32
        Vertices, the first repeated as the last.
    n : int
        Their number.
    cells : Cells
    work : PieceWork
        For at least `n` vertices.
    """
    piece_x, piece_y = work.x, work.y
    first = -1
    for k in range(n - 1):
        if edge_length(x, k) > HALF_TURN:
            first = k
            break
    if first < 0:
        return piece_area(x, y, n, cells, work.edges)
    vertices = n - 1
    begin = (first + 1) % vertices
    total = np.float32(0.0)
    v = begin
    left_out = edge_length(x, n - 2) > HALF_TURN
    done = False
    while not done:
        start = v
        m = 1
        piece_x[0] = seam_side(x[start])
        piece_y[0] = y[start]
        while True:
            piece_x[m] = x[v]
            piece_y[m] = y[v]
            m += 1
            ends = edge_length(x, v) >= HALF_TURN
            v = (v + 1) % vertices
            done = v == begin
            if ends or done:
                break
        last = m - 1
        piece_x[m] = seam_side(piece_x[last])
        piece_y[m] = piece_y[last]
        piece_x[m + 1] = piece_x[0]
        piece_y[m + 1] = piece_y[0]
        if last > 1 and not (left_out and start == 0):
            total = np.float32(total + piece_area(piece_x, piece_y, m + 2, cells, work.edges))
    return total
