"""Search for values that cannot be used: NaN, infinities and marks of missing data."""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F32_1D
from ..kernels.declare import helper, kernel


@helper
def _all_usable(values, marks, infinity):
    """Whether no value of a flat float32 array is unusable (loops without branches, several values at a time)."""
    wrong = 0
    for i in range(len(values)):
        wrong += not abs(values[i]) < infinity
    for k in range(len(marks)):
        mark = marks[k]
        for i in range(len(values)):
            wrong += values[i] == mark
    return wrong == 0


@kernel
def _unusable(values: F32_1D, marks: F32_1D, infinity: np.float32) -> tuple[int, int]:
    """Number of unusable values of a flat float32 array, and the first one's place (-1 without any)."""
    count, first = 0, -1
    if _all_usable(values, marks, infinity):
        return count, first
    for i in range(len(values)):
        value = values[i]
        wrong = not abs(value) < infinity
        for k in range(len(marks)):
            wrong = wrong or value == marks[k]
        if wrong:
            if count == 0:
                first = i
            count += 1
    return count, first


def find_unusable(values: F32, marks: F32) -> tuple[int, int]:
    """Number of values that are NaN, infinite or equal to one of `marks`, and the flat index of the first.

    Parameters
    ----------
    values : float32, any shape, C order
    marks : float32, shape (k,)
        Values that stand for missing data.
    """
    return _unusable(values.reshape(-1), marks, np.float32(np.inf))
