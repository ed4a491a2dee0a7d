"""Nearest points of all tracks to a block of neighbouring sampling points.

A point of a track is looked at only if it may be the nearest somewhere in the block: with b nearest to the centre C, m
is nowhere nearer than b if (b - m) . C is above |b - m| times the block's radius. What remains is compared as in the
plain way, in float32, the first of several.

References
----------
Specification 06, section 1.12. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64_1D, F64_2D, I32_1D, I32_2D, I64_1D
from ..kernels.declare import helper
from .sphere import Points
from .track_kernels import float_cosine

LANES = 32
"""Most sampling points of a block."""
TIE = 2.5e-7
"""Cosines that differ by more differ in float32 too."""


class Samples(NamedTuple):
    """Sampling points in blocks of neighbours.

    Attributes
    ----------
    points : Points
    leaf : int32, shape (n,)
        -1 between leaves.
    order : int64, shape (n,)
        Numbers of the points block by block.
    start : int64, shape (n_blocks + 1,)
        Offsets of the blocks into them.
    """

    points: Points
    leaf: I32_1D
    order: I64_1D
    start: I64_1D


class Lanes(NamedTuple):
    """The sampling points of a block: shape (`LANES`,) each; those behind the last repeat the first.

    Attributes
    ----------
    sample : int64
    x, y, z : float64
    best : float32
        Largest cosine of a track so far, and
    nearest : int32
        the point that it belongs to.
    tracks, wanted : int64
        Tracks that count, and 1 where there is something to estimate.
    number, factor, total, mean : float64
        Sum of weights, normalisation, sum and geometric mean of pilot densities.
    """

    sample: I64_1D
    x: F64_1D
    y: F64_1D
    z: F64_1D
    best: F32_1D
    nearest: I32_1D
    tracks: I64_1D
    wanted: I64_1D
    number: F64_1D
    factor: F64_1D
    total: F64_1D
    mean: F64_1D


class Found(NamedTuple):
    """Nearest points in a block.

    Attributes
    ----------
    cosine : float64, shape (n_points,)
        Of the angles to the centre.
    chosen : int32, shape (n_points,)
        Points of one track that may be nearest.
    point : int32, shape (n_tracks, LANES)
        Nearest points; -1 where the track does not count.
    log : float64, shape (n_tracks, LANES)
        Logarithms of their pilot densities; 0 where the track does not count.
    """

    cosine: F64_1D
    chosen: I32_1D
    point: I32_2D
    log: F64_2D


@helper
def fill_lanes(samples, block, lanes):
    """Put the points of a block into lanes; returns how many."""
    first = samples.start[block]
    count = samples.start[block + 1] - first
    for lane in range(LANES):
        k = samples.order[first + lane] if lane < count else samples.order[first]
        lanes.sample[lane] = k
        lanes.x[lane], lanes.y[lane], lanes.z[lane] = samples.points.x[k], samples.points.y[k], samples.points.z[k]
        lanes.tracks[lane] = lanes.wanted[lane] = 0
        lanes.number[lane] = 0.0
    return count


@helper
def centre_of(lanes):
    """Direction of the mean of the points, and the length of the longest chord to one of them (rounded up)."""
    x = y = z = 0.0
    for lane in range(LANES):
        x, y, z = x + lanes.x[lane], y + lanes.y[lane], z + lanes.z[lane]
    length = math.sqrt(x * x + y * y + z * z)
    if length > 1.0e-3:
        x, y, z = x / length, y / length, z / length
    else:
        x, y, z = lanes.x[0], lanes.y[0], lanes.z[0]
    most = 0.0
    for lane in range(LANES):
        dx, dy, dz = lanes.x[lane] - x, lanes.y[lane] - y, lanes.z[lane] - z
        most = max(most, dx * dx + dy * dy + dz * dz)
    return x, y, z, math.sqrt(most) * (1.0 + 1.0e-9) + 1.0e-9


@helper
def candidates(points, first, end, chord, found):
    """List the points of a track that may be nearest somewhere in the block; returns how many."""
    cosine, best, most = found.cosine, first, -2.0
    for n in range(first, end):
        if cosine[np.uint64(n)] > most:
            best, most = n, cosine[np.uint64(n)]
    most -= TIE
    far, count = most - 2.0 * chord, 0
    for n in range(first, end):
        i = np.uint64(n)
        if cosine[i] < far:
            continue
        gap = most - cosine[i]
        if gap > 0.0:
            dx, dy, dz = points.x[best] - points.x[i], points.y[best] - points.y[i], points.z[best] - points.z[i]
            if gap * gap > (dx * dx + dy * dy + dz * dz) * (chord * chord) * (1.0 + 1.0e-6):
                continue
        found.chosen[np.uint64(count)] = n
        count += 1
    return count


@helper
def compete(points, count, found, lanes):
    """Nearest of the listed points in every lane."""
    for lane in range(LANES):
        lanes.best[lane], lanes.nearest[lane] = np.float32(-2.0), -1
    for n in range(count):
        i = found.chosen[n]
        x, y, z = points.x[i], points.y[i], points.z[i]
        for lane in range(LANES):
            cosine = float_cosine(x, y, z, lanes.x[lane], lanes.y[lane], lanes.z[lane])
            if cosine > lanes.best[lane]:
                lanes.best[lane], lanes.nearest[lane] = cosine, i


@helper
def nearest_in_block(paths, width, lanes, found):
    """Nearest points of all tracks in the lanes up to `width`, with counts and weights; gives centre and chord."""
    points = paths.points
    x, y, z, chord = centre_of(lanes)
    for i in range(len(found.cosine)):
        found.cosine[i] = (points.x[i] * x + points.y[i] * y) + points.z[i] * z
    for k in range(len(paths.start) - 1):
        count = candidates(points, paths.start[k], paths.start[k + 1], chord, found)
        if count == 1:
            for lane in range(LANES):
                lanes.nearest[lane] = found.chosen[0]
        else:
            compete(points, count, found, lanes)
        keep_used(paths, k, width, lanes, found)
    return x, y, z, chord


@helper
def keep_used(paths, k, width, lanes, found):
    """Write the nearest points of a track that count, and count them."""
    for lane in range(LANES):
        i = lanes.nearest[lane]
        if lane < width and i >= 0 and paths.used[i]:
            found.point[k, lane] = i
            lanes.tracks[lane] += 1
            if len(paths.weight):
                lanes.number[lane] += np.float64(paths.weight[i])
        else:
            found.point[k, lane] = -1
