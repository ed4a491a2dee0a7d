"""Fourier transforms of power-of-2 lengths as the original's time filter makes them, over many series side by side.

References
----------
Specification 05, section 10. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D, F64_2D, I64_1D
from ..kernels.declare import helper

_TWO_PI = 2.0 * 3.14159265358979323846


class Tables(NamedTuple):
    """What transforms of one length need.

    Attributes
    ----------
    reversed : int64, shape (n,)
        Places with the order of their bits reversed.
    cos, sin : float64, shape (n - 1,)
        Factors of the forward transform; those of the stage of blocks of length 2 h begin at h - 1.
    """

    reversed: I64_1D
    cos: F64_1D
    sin: F64_1D


class Parts(NamedTuple):
    """Real and imaginary parts (float64, shape (n, series)); element `e` of all series lies side by side."""

    re: F64_2D
    im: F64_2D


def tables(n: int) -> Tables:
    """Tables for transforms of length `n`, a power of 2."""
    bits = n.bit_length() - 1
    places = np.arange(n)
    turned = np.zeros(n, np.int64)
    for bit in range(bits):
        turned |= ((places >> bit) & 1) << (bits - 1 - bit)
    angles = [-_TWO_PI * (k / (2 * half)) for half in (1 << stage for stage in range(bits)) for k in range(half)]
    return Tables(turned, np.array([math.cos(a) for a in angles]), np.array([math.sin(a) for a in angles]))


@helper
def transform(parts, table, backward):
    """Transform all series in place; backward with the other sign of the angles, not divided by the length."""
    re, im = parts.re, parts.im
    n, series = re.shape
    for e in range(n):
        other = table.reversed[e]
        if other > e:
            for r in range(series):
                re[e, r], re[other, r] = re[other, r], re[e, r]
                im[e, r], im[other, r] = im[other, r], im[e, r]
    half = 1
    while half < n:
        for start in range(0, n, 2 * half):
            for k in range(half):
                c, s = table.cos[half - 1 + k], table.sin[half - 1 + k]
                if backward:
                    s = -s
                p, q = start + k, start + k + half
                for r in range(series):
                    z_re = c * re[q, r] - s * im[q, r]
                    z_im = c * im[q, r] + s * re[q, r]
                    re[q, r] = re[p, r] - z_re
                    im[q, r] = im[p, r] - z_im
                    re[p, r] = re[p, r] + z_re
                    im[p, r] = im[p, r] + z_im
        half *= 2
