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
from .constraints import Constraints, limits_of_objects
from .domain import Domain
from .objects import FrameObjects
from .point_filters import DUFF
from .surfaces import FittedSurface, SurfaceFitter

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

AT_EDGE = 1.0e-6
"""Positions within this of an edge of a periodic domain are tried again from the other edge."""
SAME_POINT = 1.0e-4
"""Refined points of one object nearer than this are duplicates."""


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


@np.errstate(over="ignore", invalid="ignore")  # values of a failed fit can exceed float32, as in the original
def optimise_features(
    objects: FrameObjects,
    rows: npt.NDArray[np.int64] | slice,
    fitted: FittedSurface,
    constraints: Constraints,
    sides: F64,
    seam: tuple[float, float] | None,
) -> None:
    """Move the features `rows` to the maxima of a surface, in place.

    Parameters
    ----------
    objects : FrameObjects
    rows : int64 array or slice
        Features concerned.
    fitted : FittedSurface
    constraints : Constraints
    sides : float64, shape (m,) or (n_rows, m)
        Right-hand sides.
    seam : (float, float), optional
        Ends of a periodic domain in the surface's longitude variable: a point that ends on one of them is optimised
        again from the other, once.
    """
    x, y, strength = objects.feature_x[rows], objects.feature_y[rows], objects.feature_value[rows]
    if len(x) == 0:
        return
    at = fitted.arguments(x, y)
    at, value, flag = fitted.optimise(at, strength.astype(np.float64), constraints, sides)
    value = value.astype(np.float32)
    if seam is not None:
        longitude = at[:, fitted.longitude_axis]
        low, high = seam
        at_low = longitude - low < AT_EDGE
        again = np.flatnonzero(at_low | (high - longitude < AT_EDGE))
        if len(again):
            start = at[again]
            start[:, fitted.longitude_axis] = np.where(at_low[again], high, low)
            own_sides = sides if sides.ndim == 1 else sides[again]
            at[again], second, flag[again] = fitted.optimise(
                start, value[again].astype(np.float64), constraints, own_sides
            )
            value[again] = second.astype(np.float32)
    new_x, new_y = fitted.positions(at)
    accepted = flag == 0
    objects.feature_x[rows] = np.where(accepted, new_x, x)
    objects.feature_y[rows] = np.where(accepted, new_y, y)
    objects.feature_value[rows] = np.where(accepted, value, strength)


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
        optimise_features(objects, slice(None), fitted, self.constraints, sides, seam)
        mark_duplicates(
            objects.feature_start, objects.feature_x, objects.feature_y, objects.feature_value, self.domain.geodesic
        )
        return objects

    def _sides(self, objects: FrameObjects, fitted: FittedSurface) -> F64:
        if self.constraints.is_empty or self.limits == "file":
            return self.constraints.right_hand_sides
        if self.limits == "domain":
            return self.constraints.with_domain_limits(fitted.knot_limits())
        owner = np.repeat(np.arange(objects.n_objects), np.diff(objects.feature_start))
        window = np.tile(np.array(fitted.window), (objects.n_objects, 1))
        return limits_of_objects(self.constraints, self.domain, objects.extent, owner, window)
