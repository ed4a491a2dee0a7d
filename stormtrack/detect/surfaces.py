"""Smooth surfaces of the detection field: set-up from the region, conversion of positions, optimisation.

References
----------
Specification 02, sections 11-12 and 17; 03, sections 8, 11-13. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from ..kernels.sphere import HALF_PI, RAD
from ..settings.spline import SplineSettings
from ..splines import RectangleFit, SphereFit, Surface, evaluate, optimise
from .border import REACH
from .constraints import Constraints
from .domain import PERIOD, Domain

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]


@lean_kernel
def surface_arguments(x, y, value, first, is_spherical, at, estimate):
    """Surface variables (n, 2) and strengths in double precision of the n features from `first` on."""
    for p in range(len(at)):
        f = first + p
        estimate[p] = value[f]
        if is_spherical:
            colatitude = HALF_PI - np.float64(y[f]) * RAD
            # written so that NaN stays
            if colatitude < 0.0:
                colatitude = 0.0
            elif colatitude > math.pi:
                colatitude = math.pi
            at[p, 0], at[p, 1] = colatitude, np.float64(x[f]) * RAD
        else:
            at[p, 0], at[p, 1] = x[f], y[f]


@lean_kernel
def take_position(at, p, is_spherical, x, y, f):
    """Position (float32) of feature `f` from the surface variables in row `p`."""
    if not is_spherical:
        x[f], y[f] = np.float32(at[p, 0]), np.float32(at[p, 1])
        return
    latitude = np.float32((HALF_PI - at[p, 0]) / RAD)
    if latitude < np.float32(-90.0):
        latitude = np.float32(-90.0)
    elif latitude > np.float32(90.0):
        latitude = np.float32(90.0)
    x[f], y[f] = np.float32(at[p, 1] / RAD), latitude


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

    @property
    def longitude_axis(self) -> int:
        """Which variable is the longitude (or x)."""
        return 1 if self.is_spherical else 0

    def arguments(self, x: F32, y: F32) -> F64:
        """Surface variables, shape (n, 2), of positions."""
        out = np.empty((len(x), 2))
        surface_arguments(x, y, x, 0, self.is_spherical, out, np.empty(len(x)))
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

    def optimise(self, at: F64, estimate: F64, constraints: Constraints, sides: F64) -> tuple[F64, F64, I32]:
        """Constrained maxima from the starts `at` (n, 2): end points, values and flags (0 is success)."""
        found = optimise(self.surface, at, estimate, constraints.normals, sides, equalities=constraints.n_equalities)
        return found.position, found.value, found.flag


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
        self._coefficients: F64 | None = None
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
        values = field[self._rows, self._columns]
        if isinstance(self._fit, RectangleFit):
            if self._coefficients is None:
                self._coefficients = np.empty(values.shape[::-1])
            surface = self._fit.fit(values, self._coefficients)
        else:
            surface = self._fit.fit(values)
        return FittedSurface(surface, surface.flag, self.is_spherical, self.window)


def fit_rectangle(x: F32, y: F32, z: F32, smoothing: float) -> FittedSurface:
    """Surface through one window: z (float32) of shape (len(y), len(x))."""
    surface = RectangleFit(x, y, smoothing=smoothing).fit(z)
    window = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]))
    return FittedSurface(surface, surface.flag, False, window)
