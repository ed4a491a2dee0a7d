"""Great circles in float64 with NumPy: distances, directions, points between two points.

Parity: not applicable; TRACK's own distances, which decide about its tracks, are in `kernels.sphere`.
"""

from __future__ import annotations

import numpy as np

from .arrays import F32, F64, Array

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth (IUGG: 6371.0088 km)."""


def arc(lon1: F32 | F64, lat1: F32 | F64, lon2: F32 | F64, lat2: F32 | F64) -> F64:
    """Angle between points, in radians; exact for near points and for antipodes alike.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : float, shape (n,)
        Degrees; longitudes from anywhere.

    References
    ----------
    Vincenty (1975), Survey Review 23, 88; the case of a sphere.
    """
    along, across, up = _direction(lon1, lat1, lon2, lat2)
    return np.arctan2(np.hypot(across, along), up)


def bearing(lon1: F32 | F64, lat1: F32 | F64, lon2: F32 | F64, lat2: F32 | F64) -> F64:
    """Direction of the great circle to the second point where it leaves the first: radians, clockwise from north."""
    along, across, _ = _direction(lon1, lat1, lon2, lat2)
    return np.arctan2(across, along)


def _direction(lon1: Array, lat1: Array, lon2: Array, lat2: Array) -> tuple[F64, F64, F64]:
    """Northward, eastward and upward component of the second unit vector in the frame of the first point."""
    phi1, phi2 = np.radians(np.float64(lat1)), np.radians(np.float64(lat2))
    turn = np.radians(np.float64(lon2) - np.float64(lon1))
    sin1, cos1, sin2, cos2 = np.sin(phi1), np.cos(phi1), np.sin(phi2), np.cos(phi2)
    across = cos2 * np.sin(turn)
    along = cos1 * sin2 - sin1 * cos2 * np.cos(turn)
    up = sin1 * sin2 + cos1 * cos2 * np.cos(turn)
    return along, across, up


def between(lon1: F64, lat1: F64, lon2: F64, lat2: F64, part: F64) -> tuple[F64, F64]:
    """Points on great circles, `part` of the way (0 to 1) from the first to the second; longitudes near the first."""
    angle = arc(lon1, lat1, lon2, lat2)
    near = np.sin(angle) < 1.0e-12  # one point, or antipodes, between which every way is as long
    sine = np.where(near, 1.0, np.sin(angle))
    w1 = np.where(near, 1.0 - part, np.sin((1.0 - part) * angle) / sine)
    w2 = np.where(near, part, np.sin(part * angle) / sine)
    phi1, phi2 = np.radians(lat1), np.radians(lat2)
    turn = np.radians(lon2 - lon1)
    x = w1 * np.cos(phi1) + w2 * np.cos(phi2) * np.cos(turn)
    y = w2 * np.cos(phi2) * np.sin(turn)
    z = w1 * np.sin(phi1) + w2 * np.sin(phi2)
    return lon1 + np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def shorter_way(lon1: F64, lon2: F64) -> F64:
    """Difference of longitudes the shorter way, degrees, -180 to 180 (180 degrees: eastward)."""
    return 180.0 - (180.0 - (lon2 - lon1)) % 360.0
