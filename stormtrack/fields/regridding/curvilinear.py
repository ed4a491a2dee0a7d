"""Curvilinear grids: every cell of four points as two triangles on the sphere, linear in each.

Parity: not applicable.
"""

from __future__ import annotations

import numpy as np

from ...arrays import F64, I64, Mask
from ...errors import GridError
from .weights import Weights

_ROOM = 1.0e-9
_CHUNK = 200_000


def unit_vectors(lat: F64, lon: F64) -> F64:
    """Unit vectors, shape (..., 3), of latitudes and longitudes in degrees."""
    y, x = np.deg2rad(lat), np.deg2rad(lon)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def triangles_of(lat: F64, lon: F64) -> I64:
    """Corners (flat indices), shape (n, 3), of two triangles for every cell whose four points are known.

    Parameters
    ----------
    lat, lon : float64, shape (ny, nx)
    """
    ny, nx = lat.shape
    number = np.arange(ny * nx).reshape(ny, nx)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    corners = np.concatenate([np.stack([k.ravel() for k in three], axis=-1) for three in ((a, b, c), (d, c, b))])
    known = np.isfinite(lat + lon).ravel()
    out: I64 = corners[known[corners].all(axis=1)]
    return out


def linear(source: tuple[F64, F64], lat: F64, lon: F64) -> Weights:
    """Weights for targets on a grid: rows `lat`, columns `lon`; NaN outside of the source.

    Parameters
    ----------
    source : (lat, lon), float64, shape (ny, nx)
        Points of the curvilinear grid, degrees.
    lat, lon : float64, shapes (m,), (n,)
        Rows (increasing) and columns (evenly spaced or not, increasing) of the target grid.

    Raises
    ------
    GridError
        If no target lies inside.
    """
    corners = triangles_of(*source)
    points = unit_vectors(*(np.nan_to_num(axis.ravel()) for axis in source))
    targets = len(lat) * len(lon)
    index = np.zeros((3, targets), np.int64)
    weight = np.full((3, targets), np.nan)
    for start in range(0, len(corners), _CHUNK):
        part = corners[start : start + _CHUNK]
        triangle, target = _pairs(np.stack([source[0].ravel()[part], source[1].ravel()[part]]), lat, lon)
        if not len(target):
            continue
        vectors = unit_vectors(lat[target // len(lon)], lon[target % len(lon)])
        shares, inside = _inside(points[part[triangle]], vectors)
        index[:, target[inside]] = part[triangle[inside]].T
        weight[:, target[inside]] = shares[inside].T
    if not np.isfinite(weight).any():
        raise GridError("no point of the grid wanted lies inside the source's grid; choose a finer one")
    return Weights(index=index, weight=weight)


def _pairs(corners: F64, lat: F64, lon: F64) -> tuple[I64, I64]:
    """Triangles, and targets that lie in the rectangle of longitudes and latitudes around each.

    `corners` has the shape (2, triangles, 3). Triangles with a pole inside are given the whole circle.
    """
    y, x = corners
    x = x[:, :1] + (x - x[:, :1] + 180.0) % 360.0 - 180.0
    low_y, high_y, low_x, high_x = y.min(axis=1), y.max(axis=1), x.min(axis=1), x.max(axis=1)
    around = (high_x - low_x) > 150.0
    low_x, high_x = np.where(around, lon[0], low_x), np.where(around, lon[0] + 360.0, high_x)
    high_y = np.where(around & (high_y > 0), 90.0, high_y + 0.02 * (high_x - low_x) + 1e-9)
    low_y = np.where(around & (low_y < 0), -90.0, low_y - 0.02 * (high_x - low_x) - 1e-9)
    first_row, end_row = np.searchsorted(lat, low_y), np.searchsorted(lat, high_y, side="right")
    begin = np.floor((low_x - lon[0]) / 360.0) * 360.0
    triangle, target = [], []
    for turn in (0.0, 360.0):
        first = np.searchsorted(lon, low_x - begin - turn - 1e-9)
        end = np.searchsorted(lon, high_x - begin - turn + 1e-9, side="right")
        pairs = _in_rectangles((first_row, end_row), (first, end), len(lon))
        triangle.append(pairs[0])
        target.append(pairs[1])
    return np.concatenate(triangle), np.concatenate(target)


def _in_rectangles(rows: tuple[I64, I64], columns: tuple[I64, I64], width: int) -> tuple[I64, I64]:
    """All targets of rectangles: the number of the rectangle, and the number of the target."""
    high, wide = np.maximum(rows[1] - rows[0], 0), np.maximum(columns[1] - columns[0], 0)
    counts = high * wide
    which = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    row = rows[0][which] + within // np.maximum(wide[which], 1)
    column = columns[0][which] + within % np.maximum(wide[which], 1)
    return which, row * width + column


def _inside(corners: F64, vectors: F64) -> tuple[F64, Mask]:
    """Shares of three corners (shape (n, 3, 3)) in unit vectors, and whether these lie in the triangles."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    volume = np.einsum("ij,ij->i", a, np.cross(b, c))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.stack(
            [
                np.einsum("ij,ij->i", vectors, np.cross(b, c)) / volume,
                np.einsum("ij,ij->i", vectors, np.cross(c, a)) / volume,
                np.einsum("ij,ij->i", vectors, np.cross(a, b)) / volume,
            ],
            axis=-1,
        )
        total = shares.sum(axis=1, keepdims=True)
        inside = np.isfinite(shares).all(axis=1) & (shares > -_ROOM * np.abs(total)).all(axis=1) & (total[:, 0] > 0)
        return np.clip(shares / total, 0.0, 1.0), inside
