"""The power kernel of the spherical quad tree, and what all its uses share.

References
----------
Specification 06, sections 1.6 to 1.8. Parity: bitwise.
"""

from __future__ import annotations

import math

from ..arrays import F64_1D
from ..kernels.declare import helper, kernel

TWO_PI = 2.0 * 3.141592653589793
FLOOR = 1.0e-5
"""Pilot density that every datum has."""
LEAST_DENSITY = 1.0e-4
"""Densities (float64, before they are scaled) below give no means."""
LEAST_WEIGHT = 1.0e-10
"""Sums of weights up to this give nothing."""
SMALLEST = 1.0e-6
"""Smoothing parameters below stand for the whole half sphere."""


@helper
def stretch(s):
    """The factor t of cosines that belongs to a smoothing parameter; -1: the cosine itself is the kernel."""
    return -1.0 if s < SMALLEST else (1.0 + s) / s


@helper
def power(t, cosine, exponent):
    """Kernel value, 0 where the datum is not felt."""
    c = cosine
    if t > 0.0:
        c *= t
        c -= 1.0
    if not c > 0.0:
        return 0.0
    if exponent == 0.0:
        return 1.0
    if exponent == 1.0:
        return c
    return math.pow(c, exponent)


@helper
def normalisation(t, q):
    """Factor of one datum that makes its kernel integrate to the same as the others."""
    return 1.0 if t < 0.0 else t / math.pow(t - 1.0, q)


@helper
def whole_normalisation(t, q, n):
    """Factor of all data with one smoothing parameter."""
    return 1.0 if t < 0.0 else (q / (TWO_PI * n) * t) / math.pow(t - 1.0, q)


@kernel
def normalisation_of_all(s: float, q: float, n: float) -> float:
    """`whole_normalisation` of a smoothing parameter."""
    found: float = whole_normalisation(stretch(s), q, n)
    return found


@kernel
def fill_factors(s: F64_1D, q: float, t: F64_1D, factor: F64_1D) -> None:
    """Factors t and normalisations of data with smoothing parameters of their own."""
    for k in range(len(s)):
        t[k] = stretch(s[k])
        factor[k] = normalisation(t[k], q)


@helper
def reach(t):
    """Cosine of the angle within which a datum is felt."""
    return 0.0 if t < 0.0 else 1.0 / t
