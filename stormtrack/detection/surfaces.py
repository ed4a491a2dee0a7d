"""Smooth surfaces of the detection field: set-up from the region, conversion of positions, optimisation.

References
----------
Specification 02, sections 11-12 and 17; 03, sections 8, 11-13. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64
from ..kernels.sphere import RAD
from ..settings.spline import SplineSettings
from ..splines import FeatureConstraints, RectangleFit, SphereFit, Surface, evaluate, optimise_features
from .border import REACH
from .domain import PERIOD, Domain
from .objects import FrameObjects
from .surface_kernels import surface_arguments


@dataclass(frozen=True, slots=True)
class FittedSurface:
    """A fitted surface with the conversions between feature positions and its variables.

    Attributes
    ----------
    surface : Surface
    flag : int
        Status of the fit (0 smoothing, -1 interpolation, -2 polynomial, > 0 trouble).
    is_spherical : bool
        Variables are (co-latitude, longitude) in radians, else (x, y).
    window : tuple of float
        xb, xe, yb, ye of a rectangular surface.
    """

    surface: Surface
    flag: int
    is_spherical: bool
    window: tuple[float, float, float, float]

    def arguments(self, x: F32, y: F32) -> F64:
        """Surface variables, shape (n, 2), of positions."""
        out = np.empty((len(x), 2))
        surface_arguments(x, y, self.is_spherical, out)
        return out

    def values(self, x: F32, y: F32) -> F64:
        """Surface values (float64) at positions."""
        at = self.arguments(x, y)
        return evaluate(self.surface, at[:, 0], at[:, 1]).value

    def knot_limits(self) -> F64:
        """Limits (lower, lower, -upper, -upper) of the domain in the order of the constraint tables."""
        s = self.surface
        a = (s.tx[3], s.ty[3], -s.tx[s.nx - 4], -s.ty[s.ny - 4])
        return np.array((a[1], a[0], a[3], a[2]) if self.is_spherical else a)

    def seam(self, domain: Domain) -> tuple[float, float]:
        """First and last grid longitude (or x) in the surface's variable."""
        low, high = float(domain.xgrid[0]), float(domain.xgrid[-1])
        return (low * RAD, high * RAD) if self.is_spherical else (low, high)

    def refine(
        self,
        objects: FrameObjects,
        start: I64,
        constraints: FeatureConstraints,
        sides: F64,
        seam: tuple[float, float] | None,
        *,
        geodesic: bool,
    ) -> None:
        """Move the features of some objects to the maxima of the surface and mark duplicates among them, in place.

        Parameters
        ----------
        objects : FrameObjects
        start : int64, shape (n + 1,)
            Offsets of the features of the n objects concerned: a part of ``objects.feature_start``.
        constraints, sides, seam
            See `stormtrack.splines.optimise_features`.
        geodesic : bool
            How the distance of duplicates is measured.
        """
        if start[-1] == start[0]:
            return
        optimise_features(
            self.surface,
            (objects.feature_x, objects.feature_y),
            objects.feature_value,
            start,
            constraints,
            sides,
            seam,
            is_spherical=self.is_spherical,
            is_geodesic=geodesic,
        )


class SurfaceFitter:
    """Fits of whole frames, set up once for the search region (one per thread).

    Parameters
    ----------
    settings : SplineSettings
        The spherical kind is replaced by the rectangular one on a projected grid.
    domain : Domain

    Raises
    ------
    GridError
        If the grid cannot carry the surface (too few points, rows at the poles on the sphere, ...).
    """

    def __init__(self, settings: SplineSettings, domain: Domain) -> None:
        self.settings = settings
        self.is_spherical = settings.kind == "sphery" and not domain.projected
        self._fit: RectangleFit | SphereFit
        self._fitted: FittedSurface | None = None
        if self.is_spherical:
            self._rows, self._columns = slice(None), slice(None)
            self._fit = SphereFit.from_degrees(
                domain.xgrid,
                domain.ygrid,
                smoothing=settings.smoothing,
                pole_continuity=settings.pole_continuity,
                period=float(PERIOD),
            )
            self.window = (0.0, math.pi, 0.0, 2.0 * math.pi)
            return
        d, reach = domain, REACH if domain.border_search else 0
        self._columns = slice(max(d.x1 - reach, 1) - 1, min(d.x2 + reach, len(d.xgrid)))
        self._rows = slice(max(d.y1 - reach, 1) - 1, min(d.y2 + reach, len(d.ygrid)))
        x, y = d.xgrid[self._columns], d.ygrid[self._rows]
        self._fit = RectangleFit(x, y, smoothing=settings.smoothing)
        self.window = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]))

    def fit(self, field: F32) -> FittedSurface:
        """Surface through `field` (float32, shape (iy, ix), un-thresholded); it holds until the next fit."""
        surface = self._fit.fit(field[self._rows, self._columns], lasting=False)
        if self._fitted is None or self._fitted.surface is not surface:
            self._fitted = FittedSurface(surface, surface.flag, self.is_spherical, self.window)
        return self._fitted


def fit_rectangle(x: F32, y: F32, z: F32, smoothing: float) -> FittedSurface:
    """Surface through one window: z (float32) of shape (len(y), len(x))."""
    surface = RectangleFit(x, y, smoothing=smoothing).fit(z)
    window = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]))
    return FittedSurface(surface, surface.flag, False, window)
