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

from ..arrays import F32_1D, F64_1D, I32_1D, I64_1D, Mask, Mask_1D
from ..errors import LinkError
from ..kernels.declare import helper, kernel
from ..kernels.sphere import clamped_acos
from .cost import measure, zone_link_limit
from .problem import Geometry, Problem

MARGIN = 1e-6
WIDEST_COSINE_TEST = 3.1
MOST_PAIRS = 50_000_000
"""More pairs in reach than this are refused: a quarter of an hour or more, and gigabytes."""
BYTES_PER_PAIR = 100
"""Of the whole of linking at its worst, measured."""
PAIRS_PER_SECOND = 50_000
"""Of linking altogether; for an estimate (measured: 700 000 with 4 frames of noise, 160 000 with 12 dense frames,
20 000 with 60, in which tracks are longer)."""
TESTS_OF_A_CALL = 200_000_000
"""Pairs looked at after which the search gives control back (some tenths of a second)."""
SHORTEST = 1.1e-4
"""Displacement (radians) of the shortest link whose direction is certain (see ``sketch.py``), with some margin."""
FEW = 8
"""Links that are looked through one by one."""
SAMPLE = 2000
"""Points from which the number of pairs is estimated."""


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

    start: I64_1D
    point: I32_1D
    distance: F32_1D
    allowed: Mask_1D


class Links(NamedTuple):
    """Allowed links in both directions, as in ``Problem``."""

    next_start: I64_1D
    next_point: I32_1D
    prev_start: I64_1D
    prev_point: I32_1D
    next_twin: I32_1D
    prev_twin: I32_1D
    doubtful: Mask_1D


