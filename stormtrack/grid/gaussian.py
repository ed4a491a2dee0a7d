"""Gaussian latitudes, weights and grids in the original's arithmetic.

References
----------
Specification 05, sections 2.2 and 2.3. Parity: bitwise.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from ..arrays import F32, F64, F64_1D
from ..errors import GridError
from ..kernels.declare import helper, kernel

PI = 3.14159265358979323846
HALF_PI = 1.57079632679489661923
RAD = 0.017453292519943295
_MAX_ITERATIONS = 20
_CONVERGED = 1e-10


@helper
def _legendre_and_slope(x, n, first, second, third):
    """Value of the normalised Legendre polynomial of degree `n` at `x`, and the quantity its slope is made of."""
    previous, current, e, k = first, x * second, third, 1.0
    for _ in range(1, n):
        k += 1.0
        r = math.sqrt(4.0 * k * k - 1.0) / k
        p = r * (x * current - e * previous)
        previous, current = current, p
        e = 1.0 / r
    return current, (2.0 * n + 1.0) * e * previous - x * k * current


@kernel
def _north_nodes(n: int, cosines: F64_1D, weights: F64_1D) -> None:
    """Fill the nodes (cosines of the colatitude) and weights of the northern half, from the pole."""
    g = 2.0 * n + 1.0
    first, second, third = math.sqrt(0.5), math.sqrt(1.5), math.sqrt(1.0 / 3.0)
    for row in range(n // 2):
        theta = PI * (2.0 * (row + 1) - 0.5) / g
        theta = theta + math.cos(theta) / (8.0 * n * n * math.sin(theta))
        x = math.cos(theta)
        for _ in range(_MAX_ITERATIONS):
            p, d = _legendre_and_slope(x, n, first, second, third)
            delta = (1.0 - x * x) * p / d
            if abs(delta) < _CONVERGED:  # the last correction is not applied
                weights[row] = g * (1.0 - x * x) / (d * d)
                break
            x -= delta
        cosines[row] = x


@functools.lru_cache(maxsize=16)
def gaussian_latitudes(n_lat: int) -> tuple[F64, F64]:
    """Gaussian latitudes and quadrature weights.

    Parameters
    ----------
    n_lat : int
        Number of rows, even and at least 2.

    Returns
    -------
    latitude : float64, shape (n_lat,), degrees, south to north, read-only
    weight : float64, shape (n_lat,), sum 2, read-only

    Raises
    ------
    GridError
        For an odd or too small number of rows.
    """
    if n_lat < 2 or n_lat % 2:
        raise GridError(f"a Gaussian grid needs an even number of rows, at least 2; {n_lat} asked for")
    cosines, weights = np.zeros(n_lat // 2), np.zeros(n_lat // 2)
    _north_nodes(n_lat, cosines, weights)
    north = np.array([(HALF_PI - math.acos(x)) / RAD for x in cosines])
    latitude = np.concatenate([-north, north[::-1]])
    weight = np.concatenate([weights, weights[::-1]])
    latitude.flags.writeable = weight.flags.writeable = False
    return latitude, weight


def _rounded_columns(n: int) -> int:
    n += n % 2
    return n + 2 if n % 4 else n


def linear_columns(truncation: int) -> int:
    """Number of columns of the linear grid of a triangular truncation (2T + 1, rounded up)."""
    return _rounded_columns(2 * truncation + 1)


def quadratic_columns(truncation: int) -> int:
    """Number of columns of the quadratic grid of a triangular truncation (3T + 1, rounded up)."""
    return _rounded_columns(3 * truncation + 1)


def gaussian_grid(truncation: int) -> tuple[F32, F32]:
    """Longitudes and latitudes (float32 degrees; west to east, south to north) of the quadratic grid.

    Parameters
    ----------
    truncation : int
        Triangular truncation, at least 1: 42 gives 128 x 64, 63 gives 192 x 96.

    Raises
    ------
    GridError
        For a truncation below 1.
    """
    if truncation < 1:
        raise GridError(f"the truncation of a Gaussian grid must be at least 1; {truncation} asked for")
    n_lon = quadratic_columns(truncation)
    step = np.float32(360.0 / n_lon)
    lon = np.arange(n_lon, dtype=np.float32) * step
    lat = gaussian_latitudes(n_lon // 2)[0].astype(np.float32)
    return lon, lat
