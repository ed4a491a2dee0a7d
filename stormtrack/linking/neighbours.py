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

In frames with many points the band is cut into strips, not lower than half of it, and the points of a strip stand in
the order of their longitudes (or x), so that only those about the longitude of a point are looked at. With half an
angle h = (L + 1e-6) / 2 and the sines s and t of two angles from the pole, ``sin(h)**2 >= s t sin(difference of
longitudes / 2)**2`` for a pair in reach; t is not below the smaller of its values at the ends of the band. The rounding
of s, t and the longitudes stays far below the margin where the band keeps 0.01 rad from the poles; nearer to them all
longitudes are looked at. In the plane x is treated as y.

Survivors are then tested with the original's float32 comparison.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64, F64_1D, I32_1D, I64, I64_1D, Mask, Mask_1D
from ..errors import LinkError
from ..kernels.declare import helper, kernel
from ..kernels.searching import first_not_below
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
TESTS_OF_A_CALL = 20_000_000
"""At most so many pairs are looked at before the search gives control back (some hundredths of a second)."""
SHORTEST = 1.1e-4
"""Displacement (radians) of the shortest link whose direction is certain (see ``sketch.py``), with some margin."""
FEW = 8
"""Links that are looked through one by one."""
CROWDED = 400
"""In frames with more points these are sorted along strips."""
NEAR_POLE = 0.01
"""Radians from a pole within which all longitudes are looked at."""
HALF_TURN, TURN = math.pi, 2.0 * math.pi
WIDEST_WINDOW = 3.1
"""Wider ones (half, radians) are all longitudes."""
FULL_TURN = 7.0
"""More than any longitude (radians, from 0 on)."""
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
    """Points sorted so that those that may be in reach of one lie together: along a coordinate, in crowded frames in
    strips of it.

    Attributes
    ----------
    order : int64, shape (n_points,)
        Points by frame, then by their keys; those without a place last.
    key : float64, shape (n_points,)
        The keys in this order: the coordinate, or ``strip * length`` and the place along the strip.
    of_point, along : float64, shape (n_points,)
        The coordinate of each point, and its longitude from 0 on, or x.
    reach, width, lowest_cosine : float64, shape (n_sets,)
        Largest limit, half the width of a band that holds every partner, and the cosine that partners are not below.
    height, length, longest : float
        Of a strip: height and length, and the largest place along it.
    crowded : int
        Frames with more points have strips.
    geodesic : bool
    """

    order: I64_1D
    key: F64_1D
    of_point: F64_1D
    along: F64_1D
    reach: F64_1D
    width: F64_1D
    lowest_cosine: F64_1D
    height: float
    length: float
    longest: float
    crowded: int
    geodesic: bool


