"""Kernels of the grid maxima: finding them, ordering them in groups, averaging the groups.

References
----------
Specification 02, section 9. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel
from .domain import x_coordinate
from .ordering import ANY, FULL, label_mask
from .outline import point_box

ZERO = np.float32(0.0)
SPARSE = 16
"""A box with more cells than this for each point of its object is searched point by point."""


@lean_kernel
def fill_extents(start, point_x, point_y, extent):
    """xmin, xmax, ymin, ymax of the points of every object that has points."""
    for k in range(len(start) - 1):
        if start[k] < start[k + 1]:
            extent[k, 0], extent[k, 1], extent[k, 2], extent[k, 3] = point_box(point_x, point_y, start[k], start[k + 1])


@lean_kernel
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


@lean_kernel
def place_points(first, end, x, y, value, origin, stride, box):
    """Enter the values of the points first..end-1 in a framed box; of a cell that occurs twice the last one holds."""
    for p in range(first, end):
        box[y[p] * stride + x[p] + origin] = value[p]


@lean_kernel
def clear_points(first, end, x, y, origin, stride, box):
    """Undo `place_points`."""
    for p in range(first, end):
        box[y[p] * stride + x[p] + origin] = ZERO


@lean_kernel
def has_candidate(below, here, above):
    """Whether an inner cell of the row `here` is > 0 and none of the four next to it exceeds it."""
    found = False
    for i in range(1, len(here) - 1):
        v = here[i]
        found |= (
            (v > ZERO) & (here[i - 1] <= v) & (here[i + 1] <= v) & (below[i] <= v) & (above[i] <= v)
        )  # without branches, for all cells at a time
    return found


@lean_kernel
def box_maxima(box, height, stride, excludes_edge, cells):
    """List the cells of the maxima in a framed box, row-major; returns their number."""
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


@lean_kernel
def listed_maxima(first, end, x, y, origin, stride, box, excludes_edge, cells):
    """The same from the points of the object, for boxes that are mostly empty."""
    n = 0
    for p in range(first, end):
        cell = y[p] * stride + x[p] + origin
        if is_maximum(box, cell, stride, excludes_edge):
            cells[n] = cell
            n += 1
    sort_cells(cells, n)
    kept = min(n, 1)
    for a in range(1, n):
        if cells[a] != cells[kept - 1]:  # a cell can be listed twice
            cells[kept] = cells[a]
            kept += 1
    return kept


@lean_kernel
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


@lean_kernel
def any_adjacent(cells, n, stride):
    """Whether two of the ascending box cells are 8-neighbours."""
    for a in range(n):
        for b in range(a + 1, n):
            if cells[b] > cells[a] + stride + 1:
                break
            if cells[b] == cells[a] + 1 or cells[b] >= cells[a] + stride - 1:
                return True
    return False


@lean_kernel
def interleave(x, y):
    """Morton number of (x, y): the bits of x go to the even places, those of y to the odd ones."""
    out = 0
    for bit in range(31):
        if (x >> bit) == 0 and (y >> bit) == 0:
            break
        out |= (((x >> bit) & 1) << (2 * bit)) | (((y >> bit) & 1) << (2 * bit + 1))
    return out


@lean_kernel
def sort_apart(cells, n, stride, order, owner):
    """Order maxima that are no neighbours: every one is its own group, in Z-order."""
    for a in range(n):
        j, i = cells[a] // stride - 1, cells[a] % stride - 1
        key = interleave(i, j)
        place = a
        while place > 0 and owner[place - 1] > key:
            owner[place] = owner[place - 1]
            order[place] = order[place - 1]
            place -= 1
        owner[place] = key
        order[place] = cells[a]
    for a in range(n):
        owner[a] = a
    return n


@lean_kernel
def sort_groups(cells, n, height, width, w):
    """Order maxima of which some are neighbours, by the rule of the objects; results as box cells."""
    pyramid, offsets, heights, widths, labels, parent, number, order, owner = w
    stride = width + 2
    for c in range(height * width):
        pyramid[c] = 0
    for a in range(n):
        pyramid[(cells[a] // stride - 1) * width + cells[a] % stride - 1] = ANY | FULL
    _, groups = label_mask(pyramid, height, width, True, offsets, heights, widths, labels, parent, number, order, owner)
    for a in range(n):
        order[a] = (order[a] // width + 1) * stride + order[a] % width + 1
    return groups


@lean_kernel
def place_groups(
    n, groups, order, owner, box, stride, xmin, ymin, xgrid, ygrid, x1, y1, periodic, at, fx, fy, fv, count
):
    """Mean position of every group, and the value at its first member (members in K order)."""
    for g in range(groups):
        fx[at + g], fy[at + g], count[g] = ZERO, ZERO, 0
    for a in range(n):
        g = owner[a]
        i, j = order[a] % stride - 1 + xmin, order[a] // stride - 1 + ymin
        if count[g] == 0:
            fv[at + g] = box[order[a]]
        fx[at + g] = np.float32(fx[at + g] + x_coordinate(xgrid, i + x1 - 2, periodic))
        fy[at + g] = np.float32(fy[at + g] + ygrid[j + y1 - 2])
        count[g] += 1
    for g in range(groups):
        fx[at + g] = np.float32(fx[at + g] / np.float32(count[g]))
        fy[at + g] = np.float32(fy[at + g] / np.float32(count[g]))


@lean_kernel
def enter_cells(n, cells, box, stride, xmin, ymin, at, fx, fy, fv):
    """Every maximum as a feature, in grid numbers."""
    for a in range(n):
        fx[at + a] = np.float32(cells[a] % stride - 1 + xmin)
        fy[at + a] = np.float32(cells[a] // stride - 1 + ymin)
        fv[at + a] = box[cells[a]]


@lean_kernel
def enter_groups(
    n, cells, box, height, stride, xmin, ymin, xgrid, ygrid, x1, y1, periodic, w, at, fx, fy, fv
):  # fmt: skip
    """One feature for every group of adjacent maxima, in coordinates; returns the number of groups."""
    order, owner, count = w[7], w[8], w[6]
    if n == 1:
        fx[at] = x_coordinate(xgrid, cells[0] % stride - 1 + xmin + x1 - 2, periodic)
        fy[at] = ygrid[cells[0] // stride - 1 + ymin + y1 - 2]
        fv[at] = box[cells[0]]
        return 1
    if any_adjacent(cells, n, stride):
        groups = sort_groups(cells, n, height - 2, stride - 2, w)
    else:
        groups = sort_apart(cells, n, stride, order, owner)
    place_groups(
        n, groups, order, owner, box, stride, xmin, ymin, xgrid, ygrid, x1, y1, periodic, at, fx, fy, fv, count
    )  # fmt: skip
    return groups


@lean_kernel
def all_maxima(
    start, x, y, value, extent, excludes_edge, grouped, xgrid, ygrid, x1, y1, periodic, box, cells, w,
    fstart, fx, fy, fv,
):  # fmt: skip
    """Maxima of every object; returns their number.

    `box` (float32, zeros) and the work `w` of `sort_groups` fit the largest framed box; `cells` (int32) and the
    feature arrays have one entry per point.
    """
    total = np.int64(0)
    fstart[0] = 0
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        xmin, ymin = np.int64(extent[k, 0]), np.int64(extent[k, 2])
        stride, height = extent[k, 1] - xmin + 3, extent[k, 3] - ymin + 3
        origin = (1 - ymin) * stride + 1 - xmin
        is_sparse = height * stride > SPARSE * (end - first)
        place_points(first, end, x, y, value, origin, stride, box)
        if is_sparse:
            n = listed_maxima(first, end, x, y, origin, stride, box, excludes_edge, cells)
        else:
            n = box_maxima(box, height, stride, excludes_edge, cells)
        if not grouped:
            enter_cells(n, cells, box, stride, xmin, ymin, total, fx, fy, fv)
        elif n > 0:
            n = enter_groups(
                n, cells, box, height, stride, xmin, ymin, xgrid, ygrid, x1, y1, periodic, w, total, fx, fy, fv
            )  # fmt: skip
        total += n
        if is_sparse:
            clear_points(first, end, x, y, origin, stride, box)
        else:
            filled = box[: height * stride]
            for c in range(len(filled)):
                filled[c] = ZERO
        fstart[k + 1] = total
    return total


@lean_kernel
def drop_outside(start, width, height, x, y, value, new_start):
    """Drop grid-number features outside the region, moving x, y and value only; returns the number kept.

    Within the arrays every object's kept features stay at the front of its old rows.
    """
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
