"""Which leaves of the tree a point is felt in, as runs of leaves in order.

References
----------
Specification 06, section 1.7 (skipped leaves have kernels of 0). Parity: not applicable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import I32_1D, I64_1D
from ..kernels.declare import helper, kernel
from ..model.tracks import offsets
from .cells import Cells, cap_felt
from .power import SMALLEST
from .tree_sums import caps_meet


class Near(NamedTuple):
    """Cells in which each point is felt.

    The runs of point i are ``first[n]`` to ``end[n]`` for n from ``start[i]`` to ``start[i + 1]`` (ends excluded).
    """

    start: I64_1D
    first: I32_1D
    end: I32_1D


@helper
def meeting(data, b, cosine, found):
    """List the cells in which something of cell `b` may be felt; returns how many."""
    count = 0
    for a in range(len(data.start) - 1):
        if caps_meet(data, b, data, a, cosine):
            found[count] = a
            count += 1
    return count


@helper
def runs_of(data, i, cosine, found, count, near, at):
    """Write the runs of point `i` from `at` on, if there is room for any; returns where they end."""
    x, y, z = data.points.x[i], data.points.y[i], data.points.z[i]
    last, written = -2, len(near.first) > 0
    for n in range(count):
        a = found[n]
        if not cap_felt(data, a, x, y, z, cosine):
            continue
        if a != last + 1:
            if written:
                near.first[at] = a
            at += 1
        if written:
            near.end[at - 1] = a + 1
        last = a
    return at


@kernel
def find_near(data: Cells, cosine: float, found: I32_1D, near: Near, lengths: I64_1D) -> None:
    """Runs of all points, and how many each has; only the latter without room for any."""
    at = 0
    for b in range(len(data.start) - 1):
        count = meeting(data, b, cosine, found)
        for i in range(data.start[b], data.start[b + 1]):
            end = runs_of(data, i, cosine, found, count, near, at)
            lengths[i], at = end - at, end


def neighbours(data: Cells, s: float) -> Near:
    """Cells in which each point of the cells is felt with a smoothing parameter."""
    cosine = s / (1.0 + s) if s > SMALLEST and math.isfinite(s) else 0.0
    lengths = np.zeros(len(data.points.x), np.int64)
    found, none = np.zeros(len(data.start), np.int32), np.zeros(0, np.int32)
    find_near(data, cosine, found, Near(offsets(lengths), none, none), lengths)
    start = offsets(lengths)
    near = Near(start, *(np.zeros(int(start[-1]), np.int32) for _ in range(2)))
    find_near(data, cosine, found, near, lengths)
    return near
