"""Kernels of the old estimators: sums over all data in their own order.

References
----------
Specification 06, sections 1.9 and 1.10. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..arrays import F64_1D
from ..kernels.declare import helper, kernel
from .power import SMALLEST, TWO_PI
from .sphere import Points, dot

FISHER, CONSTANT, LINEAR, QUADRATIC = 0, 1, 2, 3
SHARP = 20.0
"""Fisher kernels with larger parameters are computed relative to their maximum."""


class Each(NamedTuple):
    """Data with their kernels: float64, shape (n,) each.

    Attributes
    ----------
    s, t, factor : smoothing parameter, stretch and normalisation.
    weight : Weight, 1 without.
    value, u, v : Value and vector; 0 without.
    """

    s: F64_1D
    t: F64_1D
    factor: F64_1D
    weight: F64_1D
    value: F64_1D
    u: F64_1D
    v: F64_1D


class OldSums(NamedTuple):
    """Sums at points, with weights and without (`plain`), and the squares of what remains."""

    density: F64_1D
    value: F64_1D
    u: F64_1D
    v: F64_1D
    plain_density: F64_1D
    plain_value: F64_1D
    square: F64_1D


class Rest(NamedTuple):
    """Summing the others at a datum: density to start with, least cosine (times s) of Fisher kernels."""

    floor: float
    cut: float


@helper
def old_kernel(kind, s, t, cosine):
    """Kernel value, 0 where the datum is not felt."""
    if kind == FISHER:
        return math.exp(s * (cosine - 1.0)) if s > SHARP else math.exp(s * cosine)
    a = cosine * t
    if not a - 1.0 > 0.0:
        return 0.0
    if kind == CONSTANT:
        return 1.0
    return a - 1.0 if kind == LINEAR else a * a - 1.0


@helper
def shape_of(kind, s):
    """Normalisation of one datum, and what it is multiplied by (1 or t)."""
    if kind == FISHER:
        if s > SHARP:
            return s
        if s < SMALLEST:
            return 0.5
        high = math.exp(s)
        return s / (high - 1.0 / high)
    t = (1.0 + s) / s
    if kind == CONSTANT:
        return t / (t - 1.0)
    c = 1.0 - t
    return t / (c * c) if kind == LINEAR else t / (c * c * (t + 2.0))


@helper
def base_of(kind, n):
    """Normalisation by the number of data."""
    if kind == LINEAR:
        return 1.0 / (math.pi * n)
    return (3.0 if kind == QUADRATIC else 1.0) / (TWO_PI * n)


@helper
def common_of(kind, s, base):
    """Normalisation where all data have one smoothing parameter."""
    if kind == FISHER:
        if s > SHARP:
            return base * s
        if s < SMALLEST:
            return 0.5 * base
        high = math.exp(s)
        return base * s / (high - 1.0 / high)
    t = (1.0 + s) / s
    if kind == CONSTANT:
        return base * t / (t - 1.0)
    c = 1.0 - t
    return base * t / (c * c) if kind == LINEAR else base * t / (c * c * (t + 2.0))


@kernel
def base_factor(kind: int, n: float) -> float:
    """Normalisation by the number of data, where each has its own besides."""
    found: float = base_of(kind, n)
    return found


@kernel
def common_factor(kind: int, s: float, n: float) -> float:
    """Normalisation by the number of data and the one smoothing parameter that they have."""
    found: float = common_of(kind, s, base_of(kind, n))
    return found


@kernel
def fill_shapes(kind: int, s: F64_1D, t: F64_1D, factor: F64_1D) -> None:
    """Stretches and normalisations of data with parameters of their own."""
    for k in range(len(s)):
        t[k] = (1.0 + s[k]) / s[k]
        factor[k] = shape_of(kind, s[k])


@kernel
def sum_old(kind: int, each: Each, data: Points, points: Points, out: OldSums) -> None:
    """Sums of the kernels at points."""
    for k in range(len(points.x)):
        for i in range(len(data.x)):
            found = old_kernel(kind, each.s[i], each.t[i], dot(points, k, data, i))
            if found != 0.0:
                plain = each.factor[i] * found
                d = each.weight[i] * plain
                out.density[k] += d
                out.value[k] += each.value[i] * d
                out.u[k] += each.u[i] * d
                out.v[k] += each.v[i] * d
                out.plain_density[k] += plain
                out.plain_value[k] += each.value[i] * plain


@kernel
def sum_squares(kind: int, each: Each, data: Points, points: Points, mean: F64_1D, out: OldSums) -> None:
    """Sums of squares of the values less a mean at each point."""
    for k in range(len(points.x)):
        for i in range(len(data.x)):
            found = old_kernel(kind, each.s[i], each.t[i], dot(points, k, data, i))
            if found != 0.0:
                rest = each.value[i] - mean[k]
                out.square[k] += rest * rest * (each.weight[i] * (each.factor[i] * found))


@helper
def felt(kind, s, cosine, cut):
    """Whether a pair is not dropped: pairs far apart are, with Fisher kernels."""
    if kind != FISHER:
        return True
    return (cosine - 1.0 if s > SHARP else cosine) > cut / s


@kernel
def others_density(kind: int, each: Each, data: Points, rest: Rest, out: F64_1D) -> None:
    """Density at each datum from all others, not normalised."""
    for j in range(len(data.x)):
        total = rest.floor
        for i in range(len(data.x)):
            if i == j:
                continue
            cosine = dot(data, i, data, j)
            if felt(kind, each.s[i], cosine, rest.cut):
                total += each.weight[i] * (each.factor[i] * old_kernel(kind, each.s[i], each.t[i], cosine))
        out[j] = total


@kernel
def others_residual(kind: int, each: Each, data: Points, least: float) -> float:
    """Sum of squares of values and vectors less what all other data make of them."""
    total = 0.0
    for j in range(len(data.x)):
        density = 1.0e-20
        value = u = v = 0.0
        for i in range(len(data.x)):
            if i == j:
                continue
            d = each.weight[i] * (each.factor[i] * old_kernel(kind, each.s[i], each.t[i], dot(data, i, data, j)))
            density += d
            value += each.value[i] * d
            u += each.u[i] * d
            v += each.v[i] * d
        dense = density > least  # not normalised here, unlike elsewhere
        value = each.value[j] - (value / density if dense else 0.0)
        u = each.u[j] - (u / density if dense else 0.0)
        v = each.v[j] - (v / density if dense else 0.0)
        total += value * value + (u * u + v * v)
    return total


@kernel
def half_sphere_sum(data: Points, front: bool) -> tuple[int, float, float, float]:
    """Number and sum of the unit vectors in the half sphere y >= 0 (`front`), or in the other."""
    count = 0
    x = y = z = 0.0
    for i in range(len(data.x)):
        if (data.y[i] >= 0.0) == front:
            x, y, z, count = x + data.x[i], y + data.y[i], z + data.z[i], count + 1
    return count, x, y, z
