"""Kernel that adds compact bumps to a field on the sphere."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_2D, F64_1D, F64_2D
from ..kernels.declare import kernel


class Trigonometry(NamedTuple):
    """Sines and cosines of a grid's latitudes and longitudes, float64; longitudes evenly spaced from 0."""

    sin_lat: F64_1D
    cos_lat: F64_1D
    sin_lon: F64_1D
    cos_lon: F64_1D


@kernel
def add_bumps(field: F64_2D, grid: Trigonometry, centre: F64_2D, size: F64_1D, amplitude: F64_1D) -> None:
    """Add amplitude * (1 - (chord / size)^2)^3 within `size` of each centre.

    Parameters
    ----------
    field : float64, shape (rows, columns)
        Changed in place. Work is proportional to the number of points covered.
    grid : Trigonometry
    centre : float64, shape (n, 4)
        sin and cos of latitude, sin and cos of longitude.
    size : float64, shape (n,)
        Chord length on the unit sphere at which the bump ends.
    amplitude : float64, shape (n,)
    """
    rows, columns = field.shape
    cos_lon, sin_lon = grid.cos_lon, grid.sin_lon
    step = 2.0 * math.pi / columns
    for b in range(len(size)):
        sf, cf, sl, cl = centre[b, 0], centre[b, 1], centre[b, 2], centre[b, 3]
        square = size[b] * size[b]
        middle = math.atan2(sl, cl) / step
        for j in range(rows):
            level, across = grid.sin_lat[j] * sf, grid.cos_lat[j] * cf
            if 2.0 - 2.0 * (level + across) >= square:
                continue
            half, edge = np.int64(columns), 1.0 - 0.5 * square - level
            if edge > -across:
                half = np.int64(math.acos(min(edge / across, 1.0)) / step) + 2  # more than enough; the test decides
            first, last = np.int64(math.floor(middle)) - half, np.int64(math.floor(middle)) + half
            if last - first + 1 >= columns:
                first, last = np.int64(0), np.int64(columns - 1)
            for k in range(first, last + 1):
                i = k % columns
                rest = (2.0 - 2.0 * (level + across * (cos_lon[i] * cl + sin_lon[i] * sl))) / square
                if rest < 1.0:
                    t = 1.0 - rest
                    field[j, i] += amplitude[b] * (t * t * t)


@kernel
def add_waves(field: F64_2D, lon_part: F64_2D, lat_part: F64_2D) -> None:
    """Add the products of `lat_part` (waves, rows) and `lon_part` (waves, columns)."""
    for w in range(lon_part.shape[0]):
        for j in range(field.shape[0]):
            factor = lat_part[w, j]
            for i in range(field.shape[1]):
                field[j, i] += factor * lon_part[w, i]


@kernel
def quantise(field: F64_2D, scale: float, out: F32_2D) -> None:
    """Round to multiples of 1 / scale (a power of two) into float32, so that last-bit differences vanish."""
    for j in range(field.shape[0]):
        for i in range(field.shape[1]):
            out[j, i] = np.float32(math.floor(field[j, i] * scale + 0.5) / scale)
