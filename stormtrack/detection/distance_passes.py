"""The two passes of the distance transform, its inverse, and the suppression of all but its maxima.

A box is flat int32, row-major, with a frame.

References
----------
Specification 02, section 13. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import I32_1D
from ..kernels.declare import helper


class Walks(NamedTuple):
    """Pending cells of the walks over plateaus: int32, cell and the two counters."""

    cell: I32_1D
    i: I32_1D
    j: I32_1D


@helper
def pass_over(a, width, height, diagonal, forward, replaces):
    """Set the inner cells, in place, to the least distance by way of the neighbours passed before.

    The backward pass takes the rows from the last to the first with columns ascending, the forward pass the other
    way round. A cell's own value counts, too, unless the pass `replaces` it; what is not positive becomes 0 then.
    """
    straight, slanted = (2, 3) if diagonal else (1, 0)
    side = 1 if forward else -1  # of the neighbour passed before
    for n in range(1, height - 1):
        row = n if forward else height - 1 - n
        for m in range(1, width - 1):
            c = row * width + (width - 1 - m if forward else m)
            if replaces and a[c] <= 0:
                a[c] = 0
                continue
            beyond = c - side * width
            best = min(a[c + side] + straight, a[beyond] + straight)
            if diagonal:
                best = min(best, a[beyond + 1] + slanted)
                best = min(best, a[beyond - 1] + slanted)
            if not replaces:
                best = min(best, a[c])
            a[c] = best


@helper
def distances(a, width, height, diagonal, threshold):
    """Distance of every object cell to the outside, less the threshold (both doubled with diagonals)."""
    pass_over(a, width, height, diagonal, False, True)
    pass_over(a, width, height, diagonal, True, False)
    limit = 2 * threshold if diagonal else threshold
    if limit > 0:
        for c in range(width * height):
            a[c] = 0 if a[c] <= limit else a[c] - limit


@helper
def expand_object(a, width, height, diagonal, threshold):
    """Turn 0 (object) and FAR (outside) into 1 within `threshold` of the object and 0 beyond."""
    pass_over(a, width, height, diagonal, False, False)
    pass_over(a, width, height, diagonal, True, False)
    limit = 2 * threshold if diagonal else threshold
    for c in range(width * height):
        a[c] = 0 if a[c] > limit else 1


@helper
def suppress(begin_i, begin_j, a, kept, width, height, walks):
    """Clear a plateau of `a` in `kept`, from one cell outwards.

    The walk carries counters beside its position and stops where they reach the border; the row counter runs the
    wrong way on the vertical moves (0, +-1), as in the original, so parts of a plateau can survive.
    """
    row_step = (0, 0, 1, 1, 1, -1, -1, -1)
    column_step = (-1, 1, 0, -1, 1, 0, -1, 1)
    row_count = (0, 0, -1, 1, 1, 1, -1, -1)
    stack, stack_i, stack_j = walks.cell, walks.i, walks.j
    stack[0] = begin_i * width + begin_j
    stack_i[0] = begin_i
    stack_j[0] = begin_j
    top = 0
    while top >= 0:
        cell, ci, cj = stack[top], stack_i[top], stack_j[top]
        top -= 1
        old = kept[cell]
        kept[cell] = 0
        if ci == 1 or ci == height - 1 or cj == 1 or cj == width - 1 or old == 0:
            continue
        i, j = cell // width, cell % width
        for k in range(7, -1, -1):
            ii, jj = i + row_step[k], j + column_step[k]
            if 0 <= ii < height and 0 <= jj < width and a[ii * width + jj] == a[cell]:
                top += 1
                stack[top] = ii * width + jj
                stack_i[top] = ci + row_count[k]
                stack_j[top] = cj + column_step[k]


@helper
def is_maximum(a, c, width):
    """Whether none of the 8 neighbours exceeds cell `c`."""
    for dy in range(-1, 2):
        for dx in range(-1, 2):
            if a[c + dy * width + dx] > a[c]:
                return False
    return True


@helper
def keep_maxima(a, kept, width, height, walks):
    """Copy `a` to `kept` and clear there all cells (with their plateaus) that have a larger neighbour."""
    for c in range(width * height):
        kept[c] = a[c]
    for i in range(height - 2, 0, -1):
        for j in range(1, width - 1):
            c = i * width + j
            if kept[c] != 0 and not is_maximum(a, c, width):
                suppress(i, j, a, kept, width, height, walks)
