"""Lanczos filters of series with evenly spaced frames.

Parity: not bitwise; the same filters as TRACK's, without its float32 roundings (2e-6 of the largest value apart).

References
----------
Duchon, C. E. 1979, J. Appl. Meteor. 18, 1016-1022; specification 05, section 9.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, Array
from ..errors import FieldError

_BLOCK_VALUES = 1 << 22
"""Values of a block of frames, those at its sides included."""


def weights(high: float, low: float, order: int) -> F64:
    """Weights of a band of frequencies (cycles per frame), shape (order + 1,): of the frame itself and of those aside.

    Raises
    ------
    FieldError
        Unless 0 <= low < high <= 0.5 and the order is at least 1.
    """
    if order < 1:
        raise FieldError(f"a Lanczos filter of order {order}; allowed: 1 and more frames to either side")
    if not 0.0 <= low < high <= 0.5:
        raise FieldError(f"a band from {low:g} to {high:g} cycles per frame; allowed: 0 <= low < high <= 0.5")
    k = np.arange(1, order + 1)
    sigma = np.sinc(k / order)
    ideal = (np.sin(2.0 * np.pi * high * k) - np.sin(2.0 * np.pi * low * k)) / (np.pi * k)
    return np.concatenate([[2.0 * (high - low)], sigma * ideal])


def filtered(series: Array, band: F64) -> F64:
    """A series, shape (frames, points), filtered; it is continued by its mirror image, the end frames not repeated.

    Raises
    ------
    FieldError
        If there are no more frames than the order.
    """
    n, order = len(series), len(band) - 1
    if n <= order:
        raise FieldError(f"a Lanczos filter of order {order} needs at least {order + 1} frames; there are {n}")
    out = np.empty(series.shape)
    block = max(1, _BLOCK_VALUES // max(1, series.shape[1]) - 2 * order)
    both = np.concatenate([band[:0:-1], band])
    for first in range(0, n, block):
        last = min(first + block, n)
        wanted = np.abs(np.arange(first - order, last + order))
        wanted = np.where(wanted > n - 1, 2 * (n - 1) - wanted, wanted)
        near = int(wanted.min()), int(wanted.max()) + 1
        matrix = np.zeros((last - first, near[1] - near[0]))
        for k in range(last - first):
            np.add.at(matrix[k], wanted[k : k + 2 * order + 1] - near[0], both)
        out[first:last] = matrix @ np.asarray(series[near[0] : near[1]], np.float64)
    return out
