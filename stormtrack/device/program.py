"""The program of one frame, from a field on its grid to features: what JAX compiles.

References
----------
Specification 02, sections 3-5, 8, 9, 11.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, I64
from ..detection.constraints import Constraints
from ..detection.domain import Domain
from ..detection.point_filters import DUFF
from ..grid.model import Grid
from ..grid.tracking import TrackingGrid
from ..kernels.sphere import HALF_PI, RAD
from ..settings.detection import DetectionSettings, FieldPreparation
from .labelling import Cells, bits_of, keys
from .maxima import Maxima, grid_maxima, grouped, objects_of
from .optimiser import CONVERGED, Limits, Pair, maxima_near
from .packages import DeviceArray, jax, jnp, lax
from .plane_surface import PlaneSurface
from .sphere_surface import SphereSurface

SAME_PLACE = 1.0e-4
COMPARED = 64
"""Features that are compared with all others at a time: memory grows with their number, not with its square."""
LANES = 256
"""Features that climb at a time on a processor; on a GPU all of a batch do."""


class Slots(NamedTuple):
    """How many features, object points and runs of these of a frame have a place."""

    features: int
    points: int
    runs: int


class Rows(NamedTuple):
    """Runs of cells at the threshold and above, row by row, in slots.

    Attributes
    ----------
    count : int32
        Their number; more than there are slots if some have no place.
    is_kept : bool, shape (slots,)
        Those of objects.
    rank : int32, shape (slots,)
        Order of the objects.
    x, y : int32, shape (slots,)
        Column and row of the first point in the region, from 0.
    first, length : int32, shape (slots,)
        Number of that point among all, and of points.
    """

    count: DeviceArray
    is_kept: DeviceArray
    rank: DeviceArray
    x: DeviceArray
    y: DeviceArray
    first: DeviceArray
    length: DeviceArray


class Points(NamedTuple):
    """Cells at the threshold and above, run by run, in slots.

    Attributes
    ----------
    count : int32
        Their number; more than there are slots if some have no place.
    key : int32, shape (slots,)
        Order of the points of an object.
    value : float32, shape (slots,)
    """

    count: DeviceArray
    key: DeviceArray
    value: DeviceArray


class Found(NamedTuple):
    """What one frame holds, in slots.

    Attributes
    ----------
    maxima : Maxima
        Of the grid.
    x, y, value : float32, shape (slots,)
        The same after refinement.
    rows : Rows
    points : Points
    """

    maxima: Maxima
    x: DeviceArray
    y: DeviceArray
    value: DeviceArray
    rows: Rows
    points: Points


class FrameProgram:
    """Detection in frames of one grid with fixed settings.

    Parameters
    ----------
    grid : TrackingGrid
    settings : DetectionSettings
        Those that `support.check_supported` lets pass.
    """

    def __init__(self, grid: TrackingGrid, settings: DetectionSettings) -> None:
        self.settings, self._lat = settings, grid.grid.lat
        domain = Domain.of(grid, settings)
        self._rows, self._columns = slice(domain.y1 - 1, domain.y2), slice(domain.x1 - 1, domain.x2)
        self._axes = domain.xgrid[self._columns], domain.ygrid[self._rows]
        self._projection = None if grid.projected is None else _projection(grid)
        self._order = _order(grid.grid, closes=self._projection is None)
        self._surface = PlaneSurface.of(*(axis.astype(np.float64) for axis in self._axes))
        x1, x2, y1, y2 = self._surface.limits
        assert settings.refinement is not None
        table = Constraints.of(settings.refinement.constraints)
        self._sides: Limits = tuple(table.with_domain_limits(np.array([x1, y1, -x2, -y2])).tolist())

    @property
    def width(self) -> int:
        """Columns of the search region."""
        return len(self._axes[0])

    @property
    def cells(self) -> int:
        """Cells of the search region."""
        return self.width * len(self._axes[1])

    def searched(self, frame: DeviceArray) -> DeviceArray:
        """The field in which objects are sought, float32, of a frame as the grid was made for (rows, columns)."""
        rows, columns = self._order
        ordered = frame if rows is None else frame[rows]
        ordered = ordered if columns is None else ordered[:, columns]
        field = prepared(ordered, self.settings.preparation, self._lat)
        if self._projection is not None:
            return self._projection.project(field)
        return field[self._rows, self._columns]

    def find(self, frames: DeviceArray, slots: Slots) -> Found:
        """Features of frames, shape (frames, rows, columns), and the points of their objects."""
        fields = jax.vmap(self.searched)(frames)
        maxima, rows, points = jax.vmap(functools.partial(self._on_the_grid, slots=slots))(fields)
        x, y, value = self._refined(fields, maxima)
        value = jnp.where(jax.vmap(repeats)(maxima, x, y), DUFF, value)
        return Found(maxima, x, y, value, rows, points)

    def _on_the_grid(self, field: DeviceArray, slots: Slots) -> tuple[Maxima, Rows, Points]:
        """Grid maxima of one field, and the runs and cells of its objects."""
        settings, threshold = self.settings, jnp.float32(self.settings.threshold)
        objects = objects_of(field, threshold, settings.connectivity, settings.min_object_points, slots.runs)
        found = grid_maxima(field, objects.label, excludes_edge=settings.exclude_boundary_maxima)
        runs = objects.runs
        y, x = runs.row_and_column()
        rows = Rows(runs.heads.count, objects.is_kept, objects.rank, x, y, runs.first, runs.length)
        cells = Cells.of(runs, slots.points)
        key = keys(cells.y, cells.x, objects.levels.at(cells.place), bits_of(field.shape))
        points = Points(cells.count, key, field[cells.y, cells.x])
        return grouped(field, objects, found, self._axes, slots.features), rows, points

    def _refined(self, fields: DeviceArray, maxima: Maxima) -> tuple[DeviceArray, DeviceArray, DeviceArray]:
        """Features moved to maxima of the surfaces, float32; where none is found they stay."""
        coefficients = jax.vmap(self._surface.coefficients)(fields)
        n_frames, n_slots = maxima.x.shape
        of_frame = jnp.asarray(np.repeat(np.arange(n_frames) * coefficients[0].size, n_slots))
        flat = coefficients.ravel()

        def surface(point: Pair, which: DeviceArray) -> tuple[DeviceArray, Pair]:
            return self._surface.at(flat, of_frame[which], point)

        start = tuple(a.ravel() for a in (maxima.x, maxima.y, maxima.value))
        x, y, known = (a.astype(jnp.float64) for a in start)
        is_feature = maxima.is_feature.ravel()
        lanes = len(known) if jax.default_backend() != "cpu" else min(len(known), LANES)
        point, best, flag = maxima_near(surface, Pair(x, y), known, self._sides, is_feature, lanes)
        is_found = is_feature & (flag == CONVERGED)
        reached = (a.astype(jnp.float32) for a in (point.x, point.y, best))
        x, y, value = (jnp.where(is_found, new, old) for new, old in zip(reached, start, strict=True))
        return x.reshape(maxima.x.shape), y.reshape(maxima.x.shape), value.reshape(maxima.x.shape)


def _order(grid: Grid, *, closes: bool) -> tuple[I64 | None, I64 | None]:
    """Rows and columns of the frames in working order, with the closing column or without; None: all, as they are."""
    plan = grid.reorder
    columns = plan.source_columns if closes or not grid.wraps else plan.source_columns[:-1]
    n_rows, n_columns = plan.source_shape
    return _unless_all(plan.rows, n_rows), _unless_all(columns, n_columns)


def _unless_all(places: I64, number: int) -> I64 | None:
    """The places; None if they are all of that number, one after another."""
    return None if np.array_equal(places, np.arange(number)) else places


def prepared(frame: DeviceArray, how: FieldPreparation, lat: F32) -> DeviceArray:
    """Scaling and signs, rounded to float32 at each step."""
    field = frame
    if how.scale is not None:
        field = field * jnp.float32(how.scale)
    if how.offset is not None:
        field = field - jnp.float32(how.offset)
    if how.minima:
        field = -field
    if how.inversion is not None:
        limit = np.float32(how.inversion.latitude)
        turned = lat > limit if how.inversion.which == "n" else lat < limit
        field = jnp.where(turned[:, None], -field, field)
    return field


def repeats(maxima: Maxima, x: DeviceArray, y: DeviceArray) -> DeviceArray:
    """Features that have the place of an earlier one of their object.

    Distances are those of degrees, as everywhere with the geodesic norm, although these are positions on the map.
    """
    lon, colatitude = x.astype(jnp.float64) * RAD, jnp.maximum(HALF_PI - y.astype(jnp.float64) * RAD, 0.0)
    sine = jnp.sin(colatitude)
    units = jnp.stack((sine * jnp.cos(lon), sine * jnp.sin(lon), jnp.cos(colatitude)))

    def is_repeat(one: tuple[DeviceArray, DeviceArray, DeviceArray]) -> DeviceArray:
        unit, rank, key = one
        is_own = (rank == maxima.rank) & maxima.is_feature
        return ((unit @ units > math.cos(SAME_PLACE)) & is_own & (maxima.key < key)).any()

    found: DeviceArray = lax.map(is_repeat, (units.T, maxima.rank, maxima.key), batch_size=COMPARED)
    return found


class _Projection(NamedTuple):
    """From a field on the sphere to the nodes of a map."""

    surface: SphereSurface
    inside: np.ndarray
    shape: tuple[int, int]

    def project(self, field: DeviceArray) -> DeviceArray:
        """The field on the map, float32; nodes that lie outside hold 0."""
        values = self.surface.values(field[::-1]).astype(jnp.float32)
        flat = jnp.zeros(self.shape[0] * self.shape[1], jnp.float32)
        return flat.at[self.inside].set(values).reshape(self.shape)


def _projection(grid: TrackingGrid) -> _Projection:
    target, working = grid.projected, grid.grid
    assert target is not None
    inside = np.flatnonzero(target.inside)
    lon = working.lon[: len(working.lon) - bool(working.wraps)].astype(np.float64)
    colatitude = (HALF_PI - working.lat.astype(np.float64) * RAD)[::-1]
    points = (
        HALF_PI - target.lat.reshape(-1)[inside].astype(np.float64) * RAD,
        target.lon.reshape(-1)[inside].astype(np.float64) * RAD,
    )
    surface = SphereSurface(colatitude, lon * RAD, grid.surface.pole_continuity, points)
    return _Projection(surface, inside, target.shape)
