"""Links that are possible between adjacent frames, found once, because points never move.

Why the search loses nothing (specification 04, rule R6). Let L be the largest limit of a link under the parameter set
of the frame pair (``dmax``, or the largest zone limit: the mean of two zone limits never exceeds it). A pair whose
float32 displacement is <= L is always found:

* geodesic: the angle between two directions is at least the difference of their angles from the pole. Rounding of
  unit vectors and of ``acos`` moves either by less than 1e-7 rad, so a band of L + 1e-6 holds every partner. The cosine
  test keeps everything with cosine >= cos(L) - 1e-6; below it, ``acos`` exceeds L by at least 1e-6, which is more
  than half a float32 step there (L < 3.1; above that the test is off).
* Euclidean: float32 rounding and the square root are monotone, so the displacement is at least the float32
  difference in y, which differs from the exact one by at most 6e-8 of itself; the band is wider than that.

Survivors are then tested with the original's float32 comparison.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..kernels._policy import kernel, lean_kernel
from ..kernels.sphere import clamped_acos
from .cost import measure, zone_link_limit
from .model import F32, I32, I64
from .problem import Problem

MARGIN = 1e-6
WIDEST_COSINE_TEST = 3.1


class Neighbours(NamedTuple):
    """Pairs of points of adjacent frames at most the largest limit apart.

    Attributes
    ----------
    start : int64, shape (n_points + 1,)
        Offsets of each point into the arrays below.
    point : int32, shape (n_pairs,)
        Points of the next frame, ascending.
    distance : float32, shape (n_pairs,)
        Displacement.
    allowed : bool, shape (n_pairs,)
        Whether the displacement is within the limit of this very pair.
    """

    start: I64
    point: I32
    distance: F32
    allowed: npt.NDArray[np.bool_]


def find_neighbours(problem: Problem) -> Neighbours:
    """All pairs of points of adjacent frames within the largest limit of the frame pair.

    Parameters
    ----------
    problem : Problem
        Geometry and limits.

    Returns
    -------
    Neighbours
        The pairs, each with displacement and verdict.

    Notes
    -----
    Work and memory grow with the number of pairs in reach. Points that are not a number have no neighbours.

    References
    ----------
    Specification 04, sections 3.4 and 9.2 (R6). Parity: bitwise.
    """
    band = np.empty(problem.n_points, np.float64)
    _band_coordinate(problem.geometry, band)
    order = np.lexsort((band, problem.frame_of))  # by frame, then along the band; not-a-number last
    reach = problem.dmax.astype(np.float64)
    if problem.zonal and problem.n_points:
        reach = np.nanmax(np.where(np.isnan(problem.zone), -1.0, problem.zone), axis=1).astype(np.float64)
    if problem.geometry.geodesic:
        width = reach + MARGIN
        lowest = [math.cos(r) - MARGIN if 0.0 <= r < WIDEST_COSINE_TEST else -math.inf for r in reach.tolist()]
        lowest_cosine = np.array(lowest)
    else:
        width, lowest_cosine = reach * (1.0 + MARGIN) + 1e-30, np.full(len(reach), -np.inf)
    return Neighbours(*_pairs(problem, order, band[order], reach, width, lowest_cosine))


def restricted_neighbours(found: Neighbours, problem: Problem, keep: npt.NDArray[np.bool_]) -> Neighbours:
    """The pairs between points where `keep` is true, in the numbering of the kept points."""
    if keep.all():
        return found
    number = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    first = np.repeat(np.arange(len(keep), dtype=np.int32), np.diff(found.start))
    both = keep[first] & keep[found.point]
    count = np.bincount(number[first[both]], minlength=int(keep.sum()))
    return Neighbours(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(count, dtype=np.int64)]),
        number[found.point[both]],
        found.distance[both],
        found.allowed[both],
    )


def with_links(problem: Problem, found: Neighbours) -> Problem:
    """The problem with the allowed links of `found`, forward and backward."""
    next_start, next_point, prev_start, prev_point = _allowed_links(found)
    return problem._replace(next_start=next_start, next_point=next_point, prev_start=prev_start, prev_point=prev_point)


@lean_kernel
def linked(start, point, p, q):
    """Whether the real point `q` is among the allowed links of `p`."""
    for e in range(start[p], start[p + 1]):  # noqa: SIM110 (kernel)
        if point[e] == q:
            return True
    return False


@lean_kernel
def _band_coordinate(geometry, band):
    """Angle from the pole, or y: what the frames are sorted by; not-a-number where any coordinate is."""
    g = geometry.position
    for p in range(band.size):
        band[p] = clamped_acos(g[p, 2]) if geometry.geodesic else g[p, 1]
        if np.isnan(g[p, 0]) or np.isnan(g[p, 1]):
            band[p] = np.nan


@lean_kernel
def _first_at_least(sorted_values, low, high, value):
    """First position in ``low..high`` whose value is not below `value`; not-a-number counts as above."""
    while low < high:
        middle = (low + high) // 2
        if sorted_values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@lean_kernel
def _sort_tail(point, distance, allowed, first, n):
    """Sort the pairs ``first..n-1`` by point (shell sort; few and nearly random)."""
    gap = (n - first) // 2
    while gap > 0:
        for e in range(first + gap, n):
            q, d, ok = point[e], distance[e], allowed[e]
            f = e
            while f >= first + gap and point[f - gap] > q:
                point[f], distance[f], allowed[f] = point[f - gap], distance[f - gap], allowed[f - gap]
                f -= gap
            point[f], distance[f], allowed[f] = q, d, ok
        gap //= 2


@kernel
def _pairs(problem, order, sorted_band, reach, width, lowest_cosine):
    g = problem.geometry.position
    n_points = problem.frame_of.size
    n_frames = problem.frame_start.size - 1
    start = np.zeros(n_points + 1, np.int64)
    capacity = 4 * n_points + 16
    point, distance, allowed = (
        np.empty(capacity, np.int32),
        np.empty(capacity, np.float32),
        np.empty(capacity, np.bool_),
    )
    band = np.empty(n_points, np.float64)
    for r in range(n_points):
        band[order[r]] = sorted_band[r]
    n = 0
    for k in range(n_frames):
        if k == n_frames - 1:
            for p in range(problem.frame_start[k], problem.frame_start[k + 1]):
                start[p + 1] = n
            break
        low, high = problem.frame_start[k + 1], problem.frame_start[k + 2]
        index = problem.link_set[k]
        for p in range(problem.frame_start[k], problem.frame_start[k + 1]):
            if n + (high - low) > capacity:
                capacity = 2 * capacity + (high - low)
                wider_point, wider_distance = np.empty(capacity, np.int32), np.empty(capacity, np.float32)
                wider_allowed = np.empty(capacity, np.bool_)
                wider_point[:n], wider_distance[:n], wider_allowed[:n] = point[:n], distance[:n], allowed[:n]
                point, distance, allowed = wider_point, wider_distance, wider_allowed
            first = n
            r = low if np.isnan(band[p]) else _first_at_least(sorted_band, low, high, band[p] - width[index])
            while r < high and sorted_band[r] <= band[p] + width[index]:
                q = order[r]
                r += 1
                if g[p, 0] * g[q, 0] + g[p, 1] * g[q, 1] + g[p, 2] * g[q, 2] < lowest_cosine[index]:
                    continue
                d = measure(problem.geometry, p, q)
                if np.float64(d) <= reach[index]:  # false for not-a-number
                    limit = zone_link_limit(problem.zone, p, q, index) if problem.zonal else problem.dmax[index]
                    point[n], distance[n], allowed[n] = q, d, d <= limit
                    n += 1
            _sort_tail(point, distance, allowed, first, n)
            start[p + 1] = n
    return start, point[:n].copy(), distance[:n].copy(), allowed[:n].copy()


@kernel
def _allowed_links(found):
    n_points = found.start.size - 1
    next_start = np.zeros(n_points + 1, np.int64)
    prev_start = np.zeros(n_points + 1, np.int64)
    for p in range(n_points):
        next_start[p + 1] = next_start[p]
        for e in range(found.start[p], found.start[p + 1]):
            if found.allowed[e]:
                next_start[p + 1] += 1
                prev_start[found.point[e] + 1] += 1
    for p in range(n_points):
        prev_start[p + 1] += prev_start[p]
    next_point = np.empty(next_start[n_points], np.int32)
    prev_point = np.empty(next_start[n_points], np.int32)
    filled = prev_start[:n_points].copy()
    n = 0
    for p in range(n_points):
        for e in range(found.start[p], found.start[p + 1]):
            if found.allowed[e]:
                q = found.point[e]
                next_point[n] = q
                n += 1
                prev_point[filled[q]] = p
                filled[q] += 1
    return next_start, next_point, prev_start, prev_point
