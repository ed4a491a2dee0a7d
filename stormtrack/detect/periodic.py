"""Objects across the date line: merging them, and pushing their points back into the domain.

References
----------
Specification 02, sections 7 and 10. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel
from .domain import PERIOD, Domain, EdgeState
from .objects import FrameObjects
from .point_lists import AT_BOTH, AT_LEFT, AT_RIGHT, AT_X, EMPTIED, NO_CLASS, PointLists, append_slot, copy_points


@lean_kernel
def find_sides(ix, x1, y1, x, y, following, head, size, class_, mem, left, right, own_left, own_right):
    """Say which objects touch column 1 and column ix, and where; replaces classes x and b by l, r and b."""
    for k in range(len(size)):
        if class_[k] != AT_X and class_[k] != AT_BOTH:
            continue
        mem[k] = size[k]
        side = NO_CLASS
        slot = head[k]
        while slot >= 0:
            column, row = x1 + x[slot] - 1, y1 + y[slot] - 2
            if column == 1:
                left[row] = k + 1
                own_left[row] = k + 1
                side = AT_LEFT if side == NO_CLASS else (AT_BOTH if side == AT_RIGHT else side)
            if column == ix:
                right[row] = k + 1
                own_right[row] = k + 1
                side = AT_RIGHT if side == NO_CLASS else (AT_BOTH if side == AT_LEFT else side)
            slot = following[slot]
        if side != NO_CLASS:
            class_[k] = side


@lean_kernel
def merge_across(giver, receiver, giver_is_right, ix, x1, y1, x, y, following, head, tail, size, class_, mem, edge):
    """Hand the points of `giver` to `receiver`, shifted by a period; the duplicate column is dropped.

    `edge` is the edge array of the giver's side.
    """
    mem[receiver] += mem[giver]
    shift = 0
    if class_[giver] == AT_RIGHT:
        shift = -(ix - 1)
    elif class_[giver] == AT_LEFT:
        shift = ix - 1
    dropped = ix if giver_is_right else 1
    slot = head[giver]
    while slot >= 0:
        after = following[slot]
        if x1 + x[slot] - 1 == dropped:
            edge[y1 + y[slot] - 2] = receiver + 1
        else:
            x[slot] += shift
            append_slot(receiver, slot, following, head, tail, size)
        slot = after
    head[giver] = -1
    tail[giver] = -1
    size[giver] = 0
    mem[giver] = 0
    class_[giver] = EMPTIED


@lean_kernel
def merge_sides(ix, x1, y1, y2, x, y, following, head, tail, size, class_, mem, left, right, own_left, own_right):
    """Merge the objects that meet across the seam, row by row."""
    own_left[:] = 0
    own_right[:] = 0
    find_sides(ix, x1, y1, x, y, following, head, size, class_, mem, left, right, own_left, own_right)
    for row in range(y1 - 1, y2):
        a, b = own_left[row] - 1, own_right[row] - 1
        if a < 0 or b < 0 or a == b:
            continue
        if size[a] > size[b]:
            merge_across(b, a, True, ix, x1, y1, x, y, following, head, tail, size, class_, mem, own_right)
        else:  # a tie goes to the object at the right edge
            merge_across(a, b, False, ix, x1, y1, x, y, following, head, tail, size, class_, mem, own_left)


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
    rows = len(domain.ygrid)
    merge_sides(
        len(domain.xgrid),
        domain.x1,
        domain.y1,
        domain.y2,
        lists.x,
        lists.y,
        lists.following,
        lists.head,
        lists.tail,
        lists.size,
        lists.class_,
        lists.mem,
        edges.left,
        edges.right,
        np.empty(rows, np.int32),
        np.empty(rows, np.int32),
    )


@lean_kernel
def crosses_seam(class_):
    """Whether an object of this class is touched by the return into the domain."""
    return class_ in (AT_LEFT, AT_RIGHT, AT_BOTH)


@lean_kernel
def return_points(
    ix, x1, y1, start, point_x, point_y, point_value, class_, mem, left, right, new_start, new_x, new_y, new_value
):
    """Shift the points of seam objects into the domain, appending copies of the closing columns.

    The new arrays need twice the number of points.
    """
    place = np.int64(0)
    for k in range(len(start) - 1):
        new_start[k] = place
        a, b = start[k], start[k + 1]
        first, place = place, place + b - a
        copy_points(
            point_x[a:b], point_y[a:b], point_value[a:b], new_x[first:place], new_y[first:place], new_value[first:place]
        )
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
    new_start[len(start) - 1] = place


@lean_kernel
def return_positions(class_, start, position, lowest, highest):
    """Shift float positions (features or boundaries) of seam objects by a period into [lowest, highest]."""
    for k in range(len(start) - 1):
        if not crosses_seam(class_[k]):
            continue
        for p in range(start[k], start[k + 1]):
            if position[p] < lowest:
                position[p] = np.float32(position[p] + PERIOD)
            elif position[p] > highest:
                position[p] = np.float32(position[p] - PERIOD)


@lean_kernel
def return_numbers(class_, start, position, ix, x1, is_boundary):
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
    start = np.empty(objects.n_objects + 1, np.int64)
    x, y, value = np.empty(2 * n, np.int32), np.empty(2 * n, np.int32), np.empty(2 * n, np.float32)
    return_points(
        ix,
        domain.x1,
        domain.y1,
        objects.point_start,
        objects.point_x,
        objects.point_y,
        objects.point_value,
        objects.object_class,
        objects.object_mem,
        edges.left,
        edges.right,
        start,
        x,
        y,
        value,
    )
    total = int(start[-1])
    objects.point_start = start
    objects.point_x, objects.point_y, objects.point_value = x[:total], y[:total], value[:total]
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
