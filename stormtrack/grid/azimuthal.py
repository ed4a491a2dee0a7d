"""Azimuthal map projections of the sphere, forward and inverse.

References
----------
Specification 01, section 9; 02, section 20. Snyder (1987), Map Projections, chapters 20 to 25. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D, Mask_1D, Mask_2D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import HALF_PI, RAD

ORTHOGRAPHIC, STEREOGRAPHIC, GNOMONIC, LAMBERT, EQUIDISTANT = 1, 2, 3, 4, 5
KINDS = (ORTHOGRAPHIC, STEREOGRAPHIC, GNOMONIC, LAMBERT, EQUIDISTANT)
TWO_PI = 2.0 * 3.14159265358979323846


class View(NamedTuple):
    """A projection: its kind, and longitude and latitude of the centre from `centre_angle`."""

    kind: int
    lon_0: float
    lat_0: float


class Limits(NamedTuple):
    """A region of the sphere, float32 degrees."""

    west: np.float32
    east: np.float32
    south: np.float32
    north: np.float32


def centre_angle(degrees: float | np.float32) -> float:
    """Angle of the centre in radians: rounded to float32 as the original stores it."""
    return float(np.float32(float(degrees) * RAD))


@helper
def _stretch(kind, cosine):
    """Factor of the forward map from the cosine of the distance to the centre."""
    if kind == STEREOGRAPHIC:
        return 2.0 / (1.0 + cosine)
    if kind == GNOMONIC:
        return 1.0 / cosine
    if kind == LAMBERT:
        return math.sqrt(2.0 / (1.0 + cosine))
    if kind == EQUIDISTANT:
        distance = math.acos(cosine)
        return distance / math.sin(distance)
    return 1.0


@helper
def to_plane(view, lon, lat):
    """Project a point given in float32 degrees. Returns visible, x, y (float32; 0 on the far side)."""
    lat_0 = view.lat_0
    far_lon = np.float64(lon) * RAD - view.lon_0
    y_angle = np.float64(lat) * RAD
    s1, c1 = math.sin(y_angle), math.cos(y_angle)
    s2, c2 = math.sin(lat_0), math.cos(lat_0)
    cos_lon = math.cos(far_lon)
    cosine = s1 * s2 + c1 * c2 * cos_lon
    if not cosine >= 0.0:
        return False, np.float32(0.0), np.float32(0.0)
    x = c1 * math.sin(far_lon)
    y = c2 * s1 - s2 * c1 * cos_lon
    k = _stretch(view.kind, cosine)
    return True, np.float32(x * k), np.float32(y * k)


@helper
def _distance_from_centre(kind, rho):
    """Angular distance of a point at radius `rho` of the map; negative outside the map."""
    if kind == ORTHOGRAPHIC:
        return math.asin(rho) if rho <= 1.0 else -1.0
    if kind == STEREOGRAPHIC:
        return 2.0 * math.atan(rho / 2.0) if rho <= 2.0 else -1.0
    if kind == GNOMONIC:
        return math.atan(rho)
    if kind == LAMBERT:
        return 2.0 * math.asin(rho / 2.0) if rho <= math.sqrt(2.0) else -1.0
    return rho if rho <= HALF_PI else -1.0


@helper
def to_sphere(view, x, y):
    """Point of the sphere at map position (x, y), float32.

    Returns visible, lon, lat (float32 degrees; 0 outside the map).
    """
    lon_0, lat_0 = view.lon_0, view.lat_0
    wide_x, wide_y = np.float64(x), np.float64(y)
    rho = math.sqrt(wide_x * wide_x + wide_y * wide_y)
    distance = _distance_from_centre(view.kind, rho)
    if distance < 0.0:
        return False, np.float32(0.0), np.float32(0.0)
    lat, lon = lat_0, lon_0
    if rho > 0.0:
        s2, c2 = math.sin(lat_0), math.cos(lat_0)
        sin_d, cos_d = math.sin(distance), math.cos(distance)
        lat = math.asin(cos_d * s2 + (wide_y * sin_d * c2 / rho))
        across = wide_x * sin_d
        angle = math.atan2(across, rho * c2 * cos_d - wide_y * s2 * sin_d)
        if not across >= 0.0:
            angle = TWO_PI + angle
        lon = angle + lon_0
    lon, lat = lon / RAD, lat / RAD
    if abs(lat) < 1.0e-5:
        lat = 0.0
    if lon > 360.0:
        lon = lon - 360.0
    return True, np.float32(lon), np.float32(lat)


@kernel
def extent_of(view: View, lon: F32_1D, lat: F32_1D) -> tuple[int, float, float, float, float]:
    """Number of visible points of a lon-lat grid and the limits x0, x1, y0, y1 of their map positions."""
    count = 0
    x0 = x1 = y0 = y1 = np.float32(0.0)
    for j in range(len(lat)):
        for i in range(len(lon)):
            visible, x, y = to_plane(view, lon[i], lat[j])
            if not visible:
                continue
            if count == 0:
                x0 = x1 = x
                y0 = y1 = y
            x0, x1 = min(x0, x), max(x1, x)
            y0, y1 = min(y0, y), max(y1, y)
            count += 1
    return count, float(x0), float(x1), float(y0), float(y1)


@kernel
def sphere_points(view: View, x: F32_1D, y: F32_1D, lon: F32_1D, lat: F32_1D, visible: Mask_1D) -> None:
    """Inverse map of the positions (x[k], y[k]) into flat `lon`, `lat` (float32) and `visible`."""
    for k in range(len(x)):
        visible[k], lon[k], lat[k] = to_sphere(view, x[k], y[k])


@kernel
def plane_points(view: View, lon: F32_1D, lat: F32_1D, x: F32_1D, y: F32_1D) -> None:
    """Map positions of the points (lon[k], lat[k]) into flat `x`, `y` (float32), left as they are on the far side."""
    for k in range(len(lon)):
        visible, there_x, there_y = to_plane(view, lon[k], lat[k])
        if visible:
            x[k], y[k] = there_x, there_y


@kernel
def target_points(view: View, x: F32_1D, y: F32_1D, limits: Limits, lon: F32_2D, lat: F32_2D, inside: Mask_2D) -> None:
    """Inverse map of a grid's nodes, and which of them lie in the source region (limits included, float32)."""
    zero = np.float32(0.0)
    for i in range(len(y)):
        for j in range(len(x)):
            visible, here, there = to_sphere(view, x[j], y[i])
            lon[i, j], lat[i, j] = here, there
            in_lon = (limits.east - here) * (here - limits.west) >= zero
            in_lat = (limits.north - there) * (there - limits.south) >= zero
            inside[i, j] = visible and in_lon and in_lat
