"""Filters on the feature points of one frame: intensity, strongest only, minimum separation.

References
----------
Specification 02, section 16. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F32_1D, I64_1D, Mask
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD, measure_euclid, measure_unit
from .cubes import CubeTable, cube_size, filled_table, first_in_cube
from .domain import Axes, Domain, x_coordinate
from .objects import FrameObjects, Positions
from .ordering_of_features import order_down_to

DUFF = np.float32(-1.0e12)
"""Strength of a feature point marked as unusable."""
CHECK = np.float32(-1.0e10)
"""Strengths below this are marked ones."""
FEW = 32
"""Features of an object that are compared one with the other."""


def keep_features(objects: FrameObjects, keep: Mask) -> None:
    """Reduce the feature arrays of `objects` to those flagged, in order."""
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(keep, dtype=np.int64)))
    objects.feature_start = before[objects.feature_start]
    for name, values in list(objects.feature_columns()):
        setattr(objects, name, values[keep])


def filter_intensity(objects: FrameObjects, lowest: np.float32, highest: np.float32) -> FrameObjects:
    """Drop features outside [lowest, highest] (float32, inclusive); NaN strengths stay.

    Parameters
    ----------
    objects : FrameObjects
        Changed in place; `total_features` decreases by the number dropped.
    lowest, highest : float32
    """
    value = objects.feature_value
    with np.errstate(all="ignore"):
        keep = ~((value - lowest) * (highest - value) < np.float32(0.0))
    dropped = len(value) - int(np.count_nonzero(keep))
    if dropped:
        keep_features(objects, keep)
        objects.total_features -= dropped
    return objects


@kernel
def first_strongest(start: I64_1D, value: F32_1D, chosen: I64_1D) -> None:
    """Row of the first largest positive value of every object, -1 if none is positive."""
    for k in range(len(start) - 1):
        chosen[k] = -1
        best = np.float32(0.0)
        for f in range(start[k], start[k + 1]):
            if value[f] > best:
                best = value[f]
                chosen[k] = f


def keep_largest(objects: FrameObjects) -> FrameObjects:
    """Keep the strongest feature of every object; an object without positive one gets an all-zero point.

    Parameters
    ----------
    objects : FrameObjects
        Changed in place.
    """
    n_before = np.diff(objects.feature_start)
    chosen = np.empty(objects.n_objects, np.int64)
    first_strongest(objects.feature_start, objects.feature_value, chosen)
    chosen = chosen[n_before > 0]
    for name, values in list(objects.feature_columns()):
        picked = values[chosen]
        picked[chosen < 0] = 0.0
        setattr(objects, name, picked)
    counts = np.minimum(n_before, 1)
    objects.feature_start = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
    objects.total_features = objects.n_features
    return objects


@helper
def is_close(features, a, b, radius, geodesic):
    """Whether two features are nearer to one another than `radius`."""
    x, y = features.x, features.y
    if geodesic:
        return measure_unit(x[a], y[a], x[b], y[b]) < radius
    return measure_euclid(x[a], y[a], x[b], y[b]) < radius


@helper
def suppress_about(strongest, first, end, features, radius, geodesic):
    """Mark as DUFF the features first..end-1 that are closer than `radius` to the strongest."""
    value = features.value
    for f in range(first, end):
        if f != strongest and not value[f] < CHECK and is_close(features, strongest, f, radius, geodesic):
            value[f] = DUFF


@helper
def suppress_in_cubes(strongest, features, radius, geodesic, table):
    """The same with the features of a table: those that may be so close lie in the cubes about the strongest one's."""
    value = features.value
    for neighbour in range(27):
        f = first_in_cube(strongest, neighbour, table)
        while f >= 0:
            if f != strongest and not value[f] < CHECK and is_close(features, strongest, f, radius, geodesic):
                value[f] = DUFF
            f = np.int64(table.following[f])


@kernel
def suppress_close(features: Positions, radius: np.float32, geodesic: bool, order: I64_1D, table: CubeTable) -> None:
    """Mark as DUFF every feature closer than `radius` to a stronger one of its object.

    The strongest of those not marked comes first, of equals the first in the list. `order` and `table` are work for
    all features and for the largest object.
    """
    start, value = features.start, features.value
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        if end - first < 2:
            continue
        n = order_down_to(first, end, value, CHECK, order)
        if end - first > FEW:
            size = cube_size(radius, geodesic)
            cubes = filled_table(features.x, features.y, first, end, size, geodesic, table)
            for place in range(first, first + n):
                if value[order[place]] > CHECK:
                    suppress_in_cubes(order[place], features, radius, geodesic, cubes)
            continue
        for place in range(first, first + n):
            if value[order[place]] > CHECK:
                suppress_about(order[place], first, end, features, radius, geodesic)


@kernel
def node_coordinates(x: F32_1D, y: F32_1D, axes: Axes, out_x: F32_1D, out_y: F32_1D) -> None:
    """Coordinates of grid numbers (float32 holding integers, relative to the region)."""
    for f in range(len(x)):
        out_x[f] = x_coordinate(axes.x, np.int64(x[f]) + axes.x1 - 2, axes.periodic)
        out_y[f] = axes.y[np.int64(y[f]) + axes.y1 - 2]


def feature_coordinates(objects: FrameObjects, domain: Domain) -> tuple[F32, F32]:
    """Feature positions in coordinates of the tracking grid (float32 x, y), also for grid-number features."""
    x, y = objects.feature_x, objects.feature_y
    if not objects.integer_positions:
        return x, y
    out_x, out_y = np.empty_like(x), np.empty_like(y)
    node_coordinates(x, y, domain.axes, out_x, out_y)
    return out_x, out_y


def separate(objects: FrameObjects, domain: Domain, radius: float) -> FrameObjects:
    """Remove features too close to a stronger one of the same object, and marked ones of such objects.

    Parameters
    ----------
    objects : FrameObjects
        Changed in place.
    domain : Domain
    radius : float
        As answered: degrees with the geodesic norm, grid units with the Euclidean one.
    """
    x, y = feature_coordinates(objects, domain)
    limit = np.float32(radius)
    if domain.geodesic:
        limit = np.float32(float(limit) * RAD)
        if domain.projection is not None:
            x, y, _ = domain.projection.to_sphere(x, y)
    value = objects.feature_value
    features = Positions(objects.feature_start, x, y, value)
    sizes = np.diff(objects.feature_start)
    table = CubeTable.of(len(x), int(sizes.max(initial=0)))
    suppress_close(features, limit, domain.geodesic, np.empty(len(x), np.int64), table)
    crowded = np.repeat(sizes >= 2, sizes)
    keep_features(objects, ~(crowded & (value < CHECK)))
    objects.total_features = objects.n_features
    return objects
