"""Vorticity, speed and energy from winds; vorticity of the geostrophic wind.

References
----------
Specification 05, section 5. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..arrays import F32, F64, I64
from ..errors import GridError
from ..grid.missing_test import missing_mask
from ..grid.model import Grid
from ..settings.spline import SplineSettings
from ..settings.winds import (
    DifferenceVorticity,
    GeostrophicVorticity,
    MissingWinds,
    PlaneSettings,
    SplineVorticity,
    WindStrength,
)
from .grid_surface import GridSurface, Wrap

RAD = 0.017453292519943295
RADIUS = 6.37e6
"""Of the Earth, m."""
TWICE_ROTATION = 1.4584e-4
"""Twice the Earth's angular velocity, 1/s."""
DENSITY = 1.225
"""Of air, kg/m3."""
NEAR_POLE = 1.0e-4
"""Rows this near to a pole (degrees) are at the pole."""
_FULL_CIRCLE = np.float32(360.0)
_ORIGIN = 0.0005
"""A first longitude above this counts."""


def cosines(lat: F32) -> F64:
    """Cosine of latitudes (float32 degrees), by the C library."""
    return np.array([math.cos(float(value) * RAD) for value in lat])


def check_no_pole(lat: F32) -> None:
    """Raise `GridError` if a row lies at a pole."""
    if (np.abs(np.abs(lat.astype(np.float64)) - 90.0) < NEAR_POLE).any():
        raise GridError("a row of the grid lies at a pole, where this is not defined: leave the poles out at the start")


class Strength:
    """Speed or energy of winds."""

    poor_fits = 0

    def __init__(self, settings: WindStrength) -> None:
        self._settings = settings

    def compute(self, fields: list[F32]) -> F32:
        """Speed or energy of one frame, float32, shape (ny, nx), from u and v or from the speed."""
        settings = self._settings
        with np.errstate(over="ignore", invalid="ignore"):
            if settings.kind == "energy_of_speed":
                speed = fields[0].astype(np.float64)
                result = 0.5 * speed * speed
            else:
                total = (fields[0] * fields[0] + fields[1] * fields[1]).astype(np.float64)
                result = np.sqrt(total) if settings.kind == "speed" else 0.5 * total
            return _without_missing(result.astype(np.float32), fields, settings.missing)


def _without_missing(result: F32, used: list[F32], missing: MissingWinds | None) -> F32:
    """The result with the value for missing ones wherever one of the fields used is missing."""
    if missing is None:
        return result
    lacks = missing_mask(used[0], missing.test)
    for field in used[1:]:
        lacks |= missing_mask(field, missing.test)
    result[lacks] = np.float32(missing.output)
    return result


class _Plane:
    """The last steps of vorticity in units of the grid."""

    def __init__(self, settings: PlaneSettings, latitudes: F32 | None) -> None:
        self.scaling = np.float32(settings.scaling)
        self._tangents: F64 | None = None
        if latitudes is not None:
            tangents = [math.tan(float(value) * RAD) for value in latitudes.reshape(-1)]
            self._tangents = np.array(tangents).reshape(latitudes.shape)

    def curved(self, vorticity: F32, u: F32) -> F32:
        """Scaled vorticity with the term of the sphere's curvature."""
        if self._tangents is None:
            return vorticity
        return (vorticity.astype(np.float64) + u.astype(np.float64) * self._tangents / RADIUS).astype(np.float32)


def _plane(settings: PlaneSettings | None, latitudes: F32 | None) -> _Plane | None:
    return None if settings is None else _Plane(settings, latitudes)


def close(field: F32, grid: Grid) -> F32:
    """The field, in which the last column of a closed grid repeats the first."""
    if grid.wraps:
        field[:, -1] = field[:, 0]
    return field


class VorticityBySplines:
    """Vorticity from surfaces through u and v.

    Parameters
    ----------
    grid : Grid
    settings : SplineVorticity
    latitudes : float32, shape (ny, nx), optional
        Field of latitudes, for settings with one.

    Raises
    ------
    GridError
        The grid cannot carry the surfaces, or has rows at poles.
    """

    def __init__(self, grid: Grid, settings: SplineVorticity, latitudes: F32 | None = None) -> None:
        self._grid = grid
        if settings.plane is None:
            check_no_pole(grid.lat)
        self._settings = settings
        self._u, self._v = (self._surface(surface) for surface in settings.surfaces)
        self._is_first = True
        self._plane = _plane(settings.plane, latitudes)
        self._cosines = cosines(grid.lat)[:, None]
        self._divisors = self._cosines * RADIUS if self._u.on_sphere else (self._cosines * RADIUS) * RAD

    def _surface(self, surface: SplineSettings) -> GridSurface:
        grid = self._grid
        return GridSurface(grid.lon, grid.lat, surface, Wrap(columns=self._settings.wrap, closed=grid.wraps))

    def _next_frame(self) -> None:
        """From the second frame on the smoothing factor of v, asked for last, holds for u too, as in TRACK."""
        of_u, of_v = self._settings.surfaces
        if not self._is_first or of_u.smoothing == of_v.smoothing:
            return
        self._is_first = False
        earlier, self._u = self._u.poor_fits, self._surface(replace(of_u, smoothing=of_v.smoothing))
        self._u.poor_fits = earlier

    @property
    def poor_fits(self) -> int:
        """Number of fits that did not reach what was asked for."""
        return self._u.poor_fits + self._v.poor_fits

    def compute(self, fields: list[F32]) -> F32:
        """Vorticity of the next frame's u and v, float32, shape (ny, nx)."""
        u, v = fields
        wind = u if self._plane is not None else (u.astype(np.float64) * self._cosines).astype(np.float32)
        difference = self._v.derivative(self._v.fit(v), "lon")
        u_lat = self._u.derivative(self._u.fit(wind), "lat")
        self._next_frame()
        if self._u.on_sphere:
            difference += u_lat
        else:
            difference -= u_lat
        if self._plane is None:
            difference /= self._divisors
            return close(np.ascontiguousarray(difference, np.float32), self._grid)
        difference *= np.float64(self._plane.scaling)
        vorticity = np.ascontiguousarray(difference, np.float32)
        return close(self._plane.curved(vorticity, u), self._grid)


