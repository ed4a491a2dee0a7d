"""Feature points refined on a smooth surface fitted to the field (feature type 7).

References
----------
Specification 02, section 11; 03, sections 13-14. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F64
from ..settings.detection import RefinementSettings
from ..splines import FeatureConstraints, Surface
from .constraints import Constraints, limits_of_objects
from .domain import Domain
from .objects import FrameObjects
from .surfaces import FittedSurface, SurfaceFitter


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
        self._prepared = FeatureConstraints.of(self.constraints.normals, self.constraints.n_equalities)
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
        fitted.refine(objects, objects.feature_start, self._prepared, sides, seam, geodesic=self.domain.geodesic)
        return objects

    def _sides(self, objects: FrameObjects, fitted: FittedSurface) -> F64:
        if self.constraints.is_empty or self.limits == "file":
            return self._prepared.sides(self.constraints.right_hand_sides)
        if self.limits == "domain":
            return self._domain_sides(fitted)
        owner = np.repeat(np.arange(objects.n_objects), np.diff(objects.feature_start))
        window = np.tile(np.array(fitted.window), (objects.n_objects, 1))
        return self._prepared.sides(limits_of_objects(self.constraints, self.domain, objects.extent, owner, window))

    def _domain_sides(self, fitted: FittedSurface) -> F64:
        """Sides from the limits of the domain; they change with the knots only."""
        s = fitted.surface
        if self._known_sides is not None:
            of, sides = self._known_sides
            if of.tx is s.tx and of.ty is s.ty and of.nx == s.nx and of.ny == s.ny:
                return sides
        sides = self._prepared.sides(self.constraints.with_domain_limits(fitted.knot_limits()))
        self._known_sides = s, sides
        return sides
