"""Derivatives on limited areas by finite differences, and interpolation by cubics.

Differences take five values: fourth order, second derivatives at edges third order.

Parity: not applicable.

References
----------
Fornberg, B. 1988, Math. Comp. 51, 699-706 (differences on uneven points).
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .limited import FEWEST, Area, area
from .sphere_grid import as_degrees, check_monotonous, describe, recognise_columns

_CUBIC = 4
_NEAR = 1.0e-9


def difference_weights(x: F64, at: float, order: int) -> F64:
    """Weights of values at `x` for a derivative (order 0: the value) at a place, shape (len(x),)."""
    scale = float(np.abs(x - at).max())
    powers = ((x - at) / scale)[None, :] ** np.arange(len(x))[:, None]
    wanted = np.zeros(len(x))
    wanted[order] = math.factorial(order) / scale**order
    out: F64 = np.linalg.solve(powers, wanted).astype(np.float64)
    return out


def stencil_matrix(x: F64, places: F64, order: int, width: int) -> F64:
    """Matrix (places, len(x)) of derivatives from the `width` values around each place; `x` rises or falls."""
    if x[0] > x[-1]:
        return stencil_matrix(x[::-1], places, order, width)[:, ::-1]
    out = np.zeros((len(places), len(x)))
    for k, place in enumerate(places):
        start = min(max(int(np.searchsorted(x, place)) - width // 2, 0), len(x) - width)
        out[k, start : start + width] = difference_weights(x[start : start + width], float(place), order)
    return out


def _circle_matrix(lon: F64, places: F64, order: int, width: int) -> F64:
    """The same for columns all round (west to east, the first not repeated) and places anywhere."""
    n, step = len(lon), 2.0 * np.pi / len(lon)
    index = np.arange(-width, n + width)
    wide = stencil_matrix(lon[0] + step * index, lon[0] + np.mod(places - lon[0], 2.0 * np.pi), order, width)
    out = np.zeros((len(places), n))
    np.add.at(out.T, index % n, wide.T)
    return out


class Derivatives:
    """Derivatives on an area of the unit sphere; frames of shape (frames, rows, columns) in stored order.

    Parameters
    ----------
    lon, lat : shapes (columns,), (rows,), degrees

    Raises
    ------
    GridError
        If the grid cannot be used, or has a row on a pole.
    """

    def __init__(self, lon: Array, lat: Array) -> None:
        here: Area = area(lon, lat)
        if np.abs(here.lat).max() > 0.5 * np.pi - _NEAR:
            raise GridError(
                f"{describe(lon, lat)} has a row on a pole, where differences cannot be taken; leave it out"
            )
        self._cosine, self._sine = np.cos(here.lat)[:, None], np.sin(here.lat)[:, None]
        columns = recognise_columns(lon)
        along = _circle_matrix if here.full_circle else stencil_matrix
        self._x = []
        for order in (1, 2):
            matrix = np.zeros((columns.stored, columns.stored))
            matrix[:, columns.order] = along(columns.longitude, here.lon, order, FEWEST)
            self._x.append(matrix.T.copy())
        self._y = [stencil_matrix(here.lat, here.lat, order, FEWEST) for order in (1, 2)]

    def _east(self, frames: F64, order: int = 1) -> F64:
        out: F64 = frames @ self._x[order - 1]
        return out

    def _north(self, frames: F64, order: int = 1) -> F64:
        out: F64 = self._y[order - 1] @ frames
        return out

    def vorticity(self, u: Array, v: Array) -> F64:
        """Vorticity of winds."""
        east, north = np.asarray(u, np.float64), np.asarray(v, np.float64)
        return (self._east(north) - self._north(east * self._cosine)) / self._cosine

    def divergence(self, u: Array, v: Array) -> F64:
        """Divergence of winds."""
        east, north = np.asarray(u, np.float64), np.asarray(v, np.float64)
        return (self._east(east) + self._north(north * self._cosine)) / self._cosine

    def gradient(self, frames: Array) -> tuple[F64, F64]:
        """Derivatives to the east and to the north."""
        values = np.asarray(frames, np.float64)
        return self._east(values) / self._cosine, self._north(values)

    def laplacian(self, frames: Array) -> F64:
        """Laplacian."""
        f = np.asarray(frames, np.float64)
        around = self._east(f, 2) / self._cosine - self._sine * self._north(f)
        return around / self._cosine + self._north(f, 2)


def interpolated(frames: Array, source: tuple[Array, Array], target: tuple[Array, Array]) -> F64:
    """Frames on other longitudes and latitudes (degrees), by cubics through the four nearest values of either axis.

    Raises
    ------
    GridError
        If a grid cannot be used, or a wanted point lies outside the source.
    """
    columns = recognise_columns(source[0])
    lat = np.radians(as_degrees("latitude", source[1], FEWEST))
    check_monotonous(lat)
    to_lon = np.radians(as_degrees("longitude", target[0], 1))
    to_lat = np.radians(as_degrees("latitude", target[1], 1))
    x = columns.longitude
    if columns.full_circle:
        across = _circle_matrix(x, to_lon, 0, _CUBIC)
    else:
        to_lon = x[0] - _NEAR + np.mod(to_lon - x[0] + _NEAR, 2.0 * np.pi)
        _check_inside("longitude", x, to_lon, source)
        across = stencil_matrix(x, to_lon, 0, _CUBIC)
    _check_inside("latitude", lat, to_lat, source)
    values = np.asarray(frames[..., columns.order], np.float64)
    out: F64 = stencil_matrix(lat, to_lat, 0, _CUBIC) @ values @ across.T
    return out


def _check_inside(name: str, axis: F64, places: F64, source: tuple[Array, Array]) -> None:
    outside = (places < axis.min() - 2 * _NEAR) | (places > axis.max() + 2 * _NEAR)
    if outside.any():
        bad = math.degrees(float(places[outside][0]))
        raise GridError(f"{name} {bad:g} of the wanted grid lies outside {describe(*source)}; choose a grid inside it")
