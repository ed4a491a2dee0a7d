"""Gradients of fields, geostrophic winds, thermal front parameters.

References
----------
Specification 05, section 6. Parity: bitwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..arrays import F32, F64
from ..grid.model import Grid
from ..settings.gradients import GradientSettings
from ..splines.surface import Surface
from .grid_surface import GridSurface, Wrap
from .winds import DENSITY, RAD, RADIUS, TWICE_ROTATION, check_no_pole, close, cosines

GRAVITY = 9.81
_FLAT = 1.0e-10
"""Slopes of the front parameter below this are none."""
Vector = tuple[F64, F64]


class Gradients:
    """Computes what is asked for, frame after frame.

    Parameters
    ----------
    grid : Grid
    settings : GradientSettings

    Raises
    ------
    GridError
        The grid cannot carry the surface, or has rows at poles.
    """

    def __init__(self, grid: Grid, settings: GradientSettings) -> None:
        self._grid, self._settings = grid, settings
        if not settings.on_plane:
            check_no_pole(grid.lat)
        self._wrap = Wrap(columns=settings.wrap, closed=grid.wraps)
        self._surface = GridSurface(grid.lon, grid.lat, settings.surface, self._wrap)
        self._cosines = cosines(grid.lat)[:, None]
        self._divisor = 1.0 if settings.on_plane else RADIUS if self._surface.on_sphere else RADIUS * RAD
        factor = {"geopotential": 1.0, "height": GRAVITY, "pressure": 1.0 / DENSITY}[settings.quantity]
        planetary = np.array([TWICE_ROTATION * math.sin(float(value) * RAD) for value in grid.lat])[:, None]
        self._factor, self._planetary = factor, planetary

    @property
    def poor_fits(self) -> int:
        """Number of fits that did not reach what was asked for."""
        return self._surface.poor_fits

    def compute(self, field: F32, winds: Sequence[F32] = ()) -> list[F32]:
        """Outputs of one frame, float32, (ny, nx), in the order of `GradientsRequest.outputs`; u, v for the locator."""
        settings, grid = self._settings, self._grid
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = self._gradient(self._surface.fit(field))
            steepness = _length(slope)
            magnitude = (steepness.astype(np.float32).astype(np.float64) / self._divisor).astype(np.float32)
            results = [close(magnitude, grid)]
            if settings.front:
                results += self._fronts(slope, steepness, winds)
            if settings.components != "none":
                results += self._components(slope)
        return [np.ascontiguousarray(result) for result in results]

    def _gradient(self, surface: Surface) -> Vector:
        """Components of the gradient operator, towards the east and the south (north on a plane); not divided."""
        along, across = self._surface.derivative(surface, "lon"), self._surface.derivative(surface, "lat")
        if self._settings.on_plane:
            return along, across
        return along / self._cosines, across if self._surface.on_sphere else -across

    def _components(self, slope: Vector) -> list[F32]:
        x, y = ((component / self._divisor).astype(np.float32) for component in slope)
        if self._settings.components == "gradient":
            return [x, y]
        u, v = (each.astype(np.float64) * self._factor / self._planetary for each in (y, x))
        return [u.astype(np.float32), v.astype(np.float32)]

    def _fronts(self, slope: Vector, steepness: F64, winds: Sequence[F32]) -> list[F32]:
        """Thermal front parameter, and the others that are asked for."""
        settings, divisor = self._settings, self._divisor
        across = self._gradient(self._surface.fit(steepness / divisor))
        front = self._close(-(across[0] * slope[0] + across[1] * slope[1]) / steepness / divisor)
        results, left_over = [front.astype(np.float32)], front
        if settings.clarke_renard:
            along = self._gradient(self._surface.fit(front))
            left_over = _length(along)
            value = (slope[0] * along[0] + slope[1] * along[1]) / left_over / divisor
            results.append(close(np.where(left_over < _FLAT, 0.0, value).astype(np.float32), self._grid))
        if settings.locator:
            results.append(self._locator(slope, winds, left_over))
        return results

    def _locator(self, slope: Vector, winds: Sequence[F32], left_over: F64) -> F32:
        """Advection of the advection; the repeated columns in the east hold what was computed before, as in TRACK."""
        sign = 1.0 if self._settings.on_plane else -1.0
        u, v = winds[0].astype(np.float64), sign * winds[1].astype(np.float64)
        advection = (u * slope[0] + v * slope[1]) / self._divisor
        if self._surface.on_sphere or self._wrap.columns == 0:
            surface = self._surface.fit(advection)
        else:
            wrapped = self._wrap.field(advection)
            wrapped[:, -self._wrap.columns :] = self._wrap.field(left_over)[:, -self._wrap.columns :]
            surface = self._surface.fit_wrapped(wrapped)
        along = self._gradient(surface)
        return close(((u * along[0] + v * along[1]) / self._divisor).astype(np.float32), self._grid)

    def _close(self, field: F64) -> F64:
        if self._grid.wraps:
            field[:, -1] = field[:, 0]
        return field


def _length(vector: Vector) -> F64:
    length: F64 = np.sqrt(vector[0] * vector[0] + vector[1] * vector[1])
    return length
