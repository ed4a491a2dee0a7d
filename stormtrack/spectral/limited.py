"""Limited areas: what they are, and bands of them by a cosine transform.

Parity: not applicable.

References
----------
Denis, B., J. Cote and R. Laprise 2002, Mon. Wea. Rev. 130, 1812-1829 (cosine transform, normalised wave numbers).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .operators import Band
from .sphere_grid import as_degrees, check_monotonous, describe, recognise_columns

FEWEST = 5
"""Rows and columns that an area has at least."""


class Area(NamedTuple):
    """A limited area in radians: longitudes and latitudes as stored, and whether columns go all round."""

    lon: F64
    lat: F64
    full_circle: bool


def area(lon: Array, lat: Array) -> Area:
    """The area of longitudes (evenly spaced) and latitudes in degrees.

    Raises
    ------
    GridError
        If columns are not evenly spaced, rows not in order, or there are fewer than five of either.
    """
    columns = recognise_columns(lon)
    y = as_degrees("latitude", lat, FEWEST)
    check_monotonous(y)
    if columns.stored < FEWEST:
        raise GridError(f"{columns.stored} columns; at least {FEWEST} are needed for derivatives and bands")
    x = np.empty(columns.stored)
    x[columns.order] = columns.longitude
    if columns.closed:
        x[0 if columns.order.step else -1] = columns.longitude[0] + 2.0 * np.pi
    return Area(x, np.radians(y), columns.full_circle)


def _cosines(n: int, count: int) -> F64:
    """The first `count` functions of the orthonormal cosine transform of `n` values, shape (count, n)."""
    k = np.arange(count)[:, None]
    out = np.cos(np.pi * k * (np.arange(n) + 0.5) / n) * math.sqrt(2.0 / n)
    out[0] *= math.sqrt(0.5)
    return out


class CosineFilter:
    """A band of wave numbers of an area.

    The wave number of a cosine with i half waves along the circle in the middle of the area and j from south to north
    is that of a wave of the same length on the sphere, pi * sqrt((i / width)^2 + (j / height)^2), width and height in
    radians; a band takes what rounds to its total wave numbers.

    Parameters
    ----------
    lon, lat : shapes (columns,), (rows,), degrees
    band : Band

    Raises
    ------
    GridError
        If rows are not evenly spaced, or the band has waves shorter than two grid steps, or none that fits.
    """

    def __init__(self, lon: Array, lat: Array, band: Band) -> None:
        here = area(lon, lat)
        ny, nx = len(here.lat), len(here.lon)
        middle = math.cos(0.5 * (here.lat[0] + here.lat[-1]))
        step_x, step_y = abs(here.lon[1] - here.lon[0]) * middle, abs(here.lat[-1] - here.lat[0]) / (ny - 1)
        if np.abs(np.diff(here.lat)).max() > 1.1 * step_y:
            raise GridError(f"{describe(lon, lat)}: the cosine filter needs evenly spaced rows; interpolate first")
        shortest = int(math.pi / max(step_x, step_y))
        n_max = shortest if band.n_max is None else band.n_max
        if n_max > shortest:
            raise GridError(
                f"total wave number {n_max} on {describe(lon, lat)}; allowed: 0 to {shortest} (two grid steps)"
            )
        x, y = np.pi * np.arange(nx) / (nx * step_x), np.pi * np.arange(ny) / (ny * step_y)
        factors = band.factors(np.hypot(y[:, None], x), n_max)
        if not factors.any():
            raise GridError(
                f"no wave of total wave numbers {band.n_min} to {n_max} fits into {describe(lon, lat)}; the longest "
                f"has {min(x[1], y[1]):.1f}"
            )
        used = np.nonzero(factors)
        n_y, n_x = int(used[0].max()) + 1, int(used[1].max()) + 1
        self._factors, self._north, self._east = factors[:n_y, :n_x], _cosines(ny, n_y), _cosines(nx, n_x)

    def filtered(self, frames: Array) -> F64:
        """The band of frames of shape (frames, rows, columns)."""
        transformed = self._north @ np.asarray(frames, np.float64) @ self._east.T
        out: F64 = self._north.T @ (transformed * self._factors) @ self._east
        return out
