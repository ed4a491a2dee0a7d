"""Longitudes and latitudes by a rotated pole as a map projection, forward and inverse.

References
----------
Specification 05, section 11; the last roundings of longitudes were found by comparing with the original's output.
Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD

PI = 3.14159265358979323846
TWO_PI = 2.0 * PI
_CIRCLE, _HALF = np.float32(360.0), np.float32(180.0)


class Rotation(NamedTuple):
    """Angles of the rotation in radians (rounded to float32)."""

    lat: float
    lon: float


@helper
def _sine_of(value):
    return min(max(value, -1.0), 1.0)


@helper
def _from_zero(longitude):
    """A longitude (float32 degrees) as one from 0 to 360; the sum is rounded to float32."""
    if longitude < np.float32(0.0):
        return np.float32(longitude + np.float32(360.0))
    return longitude


@kernel
def plane_points(rotation: Rotation, lon: F32_1D, lat: F32_1D, x: F32_1D, y: F32_1D) -> None:
    """Rotated positions (float32 degrees) of points (float32 degrees)."""
    sine, cosine = math.sin(rotation.lat), math.cos(rotation.lat)
    for k in range(len(lon)):
        along, up = np.float64(lon[k]) * RAD + rotation.lon, np.float64(lat[k]) * RAD
        height = cosine * math.sin(up) - sine * math.cos(up) * math.cos(along)
        across = cosine * math.cos(up) * math.cos(along) + sine * math.sin(up)
        there = _from_zero(np.float32(math.atan2(math.cos(up) * math.sin(along), across) / RAD))
        x[k] = np.float32(there - _CIRCLE) if there > _HALF else there
        y[k] = np.float32(math.asin(_sine_of(height)) / RAD)


@kernel
def sphere_points(rotation: Rotation, x: F32_1D, y: F32_1D, lon: F32_1D, lat: F32_1D) -> None:
    """Points (float32 degrees, longitudes from 0) at rotated positions (float32 degrees)."""
    sine, cosine = math.sin(rotation.lat), math.cos(rotation.lat)
    for k in range(len(x)):
        along = np.float64(np.float32(np.float64(x[k]) * RAD))
        up = np.float64(np.float32(np.float64(y[k]) * RAD))
        height = cosine * math.sin(up) + sine * math.cos(up) * math.cos(along)
        across = cosine * math.cos(up) * math.cos(along) - sine * math.sin(up)
        angle = math.atan2(math.cos(up) * math.sin(along), across) - rotation.lon
        if angle < -PI:
            angle += TWO_PI
        elif angle > PI:
            angle -= TWO_PI
        lon[k], lat[k] = _from_zero(np.float32(angle / RAD)), np.float32(math.asin(_sine_of(height)) / RAD)
