"""Removal of points that cannot be linked to anything (specification 04, section 4; 02, section 20)."""

from __future__ import annotations

import numpy as np

from ..arrays import F32_1D, Mask, Mask_1D
from ..kernels.declare import kernel
from ..model.features import Features
from .neighbours import Neighbours, find_neighbours
from .problem import Problem

LOWEST_STRENGTH = np.float32(-1e10)


def linkable_points(features: Features, problem: Problem, found: Neighbours | None = None) -> Mask:
    """Which points have a possible neighbour in an adjacent frame.

    Parameters
    ----------
    features : Features
        All features.
    problem : Problem
        Geometry and limits of the same features.
    found : Neighbours, optional
        Their pairs, if known.

    Returns
    -------
    bool, shape (n_features,)
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
    reached, keep = np.zeros(features.n_features, np.bool_), np.empty(features.n_features, np.bool_)
    _mark_surviving(found, features.intensity, reached, keep)
    return keep


@kernel
def _mark_surviving(found: Neighbours, strength: F32_1D, reached: Mask_1D, keep: Mask_1D) -> None:
    """Fill `keep`; `reached` (zeros at first) marks the points in reach of a survivor of the frame before."""
    for p in range(strength.size):
        has_next = False
        for e in range(found.start[p], found.start[p + 1]):
            has_next = has_next or found.allowed[e]
        keep[p] = (has_next or reached[p]) and not strength[p] < LOWEST_STRENGTH
        if keep[p]:
            for e in range(found.start[p], found.start[p + 1]):
                if found.allowed[e]:
                    reached[found.point[e]] = True
