"""Distance transform of objects: feature type 9, and the smoothing of objects by the transform.

References
----------
Specification 02, section 13. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..settings.detection import TransformSmoothing
from .boundary_smoothing import smooth_boundaries
from .distance_kernels import TransformWork, frame_transform
from .domain import Domain, EdgeState
from .objects import FrameObjects
from .outline import box_sizes

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


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
    spare_x = _last_points(objects.point_start, objects.point_x)
    spare_y = _last_points(objects.point_start, objects.point_y)
    if settings.fourier is not None:
        if domain.periodic:
            edges.clear()
        objects = smooth_boundaries(objects, field, domain, edges, settings.fourier)
    if domain.periodic and settings.redefine:
        edges.clear()
    expansion = max(settings.expansion, 0)
    shift = min(settings.shift, expansion + 1)
    smooth = settings.smooth and expansion > 0
    o, d = objects, domain
    largest, total = box_sizes(o.point_start, o.point_x, o.point_y, expansion)
    new_x, new_y, new_value = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.float32)
    feature_x, feature_y, feature_value = (np.empty(total, np.float32) for _ in range(3))
    classes, mem = o.object_class.copy(), o.object_mem.copy()
    extent = np.zeros((o.n_objects, 4), np.int32)
    point_start, feature_start = np.zeros(o.n_objects + 1, np.int64), np.zeros(o.n_objects + 1, np.int64)
    frame_transform(
        o.point_start, o.point_x, o.point_y, o.point_value, spare_x, spare_y, connectivity == 8, expansion,
        shift, smooth, settings.threshold, settings.redefine, with_points, d.xgrid, d.ygrid, d.periodic, d.x1, d.y1,
        edges.left, edges.right, classes, mem, extent, point_start, feature_start,
        new_x, new_y, new_value, feature_x, feature_y, feature_value, TransformWork.of(largest),
    )  # fmt: skip
    out = replace(o, object_class=classes, object_mem=mem, extent=extent, has_extent=True)
    if settings.redefine:
        n = int(point_start[-1])
        out.point_start = point_start
        out.point_x, out.point_y, out.point_value = new_x[:n].copy(), new_y[:n].copy(), new_value[:n].copy()
    if with_points:
        _set_features(out, feature_start, feature_x, feature_y, feature_value)
    return out


def _set_features(out: FrameObjects, start: I64, x: F32, y: F32, value: F32) -> None:
    """Enter features; their places and strengths on the grid and their shape are zero."""
    n = int(start[-1])
    out.feature_start = start
    out.feature_x, out.feature_y, out.feature_value = x[:n].copy(), y[:n].copy(), value[:n].copy()
    out.grid_x, out.grid_y, out.grid_value = (np.zeros(n, np.float32) for _ in range(3))
    out.anisotropy, out.orientation_x, out.orientation_y, out.area = (np.zeros(n, np.float32) for _ in range(4))
    out.integer_positions = False
    out.total_features = n


def _last_points(start: I64, values: I32) -> I32:
    """Last point of every object (0 for an empty one)."""
    padded = np.append(values, np.int32(0))
    return np.where(np.diff(start) > 0, padded[start[1:] - 1], np.int32(0)).astype(np.int32)