def find_neighbours(problem: Problem, meanwhile: Callable[[], None] | None = None) -> Neighbours:
    """All pairs of points of adjacent frames within the largest limit of the frame pair.

    Parameters
    ----------
    problem : Problem
        Geometry and limits.
    meanwhile : callable, optional
        Called several times a second while a long search goes on.

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
    bands = _sorted_bands(problem)
    _refuse_too_many(problem, bands)
    return _all_pairs(problem, bands, meanwhile)


def _sorted_bands(problem: Problem) -> Bands:
    """The points in their bands and strips."""
    n = problem.n_points
    band, along, order = np.empty(n, np.float64), np.empty(n, np.float64), np.arange(n, dtype=np.int64)
    _band_coordinates(problem.geometry, band, along)
    reach = problem.dmax.astype(np.float64)
    if problem.zonal and n:
        reach = np.nanmax(np.where(np.isnan(problem.zone), -1.0, problem.zone), axis=1).astype(np.float64)
    geodesic = problem.geometry.geodesic
    if geodesic:
        width = reach + MARGIN
        lowest = [math.cos(r) - MARGIN if 0.0 <= r < WIDEST_COSINE_TEST else -math.inf for r in reach.tolist()]
        lowest_cosine = np.array(lowest)
    else:
        width, lowest_cosine = reach * (1.0 + MARGIN) + 1e-30, np.full(len(reach), -np.inf)
    strips = _strips(band, along, float(width.max(initial=0.0)), geodesic)
    key = np.empty(n, np.float64)
    bands = Bands(order, key, band, along, reach, width, lowest_cosine, *strips, geodesic)
    _fill_keys(problem.frame_start, bands)
    _sort_frames(problem.frame_start, key, order)
    return bands._replace(key=key[order])


def _strips(band: F64, along: F64, width: float, geodesic: bool) -> tuple[float, float, float, int]:
    """Height and length of strips, largest place along them, and from which size of a frame on there are some.

    In the plane `along` is moved to begin at 0. Strips are high enough for the keys to keep the places.
    """
    placed = np.isfinite(band)
    x, y = along[placed], band[placed]
    if not len(x) or not (np.isfinite(x).all() and math.isfinite(width)):
        return 1.0, 1.0, 1.0, len(band)
    if geodesic:
        return max(width, 1e-4), 8.0, FULL_TURN, CROWDED
    along -= x.min()
    longest = float(np.ptp(x))
    return max(width, float(np.ptp(y)) / 1e4, 1e-30), 2.0 * longest + 1.0, longest, CROWDED


def seconds_of_linking(n_pairs: int) -> float:
    """Rough processor seconds that linking with this number of pairs in reach takes."""
    return n_pairs / PAIRS_PER_SECOND


def _refuse_too_many(problem: Problem, bands: Bands) -> None:
    """Raise if there are more pairs than can be linked, estimated from some of the points."""
    sizes = np.diff(problem.frame_start)
    if float(sizes[:-1] @ sizes[1:]) <= MOST_PAIRS:
        return
    every = max(problem.n_points // SAMPLE, 1)
    expected = every * _pairs_of_some(problem, bands, every, _room_for(np.zeros(0, np.int64), int(sizes.max())))
    if expected > MOST_PAIRS:
        raise LinkError(
            f"up to {sizes.max()} feature points in a frame (frame {int(sizes.argmax()) + 1}) and about {expected:.1e} "
            f"pairs of them within reach from frame to frame: linking would need {BYTES_PER_PAIR * expected / 1e9:.0f} "
            f"GB and {seconds_of_linking(expected) / 3600:.1f} hours or more; allowed: up to {MOST_PAIRS:.0e} pairs. "
            "So many points come from noise above a low threshold: raise the threshold, filter the fields (spectral, "
            "or a smaller truncation), ask for larger objects, or lower dmax"
        )


def _all_pairs(problem: Problem, bands: Bands, meanwhile: Callable[[], None] | None) -> Neighbours:
    """The pairs, in arrays that are made wider until all fit."""
    n_points, most = problem.n_points, int(np.diff(problem.frame_start).max(initial=0))
    start = np.zeros(n_points + 1, np.int64)
    capacity = 4 * n_points + 16
    found = _room_for(start, capacity)
    done, at_once = 0, max(TESTS_OF_A_CALL // max(most, 1), 1)
    while done < n_points:
        wanted = min(done + at_once, n_points)
        done = _find_pairs(problem, bands, found, done, wanted)
        if done < wanted:
            found = _with_capacity(found, int(start[done]), 2 * len(found.point) + most)
        if meanwhile is not None and done < n_points:
            meanwhile()
    n = int(start[n_points])
    return Neighbours(start, found.point[:n].copy(), found.distance[:n].copy(), found.allowed[:n].copy())


def _room_for(start: I64, capacity: int) -> Neighbours:
    return Neighbours(start, np.empty(capacity, np.int32), np.empty(capacity, np.float32), np.empty(capacity, np.bool_))


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
    _fill_links(found, problem.geometry.geodesic, links)
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
def _band_coordinates(geometry: Geometry, band: F64_1D, along: F64_1D) -> None:
    """Angle from the pole and longitude, or y and x; the first is infinite where a coordinate is not a number."""
    g = geometry.position
    for p in range(band.size):
        band[p] = clamped_acos(g[p, 2]) if geometry.geodesic else g[p, 1]
        along[p] = g[p, 0]
        if geometry.geodesic:
            along[p] = math.atan2(g[p, 1], g[p, 0])
            if along[p] < 0.0:
                along[p] += TURN
        if np.isnan(g[p, 0]) or np.isnan(g[p, 1]):
            band[p] = np.inf


@kernel
def _fill_keys(frame_start: I64_1D, bands: Bands) -> None:
    """Fill ``key`` in the order of the points."""
    for k in range(frame_start.size - 1):
        in_strips = frame_start[k + 1] - frame_start[k] > bands.crowded
        for p in range(frame_start[k], frame_start[k + 1]):
            bands.key[p] = bands.of_point[p]
            if in_strips and not np.isinf(bands.of_point[p]):
                bands.key[p] = math.floor(bands.of_point[p] / bands.height) * bands.length + bands.along[p]


@helper
def _sift_down(key, order, low, place, n):
    """Put ``order[low + place]`` where it belongs in the heap of `n` points, the one with the largest key on top."""
    moved = order[low + place]
    value = key[moved]
    child = 2 * place + 1
    while child < n:
        if child + 1 < n and key[order[low + child + 1]] > key[order[low + child]]:
            child += 1
        if value >= key[order[low + child]]:
            break
        order[low + place] = order[low + child]
        place = child
        child = 2 * place + 1
    order[low + place] = moved


@kernel
def _sort_frames(frame_start: I64_1D, key: F64_1D, order: I64_1D) -> None:
    """Sort the points of each frame, given in any order, by their keys (heap sort)."""
    for k in range(frame_start.size - 1):
        low, n = frame_start[k], frame_start[k + 1] - frame_start[k]
        for place in range(n // 2 - 1, -1, -1):
            _sift_down(key, order, low, place, n)
        for last in range(n - 1, 0, -1):
            order[low], order[low + last] = order[low + last], order[low]
            _sift_down(key, order, low, np.int64(0), last)


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
def _distance_in_reach(problem, bands, p, q, index):
    """Displacement (float32) of two points, -1 where it exceeds the largest limit or is not a number."""
    g = problem.geometry.position
    if g[p, 0] * g[q, 0] + g[p, 1] * g[q, 1] + g[p, 2] * g[q, 2] < bands.lowest_cosine[index]:
        return np.float32(-1.0)
    d = measure(problem.geometry, p, q)
    return d if np.float64(d) <= bands.reach[index] else np.float32(-1.0)


@helper
def _half_along(bands, p, index):
    """Half the part of a strip in which partners of `p` lie; more than half a turn for all longitudes."""
    width, band = bands.width[index], bands.of_point[p]
    if not bands.geodesic:
        return width + 1.0e-9 * bands.longest
    if band - width < NEAR_POLE or band + width > HALF_TURN - NEAR_POLE:
        return FULL_TURN
    least = min(math.sin(band - width), math.sin(band + width))
    part = math.sin(0.5 * width) / math.sqrt(math.sin(band) * least)
    return 2.0 * math.asin(part) * (1.0 + MARGIN) + MARGIN if part < 1.0 else FULL_TURN


@helper
def _window(number, bands, along, half):
    """First and last place along a strip of one of three windows (those beyond its ends come in again); the last is
    before the first if there is none."""
    if bands.geodesic and half > WIDEST_WINDOW:
        return (0.0, bands.longest) if number == 0 else (1.0, 0.0)
    if number == 0:
        beyond = bands.geodesic and along + half > TURN
        return max(along - half, 0.0), bands.longest if beyond else min(along + half, bands.longest)
    if bands.geodesic and number == 1 and along - half < 0.0:
        return along - half + TURN, bands.longest
    if bands.geodesic and number == 2 and along + half > TURN:
        return 0.0, along + half - TURN
    return 1.0, 0.0


@helper
def _add_between(problem, bands, p, keys, found, n):
    """Add the partners of `p` whose keys lie between two; returns the number of pairs then."""
    k = np.int64(problem.frame_of[p])
    low, high, index = problem.frame_start[k + 1], problem.frame_start[k + 2], problem.link_set[k]
    r = low + first_not_below(bands.key[low:high], keys[0])
    while r < high and bands.key[r] <= keys[1]:
        q = bands.order[r]
        r += 1
        d = _distance_in_reach(problem, bands, p, q, index)
        if d >= 0.0:
            limit = zone_link_limit(problem.zone, p, q, index) if problem.zonal else problem.dmax[index]
            found.point[n], found.distance[n], found.allowed[n] = q, d, d <= limit
            n += 1
    return n


@helper
def _add_partners(problem, bands, p, found, n):
    """Add the partners of `p`, in any order; returns the number of pairs then."""
    k = np.int64(problem.frame_of[p])
    index, band = problem.link_set[k], bands.of_point[p]
    width = bands.width[index]
    if np.isinf(band):
        return n
    if problem.frame_start[k + 2] - problem.frame_start[k + 1] <= bands.crowded:
        return _add_between(problem, bands, p, (band - width, band + width), found, n)
    half, along = _half_along(bands, p, index), bands.along[p]
    for strip in range(math.floor((band - width) / bands.height), math.floor((band + width) / bands.height) + 1):
        base = strip * bands.length
        for number in range(3):
            first, last = _window(number, bands, along, half)
            if first <= last:
                n = _add_between(problem, bands, p, (base + first, base + last), found, n)
    return n


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
            if n + problem.frame_start[k + 2] - problem.frame_start[k + 1] > found.point.size:
                return p
            first, n = n, _add_partners(problem, bands, p, found, n)
            sort_tail(found.point, found.distance, found.allowed, first, n)
        found.start[p + 1] = n
    return wanted


@kernel
def _pairs_of_some(problem: Problem, bands: Bands, every: int, work: Neighbours) -> int:
    """Number of pairs of every so manieth point; `work` has room for the points of a frame."""
    n = 0
    for p in range(0, problem.frame_of.size, every):
        if problem.frame_of[p] >= problem.frame_start.size - 2:
            break
        n += _add_partners(problem, bands, p, work, np.int64(0))
    return n


@kernel
def _fill_links(found: Neighbours, geodesic: bool, links: Links) -> None:
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
                d = found.distance[e]
                if d < SHORTEST or (geodesic and d > math.pi - SHORTEST):
                    links.doubtful[p], links.doubtful[q] = True, True
                n += 1
                prev_start[q + 1] += 1
        links.next_start[p + 1] = n
