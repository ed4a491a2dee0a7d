"""Where fields are sampled: frames of the points, points beside them, fixed points, shapes of regions.

References
----------
Specification 06, sections 2.1, 2.2 and 2.7. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32, F64, I64
from ..kernels.sphere import HALF_PI, RAD
from ..model.tracks import TrackSet
from ..settings.sampling import Box, Cap, Offset
from .region_kernels import turned_about

Vector = tuple[float, float, float]
VALID = 1.0e20
"""Coordinates below this are defined."""


def sampling_frames(tracks: TrackSet) -> I64:
    """Frame at which each point is sampled: that of the track's first point, counted on for every further one.

    TRACK does so even where frames are missing.
    """
    first = tracks.frame[tracks.start[:-1]]
    place = np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths)
    return np.repeat(first, tracks.lengths) + place


def by_frame(frames: I64) -> dict[int, I64]:
    """Points of every frame, in order."""
    if not len(frames):
        return {}
    order = np.argsort(frames, kind="stable")
    numbers, starts = np.unique(frames[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))


def beside(lon: F32, lat: F32, offset: Offset) -> tuple[F32, F32]:
    """Points away from others, on the great circle that leaves at an angle from north.

    The tangent to the north is made of angles in float32, the point itself of angles in float64, as TRACK does it
    (found by comparing the bits of its results).
    """
    angle, distance = offset.angle * RAD, offset.distance * RAD
    sine, cosine = math.sin(distance), math.cos(distance)
    x, y = np.empty_like(lon), np.empty_like(lat)
    for k, (east, north) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        if not (east < VALID and north < VALID):
            x[k], y[k] = east, north
            continue
        here, tangent = _point_and_north(east, north)
        way = turned_about(tangent, here, angle)
        x[k], y[k] = _degrees(*(here[i] * cosine + way[i] * sine for i in range(3)))
    return x, y


def _point_and_north(lon: float, lat: float) -> tuple[Vector, Vector]:
    """Unit vector of a point, and the tangent to the north."""
    phi, theta = lon * RAD, max(HALF_PI - lat * RAD, 0.0)
    here = math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta)
    phi, theta = float(np.float32(phi)), float(np.float32(theta))
    return here, (-math.cos(phi) * math.cos(theta), -math.sin(phi) * math.cos(theta), math.sin(theta))


def _degrees(x: float, y: float, z: float) -> tuple[np.float32, np.float32]:
    """Longitude (from 0 to 360) and latitude of a vector."""
    lon = np.float32(math.atan2(y, x) / RAD)
    if lon < 0:
        lon += np.float32(360.0)
    return lon, np.float32((HALF_PI - math.acos(min(max(z, -1.0), 1.0))) / RAD)


def axes_of_region(points: Cap | Box) -> tuple[F32, F32]:
    """The two axes of a region as its file states them (float32 degrees): azimuths and latitudes, or offsets."""
    if isinstance(points, Cap):
        radii, azimuths = _polar(points)
        degrees = [(a.astype(np.float64) / RAD).astype(np.float32) for a in (azimuths, radii)]
        return degrees[0], (90.0 - radii.astype(np.float64) / RAD).astype(np.float32)
    line = _offsets(points)
    return line, line


def _polar(cap: Cap) -> tuple[F32, F32]:
    radius = float(np.float32(cap.radius)) * RAD
    radii = [radius * (1 + i) / cap.n_radii for i in range(cap.n_radii)]
    azimuths = [2.0 * math.pi * j / cap.n_azimuths for j in range(cap.n_azimuths)]
    return np.array(radii, np.float32), np.array(azimuths, np.float32)


def _offsets(box: Box) -> F32:
    half = box.number // 2
    steps = np.arange(1, half + 1, dtype=np.float32) * np.float32(box.spacing)
    return np.concatenate([-steps[::-1], np.zeros(1, np.float32), steps])


def vectors_of_region(points: Cap | Box) -> F64:
    """Unit vectors (float64, shape (n, 3)) of a region around the north pole or around (0, 0), the rows outside."""
    if isinstance(points, Cap):
        outer, around = _polar(points)
    else:
        line = _offsets(points)
        outer = np.array([HALF_PI - float(y) * RAD for y in line], np.float32)
        around = np.array([float(x) * RAD + (2.0 * math.pi if x < 0 else 0.0) for x in line], np.float32)
    found = [
        (math.sin(r) * math.cos(a), math.sin(r) * math.sin(a), math.cos(r))
        for r in outer.tolist()
        for a in around.tolist()
    ]
    return np.array(found, np.float64)
