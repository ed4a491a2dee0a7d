"""Growth of objects beyond the edges of the search region, and their edge classes.

References
----------
Specification 02, section 6. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .domain import Domain
from .point_lists import AT_BOTH, AT_X, AT_Y, EMPTIED, INTERIOR, NO_CLASS, PointLists, append_slot

REACH = 6
"""Grid points by which the region may grow on each side."""


@lean_kernel
def touches_edge(x, y, width, height):
    """Whether one of the points lies on the region's edge."""
    found = False
    for p in range(len(x)):
        found |= (x[p] == 1) | (x[p] == width) | (y[p] == 1) | (y[p] == height)
    return found


@lean_kernel
def classify(start, point_x, point_y, width, height, class_):
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


@lean_kernel
def enter_edge_objects(start, point_x, point_y, class_, x1, y1, marks):
    """Enter the points of the objects that touch the region's edge in the label map."""
    for k in range(len(start) - 1):
        if class_[k] == INTERIOR:
            continue
        for p in range(start[k], start[k + 1]):
            marks[point_y[p] + y1 - 2, point_x[p] + x1 - 2] = k + 1


@lean_kernel
def may_grow_from(row, column, x1, x2, y1, y2, ix):
    """Whether the growth may go on from this 0-based cell."""
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


@lean_kernel
def merge_objects(a, b, x, y, following, head, tail, size, class_, x1, y1, marks):
    """The object with the smaller number takes over the points of the other (numbers are 0-based)."""
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


@lean_kernel
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


@lean_kernel
def grow_from(
    row, column, field, threshold, n_steps, region, marks, x, y, value, following, head, tail, size, class_, used, stack
):
    """Depth-first search from one edge cell; returns the number of point slots used.

    `region` holds x1, x2, y1, y2; `stack` (int32, (n, 4)) row, column, object and next step of the pending calls.
    """
    iy, ix = field.shape
    x1, x2, y1, y2 = region[0], region[1], region[2], region[3]
    if not may_grow_from(row, column, x1, x2, y1, y2, ix):
        return used
    stack[0, 0], stack[0, 1], stack[0, 2], stack[0, 3] = row, column, marks[row, column] - 1, 0
    top = 0
    while top >= 0:
        step = stack[top, 3]
        if step == n_steps:
            top -= 1
            continue
        stack[top, 3] = step + 1
        own = stack[top, 2]
        r, c, takes_place = neighbour_cell(step, stack[top, 0], stack[top, 1], iy, ix)
        if not takes_place:
            continue
        mark = marks[r, c]
        if mark == 0:
            if not field[r, c] >= threshold:
                marks[r, c] = -1
                continue
            marks[r, c] = own + 1
            x[used], y[used], value[used] = c + 2 - x1, r + 2 - y1, field[r, c]
            append_slot(own, used, following, head, tail, size)
            used += 1
            if may_grow_from(r, c, x1, x2, y1, y2, ix):
                top += 1
                stack[top, 0], stack[top, 1], stack[top, 2], stack[top, 3] = r, c, own, 0
        elif mark > 0 and mark - 1 != own:
            merge_objects(own, mark - 1, x, y, following, head, tail, size, class_, x1, y1, marks)
    return used


@lean_kernel
def expand(field, threshold, eight, region, marks, x, y, value, following, head, tail, size, class_, used, stack):
    """Grow all objects that touch the region's edge, edge cell by edge cell; returns the slots used."""
    x1, x2, y1, y2 = region[0], region[1], region[2], region[3]
    n_steps = 8 if eight else 4
    for pass_ in range(2):
        first, last = (y1 - 1, y2) if pass_ == 0 else (x1 - 1, x2)
        for j in range(first, last):
            for side in range(2):
                if pass_ == 0:
                    r, c = j, (x1 - 1 if side == 0 else x2 - 1)
                else:
                    r, c = (y1 - 1 if side == 0 else y2 - 1), j
                if marks[r, c] > 0:
                    used = grow_from(
                        r,
                        c,
                        field,
                        threshold,
                        n_steps,
                        region,
                        marks,
                        x,
                        y,
                        value,
                        following,
                        head,
                        tail,
                        size,
                        class_,
                        used,
                        stack,
                    )
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

    def __init__(self, domain: Domain, connectivity: int, marks: npt.NDArray[np.int32] | None = None) -> None:
        cells = len(domain.xgrid) * len(domain.ygrid)
        self.domain = domain
        self.eight = connectivity == 8
        self._region = np.array([domain.x1, domain.x2, domain.y1, domain.y2], np.int64)
        self._marks = np.empty((len(domain.ygrid), len(domain.xgrid)), np.int32) if marks is None else marks
        self._stack = np.empty((cells + 1, 4), np.int32)

    def run(self, field: npt.NDArray[np.float32], threshold: np.float32, lists: PointLists) -> None:
        """Classify the objects held in `lists` and grow those at the region's edge.

        `threshold` is the constant one, also with time-average thresholding.
        """
        d = self.domain
        start = np.concatenate((np.zeros(1, np.int64), np.cumsum(lists.size, dtype=np.int64)))
        classify(start, lists.x, lists.y, d.width, d.height, lists.class_)
        self._marks[:] = 0
        enter_edge_objects(start, lists.x, lists.y, lists.class_, d.x1, d.y1, self._marks)
        lists.used = expand(
            field,
            threshold,
            self.eight,
            self._region,
            self._marks,
            lists.x,
            lists.y,
            lists.value,
            lists.following,
            lists.head,
            lists.tail,
            lists.size,
            lists.class_,
            lists.used,
            self._stack,
        )
