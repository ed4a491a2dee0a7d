"""Kernels that sum the power kernels of data at points, leaf by leaf.

References
----------
Specification 06, sections 1.7 and 1.8. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D
from ..kernels.declare import helper, kernel
from .cells import Cells, cap_felt
from .power import power, reach


class Sources(NamedTuple):
    """Data in leaf order.

    Attributes
    ----------
    t, factor : float64, shape (n,)
        Stretch and normalisation of each.
    weight : float64, shape (n,)
    value, square, u, v : float64, shape (n,) or (0,)
        Value, its float32 square, and the vector.
    """

    t: F64_1D
    factor: F64_1D
    weight: F64_1D
    value: F64_1D
    square: F64_1D
    u: F64_1D
    v: F64_1D


class Sums(NamedTuple):
    """Sums at points: of the kernels, and of values, squares and vectors times these."""

    density: F64_1D
    value: F64_1D
    square: F64_1D
    u: F64_1D
    v: F64_1D


@helper
def add_density(sources, i, where, cells, a, exponent, sums):
    """Add datum `i` to the densities of cell `a`."""
    points, t, factor, weight = cells.points, sources.t[i], sources.factor[i], sources.weight[i]
    x, y, z = where.x[i], where.y[i], where.z[i]
    for k in range(cells.start[a], cells.start[a + 1]):
        found = power(t, (x * points.x[k] + y * points.y[k]) + z * points.z[k], exponent)
        if found > 0.0:
            sums.density[k] += weight * (factor * found)


@helper
def add_all(sources, i, where, cells, a, exponent, sums):
    """Add datum `i` to all sums of cell `a`."""
    points, t, factor, weight = cells.points, sources.t[i], sources.factor[i], sources.weight[i]
    x, y, z = where.x[i], where.y[i], where.z[i]
    scalar, vector = len(sources.value) > 0, len(sources.u) > 0
    for k in range(cells.start[a], cells.start[a + 1]):
        found = power(t, (x * points.x[k] + y * points.y[k]) + z * points.z[k], exponent)
        if found > 0.0:
            d = weight * (factor * found)
            sums.density[k] += d
            if scalar:
                sums.value[k] += sources.value[i] * d
                sums.square[k] += sources.square[i] * d
            if vector:
                sums.u[k] += sources.u[i] * d
                sums.v[k] += sources.v[i] * d


@helper
def widest(sources, first, end):
    """Least cosine of the angles within which some data are felt."""
    least = 1.0
    for i in range(first, end):
        least = min(least, reach(sources.t[i]))
    return least


@helper
def caps_meet(data, b, cells, a, cosine):
    """Whether something in cell `b` of the data may be felt in cell `a`, with the angle's cosine given."""
    sine = math.sqrt(1.0 - cosine * cosine) if cosine < 1.0 else 0.0
    wide_cosine = cosine * data.cosine[b] - sine * data.sine[b]
    wide_sine = sine * data.cosine[b] + cosine * data.sine[b]
    if wide_sine < 0.0:
        return True
    angle = cells.x[a] * data.x[b] + cells.y[a] * data.y[b] + cells.z[a] * data.z[b]
    limit = wide_cosine * cells.cosine[a] - wide_sine * cells.sine[a]
    if wide_sine * cells.cosine[a] + wide_cosine * cells.sine[a] < 0.0:
        return True
    return angle > limit - 1.0e-9


@kernel
def sum_kernels(sources: Sources, data: Cells, cells: Cells, exponent: float, sums: Sums) -> None:
    """Add the kernels of all data, leaf by leaf, at points."""
    plain = len(sources.value) == 0 and len(sources.u) == 0
    for b in range(len(data.start) - 1):
        cosine = widest(sources, data.start[b], data.start[b + 1])
        for a in range(len(cells.start) - 1):
            if not caps_meet(data, b, cells, a, cosine):
                continue
            for i in range(data.start[b], data.start[b + 1]):
                if not cap_felt(cells, a, data.points.x[i], data.points.y[i], data.points.z[i], reach(sources.t[i])):
                    continue
                if plain:
                    add_density(sources, i, data.points, cells, a, exponent, sums)
                else:
                    add_all(sources, i, data.points, cells, a, exponent, sums)


@helper
def add_run(sources, i, points, first, end, exponent, density):
    """Add datum `i` to the densities of a run of points; where that changes nothing, 0 is added too."""
    t, factor, weight = sources.t[i], sources.factor[i], sources.weight[i]
    x, y, z = points.x[i], points.y[i], points.z[i]
    if exponent == 1.0 and t > 0.0 and (weight * factor) * 0.0 == 0.0:
        for n in range(first, end):
            k = np.uint64(n)
            density[k] += weight * (
                factor * max(((x * points.x[k] + y * points.y[k]) + z * points.z[k]) * t - 1.0, 0.0)
            )
        return
    for k in range(first, end):
        found = power(t, (x * points.x[k] + y * points.y[k]) + z * points.z[k], exponent)
        if found > 0.0:
            density[k] += weight * (factor * found)


@helper
def add_to_pilot(sources, i, data, a, exponent, density):
    """Add datum `i` to the pilot densities of cell `a` but its own."""
    first, end = data.start[a], data.start[a + 1]
    if first <= i < end:
        add_run(sources, i, data.points, first, i, exponent, density)
        first = i + 1
    add_run(sources, i, data.points, first, end, exponent, density)


@kernel
def sum_pilot(sources: Sources, data: Cells, exponent: float, density: F64_1D) -> None:
    """Add the kernels of all data but its own at each datum."""
    for b in range(len(data.start) - 1):
        cosine = widest(sources, data.start[b], data.start[b + 1])
        for a in range(len(data.start) - 1):
            if not caps_meet(data, b, data, a, cosine):
                continue
            for i in range(data.start[b], data.start[b + 1]):
                add_to_pilot(sources, i, data, a, exponent, density)


def no_sums(count: int, scalar: bool, vector: bool) -> Sums:
    """Sums of 0."""
    scalars, vectors = count if scalar else 0, count if vector else 0
    return Sums(np.zeros(count), np.zeros(scalars), np.zeros(scalars), np.zeros(vectors), np.zeros(vectors))
