"""Associated Legendre functions at given latitudes, and the spectral taper.

References
----------
Specification 05, sections 2.4 and 2.9. J. R. Sardeshmukh and B. J. Hoskins (1984), Spatial smoothing on the sphere,
Mon. Wea. Rev. 112, 2524-2529 (the taper). Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32, F32_1D, F64_2D
from ..kernels.declare import helper, kernel

PI = 3.14159265358979323846
HALF_PI = 1.57079632679489661923
RAD = 0.017453292519943295


@helper
def _step_up(n, m):
    """sqrt((4 n^2 - 1) / (n^2 - m^2)), the integers exact."""
    return math.sqrt(np.float64(4 * n * n - 1) / np.float64(n * n - m * m))


@helper
def _step_down(n, m):
    """sqrt((n^2 - m^2) / (4 n^2 - 1)), the integers exact."""
    return math.sqrt(np.float64(n * n - m * m) / np.float64(4 * n * n - 1))


@kernel
def legendre_columns(latitude: F32_1D, truncation: int, values: F64_2D, beyond: F64_2D) -> None:
    """Fill P[n, m] of every row.

    Parameters
    ----------
    latitude : float32, shape (rows,), degrees
    truncation : int
    values : float64, shape (n_coefficients, rows)
        Filled; coefficients ordered m = 0..T, n = m..T.
    beyond : float64, shape (truncation + 1, rows)
        Filled with P[T + 1, m] (as the winds need it).
    """
    top = truncation
    s = 1.0 / math.sqrt(4.0 * PI)
    for row in range(len(latitude)):
        angle = min(max(HALF_PI - np.float64(latitude[row]) * RAD, 0.0), PI)
        x = math.cos(angle)
        h = -math.sqrt(1.0 - x * x) / 2.0
        q, u, v = 1.0, 1.0, 0.0
        at = 0
        for m in range(top + 1):
            if m > 0:
                u += 2.0
                v += 2.0
                q = q * ((math.sqrt(u * v) * h) / m)
            values[at, row] = s * q
            at += 1
            if m == top:
                beyond[m, row] = ((s * x) * math.sqrt(2.0 * m + 3.0)) * q
                break
            q0, q1 = q, (x * math.sqrt(2.0 * m + 3.0)) * q
            values[at, row] = s * q1
            at += 1
            for n in range(m + 2, top + 1):
                q0, q1 = q1, _step_up(n, m) * (x * q1 - _step_down(n - 1, m) * q0)
                values[at, row] = s * q1
                at += 1
            n = top + 1
            beyond[m, row] = (s * _step_up(n, m)) * (x * q1 - _step_down(n - 1, m) * q0)


@kernel
def slope_columns(truncation: int, values: F64_2D, beyond: F64_2D, slopes: F64_2D) -> None:
    """Fill cos(latitude) dP/d(latitude) of every row, from `legendre_columns`' output; same shapes."""
    top = truncation
    rows = values.shape[1]
    at = 0
    for m in range(top + 1):
        for n in range(m, top + 1):
            down, up = n * _step_down(n + 1, m), 0.0
            if n > m:
                up = (n + 1) * _step_down(n, m)
            for row in range(rows):
                higher = values[at + 1, row] if n < top else beyond[m, row]
                if n == 0:
                    slopes[at, row] = 0.0
                elif n == m:
                    slopes[at, row] = -down * higher
                else:
                    slopes[at, row] = up * values[at - 1, row] - down * higher
            at += 1


def hoskins_taper(truncation: int, cutoff: float | None) -> F32:
    """Factors H[n] of the Hoskins filter, n = 0..truncation.

    Parameters
    ----------
    truncation : int
    cutoff : float, optional
        Factor at the truncation, > 0 (rounded to float32 as in the original); None gives ones.
    """
    if cutoff is None:
        return np.ones(truncation + 1, np.float32)
    limit = float(np.float32(truncation) * np.float32(truncation + 1))
    limit = limit * limit
    decay = -math.log(float(np.float32(cutoff))) / limit
    degrees = [float(n) for n in range(truncation + 1)]
    return np.array([math.exp(((-decay) * (n * n)) * ((n + 1.0) * (n + 1.0))) for n in degrees], np.float32)
