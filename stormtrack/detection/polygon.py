"""Whether a point lies in a polygon: the angle sum of the original, with an exact shortcut.

References
----------
Specification 02, section 14 (`inside`). Parity: bitwise (the decision is the original's for every input).
"""

from __future__ import annotations

import math

import numpy as np

from ..kernels.declare import helper

PI = 3.14159265358979323846
SMALLEST = np.float32(1.0e-20)
"""Below this size of (cross, dot) an edge's products may be denormal: the shortcut does not judge it."""
LARGEST = np.float32(1.0e30)
NEAR = np.float32(1.0e-4)
"""Tangent of the angle about the point within which the edge counts as passing through the point."""
SMALLEST_WIDTH = np.float32(1.0e-6)
LARGEST_COORDINATE = np.float32(1.0e6)
MOST_EDGES = 2_000_000
"""Polygons with more edges are judged by the angle sum itself."""
UNSURE = -1000


@helper
def angle_sum(poly_x, poly_y, n, x, y):
    """Sum (float32, radians) of the angles under which (x, y) sees the edges of a closed list of `n` vertices."""
    total = np.float32(0.0)
    for k in range(n - 1):
        x1 = np.float32(poly_x[k] - x)
        y1 = np.float32(poly_y[k] - y)
        x2 = np.float32(poly_x[k + 1] - x)
        y2 = np.float32(poly_y[k + 1] - y)
        cross = np.float32(np.float32(x1 * y2) - np.float32(x2 * y1))
        dot = np.float32(np.float32(x1 * x2) + np.float32(y1 * y2))
        total = np.float32(np.float64(total) + math.atan2(np.float64(cross), np.float64(dot)))
    return total


@helper
def widest(poly_x, n, low, high):
    """Largest difference (float32, not below 1e-6) between a vertex's x and any x in low..high."""
    west, east = low, high
    for k in range(n):
        west = min(west, poly_x[k])
        east = max(east, poly_x[k])
    return max(np.float32(east - west), SMALLEST_WIDTH)


@helper
def edges_near_row(poly_y, n, y, width, edges):
    """Edges that a point at height `y` may lie on or have to count as crossed; returns their number.

    Parameters
    ----------
    poly_y : float32, shape (>= n,)
    n : int
        Length of the closed list.
    y : float32
        Height of the points to be judged.
    width : float32
        At least the largest |x difference| between those points and the vertices.
    edges : int32, shape (>= n,)
        Receives the numbers of the edges, ascending.

    Notes
    -----
    An edge with both ends on the same side of the row, more than 2e-4 `width` away, is seen under an angle whose
    tangent differs from 0 by 4e-4 at least wherever it exceeds a right angle, and its products are not denormal:
    `sure_winding` would accept it and not count it.
    """
    close = np.float32(np.float32(2.0) * NEAR) * width
    wide = not width <= LARGEST_COORDINATE
    m = 0
    below = np.float32(poly_y[0] - y)
    for k in range(n - 1):
        above = np.float32(poly_y[k + 1] - y)
        safe = (below > close and above > close) or (below < -close and above < -close)
        if wide or not safe:
            edges[m] = k
            m += 1
        below = above
    return m


@helper
def is_beyond(low, high, y, width):
    """Whether no vertex between the heights `low` and `high` is near the row `y`: `edges_near_row` lists no edge."""
    close = np.float32(np.float32(2.0) * NEAR) * width
    return width <= LARGEST_COORDINATE and (np.float32(low - y) > close or np.float32(high - y) < -close)


@helper
def sure_winding(poly_x, poly_y, n, x, y, edges, m):
    """Winding number of the polygon about (x, y), or UNSURE where the angle sum itself must decide.

    The float32 differences to the vertices are taken as they are; the winding number of the polygon they span is
    found exactly (their products are exact in float64). No edge accepted here comes near the point, so each of the
    original's angles is within 2e-7 of the true one, and each rounding of its float32 sum (below 32 in size)
    within 1e-6: with up to 2 000 000 edges the sum is within 2.4 of 2 pi times the winding number, which is less than
    pi, and less than the distance of 2 pi from pi; on its way it stays below 22, as no more than two turns are met.
    `edges[:m]` comes from `edges_near_row`.
    """
    if n > MOST_EDGES:
        return UNSURE
    zero = np.float32(0.0)
    winding = 0
    for e in range(m):
        k = edges[e]
        x1 = np.float32(poly_x[k] - x)
        y1 = np.float32(poly_y[k] - y)
        x2 = np.float32(poly_x[k + 1] - x)
        y2 = np.float32(poly_y[k + 1] - y)
        cross = np.float32(np.float32(x1 * y2) - np.float32(x2 * y1))
        dot = np.float32(np.float32(x1 * x2) + np.float32(y1 * y2))
        away = abs(cross)
        along = abs(dot)
        if not (SMALLEST <= np.float32(away + along) <= LARGEST):
            return UNSURE
        if dot <= zero and away <= np.float32(NEAR * along):
            return UNSURE
        if y1 <= zero and y2 > zero:
            if np.float64(x1) * np.float64(y2) > np.float64(x2) * np.float64(y1):
                winding += 1
        elif y1 > zero and y2 <= zero and np.float64(x1) * np.float64(y2) < np.float64(x2) * np.float64(y1):
            winding -= 1
        if winding > 2 or winding < -2:
            return UNSURE
    return winding


@helper
def is_inside_row(poly_x, poly_y, n, x, y, edges, m):
    """`is_inside` for a point on a row whose near edges are known (`edges_near_row`)."""
    if n < 2:
        return False
    winding = sure_winding(poly_x, poly_y, n, x, y, edges, m)
    if winding != UNSURE:
        return winding != 0
    return abs(np.float64(angle_sum(poly_x, poly_y, n, x, y))) > PI


@helper
def is_inside(poly_x, poly_y, n, x, y, edges):
    """Whether the point (x, y) lies in the polygon.

    Parameters
    ----------
    poly_x, poly_y : float32, shape (>= n,)
        Vertices, the first repeated as the last.
    n : int
        Length of that list; an empty list is never inside.
    x, y : float32
        The point.
    edges : int32, shape (>= n,)
        Work.

    Returns
    -------
    bool
        ``|angle sum| > pi`` with the original's float32 sum.
    """
    if n < 2:
        return False
    m = edges_near_row(poly_y, n, y, widest(poly_x, n, x, x), edges)
    return is_inside_row(poly_x, poly_y, n, x, y, edges, m)
