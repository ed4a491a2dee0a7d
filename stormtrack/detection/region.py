"""The region that belongs to a feature: nearest object point, climb to the local maximum, downhill growth.

The object lies in a framed box (see `outline`): `values` (float32, -1 outside the object) and `state` (uint8).

References
----------
Specification 02, section 15, steps 4 and 5. Parity: bitwise (order of the cells included).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D
from ..kernels.declare import helper

FREE, MARKED, TAKEN = np.uint8(1), np.uint8(2), np.uint8(3)
"""States of object cells: available, in the region being grown, used by a stronger feature. 0: no object cell."""
OUTSIDE_VALUE = np.float32(-1.0)


class NodeAxes(NamedTuple):
    """Coordinates of nodes: region number n stands at n + x_offset in `columns`, at n + y_offset in `rows`."""

    columns: F32_1D
    rows: F32_1D
    x_offset: int
    y_offset: int


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
def cell_of_coordinates(px, py, axes, box, state):
    """Cell whose node is exactly (px, py) if it belongs to the object, else -1."""
    for i in range(1, box.width - 1):
        if axes.columns[box.xmin + i - 1 + axes.x_offset] == px:
            for j in range(1, box.height - 1):
                if axes.rows[box.ymin + j - 1 + axes.y_offset] == py:
                    cell = j * box.width + i
                    return cell if state[cell] != 0 else -1
            return -1
    return -1


@helper
def nearest_cell(px, py, points, first, end, axes, box, state):
    """Cell of the object point nearest to (px, py) in coordinate units; of several the first in the list.

    A node exactly at (px, py) is at distance zero, and no other point is: that case needs no search.
    """
    cell = cell_of_coordinates(px, py, axes, box, state)
    if cell >= 0:
        return cell
    best = first
    smallest = np.float32(np.inf)
    for p in range(first, end):
        dx = np.float32(px - axes.columns[points.x[p] + axes.x_offset])
        dy = np.float32(py - axes.rows[points.y[p] + axes.y_offset])
        distance = np.float32(np.float32(dx * dx) + np.float32(dy * dy))
        if distance < smallest:
            smallest = distance
            best = p
    return (points.y[best] - box.ymin + 1) * box.width + points.x[best] - box.xmin + 1


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
