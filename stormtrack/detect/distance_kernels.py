"""Kernels of the distance transform.

An object lies in a flat int32 box with a margin of ``1 + expansion`` cells on every side.

References
----------
Specification 02, section 13. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .distance_passes import distances, expand_object, keep_maxima
from .edge_marks import UNSET, mark_edges
from .ordering import ANY, FULL, MAX_LEVELS, label_mask
from .outline import point_box
from .smoothing_kernels import column_x

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]

FAR = 255
"""Value of the cells outside an object before it is expanded."""
HALF = np.float32(0.5)


class TransformWork(NamedTuple):
    """Work arrays for boxes of up to a number of cells."""

    a: I32
    kept: I32
    value: npt.NDArray[np.float32]
    stack: I32
    stack_j: I32
    stack_i: I32
    pyramid: npt.NDArray[np.uint8]
    offsets: I64
    heights: I64
    widths: I64
    labels: I32
    parent: I32
    number: I32
    order: I32
    owner: I32

    @classmethod
    def of(cls, cells: int) -> TransformWork:
        """Work for boxes of `cells` cells."""
        return cls(
            a=np.empty(cells, np.int32),
            kept=np.empty(cells, np.int32),
            value=np.empty(cells, np.float32),
            stack=np.empty(8 * cells + 9, np.int32),
            stack_j=np.empty(8 * cells + 9, np.int32),
            stack_i=np.empty(8 * cells + 9, np.int32),
            pyramid=np.empty(3 * cells + 128, np.uint8),
            offsets=np.zeros(MAX_LEVELS, np.int64),
            heights=np.zeros(MAX_LEVELS, np.int64),
            widths=np.zeros(MAX_LEVELS, np.int64),
            labels=np.empty(cells, np.int32),
            parent=np.empty(cells, np.int32),
            number=np.empty(cells, np.int32),
            order=np.empty(2 * cells, np.int32),
            owner=np.empty(cells, np.int32),
        )


@lean_kernel
def group_features(
    kept, value, width, height, left, bottom, diagonal, redefine, xgrid, ygrid, periodic, x1, y1,
    count, out_x, out_y, out_value, work,
):  # fmt: skip
    """One feature for each 8-connected group of remaining cells, appended at `count`; returns the new count.

    (left, bottom) is the region-relative place of cell (0, 0), where the blocks of the order also begin.
    """
    for c in range(width * height):
        work.pyramid[c] = ANY | FULL if kept[c] != 0 else np.uint8(0)
    n, groups = label_mask(
        work.pyramid, height, width, True, work.offsets, work.heights, work.widths, work.labels, work.parent,
        work.number, work.order, work.owner,
    )  # fmt: skip
    size = work.number
    for g in range(groups):
        size[g] = 0
        out_x[count + g] = 0.0
        out_y[count + g] = 0.0
        out_value[count + g] = 0.0
    for k in range(n):
        c, g = work.order[k], work.owner[k]
        f = count + g
        out_x[f] = np.float32(out_x[f] + column_x(xgrid, c % width + left + x1 - 2, periodic))
        out_y[f] = np.float32(out_y[f] + ygrid[min(max(c // width + bottom + y1 - 2, 0), len(ygrid) - 1)])
        if not redefine:
            out_value[f] = np.float32(out_value[f] + value[c])
        elif size[g] == 0:
            out_value[f] = kept[c]
        size[g] += 1
    for g in range(groups):
        f = count + g
        number = np.float32(size[g])
        out_x[f] = np.float32(out_x[f] / number)
        out_y[f] = np.float32(out_y[f] / number)
        if not redefine:
            out_value[f] = np.float32(out_value[f] / number)
        if diagonal:
            out_value[f] = np.float32(out_value[f] * HALF)
    return count + groups


@lean_kernel
def fill_transform(
    x, y, value, first, end, xmin, ymin, expansion, smooth, width, height, diagonal, threshold, a, box_value
):  # fmt: skip
    """Transform of one object into `a`; its values into `box_value`."""
    inside, outside = (0, FAR) if smooth else (1, 0)
    for c in range(width * height):
        a[c] = outside
        box_value[c] = 0.0
    for p in range(first, end):
        c = (y[p] - ymin + 1 + expansion) * width + x[p] - xmin + 1 + expansion
        a[c] = inside
        box_value[c] = value[p]
    if smooth:
        expand_object(a, width, height, diagonal, threshold)
        distances(a, width, height, diagonal, threshold)
    else:
        distances(a, width, height, diagonal, 0)


@lean_kernel
def list_cells(a, width, height, left, bottom, expansion, diagonal, count, out_x, out_y, out_value):
    """Append the non-zero cells of the original bounding box, row-major, with their distances; returns the count."""
    for j in range(expansion + 1, height - expansion - 1):
        for i in range(expansion + 1, width - expansion - 1):
            distance = a[j * width + i]
            if distance != 0:
                out_x[count] = i + left
                out_y[count] = j + bottom
                out_value[count] = np.float32(distance) * HALF if diagonal else np.float32(distance)
                count += 1
    return count


@lean_kernel
def redefined_class(k, first, end, x, y, n_columns, periodic, edge_left, edge_right, classes, mem, a, cells):
    """Edge class and point count of a redefined object."""
    count = 0
    for c in range(cells):
        if a[c] != 0:
            count += 1
    classes[k] = UNSET
    if periodic:
        classes[k], count = mark_edges(
            x, y, first, end, k + 1, n_columns, classes[k], count, edge_left, edge_right
        )  # fmt: skip
    mem[k] = count


@lean_kernel
def frame_transform(
    start, x, y, value, spare_x, spare_y, diagonal, expansion, shift, smooth, threshold, redefine, with_points,
    xgrid, ygrid, periodic, x1, y1, edge_left, edge_right, classes, mem, extent, new_start, feature_start,
    new_x, new_y, new_value, feature_x, feature_y, feature_value, work,
):  # fmt: skip
    """Transform all objects of a frame.

    Parameters
    ----------
    start, x, y, value
        Objects and their points, as in `FrameObjects`.
    spare_x, spare_y : int32, shape (n_objects,)
        Where an object without points lies.
    diagonal : bool
        8-connected objects: weights 2 and 3 instead of 1.
    expansion, shift : int
        Margin in cells; cells by which objects lie off the middle of their boxes, at most ``expansion + 1``.
    smooth, threshold : bool, int
        Whether objects are smoothed, and by which distance.
    redefine, with_points : bool
        List the points anew; find features.
    edge_left, edge_right : int32, shape (iy,)
        Edge memory, set when objects are redefined on a periodic grid.
    classes, mem, extent
        Per object, changed.
    new_start, new_x, new_y, new_value
        New points (when redefined).
    feature_start, feature_x, feature_y, feature_value
        Features (when asked for).
    work : TransformWork
    """
    n_points = np.int64(0)  # typed, so that callees are compiled once
    n_features = np.int64(0)
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        extent[k, 0] = extent[k, 1] = spare_x[k]
        extent[k, 2] = extent[k, 3] = spare_y[k]
        if end > first:
            xmin, xmax, ymin, ymax = point_box(x, y, first, end)
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = xmin, xmax, ymin, ymax
            width, height = xmax - xmin + 3 + 2 * expansion, ymax - ymin + 3 + 2 * expansion
            left, bottom = xmin - 1 - expansion - shift, ymin - 1 - expansion - shift
            fill_transform(
                x, y, value, first, end, xmin - shift, ymin - shift, expansion, smooth, width, height, diagonal,
                threshold, work.a, work.value,
            )  # fmt: skip
            if with_points:
                keep_maxima(work.a, work.kept, width, height, work.stack, work.stack_i, work.stack_j)
                n_features = group_features(
                    work.kept, work.value, width, height, left, bottom, diagonal, redefine, xgrid, ygrid, periodic,
                    x1, y1, n_features, feature_x, feature_y, feature_value, work,
                )  # fmt: skip
            if redefine:
                before = n_points
                n_points = list_cells(
                    work.a, width, height, left, bottom, expansion, diagonal, n_points, new_x, new_y, new_value
                )  # fmt: skip
                if n_points > before:
                    extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(new_x, new_y, before, n_points)
                redefined_class(
                    k, before, n_points, new_x, new_y, len(xgrid), periodic, edge_left, edge_right, classes, mem,
                    work.a, width * height,
                )  # fmt: skip
        elif redefine:
            classes[k] = UNSET
            mem[k] = 0
        new_start[k + 1] = n_points
        feature_start[k + 1] = n_features
