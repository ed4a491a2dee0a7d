"""Kernels of the distance transform.

An object lies in a flat int32 box with a margin of ``1 + expansion`` cells on every side.

References
----------
Specification 02, section 13. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I8_1D, I32_1D, I32_2D
from ..kernels.declare import helper, kernel
from .distance_passes import Walks, distances, expand_object, keep_maxima
from .domain import Axes, EdgeState
from .edge_marks import UNSET, mark_edges
from .objects import Points, Positions
from .ordering import ANY, FULL, LabelWork, label_mask
from .outline import point_box
from .smoothing_kernels import column_x

FAR = 255
"""Value of the cells outside an object before it is expanded."""
HALF = np.float32(0.5)


class TransformWork(NamedTuple):
    """Work arrays for boxes of up to a number of cells."""

    a: I32_1D
    kept: I32_1D
    value: F32_1D
    walks: Walks
    labels: LabelWork

    @classmethod
    def of(cls, cells: int) -> TransformWork:
        """Work for boxes of `cells` cells."""
        return cls(
            a=np.empty(cells, np.int32),
            kept=np.empty(cells, np.int32),
            value=np.empty(cells, np.float32),
            walks=Walks(*(np.empty(8 * cells + 9, np.int32) for _ in range(3))),
            labels=LabelWork.of_cells(cells),
        )


class MarginBox(NamedTuple):
    """An object's box with its margin: region-relative number of cell (0, 0), and size."""

    left: int
    bottom: int
    width: int
    height: int


class TransformRule(NamedTuple):
    """What is done with the objects of a frame.

    Attributes
    ----------
    diagonal : bool
        8-connected objects: weights 2 and 3 instead of 1.
    expansion : int
        Margin in cells.
    shift : int
        Cells by which objects lie off the middle of their boxes, at most ``expansion + 1``.
    smooth : bool; threshold : int
        Whether objects are smoothed, and by which distance.
    redefine, with_points : bool
        List the points anew; find features.
    """

    diagonal: bool
    expansion: int
    shift: int
    smooth: bool
    threshold: int
    redefine: bool
    with_points: bool


class Spare(NamedTuple):
    """Where objects without points lie: int32, shape (n_objects,)."""

    x: I32_1D
    y: I32_1D


class Transformed(NamedTuple):
    """Results: per object, changed; new points (when redefined); features (when asked for)."""

    classes: I8_1D
    mem: I32_1D
    extent: I32_2D
    points: Points
    features: Positions


