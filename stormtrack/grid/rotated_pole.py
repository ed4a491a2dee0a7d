"""Positions on a grid with a rotated pole taken back to geographical longitudes and latitudes.

References
----------
Specification 01, section 4.3; the arithmetic was found by comparing with the original's output. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D
from ..kernels.declare import kernel
from ..kernels.sphere import RAD


class Pole(NamedTuple):
    """The rotated north pole in radians (rounded to float32), and what is added to longitudes first (degrees)."""

    lon: float
    lat: float
    shift: float


@kernel
def _geographical(lon: F32_1D, lat: F32_1D, pole: Pole, out_lon: F32_1D, out_lat: F32_1D) -> None:
    sin_pole, cos_pole = math.sin(pole.lat), math.cos(pole.lat)
    for k in range(len(lon)):
        x, y = (np.float64(lon[k]) + pole.shift) * RAD, np.float64(lat[k]) * RAD
        height = cos_pole * math.cos(x) * math.cos(y) + sin_pole * math.sin(y)
        height = max(-1.0, min(1.0, height))
        along = math.sin(y) * cos_pole - math.cos(y) * math.cos(x) * sin_pole
        angle = math.atan2(-math.cos(y) * math.sin(x), along) + pole.lon
        angle = angle / RAD
        while angle < 0.0:
            angle += 360.0
        while angle > 360.0:
            angle -= 360.0
        out_lon[k], out_lat[k] = np.float32(angle), np.float32(math.asin(height) / RAD)


def from_rotated_pole(
    lon: F32, lat: F32, *, pole_longitude: float, pole_latitude: float, shift: float = 0.0
) -> tuple[F32, F32]:
    """Geographical positions of points on a rotated grid.

    Parameters
    ----------
    lon, lat : float32, shape (n,)
        Degrees on the rotated grid.
    pole_longitude, pole_latitude : float
        Where the rotated north pole lies, degrees.
    shift : float
        Added to the longitudes first, in float64.

    Returns
    -------
    lon, lat : float32, shape (n,)
        Degrees; longitudes from 0 to 360.
    """
    x, y = np.ascontiguousarray(lon, np.float32), np.ascontiguousarray(lat, np.float32)
    out_lon, out_lat = np.empty(len(x), np.float32), np.empty(len(x), np.float32)
    lon_0, lat_0 = (float(np.float32(float(np.float32(v)) * RAD)) for v in (pole_longitude, pole_latitude))
    _geographical(x, y, Pole(lon_0, lat_0, float(shift)), out_lon, out_lat)
    return out_lon, out_lat
