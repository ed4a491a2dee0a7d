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
from .outline import largest_box, point_box

F32 = npt.NDArray[np.float32]
I32 = npt.NDArray[np.int32]


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
    spare_x, spare_y = (
        _last_points(objects.point_start, objects.point_x),
        _last_points(objects.point_start, objects.point_y),
    )
    if settings.fourier is not None:
        if domain.periodic:
            edges.clear()
        objects = smooth_boundaries(objects, field, domain, edges, settings.fourier)
    if domain.periodic and settings.redefine:
        edges.clear()
    expansion = max(settings.expansion, 0) if settings.smooth else 0
    d = domain
    cells = int(largest_box(objects.point_start, objects.point_x, objects.point_y, expansion))
    work = TransformWork.of(cells)
    capacity = _total_cells(objects, expansion)
    points = (np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.float32))
    features = tuple(np.empty(capacity, np.float32) for _ in range(3))
    classes, mem = objects.object_class.copy(), objects.object_mem.copy()
    extent = np.zeros((objects.n_objects, 4), np.int32)
    starts = (np.zeros(objects.n_objects + 1, np.int64), np.zeros(objects.n_objects + 1, np.int64))
    frame_transform(
        objects.point_start,
        objects.point_x,
        objects.point_y,
        objects.point_value,
        spare_x,
        spare_y,
        connectivity == 8,
        expansion,
        settings.threshold,
        settings.redefine,
        with_points,
        d.xgrid,
        d.ygrid,
        d.periodic,
        d.x1,
        d.y1,
        edges.left,
        edges.right,
        classes,
        mem,
        extent,
        *starts,
        *points,
        *features,
        work,
    )
    out = replace(objects, object_class=classes, object_mem=mem, extent=extent, has_extent=True)
    if settings.redefine:
        n = int(starts[0][-1])
        out.point_start = starts[0]
        out.point_x, out.point_y, out.point_value = (a[:n].copy() for a in points)
    if not with_points:
        return out
    n = int(starts[1][-1])
    zeros = [np.zeros(n, np.float32) for _ in range(7)]
    out.feature_start = starts[1]
    out.feature_x, out.feature_y, out.feature_value = (a[:n].copy() for a in features)
    out.grid_x, out.grid_y, out.grid_value = zeros[:3]
    out.anisotropy, out.orientation_x, out.orientation_y, out.area = zeros[3:]
    out.integer_positions = False
    out.total_features = n
    return out


def _last_points(start: npt.NDArray[np.int64], values: I32) -> I32:
    """Last point of every object (0 for an empty one)."""
    padded = np.append(values, np.int32(0))
    return np.where(np.diff(start) > 0, padded[start[1:] - 1], np.int32(0)).astype(np.int32)


def _total_cells(objects: FrameObjects, margin: int) -> int:
    """Cells of all objects' boxes together: a bound for points and features after the transform."""
    total = 0
    for k in range(objects.n_objects):
        first, end = objects.point_start[k], objects.point_start[k + 1]
        if end > first:
            xmin, xmax, ymin, ymax = point_box(objects.point_x, objects.point_y, first, end)
            total += (int(xmax) - int(xmin) + 3 + 2 * margin) * (int(ymax) - int(ymin) + 3 + 2 * margin)
    return total
