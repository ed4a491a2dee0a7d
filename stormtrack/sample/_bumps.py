"""Kernel that adds compact bumps to a field on the sphere."""

from __future__ import annotations

import math

import numpy as np

from ..kernels._policy import kernel


@kernel
def add_bumps(field, sin_lat, cos_lat, sin_lon, cos_lon, centre, size, amplitude):
    """Add amplitude * (1 - (chord / size)^2)^3 within `size` of each centre.

    Parameters
    ----------
    field : float64, shape (rows, columns)
        Changed in place. Work is proportional to the number of points covered.
    sin_lat, cos_lat, sin_lon, cos_lon : float64
        Of the grid; longitudes evenly spaced from 0.
    centre : float64, shape (n, 4)
        sin and cos of latitude, sin and cos of longitude.
    size : float64, shape (n,)
        Chord length on the unit sphere at which the bump ends.
    amplitude : float64, shape (n,)
    """
    rows, columns = field.shape
    step = 2.0 * math.pi / columns
    for b in range(len(size)):
        sf, cf, sl, cl = centre[b, 0], centre[b, 1], centre[b, 2], centre[b, 3]
        square = size[b] * size[b]
        middle = math.atan2(sl, cl) / step
        for j in range(rows):
            level, across = sin_lat[j] * sf, cos_lat[j] * cf
            if 2.0 - 2.0 * (level + across) >= square:
                continue
            half, edge = columns, 1.0 - 0.5 * square - level
            if edge > -across:
                half = np.int64(math.acos(min(edge / across, 1.0)) / step) + 2  # more than enough; the test decides
            first, last = np.int64(math.floor(middle)) - half, np.int64(math.floor(middle)) + half
            if last - first + 1 >= columns:
                first, last = 0, columns - 1
            for k in range(first, last + 1):
                i = k % columns
                rest = (2.0 - 2.0 * (level + across * (cos_lon[i] * cl + sin_lon[i] * sl))) / square
                if rest < 1.0:
                    t = 1.0 - rest
                    field[j, i] += amplitude[b] * (t * t * t)


@kernel
def add_waves(field, lon_part, lat_part):
    """Add the products of `lat_part` (waves, rows) and `lon_part` (waves, columns)."""
    for w in range(lon_part.shape[0]):
        for j in range(field.shape[0]):
            factor = lat_part[w, j]
            for i in range(field.shape[1]):
                field[j, i] += factor * lon_part[w, i]


@kernel
def quantise(field, scale, out):
    """Round to multiples of 1 / scale (a power of two) into float32, so that last-bit differences vanish."""
    for j in range(field.shape[0]):
        for i in range(field.shape[1]):
            out[j, i] = np.float32(math.floor(field[j, i] * scale + 0.5) / scale)
