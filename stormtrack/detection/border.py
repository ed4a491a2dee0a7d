"""Growth of objects beyond the edges of the search region, and their edge classes.

References
----------
Specification 02, section 6. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_2D, I8_1D, I32, I32_1D, I32_2D, I64_1D
from ..kernels.declare import helper, kernel
from .domain import Domain
from .point_lists import AT_BOTH, AT_X, AT_Y, EMPTIED, INTERIOR, NO_CLASS, LinkedPoints, PointLists, append_slot

REACH = 6
"""Grid points by which the region may grow on each side."""


class SearchRegion(NamedTuple):
    """Limits of the search region, 1-based grid numbers, inclusive."""

    x1: int
    x2: int
    y1: int
    y2: int


class Growth(NamedTuple):
    """What the growth needs besides the lists.

    Attributes
    ----------
    field : float32, shape (iy, ix)
    threshold : float32
    eight : bool
        8-connectivity, else 4.
    region : SearchRegion
    marks : int32, shape (iy, ix)
        Object number (1-based) of every cell, 0 for none yet, -1 for below the threshold.
    stack : int32, shape (n, 4)
        Row, column, object and next step of the pending calls.
    """

    field: F32_2D
    threshold: np.float32
    eight: bool
    region: SearchRegion
    marks: I32_2D
    stack: I32_2D


@helper
def touches_edge(x, y, width, height):
    """Whether one of the points lies on the region's edge."""
    found = False
    for p in range(len(x)):
        found |= (x[p] == 1) | (x[p] == width) | (y[p] == 1) | (y[p] == height)
    return found


@kernel
def classify(start: I64_1D, point_x: I32_1D, point_y: I32_1D, width: int, height: int, class_: I8_1D) -> None:
    """Edge class of every object from its points in list order."""
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        if not touches_edge(point_x[first:end], point_y[first:end], np.int32(width), np.int32(height)):
            class_[k] = INTERIOR
            continue
        state = NO_CLASS
        for p in range(first, end):
            if point_x[p] == 1 or point_x[p] == width:
                if state == NO_CLASS:
                    state = AT_X
                elif state == AT_Y:
                    state = AT_BOTH
            if point_y[p] == 1 or point_y[p] == height:
                if state == NO_CLASS:
                    state = AT_Y
                elif state == AT_X:
                    state = AT_BOTH
        class_[k] = state


@kernel
def enter_edge_objects(start: I64_1D, lists: LinkedPoints, region: SearchRegion, marks: I32_2D) -> None:
    """Enter the points of the objects that touch the region's edge in the label map.

    The points still stand object by object.
    """
    point_x, point_y, class_, x1, y1 = lists.x, lists.y, lists.class_, region.x1, region.y1
    for k in range(len(start) - 1):
        if class_[k] == INTERIOR:
            continue
        for p in range(start[k], start[k + 1]):
            marks[point_y[p] + y1 - 2, point_x[p] + x1 - 2] = k + 1


@helper
def may_grow_from(row, column, region, ix):
    """Whether the growth may go on from this 0-based cell."""
    x1, x2, y1, y2 = region.x1, region.x2, region.y1, region.y2
    d = REACH
    if x1 < d + 1 and column > x2 + d - 1:
        px = (column - x1 + d + 2 - ix) * (x2 + d - 2 - column + ix)
    elif x2 > ix - d - 1 and column < x1 - d + 1:
        # the second factor stays positive for regions near the right edge: growth to the left is then unlimited
        px = (column - x1 + d + ix) * (x2 + d - column - ix)
    else:
        px = (column - x1 + d + 1) * (x2 + d - 1 - column)
    py = (row - y1 + d + 1) * (y2 + d - 1 - row)
    return px > 0 and py > 0


@helper
def merge_objects(a, b, lists, region, marks):
    """The object with the smaller number takes over the points of the other (numbers are 0-based)."""
    x, y, following, head = lists.x, lists.y, lists.following, lists.head
    tail, size, class_ = lists.tail, lists.size, lists.class_
    x1, y1 = region.x1, region.y1
    keep, lose = min(a, b), max(a, b)
    slot = head[lose]
    while slot >= 0:
        marks[y[slot] + y1 - 2, x[slot] + x1 - 2] = keep + 1
        slot = following[slot]
    if size[lose] > 0:
        if size[keep] > 0:
            following[tail[keep]] = head[lose]
        else:
            head[keep] = head[lose]
        tail[keep] = tail[lose]
        size[keep] += size[lose]
    if class_[keep] != class_[lose]:
        class_[keep] = AT_BOTH
    head[lose] = -1
    tail[lose] = -1
    size[lose] = 0
    class_[lose] = EMPTIED


