"""Objects across the date line: merging them, and pushing their points back into the domain.

References
----------
Specification 02, sections 7 and 10. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I8_1D, I32_1D, I64_1D
from ..kernels.declare import helper, kernel
from .domain import PERIOD, Domain, EdgeState
from .objects import FrameObjects, Points
from .point_lists import (
    AT_BOTH,
    AT_LEFT,
    AT_RIGHT,
    AT_X,
    EMPTIED,
    NO_CLASS,
    LinkedPoints,
    PointLists,
    append_slot,
    copy_points,
)


class Seam(NamedTuple):
    """A periodic grid's number of columns, and the search region's first column, first and last row (1-based)."""

    ix: int
    x1: int
    y1: int
    y2: int

    @classmethod
    def of(cls, domain: Domain) -> Seam:
        """The seam of a domain."""
        return cls(len(domain.xgrid), domain.x1, domain.y1, domain.y2)


@helper
def find_sides(seam, lists, edges, own):
    """Say which objects touch column 1 and column ix, and where; replaces classes x and b by l, r and b."""
    class_ = lists.class_
    for k in range(len(lists.size)):
        if class_[k] != AT_X and class_[k] != AT_BOTH:
            continue
        lists.mem[k] = lists.size[k]
        side = NO_CLASS
        slot = lists.head[k]
        while slot >= 0:
            column, row = seam.x1 + lists.x[slot] - 1, seam.y1 + lists.y[slot] - 2
            if column == 1:
                edges.left[row] = k + 1
                own.left[row] = k + 1
                side = AT_LEFT if side == NO_CLASS else (AT_BOTH if side == AT_RIGHT else side)
            if column == seam.ix:
                edges.right[row] = k + 1
                own.right[row] = k + 1
                side = AT_RIGHT if side == NO_CLASS else (AT_BOTH if side == AT_LEFT else side)
            slot = lists.following[slot]
        if side != NO_CLASS:
            class_[k] = side


@helper
def merge_across(giver, receiver, seam, lists, edge, dropped):
    """Hand the points of `giver` to `receiver`, shifted by a period; the duplicate column `dropped` is left out.

    `edge` is the edge array of the giver's side.
    """
    x, class_, mem = lists.x, lists.class_, lists.mem
    mem[receiver] += mem[giver]
    shift = 0
    if class_[giver] == AT_RIGHT:
        shift = -(seam.ix - 1)
    elif class_[giver] == AT_LEFT:
        shift = seam.ix - 1
    slot = lists.head[giver]
    while slot >= 0:
        after = lists.following[slot]
        if seam.x1 + x[slot] - 1 == dropped:
            edge[seam.y1 + lists.y[slot] - 2] = receiver + 1
        else:
            x[slot] += shift
            append_slot(receiver, slot, lists)
        slot = after
    lists.head[giver] = -1
    lists.tail[giver] = -1
    lists.size[giver] = 0
    mem[giver] = 0
    class_[giver] = EMPTIED


@kernel
def merge_sides(seam: Seam, lists: LinkedPoints, edges: EdgeState, own: EdgeState) -> None:
    """Merge the objects that meet across the seam, row by row; `own` is work."""
    own.left[:] = 0
    own.right[:] = 0
    find_sides(seam, lists, edges, own)
    for row in range(seam.y1 - 1, seam.y2):
        a, b = own.left[row] - 1, own.right[row] - 1
        if a < 0 or b < 0 or a == b:
            continue
        if lists.size[a] > lists.size[b]:
            merge_across(b, a, seam, lists, own.right, seam.ix)
        else:  # a tie goes to the object at the right edge
            merge_across(a, b, seam, lists, own.left, np.int64(1))


def merge_periodic(domain: Domain, lists: PointLists, edges: EdgeState) -> None:
    """Merge objects that meet across the seam of a periodic grid (02, section 7).

    Parameters
    ----------
    domain : Domain
    lists : PointLists
        Objects after border expansion; changed in place.
    edges : EdgeState
        All zero on entry; receives the objects first met at each edge.
    """
    merge_sides(Seam.of(domain), lists.arrays, edges, EdgeState.of(domain))


@helper
def crosses_seam(class_):
    """Whether an object of this class is touched by the return into the domain."""
    return class_ in (AT_LEFT, AT_RIGHT, AT_BOTH)


@kernel
def return_points(seam: Seam, points: Points, class_: I8_1D, mem: I32_1D, edges: EdgeState, new: Points) -> None:
    """Shift the points of seam objects into the domain, appending copies of the closing columns.

    The new arrays need twice the number of points.
    """
    ix, x1, y1, start, left, right = seam.ix, seam.x1, seam.y1, points.start, edges.left, edges.right
    new_x, new_y, new_value = new.x, new.y, new.value
    place = np.int64(0)
    for k in range(len(start) - 1):
        new.start[k] = place
        a, b = start[k], start[k + 1]
        first, place = place, place + b - a
        copy_points(
            points.x[a:b], points.y[a:b], points.value[a:b],
            new_x[first:place], new_y[first:place], new_value[first:place],
        )  # fmt: skip
        if not crosses_seam(class_[k]):
            continue
        for p in range(first, place):
            column = new_x[p] + x1 - 1
            if 1 < column < ix:
                continue
            row = new_y[p] + y1 - 2
            shift = 0
            if column < 1:
                new_x[p] += ix - 1
            elif column == 1:
                shift = ix - 1
            if column > ix:
                new_x[p] -= ix - 1
            elif column == ix:
                shift = -(ix - 1)
            if shift != 0 and place - first < mem[k] and 0 <= row < len(left) and left[row] != right[row]:
                new_x[place], new_y[place], new_value[place] = new_x[p] + shift, new_y[p], new_value[p]
                place += 1
    new.start[len(start) - 1] = place


@kernel
def return_positions(class_: I8_1D, start: I64_1D, position: F32_1D, lowest: np.float32, highest: np.float32) -> None:
    """Shift float positions (features or boundaries) of seam objects by a period into [lowest, highest]."""
    for k in range(len(start) - 1):
        if not crosses_seam(class_[k]):
            continue
        for p in range(start[k], start[k + 1]):
            if position[p] < lowest:
                position[p] = np.float32(position[p] + PERIOD)
            elif position[p] > highest:
                position[p] = np.float32(position[p] - PERIOD)


@kernel
def return_numbers(class_: I8_1D, start: I64_1D, position: F32_1D, ix: int, x1: int, is_boundary: bool) -> None:
    """Shift grid numbers of seam objects into the domain; features and boundaries shift differently."""
    for k in range(len(start) - 1):
        if not crosses_seam(class_[k]):
            continue
        for p in range(start[k], start[k + 1]):
            number = np.int64(position[p])
            if is_boundary:
                column = number + x1 - 1
                if column < 1:
                    number += ix - 1
                elif column > ix:
                    number -= ix - 1
            elif number < 1:
                number += ix - x1
            elif number > ix:
                number -= ix - 2 + x1
            position[p] = np.float32(number)


def return_to_domain(objects: FrameObjects, domain: Domain, edges: EdgeState) -> FrameObjects:
    """Push object points, boundaries and features of seam objects back into the domain (02, section 10).

    Parameters
    ----------
    objects : FrameObjects
        Changed in place.
    domain : Domain
        Of a periodic grid.
    edges : EdgeState
        Zeroed at the end.

    Returns
    -------
    FrameObjects
        The same object; `extent` is not updated, as in the original.
    """
    ix, n = len(domain.xgrid), len(objects.point_x)
    new = Points(
        np.empty(objects.n_objects + 1, np.int64),
        np.empty(2 * n, np.int32),
        np.empty(2 * n, np.int32),
        np.empty(2 * n, np.float32),
    )
    return_points(Seam.of(domain), objects.points, objects.object_class, objects.object_mem, edges, new)
    total = int(new.start[-1])
    objects.point_start = new.start
    objects.point_x, objects.point_y, objects.point_value = new.x[:total], new.y[:total], new.value[:total]
    lowest, highest = domain.xgrid[0], domain.xgrid[-1]
    if objects.boundary_state == 0:
        return_numbers(objects.object_class, objects.boundary_start, objects.boundary_x, ix, domain.x1, True)
    elif objects.boundary_state == 1:
        return_positions(objects.object_class, objects.boundary_start, objects.boundary_x, lowest, highest)
    if objects.integer_positions:
        return_numbers(objects.object_class, objects.feature_start, objects.feature_x, ix, domain.x1, False)
    else:
        return_positions(objects.object_class, objects.feature_start, objects.feature_x, lowest, highest)
    edges.clear()
    return objects
