"""Which objects touch the left and right edge of a periodic grid, after their points have been listed anew.

References
----------
Specification 02, sections 13 and 14b. Parity: bitwise; rows outside the grid, where the original writes outside its
arrays, are left out.
"""

from __future__ import annotations

import numpy as np

from ..arrays import I32_1D
from ..kernels.declare import kernel
from .domain import EdgeState

UNSET, LEFT, RIGHT, BOTH = np.int8(0), np.int8(ord("l")), np.int8(ord("r")), np.int8(ord("b"))


@kernel
def mark_edges(
    x: I32_1D, y: I32_1D, label: int, n_columns: int, object_class: np.int8, count: int, edges: EdgeState
) -> tuple[int, int]:
    """Enter the points of an object in the edge memory.

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
    edges : EdgeState
        Changed.

    Returns
    -------
    object_class, count : int
        Class, and points as counted by the periodic logic: cells on the date line count for both sides.
    """
    left, right = edges.left, edges.right
    n_left = 0
    n_right = 0
    for p in range(len(x)):
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
    return int(object_class), count
