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

from ..kernels._policy import kernel, lean_kernel

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
def build_pyramid(pyramid, offsets, heights, widths, n_levels):
    """Fill the levels above level 0 of `pyramid` (uint8, flat, level 0 holds ``ANY | FULL`` or 0)."""
    for level in range(1, n_levels):
        below, here = offsets[level - 1], offsets[level]
        h, w = heights[level - 1], widths[level - 1]
        w_here = widths[level]
        for j in range(heights[level]):
            upper = below + 2 * j * w
            if 2 * j + 1 < h:
                lower = upper + w
                for i in range(w // 2):
                    a, b = pyramid[upper + 2 * i], pyramid[upper + 2 * i + 1]
                    c, d = pyramid[lower + 2 * i], pyramid[lower + 2 * i + 1]
                    pyramid[here + j * w_here + i] = ((a | b | c | d) & ANY) | (a & b & c & d & FULL)
                if w % 2:
                    pyramid[here + j * w_here + w_here - 1] = (pyramid[upper + w - 1] | pyramid[lower + w - 1]) & ANY
            else:
                for i in range(w // 2):
                    pyramid[here + j * w_here + i] = (pyramid[upper + 2 * i] | pyramid[upper + 2 * i + 1]) & ANY
                if w % 2:
                    pyramid[here + j * w_here + w_here - 1] = pyramid[upper + w - 1] & ANY


@lean_kernel
def find_root(parent, label):
    """Representative of `label`, halving the path on the way."""
    while parent[label] != label:
        parent[label] = parent[parent[label]]
        label = parent[label]
    return label


@lean_kernel
def unite(parent, a, b):
    """Join the sets of `a` and `b`; returns the common representative (the smaller number)."""
    a = find_root(parent, a)
    b = find_root(parent, b)
    if a == b:
        return a
    if a > b:
        a, b = b, a
    parent[b] = a
    return a


@lean_kernel
def label_cells(mask, height, width, eight, labels, parent):
    """Provisional component labels of the true cells in one raster scan; returns the number of labels given.

    `mask` (uint8, flat) is non-zero where true; `labels` (int32, flat) is written at true cells only, `parent`
    (int32) needs ``height * ((width + 1) // 2) + 1`` entries. Cells of a component have the same `find_root`.
    """
    count = 0
    for j in range(height):
        row = j * width
        above = row - width
        left = False  # the cell to the left is true
        label = 0
        for i in range(width):
            here = row + i
            if mask[here] == 0:
                left = False
                continue
            if not left:
                label = -1
                if eight and j > 0 and i > 0 and mask[above + i - 1] != 0:
                    label = labels[above + i - 1]
                if j > 0 and mask[above + i] != 0:
                    label = labels[above + i]
            elif j > 0 and mask[above + i] != 0 and mask[above + i - 1] == 0:
                # (a true cell above-left has been joined when the left cell was visited)
                label = unite(parent, label, labels[above + i])
            if eight and j > 0 and i + 1 < width and mask[above + i + 1] != 0 and mask[above + i] == 0:
                other = labels[above + i + 1]
                label = other if label < 0 else unite(parent, label, other)
            if label < 0:
                label = count
                parent[count] = count
                count += 1
            labels[here] = label
            left = True
    for k in range(count):
        parent[k] = parent[parent[k]]  # parents are smaller, hence already final
    return count


@kernel
def walk_in_order(pyramid, offsets, heights, widths, n_levels, labels, parent, number, order, owner):
    """List the true cells in increasing K and number the components as they are met.

    Parameters
    ----------
    pyramid, offsets, heights, widths, n_levels
        As filled by `pyramid_layout` and `build_pyramid`.
    labels, parent : int32
        Result of `label_cells`; every label's parent is its representative.
    number : int32
        Work, one entry per label.
    order, owner : int32, shape (>= n_true,)
        Filled with the flat cell index and the 0-based object number of every true cell.

    Returns
    -------
    n_true, n_objects : int
    """
    stack_level = np.empty(4 * MAX_LEVELS, np.int32)
    stack_j = np.empty(4 * MAX_LEVELS, np.int32)
    stack_i = np.empty(4 * MAX_LEVELS, np.int32)
    width = widths[0]
    n = 0
    n_objects = 0
    top = 0
    stack_level[0] = n_levels - 1
    stack_j[0] = 0
    stack_i[0] = 0
    while top >= 0:
        level, j, i = stack_level[top], stack_j[top], stack_i[top]
        top -= 1
        cell = pyramid[offsets[level] + j * widths[level] + i]
        if cell == 0:
            continue
        if cell & FULL:
            side = 1 << level
            first = (j << level) * width + (i << level)
            root = parent[labels[first]]
            if number[root] < 0:
                number[root] = n_objects
                n_objects += 1
            k = number[root]
            for y in range(side):
                for x in range(side):
                    order[n] = first + y * width + x
                    owner[n] = k
                    n += 1
            continue
        level -= 1
        for child in range(3, -1, -1):
            jj, ii = 2 * j + (child >> 1), 2 * i + (child & 1)
            if jj < heights[level] and ii < widths[level]:
                top += 1
                stack_level[top] = level
                stack_j[top] = jj
                stack_i[top] = ii
    return n, n_objects


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
        0-based object numbers in order of the smallest K.

    Returns
    -------
    n_true, n_objects : int
    """
    n_levels = pyramid_layout(height, width, offsets, heights, widths)
    build_pyramid(pyramid, offsets, heights, widths, n_levels)
    count = label_cells(pyramid, height, width, eight, labels, parent)
    for k in range(count):
        number[k] = -1
    return walk_in_order(pyramid, offsets, heights, widths, n_levels, labels, parent, number, order, owner)


class LabelWork:
    """Work arrays of `label_mask` for masks of up to `height` x `width` cells."""

    __slots__ = ("heights", "labels", "number", "offsets", "order", "owner", "parent", "pyramid", "widths")

    def __init__(self, height: int, width: int) -> None:
        cells = height * width
        self.pyramid = np.zeros(cells + cells // 3 + 2 * (height + width) + 64, np.uint8)
        self.labels = np.zeros(cells, np.int32)
        self.parent = np.zeros(cells, np.int32)
        self.number = np.zeros(cells, np.int32)
        self.order = np.zeros(cells, np.int32)
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
