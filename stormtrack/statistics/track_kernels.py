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
    """Leaves that a datum of the pilot density is felt in: those of leaf k are ``leaf[start[k]:start[k + 1]]``."""

    start: I64_1D
    leaf: I32_1D


class Plan(NamedTuple):
    """Kernel and smoothing: exponent and that plus 1, parameter, lower bound, power; adaptive; weighted pilot once."""

    exponent: float
    q: float
    s: float
    lowest: float
    alpha: float
    adaptive: bool
    weighted_first: bool


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
def pilot_of_leaf(near, leaf, t, exponent, room):
    """Densities of the points of one leaf from all others, in leaf order."""
    v, begin = room.vectors, room.begin
    for n in range(near.start[leaf], near.start[leaf + 1]):
        other = near.leaf[n]
        for i in range(begin[other], begin[other + 1]):
            x, y, z, weight = v.x[i], v.y[i], v.z[i], room.weight[i]
            for j in range(begin[leaf], begin[leaf + 1]):
                if i == j:
                    continue
                found = power(t, (x * v.x[j] + y * v.y[j]) + z * v.z[j], exponent)
                if found > 0.0:
                    room.density[j] += weight * found


@helper
def mean_log(paths, count, factor, weighted, total, plan, room):
    """Mean logarithm of the normalised pilot densities in order; they are normalised on the way."""
    log_sum = 0.0
    floor = FLOOR * factor
    floor_log = math.log(floor)
    t = stretch(plan.s)
    for j in range(count):
        at = room.at[j]
        own = factor
        if weighted:
            own = whole_normalisation(t, plan.q, total - np.float64(paths.weight[room.point[j]]))
        density = own * (room.density[at] if at >= 0 else FLOOR)
        if at >= 0:
            room.density[at] = density
        log_sum += floor_log if density == floor else math.log(density)
    return log_sum / np.float64(np.float32(count))


@helper
def pilot(paths, near, count, placed, weighted, plan, room):
    """Pilot densities of the nearest points; returns their geometric mean."""
    total = 0.0
    for at in range(placed):
        room.density[at], room.weight[at] = FLOOR, 1.0
    if weighted:
        for j in range(count):
            weight = np.float64(paths.weight[room.point[j]])
            total += weight
            if room.at[j] >= 0:
                room.weight[room.at[j]] = weight
    t = stretch(plan.s)
    for leaf in range(len(room.begin) - 1):
        if room.begin[leaf + 1] > room.begin[leaf]:
            pilot_of_leaf(near, leaf, t, plan.exponent, room)
    factor = whole_normalisation(t, plan.q, np.float64(np.float32(count - 1)))
    return math.exp(mean_log(paths, count, factor, weighted, total, plan, room))


@helper
def estimate(paths, placed, mean, plan, where, room):
    """Sums of the kernels, of the lifetimes and their squares at the sampling point `where` (x, y, z)."""
    density = value = 0.0
    v, common = room.vectors, stretch(plan.s)
    least = plan.lowest / (1.0 + plan.lowest) - 1.0e-9
    for at in range(placed):
        cosine = (v.x[at] * where[0] + v.y[at] * where[1]) + v.z[at] * where[2]
        t, factor = common, 1.0
        if plan.adaptive:
            if cosine < least:
                continue
            s = math.pow(room.density[at] / mean, plan.alpha) * plan.s
            if s < plan.lowest:
                s = plan.lowest
            t = stretch(s)
        found = power(t, cosine, plan.exponent)
        if not found > 0.0:
            continue
        if plan.adaptive:
            factor = normalisation(t, plan.q)
        j = room.sorted[at]
        weight = 1.0
        if len(paths.weight):
            weight = np.float64(paths.weight[room.point[j]])
        d = weight * (factor * found)
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
    paths: Paths, near: Near, points: Points, leaf: I32_1D, plan: Plan, first: int, room: Room, found: Found
) -> int:
    """Density and mean lifetime at sampling points.

    `leaf` is that of the points; `first` counts points with more than one datum that came before. Returns it.
    """
    for k in range(len(leaf)):
        x, y, z = points.x[k], points.y[k], points.z[k]
        count = gather(paths, x, y, z, room)
        number = total_weight(paths, count, room)
        found.number[k] = number
        if count <= 1:
            continue
        first += 1
        if leaf[k] < 0:
            continue
        placed = sort_by_leaf(paths, count, room)
        mean = 1.0
        if plan.adaptive:
            weighted = plan.weighted_first and first == 1
            mean = pilot(paths, near, count, placed, weighted, plan, room)
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
    return first
