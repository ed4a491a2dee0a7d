"""Shape, orientation and area of the regions of feature points.

References
----------
Specification 02, section 15. Parity: bitwise.
"""

from __future__ import annotations

import copy

import numpy as np

from ..arrays import F32
from ..errors import FitError, StormtrackError
from ..settings.detection import FeatureType, FourierSettings, RefinedGrid, ShapeSettings
from .area import AreaGrid, Cells, area_grid, sample_field
from .boundary_smoothing import feature_coordinates, smoothing_choices, smoothing_error
from .domain import Domain, EdgeState
from .nodes import NodeTables, node_tables, wrapped_positions
from .objects import FrameObjects
from .shape_kernels import (
    NOT_CONVERGED,
    Extents,
    ShapeChoices,
    ShapeFeatures,
    Shapes,
    ShapeTables,
    ShapeWork,
    frame_shapes,
)

_NO_WEIGHTS = np.zeros((0, 0), np.float32)
_NONE = np.zeros(0, np.float32)
_NO_CELLS = AreaGrid(_NONE, _NONE, _NONE, _NONE, _NONE, False)


class ShapeStage:
    """Shape of all features of a frame; holds the tables of the domain and work arrays between frames.

    Parameters
    ----------
    settings : ShapeSettings
        What to compute.
    domain : Domain
        Tracking grid, input grid and (for a projection) the inverse mapping.
    feature_type : FeatureType
        Decides which positions are used and whether merged features exchange places.
    connectivity : int
        Connectivity of the objects; regions and boundaries do not depend on it.

    Raises
    ------
    GridError
        A projected domain without inverse mapping.

    Notes
    -----
    Not for use by two threads at a time; `copy` makes another one.

    References
    ----------
    Specification 02, section 15. Parity: bitwise.
    """

    def __init__(
        self, settings: ShapeSettings, domain: Domain, *, feature_type: FeatureType, connectivity: int
    ) -> None:
        self.settings, self.domain, self.feature_type = settings, domain, feature_type
        self.nodes: NodeTables | None = node_tables(domain) if domain.geodesic else None
        self._smoothing = smoothing_choices(settings.fourier)
        self._work = ShapeWork.of(1, 1, self._smoothing)
        self._choices = {first: self._choices_for(first) for first in (False, True)}
        self._cells: AreaGrid | None = None
        if settings.area is not None:
            self.refine(settings.area.refined)

    def refine(self, grid: RefinedGrid | None) -> None:
        """Set the grid over which areas are summed: a refined one, or (None) the input grid."""
        area = self.settings.area
        if area is None:
            return
        self._refined = grid is not None
        self._cells = area_grid(self.domain, grid, on_projection=area.on_projection)

    def copy(self) -> ShapeStage:
        """A stage with work arrays of its own, sharing the tables."""
        other = copy.copy(self)
        other._work = ShapeWork.of(1, 1, self._smoothing)
        return other

    def apply(
        self, objects: FrameObjects, input_field: F32, edges: EdgeState, *, first_frame: bool
    ) -> tuple[FrameObjects, bool]:
        """Compute the shape of every feature of a frame.

        Parameters
        ----------
        objects : FrameObjects
            Objects with features.
        input_field : float32, shape (iy, ix) of the input grid
            Prepared field of the input grid; read for areas weighted by the field only.
        edges : EdgeState
            Left as it is.
        first_frame : bool
            Whether this is the first processed frame: overlapping regions are honoured there only.

        Returns
        -------
        objects : FrameObjects
            With anisotropy, orientation, area; old grid positions and strengths may have been exchanged between
            features, and extents are set for objects with features if they were not.
        any_area : bool
            Whether an area was computed (when the original asks for a refined grid).

        Raises
        ------
        FieldError
            Region smoothing meets a boundary that does not close.
        AnswersError
            The fixed number of Fourier frequencies is too small for a region.
        FitError
            The eigenvalues do not converge.
        """
        if self.nodes is None or objects.n_features == 0:
            return objects, False
        out = self._own(objects)
        extents = Extents(out.extent, objects.has_extent)
        features = self._features(out)
        shapes = Shapes(out.anisotropy, out.orientation_x, out.orientation_y, out.area)
        tables = ShapeTables(self.nodes, self.domain.axes, self._weighted_cells(input_field))
        choices = self._choices[first_frame]
        while True:
            status, any_area, cells, points = frame_shapes(
                extents, out.points, features, shapes, tables, choices, self._work
            )
            if cells == 0:
                break
            self._work = ShapeWork.of(2 * cells, 2 * points, self._smoothing)
        if status != 0:
            raise self._failure(status, any_area)
        return out, bool(any_area)

    @staticmethod
    def _own(objects: FrameObjects) -> FrameObjects:
        """A copy whose changed arrays are its own."""
        n = objects.n_features
        return objects.changed(
            grid_x=objects.grid_x.copy(),
            grid_y=objects.grid_y.copy(),
            grid_value=objects.grid_value.copy(),
            anisotropy=np.zeros(n, np.float32),
            orientation_x=np.zeros(n, np.float32),
            orientation_y=np.zeros(n, np.float32),
            area=np.zeros(n, np.float32),
            extent=objects.extent if objects.has_extent else objects.extent.copy(),
            has_extent=True,
        )

    def _features(self, objects: FrameObjects) -> ShapeFeatures:
        """The features as kernels take them."""
        lon, lat, old_x, old_y = self._positions(objects)
        x, y = feature_coordinates(objects, self.domain)
        return ShapeFeatures(
            start=objects.feature_start,
            order=np.empty(objects.n_features, np.int64),
            x=x,
            y=y,
            value=objects.feature_value,
            old_x=old_x,
            old_y=old_y,
            lon=lon,
            lat=lat,
            grid_x=objects.grid_x,
            grid_y=objects.grid_y,
            grid_value=objects.grid_value,
        )

    def _positions(self, objects: FrameObjects) -> tuple[F32, F32, F32, F32]:
        """Old positions of the features: longitude and latitude, and coordinates on the tracking grid."""
        d = self.domain
        old_x, old_y = objects.grid_x.copy(), objects.grid_y.copy()
        if objects.integer_positions:
            old_x, old_y = feature_coordinates(objects.changed(feature_x=old_x, feature_y=old_y), d)
        if d.shape_projection is not None:
            lon, lat, _ = d.shape_projection.to_sphere(old_x, old_y)
            return np.array(lon, np.float32), np.array(lat, np.float32), old_x, old_y
        if d.periodic and self.feature_type != FeatureType.SURFACE_FIT:
            return wrapped_positions(old_x, d.xgrid[0], d.xgrid[-1]), old_y.copy(), old_x, old_y
        return old_x.copy(), old_y.copy(), old_x, old_y

    def _weighted_cells(self, input_field: F32) -> Cells:
        """Where areas are summed, and with which weights."""
        area, grid = self.settings.area, self._cells
        if area is None or grid is None:
            return Cells(_NO_CELLS, _NO_WEIGHTS, False)
        if area.kind != 2:
            return Cells(grid, _NO_WEIGHTS, False)
        field = np.ascontiguousarray(input_field, np.float32)
        if self._refined:
            field = sample_field(field, self.domain.input_xgrid, self.domain.input_ygrid, grid.x, grid.y)
        return Cells(grid, field, True)

    def _choices_for(self, first_frame: bool) -> ShapeChoices:
        s, area = self.settings, self.settings.area
        return ShapeChoices(
            feature_type=int(self.feature_type),
            turn_zonal=s.orientation == "z",
            turn_meridional=s.orientation == "m",
            min_points=max(s.min_points, 1),
            mean_direction=s.mean_direction,
            overlap=s.overlap and first_frame,
            smooth_fraction=np.float32(s.smooth_fraction),
            with_area=area is not None,
            area_fraction=np.float32(s.region_fraction if area is None else area.fraction),
            area_kind=0 if area is None else area.kind,
            plane=area is not None and area.on_projection,
            smoothing=self._smoothing,
        )

    def _failure(self, status: int, index: int) -> StormtrackError:
        if status == NOT_CONVERGED:
            return FitError("ql", 30, f"eigenvalues of a region in object {index + 1} not found in 30 sweeps")
        return smoothing_error(status, index, self.settings.fourier or FourierSettings())
