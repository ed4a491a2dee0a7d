"""Matching of two sets of tracks, one to one.

References
----------
See `criteria`. Parity: not applicable (float64; TRACK's censemble2 rounds separations to float32).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..model.tracks import TrackSet
from .candidates import candidate_pairs
from .criteria import MatchCriteria, Pairing
from .points import Axes, MatchPoints, match_points, on_one_axis
from .separation import Apart, separations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """Tracks of two sets that match.

    Attributes
    ----------
    pairs : int64, shape (n, 2)
        Index of the track in the first and in the second set, by that in the first.
    apart : Apart
        Separations of the pairs.
    axes : Axes
    points : (MatchPoints, MatchPoints)
    """

    pairs: I64
    apart: Apart
    axes: Axes
    points: tuple[MatchPoints, MatchPoints]


def matched(a: TrackSet, b: TrackSet, criteria: MatchCriteria) -> Matched:
    """Pairs of tracks of two sets.

    Raises
    ------
    TracksError
        If their times cannot be compared.
    """
    axes = on_one_axis(a, b)
    points = match_points(a, b, axes)
    pairs = candidate_pairs(*points, criteria.separation)
    apart = separations(*points, pairs)
    separation = apart.mean if criteria.statistic == "mean" else apart.minimum
    accepted = np.flatnonzero((apart.overlap >= criteria.overlap) & (separation <= criteria.separation))
    kept = accepted[chosen(pairs[accepted], separation[accepted], criteria.pairing)]
    found = Apart(
        n_common=apart.n_common[kept], mean=apart.mean[kept], minimum=apart.minimum[kept], overlap=apart.overlap[kept]
    )
    return Matched(pairs=pairs[kept], apart=found, axes=axes, points=points)


def chosen(pairs: I64, separation: F64, pairing: Pairing) -> I64:
    """Which pairs stay if each track has one partner: indices, by the first track.

    Parameters
    ----------
    pairs : int64, shape (n, 2)
    separation : float64, shape (n,)
    pairing : {"closest", "in_order"}
        See `MatchCriteria`.
    """
    first, second = pairs[:, 0], pairs[:, 1]
    keys = (second, first, separation) if pairing == "closest" else (second, separation, first)
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    kept = []
    for k in np.lexsort(keys).tolist():
        i, j = int(first[k]), int(second[k])
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            kept.append(k)
    found = np.array(kept, np.int64)
    order: I64 = found[np.argsort(first[found], kind="stable")]
    return order
