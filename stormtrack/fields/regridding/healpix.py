"""HEALPix: where the pixels lie, in rings and nested.

References
----------
Gorski et al. 2005, ApJ 622, 759: section 4.1 and equations 1 to 9 (rings), section 4.2 (nested).

Parity: not applicable.
"""

from __future__ import annotations

import numpy as np

from ...arrays import F64, I64
from ...errors import GridError
from .rows import Rows


def ring_rows(nside: int) -> Rows:
    """Rings from north to south: latitude, number of pixels, longitude of the first, in the order of ring numbering.

    Parameters
    ----------
    nside : int
        At least 1; 12 nside^2 pixels.
    """
    ring = np.arange(1, 4 * nside)
    from_pole = np.minimum(ring, 4 * nside - ring)
    cap = from_pole < nside
    height = np.where(cap, 1.0 - from_pole**2 / (3.0 * nside**2), 4.0 / 3.0 - 2.0 * ring / (3.0 * nside))
    height = np.where(cap & (ring > 2 * nside), -height, height)
    count = np.where(cap, 4 * from_pole, 4 * nside).astype(np.int64)
    shifted = cap | ((ring - nside) % 2 == 0)
    return Rows.of(
        lat=_latitude(height, from_pole, cap, nside), count=count, first=np.where(shifted, 180.0 / count, 0.0)
    )


def _latitude(height: F64, from_pole: I64, cap: np.ndarray, nside: int) -> F64:
    """Latitudes of rings; near the poles by the distance from the pole, which is the more exact."""
    polar = 90.0 - np.rad2deg(2.0 * np.arcsin(from_pole / (np.sqrt(6.0) * nside)))
    out: F64 = np.where(cap, np.sign(height) * polar, np.rad2deg(np.arcsin(np.clip(height, -1.0, 1.0))))
    return out


def ring_pixels(nside: int, lat: F64, lon: F64) -> I64:
    """Numbers, in rings, of the pixels in which points lie.

    Parameters
    ----------
    nside : int
    lat, lon : float64, shape (n,)
        Degrees.
    """
    height, quarter, tight = _normalised(lat, lon)
    out = np.empty(len(height), np.int64)
    belt = np.abs(height) <= 2.0 / 3.0
    up, down = _diagonals_of_belt(nside, height[belt], quarter[belt])
    ring = nside + 1 + up - down
    shift = 1 - ring % 2
    column = ((up + down - nside + shift + 1) // 2) % (4 * nside)
    out[belt] = 2 * nside * (nside - 1) + (ring - 1) * 4 * nside + column
    up, down = _diagonals_of_cap(nside, quarter[~belt], tight[~belt])
    ring = up + down + 1
    column = np.floor(quarter[~belt] * ring).astype(np.int64) % (4 * ring)
    north, pixels = height[~belt] > 0.0, 12 * nside * nside
    out[~belt] = np.where(north, 2 * ring * (ring - 1) + column, pixels - 2 * ring * (ring + 1) + column)
    return out


def nested_pixels(nside: int, lat: F64, lon: F64) -> I64:
    """Numbers, nested, of the pixels in which points lie; parameters as of `ring_pixels`.

    Raises
    ------
    GridError
        If nside is no power of 2.
    """
    if nside & (nside - 1):
        raise GridError(f"a nested HEALPix grid needs a power of 2 for nside; it is {nside}")
    height, quarter, tight = _normalised(lat, lon)
    face, x, y = (np.empty(len(height), np.int64) for _ in range(3))
    belt = np.abs(height) <= 2.0 / 3.0
    up, down = _diagonals_of_belt(nside, height[belt], quarter[belt])
    upper, lower = up // nside, down // nside
    face[belt] = np.where(upper == lower, (upper % 4) + 4, np.where(upper < lower, upper, lower + 8))
    x[belt], y[belt] = down % nside, nside - 1 - up % nside
    up, down = _diagonals_of_cap(nside, quarter[~belt], tight[~belt])
    north, sector = height[~belt] > 0.0, np.minimum(quarter[~belt].astype(np.int64), 3)
    face[~belt] = np.where(north, sector, sector + 8)
    x[~belt] = np.where(north, nside - 1 - down, up)
    y[~belt] = np.where(north, nside - 1 - up, down)
    return face * nside * nside + _spread(x) + 2 * _spread(y)


def nested_of_ring(nside: int) -> I64:
    """Nested number of every pixel, in the order of ring numbering."""
    rows = ring_rows(nside)
    lat, lon = rows.points()
    return nested_pixels(nside, lat, lon)


def _normalised(lat: F64, lon: F64) -> tuple[F64, F64, F64]:
    """Heights, longitudes in quarters of a circle, and sqrt(3 (1 - |height|)) without cancellation."""
    lat, lon = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
    height = np.sin(np.deg2rad(lat))
    half = np.sin(np.deg2rad(90.0 - np.abs(lat)) / 2.0)
    quarter = (lon % 360.0) / 90.0
    return height, np.where(quarter >= 4.0, 0.0, quarter), np.sqrt(6.0) * half


def _diagonals_of_belt(nside: int, height: F64, quarter: F64) -> tuple[I64, I64]:
    """Numbers of the ascending and the descending edge lines that bound the pixels of points near the equator."""
    along, across = nside * (0.5 + quarter), nside * 0.75 * height
    return np.floor(along - across).astype(np.int64), np.floor(along + across).astype(np.int64)


def _diagonals_of_cap(nside: int, quarter: F64, tight: F64) -> tuple[I64, I64]:
    """The same in the polar caps, counted from the pole within a quarter."""
    within = quarter - np.floor(quarter)
    up = np.floor(nside * within * tight).astype(np.int64)
    down = np.floor(nside * (1.0 - within) * tight).astype(np.int64)
    return np.minimum(up, nside - 1), np.minimum(down, nside - 1)


def _spread(numbers: I64) -> I64:
    """Bits of numbers (below 2^29) moved to the even places."""
    out = np.zeros_like(numbers)
    for bit in range(29):
        out |= ((numbers >> bit) & 1) << (2 * bit)
    return out
