"""Removal of points that cannot be linked to anything (specification 04, section 4; 02, section 20)."""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel
from .model import LinkPoints, Mask
from .neighbours import Neighbours, find_neighbours
from .problem import Problem

LOWEST_STRENGTH = np.float32(-1e10)


def linkable_points(points: LinkPoints, problem: Problem, found: Neighbours | None = None) -> Mask:
    """Which points have a possible neighbour in an adjacent frame.

    Parameters
    ----------
    points : LinkPoints
        All points.
    problem : Problem
        Geometry and limits of the same points.
    found : Neighbours, optional
        Their pairs, if known.

    Returns
    -------
    bool, shape (n_points,)
        True where a point of the next frame (not yet filtered) or of the previous frame (already filtered) lies
        within the limit and the strength is not below -1e10.

    Notes
    -----
    Frames are taken in order and in place, so a point kept in frame k speaks for its neighbours in frame k + 1, while
    a weak point still counts as a neighbour of frame k - 1.

    References
    ----------
    Specification 04, section 4. Parity: bitwise.
    """
    if found is None:
        found = find_neighbours(problem)
    keep: Mask = _surviving(found.start, found.point, found.allowed, points.strength)
    return keep


@kernel
def _surviving(start, point, allowed, strength):
    n_points = start.size - 1
    reached = np.zeros(n_points, np.bool_)  # from a survivor of the frame before
    keep = np.zeros(n_points, np.bool_)
    for p in range(n_points):
        has_next = False
        for e in range(start[p], start[p + 1]):
            has_next = has_next or allowed[e]
        keep[p] = (has_next or reached[p]) and not strength[p] < LOWEST_STRENGTH
        if keep[p]:
            for e in range(start[p], start[p + 1]):
                if allowed[e]:
                    reached[point[e]] = True
    return keep
