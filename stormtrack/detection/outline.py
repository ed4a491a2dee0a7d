"""Object boxes and the walk round an object's outline.

A box is a flat uint8 raster of the object's bounding box with a frame of one empty cell.

References
----------
Specification 02, section 14 (tracing). Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import I32_1D, I64_1D
from ..kernels.declare import helper, kernel


class Box(NamedTuple):
    """A framed box: region number of its first inner column and row, and its size with the frame.

    Cell (i, j) stands at ``j * width + i``; region number (x, y) at (x - xmin + 1, y - ymin + 1).
    """

    xmin: int
    ymin: int
    width: int
    height: int


@helper
def limits(values):
    """Smallest and largest of some numbers."""
    low = high = values[0]
    for k in range(1, len(values)):
        low = min(low, values[k])
        high = max(high, values[k])
    return low, high


@helper
def point_box(x, y, first, end):
    """Bounding box (xmin, xmax, ymin, ymax) of the points first..end-1."""
    xmin, xmax = limits(x[first:end])
    ymin, ymax = limits(y[first:end])
    return xmin, xmax, ymin, ymax


@helper
def framed_box(x, y, first, end):
    """Box of the points first..end-1."""
    xmin, xmax, ymin, ymax = point_box(x, y, first, end)
    return Box(xmin, ymin, xmax - xmin + 3, ymax - ymin + 3)


@kernel
def box_sizes(start: I64_1D, x: I32_1D, y: I32_1D, margin: int) -> tuple[int, int]:
    """Cells of the largest framed bounding box with `margin` more cells on each side, and of all boxes together."""
    largest = 1
    total = 0
    for k in range(len(start) - 1):
        if start[k + 1] > start[k]:
            xmin, xmax, ymin, ymax = point_box(x, y, start[k], start[k + 1])
            cells = (xmax - xmin + 3 + 2 * margin) * (ymax - ymin + 3 + 2 * margin)
            largest = max(largest, cells)
            total += cells
    return largest, total


@helper
def fill_box(x, y, first, end, box, cells):
    """Set the cells of the points first..end-1 to 1, all others to 0; returns the first cell set, row-major."""
    begin = box.width * box.height
    for c in range(begin):
        cells[c] = 0
    for p in range(first, end):
        cell = (y[p] - box.ymin + 1) * box.width + x[p] - box.xmin + 1
        cells[cell] = 1
        begin = min(begin, cell)
    return begin


@helper
def is_outline(box, code, cell, width):
    """Whether `cell` holds `code` and one of its 4 neighbours does not."""
    if box[cell] != code:
        return False
    return box[cell + 1] != code or box[cell - 1] != code or box[cell + width] != code or box[cell - width] != code


@helper
def trace(box, code, width, begin, most, path):
    """Walk round the cells that hold `code`, from its first cell back to it.

    Parameters
    ----------
    box : flat raster
        With a frame of one cell that does not hold `code`.
    code : same type
        Value that marks the object.
    width : int
        Row length of the box.
    begin : int
        First object cell in row-major order.
    most : int
        Steps after which the walk is given up (8 a cell: it would repeat itself).
    path : int32, shape (most + 2,)
        Receives the cells walked; the first is repeated as the last.

    Returns
    -------
    int
        Length of the path; -1 when the start has no neighbour or is not met again.
    """
    # 1 up (y + 1), then clockwise
    offsets = (width, width + 1, 1, -width + 1, -width, -width - 1, -1, width - 1)
    path[0] = begin
    n = 1
    cell = begin
    direction = 0
    while n <= most:
        found = False
        for turn in range(-2, 6):
            d = (direction + turn) & 7
            if is_outline(box, code, cell + offsets[d], width):
                direction = d
                cell = cell + offsets[d]
                found = True
                break
        if not found:
            return -1
        path[n] = cell
        n += 1
        if cell == begin:
            return n
    return -1
