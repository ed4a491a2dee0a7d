"""Shape, orientation and area of the regions of feature points.

References
----------
Specification 02, section 15. Parity: bitwise.
"""

from __future__ import annotations

import copy

import numpy as np
import numpy.typing as npt

from ..errors import FitError, StormtrackError
from ..kernels._policy import lean_kernel
from ..settings.detection import FeatureType, FourierSettings, RefinedGrid, ShapeSettings
from .area import AreaGrid, area_grid, sample_field
from .boundary_smoothing import feature_coordinates, smoothing_error
from .domain import Domain, EdgeState
from .nodes import NodeTables, node_tables, wrapped_positions
from .objects import FrameObjects
from .outline import box_sizes
from .shape_kernels import NOT_CONVERGED, RegionSmoothing, ShapeChoices, ShapeWork, frame_shapes, object_extents

F32 = npt.NDArray[np.float32]

ZERO = np.float32(0.0)
_NO_WEIGHTS = np.zeros((0, 0), np.float32)
_NONE = np.zeros(0, np.float32)
_NO_CELLS = AreaGrid(_NONE, _NONE, _NONE, _NONE, _NONE, False)


@lean_kernel
def sink(order, first, place, n, value):
    """Heap of the features ``order[first:first + n]``, the weakest on top: let the one at `place` sink."""
    f = order[first + place]
    while 2 * place + 1 < n:
        below = 2 * place + 1
        if below + 1 < n and comes_before(order[first + below], order[first + below + 1], value):
            below += 1
        if comes_before(order[first + below], f, value):
            break
        order[first + place] = order[first + below]
        place = below
    order[first + place] = f


@lean_kernel
def comes_before(a, b, value):
    """Whether feature `a` is stronger than `b`, or as strong and listed earlier."""
    return value[a] > value[b] or (value[a] == value[b] and a < b)


@lean_kernel
def order_features(start, value, order):
    """Features of every object from the strongest on the grid to the weakest, as indices into the frame.

    Features whose strength is not positive are replaced by the first of their object, as in the original, where an
    exhausted search ends at index 0.
    """
    for k in range(len(start) - 1):
        first, n = start[k], 0
        for f in range(first, start[k + 1]):
            if value[f] > ZERO:
                order[first + n] = f
                n += 1
        for place in range(n // 2 - 1, -1, -1):
            sink(order, first, place, n, value)
        for last in range(n - 1, 0, -1):
            order[first], order[first + last] = order[first + last], order[first]
            sink(order, first, 0, last, value)
        for place in range(first + n, start[k + 1]):
            order[place] = first


@lean_kernel
def shape_room(point_start, x, y):
    """Cells of the largest framed box and points of the largest object."""
    cells, _ = box_sizes(point_start, x, y, 0)
    points = 0
    for k in range(len(point_start) - 1):
        points = max(points, point_start[k + 1] - point_start[k])
    return cells, points


@lean_kernel
def ordered_shapes(
    extent, has_extent, point_start, point_x, point_y, point_value, feature_start, order, x, y, value, old_x, old_y,
    grid_x, grid_y, grid_value, lon, lat, anisotropy, orientation_x, orientation_y, area,
    nodes, grid, field, choices, smoothing, work,
):  # fmt: skip
    """`frame_shapes` after `order` and the extents, where they are not known, are filled; returns its result and 0, 0.

    Where `work` is too small nothing is done: the last two values are the cells and points that it needs.
    """
    cells, points = shape_room(point_start, point_x, point_y)
    if cells > len(work.values) or points > len(work.region):
        return 0, 0, cells, points
    if not has_extent:
        object_extents(point_start, point_x, point_y, feature_start, extent)
    order_features(feature_start, grid_value, order)
    status, any_area = frame_shapes(
        point_start, point_x, point_y, point_value, feature_start, order, x, y, value, old_x, old_y,
        grid_x, grid_y, grid_value, lon, lat, anisotropy, orientation_x, orientation_y, area,
        nodes, grid, field, choices, smoothing, work,
    )  # fmt: skip
    return status, any_area, 0, 0


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
        self._work = ShapeWork.of(1, 1)
        self._choices = {first: self._choices_for(first) for first in (False, True)}
        self._smoothing = self._region_smoothing()
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
        other._work = ShapeWork.of(1, 1)
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
        out, known = self._own(objects), objects.has_extent
        lon, lat, old_x, old_y = self._positions(out)
        order = np.empty(out.n_features, np.int64)
        while True:
            status, any_area, cells, points = ordered_shapes(
                *(out.extent, known, out.point_start, out.point_x, out.point_y, out.point_value),
                *(out.feature_start, order, *feature_coordinates(out, self.domain), out.feature_value),
                *(old_x, old_y, out.grid_x, out.grid_y, out.grid_value, lon, lat),
                *(out.anisotropy, out.orientation_x, out.orientation_y, out.area),
                *(self.nodes, _NO_CELLS if self._cells is None else self._cells, self._weights(input_field)),
                *(self._choices[first_frame], self._smoothing, self._work),
            )
            if cells == 0:
                break
            self._work = ShapeWork.of(2 * cells, 2 * points)
        if status != 0:
            raise self._failure(int(status), int(any_area))
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

    def _positions(self, objects: FrameObjects) -> tuple[F32, F32, F32, F32]:
        """Old positions of the features: longitude and latitude, and coordinates on the tracking grid."""
        d = self.domain
        old_x, old_y = objects.grid_x.copy(), objects.grid_y.copy()
        if objects.integer_positions:
            old = objects.changed(feature_x=old_x, feature_y=old_y)
            old_x, old_y = feature_coordinates(old, d)
        if d.projected:
            assert d.inverse is not None  # node_tables has refused it otherwise
            lon, lat, _ = d.inverse(old_x, old_y)
            return np.array(lon, np.float32), np.array(lat, np.float32), old_x, old_y
        if d.periodic and self.feature_type != FeatureType.SURFACE_FIT:
            return wrapped_positions(old_x, d.xgrid[0], d.xgrid[-1]), old_y.copy(), old_x, old_y
        return old_x.copy(), old_y.copy(), old_x, old_y

    def _weights(self, input_field: F32) -> F32:
        area, cells = self.settings.area, self._cells
        if area is None or cells is None or area.kind != 2:
            return _NO_WEIGHTS
        field = np.ascontiguousarray(input_field, np.float32)
        if not self._refined:
            return field
        sampled: F32 = sample_field(field, self.domain.input_xgrid, self.domain.input_ygrid, cells.x, cells.y)
        return sampled

    def _choices_for(self, first_frame: bool) -> ShapeChoices:
        s, d = self.settings, self.domain
        area = s.area
        return ShapeChoices(
            feature_type=int(self.feature_type),
            x1=d.x1,
            y1=d.y1,
            periodic=d.periodic,
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
        )

    def _region_smoothing(self) -> RegionSmoothing | None:
        f = self.settings.fourier
        if f is None:
            return None
        return RegionSmoothing(f.fixed_exponent or 0, f.extra_exponent, f.modes, f.fill, f.expand, self.domain.xgrid)

    def _failure(self, status: int, index: int) -> StormtrackError:
        if status == NOT_CONVERGED:
            return FitError("ql", 30, f"eigenvalues of a region in object {index + 1} not found in 30 sweeps")
        return smoothing_error(status, index, self.settings.fourier or FourierSettings())
