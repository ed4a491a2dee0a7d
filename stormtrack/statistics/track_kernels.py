"""Nearest points of tracks at one sampling point, in the plain way.

References
----------
Specification 06, section 1.12. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64_1D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from .sphere import Points


class Paths(NamedTuple):
    """Tracks with a lifetime.

    Attributes
    ----------
    start : int64, shape (n_tracks + 1,)
        Offsets into the points.
    points : Points
    place : int32, shape (n_points,)
        Where each point stands in leaf order; -1 between leaves.
    used : bool, shape (n_points,)
        In the domain, and heavy enough.
    weight : float32, shape (n_points,) or (0,)
    lifetime : float64, shape (n_tracks,)
    """

    start: I64_1D
    points: Points
    place: I32_1D
    used: Mask_1D
    weight: F32_1D
    lifetime: F64_1D


class Room(NamedTuple):
    """Work arrays.

    Attributes
    ----------
    point, track : int64, shape (n_tracks,)
        Nearest point of each track that counts, in order, and whose it is.
    cosine : float32, shape (n_points,)
        Of the angles between all points of the tracks and the sampling point.
    """

    point: I64_1D
    track: I64_1D
    cosine: F32_1D


@helper
def float_cosine(ax, ay, az, x, y, z):
    """Float32 cosine of the angle between a point of a track and a sampling point."""
    cosine = (ax * x + ay * y) + az * z
    cosine = 1.0 if cosine > 1.0 else cosine
    return np.float32(-1.0 if cosine < -1.0 else cosine)


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


@kernel
def gather_nearest(paths: Paths, x: float, y: float, z: float, room: Room) -> int:
    """Nearest points of all tracks that count to one point; returns how many."""
    count, points = 0, paths.points
    for i in range(len(room.cosine)):
        room.cosine[i] = float_cosine(points.x[i], points.y[i], points.z[i], x, y, z)
    for k in range(len(paths.start) - 1):
        i = nearest(room.cosine, paths.start[k], paths.start[k + 1])
        if i >= 0 and paths.used[i]:
            room.point[count], room.track[count] = i, k
            count += 1
    return count
