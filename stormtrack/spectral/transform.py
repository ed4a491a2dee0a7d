"""Plans: from fields on a grid to harmonics, and from harmonics to fields on any grid.

Coefficients c of a field f are complex, shape (triangle.size, frames), with
f = sum over m of (2 - [m = 0]) Re(sum over n of c[n, m] P[n, m] exp(i m longitude)) and P of `legendre`.

Parity: not bitwise with anything; to 1e-12 of the largest value of the field with exact arithmetic for fields that the
grid holds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .circles import Circles
from .legendre import Triangle, legendre_functions, vector_functions
from .mirror import C128, Evenness, OrderTable, half, mirrored, table_of
from .quadrature import Quadrature, quadrature
from .sphere_grid import Columns, SphereGrid, as_degrees, describe, recognise_columns, recognise_rows, sphere_grid

_PLANS = 8
"""Plans that are remembered."""


class WindCoefficients(NamedTuple):
    """What winds are on the unit sphere; divide by the radius of the Earth."""

    vorticity: C128
    divergence: C128


class AnalysisPlan:
    """Everything about the analysis of fields on one grid that does not depend on the fields; threads may share it.

    Parameters
    ----------
    grid : SphereGrid
    triangle : Triangle
    """

    def __init__(self, grid: SphereGrid, triangle: Triangle) -> None:
        self.grid, self.triangle = grid, triangle
        self._circles = Circles(grid.columns, triangle.m_max)
        self._mirrored = mirrored(grid.rows.colatitude)

    @functools.cached_property
    def _quadrature(self) -> Quadrature:
        return quadrature(self.grid.rows, self.triangle.n_max)

    @property
    def _nodes(self) -> F64:
        """Colatitudes of the nodes that functions are needed at."""
        nodes = self._quadrature.colatitude
        return nodes[: half(len(nodes))] if self._mirrored else nodes

    @functools.cached_property
    def _scalar(self) -> list[OrderTable]:
        """Weights of the rows, order by order."""
        q = self._quadrature
        return self._tables(legendre_functions(self._nodes, self.triangle), q.to_nodes, "even")

    @functools.cached_property
    def _vector(self) -> list[tuple[OrderTable, OrderTable]]:
        """The same of both functions of winds."""
        functions, to_nodes = vector_functions(self._nodes, self.triangle), self._quadrature.winds_to_nodes
        along = self._tables(functions.along, to_nodes, "even")
        return list(zip(along, self._tables(functions.across, to_nodes, "odd"), strict=True))

    def _tables(self, functions: F64, to_nodes: Callable[[int], F64 | None], evenness: Evenness) -> list[OrderTable]:
        q, triangle, kind = self._quadrature, self.triangle, evenness if self._mirrored else None
        return [q.table(functions[triangle.of_order(m)], to_nodes(m), kind) for m in range(triangle.m_max + 1)]

    def coefficients(self, frames: Array) -> C128:
        """Coefficients, shape (triangle.size, frames), of frames of shape (frames, rows, columns)."""
        waves = self._circles.waves(frames)
        out = np.empty((self.triangle.size, waves.shape[2]), np.complex128)
        for m, table in enumerate(self._scalar):
            out[self.triangle.of_order(m)] = table.over_rows(waves[m])
        return out

    def wind_coefficients(self, u: Array, v: Array) -> WindCoefficients:
        """Vorticity and divergence of winds (each of shape (frames, rows, columns)) on the unit sphere."""
        east, north = self._circles.waves(u), self._circles.waves(v)
        shape = (self.triangle.size, east.shape[2])
        vorticity, divergence = np.empty(shape, np.complex128), np.empty(shape, np.complex128)
        for m, (along, across) in enumerate(self._vector):
            where = self.triangle.of_order(m)
            vorticity[where] = 1j * along.over_rows(north[m]) + across.over_rows(east[m])
            divergence[where] = 1j * along.over_rows(east[m]) - across.over_rows(north[m])
        return WindCoefficients(vorticity, divergence)


class SynthesisPlan:
    """Everything about fields on one grid that are made of harmonics.

    Parameters
    ----------
    columns : Columns
    colatitude : float64, shape (rows,), radians
    triangle : Triangle
    """

    def __init__(self, columns: Columns, colatitude: F64, triangle: Triangle) -> None:
        self.triangle, self._n_rows = triangle, len(colatitude)
        self._circles = Circles(columns, triangle.m_max)
        self._mirrored = mirrored(colatitude)
        self._colatitude = colatitude[: half(len(colatitude))] if self._mirrored else colatitude

    @functools.cached_property
    def _scalar(self) -> list[OrderTable]:
        return self._tables(legendre_functions(self._colatitude, self.triangle), "even")

    @functools.cached_property
    def _vector(self) -> tuple[list[OrderTable], list[OrderTable]]:
        functions = vector_functions(self._colatitude, self.triangle)
        return self._tables(functions.along, "even"), self._tables(functions.across, "odd")

    def _tables(self, functions: F64, evenness: Evenness) -> list[OrderTable]:
        kind, triangle = evenness if self._mirrored else None, self.triangle
        return [table_of(functions[triangle.of_order(m)], kind) for m in range(triangle.m_max + 1)]

    def field(self, coefficients: C128, out: Array) -> None:
        """Fill frames, shape (frames, rows, columns), from coefficients of shape (triangle.size, frames)."""
        self._circles.fill(self._waves(self._scalar, coefficients), out)

    def gradient(self, coefficients: C128, east: Array, north: Array) -> None:
        """Fill derivatives to the east and to the north on the unit sphere, each of shape (frames, rows, columns)."""
        along, across = self._vector
        self._circles.fill(self._waves(along, coefficients * 1j), east)
        self._circles.fill(self._waves(across, coefficients), north)

    def _waves(self, tables: list[OrderTable], coefficients: C128) -> C128:
        triangle = self.triangle
        out = np.empty((triangle.m_max + 1, self._n_rows, coefficients.shape[1]), np.complex128)
        for m, table in enumerate(tables):
            table.over_degrees(coefficients[triangle.of_order(m)], out[m])
        return out


def analysis_plan(lon: Array, lat: Array, truncation: int | None = None) -> AnalysisPlan:
    """The plan for fields on a sphere grid; plans are remembered.

    Parameters
    ----------
    lon, lat : shapes (columns,) and (rows,), degrees
        Either way, evenly spaced columns from wherever; a closing column is left out.
    truncation : int, optional
        Triangular; everything that the grid determines if not given.

    Raises
    ------
    GridError
        If the grid does not cover the sphere in a way that is known, or cannot hold the truncation.
    """
    return _analysis_plan(*_keys(lon, lat), truncation)


def synthesis_plan(lon: Array, lat: Array, triangle: Triangle) -> SynthesisPlan:
    """The plan for fields on any evenly spaced columns and any rows; plans are remembered.

    Raises
    ------
    GridError
        If coordinates cannot be used, or columns all round the globe cannot hold the triangle.
    """
    return _synthesis_plan(*_keys(lon, lat), triangle)


def _keys(lon: Array, lat: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(as_degrees("longitude", lon, 1).tolist()), tuple(as_degrees("latitude", lat, 1).tolist())


@functools.lru_cache(maxsize=_PLANS)
def _analysis_plan(lon: tuple[float, ...], lat: tuple[float, ...], truncation: int | None) -> AnalysisPlan:
    x, y = np.array(lon), np.array(lat)
    grid = sphere_grid(x, y)
    if truncation is None:
        n_max = grid.rows.capacity
        return AnalysisPlan(grid, Triangle(n_max, min(n_max, grid.columns.capacity)))
    if not 0 <= truncation <= grid.capacity:
        raise GridError(
            f"total wave number {truncation} on {describe(x, y)}; allowed: 0 to {grid.capacity} (its columns hold "
            f"waves up to {grid.columns.capacity}, its rows up to {grid.rows.capacity})"
        )
    return AnalysisPlan(grid, Triangle(truncation, truncation))


@functools.lru_cache(maxsize=_PLANS)
def _synthesis_plan(lon: tuple[float, ...], lat: tuple[float, ...], triangle: Triangle) -> SynthesisPlan:
    x, y = np.array(lon), np.array(lat)
    columns = recognise_columns(x)
    if columns.full_circle and triangle.m_max > columns.capacity:
        raise GridError(
            f"waves of order {triangle.m_max} on {describe(x, y)}: its columns hold those up to {columns.capacity}. "
            "Truncate below that, or choose a finer grid"
        )
    rows = recognise_rows(y) if len(y) > 2 else None
    if columns.full_circle and rows is not None and triangle.n_max > rows.capacity:
        raise GridError(
            f"total wave number {triangle.n_max} on {describe(x, y)}: its rows hold those up to {rows.capacity}. "
            "Truncate below that, or choose a finer grid"
        )
    colatitude = np.radians(90.0 - as_degrees("latitude", y, 1)) if rows is None else rows.colatitude
    return SynthesisPlan(columns, colatitude, triangle)
