"""The region that belongs to a feature: nearest object point, climb to the local maximum, downhill growth.

The object lies in a framed box (see `outline`): `values` (float32, -1 outside the object) and `state` (uint8).

References
----------
Specification 02, section 15, steps 4 and 5. Parity: bitwise (order of the cells included).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I32_1D, U8_1D
from ..kernels.declare import helper
from ..kernels.searching import first_not_below

FREE, MARKED, TAKEN = np.uint8(1), np.uint8(2), np.uint8(3)
"""States of object cells: available, in the region being grown, used by a stronger feature. 0: no object cell."""
OUTSIDE_VALUE = np.float32(-1.0)
MOST_POINTS = 1 << 40
"""More than a list of points has."""


class NodeAxes(NamedTuple):
    """Coordinates of nodes: region number n stands at n + x_offset in `columns`, at n + y_offset in `rows`."""

    columns: F32_1D
    rows: F32_1D
    x_offset: int
    y_offset: int


class ObjectCells(NamedTuple):
    """Cells of the box of an object: their states, and the first of the points in each (where there is one)."""

    state: U8_1D
    first_point: I32_1D


@helper
def place_object(points, first, end, box, values, state):
    """Enter the points first..end-1 in the box; of a cell that occurs twice the last value holds."""
    for c in range(box.width * box.height):
        values[c] = OUTSIDE_VALUE
        state[c] = 0
    for p in range(first, end):
        cell = (points.y[p] - box.ymin + 1) * box.width + points.x[p] - box.xmin + 1
        values[cell] = points.value[p]
        state[cell] = FREE


@helper
def list_first_points(points, first, end, box, first_point):
    """Enter in every cell of the object the first of its points."""
    for p in range(end - 1, first - 1, -1):
        first_point[(points.y[p] - box.ymin + 1) * box.width + points.x[p] - box.xmin + 1] = p


@helper
def nearest_in_row(px, row, i, across, best, axes, box, cells):
    """The nearest point of one row of the box, if it is nearer than the best so far (distance, point), or as near and
    earlier in the list.

    `i` is the number of columns left of `px`, `across` (float32) the square of the distance in y. On both sides the
    distances never decrease, so that a side ends with the first that exceeds the best.
    """
    smallest, place = best
    for side in range(2):
        column, step, last = (i, 1, box.width - 2) if side == 0 else (i - 1, -1, -1)
        while column != last:
            dx = np.float32(px - axes.columns[box.xmin + column + axes.x_offset])
            distance = np.float32(np.float32(dx * dx) + across)
            if not distance <= smallest:
                break
            cell = row + column + 1
            if cells.state[cell] != 0 and (distance < smallest or cells.first_point[cell] < place):
                smallest, place = distance, np.int64(cells.first_point[cell])
            column += step
    return smallest, place


@helper
def nearest_cell(px, py, points, first, axes, box, cells):
    """Cell of the object point nearest to (px, py) in coordinate units; of several the first in the list.

    A coordinate that is not a number, or infinite, is no nearer to any point than to another: the first one is it.
    A node exactly at (px, py) is at distance zero, and no other point is.
    """
    width, height = np.int64(box.width - 2), np.int64(box.height - 2)
    left, below = box.xmin + axes.x_offset, box.ymin + axes.y_offset
    i = first_not_below(axes.columns[left : left + width], px)
    j = first_not_below(axes.rows[below : below + height], py)
    if i < width and j < height and axes.columns[left + i] == px and axes.rows[below + j] == py:
        cell = (j + 1) * box.width + i + 1
        if cells.state[cell] != 0:
            return cell
    best = np.float32(np.inf), np.int64(MOST_POINTS)
    for side in range(2):
        row, step, last = (j, 1, height) if side == 0 else (j - 1, -1, np.int64(-1))
        while row != last:
            dy = np.float32(py - axes.rows[below + row])
            across = np.float32(dy * dy)
            if not across <= best[0]:
                break
            best = nearest_in_row(px, (row + 1) * box.width, i, across, best, axes, box, cells)
            row += step
    smallest, place = best
    if not smallest < np.float32(np.inf):
        place = first
    return (points.y[place] - box.ymin + 1) * box.width + points.x[place] - box.xmin + 1


@helper
def climb(cell, width, values):
    """The largest of the 3 x 3 cells about `cell`; of equal ones `cell` itself, then the first row by row."""
    best = cell
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            other = cell + dy * width + dx
            if values[other] > values[best]:
                best = other
    return best


@helper
def grow(cell, width, values, state, lowest, stack, region):
    """Mark the cells reached from `cell` by steps that never lead upwards nor below `lowest`, depth first.

    Parameters
    ----------
    cell : int
        Start.
    lowest : float32
        Smallest value admitted.
    stack : int32
        Work, 8 entries a cell of the object and one more.
    region : int32
        Receives the cells in the order in which they are marked.

    Returns
    -------
    int
        Number of cells marked.
    """
    # (dx, dy): right, up, left, down, then the diagonals; pushed in reverse so that they are visited in this order
    offsets = (1, width, -1, -width, width + 1, width - 1, -width + 1, -width - 1)
    count = 0
    if not values[cell] >= lowest:
        return 0
    stack[0] = cell
    top = 0
    while top >= 0:
        here = np.int64(stack[np.uint64(top)])  # unsigned: an index that is not counted from the end of the array
        top -= 1
        if state[np.uint64(here)] != FREE:
            continue
        state[np.uint64(here)] = MARKED
        region[count] = here
        count += 1
        level = values[np.uint64(here)]
        for k in range(7, -1, -1):
            other = here + offsets[k]
            value = values[np.uint64(other)]
            # Written in any case and counted if it is to stay: a branch here could not be foreseen.
            stack[np.uint64(top + 1)] = other
            top += (state[np.uint64(other)] == FREE) & (value <= level) & (value >= lowest)
    return count
