"""Distance transform of objects: feature type 9, and the smoothing of objects by the transform.

References
----------
Specification 02, section 13. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F32, I32, I64
from ..settings.detection import TransformSmoothing
from .boundary_smoothing import smooth_boundaries
from .distance_kernels import Spare, Transformed, TransformRule, TransformWork, frame_transform
from .domain import Domain, EdgeState
from .objects import FrameObjects, Points, Positions
from .outline import box_sizes


def smooth_objects(
    objects: FrameObjects,
    field: F32,
    domain: Domain,
    edges: EdgeState,
    settings: TransformSmoothing,
    *,
    connectivity: int,
) -> FrameObjects:
    """Smooth the shapes of all objects before an object-wise fit.

    Parameters
    ----------
    objects : FrameObjects
        Objects without features.
    field : float32, shape (iy, ix)
        Field on which detection runs.
    domain : Domain
        Grid and search region.
    edges : EdgeState
        Zeroed, and set anew, when the domain is periodic and objects are redefined.
    settings : TransformSmoothing
        Fourier descriptors or the distance transform.
    connectivity : int
        4 or 8: weights of the transform.

    Returns
    -------
    FrameObjects
        New points, classes, extents; boundaries after Fourier smoothing.

    References
    ----------
    Specification 02, section 13. Parity: bitwise.
    """
    return _run(objects, field, domain, edges, settings, connectivity, with_points=False)


def distance_features(
    objects: FrameObjects,
    field: F32,
    domain: Domain,
    edges: EdgeState,
    settings: TransformSmoothing,
    *,
    connectivity: int,
) -> FrameObjects:
    """Feature points at the maxima of the distance transform (feature type 9), after smoothing if asked.

    Parameters and effects as for `smooth_objects`.

    Returns
    -------
    FrameObjects
        With features (`grid_x`, `grid_y`, `grid_value` are zero), `total_features` and extents.

    References
    ----------
    Specification 02, section 13. Parity: bitwise.
    """
    return _run(objects, field, domain, edges, settings, connectivity, with_points=True)


def _run(
    objects: FrameObjects,
    field: F32,
    domain: Domain,
    edges: EdgeState,
    settings: TransformSmoothing,
    connectivity: int,
    *,
    with_points: bool,
) -> FrameObjects:
    spare = Spare(*(_last_points(objects.point_start, values) for values in (objects.point_x, objects.point_y)))
    if settings.fourier is not None:
        if domain.periodic:
            edges.clear()
        objects = smooth_boundaries(objects, field, domain, edges, settings.fourier)
    if domain.periodic and settings.redefine:
        edges.clear()
    expansion = max(settings.expansion, 0)
    rule = TransformRule(
        diagonal=connectivity == 8,
        expansion=expansion,
        shift=min(settings.shift, expansion + 1),
        smooth=settings.smooth and expansion > 0,
        threshold=settings.threshold,
        redefine=settings.redefine,
        with_points=with_points,
    )
    largest, total = box_sizes(objects.point_start, objects.point_x, objects.point_y, expansion)
    made = _room_for(objects, total)
    frame_transform(objects.points, spare, rule, domain.axes, edges, made, TransformWork.of(largest))
    out = replace(objects, object_class=made.classes, object_mem=made.mem, extent=made.extent, has_extent=True)
    if settings.redefine:
        n = int(made.points.start[-1])
        out.point_start = made.points.start
        out.point_x, out.point_y = made.points.x[:n].copy(), made.points.y[:n].copy()
        out.point_value = made.points.value[:n].copy()
    if with_points:
        _set_features(out, made.features)
    return out


def _room_for(objects: FrameObjects, cells: int) -> Transformed:
    """Arrays for the results in boxes of so many cells in all."""
    n = objects.n_objects
    return Transformed(
        classes=objects.object_class.copy(),
        mem=objects.object_mem.copy(),
        extent=np.zeros((n, 4), np.int32),
        points=Points(
            np.zeros(n + 1, np.int64),
            np.empty(cells, np.int32),
            np.empty(cells, np.int32),
            np.empty(cells, np.float32),
        ),
        features=Positions(np.zeros(n + 1, np.int64), *(np.empty(cells, np.float32) for _ in range(3))),
    )


def _set_features(out: FrameObjects, features: Positions) -> None:
    """Enter features; their places and strengths on the grid and their shape are zero."""
    n = int(features.start[-1])
    out.feature_start = features.start
    out.feature_x, out.feature_y, out.feature_value = (values[:n].copy() for values in features[1:])
    out.grid_x, out.grid_y, out.grid_value = (np.zeros(n, np.float32) for _ in range(3))
    out.anisotropy, out.orientation_x, out.orientation_y, out.area = (np.zeros(n, np.float32) for _ in range(4))
    out.integer_positions = False
    out.total_features = n


def _last_points(start: I64, values: I32) -> I32:
    """Last point of every object (0 for an empty one)."""
    padded = np.append(values, np.int32(0))
    return np.where(np.diff(start) > 0, padded[start[1:] - 1], np.int32(0)).astype(np.int32)
