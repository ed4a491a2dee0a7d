"""Searching in ascending values, for kernels of several parts.

Parity: not applicable.
"""

from __future__ import annotations

from .declare import helper


@helper
def first_not_below(values, limit):
    """Position of the first of ascending values that is not below a limit."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low
