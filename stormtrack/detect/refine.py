"""Feature points refined on a smooth surface fitted to the field (feature type 7).

References
----------
Specification 02, section 11; 03, sections 13-14. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from ..kernels.sphere import measure_euclid, measure_trig
from ..settings.detection import RefinementSettings
from ..splines import Surface
from .constraints import Constraints, limits_of_objects
from .domain import Domain
from .objects import FrameObjects
from .point_filters import DUFF
from .surfaces import FittedSurface, SurfaceFitter, surface_arguments, take_position

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

AT_EDGE = 1.0e-6
"""Positions within this of an edge of a periodic domain are tried again from the other edge."""
SAME_POINT = 1.0e-4
"""Optimised points of one object nearer than this are duplicates."""


@lean_kernel
def mark_duplicates(start, x, y, value, geodesic):
    """Mark (DUFF) every feature that lies on an earlier one of its object; marked ones count as well."""
    for k in range(len(start) - 1):
        for f in range(start[k] + 1, start[k + 1]):
            for earlier in range(start[k], f):
                if geodesic:
                    distance = measure_trig(x[f], y[f], x[earlier], y[earlier])
                else:
                    distance = measure_euclid(x[f], y[f], x[earlier], y[earlier])
                if np.float64(distance) < SAME_POINT:
                    value[f] = DUFF
                    break


@lean_kernel
def take_optima(at, optimum, flag, is_spherical, start, geodesic, x, y, value):
    """Move the features ``start[0]:start[-1]`` to their optima where these were found, and mark duplicates."""
    first = start[0]
    for p in range(len(at)):
        if flag[p] == 0:
            take_position(at, p, is_spherical, x, y, first + p)
            value[first + p] = np.float32(optimum[p])
    mark_duplicates(start, x, y, value, geodesic)


def optimise_features(
    objects: FrameObjects,
    start: I64,
    fitted: FittedSurface,
    constraints: Constraints,
    sides: F64,
    seam: tuple[float, float] | None,
    *,
    geodesic: bool,
) -> None:
    """Move the features of some objects to the maxima of a surface and mark duplicates among them, in place.

    Parameters
    ----------
    objects : FrameObjects
    start : int64, shape (n + 1,)
        Offsets of the features of the n objects concerned: a part of ``objects.feature_start``.
    fitted : FittedSurface
    constraints : Constraints
    sides : float64, shape (m,) or (n_features, m)
        Right-hand sides.
    seam : (float, float), optional
        Ends of a periodic domain in the surface's longitude variable: a point that ends on one of them is optimised
        again from the other, once.
    geodesic : bool
        How the distance of duplicates is measured.
    """
    first, n = int(start[0]), int(start[-1] - start[0])
    if n == 0:
        return
    x, y, strength = objects.feature_x, objects.feature_y, objects.feature_value
    begin, estimate = np.empty((n, 2)), np.empty(n)
    surface_arguments(x, y, strength, first, fitted.is_spherical, begin, estimate)
    at, value, flag = fitted.optimise(begin, estimate, constraints, sides)
    if seam is not None:
        longitude = at[:, fitted.longitude_axis]
        low, high = seam
        at_low = longitude - low < AT_EDGE
        again = np.flatnonzero(at_low | (high - longitude < AT_EDGE))
        if len(again):
            begin = at[again]
            begin[:, fitted.longitude_axis] = np.where(at_low[again], high, low)
            own_sides = sides if sides.ndim == 1 else sides[again]
            at[again], value[again], flag[again] = fitted.optimise(
                begin, in_single_precision(value[again]), constraints, own_sides
            )
    take_optima(at, value, flag, fitted.is_spherical, start, geodesic, x, y, strength)


@np.errstate(over="ignore", invalid="ignore")  # values of a failed fit can exceed float32, as in the original
def in_single_precision(values: F64) -> F64:
    """Values rounded to float32, as features hold them."""
    return values.astype(np.float32).astype(np.float64)


class Refiner:
    """Refinement of the features of whole frames (one per thread).

    Parameters
    ----------
    settings : RefinementSettings
        Limits taken from the objects need the rectangular surface; on the sphere the domain's are used instead.
    domain : Domain
    """

    def __init__(self, settings: RefinementSettings, domain: Domain) -> None:
        self.domain = domain
        self.fitter = SurfaceFitter(settings.surface, domain)
        self.constraints = Constraints.of(settings.constraints)
        self.limits = settings.limits
        if self.limits == "object" and self.fitter.is_spherical:
            self.limits = "domain"
        if self.constraints.is_empty:
            self.limits = "domain"  # only the restart across the seam sees it
        if self.limits != "file":
            self.constraints.need_limits()
        self._known_sides: tuple[Surface, F64] | None = None  # a surface and the sides that its knots give

    def refine(self, objects: FrameObjects, field: F32) -> FrameObjects:
        """Fit `field` and refine all features of `objects`, in place.

        Parameters
        ----------
        objects : FrameObjects
            With grouped maxima and extents.
        field : float32, shape (iy, ix)
            Un-thresholded field of the frame.
        """
        fitted = self.fitter.fit(field)
        sides = self._sides(objects, fitted)
        seam = fitted.seam(self.domain) if self.limits == "domain" and self.domain.periodic else None
        optimise_features(
            objects, objects.feature_start, fitted, self.constraints, sides, seam, geodesic=self.domain.geodesic
        )
        return objects

    def _sides(self, objects: FrameObjects, fitted: FittedSurface) -> F64:
        if self.constraints.is_empty or self.limits == "file":
            return self.constraints.right_hand_sides
        if self.limits == "domain":
            return self._domain_sides(fitted)
        owner = np.repeat(np.arange(objects.n_objects), np.diff(objects.feature_start))
        window = np.tile(np.array(fitted.window), (objects.n_objects, 1))
        return limits_of_objects(self.constraints, self.domain, objects.extent, owner, window)

    def _domain_sides(self, fitted: FittedSurface) -> F64:
        """Sides from the limits of the domain; they change with the knots only."""
        s = fitted.surface
        if self._known_sides is not None:
            of, sides = self._known_sides
            if of.tx is s.tx and of.ty is s.ty and of.nx == s.nx and of.ny == s.ny:
                return sides
        sides = self.constraints.with_domain_limits(fitted.knot_limits())
        self._known_sides = s, sides
        return sides
