"""Detection of one frame: from a prepared field to objects with feature points.

References
----------
Specification 02, section 3. Parity: bitwise.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F32
from ..errors import FieldError, NotSupportedError
from ..settings.detection import DetectionSettings, FeatureType
from .domain import Domain, EdgeState
from .labelling import Labeller
from .maxima import MaximaFinder
from .objects import FrameObjects
from .point_filters import filter_intensity, keep_largest, separate
from .refine import Refiner
from .restore import add_field_at_nodes, add_field_to_points, add_surface_values, restore_original
from .shape import ShapeStage
from .surfaces import SurfaceFitter

# Stages that most runs do not ask for are imported where they are used: imports are a good part of a short run.
if TYPE_CHECKING:
    from .border import BorderSearch
    from .object_fit import ObjectFitter


_NO_FIELD = np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameResult:
    """What detection found in one frame.

    Attributes
    ----------
    objects : FrameObjects
        As handed to the object file (02, section 18): projected coordinates on a projected grid.
    area_computed : bool
        Whether the area of some feature was computed (the dialogue asks ``area.refine`` at the first such frame).
    """

    objects: FrameObjects
    area_computed: bool = False


def check_supported(settings: DetectionSettings) -> None:
    """Refuse combinations for which the original has no defined result (02, section 21)."""
    kind = settings.feature_type
    if kind == FeatureType.NONE and settings.boundaries and settings.boundary_fourier is None:
        raise NotSupportedError(
            "feature type 0 with unsmoothed object boundaries has no defined result (specification 02, section 21); "
            "choose another feature type or no boundaries"
        )
    if kind == FeatureType.SURFACE_FIT and settings.shape is not None and settings.periodic_x:
        raise NotSupportedError(
            "shape attributes with feature type 7 and periodic x boundaries have no defined result "
            "(specification 02, section 21); switch off shape or the periodic boundaries, or use feature type 4"
        )
    if kind == FeatureType.SURFACE_FIT and settings.refinement is None:
        raise NotSupportedError("feature type 7 needs refinement settings (specification 02, section 11)")
    if kind == FeatureType.OBJECT_FIT and settings.object_fit is None:
        raise NotSupportedError("feature type 8 needs object fit settings (specification 02, section 12)")
    if settings.object_smoothing and settings.transform is None:
        raise NotSupportedError("object smoothing needs transform settings (specification 02, section 13)")


class Detector:
    """Detection with fixed settings on a fixed grid; holds the work arrays of all stages.

    Parameters
    ----------
    settings : DetectionSettings
    domain : Domain
        Grid, region, norm and projection.

    Attributes
    ----------
    timings : dict of str to float
        Seconds spent in each stage so far.

    Notes
    -----
    One detector serves one thread; `copy` gives an independent one with the same settings. Results do not depend
    on the frames seen before.

    References
    ----------
    Specification 02, section 3. Parity: bitwise.
    """

    def __init__(self, settings: DetectionSettings, domain: Domain) -> None:
        check_supported(settings)
        self.settings = settings
        self.domain = domain
        kind = settings.feature_type
        self._shape: ShapeStage | None = None
        if settings.shape is not None and kind != FeatureType.NONE and domain.geodesic:
            self._shape = ShapeStage(settings.shape, domain, feature_type=kind, connectivity=settings.connectivity)
        self._make_stages()

    def _make_stages(self) -> None:
        """The stages that hold work arrays only."""
        settings, domain, kind = self.settings, self.domain, self.settings.feature_type
        self.timings: dict[str, float] = {}
        self._edges = EdgeState.of(domain)
        self._labeller = Labeller(domain, settings.connectivity)
        self._border: BorderSearch | None = None
        if domain.border_search:
            from .border import BorderSearch
            from .point_lists import PointLists

            cells = len(domain.xgrid) * len(domain.ygrid)
            marks = self._labeller.spare(len(domain.ygrid), len(domain.xgrid))
            self._border = BorderSearch(domain, settings.connectivity, marks)
            self._lists = PointLists(domain.width * domain.height, cells)
        self._maxima = MaximaFinder(domain)
        self._refiner: Refiner | None = None
        if kind == FeatureType.SURFACE_FIT and settings.refinement is not None:
            self._refiner = Refiner(settings.refinement, domain)
        self._object_fitter: ObjectFitter | None = None
        if kind == FeatureType.OBJECT_FIT and settings.object_fit is not None:
            from .object_fit import ObjectFitter

            self._object_fitter = ObjectFitter(settings.object_fit, domain, self._maxima)
        self._added_fitter: SurfaceFitter | None = None

    def copy(self) -> Detector:
        """Independent detector with the same settings, for another thread; it shares the tables of the grid."""
        other = copy.copy(self)
        other._shape = None if self._shape is None else self._shape.copy()
        other._make_stages()
        return other

    def detect(
        self,
        field: F32,
        *,
        frame_number: int = 0,
        first_frame: bool = False,
        input_field: F32 | None = None,
        threshold_field: F32 | None = None,
        added_field: F32 | None = None,
        stored: FrameObjects | None = None,
    ) -> FrameResult:
        """Objects and features of one frame.

        Parameters
        ----------
        field : float32, shape (iy, ix)
            Prepared (scaled, signed) and, where asked for, projected field on the tracking grid.
        frame_number : int
            True frame number of the input file, 1-based.
        first_frame : bool
            Whether this is the first frame processed (the overlap switch acts there only).
        input_field : float32, shape (iy_input, ix_input), optional
            Prepared field before the projection, needed for shape on a projected grid; `field` when not given.
        threshold_field : float32, shape (iy, ix), optional
            Time average for thresholding (already raised by its percentage).
        added_field : float32, shape (iy, ix), optional
            Field to be added to the features, on the tracking grid.
        stored : FrameObjects, optional
            Objects and features of an earlier run, on the tracking grid: they replace those of the field and only
            get shapes anew (02, section 19).

        Returns
        -------
        FrameResult

        Raises
        ------
        FieldError
            If a field does not have the shape of its grid.
        FitError
            If a surface cannot be fitted.
        """
        d = self.domain
        field = self._checked(field, d.xgrid, d.ygrid, "field")
        if self._shape is not None:
            input_field = field if input_field is None else input_field
            input_field = self._checked(input_field, d.input_xgrid, d.input_ygrid, "input field")
        if threshold_field is not None:
            threshold_field = self._checked(threshold_field, d.xgrid, d.ygrid, "threshold field")
        self._edges.clear()
        area_computed = False
        if stored is not None:
            objects, area_computed = self._stored(stored, field, threshold_field, input_field, first_frame)
            started = perf_counter()
        else:
            objects = self._find_features(self._find_objects(field, threshold_field), field)
            started = perf_counter()
            if self._shape is not None and input_field is not None:
                objects, area_computed = self._shape.apply(objects, input_field, self._edges, first_frame=first_frame)
                started = self._note("shape", started)
            if self.settings.feature_type != FeatureType.SURFACE_FIT:
                objects = self._returned(objects)
        objects.frame = frame_number
        objects = self._kept(objects)
        if added_field is not None:
            self._add(objects, self._checked(added_field, d.xgrid, d.ygrid, "added field"))
        self._note("filters", started)
        return FrameResult(objects=objects, area_computed=area_computed)

    def completed(self, objects: FrameObjects, *, first_frame: bool = False) -> FrameObjects:
        """Objects and features that were found elsewhere, as `detect` would return them: shape, filters, signs.

        Parameters
        ----------
        objects : FrameObjects
            With points, extents and refined features (feature type 7); changed in place.
        first_frame : bool
            As in `detect`.
        """
        self._edges.clear()
        if self._shape is not None:
            objects, _ = self._shape.apply(objects, _NO_FIELD, self._edges, first_frame=first_frame)
        return self._kept(objects)

    def _kept(self, objects: FrameObjects) -> FrameObjects:
        """What the filters leave, with the signs and the offset of the input."""
        return restore_original(self._filter(objects), self.domain, self.settings.preparation)

    def _note(self, stage: str, started: float) -> float:
        now = perf_counter()
        self.timings[stage] = self.timings.get(stage, 0.0) + now - started
        return now

    @staticmethod
    def _checked(field: F32, xgrid: F32, ygrid: F32, what: str) -> F32:
        shape = (len(ygrid), len(xgrid))
        if field.shape != shape:
            raise FieldError(
                f"{what} has shape {field.shape}, expected (latitudes, longitudes) = {shape}, the shape of its grid; "
                "pass the field on that grid, with the closing column if the grid is periodic"
            )
        return np.ascontiguousarray(field, np.float32)

    def _stored(
        self, stored: FrameObjects, field: F32, average: F32 | None, input_field: F32 | None, first_frame: bool
    ) -> tuple[FrameObjects, bool]:
        """Features of an earlier run with shapes from the objects of this field, and whether an area was computed."""
        if self._shape is None or input_field is None:
            return replace(stored), False
        from .earlier_features import owners, regrouped, with_shapes

        objects = self._find_objects(field, average)
        owner = owners(objects, stored, field, self.domain)
        own, order = regrouped(objects, stored, owner)
        shaped, area_computed = self._shape.apply(own, input_field, self._edges, first_frame=first_frame)
        return with_shapes(stored, shaped, order), area_computed

    def _find_objects(self, field: F32, average: F32 | None) -> FrameObjects:
        """Threshold, label, border search, periodic merge and size filter."""
        s, d = self.settings, self.domain
        started = perf_counter()
        threshold = np.float32(s.threshold)
        if self._border is None:
            objects = self._labeller.label(field, threshold, average, s.min_object_points)
            self._note("label", started)
            return objects
        objects = self._labeller.label(field, threshold, average, -1, self._lists.room)
        started = self._note("label", started)
        self._lists.load(objects)
        self._border.run(field, threshold, self._lists)
        if d.periodic:
            from .periodic import merge_periodic

            merge_periodic(d, self._lists, self._edges)
        # the return into the domain, later on, makes new arrays
        objects = self._lists.unload(s.min_object_points, keep=not d.periodic)
        self._note("border", started)
        return objects

    def _find_features(self, objects: FrameObjects, field: F32) -> FrameObjects:
        """Feature points by the kind asked for, and object boundaries."""
        s, d = self.settings, self.domain
        kind = s.feature_type
        started = perf_counter()
        if kind in (FeatureType.GRID_MAXIMA, FeatureType.GROUPED_MAXIMA, FeatureType.SURFACE_FIT):
            objects = self._maxima.find(
                objects,
                grouped=kind != FeatureType.GRID_MAXIMA,
                keep_extent=kind == FeatureType.SURFACE_FIT,
                excludes_edge=s.exclude_boundary_maxima,
            )
            started = self._note("maxima", started)
        elif kind == FeatureType.DISTANCE_TRANSFORM and s.transform is not None:
            from .distance_transform import distance_features

            objects = distance_features(objects, field, d, self._edges, s.transform, connectivity=s.connectivity)
            self._note("distance transform", started)
            return objects
        if self._refiner is not None:
            objects = self._returned(objects)
            objects = self._refiner.refine(objects, field)
            self._note("refine", started)
            return objects
        if self._object_fitter is not None:
            if s.object_smoothing and s.transform is not None:
                from .distance_transform import smooth_objects

                objects = smooth_objects(objects, field, d, self._edges, s.transform, connectivity=s.connectivity)
            objects = self._object_fitter.fit(objects, field, excludes_edge=s.exclude_boundary_maxima)
            started = self._note("object fit", started)
        if s.boundaries:
            from .boundaries import trace_boundaries

            objects = trace_boundaries(objects, field, d, self._edges, s.boundary_fourier)
            self._note("boundaries", started)
        return objects

    def _returned(self, objects: FrameObjects) -> FrameObjects:
        """Points and features beyond the seam of a periodic grid brought back into it."""
        if not self.domain.periodic:
            return objects
        from .periodic import return_to_domain

        return return_to_domain(objects, self.domain, self._edges)

    def _filter(self, objects: FrameObjects) -> FrameObjects:
        s = self.settings
        if s.feature_type == FeatureType.NONE:
            return objects
        if s.intensity_range is not None:
            lowest, highest = (np.float32(v) for v in s.intensity_range)
            objects = filter_intensity(objects, lowest, highest)
        if s.keep_largest_only:
            return keep_largest(objects)
        if s.min_separation is not None:
            return separate(objects, self.domain, s.min_separation)
        return objects

    def _add(self, objects: FrameObjects, added: F32) -> None:
        """Add the additional field to object points (if asked) and features."""
        s = self.settings
        if s.added is not None and s.added.to_objects:
            add_field_to_points(objects, self.domain, added)
        if s.feature_type == FeatureType.NONE:
            return
        if objects.integer_positions:
            add_field_at_nodes(objects, self.domain, added)
            return
        if self._added_fitter is None:
            surface = None if s.added is None else s.added.surface
            if self._refiner is not None:
                # One set of knots for both fields: points outside the surface are moved to knots of earlier fits.
                self._added_fitter = self._refiner.fitter
            elif surface is not None:
                self._added_fitter = SurfaceFitter(surface, self.domain)
            else:
                raise NotSupportedError(
                    "an added field with feature types above 3 needs surface settings (specification 02, table row 28)"
                )
        fitted = self._added_fitter.fit(added)
        add_surface_values(objects, fitted.values(objects.feature_x, objects.feature_y))
