"""Points on the unit sphere as TRACK's statistics compute them.

References
----------
Specification 06, section 0. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F64_1D, I64, Mask
from ..kernels.declare import helper, kernel
from ..kernels.sphere import unit_vector


class Points(NamedTuple):
    """Unit vectors of points: float64, shape (n,) each."""

    x: F64_1D
    y: F64_1D
    z: F64_1D


@helper
def dot(a, i, b, j):
    """Cosine of the angle between point `i` of `a` and point `j` of `b`, summed from left to right."""
    return (a.x[i] * b.x[j] + a.y[i] * b.y[j]) + a.z[i] * b.z[j]


@kernel
def fill_vectors(lon: F32_1D, lat: F32_1D, out: Points) -> None:
    """Unit vectors of points in degrees."""
    for k in range(len(lon)):
        out.x[k], out.y[k], out.z[k] = unit_vector(lon[k], lat[k])


def empty_points(count: int) -> Points:
    """Room for `count` points."""
    return Points(*(np.zeros(count) for _ in range(3)))


def on_sphere(lon: F32, lat: F32) -> Points:
    """Unit vectors of points given in degrees (float32, shape (n,))."""
    out = empty_points(len(lon))
    fill_vectors(np.ascontiguousarray(lon), np.ascontiguousarray(lat), out)
    return out


def taken(points: Points, which: I64 | Mask) -> Points:
    """Some of the points."""
    return Points(*(axis[which] for axis in points))
