"""Connected components of a mask in TRACK's order of objects and points.

The order is that of the key K of specification 02, section 5: the largest aligned all-true blocks in Z-order, row by
row inside a block. It is produced without sorting: a pyramid says of every aligned block whether it holds any and
only true cells, and a walk over it in Z-order meets the cells in increasing K.

References
----------
Specification 02, section 5. Parity: bitwise (order).
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel
from .runs import label_runs

ANY, FULL = np.uint8(1), np.uint8(2)
"""Bits of a pyramid cell: some cell of the block is true, every cell is."""
MAX_LEVELS = 32


@lean_kernel
def pyramid_layout(height, width, offsets, heights, widths):
    """Fill offset and shape of every pyramid level for a (height, width) mask; returns the number of levels.

    Level k has cells of side 2**k; the last level is a single cell. Blocks that reach beyond the mask exist but
    are never full.
    """
    level = 0
    total = 0
    h, w = height, width
    while True:
        offsets[level] = total
        heights[level] = h
        widths[level] = w
        total += h * w
        level += 1
        if h <= 1 and w <= 1:
            break
        h = (h + 1) // 2
        w = (w + 1) // 2
    offsets[level] = total
    return level


@lean_kernel
def join_rows(upper, lower, full, out):
    """Cells of the next level from two rows; `full` is ``FULL``, or 0 where the lower row lies beyond the mask."""
    half = len(upper) >> 1
    for i in range(half):
        a, b, c, d = upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]
        out[i] = ((a | b | c | d) & ANY) | (a & b & c & d & full)
    if len(upper) & 1:
        out[half] = (upper[2 * half] | lower[2 * half]) & ANY


@lean_kernel
def build_pyramid(pyramid, offsets, heights, widths, n_levels):
    """Fill the levels above level 0 of `pyramid` (uint8, flat, level 0 holds ``ANY | FULL`` or 0)."""
    for level in range(1, n_levels):
        w, w_here = widths[level - 1], widths[level]
        for j in range(heights[level]):
            upper = offsets[level - 1] + 2 * j * w
            beyond = 2 * j + 1 == heights[level - 1]
            lower = upper if beyond else upper + w
            here = offsets[level] + j * w_here
            join_rows(  # rows of their own: loops over them vectorise
                pyramid[upper : upper + w],
                pyramid[lower : lower + w],
                np.uint8(0) if beyond else FULL,
                pyramid[here : here + w_here],
            )


@lean_kernel
def number_of(label, number, n_objects):
    """Object number of a label, a new one when it is met first; and the number of objects then."""
    if number[label] < 0:
        number[label] = n_objects
        n_objects += 1
    return number[label], n_objects


@lean_kernel
def list_block(first, width, side, k, n, order, owner):
    """Enter the cells of a block row by row, as those of object `k`, from position `n` on."""
    if side == 2:  # most blocks
        order[n], order[n + 1], order[n + 2], order[n + 3] = first, first + 1, first + width, first + width + 1
        owner[n], owner[n + 1], owner[n + 2], owner[n + 3] = k, k, k, k
        return
    for y in range(side):
        cells, owners = order[n : n + side], owner[n : n + side]
        for x in range(side):
            cells[x] = first + y * width + x
            owners[x] = k
        n += side


@lean_kernel
def list_cells(mask, first, width, has_right, has_upper, labels, number, n, n_objects, order, owner):
    """Enter the true cells of a block of side 2, each a block of its own; returns n and n_objects then."""
    for c in range(4):
        if (c & 1 and not has_right) or (c & 2 and not has_upper):
            continue
        cell = first + (c & 1) + (c >> 1) * width
        if mask[cell] != 0:
            k, n_objects = number_of(labels[cell], number, n_objects)
            order[n], owner[n] = cell, k
            n += 1
    return n, n_objects


@lean_kernel
def walk_in_order(pyramid, offsets, heights, widths, n_levels, labels, number, order, owner):
    """List the true cells in increasing K and number the components as they are met.

    Parameters
    ----------
    pyramid, offsets, heights, widths, n_levels
        As filled by `pyramid_layout` and `build_pyramid`.
    labels : int32
        Result of `label_runs`.
    number : int32
        Work, -1 for every label.
    order, owner : int32, shape (>= n_true,)
        Filled with the flat cell index and the 0-based object number of every true cell.

    Returns
    -------
    n_true, n_objects : int
    """
    height, width = heights[0], widths[0]
    n, n_objects = np.int64(0), np.int64(0)
    level, j, i = n_levels - 1, np.int64(0), np.int64(0)
    while True:
        inside = j < heights[level] and i < widths[level]
        cell = pyramid[offsets[level] + j * widths[level] + i] if inside else np.uint8(0)
        first = (j << level) * width + (i << level)
        if cell == ANY and level > 1:  # down to its first quarter
            level, j, i = level - 1, 2 * j, 2 * i
            continue
        if cell == ANY:
            has_right, has_upper = 2 * i + 1 < width, 2 * j + 1 < height
            n, n_objects = list_cells(
                pyramid, first, width, has_right, has_upper, labels, number, n, n_objects, order, owner
            )  # fmt: skip
        elif cell != 0:
            k, n_objects = number_of(labels[first], number, n_objects)
            list_block(first, width, 1 << level, k, n, order, owner)
            n += 1 << (2 * level)
        while i & j & 1:  # up from last quarters
            level, j, i = level + 1, j >> 1, i >> 1
        if level == n_levels - 1:
            return n, n_objects
        j += i & 1  # the next quarter
        i ^= 1


@lean_kernel
def label_mask(pyramid, height, width, eight, offsets, heights, widths, labels, parent, number, order, owner):
    """Components of a mask in TRACK's order.

    Parameters
    ----------
    pyramid : uint8, flat
        Its first height * width cells hold the mask, row-major, as ``ANY | FULL`` (3) where true, else 0; the rest
        (another third, plus height + width + 32) is work.
    height, width : int
        Shape of the mask; block corners are aligned to its cell (0, 0).
    eight : bool
        8-connectivity, else 4.
    offsets, heights, widths : int64, shape (MAX_LEVELS,)
        Work.
    labels, parent, number, order, owner : int32, flat, at least height * width entries
        Work and results: `order[:n]` are the flat indices of the true cells in increasing K, `owner[:n]` their
        0-based object numbers in order of the smallest K. `order` needs another `height` entries.

    Returns
    -------
    n_true, n_objects : int
    """
    n_levels = pyramid_layout(height, width, offsets, heights, widths)
    build_pyramid(pyramid, offsets, heights, widths, n_levels)
    count = label_runs(pyramid, height, width, eight, labels, parent, order)
    for k in range(count):
        number[k] = -1
    return walk_in_order(pyramid, offsets, heights, widths, n_levels, labels, number, order, owner)


class LabelWork:
    """Work arrays of `label_mask` for masks of up to `height` x `width` cells."""

    __slots__ = ("heights", "labels", "number", "offsets", "order", "owner", "parent", "pyramid", "widths")

    def __init__(self, height: int, width: int) -> None:
        cells = height * width
        self.pyramid = np.zeros(cells + cells // 3 + 2 * (height + width) + 64, np.uint8)
        self.labels = np.zeros(cells, np.int32)
        self.parent = np.zeros(cells, np.int32)
        self.number = np.zeros(cells, np.int32)
        self.order = np.zeros(cells + height, np.int32)
        self.owner = np.zeros(cells, np.int32)
        self.offsets = np.zeros(MAX_LEVELS, np.int64)
        self.heights = np.zeros(MAX_LEVELS, np.int64)
        self.widths = np.zeros(MAX_LEVELS, np.int64)

    def run(self, height: int, width: int, eight: bool) -> tuple[int, int]:
        """Label the mask held in ``pyramid[:height * width]``; returns (n_true, n_objects)."""
        n_true, n_objects = label_mask(
            self.pyramid,
            height,
            width,
            eight,
            self.offsets,
            self.heights,
            self.widths,
            self.labels,
            self.parent,
            self.number,
            self.order,
            self.owner,
        )
        return int(n_true), int(n_objects)
