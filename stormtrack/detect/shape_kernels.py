"""Kernels of the shape stage: one call works through all features of a frame.

References
----------
Specification 02, section 15. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..kernels._policy import kernel, lean_kernel
from .area import polygon_area
from .nodes import colatitude_angle, longitude_angle, node_place, vector_of_angles
from .outline import point_box, trace
from .region import FREE, MARKED, TAKEN, climb, grow, nearest_cell, place_object
from .scatter import add_scatter, set_projector, shape_of_scatter, sum_scatter
from .smoothing_kernels import SMOOTHED, smooth_object

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]

REMOVED = np.float32(-1.0e10)
"""Strengths below this mark features struck out as duplicates."""
NOT_CONVERGED = -10
SURFACE_FIT, OBJECT_FIT = 7, 8


class ShapeChoices(NamedTuple):
    """Switches and limits of the shape stage, as the kernels take them."""

    feature_type: int
    x1: int
    y1: int
    periodic: bool
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


class RegionSmoothing(NamedTuple):
    """Fourier smoothing of regions, as the kernels take it; they get None for none, which leaves its code out."""

    fixed: int
    extra: int
    modes: int
    fill: bool
    expand: int
    xgrid: F32


class ShapeWork(NamedTuple):
    """Work arrays for objects of up to a number of box cells and points."""

    values: F32
    state: npt.NDArray[np.uint8]
    stack: I32
    region: I32
    path: I32
    lon: F32
    lat: F32
    piece_x: F32
    piece_y: F32
    scatter: F64
    vectors: F64
    eigenvalues: F64
    off_diagonal: F64

    @classmethod
    def of(cls, cells: int, points: int) -> ShapeWork:
        """Work for boxes of `cells` cells and objects of `points` points."""
        walk = 8 * points + 9
        return cls(
            values=np.empty(cells, np.float32),
            state=np.empty(cells, np.uint8),
            stack=np.empty(walk, np.int32),
            region=np.empty(points + 1, np.int32),
            path=np.empty(walk, np.int32),
            lon=np.empty(walk, np.float32),
            lat=np.empty(walk, np.float32),
            piece_x=np.empty(walk, np.float32),
            piece_y=np.empty(walk, np.float32),
            scatter=np.empty((3, 3), np.float64),
            vectors=np.empty((3, 3), np.float64),
            eigenvalues=np.empty(3, np.float64),
            off_diagonal=np.empty(3, np.float64),
        )


@lean_kernel
def object_extents(point_start, x, y, feature_start, extent):
    """Write xmin, xmax, ymin, ymax of every object that has features."""
    for k in range(len(point_start) - 1):
        if feature_start[k + 1] > feature_start[k] and point_start[k + 1] > point_start[k]:
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(x, y, point_start[k], point_start[k + 1])


@lean_kernel
def squared_distance(x1, y1, x2, y2):
    """Squared distance (float32) in coordinate units."""
    dx = np.float32(x1 - x2)
    dy = np.float32(y1 - y2)
    return np.float32(np.float32(dx * dx) + np.float32(dy * dy))


@lean_kernel
def take_nearer_places(f, first, end, x, y, value, old_x, old_y, grid_x, grid_y, grid_value, lon, lat):
    """Give feature `f` the old place of every struck-out feature that is nearer to it than its own old place.

    The struck-out feature keeps its place; the old strengths are exchanged.
    """
    for k in range(first, end):
        if k == f or not value[k] < REMOVED:
            continue
        if squared_distance(x[f], y[f], old_x[k], old_y[k]) < squared_distance(x[f], y[f], old_x[f], old_y[f]):
            old_x[f], old_y[f], lon[f], lat[f] = old_x[k], old_y[k], lon[k], lat[k]
            grid_x[f], grid_y[f] = grid_x[k], grid_y[k]
            grid_value[f], grid_value[k] = grid_value[k], grid_value[f]


@lean_kernel
def region_area(first_cell, count, width, xmin, ymin, nodes, grid, field, choices, work):
    """Area (float32) of the marked region, from its traced boundary."""
    n = trace(work.state, MARKED, width, first_cell, 8 * count, work.path)
    m = np.int64(0)  # typed, so that callees are compiled once
    for k in range(n):
        j = work.path[k] // width
        column = work.path[k] - j * width + xmin + choices.x1 - 3
        row = j + ymin + choices.y1 - 3
        if choices.plane:
            work.lon[m], work.lat[m] = nodes.column_x[column + nodes.offset], nodes.row_y[row]
            m += 1
            continue
        work.lon[m], work.lat[m], valid = node_place(nodes, column, row)
        if valid:
            m += 1
    return polygon_area(
        work.lon, work.lat, m, grid, field, choices.area_kind == 2, work.piece_x, work.piece_y, work.stack
    )


@kernel
def scatter_of_smoothed_region(count, width, height, xmin, ymin, lowest, nodes, choices, smoothing, work):
    """Sum the scatter matrix over the region of values not below `lowest`, smoothed.

    Returns the number of its nodes, or a negative status.
    """
    x = np.empty(count, np.int32)
    y = np.empty(count, np.int32)
    n = np.int64(0)
    for c in range(width * height):
        if work.state[c] == MARKED and work.values[c] >= lowest:
            x[n] = c % width + xmin - 1
            y[n] = c // width + ymin - 1
            n += 1
    if n > 1:
        status, _, _, _, _, kept, new_x, new_y = smooth_object(
            x, y, np.int64(0), n, smoothing.fixed, smoothing.extra, smoothing.modes, smoothing.fill, smoothing.expand,
            smoothing.xgrid, nodes.row_y, choices.periodic, choices.x1, choices.y1,
        )  # fmt: skip
        if status < 0:
            return np.int64(status)
        if status == SMOOTHED and smoothing.fill:
            x, y, n = new_x, new_y, len(new_x)
        else:
            x, y, n = x[kept], y[kept], len(kept)
    for k in range(n):
        add_scatter(x[k] + choices.x1 - 2, y[k] + choices.y1 - 2, nodes, work.vectors, work.scatter)
    return n


@lean_kernel
def scatter_of_region(count, width, height, xmin, ymin, lowest, nodes, choices, smoothing, work):
    """Sum the scatter matrix over the (smoothed) region; returns the number of its nodes, or a negative status.

    The projector stands in `work.vectors`.
    """
    if smoothing is not None:  # the compiler drops this branch where it does not apply
        return scatter_of_smoothed_region(
            count, width, height, xmin, ymin, lowest, nodes, choices, smoothing, work
        )  # fmt: skip
    column, row = xmin + choices.x1 - 3, ymin + choices.y1 - 3
    sum_scatter(work.region, count, width, column, row, nodes, work.vectors, work.scatter)
    return count


@lean_kernel
def frame_shapes(
    point_start, point_x, point_y, point_value, feature_start, order, x, y, value, old_x, old_y,
    grid_x, grid_y, grid_value, lon, lat, anisotropy, orientation_x, orientation_y, area,
    nodes, grid, field, choices, smoothing, work,
):  # fmt: skip
    """Shape and area of all features of a frame.

    Parameters
    ----------
    point_start, point_x, point_y, point_value, feature_start
        Objects, as in `FrameObjects`.
    order : int64, shape (n_features,)
        Features of each object in the order in which they claim regions.
    x, y, value : float32, shape (n_features,)
        Coordinates and strength.
    old_x, old_y, lon, lat : float32, shape (n_features,)
        Coordinates on the grid before refinement, and the same in longitude and latitude; changed by exchanges.
    grid_x, grid_y, grid_value : float32, shape (n_features,)
        As in `FrameObjects`; changed by exchanges.
    anisotropy, orientation_x, orientation_y, area : float32, shape (n_features,)
        Results.
    nodes : NodeTables
    grid : AreaGrid
    field : float32
        Weights on the area grid, or empty.
    choices : ShapeChoices
    smoothing : RegionSmoothing or None
    work : ShapeWork

    Returns
    -------
    status : int
        0, or a negative status.
    any_area : int
        1 if an area was computed; with a negative status the object concerned.
    """
    any_area = 0
    for k in range(len(point_start) - 1):
        first, end = point_start[k], point_start[k + 1]
        f_first, f_end = feature_start[k], feature_start[k + 1]
        if f_first == f_end or first == end:
            continue
        xmin, xmax, ymin, ymax = point_box(point_x, point_y, first, end)
        width, height = xmax - xmin + 3, ymax - ymin + 3
        place_object(point_x, point_y, point_value, first, end, xmin, ymin, width, height, work.values, work.state)
        for place in range(f_first, f_end):
            f = order[place]
            if value[f] < REMOVED:
                clear_shape(f, anisotropy, orientation_x, orientation_y, area)
                continue
            if choices.feature_type == SURFACE_FIT or choices.feature_type == OBJECT_FIT:
                take_nearer_places(
                    f, f_first, f_end, x, y, value, old_x, old_y, grid_x, grid_y, grid_value, lon, lat
                )  # fmt: skip
            smooth_limit = np.float32(value[f] * choices.smooth_fraction)
            if smooth_limit < np.float32(0.0):
                continue
            start = nearest_cell(
                old_x[f], old_y[f], point_x, point_y, first, end, nodes.column_x, nodes.row_y, xmin, ymin, width,
                height, choices.x1 - 2 + nodes.offset, choices.y1 - 2, work.state,
            )  # fmt: skip
            start = climb(start, width, work.values)
            lowest = np.float32(value[f] * choices.area_fraction)
            count = grow(start, width, work.values, work.state, lowest, work.stack, work.region)
            if choices.with_area and count > 1:
                any_area = 1
            status = shape_feature(
                f, count, width, height, xmin, ymin, smooth_limit, value, lon, lat, anisotropy, orientation_x,
                orientation_y, area, nodes, grid, field, choices, smoothing, work,
            )  # fmt: skip
            if status < 0:
                return status, k
            release = FREE if choices.overlap else TAKEN
            for j in range(count):
                work.state[work.region[j]] = release
    return 0, any_area


@lean_kernel
def clear_shape(f, anisotropy, orientation_x, orientation_y, area):
    """Shape of a feature without region."""
    anisotropy[f] = 0.0
    orientation_x[f] = 0.0
    orientation_y[f] = 0.0
    area[f] = 0.0


@lean_kernel
def shape_feature(
    f, count, width, height, xmin, ymin, smooth_limit, value, lon, lat, anisotropy, orientation_x, orientation_y,
    area, nodes, grid, field, choices, smoothing, work,
):  # fmt: skip
    """Shape and area of feature `f` from its marked region of `count` cells; returns a status (negative: failed)."""
    clear_shape(f, anisotropy, orientation_x, orientation_y, area)
    if count < choices.min_points:
        return 0
    px, py = longitude_angle(lon[f]), colatitude_angle(lat[f])
    vx, vy, vz = vector_of_angles(px, py)
    set_projector(vx, vy, vz, choices.mean_direction, work.vectors, work.scatter)
    n = scatter_of_region(count, width, height, xmin, ymin, smooth_limit, nodes, choices, smoothing, work)
    if n < choices.min_points:
        return min(n, 0)
    converged, shape, east, north = shape_of_scatter(vx, vy, vz, px, py, choices, work)
    if not converged:
        return NOT_CONVERGED
    anisotropy[f] = shape
    orientation_x[f] = east
    orientation_y[f] = north
    if choices.with_area and count > 1:
        begin = np.int64(work.region[0])
        for j in range(1, count):
            begin = min(begin, work.region[j])
        size = region_area(begin, count, width, xmin, ymin, nodes, grid, field, choices, work)
        area[f] = np.float32(value[f] * size) if choices.area_kind == 1 else size
    return 0
