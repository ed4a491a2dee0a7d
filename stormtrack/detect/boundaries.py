"""Outlines of objects: the tracing walk, and the stage that gives every object of a frame its boundary.

References
----------
Specification 02, section 14. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..errors import FieldError
from ..kernels._policy import lean_kernel
from ..settings.detection import FourierSettings
from .boundary_smoothing import smooth_boundaries, unclosed_boundary
from .domain import Domain, EdgeState
from .objects import FrameObjects
from .outline import box_sizes, fill_box, point_box, trace

F32 = npt.NDArray[np.float32]


@lean_kernel
def grid_boundaries(start, x, y, value, box, cell_value, path, out_start, out_x, out_y, out_value):
    """Trace all objects of a frame; returns -1, or the index of an object whose walk does not close.

    `box` (uint8), `cell_value` (float32) and `path` (int32) are work; `out_*` need 8 entries a point and one more
    an object.
    """
    total = 0
    out_start[0] = 0
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        if end - first > 1:
            xmin, xmax, ymin, ymax = point_box(x, y, first, end)
            width = xmax - xmin + 3
            begin = fill_box(x, y, first, end, xmin, ymin, width, ymax - ymin + 3, box)
            for p in range(first, end):
                cell_value[(y[p] - ymin + 1) * width + x[p] - xmin + 1] = value[p]
            n = trace(box, np.uint8(1), width, begin, 8 * (end - first), path)
            if n < 0:
                return k
            for j in range(n):
                cell = path[j]
                out_x[total + j] = np.float32(cell % width + xmin - 1)
                out_y[total + j] = np.float32(cell // width + ymin - 1)
                out_value[total + j] = cell_value[cell]
            total += n
        out_start[k + 1] = total
    return -1


def _integer_boundaries(objects: FrameObjects) -> FrameObjects:
    start, x, y = objects.point_start, objects.point_x, objects.point_y
    counts = np.diff(start)
    capacity = 8 * len(x) + objects.n_objects
    cells, _ = box_sizes(start, x, y, 0)
    out_start = np.zeros(objects.n_objects + 1, np.int64)
    out_x, out_y, out_value = (np.empty(capacity, np.float32) for _ in range(3))
    failed = grid_boundaries(
        start,
        x,
        y,
        objects.point_value,
        np.empty(cells, np.uint8),
        np.empty(cells, np.float32),
        np.empty(8 * int(counts.max(initial=0)) + 2, np.int32),
        out_start,
        out_x,
        out_y,
        out_value,
    )
    if failed >= 0:
        raise FieldError(unclosed_boundary(failed))
    n = int(out_start[-1])
    return replace(
        objects,
        boundary_start=out_start,
        boundary_x=out_x[:n].copy(),
        boundary_y=out_y[:n].copy(),
        boundary_value=out_value[:n].copy(),
        boundary_state=0,
        total_features=int(np.diff(objects.feature_start)[counts > 1].sum()),
    )


def trace_boundaries(
    objects: FrameObjects, field: F32, domain: Domain, edges: EdgeState, fourier: FourierSettings | None
) -> FrameObjects:
    """Boundaries of all objects of a frame, smoothed by Fourier descriptors if asked.

    Parameters
    ----------
    objects : FrameObjects
        Objects with their features.
    field : float32, shape (iy, ix)
        Field on which detection runs; read where smoothed objects are filled.
    domain : Domain
        Grid and search region.
    edges : EdgeState
        Zeroed first when the domain is periodic; set again by filling.
    fourier : FourierSettings, optional
        Smoothing; None keeps the traced boundary in grid numbers.

    Returns
    -------
    FrameObjects
        With boundaries, `boundary_state` and `total_features`; smoothing also changes points and features.

    Raises
    ------
    FieldError
        A boundary walk does not return to its start, where the original hangs.
    AnswersError
        The fixed number of frequencies is smaller than a boundary needs.

    Notes
    -----
    Objects of one point or none get no boundary, and their features do not count in `total_features`.
    Parity: bitwise.

    References
    ----------
    Specification 02, section 14.
    """
    if domain.periodic:
        edges.clear()
    if fourier is None:
        return _integer_boundaries(objects)
    return smooth_boundaries(objects, field, domain, edges, fourier)