class Bands(NamedTuple):
    """Points sorted along a coordinate in which neighbours lie close to one another.

    Attributes
    ----------
    order : int64, shape (n_points,)
        Points by frame, then along the coordinate; those without a place last.
    value : float64, shape (n_points,)
        The coordinate, in this order.
    of_point : float64, shape (n_points,)
        The coordinate of each point.
    reach, width, lowest_cosine : float64, shape (n_sets,)
        Largest limit, half the width of a band that holds every partner, and the cosine that partners are not below.
    """

    order: I64_1D
    value: F64_1D
    of_point: F64_1D
    reach: F64_1D
    width: F64_1D
    lowest_cosine: F64_1D


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

    Raises
    ------
    LinkError
        If there are more pairs than can be linked.

    References
    ----------
    Specification 04, sections 3.4 and 9.2 (R6). Parity: bitwise.
    """
    band = np.empty(problem.n_points, np.float64)
    _band_coordinate(problem.geometry, band)
    order = np.arange(problem.n_points, dtype=np.int64)
    _sort_frames(problem.frame_start, band, order)
    reach = problem.dmax.astype(np.float64)
    if problem.zonal and problem.n_points:
        reach = np.nanmax(np.where(np.isnan(problem.zone), -1.0, problem.zone), axis=1).astype(np.float64)
    if problem.geometry.geodesic:
        width = reach + MARGIN
        lowest = [math.cos(r) - MARGIN if 0.0 <= r < WIDEST_COSINE_TEST else -math.inf for r in reach.tolist()]
        lowest_cosine = np.array(lowest)
    else:
        width, lowest_cosine = reach * (1.0 + MARGIN) + 1e-30, np.full(len(reach), -np.inf)
    bands = Bands(order, band[order], band, reach, width, lowest_cosine)
    _refuse_too_many(problem, bands)
    return _all_pairs(problem, bands)


def seconds_of_linking(n_pairs: int) -> float:
    """Rough processor seconds that linking with this number of pairs in reach takes."""
    return n_pairs / PAIRS_PER_SECOND


def _refuse_too_many(problem: Problem, bands: Bands) -> None:
    """Raise if there are more pairs than can be linked, estimated from some of the points."""
    sizes = np.diff(problem.frame_start)
    if float(sizes[:-1] @ sizes[1:]) <= MOST_PAIRS:
        return
    every = max(problem.n_points // SAMPLE, 1)
    expected = every * _pairs_of_some(problem, bands, every)
    if expected > MOST_PAIRS:
        raise LinkError(
            f"up to {sizes.max()} feature points in a frame (frame {int(sizes.argmax()) + 1}) and about {expected:.1e} "
            f"pairs of them within reach from frame to frame: linking would need {BYTES_PER_PAIR * expected / 1e9:.0f} "
            f"GB and {seconds_of_linking(expected) / 3600:.1f} hours or more; allowed: up to {MOST_PAIRS:.0e} pairs. "
            "So many points come from noise above a low threshold: raise the threshold, filter the fields (spectral, "
            "or a smaller truncation), ask for larger objects, or lower dmax"
        )


def _all_pairs(problem: Problem, bands: Bands) -> Neighbours:
    """The pairs, in arrays that are made wider until all fit."""
    n_points, most = problem.n_points, int(np.diff(problem.frame_start).max(initial=0))
    start = np.zeros(n_points + 1, np.int64)
    capacity = 4 * n_points + 16
    found = Neighbours(
        start, np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.bool_)
    )
    done, at_once = 0, max(TESTS_OF_A_CALL // max(most, 1), 1)
    while done < n_points:
        wanted = min(done + at_once, n_points)
        done = _find_pairs(problem, bands, found, done, wanted)
        if done < wanted:
            found = _with_capacity(found, int(start[done]), 2 * len(found.point) + most)
    n = int(start[n_points])
    return Neighbours(start, found.point[:n].copy(), found.distance[:n].copy(), found.allowed[:n].copy())


def _with_capacity(found: Neighbours, n: int, capacity: int) -> Neighbours:
    """Room for `capacity` pairs; the first `n` stay."""
    point, distance = np.empty(capacity, np.int32), np.empty(capacity, np.float32)
    allowed = np.empty(capacity, np.bool_)
    point[:n], distance[:n], allowed[:n] = found.point[:n], found.distance[:n], found.allowed[:n]
    return Neighbours(found.start, point, distance, allowed)


def restricted_neighbours(found: Neighbours, problem: Problem, keep: Mask) -> Neighbours:
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
    n_points, n_links = problem.n_points, int(np.count_nonzero(found.allowed))
    links = Links(
        np.zeros(n_points + 1, np.int64),
        np.empty(n_links, np.int32),
        np.zeros(n_points + 2, np.int64),
        np.empty(n_links, np.int32),
        np.empty(n_links, np.int32),
        np.empty(n_links, np.int32),
        np.zeros(n_points, np.bool_),
    )
    _fill_links(found, links)
    return problem._replace(**links._replace(prev_start=links.prev_start[:-1])._asdict())


@helper
def link_between(start, point, p, q):
    """Position of the allowed link from `p` to the real point `q`, or -1; the links of a point ascend."""
    low, high = start[p], start[p + 1]
    while high - low > FEW:
        middle = (low + high) // 2
        if point[middle] <= q:
            low = middle
        else:
            high = middle
    for e in range(low, high):
        if point[e] == q:
            return e
    return np.int64(-1)


@kernel
def _band_coordinate(geometry: Geometry, band: F64_1D) -> None:
    """Angle from the pole, or y: what the frames are sorted by; infinite where any coordinate is not a number."""
    g = geometry.position
    for p in range(band.size):
        band[p] = clamped_acos(g[p, 2]) if geometry.geodesic else g[p, 1]
        if np.isnan(g[p, 0]) or np.isnan(g[p, 1]):
            band[p] = np.inf


@helper
def _sift_down(band, order, low, place, n):
    """Put ``order[low + place]`` where it belongs in the heap of `n` points, the one with the largest band on top."""
    moved = order[low + place]
    value = band[moved]
    child = 2 * place + 1
    while child < n:
        if child + 1 < n and band[order[low + child + 1]] > band[order[low + child]]:
            child += 1
        if value >= band[order[low + child]]:
            break
        order[low + place] = order[low + child]
        place = child
        child = 2 * place + 1
    order[low + place] = moved


@kernel
def _sort_frames(frame_start: I64_1D, band: F64_1D, order: I64_1D) -> None:
    """Sort the points of each frame, given in any order, along the band (heap sort)."""
    for k in range(frame_start.size - 1):
        low, n = frame_start[k], frame_start[k + 1] - frame_start[k]
        for place in range(n // 2 - 1, -1, -1):
            _sift_down(band, order, low, place, n)
        for last in range(n - 1, 0, -1):
            order[low], order[low + last] = order[low + last], order[low]
            _sift_down(band, order, low, np.int64(0), last)


@helper
def _first_at_least(sorted_values, low, high, value):
    """First position in ``low..high`` whose value is not below `value`."""
    while low < high:
        middle = (low + high) // 2
        if sorted_values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@helper
def sort_tail(point, distance, allowed, first, n):
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


@helper
def _first_in_band(problem, bands, p, index):
    """Position in the band order of the first point of the next frame that may be in reach of `p`."""
    low, high = problem.frame_start[problem.frame_of[p] + 1], problem.frame_start[problem.frame_of[p] + 2]
    band = bands.of_point[p]
    return high if np.isinf(band) else _first_at_least(bands.value, low, high, band - bands.width[index])


@helper
def _distance_in_reach(problem, bands, p, q, index):
    """Displacement (float32) of two points, -1 where it exceeds the largest limit or is not a number."""
    g = problem.geometry.position
    if g[p, 0] * g[q, 0] + g[p, 1] * g[q, 1] + g[p, 2] * g[q, 2] < bands.lowest_cosine[index]:
        return np.float32(-1.0)
    d = measure(problem.geometry, p, q)
    return d if np.float64(d) <= bands.reach[index] else np.float32(-1.0)


@kernel
def _find_pairs(problem: Problem, bands: Bands, found: Neighbours, done: int, wanted: int) -> int:
    """Add the pairs of the points from `done` to ``wanted - 1``, as long as there is room; returns the number of points
    done.

    ``found.start[p]`` is the number of pairs of the points before p.
    """
    n = found.start[done]
    for p in range(done, wanted):
        k = np.int64(problem.frame_of[p])
        if k < problem.frame_start.size - 2:
            low, high = problem.frame_start[k + 1], problem.frame_start[k + 2]
            if n + (high - low) > found.point.size:
                return p
            index = problem.link_set[k]
            first, last_band = n, bands.of_point[p] + bands.width[index]
            r = _first_in_band(problem, bands, p, index)
            while r < high and bands.value[r] <= last_band:
                q = bands.order[r]
                r += 1
                d = _distance_in_reach(problem, bands, p, q, index)
                if d >= 0.0:
                    limit = zone_link_limit(problem.zone, p, q, index) if problem.zonal else problem.dmax[index]
                    found.point[n], found.distance[n], found.allowed[n] = q, d, d <= limit
                    n += 1
            sort_tail(found.point, found.distance, found.allowed, first, n)
        found.start[p + 1] = n
    return wanted


@kernel
def _pairs_of_some(problem: Problem, bands: Bands, every: int) -> int:
    """Number of pairs of every so manieth point."""
    n = 0
    for p in range(0, problem.frame_of.size, every):
        k = np.int64(problem.frame_of[p])
        if k >= problem.frame_start.size - 2:
            break
        index, high = problem.link_set[k], problem.frame_start[k + 2]
        r, last_band = _first_in_band(problem, bands, p, index), bands.of_point[p] + bands.width[index]
        while r < high and bands.value[r] <= last_band:
            n += _distance_in_reach(problem, bands, p, bands.order[r], index) >= 0.0
            r += 1
    return n


@kernel
def _fill_links(found: Neighbours, links: Links) -> None:
    """Allowed links in both directions; `prev_start` (n_points + 2, zeros) counts two places on, so that filling moves
    the offsets where they belong."""
    n_points, prev_start = found.start.size - 1, links.prev_start
    for p in range(n_points):
        for e in range(found.start[p], found.start[p + 1]):
            if found.allowed[e]:
                prev_start[found.point[e] + 2] += 1
    for p in range(2, n_points + 2):
        prev_start[p] += prev_start[p - 1]
    n = 0
    for p in range(n_points):
        for e in range(found.start[p], found.start[p + 1]):
            if found.allowed[e]:
                q = found.point[e]
                r = prev_start[q + 1]
                links.next_point[n], links.prev_point[r] = q, p
                links.next_twin[n], links.prev_twin[r] = r, n
                if found.distance[e] < SHORTEST or found.distance[e] > math.pi - SHORTEST:
                    links.doubtful[p], links.doubtful[q] = True, True
                n += 1
                prev_start[q + 1] += 1
        links.next_start[p + 1] = n
