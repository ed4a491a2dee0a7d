"""Points of a region around a centre, turned into the direction of motion or not.

References
----------
Specification 06, section 2.7. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64_1D, F64_2D, I64_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import HALF_PI, RAD, clamped_acos, unit_vector

UNDEFINED = 1.0e25


class Shape(NamedTuple):
    """How a region lies.

    Attributes
    ----------
    vectors : float64, shape (n, 3)
        Its points around the north pole, or around (0, 0).
    around_pole, turned : bool
    south, north : float32
        Latitudes beyond which there are no values.
    """

    vectors: F64_2D
    around_pole: bool
    turned: bool
    south: np.float32
    north: np.float32


@helper
def cross(a, b):
    """Vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@helper
def dot(a, b):
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@helper
def heading(lon, lat, here):
    """Signed angle between the meridian and the way to the next point."""
    phi = np.float64(lon[here]) * RAD
    theta = max(HALF_PI - np.float64(lat[here]) * RAD, 0.0)
    first = unit_vector(lon[here], lat[here])
    second = unit_vector(lon[here + 1], lat[here + 1])
    meridian = -math.cos(phi) * math.cos(theta), -math.sin(phi) * math.cos(theta), math.sin(theta)
    normal = cross(first, second)
    tangent = cross(normal, first)
    length = math.sqrt(dot(tangent, tangent))
    if length == 0.0:
        return 0.0
    angle = clamped_acos(dot(meridian, tangent) / length)
    return angle if dot(normal, meridian) >= 0.0 else -angle


@kernel
def headings(start: I64_1D, lon: F32_1D, lat: F32_1D, smoothing: int, out: F64_1D) -> None:
    """Angle (radians) by which the region of every track point is turned."""
    for k in range(len(start) - 1):
        begin, number = start[k], start[k + 1] - start[k]
        for point in range(number):
            first = point - smoothing // 2 - (1 - smoothing % 2)
            last = min(max(point + smoothing // 2, 0), number - 2)
            first = min(max(first, 0), number - 2)
            total = 0.0
            for here in range(max(first, 0), last + 1):
                total += heading(lon, lat, begin + here)
            out[begin + point] = total / np.float64(last - first + 1) if number > 1 else 0.0


@helper
def brought(vector, phi, theta):
    """A point around the pole, brought to a centre."""
    cp, sp, ct, st = math.cos(phi), math.sin(phi), math.cos(theta), math.sin(theta)
    x, y, z = vector
    return (
        cp * ct * x + -sp * y + cp * st * z,
        sp * ct * x + cp * y + sp * st * z,
        -st * x + 0.0 * y + ct * z,
    )


@helper
def turned_about(vector, axis, angle):
    """A vector turned about an axis."""
    product = cross(vector, axis)
    sine, cosine = math.sin(angle), math.cos(angle)
    along = (1.0 - cosine) * dot(vector, axis)
    return (
        product[0] * sine + axis[0] * along + vector[0] * cosine,
        product[1] * sine + axis[1] * along + vector[1] * cosine,
        product[2] * sine + axis[2] * along + vector[2] * cosine,
    )


@kernel
def regions(shape: Shape, lon: F32_1D, lat: F32_1D, angle: F64_1D, x: F64_2D, y: F64_2D) -> None:
    """Longitudes and latitudes of the points of regions, shape (n_centres, n); undefined beyond the grid."""
    northmost = math.cos(HALF_PI - np.float64(shape.north) * RAD)
    southmost = -math.cos(HALF_PI - np.float64(shape.south) * RAD)
    for p in range(len(lon)):
        phi = np.float64(lon[p]) * RAD
        theta = max(HALF_PI - np.float64(lat[p]) * RAD, 0.0)
        centre = unit_vector(lon[p], lat[p])
        tilt = theta if shape.around_pole else -(HALF_PI - theta)
        for k in range(len(shape.vectors)):
            own = shape.vectors[k, 0], shape.vectors[k, 1], shape.vectors[k, 2]
            found = brought(own, phi, tilt)
            if shape.turned:
                found = turned_about(found, centre, angle[p])
            x[p, k] = y[p, k] = UNDEFINED
            if found[2] > northmost or -found[2] > southmost:
                continue
            east = math.atan2(found[1], found[0]) / RAD
            if east < 0.0:
                east += 360.0
            x[p, k] = east
            y[p, k] = (HALF_PI - clamped_acos(found[2])) / RAD
