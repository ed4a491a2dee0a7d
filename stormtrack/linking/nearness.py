"""Another order of the points of a frame, in which those that lie close together have close numbers.

Exchanges jump about in a frame; where it has thousands of points, what they look up comes from far memory unless the
neighbours of a point lie side by side. The order of points within a frame decides about initial tracks only: exchanges
and cuts know points by their tracks and frames, and nothing that `sweep`, `settling` or `cutting` do depends on which
of two points of a frame has the smaller number (a pair that could be kept with either of two links is kept with one).
"""

from __future__ import annotations

import numpy as np

from ..arrays import I64, I64_1D
from ..kernels.declare import kernel
from ..model.features import Features
from .neighbours import Neighbours, sort_tail
from .problem import Problem

CROWDED = 300
"""Points of a frame from which another order pays."""


def near_order(problem: Problem, features: Features) -> I64 | None:
    """Points by frame, strips one reach wide, and along the strips (int64), or None where frames have few points."""
    sizes = np.diff(problem.frame_start)
    if sizes.max(initial=0) < CROWDED:
        return None
    reach = float(np.nanmax(problem.dmax, initial=0.0))
    if problem.geometry.geodesic:
        reach = np.degrees(reach)
    strip = np.floor(features.y.astype(np.float64) / max(reach, 1e-3))
    return np.lexsort((features.x, strip, problem.frame_of)).astype(np.int64)


def reordered(problem: Problem, order: I64) -> Problem:
    """The problem over the same points in another order within each frame, without links."""
    return problem._replace(
        geometry=problem.geometry._replace(position=np.ascontiguousarray(problem.geometry.position[order])),
        zone=np.ascontiguousarray(problem.zone[:, order]),
    )


def reordered_neighbours(found: Neighbours, order: I64) -> Neighbours:
    """The same pairs in the numbering of this order."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    out = Neighbours(
        np.zeros_like(found.start),
        np.empty_like(found.point),
        np.empty_like(found.distance),
        np.empty_like(found.allowed),
    )
    _renumber(found, order, rank, out)
    return out


@kernel
def _renumber(found: Neighbours, order: I64_1D, rank: I64_1D, out: Neighbours) -> None:
    """Fill `out`; `rank` is the inverse of `order`."""
    n = np.int64(0)
    for p in range(order.size):
        first = n
        for e in range(found.start[order[p]], found.start[order[p] + 1]):
            out.point[n], out.distance[n], out.allowed[n] = rank[found.point[e]], found.distance[e], found.allowed[e]
            n += 1
        sort_tail(out.point, out.distance, out.allowed, first, n)
        out.start[p + 1] = n
