"""Azimuthal map projections of the sphere, forward and inverse.

References
----------
Specification 01, section 9; 02, section 20. Snyder (1987), Map Projections, chapters 20 to 25. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernels._policy import lean_kernel
from ..kernels.sphere import HALF_PI, RAD

ORTHOGRAPHIC, STEREOGRAPHIC, GNOMONIC, LAMBERT, EQUIDISTANT = 1, 2, 3, 4, 5
KINDS = (ORTHOGRAPHIC, STEREOGRAPHIC, GNOMONIC, LAMBERT, EQUIDISTANT)
TWO_PI = 2.0 * 3.14159265358979323846


@lean_kernel
def centre_angle(degrees):
    """Angle of the centre in radians: rounded to float32 as the original stores it, returned as float64."""
    return np.float64(np.float32(np.float64(degrees) * RAD))


@lean_kernel
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


@lean_kernel
def to_plane(kind, lon, lat, lon_0, lat_0):
    """Project a point.

    `lon`, `lat` are float32 degrees, `lon_0`, `lat_0` come from `centre_angle`. Returns visible, x, y (float32;
    0 on the far side).
    """
    far_lon = np.float64(lon) * RAD - lon_0
    y_angle = np.float64(lat) * RAD
    s1, c1 = math.sin(y_angle), math.cos(y_angle)
    s2, c2 = math.sin(lat_0), math.cos(lat_0)
    cos_lon = math.cos(far_lon)
    cosine = s1 * s2 + c1 * c2 * cos_lon
    if not cosine >= 0.0:
        return False, np.float32(0.0), np.float32(0.0)
    x = c1 * math.sin(far_lon)
    y = c2 * s1 - s2 * c1 * cos_lon
    k = _stretch(kind, cosine)
    return True, np.float32(x * k), np.float32(y * k)


@lean_kernel
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


@lean_kernel
def to_sphere(kind, x, y, lon_0, lat_0):
    """Point of the sphere at map position (x, y), float32.

    Returns visible, lon, lat (float32 degrees; 0 outside the map).
    """
    wide_x, wide_y = np.float64(x), np.float64(y)
    rho = math.sqrt(wide_x * wide_x + wide_y * wide_y)
    distance = _distance_from_centre(kind, rho)
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


@lean_kernel
def extent_of(kind, lon, lat, lon_0, lat_0):
    """Number of visible points of a lon-lat grid and the limits x0, x1, y0, y1 of their map positions."""
    count = 0
    x0 = x1 = y0 = y1 = np.float32(0.0)
    for j in range(len(lat)):
        for i in range(len(lon)):
            visible, x, y = to_plane(kind, lon[i], lat[j], lon_0, lat_0)
            if not visible:
                continue
            if count == 0:
                x0 = x1 = x
                y0 = y1 = y
            x0, x1 = min(x0, x), max(x1, x)
            y0, y1 = min(y0, y), max(y1, y)
            count += 1
    return count, x0, x1, y0, y1


@lean_kernel
def sphere_points(kind, x, y, lon_0, lat_0, lon, lat, visible):
    """Inverse map of the positions (x[k], y[k]) into flat `lon`, `lat` (float32) and `visible`."""
    for k in range(len(x)):
        visible[k], lon[k], lat[k] = to_sphere(kind, x[k], y[k], lon_0, lat_0)


@lean_kernel
def plane_points(kind, lon, lat, lon_0, lat_0, x, y):
    """Map positions of the points (lon[k], lat[k]) into flat `x`, `y` (float32), left as they are on the far side."""
    for k in range(len(lon)):
        visible, there_x, there_y = to_plane(kind, lon[k], lat[k], lon_0, lat_0)
        if visible:
            x[k], y[k] = there_x, there_y


@lean_kernel
def target_points(kind, x, y, lon_0, lat_0, west, east, south, north, lon, lat, inside):
    """Inverse map of a grid's nodes, and which of them lie in the source region (limits included, float32)."""
    zero = np.float32(0.0)
    for i in range(len(y)):
        for j in range(len(x)):
            visible, here, there = to_sphere(kind, x[j], y[i], lon_0, lat_0)
            lon[i, j], lat[i, j] = here, there
            in_lon = (east - here) * (here - west) >= zero
            in_lat = (north - there) * (there - south) >= zero
            inside[i, j] = visible and in_lon and in_lat
