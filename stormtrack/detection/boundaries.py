"""Outlines of objects: the tracing walk, and the stage that gives every object of a frame its boundary.

References
----------
Specification 02, section 14. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, I32_1D, U8_1D
from ..errors import FieldError
from ..kernels.declare import kernel
from ..settings.detection import FourierSettings
from .boundary_smoothing import smooth_boundaries, unclosed_boundary
from .domain import Domain, EdgeState
from .objects import FrameObjects, Points, Positions
from .outline import box_sizes, fill_box, framed_box, trace


class TraceWork(NamedTuple):
    """Work for the largest box and object: cells and their values, and a path of 8 steps a point and 2 more."""

    cells: U8_1D
    value: F32_1D
    path: I32_1D


@kernel
def grid_boundaries(points: Points, work: TraceWork, out: Positions) -> int:
    """Trace all objects of a frame; returns -1, or the index of an object whose walk does not close.

    `out` needs 8 entries a point and one more an object.
    """
    x, y = points.x, points.y
    total = 0
    out.start[0] = 0
    for k in range(len(points.start) - 1):
        first, end = points.start[k], points.start[k + 1]
        if end - first > 1:
            box = framed_box(x, y, first, end)
            width = box.width
            begin = fill_box(x, y, first, end, box, work.cells)
            for p in range(first, end):
                work.value[(y[p] - box.ymin + 1) * width + x[p] - box.xmin + 1] = points.value[p]
            n = trace(work.cells, np.uint8(1), width, begin, 8 * (end - first), work.path)
            if n < 0:
                return k
            for j in range(n):
                cell = work.path[j]
                out.x[total + j] = np.float32(cell % width + box.xmin - 1)
                out.y[total + j] = np.float32(cell // width + box.ymin - 1)
                out.value[total + j] = work.value[cell]
            total += n
        out.start[k + 1] = total
    return -1


def _integer_boundaries(objects: FrameObjects) -> FrameObjects:
    start, x, y = objects.point_start, objects.point_x, objects.point_y
    counts = np.diff(start)
    capacity = 8 * len(x) + objects.n_objects
    cells, _ = box_sizes(start, x, y, 0)
    most = int(counts.max(initial=0))
    work = TraceWork(np.empty(cells, np.uint8), np.empty(cells, np.float32), np.empty(8 * most + 2, np.int32))
    out = Positions(np.zeros(objects.n_objects + 1, np.int64), *(np.empty(capacity, np.float32) for _ in range(3)))
    failed = grid_boundaries(objects.points, work, out)
    if failed >= 0:
        raise FieldError(unclosed_boundary(failed))
    n = int(out.start[-1])
    return replace(
        objects,
        boundary_start=out.start,
        boundary_x=out.x[:n].copy(),
        boundary_y=out.y[:n].copy(),
        boundary_value=out.value[:n].copy(),
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
