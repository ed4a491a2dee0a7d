"""Thresholding of a field and its objects.

References
----------
Specification 02, sections 5 and 8. Parity: bitwise (order and values).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F32_2D, I32, I32_1D
from ..kernels.declare import helper, kernel
from .domain import Domain
from .objects import FrameObjects
from .ordering import ANY, FULL, LabelWork, label_mask

_NO_AVERAGE = np.zeros((0, 0), np.float32)


class Region(NamedTuple):
    """The search region: first column and row (1-based), and size."""

    x1: int
    y1: int
    height: int
    width: int


class LabelRule(NamedTuple):
    """What is an object.

    Attributes
    ----------
    threshold : float32
    average : float32, shape (iy, ix), or without rows
        Raises the threshold where it is larger.
    eight : bool
        8-connectivity, else 4.
    smallest : int
        Objects with this many points or fewer are dropped.
    """

    threshold: np.float32
    average: F32_2D
    eight: bool
    smallest: int


class PointRoom(NamedTuple):
    """Room for points."""

    x: I32_1D
    y: I32_1D
    value: F32_1D

    @classmethod
    def of(cls, points: int) -> PointRoom:
        """Room for so many."""
        return cls(np.empty(points, np.int32), np.empty(points, np.int32), np.empty(points, np.float32))


@helper
def threshold_mask(field, region, rule, mask):
    """Write ``ANY | FULL`` where ``field - threshold >= 0`` (float32; NaN is false) in the region, else 0."""
    x1, y1, height, width = region.x1, region.y1, region.height, region.width
    threshold, average = rule.threshold, rule.average
    true = ANY | FULL
    zero = np.float32(0.0)
    for j in range(height):
        # rows of their own: loops over them vectorise
        row = field[y1 - 1 + j, x1 - 1 : x1 - 1 + width]
        cells = mask[j * width : (j + 1) * width]
        if average.shape[0] == 0:
            for i in range(width):
                cells[i] = np.uint8(np.float32(row[i] - threshold) >= zero) * true
            continue
        limits = average[y1 - 1 + j, x1 - 1 : x1 - 1 + width]
        for i in range(width):
            limit = limits[i] if limits[i] >= threshold else threshold
            cells[i] = np.uint8(np.float32(row[i] - limit) >= zero) * true


@helper
def count_points(owner, n_true, n_objects, smallest, start, slot):
    """Offsets of the objects with more than `smallest` points; returns their number.

    `start` (n_objects + 1 entries) receives the offsets of the kept objects, `slot` (n_objects entries) by old object
    number the place of its first point, or -1 for a dropped object.
    """
    for k in range(n_objects):
        slot[k] = 0
    for p in range(n_true):
        slot[owner[p]] += 1
    kept = 0
    total = 0
    start[0] = 0
    for k in range(n_objects):
        size = slot[k]
        if size > smallest:
            slot[k] = total
            total += size
            kept += 1
            start[kept] = total
        else:
            slot[k] = -1
    return kept


@helper
def length_of_run(values):
    """How many values from the first on are equal to it."""
    n = 0
    for k in range(len(values)):
        if values[k] != values[0]:
            break
        n += 1
    return n


@helper
def enter_cells(cells, width, region, x, y, value):
    """Write the points of some cells of the region (`width`: int32, its columns)."""
    per_column = 1.0 / width
    for p in range(len(x)):
        row = np.int32((cells[p] + 0.5) * per_column)  # without division; exact: a half is far more than the rounding
        x[p] = cells[p] - row * width + 1
        y[p] = row + 1
    for p in range(len(x)):
        value[p] = region[np.uint32(y[p] - 1), np.uint32(x[p] - 1)]


@kernel
def gather_points(field: F32_2D, region: Region, work: LabelWork, n_true: int, room: PointRoom) -> None:
    """Distribute the cells to their objects (``work.number`` as left by `count_points` is advanced)."""
    values = field[region.y1 - 1 :, region.x1 - 1 :]
    order, owner, slot = work.order, work.owner, work.number
    p = 0
    while p < n_true:
        k = owner[p]
        end = p + length_of_run(owner[p:n_true])  # objects take turns rarely
        first = slot[k]
        if first >= 0:
            after = first + end - p
            slot[k] = after
            x, y, value = room.x[first:after], room.y[first:after], room.value[first:after]
            enter_cells(order[p:end], np.int32(region.width), values, x, y, value)
        p = end


@kernel
def label_field(
    field: F32_2D, region: Region, rule: LabelRule, work: LabelWork, start: I32_1D, room: PointRoom
) -> tuple[int, int]:
    """Threshold, label and collect the points of the objects that are kept.

    `start` receives the offsets (it may be ``work.labels``), `room` the points, if there is room for all of them.

    Returns
    -------
    n_true, n_kept : int
        Cells listed in `work`, objects kept; ``work.number`` is as `gather_points` wants it if it is still to be
        called.
    """
    threshold_mask(field, region, rule, work.pyramid)
    n_true, n_objects = label_mask(work, region.height, region.width, rule.eight)
    # the numbers of labels are not needed any more
    kept = count_points(work.owner, n_true, n_objects, rule.smallest, start, work.number)
    if start[kept] <= len(room.x):
        gather_points(field, region, work, n_true, room)
    return n_true, kept


class Labeller:
    """Thresholding and labelling with work arrays kept between frames.

    Parameters
    ----------
    domain : Domain
        Grid and search region.
    connectivity : int
        4 or 8.

    Notes
    -----
    Not for use by two threads at a time; make one per thread.
    """

    def __init__(self, domain: Domain, connectivity: int) -> None:
        self.domain = domain
        self.eight = connectivity == 8
        self._work = LabelWork.of(domain.height, domain.width)
        # labels are not needed any more when objects are counted; a single cell has no room for two offsets there
        self._start = self._work.labels if len(self._work.labels) > 1 else np.zeros(2, np.int32)
        self._region = Region(domain.x1, domain.y1, domain.height, domain.width)
        self._most_points = 0

    def spare(self, rows: int, columns: int) -> I32 | None:
        """Work array of this shape that nothing is kept in between calls; None if the region is smaller."""
        cells = rows * columns
        return self._work.labels[:cells].reshape(rows, columns) if len(self._work.labels) >= cells else None

    def label(
        self,
        field: F32,
        threshold: np.float32,
        average: F32 | None,
        smallest: int,
        room: tuple[I32, I32, F32] | None = None,
    ) -> FrameObjects:
        """Objects of `field` at or above `threshold` with more than `smallest` points.

        Parameters
        ----------
        field : float32, shape (iy, ix)
            Prepared field of the whole grid.
        threshold : float32
        average : float32, shape (iy, ix), optional
            Time average that raises the threshold where it is larger.
        smallest : int
            Objects with this many points or fewer are dropped; pass a negative number to keep all.
        room : (int32, int32, float32), one entry per cell of the region, optional
            Receives the points; those of the result are their beginning.

        Returns
        -------
        FrameObjects
            Points and objects in TRACK's order; class 0, mem 0, extent unset.
        """
        points = PointRoom.of(self._most_points) if room is None else PointRoom(*room)
        rule = LabelRule(threshold, _NO_AVERAGE if average is None else average, self.eight, smallest)
        n_true, kept = label_field(field, self._region, rule, self._work, self._start, points)
        start = self._start[: kept + 1].astype(np.int64)
        total, most = int(start[kept]), len(points.x)
        if total > most:
            self._most_points = total + total // 4
            points = PointRoom.of(total)
            gather_points(field, self._region, self._work, n_true, points)
        return FrameObjects(
            point_start=start,
            point_x=points.x[:total],
            point_y=points.y[:total],
            point_value=points.value[:total],
            object_class=np.zeros(kept, np.int8),
            object_mem=np.zeros(kept, np.int32),
            extent=np.zeros((kept, 4), np.int32),
            feature_start=np.zeros(kept + 1, np.int64),
            boundary_start=np.zeros(kept + 1, np.int64),
        )
