"""Distance, deviation and cost of consecutive points.

The arithmetic of degenerate triples (equal points, poles, antipodes) is reproduced literally: a deviation is neither
bounded by 1 nor by 0 from below and is never clamped.

References
----------
Specification 04, sections 3.1-3.5 and 8.2; Hodges (1999), eq. 3. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D, I32_1D, I32_2D, I64_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import arc_between, measure_euclid
from .problem import Problem

NEGLIGIBLE = 1e-8
"""A geodesic deviation below this is 0."""


class Memory(NamedTuple):
    """Deviations already computed: ``cost[p]`` is that of ``(outer[p, 0], p, outer[p, 1])``, frames ascending."""

    cost: F64_1D
    outer: I32_2D


@helper
def measure(geometry, p, q):
    """Displacement (float32) between two points: radians, or units of the Euclidean norm."""
    g = geometry.position
    if geometry.geodesic:
        return np.float32(arc_between(g[p, 0], g[p, 1], g[p, 2], g[q, 0], g[q, 1], g[q, 2]))
    return measure_euclid(np.float32(g[p, 0]), np.float32(g[p, 1]), np.float32(g[q, 0]), np.float32(g[q, 1]))


@helper
def zone_link_limit(zone, p, q, index):
    """Limit (float32) of a link from the zones of its ends."""
    return np.float32(np.float64(0.5) * np.float64(np.float32(zone[index, p] + zone[index, q])))


@helper
def deviation(geometry, p0, p1, p2):
    """Deviation (float64) of three real points; the same bits if `p0` and `p2` change places."""
    g, w1, w2 = geometry.position, geometry.w1, geometry.w2
    if geometry.geodesic:
        return geodesic_deviation(
            (g[p0, 0], g[p0, 1], g[p0, 2]),
            (g[p1, 0], g[p1, 1], g[p1, 2]),
            (g[p2, 0], g[p2, 1], g[p2, 2]),
            w1,
            w2,
        )
    return euclidean_deviation(
        (np.float32(g[p0, 0]), np.float32(g[p0, 1])),
        (np.float32(g[p1, 0]), np.float32(g[p1, 1])),
        (np.float32(g[p2, 0]), np.float32(g[p2, 1])),
        w1,
        w2,
    )


@helper
def remembered_deviation(geometry, memory, before, p, after):
    """`deviation` of three points in the order of frames, computed if it is not that remembered for `p`."""
    if memory.outer[p, 0] != before or memory.outer[p, 1] != after:
        memory.outer[p, 0], memory.outer[p, 1] = before, after
        memory.cost[p] = deviation(geometry, before, p, after)
    return memory.cost[p]


@helper
def geodesic_deviation(g0, g1, g2, w1, w2):
    """Deviation (float64) of three unit vectors; `w1` is the halved weight."""
    x0, y0, z0 = g0
    x1, y1, z1 = g1
    x2, y2, z2 = g2
    a1 = arc_between(x0, y0, z0, x1, y1, z1)
    a2 = arc_between(x1, y1, z1, x2, y2, z2)
    if a1 <= 0.0 and a2 <= 0.0:
        cost = 0.0
    elif a1 <= 0.0 or a2 <= 0.0:
        cost = w2
    else:
        s1 = math.sin(a1)
        s2 = math.sin(a2)
        d = (x0 * x1 + y0 * y1) + z0 * z1
        e = (x2 * x1 + y2 * y1) + z2 * z1
        tx, ty, tz = (x0 - d * x1) / s1, (y0 - d * y1) / s1, (z0 - d * z1) / s1
        ux, uy, uz = (e * x1 - x2) / s2, (e * y1 - y2) / s2, (e * z1 - z2) / s2
        c = (tx * ux + ty * uy) + tz * uz
        cost = w1 * (1.0 - c) + w2 * (1.0 - 2.0 * (math.sqrt(a1 * a2) / (a1 + a2)))
    if abs(cost) < NEGLIGIBLE:
        cost = 0.0
    return cost


@helper
def euclidean_deviation(p0, p1, p2, w1, w2):
    """Deviation (float64) of three points of the plane (float32); `w1` is the halved weight."""
    dx1 = np.float64(np.float32(p0[0] - p1[0]))
    dy1 = np.float64(np.float32(p0[1] - p1[1]))
    dx2 = np.float64(np.float32(p1[0] - p2[0]))
    dy2 = np.float64(np.float32(p1[1] - p2[1]))
    m1 = math.sqrt(dx1 * dx1 + dy1 * dy1)
    m2 = math.sqrt(dx2 * dx2 + dy2 * dy2)
    if m1 <= 0.0 and m2 <= 0.0:
        return 0.0
    if m1 <= 0.0 or m2 <= 0.0:
        return w2
    mm = m1 * m2
    return w1 * (1.0 - ((dx1 * dx2 + dy1 * dy2) / mm)) + w2 * (1.0 - 2.0 * (math.sqrt(mm) / (m1 + m2)))


@helper
def triple_cost(geometry, p0, p1, p2, phi):
    """Cost (float64) of three slots in sweep direction; -1 stands for a phantom, `phi` for the bound (float64)."""
    if p0 < 0:
        return 0.0
    if p1 >= 0 and p2 >= 0:
        return deviation(geometry, p0, p1, p2)
    return phi


@kernel
def total_cost(problem: Problem, order: I32_1D, track_start: I64_1D) -> float:
    """Cost (float64) of all tracks as the original prints it.

    `order` lists the points by track and frame, track ``t`` owning ``order[track_start[t]:track_start[t + 1]]``.
    Triples that begin with a phantom add exactly 0 and are left out.
    """
    n_frames = problem.frame_start.size - 1
    total = 0.0
    for t in range(track_start.size - 1):
        last = track_start[t + 1]
        for r in range(track_start[t], last):
            p0 = order[r]
            k = problem.frame_of[p0] + 1  # the centre of the triple
            if k > n_frames - 2:
                break
            p1 = order[r + 1] if r + 1 < last and problem.frame_of[order[r + 1]] == k else -1
            p2 = -1
            if p1 >= 0 and r + 2 < last and problem.frame_of[order[r + 2]] == k + 1:
                p2 = order[r + 2]
            total += triple_cost(problem.geometry, p0, p1, p2, np.float64(problem.phimax[problem.turn_set[k]]))
    return total
