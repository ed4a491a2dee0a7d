"""Roughly what triples cost: enough to see that most exchanges would lose, from little memory and without trigonometry.

The way from a point to another is a vector in the plane that touches the sphere at the former (in the plane itself with
the Euclidean norm): its length is their distance, its direction that of the great circle. For three points p0, p1, p2
with ways a (from p1 to p0) and b (from p1 to p2) the deviation is

    w1 (1 - c) + w2 (1 - 2 sqrt(|a| |b|) / (|a| + |b|)),    c = -(a . b) / (|a| |b|).

How far it may be wrong. Ways are rounded to float32, a relative error of 6e-8 in each component, which changes c and
the ratio of lengths by less than 1e-6 each; all else is float64. The original has its own errors: its tangents are
divided by the sine of a distance that comes from ``acos``, wrong by 2e-16 / sin at most, so that they are unit vectors
within 1e-8 where the sine is not below `SHORTEST`; other ways are not-a-number, and then nothing is concluded.
Deviations below 1e-8 become 0. `slack` is five times all of that or more.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_2D
from ..kernels.declare import helper
from ..kernels.sphere import arc_between
from .problem import Problem

EAST, NORTH = 0, 1
"""Columns of ways along links."""
EAST_BACK, NORTH_BACK, COST, DOUBT = 4, 5, 6, 7
"""Columns of `Sketch.triple`, the first ones being those of ``Chains.slots``."""
SHORTEST = 1e-4
"""Sine of the shortest (and of the longest) way that is sketched."""
ERROR = 1e-5
"""Of a rough deviation, for weights that add up to 1."""
NEGLECTED = 2e-8
"""Twice what the original takes for 0."""
RELATIVE = 1e-6
"""What costs are rounded up by."""
STEEP = 0.8
"""Sine of the latitude from which the first vector of a basis is at right angles to x rather than to the axis."""


class Sketch(NamedTuple):
    """Ways and costs in float32.

    Attributes
    ----------
    ahead, behind : float32, shape (n_links, 2)
        Way along each link, at the point in the frame visited: in the order of links ahead of that one, and of those
        behind the other; not-a-number if unknown.
    triple : float32, shape (n_points, 8)
        Way to the point before in the same track (`EAST_BACK`, `NORTH_BACK`) and cost of the triple around each point,
        rounded up (`COST`); not-a-number if unknown. `DOUBT` is 1 for ``Problem.doubtful``, otherwise 0. In the memory
        of ``Chains.slots``.
    """

    ahead: F32_2D
    behind: F32_2D
    triple: F32_2D


def new_sketch(problem: Problem, triple: F32) -> Sketch:
    """A sketch for one direction, nothing being known of the links."""
    n_links = len(problem.next_point)
    return Sketch(
        ahead=np.full((n_links, 2), np.nan, np.float32), behind=np.full((n_links, 2), np.nan, np.float32), triple=triple
    )


@helper
def basis_at(geometry, p):
    """Two unit vectors at right angles to the unit vector `p` and to one another."""
    x, y, z = geometry.position[p, 0], geometry.position[p, 1], geometry.position[p, 2]
    if abs(z) < STEEP:
        size = math.sqrt(x * x + y * y)
        e = (-y / size, x / size, 0.0)
    else:
        size = math.sqrt(y * y + z * z)
        e = (0.0, -z / size, y / size)
    return e, (y * e[2] - z * e[1], z * e[0] - x * e[2], x * e[1] - y * e[0])


@helper
def way(geometry, basis, p, q):
    """Way (float32 east, north) from `p` to `q`; `basis` is that at `p`."""
    g = geometry.position
    if not geometry.geodesic:
        return np.float32(g[q, 0] - g[p, 0]), np.float32(g[q, 1] - g[p, 1])
    e, n = basis
    east = g[q, 0] * e[0] + g[q, 1] * e[1] + g[q, 2] * e[2]
    north = g[q, 0] * n[0] + g[q, 1] * n[1] + g[q, 2] * n[2]
    sine = math.sqrt(east * east + north * north)
    if sine < SHORTEST:
        return np.float32(np.nan), np.float32(np.nan)
    stretch = arc_between(g[p, 0], g[p, 1], g[p, 2], g[q, 0], g[q, 1], g[q, 2]) / sine
    return np.float32(stretch * east), np.float32(stretch * north)


@helper
def _draw_link(sketch, course, p, e, r):
    """Sketch the link `e` ahead of the point `p`, which is the link `r` behind its end."""
    q = np.int64(course.ahead_point[e])
    east, north = way(course.geometry, basis_at(course.geometry, p), p, q)
    sketch.ahead[e, EAST], sketch.ahead[e, NORTH] = east, north
    sketch.behind[r, EAST], sketch.behind[r, NORTH] = east, north


@helper
def way_ahead(sketch, course, p, e):
    """Way (float64) along the link `e` ahead of the point `p`."""
    if np.isnan(sketch.ahead[e, EAST]):
        _draw_link(sketch, course, p, e, np.int64(course.ahead_twin[e]))
    return np.float64(sketch.ahead[e, EAST]), np.float64(sketch.ahead[e, NORTH])


@helper
def way_behind(sketch, course, p, r):
    """Way (float64) from the point `p` along the link `r` behind another."""
    if np.isnan(sketch.behind[r, EAST]):
        _draw_link(sketch, course, p, np.int64(course.behind_twin[r]), r)
    return np.float64(sketch.behind[r, EAST]), np.float64(sketch.behind[r, NORTH])


@helper
def not_less(cost):
    """A cost rounded up."""
    return np.float32(cost + RELATIVE * abs(cost))


@helper
def rough_deviation(geometry, a, b):
    """Deviation of three points from the ways from the middle one to the others; not-a-number where it is in doubt."""
    aa, bb = a[0] * a[0] + a[1] * a[1], b[0] * b[0] + b[1] * b[1]
    product = math.sqrt(aa * bb)
    c = -(a[0] * b[0] + a[1] * b[1]) / product
    ratio = math.sqrt(product / (aa + bb + 2.0 * product))
    return geometry.w1 * (1.0 - c) + geometry.w2 * (1.0 - 2.0 * ratio)


@helper
def slack(geometry):
    """What a rough deviation may be wrong by."""
    return ERROR * (abs(geometry.w1) + abs(geometry.w2)) + NEGLECTED