@helper
def neighbour_cell(step, row, column, iy, ix):
    """Cell of visit `step` (0..7) from a cell; the cell's own row or column stands in at the grid's edge.

    The last value says whether the visit takes place: the four straight ones do not at the edge.
    """
    left = column - 1 if column > 0 else column
    right = column + 1 if column < ix - 1 else column
    below = row - 1 if row > 0 else row
    above = row + 1 if row < iy - 1 else row
    if step == 0:
        return row, left, column > 0
    if step == 1:
        return row, right, column < ix - 1
    if step == 2:
        return below, column, row > 0
    if step == 3:
        return above, column, row < iy - 1
    if step == 4:
        return below, left, True
    if step == 5:
        return above, left, True
    if step == 6:
        return below, right, True
    return above, right, True


@helper
def add_point(own, row, column, growth, lists, slot):
    """Enter a cell as the next point of object `own` (0-based)."""
    growth.marks[row, column] = own + 1
    lists.x[slot], lists.y[slot] = column + 2 - growth.region.x1, row + 2 - growth.region.y1
    lists.value[slot] = growth.field[row, column]
    append_slot(own, slot, lists)


@helper
def push(stack, top, row, column, own):
    """Put a pending call on the stack."""
    stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = row, column, own, 0


@helper
def grow_from(row, column, growth, lists, used):
    """Depth-first search from one edge cell; returns the number of point slots used."""
    field, marks, stack, region = growth.field, growth.marks, growth.stack, growth.region
    iy, ix = field.shape
    n_steps = 8 if growth.eight else 4
    if not may_grow_from(row, column, region, ix):
        return used
    push(stack, 0, row, column, marks[row, column] - 1)
    top = 0
    while top >= 0:
        step = stack[top, 3]
        if step == n_steps:
            top -= 1
            continue
        stack[top, 3] = step + 1
        own = np.int64(stack[top, 2])
        r, c, takes_place = neighbour_cell(step, np.int64(stack[top, 0]), np.int64(stack[top, 1]), iy, ix)
        if not takes_place:
            continue
        mark = np.int64(marks[r, c])
        if mark == 0:
            if not field[r, c] >= growth.threshold:
                marks[r, c] = -1
                continue
            add_point(own, r, c, growth, lists, used)
            used += 1
            if may_grow_from(r, c, region, ix):
                top += 1
                push(stack, top, r, c, own)
        elif mark > 0 and mark - 1 != own:
            merge_objects(own, mark - 1, lists, region, marks)
    return used


@kernel
def expand(growth: Growth, lists: LinkedPoints, used: int) -> int:
    """Grow all objects that touch the region's edge, edge cell by edge cell; returns the slots used."""
    region = growth.region
    for pass_ in range(2):
        first, last = (region.y1 - 1, region.y2) if pass_ == 0 else (region.x1 - 1, region.x2)
        for j in range(first, last):
            for side in range(2):
                if pass_ == 0:
                    r, c = j, (region.x1 - 1 if side == 0 else region.x2 - 1)
                else:
                    r, c = (region.y1 - 1 if side == 0 else region.y2 - 1), j
                if growth.marks[r, c] > 0:
                    used = grow_from(r, c, growth, lists, used)
    return used


class BorderSearch:
    """Border expansion with work arrays kept between frames (one per thread).

    Parameters
    ----------
    domain : Domain
    connectivity : int
        4 or 8.
    marks : int32, shape (iy, ix), optional
        Work array shared with something else; its content does not outlive `run`.
    """

    def __init__(self, domain: Domain, connectivity: int, marks: I32 | None = None) -> None:
        cells = len(domain.xgrid) * len(domain.ygrid)
        self.domain = domain
        self.eight = connectivity == 8
        self._region = SearchRegion(domain.x1, domain.x2, domain.y1, domain.y2)
        self._marks = np.empty((len(domain.ygrid), len(domain.xgrid)), np.int32) if marks is None else marks
        self._stack = np.empty((cells + 1, 4), np.int32)

    def run(self, field: F32, threshold: np.float32, lists: PointLists) -> None:
        """Classify the objects held in `lists` and grow those at the region's edge.

        `threshold` is the constant one, also with time-average thresholding.
        """
        d = self.domain
        start = np.concatenate((np.zeros(1, np.int64), np.cumsum(lists.size, dtype=np.int64)))
        classify(start, lists.x, lists.y, d.width, d.height, lists.class_)
        self._marks[:] = 0
        arrays = lists.arrays
        enter_edge_objects(start, arrays, self._region, self._marks)
        growth = Growth(field, threshold, self.eight, self._region, self._marks, self._stack)
        lists.used = expand(growth, arrays, lists.used)
