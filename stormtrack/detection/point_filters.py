"""Filters on the feature points of one frame: intensity, strongest only, minimum separation.

References
----------
Specification 02, section 16. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F32_1D, I64_1D, Mask, Mask_1D
from ..kernels.declare import kernel
from ..kernels.sphere import RAD, measure_euclid, measure_unit
from .domain import Axes, Domain, x_coordinate
from .objects import FrameObjects, Positions

DUFF = np.float32(-1.0e12)
"""Strength of a feature point marked as unusable."""
CHECK = np.float32(-1.0e10)
"""Strengths below this are marked ones."""


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


@kernel
def suppress_close(features: Positions, radius: np.float32, geodesic: bool, taken: Mask_1D) -> None:
    """Mark as DUFF every feature closer than `radius` to a stronger one of its object (`taken`: bool work)."""
    start, x, y, value = features.start, features.x, features.y, features.value
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        if end - first < 2:
            continue
        for f in range(first, end):
            taken[f] = False
        while True:
            strongest = -1
            best = CHECK
            for f in range(first, end):
                if not taken[f] and value[f] > best:
                    best = value[f]
                    strongest = f
            if strongest < 0:
                break
            taken[strongest] = True
            for f in range(first, end):
                if f == strongest or value[f] < CHECK:
                    continue
                if geodesic:
                    distance = measure_unit(x[strongest], y[strongest], x[f], y[f])
                else:
                    distance = measure_euclid(x[strongest], y[strongest], x[f], y[f])
                if distance < radius:
                    value[f] = DUFF


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
    suppress_close(features, limit, domain.geodesic, np.zeros(len(x), np.bool_))
    crowded = np.repeat(np.diff(objects.feature_start) >= 2, np.diff(objects.feature_start))
    keep_features(objects, ~(crowded & (value < CHECK)))
    objects.total_features = objects.n_features
    return objects