class VorticityByDifferences:
    """Vorticity from differences between neighbours.

    Parameters
    ----------
    grid : Grid
    settings : DifferenceVorticity
    latitudes : float32, shape (ny, nx), optional
        Field of latitudes, for settings with one.
    """

    poor_fits = 0

    def __init__(self, grid: Grid, settings: DifferenceVorticity, latitudes: F32 | None = None) -> None:
        self._missing, self._plane = settings.missing, _plane(settings.plane, latitudes)
        self._columns = _columns(grid, wraps=settings.wraps)
        rows = np.arange(grid.ny)
        self._rows = np.maximum(rows - 1, 0), np.minimum(rows + 1, grid.ny - 1)
        self._height = (grid.lat[self._rows[1]] - grid.lat[self._rows[0]]).astype(np.float64)[:, None]
        self._cosines = cosines(grid.lat)[:, None]

    def compute(self, fields: list[F32]) -> F32:
        """Vorticity of one frame's u and v, float32, shape (ny, nx)."""
        u, v = fields
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            if self._plane is None:
                u = (u.astype(np.float64) * self._cosines).astype(np.float32)
            west, east, width = self._columns
            south, north = self._rows
            along = ((v[:, east] - v[:, west]) / width).astype(np.float64)
            across = (u[north] - u[south]).astype(np.float64) / self._height
            vorticity = (along - across).astype(np.float32)
            if self._plane is None:
                result = (vorticity.astype(np.float64) / ((self._cosines * RADIUS) * RAD)).astype(np.float32)
            else:
                result = self._plane.curved(vorticity * self._plane.scaling, u)
        return _without_missing(result, [v[:, west], v[:, east], u[south], u[north]], self._missing)


def _columns(grid: Grid, *, wraps: bool) -> tuple[I64, I64, F32]:
    """Western and eastern neighbours of every column, and the distance between them (degrees, float32)."""
    lon, n = grid.lon, grid.nx
    columns = np.arange(n)
    west, east = np.maximum(columns - 1, 0), np.minimum(columns + 1, n - 1)
    width = lon[east] - lon[west]
    if wraps and grid.wraps:
        west[0], east[-1] = n - 2, 1
        width[0] = width[-1] = ((lon[1] - lon[0]) + lon[-1]) - lon[-2]
    elif wraps:
        west[0], east[-1] = n - 1, 0
        width[0] = ((lon[1] - lon[0]) + _FULL_CIRCLE) - lon[-1]
        width[-1] = ((_FULL_CIRCLE - lon[-1]) + lon[-1]) - lon[-2]
        if lon[0] > _ORIGIN:
            width[0] += lon[0]
            width[-1] += lon[0]
    return west, east, width


class GeostrophicWind:
    """Vorticity of the geostrophic wind from the surface through a pressure or geopotential.

    Parameters
    ----------
    grid : Grid
    settings : GeostrophicVorticity

    Raises
    ------
    GridError
        The grid cannot carry the surface, or has rows at the equator or at poles.
    """

    def __init__(self, grid: Grid, settings: GeostrophicVorticity) -> None:
        self._grid = grid
        check_no_pole(grid.lat)
        wrap = Wrap(columns=settings.wrap, closed=grid.wraps)
        self._surface = GridSurface(grid.lon, grid.lat, settings.surface, wrap)
        strength = TWICE_ROTATION * RADIUS * RADIUS
        if settings.of_pressure:
            strength *= DENSITY
        sines = np.array([math.sin(float(value) * RAD) for value in grid.lat])[:, None]
        around = cosines(grid.lat)[:, None]
        self._squares, self._products = around * around, sines * around
        self._divisors = self._squares * (strength * sines)

    @property
    def poor_fits(self) -> int:
        """Number of fits that did not reach what was asked for."""
        return self._surface.poor_fits

    def compute(self, fields: list[F32]) -> F32:
        """Vorticity of one frame, float32, shape (ny, nx)."""
        surface = self._surface.fit(fields[0])
        lon2, lat2 = (self._surface.derivative(surface, direction, 2) for direction in ("lon", "lat"))
        lat = self._surface.derivative(surface, "lat")
        if self._surface.on_sphere:
            result = (lon2 + self._products * lat + self._squares * lat2) / self._divisors
        else:
            result = (lon2 - (RAD * self._products) * lat + self._squares * lat2) / (self._divisors * (RAD * RAD))
        return close(np.ascontiguousarray(result, np.float32), self._grid)
