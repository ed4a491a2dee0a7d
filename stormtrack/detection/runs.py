"""Connected components of a mask by the runs of true cells in its rows.

There are far fewer runs than cells: they are joined, and every cell gets the label of its run.

References
----------
Specification 02, section 5. Parity: the components only; their order comes from `ordering`.
"""

from __future__ import annotations

import numpy as np

from ..kernels.declare import helper

LOW_BITS = np.uint64(0x0101010101010101)
"""The lowest bit of each of the 8 cells (bytes) in a word."""
CELL_BITS, LAST_CELL = np.uint64(8), np.uint64(56)
ONE, NOTHING = np.uint64(1), np.uint64(0)


@helper
def find_root(parent, label):
    """Representative of `label`, halving the path on the way."""
    while parent[label] != label:
        parent[label] = parent[parent[label]]
        label = parent[label]
    return label


@helper
def unite(parent, a, b):
    """Join the sets of `a` and `b`; the smaller representative stays."""
    a, b = find_root(parent, a), find_root(parent, b)
    parent[max(a, b)] = min(a, b)


@helper
def row_changes(mask, row, changes, n):
    """Append where one row of a mask becomes true and false by turns, as flat indices; returns the new number of them.

    `row` is the flat index of the row's first cell. Runs are long, so 8 cells at a time are compared with those to
    their left.
    """
    words = mask[: len(mask) & ~7].view(np.uint64)
    last = NOTHING
    for w in range(len(words)):
        word = words[w] & LOW_BITS
        changed = word ^ (word << CELL_BITS | last)
        last = word >> LAST_CELL
        while changed != NOTHING:
            below = changed ^ (changed - ONE)  # the bits up to the lowest one
            changes[n] = row + 8 * w + np.int64(((below >> ONE) & LOW_BITS) * LOW_BITS >> LAST_CELL)
            n += 1
            changed &= ~below
    before = np.int64(last)
    for i in range(8 * len(words), len(mask)):
        here = np.int64(mask[i] & 1)
        changes[n] = row + i  # written at every cell, counted at a change
        n += here ^ before
        before = here
    if before != 0:
        changes[n] = row + len(mask)
        n += 1
    return n


@helper
def join_runs(runs, above, first, count, width, eight, parent):
    """Join the runs ``first..count-1`` of a row to those that they touch among ``above..first-1`` of the row before.

    Run r is the cells from ``runs[2 * r]`` up to, not including, ``runs[2 * r + 1]``.
    """
    reach = 1 if eight else 0
    a = above
    for r in range(first, count):
        parent[r] = r
        start, end = runs[2 * r] - width, runs[2 * r + 1] - width
        while a < first and runs[2 * a + 1] + reach <= start:
            a += 1
        while a < first and runs[2 * a] < end + reach:
            unite(parent, r, a)
            if runs[2 * a + 1] > end:  # it may touch the next run too
                break
            a += 1


@helper
def label_runs(mask, height, width, eight, labels, parent, runs):
    """Component labels of the true cells of a mask from the runs of cells in its rows; returns the number of labels.

    `labels` (int32, flat) is written at true cells only. Labels are numbers of runs, so not all are used. `parent`
    (int32, one entry a cell) and `runs` (int32, one entry a cell and one a row) are work.
    """
    count = np.int64(0)
    above = np.int64(0)
    for j in range(height):
        first, row = count, j * width
        count = row_changes(mask[row : row + width], row, runs, 2 * first) >> 1
        join_runs(runs, above, first, count, width, eight, parent)
        above = first
    for r in range(count):
        label = parent[parent[r]]  # parents are smaller, hence already final
        parent[r] = label
        run = labels[runs[2 * r] : runs[2 * r + 1]]
        for i in range(len(run)):
            run[i] = label
    return count
