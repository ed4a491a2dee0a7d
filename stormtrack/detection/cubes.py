"""Features by the cube of space that they lie in, so that those close to a point are found without looking at all.

Parity: not applicable (what is found is tested by the caller).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_2D, I32_1D
from ..kernels.declare import helper
from ..kernels.sphere import unit_vector

FARTHEST = 1.0e12
"""Cubes farther out than this are counted as one."""
LOW_BITS = (1 << 20) - 1
MIXED = (1, 600_011, 350_377)
"""Odd multipliers that spread the cubes over the table."""


class CubeTable(NamedTuple):
    """Chains of features in cubes; several cubes may share a chain.

    Attributes
    ----------
    place : float64, shape (n, 3)
        Cube of every feature (whole numbers).
    following : int32, shape (n,)
        Next feature of the chain, -1 for none.
    head : int32, shape (a power of two,)
        First feature of every chain.
    """

    place: F64_2D
    following: I32_1D
    head: I32_1D

    @classmethod
    def of(cls, features: int, largest: int) -> CubeTable:
        """Room for so many features, and for an object with `largest` of them."""
        chains = 1 << max(largest - 1, 1).bit_length()
        return cls(np.empty((features, 3)), np.empty(features, np.int32), np.empty(chains, np.int32))


@helper
def cube_size(radius, geodesic):
    """Side (float64) of cubes for which features closer than `radius` lie in the same or in adjacent ones.

    A chord is not longer than its arc; the margins are far above the rounding of the distances (an arc cosine near 1:
    2e-8).
    """
    return max(np.float64(radius), 0.0) + 1.0e-6 if geodesic else max(np.float64(radius) * (1.0 + 1.0e-6), 1.0e-30)


@helper
def whole_cubes(distance, size):
    """Number (float64, whole) of the cube at a distance from the origin along an axis."""
    cubes = distance / size
    if cubes > FARTHEST:
        return FARTHEST
    return np.float64(math.floor(cubes)) if cubes > -FARTHEST else -FARTHEST


@helper
def chain_of(x, y, z, table):
    """Chain of a cube."""
    a, b, c = np.int64(x) & LOW_BITS, np.int64(y) & LOW_BITS, np.int64(z) & LOW_BITS
    return (a * MIXED[0] + b * MIXED[1] + c * MIXED[2]) & (len(table.head) - 1)


@helper
def enter_feature(f, px, py, pz, size, table):
    """Enter a feature at its place in space, at the head of a chain."""
    place = table.place
    place[f, 0], place[f, 1], place[f, 2] = whole_cubes(px, size), whole_cubes(py, size), whole_cubes(pz, size)
    chain = chain_of(place[f, 0], place[f, 1], place[f, 2], table)
    table.following[f] = table.head[chain]
    table.head[chain] = f


@helper
def filled_table(x, y, first, end, size, geodesic, work):
    """Table of the features first..end-1 (float32 degrees, or plane coordinates), within `work`.

    What is nowhere (a coordinate that is no number, on the sphere also an infinite one) is near nothing and left out.
    """
    chains = 1
    while chains < end - first:
        chains *= 2
    table = CubeTable(work.place, work.following, work.head[:chains])
    for chain in range(chains):
        table.head[chain] = -1
    for f in range(first, end):
        px, py, pz = np.float64(x[f]), np.float64(y[f]), 0.0
        if geodesic:
            px, py, pz = unit_vector(x[f], y[f])
        if np.isnan(px) or np.isnan(py) or np.isnan(pz):
            table.place[f, 0], table.place[f, 1], table.place[f, 2] = 0.0, 0.0, 0.0
        else:
            enter_feature(f, px, py, pz, size, table)
    return table


@helper
def first_in_cube(f, neighbour, table):
    """First feature in the chain of one of the 27 cubes about that of feature `f`, -1 for none."""
    x = table.place[f, 0] + (neighbour % 3 - 1)
    y = table.place[f, 1] + (neighbour // 3 % 3 - 1)
    z = table.place[f, 2] + (neighbour // 9 - 1)
    return np.int64(table.head[chain_of(x, y, z, table)])
