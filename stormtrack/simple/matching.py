"""Which points of two frames belong together: each other's nearest ones, again and again.

Every free point of the second frame whose nearest free point of the first is nearer than the limit, and which is that
one's nearest free point, is paired with it; this is repeated until nothing is paired. Of several at one distance the
first counts as nearest. Preferences by distance and number leave exactly one pairing without two points that would both
rather have each other, so that the order in which pairs are made does not matter: here each point asks the points of
the first frame, from the nearest on, and these keep the best that asked. Only as much of a point's list is made as it
asks for.

References
----------
Specification 07, sections 1 and 1.1; Gale and Shapley (1962, Amer. Math. Monthly 69, 9). Parity: == with the plain
matrix of distances in ``tests/naive/simple.py``. A k-d tree proposes neighbours by their chords; what decides is always
the great-circle distance of each pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F64, I64, Mask
from ..errors import MissingPackageError
from ..settings.simple import NearestSettings
from .distance import arc_of, chord_of, great_circle, unit_vectors

_FEW = 4
"""Neighbours that are looked up first."""
_SLACK = 1.0e-7
"""Radians by which arcs of chords may differ from great-circle distances, with much to spare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Points of a frame.

    Attributes
    ----------
    lon, lat : float64, shape (n,)
        Degrees.
    """

    lon: F64
    lat: F64

    def __len__(self) -> int:
        return len(self.lon)


def match(before: Points, after: Points, settings: NearestSettings) -> I64:
    """The point of the frame before that each point belongs to.

    Parameters
    ----------
    before, after : Points
        In the order that decides between equal distances.
    settings : NearestSettings

    Returns
    -------
    int64, shape (n_after,)
        -1: none.

    Raises
    ------
    MissingPackageError
        If SciPy is not installed.
    """
    held, held_at = np.full(len(before), -1), np.full(len(before), np.inf)
    found = np.full(len(after), -1)
    if not len(before) or not len(after):
        return found
    lists = _Lists(before, after, settings)
    asking = np.arange(len(after))
    while len(asking := lists.that_go_on(asking)):
        asked, distance = lists.next_of(asking)
        best = _best_of_each(asked, distance, asking)
        better = _is_better(distance[best], asking[best], held_at[asked[best]], held[asked[best]])
        best = best[better]
        left = held[asked[best]]
        held[asked[best]], held_at[asked[best]] = asking[best], distance[best]
        asking = np.concatenate([np.delete(asking, best), left[left >= 0]])
    taken = np.flatnonzero(held >= 0)
    found[held[taken]] = taken
    return found


def _best_of_each(asked: I64, distance: F64, asking: I64) -> I64:
    """Of those that ask the same point, the nearest, and of equally near ones the first: positions in `asking`."""
    order = np.lexsort((asking, distance, asked))
    new: Mask = np.ones(len(order), np.bool_)
    new[1:] = np.diff(asked[order]) != 0
    best: I64 = order[new]
    return best


def _is_better(distance: F64, number: I64, other_distance: F64, other_number: I64) -> Mask:
    better: Mask = (distance < other_distance) | ((distance == other_distance) & (number < other_number))
    return better


class _Lists:
    """For each point, those of the frame before within the limit, from the nearest on, as far as they were needed.

    Parameters
    ----------
    before, after : Points
    settings : NearestSettings
    """

    def __init__(self, before: Points, after: Points, settings: NearestSettings) -> None:
        self._before, self._after, self._settings = before, after, settings
        self._tree = _tree_of(unit_vectors(before.lon, before.lat))
        self._vectors = unit_vectors(after.lon, after.lat)
        self._neighbour, self._distance = np.zeros(0, np.int64), np.zeros(0)
        self._begin, self._end, self._asked = (np.zeros(len(after), np.int64) for _ in range(3))
        self._complete = np.zeros(len(after), np.bool_)
        self._width = min(_FEW, len(before))
        self._look_up(np.arange(len(after)))

    def that_go_on(self, points: I64) -> I64:
        """Those of the points that have someone left to ask; lists that were too short are made longer."""
        while len(short := points[~self._has_next(points) & ~self._complete[points]]):
            self._width = min(2 * self._width, len(self._before))
            self._look_up(short)
        return points[self._has_next(points)]

    def next_of(self, points: I64) -> tuple[I64, F64]:
        """Whom each point asks next, and how far that one is (km)."""
        at = self._begin[points] + self._asked[points]
        self._asked[points] += 1
        return self._neighbour[at], self._distance[at]

    def _has_next(self, points: I64) -> Mask:
        found: Mask = self._begin[points] + self._asked[points] < self._end[points]
        return found

    def _look_up(self, points: I64) -> None:
        """Make the lists of some points, of `_width` neighbours at most, behind those that there are."""
        limit, radius = self._settings.distance_km, self._settings.earth_radius_km
        chord, neighbour = self._tree.query(
            self._vectors[points],
            k=np.arange(1, self._width + 1),
            distance_upper_bound=chord_of(limit / radius + _SLACK),
        )
        there = np.isfinite(chord)
        neighbour = np.where(there, neighbour, 0)
        own, other = (self._after.lon[points], self._after.lat[points]), (self._before.lon, self._before.lat)
        arc = great_circle(own[0][:, None], own[1][:, None], other[0][neighbour], other[1][neighbour])
        whole = ~there[:, -1] | (self._width == len(self._before))
        certain = np.where(whole, np.inf, arc_of(chord[:, -1]) - _SLACK)
        distance = np.where(there & (arc < certain[:, None]), radius * arc, np.inf)
        order = np.lexsort((neighbour, distance), axis=-1)
        distance, neighbour = np.take_along_axis(distance, order, 1), np.take_along_axis(neighbour, order, 1)
        kept = distance < limit  # strict: the limit itself is too far
        self._complete[points] = whole
        self._begin[points] = len(self._distance) + np.cumsum(kept.sum(axis=1)) - kept.sum(axis=1)
        self._end[points] = self._begin[points] + kept.sum(axis=1)
        self._neighbour = np.concatenate([self._neighbour, neighbour[kept]])
        self._distance = np.concatenate([self._distance, distance[kept]])


def _tree_of(vectors: F64) -> Any:
    try:
        from scipy.spatial import cKDTree
    except ImportError as problem:
        raise MissingPackageError(
            "linking nearest neighbours needs the package 'scipy', which is not installed: "
            "pip install 'stormtrack[simple]'"
        ) from problem
    return cKDTree(vectors)
