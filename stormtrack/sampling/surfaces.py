"""Spline surfaces of whole frames: values at points, and the extrema near them.

References
----------
Specification 06, sections 2.3 and 2.5; 03, sections 13 and 14. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64
from ..detection.constraints import Constraints, opened
from ..detection.surfaces import FittedSurface
from ..kernels.sphere import HALF_PI, RAD
from ..settings.sampling import Points
from ..settings.spline import SplineSettings
from ..splines import RectangleFit, SphereFit, evaluate, optimise
from .lines import Lines

NEAR_SEAM = 1.0e-6
_CIRCLE = 360.0


class FrameSurfaces:
    """Fits of whole frames on one grid.

    Parameters
    ----------
    settings : SplineSettings
    lines : Lines

    Raises
    ------
    GridError
        If the grid cannot carry the surface.
    """

    def __init__(self, settings: SplineSettings, lines: Lines) -> None:
        self.is_spherical = settings.kind == "sphery"
        self._fit: RectangleFit | SphereFit
        if self.is_spherical:
            self._fit = SphereFit.from_degrees(
                lines.lon, lines.lat, smoothing=settings.smoothing, pole_continuity=settings.pole_continuity
            )
            self._window = (0.0, math.pi, 0.0, 2.0 * math.pi)
        else:
            self._fit = RectangleFit(lines.lon, lines.lat, smoothing=settings.smoothing)
            self._window = (float(lines.lon[0]), float(lines.lon[-1]), float(lines.lat[0]), float(lines.lat[-1]))
        self.poor_fits = 0

    def fit(self, field: F32) -> FittedSurface:
        """Surface through a frame (float32, shape (ny, nx))."""
        surface = self._fit.fit(field)
        self.poor_fits += surface.flag > 0
        return FittedSurface(surface, surface.flag, self.is_spherical, self._window)

    def values(self, fitted: FittedSurface, lon: F64, lat: F64) -> F32:
        """Values (float32) at positions that are not rounded."""
        if not self.is_spherical:
            return evaluate(fitted.surface, lon, lat).value.astype(np.float32)
        colatitude = np.clip(HALF_PI - lat * RAD, 0.0, math.pi)
        return evaluate(fitted.surface, colatitude, lon * RAD).value.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the ascent from a point ended, at the point itself if it failed: float32 degrees and value."""

    lon: np.float32
    lat: np.float32
    value: np.float32


class Ascent:
    """The way up a surface from points, under the constraints asked for.

    Parameters
    ----------
    settings : Points
    lines : Lines
    is_spherical : bool
    """

    def __init__(self, settings: Points, lines: Lines, *, is_spherical: bool) -> None:
        self._constraints = Constraints.of(settings.constraints)
        self._limits = settings.limits
        self._lines, self._is_spherical = lines, is_spherical
        if self._limits != "file":
            self._constraints.need_limits()

    def climb(self, fitted: FittedSurface, lon: np.float32, lat: np.float32, value: np.float32, window: F32) -> Found:
        """The maximum near a point.

        Parameters
        ----------
        fitted : FittedSurface
        lon, lat, value : float32
            The point, and the value there.
        window : float32, shape (4,)
            West, south, east and north of the window around it.
        """
        start = fitted.arguments(np.array([lon]), np.array([lat]))
        found = self._optimum(fitted, start, value, window, 0.0)
        if self._lines.closed:
            again = self._over_the_seam(fitted, found, window)
            found = again if again is not None else found
        position, result, flag = found
        if flag:
            return Found(lon=lon, lat=lat, value=value)
        x, y = self._degrees(position)
        return Found(lon=x, lat=y, value=result)

    def _optimum(
        self, fitted: FittedSurface, start: F64, value: np.float32, window: F32, shift: float
    ) -> tuple[F64, np.float32, int]:
        sides = self._sides(fitted, window, shift)
        rules = self._constraints
        best = optimise(fitted.surface, start, [float(value)], rules.normals, sides, equalities=rules.n_equalities)
        return best.position[0], np.float32(best.value[0]), int(best.flag[0])

    def _sides(self, fitted: FittedSurface, window: F32, shift: float) -> F64:
        rules = self._constraints
        if rules.is_empty or self._limits == "file":
            return rules.right_hand_sides
        if self._limits == "domain" or self._is_spherical:
            return rules.with_domain_limits(fitted.knot_limits())
        low_x, high_x, low_y, high_y = fitted.window
        first, norms, sides = rules.n_equalities, rules.norms, rules.right_hand_sides.copy()
        west, east = max(float(window[0]) + shift, low_x), min(float(window[2]) + shift, high_x)
        south, north = max(float(window[1]), low_y), min(float(window[3]), high_y)
        a, c = opened(west * norms[first], -east * norms[first + 2], low_x)
        b, d = opened(south * norms[first + 1], -north * norms[first + 3], low_y)
        sides[first : first + 4] = a, b, c, d
        return sides

    def _over_the_seam(
        self, fitted: FittedSurface, found: tuple[F64, np.float32, int], window: F32
    ) -> tuple[F64, np.float32, int] | None:
        """The optimum from the other end of the longitudes, if one end was reached."""
        position, value, _ = found
        axis, factor = (1, RAD) if self._is_spherical else (0, 1.0)
        west, east = float(self._lines.lon[0]) * factor, float(self._lines.lon[-1]) * factor
        if position[axis] - west < NEAR_SEAM:
            other, shift = east, _CIRCLE
        elif east - position[axis] < NEAR_SEAM:
            other, shift = west, -_CIRCLE
        else:
            return None
        start = position.copy()
        start[axis] = other
        return self._optimum(fitted, start.reshape(1, 2), value, window, shift)

    def _degrees(self, position: F64) -> tuple[np.float32, np.float32]:
        if not self._is_spherical:
            return np.float32(position[0]), np.float32(position[1])
        lat = np.float32((HALF_PI - position[0]) / RAD)
        return np.float32(position[1] / RAD), min(max(lat, np.float32(-90.0)), np.float32(90.0))
