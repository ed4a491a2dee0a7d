"""Kernels of the grid maxima: finding them, ordering them in groups, averaging the groups.

References
----------
Specification 02, section 9. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I32_1D, I32_2D, I64_1D
from ..kernels.declare import helper, kernel
from .domain import Axes, x_coordinate
from .objects import Points, Positions
from .ordering import ANY, FULL, LabelWork, label_mask
from .outline import point_box

ZERO = np.float32(0.0)
SPARSE = 16
"""A box with more cells than this for each point of its object is searched point by point."""
FEW = 32
"""Maxima of an object that are sorted one by one."""
DIGIT_BITS = 5
DIGITS = 1 << DIGIT_BITS
"""Digits by which more are sorted; `LabelWork.offsets` has an entry for each."""


class Framed(NamedTuple):
    """An object's framed box.

    Attributes
    ----------
    value : float32, flat
        Values of the object's cells, 0 elsewhere.
    origin : int
        Region number (x, y) stands at ``y * stride + x + origin``.
    stride, height : int
        Size, frame included.
    xmin, ymin : int
        Region numbers of the first inner column and row.
    """

    value: F32_1D
    origin: int
    stride: int
    height: int
    xmin: int
    ymin: int


class MaximaWork(NamedTuple):
    """Work arrays: the largest framed box (zeros), a cell for every point, and for the order of groups."""

    box: F32_1D
    cells: I32_1D
    labels: LabelWork


class MaximaRule(NamedTuple):
    """What is a feature.

    Attributes
    ----------
    has_extent : bool
        The extents are known.
    excludes_edge : bool
        Maxima beside the object's edge are dropped.
    grouped : bool
        One feature per group of adjacent maxima, in coordinates; else every maximum, in grid numbers.
    """

    has_extent: bool
    excludes_edge: bool
    grouped: bool


@kernel
def fill_extents(start: I64_1D, point_x: I32_1D, point_y: I32_1D, extent: I32_2D) -> None:
    """xmin, xmax, ymin, ymax of the points of every object that has points."""
    for k in range(len(start) - 1):
        if start[k] < start[k + 1]:
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(point_x, point_y, start[k], start[k + 1])


@helper
def is_maximum(box, cell, stride, excludes_edge):
    """Whether a box cell is > 0 and no neighbour exceeds it; with `excludes_edge` no neighbour may be <= 0."""
    value = box[cell]
    if not value > ZERO:
        return False
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            if dy == 0 and dx == 0:
                continue
            other = box[cell + dy * stride + dx]
            if not other <= value:
                return False
            if excludes_edge and not other > ZERO:
                return False
    return True


@helper
def place_points(points, first, end, frame):
    """Enter the values of the points first..end-1 in a framed box; of a cell that occurs twice the last one holds."""
    x, y, box, origin, stride = points.x, points.y, frame.value, frame.origin, frame.stride
    for p in range(first, end):
        box[y[p] * stride + x[p] + origin] = points.value[p]


@helper
def clear_points(points, first, end, frame):
    """Undo `place_points`."""
    x, y, box, origin, stride = points.x, points.y, frame.value, frame.origin, frame.stride
    for p in range(first, end):
        box[y[p] * stride + x[p] + origin] = ZERO


@helper
def has_candidate(below, here, above):
    """Whether an inner cell of the row `here` is > 0 and none of the four next to it exceeds it."""
    found = False
    for i in range(1, len(here) - 1):
        v = here[i]
        found |= (
            (v > ZERO) & (here[i - 1] <= v) & (here[i + 1] <= v) & (below[i] <= v) & (above[i] <= v)
        )  # without branches, for all cells at a time
    return found


@helper
def box_maxima(frame, excludes_edge, cells):
    """List the cells of the maxima in a framed box, row-major; returns their number."""
    box, height, stride = frame.value, frame.height, frame.stride
    n = 0
    for row in range(stride, stride * (height - 1), stride):
        above = row + stride
        if not has_candidate(box[row - stride : row], box[row:above], box[above : above + stride]):
            continue
        for c in range(row + 1, above - 1):
            if is_maximum(box, c, stride, excludes_edge):
                cells[n] = c
                n += 1
    return n


@helper
def listed_maxima(points, first, end, frame, excludes_edge, cells):
    """The same from the points of the object, for boxes that are mostly empty."""
    n = 0
    for p in range(first, end):
        cell = points.y[p] * frame.stride + points.x[p] + frame.origin
        if is_maximum(frame.value, cell, frame.stride, excludes_edge):
            cells[n] = cell
            n += 1
    sort_cells(cells, n)
    kept = min(n, 1)
    for a in range(1, n):
        if cells[a] != cells[kept - 1]:  # a cell can be listed twice
            cells[kept] = cells[a]
            kept += 1
    return kept


@helper
def sort_cells(cells, n):
    """Shell sort of the first `n`, ascending."""
    gap = n // 2
    while gap > 0:
        for a in range(gap, n):
            cell = cells[a]
            place = a
            while place >= gap and cells[place - gap] > cell:
                cells[place] = cells[place - gap]
                place -= gap
            cells[place] = cell
        gap //= 2


@helper
def any_adjacent(cells, n, stride):
    """Whether two of the ascending box cells are 8-neighbours."""
    below = 0  # the last cell in the row before that is not right of the neighbours, or one after it
    for a in range(n):
        if a > 0 and cells[a] == cells[a - 1] + 1:
            return True
        while below < a and cells[below] < cells[a] - stride - 1:
            below += 1
        if below < a and cells[below] <= cells[a] - stride + 1:
            return True
    return False


@helper
def interleave(x, y):
    """Morton number of (x, y): the bits of x go to the even places, those of y to the odd ones."""
    out = 0
    for bit in range(31):
        if (x >> bit) == 0 and (y >> bit) == 0:
            break
        out |= (((x >> bit) & 1) << (2 * bit)) | (((y >> bit) & 1) << (2 * bit + 1))
    return out


@helper
def sort_few(cells, keys, n):
    """Sort the first `n` cells, with their keys, by key: insertion."""
    for a in range(1, n):
        cell, key = cells[a], keys[a]
        place = a
        while place > 0 and keys[place - 1] > key:
            keys[place] = keys[place - 1]
            cells[place] = cells[place - 1]
            place -= 1
        keys[place] = key
        cells[place] = cell


@helper
def sort_many(cells, keys, n, highest, work):
    """The same by digits, the lowest first, in a time proportional to `n`; no key is above `highest`."""
    count, other_cells, other_keys = work.offsets, work.parent, work.labels
    here_cells, here_keys = cells, keys
    shift = 0
    while (highest >> shift) > 0:
        for digit in range(DIGITS):
            count[digit] = 0
        for a in range(n):
            count[(here_keys[a] >> shift) & (DIGITS - 1)] += 1
        place = 0
        for digit in range(DIGITS):
            place, count[digit] = place + count[digit], place
        for a in range(n):
            digit = (here_keys[a] >> shift) & (DIGITS - 1)
            other_cells[count[digit]], other_keys[count[digit]] = here_cells[a], here_keys[a]
            count[digit] += 1
        here_cells, other_cells = other_cells, here_cells
        here_keys, other_keys = other_keys, here_keys
        shift += DIGIT_BITS
    if (shift // DIGIT_BITS) % 2 == 1:
        for a in range(n):
            cells[a] = here_cells[a]


@helper
def sort_apart(cells, n, stride, work):
    """Order maxima that are no neighbours: every one is its own group, in Z-order."""
    order, owner = work.order, work.owner
    highest = np.int64(0)
    for a in range(n):
        key = interleave(cells[a] % stride - 1, cells[a] // stride - 1)
        order[a], owner[a] = cells[a], key
        highest = max(highest, key)
    if n <= FEW:
        sort_few(order, owner, n)
    else:
        sort_many(order, owner, n, highest, work)
    for a in range(n):
        owner[a] = a
    return n


@helper
def sort_groups(cells, n, height, width, work):
    """Order maxima of which some are neighbours, by the rule of the objects; results as box cells."""
    stride = width + 2
    for c in range(height * width):
        work.pyramid[c] = 0
    for a in range(n):
        work.pyramid[(cells[a] // stride - 1) * width + cells[a] % stride - 1] = ANY | FULL
    _, groups = label_mask(work, height, width, True)
    for a in range(n):
        work.order[a] = (work.order[a] // width + 1) * stride + work.order[a] % width + 1
    return groups


@helper
def place_groups(n, groups, work, frame, axes, at, out):
    """Mean position of every group, and the value at its first member (members in K order)."""
    order, owner, count, stride = work.order, work.owner, work.number, frame.stride
    for g in range(groups):
        out.x[at + g], out.y[at + g], count[g] = ZERO, ZERO, 0
    for a in range(n):
        g = owner[a]
        i, j = order[a] % stride - 1 + frame.xmin, order[a] // stride - 1 + frame.ymin
        if count[g] == 0:
            out.value[at + g] = frame.value[order[a]]
        out.x[at + g] = np.float32(out.x[at + g] + x_coordinate(axes.x, i + axes.x1 - 2, axes.periodic))
        out.y[at + g] = np.float32(out.y[at + g] + axes.y[j + axes.y1 - 2])
        count[g] += 1
    for g in range(groups):
        out.x[at + g] = np.float32(out.x[at + g] / np.float32(count[g]))
        out.y[at + g] = np.float32(out.y[at + g] / np.float32(count[g]))


@helper
def enter_cells(n, cells, frame, at, out):
    """Every maximum as a feature, in grid numbers."""
    for a in range(n):
        out.x[at + a] = np.float32(cells[a] % frame.stride - 1 + frame.xmin)
        out.y[at + a] = np.float32(cells[a] // frame.stride - 1 + frame.ymin)
        out.value[at + a] = frame.value[cells[a]]


@helper
def enter_groups(n, cells, frame, axes, work, at, out):
    """One feature for every group of adjacent maxima, in coordinates; returns the number of groups."""
    stride = frame.stride
    if n == 1:
        column, row = cells[0] % stride - 1 + frame.xmin, cells[0] // stride - 1 + frame.ymin
        out.x[at] = x_coordinate(axes.x, column + axes.x1 - 2, axes.periodic)
        out.y[at] = axes.y[row + axes.y1 - 2]
        out.value[at] = frame.value[cells[0]]
        return 1
    if any_adjacent(cells, n, stride):
        groups = sort_groups(cells, n, frame.height - 2, stride - 2, work)
    else:
        groups = sort_apart(cells, n, stride, work)
    place_groups(n, groups, work, frame, axes, at, out)
    return groups


@helper
def all_maxima(points, extent, rule, axes, work, out):
    """Maxima of every object; returns their number."""
    total = np.int64(0)
    out.start[0] = 0
    for k in range(len(points.start) - 1):
        first, end = points.start[k], points.start[k + 1]
        xmin, ymin = np.int64(extent[k, 0]), np.int64(extent[k, 2])
        stride, height = extent[k, 1] - xmin + 3, extent[k, 3] - ymin + 3
        frame = Framed(work.box, (1 - ymin) * stride + 1 - xmin, stride, height, xmin, ymin)
        is_sparse = height * stride > SPARSE * (end - first)
        place_points(points, first, end, frame)
        if is_sparse:
            n = listed_maxima(points, first, end, frame, rule.excludes_edge, work.cells)
        else:
            n = box_maxima(frame, rule.excludes_edge, work.cells)
        if not rule.grouped:
            enter_cells(n, work.cells, frame, total, out)
        elif n > 0:
            n = enter_groups(n, work.cells, frame, axes, work.labels, total, out)
        total += n
        if is_sparse:
            clear_points(points, first, end, frame)
        else:
            filled = work.box[: height * stride]
            for c in range(len(filled)):
                filled[c] = ZERO
        out.start[k + 1] = total
    return total


@kernel
def find_maxima(
    points: Points, extent: I32_2D, rule: MaximaRule, axes: Axes, work: MaximaWork, out: Positions
) -> tuple[int, int, int]:
    """Maxima of every object, after the extents where they are not known; returns their number and 0, 0.

    Where ``work.box`` is too small for some object nothing is searched: the last two values are the height and width
    needed. ``work.cells`` and `out` have one entry per point.
    """
    if not rule.has_extent:
        fill_extents(points.start, points.x, points.y, extent)
    height, width = 0, 0
    for k in range(len(points.start) - 1):
        height = max(height, int(extent[k, 3]) - int(extent[k, 2]) + 3)
        width = max(width, int(extent[k, 1]) - int(extent[k, 0]) + 3)
    if height * width > len(work.box):
        return 0, height, width
    return all_maxima(points, extent, rule, axes, work, out), 0, 0


@kernel
def drop_outside(found: Positions, width: int, height: int, new_start: I64_1D) -> int:
    """Drop grid-number features outside the region, moving x, y and value only; returns the number kept.

    Within the arrays every object's kept features stay at the front of its old rows.
    """
    start, x, y, value = found.start, found.x, found.y, found.value
    total = 0
    new_start[0] = 0
    for k in range(len(start) - 1):
        place = start[k]
        for f in range(start[k], start[k + 1]):
            i, j = np.int64(x[f]), np.int64(y[f])
            if (i - 1) * (width - i) < 0 or (j - 1) * (height - j) < 0:
                continue
            x[place], y[place], value[place] = x[f], y[f], value[f]
            place += 1
        total += place - start[k]
        new_start[k + 1] = total
    return total
