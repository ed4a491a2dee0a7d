"""Kernel of the track density and the mean lifetime on the spherical quad tree.

At every sampling point each track counts once, with its point that is nearest; from these points density and lifetime
are estimated, with a pilot density of their own where smoothing is adaptive.

References
----------
Specification 06, sections 1.7, 1.8 and 1.12. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64_1D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from .entries import Entries, entry_of
from .power import FLOOR, LEAST_DENSITY, LEAST_WEIGHT, TWO_PI, normalisation, power, stretch, whole_normalisation
from .sphere import Points


class Paths(NamedTuple):
    """Tracks with a lifetime.

    Attributes
    ----------
    start : int64, shape (n_tracks + 1,)
        Offsets into the points.
    points : Points
    leaf : int32, shape (n_points,)
    used : bool, shape (n_points,)
        In the domain, and heavy enough.
    weight : float32, shape (n_points,) or (0,)
    lifetime : float64, shape (n_tracks,)
    square : float64, shape (n_tracks,)
        Float32 square of it.
    """

    start: I64_1D
    points: Points
    leaf: I32_1D
    used: Mask_1D
    weight: F32_1D
    lifetime: F64_1D
    square: F64_1D


class Near(NamedTuple):
    """Leaves in which each point of the tracks is felt as a datum of the pilot density, as runs in order.

    The runs of point i are ``first[n]`` to ``end[n]`` for n from ``start[i]`` to ``start[i + 1]`` (ends excluded).
    """

    start: I64_1D
    first: I32_1D
    end: I32_1D


class Plan(NamedTuple):
    """Kernel and smoothing.

    Attributes
    ----------
    exponent, q : float
        Exponent, and that plus 1.
    s, lowest, alpha : float
        Parameter, its lower bound, power of the pilot density.
    adaptive : bool
    weighted_first : bool
        Weights count in the first pilot density.
    least_cosine : float
        Data with smaller cosines are felt nowhere, however they are adapted.
    edges, ratios : float64, shape (n,)
        Data with cosines up to an edge are not felt if their pilot density, over its mean, is above the ratio.
    """

    exponent: float
    q: float
    s: float
    lowest: float
    alpha: float
    adaptive: bool
    weighted_first: bool
    least_cosine: float
    edges: F64_1D
    ratios: F64_1D


class Room(NamedTuple):
    """Work arrays.

    Attributes
    ----------
    point : int64, shape (n_tracks,)
        Nearest point of each track that counts, in order.
    track : int64, shape (n_tracks,)
        Whose it is.
    at : int32, shape (n_tracks,)
        Where it stands leaf by leaf; -1 between leaves.
    sorted : int64, shape (n_tracks,)
        Numbers of these leaf by leaf.
    begin : int32, shape (n_leaves + 1,)
        Offsets of the leaves into them.
    vectors : Points
        Of the points leaf by leaf, shape (n_tracks,).
    density, weight : float64, shape (n_tracks,)
        Of these.
    cosine : float32, shape (n_points,)
        Of the angles between all points of the tracks and the sampling point.
    """

    point: I64_1D
    track: I64_1D
    at: I32_1D
    sorted: I64_1D
    begin: I32_1D
    vectors: Points
    density: F64_1D
    weight: F64_1D
    cosine: F32_1D


class Kept(NamedTuple):
    """What is kept from one sampling point to the next: most nearest points stay, and most pilot densities with them.

    Attributes
    ----------
    point, now : int64, shape (n_tracks,)
        Nearest point of each track at the point before and now; -1: it does not count.
    changed : bool, shape (n_tracks,)
        The pilot density has to be computed again.
    density, log : float64, shape (n_tracks,)
        Pilot densities, not normalised, and the logarithms of the normalised ones.
    factor : float64, shape (1,)
        Normalisation in these.
    """

    point: I64_1D
    now: I64_1D
    changed: Mask_1D
    density: F64_1D
    log: F64_1D
    factor: F64_1D


class Found(NamedTuple):
    """Sums at the sampling points: density, mean, float64; number of data (or of weights), shape (n,) each."""

    density: F64_1D
    mean: F64_1D
    number: F64_1D


@helper
def fill_cosines(px, py, pz, x, y, z, out):
    """Float32 cosines of the angles between all points and one; a loop that takes several at once."""
    for i in range(len(out)):
        cosine = (px[i] * x + py[i] * y) + pz[i] * z
        cosine = 1.0 if cosine > 1.0 else cosine
        out[i] = np.float32(-1.0 if cosine < -1.0 else cosine)


@helper
def nearest(cosines, first, end):
    """The point of a track with the largest float32 cosine; the first of several."""
    best = -1
    most = np.float32(-2.0)
    if first < 0:  # never; as in `sum_range`
        return best
    for i in range(first, end):
        if cosines[i] > most:
            most = cosines[i]
            best = i
    return best


@helper
def gather(paths, x, y, z, room):
    """Nearest points of all tracks that count; returns how many."""
    count = 0
    fill_cosines(paths.points.x, paths.points.y, paths.points.z, x, y, z, room.cosine)
    for k in range(len(paths.start) - 1):
        i = nearest(room.cosine, paths.start[k], paths.start[k + 1])
        if i >= 0 and paths.used[i]:
            room.point[count], room.track[count] = i, k
            count += 1
    return count


@kernel
def gather_nearest(paths: Paths, x: float, y: float, z: float, room: Room) -> int:
    """Nearest points of all tracks that count to one point; returns how many."""
    count: int = gather(paths, x, y, z, room)
    return count


@helper
def sort_by_leaf(paths, count, room):
    """Bring the nearest points into leaf order; returns how many have a leaf."""
    begin = room.begin
    for k in range(len(begin)):
        begin[k] = 0
    for j in range(count):
        leaf = paths.leaf[room.point[j]]
        if leaf >= 0:
            begin[leaf + 1] += 1
    for k in range(len(begin) - 1):
        begin[k + 1] += begin[k]
    placed = begin[len(begin) - 1]
    for j in range(count - 1, -1, -1):
        i = room.point[j]
        leaf = paths.leaf[i]
        room.at[j] = -1
        if leaf >= 0:
            begin[leaf + 1] -= 1
            at = begin[leaf + 1]
            room.at[j], room.sorted[at] = at, j
            room.vectors.x[at], room.vectors.y[at], room.vectors.z[at] = (
                paths.points.x[i],
                paths.points.y[i],
                paths.points.z[i],
            )
    for k in range(len(begin) - 1):
        begin[k] = begin[k + 1]
    begin[len(begin) - 1] = placed
    return placed


@helper
def sum_range(v, weights, place, first, end, t, exponent, total):
    """Add the kernels of some data at one point (x, y, z), in order.

    With exponent 1 and no weights without a branch, as adding 0 is nothing.
    """
    x, y, z = place
    if first < 0:  # never; but then indices need no check for negative ones
        return total
    if exponent == 1.0 and t > 0.0 and len(weights) == 0:
        for i in range(first, end):
            total += max(((x * v.x[i] + y * v.y[i]) + z * v.z[i]) * t - 1.0, 0.0)
        return total
    for i in range(first, end):
        found = power(t, (x * v.x[i] + y * v.y[i]) + z * v.z[i], exponent)
        if found > 0.0:
            total += weights[i] * found if len(weights) else found
    return total


@helper
def others_at(near, point, at, t, exponent, weights, room):
    """Pilot density, not normalised, of the nearest point that stands at `at`, from all others in leaf order."""
    v, begin, total = room.vectors, room.begin, FLOOR
    place = (v.x[at], v.y[at], v.z[at])
    for n in range(near.start[point], near.start[point + 1]):
        first, end = begin[near.first[n]], begin[near.end[n]]
        if first <= at < end:
            total = sum_range(v, weights, place, first, at, t, exponent, total)
            first = at + 1
        total = sum_range(v, weights, place, first, end, t, exponent, total)
    return total


@helper
def mark_felt(paths, near, point, t, exponent, room, kept):
    """Mark the tracks in whose pilot density a point counts."""
    v, begin = room.vectors, room.begin
    if point < 0 or paths.leaf[point] < 0:
        return
    x, y, z = paths.points.x[point], paths.points.y[point], paths.points.z[point]
    for n in range(near.start[point], near.start[point + 1]):
        for i in range(begin[near.first[n]], begin[near.end[n]]):
            if power(t, (x * v.x[i] + y * v.y[i]) + z * v.z[i], exponent) > 0.0:
                kept.changed[room.track[room.sorted[i]]] = True


@helper
def mark_changes(paths, near, count, t, exponent, room, kept):
    """Mark the tracks whose pilot density is another than at the sampling point before."""
    for k in range(len(kept.point)):
        kept.now[k] = -1
        kept.changed[k] = False
    for j in range(count):
        kept.now[room.track[j]] = room.point[j]
    for k in range(len(kept.point)):
        if kept.now[k] != kept.point[k]:
            mark_felt(paths, near, kept.point[k], t, exponent, room, kept)
            mark_felt(paths, near, kept.now[k], t, exponent, room, kept)
            kept.changed[k] = True
            kept.point[k] = kept.now[k]


@helper
def own_factor(paths, j, factor, weighted, total, plan, room):
    """What normalises the pilot density of datum `j`."""
    if weighted:
        return whole_normalisation(stretch(plan.s), plan.q, total - np.float64(paths.weight[room.point[j]]))
    return factor


@helper
def mean_log(paths, near, count, factor, total, plan, room, kept):
    """Mean logarithm of the normalised pilot densities in order; they are computed on the way where they changed."""
    log_sum, t = 0.0, stretch(plan.s)
    weighted = total > 0.0
    weights = room.weight if weighted else room.weight[:0]
    same = factor == kept.factor[0] and not weighted
    for j in range(count):
        k, at = room.track[j], room.at[j]
        if kept.changed[k]:
            kept.density[k] = FLOOR if at < 0 else others_at(near, room.point[j], at, t, plan.exponent, weights, room)
        density = own_factor(paths, j, factor, weighted, total, plan, room) * kept.density[k]
        if kept.changed[k] or not same:
            kept.log[k] = math.log(density)
        if at >= 0:
            room.density[at] = density
        log_sum += kept.log[k]
    kept.factor[0] = factor
    return log_sum / np.float64(np.float32(count))


@helper
def forget(kept):
    """Compute all pilot densities anew at the next point."""
    for k in range(len(kept.point)):
        kept.point[k] = -1


@helper
def pilot(paths, near, count, weighted, plan, room, kept):
    """Pilot densities of the nearest points; returns their geometric mean."""
    total = 0.0
    if weighted:
        forget(kept)
        for j in range(count):
            weight = np.float64(paths.weight[room.point[j]])
            total += weight
            if room.at[j] >= 0:
                room.weight[room.at[j]] = weight
    t = stretch(plan.s)
    mark_changes(paths, near, count, t, plan.exponent, room, kept)
    factor = whole_normalisation(t, plan.q, np.float64(np.float32(count - 1)))
    mean = math.exp(mean_log(paths, near, count, factor, total, plan, room, kept))
    if weighted:
        forget(kept)
    return mean


@helper
def any_felt(paths, count, plan, room):
    """Whether some nearest point may be felt."""
    for j in range(count):
        if np.float64(room.cosine[room.point[j]]) > plan.least_cosine and paths.leaf[room.point[j]] >= 0:
            return True
    return False


@helper
def least_felt(placed, mean, plan, room):
    """Cosine below which no datum is felt, now that the pilot density is known."""
    least = plan.least_cosine
    if plan.alpha < 0.0 or placed == 0:
        return least
    lowest = room.density[0]
    for at in range(placed):
        lowest = min(lowest, room.density[at])
    s = max(math.pow(lowest / mean, plan.alpha) * plan.s * (1.0 - 1.0e-9), plan.lowest)
    return max(least, s / (1.0 + s) - 1.0e-9)


@helper
def too_narrow(cosine, ratio, plan):
    """Whether a datum is surely not felt, because its kernel was made too narrow."""
    for k in range(len(plan.edges)):
        if cosine <= plan.edges[k]:
            return ratio > plan.ratios[k]
    return False


@helper
def felt(at, mean, least, plan, where, room):
    """Normalised kernel of the datum that stands at `at`, at the sampling point `where` (x, y, z); -1: not felt."""
    v, t, factor = room.vectors, stretch(plan.s), 1.0
    cosine = (v.x[at] * where[0] + v.y[at] * where[1]) + v.z[at] * where[2]
    if plan.adaptive:
        if cosine < least or too_narrow(cosine, room.density[at] / mean, plan):
            return -1.0
        s = math.pow(room.density[at] / mean, plan.alpha) * plan.s
        if s < plan.lowest:
            s = plan.lowest
        t = stretch(s)
    found = power(t, cosine, plan.exponent)
    if not found > 0.0:
        return -1.0
    if plan.adaptive:
        factor = normalisation(t, plan.q)
    return factor * found


@helper
def estimate(paths, placed, mean, plan, where, room):
    """Sums of the kernels, and of the lifetimes times these, at the sampling point `where` (x, y, z)."""
    density = value = 0.0
    least = least_felt(placed, mean, plan, room) if plan.adaptive else -1.0
    for at in range(placed):
        found = felt(at, mean, least, plan, where, room)
        if found < 0.0:
            continue
        j = room.sorted[at]
        weight = 1.0
        if len(paths.weight):
            weight = np.float64(paths.weight[room.point[j]])
        d = weight * found
        density += d
        value += paths.lifetime[room.track[j]] * d
    return density, value


@helper
def total_weight(paths, count, room):
    """Number of data, or sum of their weights in order."""
    if not len(paths.weight):
        return np.float64(count)
    total = 0.0
    for j in range(count):
        total += np.float64(paths.weight[room.point[j]])
    return total


@kernel
def track_density(
    paths: Paths, near: Near, points: Points, leaf: I32_1D, plan: Plan, room: Room, kept: Kept, found: Found
) -> None:
    """Density and mean lifetime at sampling points; `leaf` is that of the points."""
    first = 0
    forget(kept)
    for k in range(len(leaf)):
        x, y, z = points.x[k], points.y[k], points.z[k]
        count = gather(paths, x, y, z, room)
        number = total_weight(paths, count, room)
        found.number[k] = number
        if count <= 1:
            continue
        first += 1
        if leaf[k] < 0 or not any_felt(paths, count, plan, room):
            continue
        placed = sort_by_leaf(paths, count, room)
        mean = 1.0
        if plan.adaptive:
            weighted = plan.weighted_first and first == 1
            mean = pilot(paths, near, count, weighted, plan, room, kept)
        factor = whole_normalisation(stretch(plan.s), plan.q, number)
        if plan.adaptive:
            factor = plan.q / (TWO_PI * number)
        if len(paths.weight) and number <= LEAST_WEIGHT:
            factor = 0.0
        density, value = estimate(paths, placed, mean, plan, (x, y, z), room)
        density *= factor
        found.density[k] = density
        if density > LEAST_DENSITY:
            found.mean[k] = value * factor / density


@kernel
def track_sums(
    paths: Paths, near: Near, points: Points, leaf: I32_1D, plan: Plan, room: Room, kept: Kept, entries: Entries
) -> None:
    """What each unit of tracks adds to density and lifetime at sampling points; tracks have no weights."""
    forget(kept)
    count = 0
    for k in range(len(leaf)):
        x, y, z = points.x[k], points.y[k], points.z[k]
        begin, number = count, gather(paths, x, y, z, room)
        if leaf[k] >= 0 and number > 1 and any_felt(paths, number, plan, room):
            placed, mean, least = sort_by_leaf(paths, number, room), 1.0, -1.0
            if plan.adaptive:
                mean = pilot(paths, near, number, False, plan, room, kept)
                least = least_felt(placed, mean, plan, room)
            for at in range(placed):
                d = felt(at, mean, least, plan, (x, y, z), room)
                if d >= 0.0:
                    track = room.track[room.sorted[at]]
                    e, count = entry_of(entries, entries.owner[track], begin, count)
                    entries.values[e, 0] += d
                    entries.values[e, 1] += paths.lifetime[track] * d
        entries.start[k + 1] = count
