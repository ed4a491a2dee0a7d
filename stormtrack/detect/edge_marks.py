"""Which objects touch the left and right edge of a periodic grid, after their points have been listed anew.

References
----------
Specification 02, sections 13 and 14b. Parity: bitwise; rows outside the grid, where the original writes outside its
arrays, are left out.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel

UNSET, LEFT, RIGHT, BOTH = np.int8(0), np.int8(ord("l")), np.int8(ord("r")), np.int8(ord("b"))


@lean_kernel
def mark_edges(x, y, first, end, label, n_columns, object_class, count, left, right):
    """Enter the points first..end-1 of an object in the edge memory.

    Parameters
    ----------
    x, y : int32
        Region-relative grid numbers in row-major order; as in the original they are compared with the grid's
        columns and used as rows directly.
    label : int
        Number of the object, unique in the frame.
    n_columns : int
        Columns of the grid.
    object_class : int8
        Edge class before.
    count : int
        Point count before.
    left, right : int32, shape (iy,)
        Edge memory, changed.

    Returns
    -------
    object_class : int8
    count : int
        Points as counted by the periodic logic: cells on the date line count for both sides.
    """
    n_left = 0
    n_right = 0
    for p in range(first, end):
        row = y[p] - 1
        if x[p] == 1:
            n_left += 1
            if object_class == UNSET:
                object_class = LEFT
            elif object_class == RIGHT:
                object_class = BOTH
            if 0 <= row < len(left):
                left[row] = label
        elif x[p] == n_columns:
            n_right += 1
            if object_class == UNSET:
                object_class = RIGHT
            elif object_class == LEFT:
                object_class = BOTH
            if 0 <= row < len(right):
                right[row] = label
    if object_class == LEFT:
        count += n_left
    elif object_class == RIGHT:
        count += n_right
    elif object_class == BOTH:
        count = max(n_left, n_right)
    return object_class, count
