"""Order of the features of an object by strength: in which they claim regions, and drive others away.

References
----------
Specification 02, section 15, step 3, and section 16. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels.declare import helper

ZERO = np.float32(0.0)


@helper
def sink(order, first, place, n, value):
    """Heap of the features ``order[first:first + n]``, the weakest on top: let the one at `place` sink."""
    f = order[first + place]
    while 2 * place + 1 < n:
        below = 2 * place + 1
        if below + 1 < n and comes_before(order[first + below], order[first + below + 1], value):
            below += 1
        if comes_before(order[first + below], f, value):
            break
        order[first + place] = order[first + below]
        place = below
    order[first + place] = f


@helper
def comes_before(a, b, value):
    """Whether feature `a` is stronger than `b`, or as strong and listed earlier."""
    return value[a] > value[b] or (value[a] == value[b] and a < b)


@helper
def sort_down(order, first, n, value):
    """Sort the features ``order[first : first + n]`` from the largest value to the smallest, equal ones as listed."""
    for place in range(n // 2 - 1, -1, -1):
        sink(order, first, place, n, value)
    for last in range(n - 1, 0, -1):
        order[first], order[first + last] = order[first + last], order[first]
        sink(order, first, 0, last, value)


@helper
def order_down_to(first, end, value, above, order):
    """Features first..end-1 that are stronger than `above`, from the strongest on; returns how many."""
    n = 0
    for f in range(first, end):
        if value[f] > above:
            order[first + n] = f
            n += 1
    sort_down(order, first, n, value)
    return n


@helper
def order_features(start, value, order):
    """Features of every object from the strongest on the grid to the weakest, as indices into the frame.

    Features whose strength is not positive are replaced by the first of their object, as in the original, where an
    exhausted search ends at index 0.
    """
    for k in range(len(start) - 1):
        first = start[k]
        n = order_down_to(first, start[k + 1], value, ZERO, order)
        for place in range(first + n, start[k + 1]):
            order[place] = first
