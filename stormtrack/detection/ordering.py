"""Connected components of a mask in TRACK's order of objects and points.

The order is that of the key K of specification 02, section 5: the largest aligned all-true blocks in Z-order, row by
row inside a block. It is produced without sorting: a pyramid says of every aligned block whether it holds any and
only true cells, and a walk over it in Z-order meets the cells in increasing K.

References
----------
Specification 02, section 5. Parity: bitwise (order).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32_1D, I64_1D, U8_1D
from ..kernels.declare import helper
from .runs import label_runs

ANY, FULL = np.uint8(1), np.uint8(2)
"""Bits of a pyramid cell: some cell of the block is true, every cell is."""
MAX_LEVELS = 32


class LabelWork(NamedTuple):
    """Work arrays and results of `label_mask` for masks of up to a number of cells.

    Attributes
    ----------
    pyramid : uint8, flat
        Its first height * width cells hold the mask, row-major, as ``ANY | FULL`` (3) where true, else 0; the rest
        (another third, plus height + width + 32) is work.
    offsets, heights, widths : int64, shape (MAX_LEVELS,)
        Work.
    labels, parent, number : int32, flat, at least height * width entries
        Work.
    order, owner : int32, flat, at least height * width entries, `order` another `height`
        `order[:n]` are the flat indices of the true cells in increasing K, `owner[:n]` their 0-based object numbers
        in order of the smallest K.
    """

    pyramid: U8_1D
    offsets: I64_1D
    heights: I64_1D
    widths: I64_1D
    labels: I32_1D
    parent: I32_1D
    number: I32_1D
    order: I32_1D
    owner: I32_1D

    @classmethod
    def of(cls, height: int, width: int) -> LabelWork:
        """Work for masks of this shape or smaller."""
        cells = height * width
        return cls._made(cells, cells + cells // 3 + 2 * (height + width) + 64, cells + height)

    @classmethod
    def of_cells(cls, cells: int) -> LabelWork:
        """Work for masks of any shape with so many cells."""
        return cls._made(cells, 3 * cells + 128, 2 * cells)

    @classmethod
    def _made(cls, cells: int, pyramid: int, order: int) -> LabelWork:
        return cls(
            pyramid=np.zeros(pyramid, np.uint8),
            offsets=np.zeros(MAX_LEVELS, np.int64),
            heights=np.zeros(MAX_LEVELS, np.int64),
            widths=np.zeros(MAX_LEVELS, np.int64),
            labels=np.zeros(cells, np.int32),
            parent=np.zeros(cells, np.int32),
            number=np.zeros(cells, np.int32),
            order=np.zeros(order, np.int32),
            owner=np.zeros(cells, np.int32),
        )


@helper
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


@helper
def join_rows(upper, lower, full, out):
    """Cells of the next level from two rows; `full` is ``FULL``, or 0 where the lower row lies beyond the mask."""
    half = len(upper) >> 1
    for i in range(half):
        a, b, c, d = upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]
        out[i] = ((a | b | c | d) & ANY) | (a & b & c & d & full)
    if len(upper) & 1:
        out[half] = (upper[2 * half] | lower[2 * half]) & ANY


@helper
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


@helper
def number_of(label, number, n_objects):
    """Object number of a label, a new one when it is met first; and the number of objects then."""
    if number[label] < 0:
        number[label] = n_objects
        n_objects += 1
    return number[label], n_objects


@helper
def list_block(first, width, side, k, n, work):
    """Enter the cells of a block row by row, as those of object `k`, from position `n` on."""
    order, owner = work.order, work.owner
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


@helper
def list_cells(first, width, has_right, has_upper, n, n_objects, work):
    """Enter the true cells of a block of side 2, each a block of its own; returns n and n_objects then."""
    for c in range(4):
        if (c & 1 and not has_right) or (c & 2 and not has_upper):
            continue
        cell = first + (c & 1) + (c >> 1) * width
        if work.pyramid[cell] != 0:
            k, n_objects = number_of(work.labels[cell], work.number, n_objects)
            work.order[n], work.owner[n] = cell, k
            n += 1
    return n, n_objects


@helper
def walk_in_order(work, n_levels):
    """List the true cells in increasing K and number the components as they are met.

    The pyramid is filled, `labels` are those of `label_runs`, `number` is -1 for every label; fills `order` and
    `owner`.

    Returns
    -------
    n_true, n_objects : int
    """
    pyramid, offsets, heights, widths = work.pyramid, work.offsets, work.heights, work.widths
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
            n, n_objects = list_cells(first, width, has_right, has_upper, n, n_objects, work)
        elif cell != 0:
            k, n_objects = number_of(work.labels[first], work.number, n_objects)
            list_block(first, width, 1 << level, k, n, work)
            n += 1 << (2 * level)
        while i & j & 1:  # up from last quarters
            level, j, i = level + 1, j >> 1, i >> 1
        if level == n_levels - 1:
            return n, n_objects
        j += i & 1  # the next quarter
        i ^= 1


@helper
def label_mask(work, height, width, eight):
    """Components of a mask in TRACK's order.

    Parameters
    ----------
    work : LabelWork
        Holds the mask and receives the results.
    height, width : int
        Shape of the mask; block corners are aligned to its cell (0, 0).
    eight : bool
        8-connectivity, else 4.

    Returns
    -------
    n_true, n_objects : int
    """
    n_levels = pyramid_layout(height, width, work.offsets, work.heights, work.widths)
    build_pyramid(work.pyramid, work.offsets, work.heights, work.widths, n_levels)
    count = label_runs(work.pyramid, height, width, eight, work.labels, work.parent, work.order)
    for k in range(count):
        work.number[k] = -1
    return walk_in_order(work, n_levels)
