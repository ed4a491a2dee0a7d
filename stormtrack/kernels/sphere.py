"""Distances between points on the sphere and in the plane, in the original's arithmetic.

References
----------
Specification 04, sections 3.1 and 10.3; 02, section 11. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from .declare import helper

RAD = 0.017453292519943295
"""Radians per degree (float64), as in the original."""
HALF_PI = 1.57079632679489661923


@helper
def unit_vector(lon, lat):
    """Unit vector (float64 x, y, z) of a point given in degrees as float32."""
    theta = np.float64(lon) * RAD
    phi = HALF_PI - np.float64(lat) * RAD
    if phi < 0.0:
        phi = 0.0
    sin_phi = math.sin(phi)
    return sin_phi * math.cos(theta), sin_phi * math.sin(theta), math.cos(phi)


@helper
def clamped_acos(cosine):
    """``acos`` with the argument clamped to [-1, 1]."""
    if abs(cosine) > 1.0:
        cosine = 1.0 if cosine > 0.0 else -1.0
    return math.acos(cosine)


@helper
def arc_between(ax, ay, az, bx, by, bz):
    """Angle (float64 radians) between two unit vectors: the form used while tracking."""
    return clamped_acos((ax * bx + ay * by) + az * bz)


@helper
def measure_trig(lon1, lat1, lon2, lat2):
    """Geodesic distance (float32 radians) of two points in float32 degrees, trigonometric form."""
    f1 = np.float64(lon1) * RAD
    f2 = np.float64(lon2) * RAD
    t1 = HALF_PI - np.float64(lat1) * RAD
    t2 = HALF_PI - np.float64(lat2) * RAD
    if t1 < 0.0:
        t1 = 0.0
    if t2 < 0.0:
        t2 = 0.0
    cosine = math.sin(t1) * math.sin(t2) * math.cos(f2 - f1) + math.cos(t1) * math.cos(t2)
    return np.float32(clamped_acos(cosine))


@helper
def measure_unit(lon1, lat1, lon2, lat2):
    """Geodesic distance (float32 radians) of two points in float32 degrees, unit-vector form."""
    ax, ay, az = unit_vector(lon1, lat1)
    bx, by, bz = unit_vector(lon2, lat2)
    return np.float32(arc_between(ax, ay, az, bx, by, bz))


@helper
def measure_euclid(x1, y1, x2, y2):
    """Euclidean distance (float32) of two float32 points; differences are rounded to float32."""
    dx = np.float64(np.float32(x1 - x2))
    dy = np.float64(np.float32(y1 - y2))
    return np.float32(math.sqrt(dx * dx + dy * dy))
