"""Grid lines as the kernels of sampling take them, and the weights of grid points.

References
----------
Specification 06, sections 2.3 and 2.6. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F32_2D, Mask_2D
from ..grid.model import Grid, GridKind
from ..kernels.sphere import RAD


class Lines(NamedTuple):
    """Longitudes and latitudes (degrees, ascending), and the areas of the points of each row and column.

    Attributes
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        A grid that closes has its first column again at the end.
    closed : bool
    width : float32, shape (nx,)
        Radians that a column takes; 1 on an even grid.
    height : float32, shape (ny,)
        Radians that a row takes; 1 on an even grid.
    cosine : float32, shape (ny,)
        Of the latitudes.
    """

    lon: F32_1D
    lat: F32_1D
    closed: bool
    width: F32_1D
    height: F32_1D
    cosine: F32_1D


class Frame(NamedTuple):
    """One frame of a field.

    Attributes
    ----------
    values : float32, shape (ny, nx)
        Scaled.
    missing : bool, shape (ny, nx)
    zero_is_missing : bool
        Whether a value 0 would be missing.
    """

    values: F32_2D
    missing: Mask_2D
    zero_is_missing: bool


def _half_sums(first: F32, second: F32) -> F32:
    """Radians (float32) of half the sums of two differences (float32 degrees)."""
    half = (0.5 * (first + second).astype(np.float64)).astype(np.float32)
    return (half.astype(np.float64) * RAD).astype(np.float32)


def _one_sided(axis: F32) -> F32:
    steps = np.diff(axis)
    return _half_sums(np.concatenate([steps[:1], steps]), np.concatenate([steps, steps[-1:]]))


def _columns(lon: F32) -> F32:
    """Widths of the columns of a grid that closes."""
    circle = np.float32(360.0)
    before = np.concatenate([lon[:1] - (lon[-2] - circle), np.diff(lon)])
    after = np.concatenate([np.diff(lon), (lon[-1] - lon[-1:]) + lon[1]])
    return _half_sums(before, after)


def lines_of(grid: Grid) -> Lines:
    """The lines of a working grid."""
    lon, lat = np.ascontiguousarray(grid.lon), np.ascontiguousarray(grid.lat)
    closed = grid.wraps or grid.kind is GridKind.GLOBAL_CLOSED
    even = grid.kind is not GridKind.UNEVEN and not grid.uneven_latitudes
    cosine = np.array([math.cos(float(value) * RAD) for value in lat], np.float32)
    width, height = np.ones(len(lon), np.float32), np.ones(len(lat), np.float32)
    if not even:
        width, height = _columns(lon) if closed else _one_sided(lon), _one_sided(lat)
    return Lines(lon, lat, closed, width, height, cosine)
