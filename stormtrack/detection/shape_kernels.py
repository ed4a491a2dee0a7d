"""Kernels of the shape stage: one call works through all features of a frame.

References
----------
Specification 02, section 15. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F64_1D, F64_2D, I32_1D, I32_2D, I64_1D, I64_2D, U8_1D
from ..kernels.declare import helper, kernel
from .area import Cells, PieceWork, polygon_area
from .domain import Axes
from .nodes import NodeTables, colatitude_angle, longitude_angle, node_place, vector_of_angles
from .objects import Points
from .ordering_of_features import order_features, sort_down
from .outline import box_sizes, framed_box, point_box, trace
from .region import (
    FREE,
    MARKED,
    TAKEN,
    NodeAxes,
    ObjectCells,
    climb,
    grow,
    list_first_points,
    nearest_cell,
    place_object,
)
from .scatter import add_scatter, set_projector, shape_of_scatter, sum_scatter
from .smoothing_kernels import SMOOTHED, Smoothing, SmoothingWork, smooth_object

REMOVED = np.float32(-1.0e10)
"""Strengths below this mark features struck out as duplicates."""
NOT_CONVERGED = -10
SURFACE_FIT, OBJECT_FIT = 7, 8
FEW = 32
"""Struck-out features that are looked through one by one."""


class ShapeChoices(NamedTuple):
    """Switches and limits of the shape stage, as the kernels take them."""

    feature_type: int
    turn_zonal: bool
    turn_meridional: bool
    min_points: int
    mean_direction: bool
    overlap: bool
    smooth_fraction: np.float32
    with_area: bool
    area_fraction: np.float32
    area_kind: int
    plane: bool
    smoothing: Smoothing


class Extents(NamedTuple):
    """xmin, xmax, ymin, ymax of the objects, and whether they are known."""

    box: I32_2D
    known: bool


class ShapeFeatures(NamedTuple):
    """Features of a frame.

    Attributes
    ----------
    start : int64, shape (n_objects + 1,)
        Offsets of the objects.
    order : int64, shape (n_features,)
        Features of each object in the order in which they claim regions.
    x, y, value : float32, shape (n_features,)
        Coordinates and strength.
    old_x, old_y, lon, lat : float32, shape (n_features,)
        Coordinates on the grid before refinement, and the same in longitude and latitude; changed by exchanges.
    grid_x, grid_y, grid_value : float32, shape (n_features,)
        As in `FrameObjects`; changed by exchanges.
    """

    start: I64_1D
    order: I64_1D
    x: F32_1D
    y: F32_1D
    value: F32_1D
    old_x: F32_1D
    old_y: F32_1D
    lon: F32_1D
    lat: F32_1D
    grid_x: F32_1D
    grid_y: F32_1D
    grid_value: F32_1D


class Shapes(NamedTuple):
    """Results: float32, shape (n_features,)."""

    anisotropy: F32_1D
    orientation_x: F32_1D
    orientation_y: F32_1D
    area: F32_1D


class ShapeTables(NamedTuple):
    """Tables of the grid: nodes on the sphere, coordinates, and the cells over which areas are summed."""

    nodes: NodeTables
    axes: Axes
    cells: Cells


class ShapeWork(NamedTuple):
    """Work arrays for objects of up to a number of box cells and points."""

    values: F32_1D
    state: U8_1D
    first_point: I32_1D
    removed: I64_2D
    belt: I64_1D
    stack: I32_1D
    region: I32_1D
    region_x: I32_1D
    region_y: I32_1D
    path: I32_1D
    lon: F32_1D
    lat: F32_1D
    pieces: PieceWork
    scatter: F64_2D
    vectors: F64_2D
    eigenvalues: F64_1D
    off_diagonal: F64_1D
    smoothing: SmoothingWork

    @classmethod
    def of(cls, cells: int, points: int, smoothing: Smoothing) -> ShapeWork:
        """Work for boxes of `cells` cells and objects of `points` points."""
        walk = 8 * points + 9
        stack = np.empty(walk, np.int32)
        smooths = (cells, points) if smoothing.wanted else (0, 0)
        return cls(
            values=np.empty(cells, np.float32),
            state=np.empty(cells, np.uint8),
            first_point=np.empty(cells, np.int32),
            removed=np.empty((2, points), np.int64),
            belt=np.empty(FEW, np.int64),
            stack=stack,
            region=np.empty(points + 1, np.int32),
            region_x=np.empty(points, np.int32),
            region_y=np.empty(points, np.int32),
            path=np.empty(walk, np.int32),
            lon=np.empty(walk, np.float32),
            lat=np.empty(walk, np.float32),
            pieces=PieceWork(np.empty(walk, np.float32), np.empty(walk, np.float32), stack),
            scatter=np.empty((3, 3), np.float64),
            vectors=np.empty((3, 3), np.float64),
            eigenvalues=np.empty(3, np.float64),
            off_diagonal=np.empty(3, np.float64),
            smoothing=SmoothingWork.of(*smooths, smoothing),
        )


class Stage(NamedTuple):
    """All of the above."""

    points: Points
    features: ShapeFeatures
    shapes: Shapes
    tables: ShapeTables
    choices: ShapeChoices
    work: ShapeWork


@helper
def object_extents(points, feature_start, extent):
    """Write xmin, xmax, ymin, ymax of every object that has features."""
    for k in range(len(points.start) - 1):
        first, end = points.start[k], points.start[k + 1]
        if feature_start[k + 1] > feature_start[k] and end > first:
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(points.x, points.y, first, end)


@helper
def shape_room(points):
    """Cells of the largest framed box and points of the largest object."""
    cells, _ = box_sizes(points.start, points.x, points.y, 0)
    most = np.int64(0)
    for k in range(len(points.start) - 1):
        most = max(most, points.start[k + 1] - points.start[k])
    return cells, most


@helper
def squared_distance(x1, y1, x2, y2):
    """Squared distance (float32) in coordinate units."""
    dx = np.float32(x1 - x2)
    dy = np.float32(y1 - y2)
    return np.float32(np.float32(dx * dx) + np.float32(dy * dy))


@helper
def list_removed(first, end, features, removed):
    """List the features first..end-1 that are struck out, and the same again from north to south (by their old y).

    `removed` has two rows; returns how many there are.
    """
    n = 0
    for k in range(first, end):
        if features.value[k] < REMOVED:
            removed[0][n], removed[1][n] = k, k
            n += 1
    sort_down(removed[1], 0, n, features.old_y)
    return n


@helper
def northernmost(removed, y, old_y):
    """Position of the first feature of a list from north to south whose old y is not above `y`."""
    low, high = 0, len(removed)
    while low < high:
        middle = (low + high) // 2
        if old_y[removed[middle]] > y:
            low = middle + 1
        else:
            high = middle
    return low


@helper
def list_belt(f, n, features, work):
    """List in ``belt`` the struck-out features in a belt about feature `f` that is as wide as its own old place is far,
    in the order of the list: no others have nearer old places.

    Returns how many of the `n` there are; -1 where all are to be looked at, because they are few, too many lie in the
    belt, or its width is not known.
    """
    own = squared_distance(features.x[f], features.y[f], features.old_x[f], features.old_y[f])
    if n <= FEW or not own < np.float32(np.inf):
        return -1
    reach = math.sqrt(np.float64(own)) * (1.0 + 1.0e-6) + 1.0e-18
    north, south = np.float64(features.y[f]) + reach, np.float64(features.y[f]) - reach
    from_north, belt = work.removed[1][:n], work.belt
    m = 0
    for place in range(northernmost(from_north, north, features.old_y), n):
        k = from_north[place]
        if features.old_y[k] < south:
            break
        if m == FEW:
            return -1
        at = m
        while at > 0 and belt[at - 1] > k:
            belt[at] = belt[at - 1]
            at -= 1
        belt[at] = k
        m += 1
    return m


@helper
def take_nearer_places(f, removed, features):
    """Give feature `f` the old place of every struck-out feature that is nearer to it than its own old place.

    The struck-out feature keeps its place; the old strengths are exchanged.
    """
    x, y, lon, lat = features.x, features.y, features.lon, features.lat
    old_x, old_y, grid_value = features.old_x, features.old_y, features.grid_value
    for r in range(len(removed)):
        k = removed[r]
        if squared_distance(x[f], y[f], old_x[k], old_y[k]) < squared_distance(x[f], y[f], old_x[f], old_y[f]):
            old_x[f], old_y[f], lon[f], lat[f] = old_x[k], old_y[k], lon[k], lat[k]
            features.grid_x[f], features.grid_y[f] = features.grid_x[k], features.grid_y[k]
            grid_value[f], grid_value[k] = grid_value[k], grid_value[f]


@helper
def region_area(first_cell, count, box, tables, choices, work):
    """Area (float32) of the marked region, from its traced boundary."""
    nodes, axes = tables.nodes, tables.axes
    n = trace(work.state, MARKED, box.width, first_cell, 8 * count, work.path)
    m = np.int64(0)  # typed, so that callees are compiled once
    for k in range(n):
        j = work.path[k] // box.width
        column = work.path[k] - j * box.width + box.xmin + axes.x1 - 3
        row = j + box.ymin + axes.y1 - 3
        if choices.plane:
            work.lon[m], work.lat[m] = nodes.column_x[column + nodes.offset], nodes.row_y[row]
            m += 1
            continue
        work.lon[m], work.lat[m], valid = node_place(nodes, column, row)
        if valid:
            m += 1
    return polygon_area(work.lon, work.lat, m, tables.cells, work.pieces)


@helper
def add_nodes(x, y, tables, work):
    """Add the scatter of nodes given by region-relative grid numbers."""
    axes = tables.axes
    for k in range(len(x)):
        add_scatter(x[k] + axes.x1 - 2, y[k] + axes.y1 - 2, tables.nodes, work.vectors, work.scatter)


@helper
def limits_of_region(region, width):
    """First and last row and column of the cells of a region in a box of `width` cells a row."""
    low, high, left, right = np.int64(region[0]), np.int64(region[0]), np.int64(region[0]) % width, np.int64(0)
    for k in range(len(region)):
        column = np.int64(region[k]) % width
        low, high = min(low, region[k]), max(high, region[k])
        left, right = min(left, column), max(right, column)
    return low // width, high // width, left, right


@helper
def list_strong_cells(count, box, lowest, work):
    """List in ``region_x`` and ``region_y`` the marked cells (`count` of them) with values not below `lowest`, row by
    row; returns how many."""
    first, last, left, right = limits_of_region(work.region[:count], box.width)
    n = np.int64(0)
    for row in range(first, last + 1):
        for column in range(left, right + 1):
            c = row * box.width + column
            if work.state[c] == MARKED and work.values[c] >= lowest:
                work.region_x[n], work.region_y[n] = column + box.xmin - 1, row + box.ymin - 1
                n += 1
    return n


@helper
def scatter_of_smoothed_region(count, box, lowest, tables, smoothing, work):
    """Sum the scatter matrix over the region of values not below `lowest`, smoothed.

    Returns the number of its nodes, or a negative status.
    """
    x, y, made = work.region_x, work.region_y, work.smoothing
    n = list_strong_cells(count, box, lowest, work)
    if n > 1:
        status, _, _, n_kept, n_new = smooth_object(x, y, np.int64(0), n, smoothing, tables.axes, made)
        if status < 0:
            return np.int64(status)
        if status == SMOOTHED and smoothing.fill:
            add_nodes(made.new_x[:n_new], made.new_y[:n_new], tables, work)
            return n_new
        if status == SMOOTHED:
            for k in range(n_kept):  # ascending, so that nothing is overwritten that is still to come
                x[k], y[k] = x[made.kept[k]], y[made.kept[k]]
            n = n_kept
    add_nodes(x[:n], y[:n], tables, work)
    return n


@helper
def scatter_of_region(count, box, lowest, tables, choices, work):
    """Sum the scatter matrix over the (smoothed) region; returns the number of its nodes, or a negative status.

    The projector stands in `work.vectors`.
    """
    if choices.smoothing.wanted:
        return scatter_of_smoothed_region(count, box, lowest, tables, choices.smoothing, work)
    column, row = box.xmin + tables.axes.x1 - 3, box.ymin + tables.axes.y1 - 3
    sum_scatter(work.region, count, box.width, column, row, tables.nodes, work.vectors, work.scatter)
    return count


@helper
def clear_shape(f, shapes):
    """Shape of a feature without region."""
    shapes.anisotropy[f] = 0.0
    shapes.orientation_x[f] = 0.0
    shapes.orientation_y[f] = 0.0
    shapes.area[f] = 0.0


@helper
def shape_feature(f, count, box, smooth_limit, stage):
    """Shape and area of feature `f` from its marked region of `count` cells; returns a status (negative: failed)."""
    features, shapes, choices, work = stage.features, stage.shapes, stage.choices, stage.work
    clear_shape(f, shapes)
    if count < choices.min_points:
        return np.int64(0)
    px, py = longitude_angle(features.lon[f]), colatitude_angle(features.lat[f])
    direction = vector_of_angles(px, py)
    set_projector(direction, choices.mean_direction, work.vectors, work.scatter)
    n = scatter_of_region(count, box, smooth_limit, stage.tables, choices, work)
    if n < choices.min_points:
        return min(n, np.int64(0))
    converged, shape, east, north = shape_of_scatter(direction, px, py, choices, work)
    if not converged:
        return np.int64(NOT_CONVERGED)
    shapes.anisotropy[f] = shape
    shapes.orientation_x[f] = east
    shapes.orientation_y[f] = north
    if choices.with_area and count > 1:
        begin = np.int64(work.region[0])
        for j in range(1, count):
            begin = min(begin, work.region[j])
        size = region_area(begin, count, box, stage.tables, choices, work)
        shapes.area[f] = np.float32(features.value[f] * size) if choices.area_kind == 1 else size
    return np.int64(0)


@helper
def marked_region(f, first, box, stage):
    """Mark the region of feature `f` of an object that stands in the box; returns its number of cells."""
    features, nodes, axes, work = stage.features, stage.tables.nodes, stage.tables.axes, stage.work
    places = NodeAxes(nodes.column_x, nodes.row_y, axes.x1 - 2 + nodes.offset, axes.y1 - 2)
    cells = ObjectCells(work.state, work.first_point)
    start = nearest_cell(features.old_x[f], features.old_y[f], stage.points, first, places, box, cells)
    start = climb(start, box.width, work.values)
    lowest = np.float32(features.value[f] * stage.choices.area_fraction)
    return grow(start, box.width, work.values, work.state, lowest, work.stack, work.region)


@helper
def object_shapes(k, stage):
    """Shape and area of the features of object `k`; returns a status (negative: failed) and whether some area was."""
    points, features, choices, work = stage.points, stage.features, stage.choices, stage.work
    first, end = points.start[k], points.start[k + 1]
    f_first, f_end = features.start[k], features.start[k + 1]
    any_area = False
    box = framed_box(points.x, points.y, first, end)
    place_object(points, first, end, box, work.values, work.state)
    list_first_points(points, first, end, box, work.first_point)
    exchanges = choices.feature_type == SURFACE_FIT or choices.feature_type == OBJECT_FIT
    n_removed = list_removed(f_first, f_end, features, work.removed) if exchanges else 0
    for place in range(f_first, f_end):
        f = features.order[place]
        value = features.value[f]
        if value < REMOVED:
            clear_shape(f, stage.shapes)
            continue
        if n_removed > 0:
            n_belt = list_belt(f, n_removed, features, work)
            near = work.removed[0][:n_removed] if n_belt < 0 else work.belt[:n_belt]
            take_nearer_places(f, near, features)
        smooth_limit = np.float32(value * choices.smooth_fraction)
        if smooth_limit < np.float32(0.0):
            continue
        count = marked_region(f, first, box, stage)
        any_area = any_area or (choices.with_area and count > 1)
        status = shape_feature(f, count, box, smooth_limit, stage)
        if status < 0:
            return status, any_area
        release = FREE if choices.overlap else TAKEN
        for j in range(count):
            work.state[work.region[j]] = release
    return np.int64(0), any_area


@kernel
def frame_shapes(
    extents: Extents,
    points: Points,
    features: ShapeFeatures,
    shapes: Shapes,
    tables: ShapeTables,
    choices: ShapeChoices,
    work: ShapeWork,
) -> tuple[int, int, int, int]:
    """Shape and area of all features of a frame; also fills ``features.order``, and the extents if they are unknown.

    Returns
    -------
    status : int
        0, or a negative status.
    any_area : int
        1 if an area was computed; with a negative status the object concerned.
    cells, points : int
        0; or, where `work` is too small and nothing is done, the cells and points that it needs.
    """
    cells, most = shape_room(points)
    if cells > len(work.values) or most > len(work.region_x):
        return 0, 0, cells, most
    if not extents.known:
        object_extents(points, features.start, extents.box)
    order_features(features.start, features.grid_value, features.order)
    stage = Stage(points, features, shapes, tables, choices, work)
    any_area = False
    for k in range(len(points.start) - 1):
        if features.start[k] == features.start[k + 1] or points.start[k] == points.start[k + 1]:
            continue
        status, has_area = object_shapes(k, stage)
        if status < 0:
            return status, k, 0, 0
        any_area = any_area or has_area
    return 0, int(any_area), 0, 0