@helper
def group_features(box, axes, rule, count, out, work):
    """One feature for each 8-connected group of remaining cells, appended at `count`; returns the new count.

    The blocks of the order begin at cell (0, 0).
    """
    kept, value, labels = work.kept, work.value, work.labels
    width, redefine = box.width, rule.redefine
    for c in range(width * box.height):
        labels.pyramid[c] = ANY | FULL if kept[c] != 0 else np.uint8(0)
    n, groups = label_mask(labels, box.height, width, True)
    size = labels.number
    for g in range(groups):
        size[g] = 0
        out.x[count + g] = 0.0
        out.y[count + g] = 0.0
        out.value[count + g] = 0.0
    for k in range(n):
        c, g = labels.order[k], labels.owner[k]
        f = count + g
        row = min(max(c // width + box.bottom + axes.y1 - 2, 0), len(axes.y) - 1)
        out.x[f] = np.float32(out.x[f] + column_x(axes.x, c % width + box.left + axes.x1 - 2, axes.periodic))
        out.y[f] = np.float32(out.y[f] + axes.y[row])
        if not redefine:
            out.value[f] = np.float32(out.value[f] + value[c])
        elif size[g] == 0:
            out.value[f] = kept[c]
        size[g] += 1
    for g in range(groups):
        f = count + g
        number = np.float32(size[g])
        out.x[f] = np.float32(out.x[f] / number)
        out.y[f] = np.float32(out.y[f] / number)
        if not redefine:
            out.value[f] = np.float32(out.value[f] / number)
        if rule.diagonal:
            out.value[f] = np.float32(out.value[f] * HALF)
    return count + groups


@helper
def fill_transform(points, first, end, box, rule, work):
    """Transform of one object into ``work.a``; its values into ``work.value``."""
    a, box_value, width, height = work.a, work.value, box.width, box.height
    inside, outside = (0, FAR) if rule.smooth else (1, 0)
    for c in range(width * height):
        a[c] = outside
        box_value[c] = 0.0
    for p in range(first, end):
        c = (points.y[p] - box.bottom) * width + points.x[p] - box.left
        a[c] = inside
        box_value[c] = points.value[p]
    if rule.smooth:
        expand_object(a, width, height, rule.diagonal, rule.threshold)
        distances(a, width, height, rule.diagonal, rule.threshold)
    else:
        distances(a, width, height, rule.diagonal, 0)


@helper
def list_cells(a, box, rule, count, out):
    """Append the non-zero cells of the original bounding box, row-major, with their distances; returns the count."""
    margin = rule.expansion + 1
    for j in range(margin, box.height - margin):
        for i in range(margin, box.width - margin):
            distance = a[j * box.width + i]
            if distance != 0:
                out.x[count] = i + box.left
                out.y[count] = j + box.bottom
                out.value[count] = np.float32(distance) * HALF if rule.diagonal else np.float32(distance)
                count += 1
    return count


@helper
def redefined_class(k, first, end, axes, edges, out, count):
    """Edge class and point count of a redefined object of `count` cells, whose new points are first..end-1."""
    out.classes[k] = UNSET
    if axes.periodic:
        x, y = out.points.x[first:end], out.points.y[first:end]
        out.classes[k], count = mark_edges(x, y, k + 1, len(axes.x), UNSET, count, edges)
    out.mem[k] = count


@helper
def count_cells(a, cells):
    """Number of cells that are not 0."""
    count = 0
    for c in range(cells):
        if a[c] != 0:
            count += 1
    return count


@kernel
def frame_transform(
    points: Points, spare: Spare, rule: TransformRule, axes: Axes, edges: EdgeState, out: Transformed,
    work: TransformWork,
) -> None:  # fmt: skip
    """Transform all objects of a frame.

    Parameters
    ----------
    points, spare, rule, axes
    edges : EdgeState
        Set when objects are redefined on a periodic grid.
    out : Transformed
    work : TransformWork
    """
    n_points, n_features = np.int64(0), np.int64(0)
    extent, margin = out.extent, rule.expansion + 1
    before_box = margin + rule.shift
    for k in range(len(points.start) - 1):
        first, end = points.start[k], points.start[k + 1]
        extent[k, 0] = extent[k, 1] = spare.x[k]
        extent[k, 2] = extent[k, 3] = spare.y[k]
        if end > first:
            xmin, xmax, ymin, ymax = point_box(points.x, points.y, first, end)
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = xmin, xmax, ymin, ymax
            box = MarginBox(
                xmin - before_box, ymin - before_box, xmax - xmin + 1 + 2 * margin, ymax - ymin + 1 + 2 * margin
            )  # fmt: skip
            fill_transform(points, first, end, box, rule, work)
            if rule.with_points:
                keep_maxima(work.a, work.kept, box.width, box.height, work.walks)
                n_features = group_features(box, axes, rule, n_features, out.features, work)
            if rule.redefine:
                before = n_points
                n_points = list_cells(work.a, box, rule, n_points, out.points)
                if n_points > before:
                    extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(
                        out.points.x, out.points.y, before, n_points
                    )
                redefined_class(k, before, n_points, axes, edges, out, count_cells(work.a, box.width * box.height))
        elif rule.redefine:
            out.classes[k] = UNSET
            out.mem[k] = 0
        out.points.start[k + 1] = n_points
        out.features.start[k + 1] = n_features
