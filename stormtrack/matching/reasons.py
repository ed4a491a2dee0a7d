"""Why nothing matches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import I64
from ..model.dates import date_parts
from .candidates import candidate_pairs
from .criteria import MatchCriteria
from .match import Matched
from .points import MatchPoints
from .separation import separations

_WIDER = 2.0
_MOST_POINTS = 200_000
"""Sets are thinned to so many points before a near miss is looked for beyond the limit."""


def reason(found: Matched, criteria: MatchCriteria) -> str:
    """A sentence that says why no tracks match."""
    a, b = found.points
    if not len(a.time) or not len(b.time):
        which = "first" if not len(a.time) else "second"
        return f"the {which} set has no points"
    if not np.isin(a.time, b.time).any():
        return _no_common_time(found)
    if a.lat.min() >= 0 > b.lat.max() or b.lat.min() >= 0 > a.lat.max():
        one, other = ("northern", "southern") if a.lat.min() >= 0 else ("southern", "northern")
        return f"the first set lies in the {one} hemisphere, the second one in the {other}"
    return _nearest_miss(a, b, criteria)


def _no_common_time(found: Matched) -> str:
    a, b = found.points
    spans = [(_shown(int(p.time.min()), found), _shown(int(p.time.max()), found)) for p in (a, b)]
    text = f"the first set goes from {spans[0][0]} to {spans[0][1]}, the second one from {spans[1][0]} to {spans[1][1]}"
    if a.time.max() < b.time.min() or b.time.max() < a.time.min():
        return f"they have no common time: {text}"
    return f"they have no common time, though their periods overlap (other times of day): {text}"


def _shown(time: int, found: Matched) -> str:
    if found.axes.calendar is None:
        return f"frame {time}"
    parts = date_parts(np.array([time]), found.axes.calendar)
    year, month, day, second = (int(v[0]) for v in (parts.year, parts.month, parts.day, parts.second))
    return f"{year:04d}-{month:02d}-{day:02d} {second // 3600:02d}:{second // 60 % 60:02d}"


def _nearest_miss(a: MatchPoints, b: MatchPoints, criteria: MatchCriteria) -> str:
    limit = criteria.separation
    pairs = candidate_pairs(a, b, limit)
    if len(pairs):
        return _of_candidates(a, b, pairs, criteria)
    thin_a, thin_b = _thinned(a), _thinned(b)
    while not len(pairs) and limit < 180.0:
        limit = min(max(_WIDER * limit, 1.0), 180.0)
        pairs = candidate_pairs(thin_a, thin_b, limit)
    if not len(pairs):
        return "no tracks come near one another at a common time"
    apart = separations(a, b, pairs)
    k = int(np.argmin(apart.minimum))
    i, j = (int(v) + 1 for v in pairs[k])
    return (
        f"no two tracks come within {criteria.separation:g} degrees of one another at a common time; the nearest, "
        f"track {i} of the first set and track {j} of the second (counted from 1), stay {apart.minimum[k]:.2f} degrees "
        "apart"
    )


def _of_candidates(a: MatchPoints, b: MatchPoints, pairs: I64, criteria: MatchCriteria) -> str:
    """Tracks come near: either they overlap too little, or they are too far apart on the whole."""
    apart = separations(a, b, pairs)
    separation = apart.mean if criteria.statistic == "mean" else apart.minimum
    near = separation <= criteria.separation
    k = int(np.argmax(np.where(near, apart.overlap, -1.0))) if near.any() else int(np.argmin(separation))
    i, j = (int(v) + 1 for v in pairs[k])
    who = f"the nearest miss, track {i} of the first set and track {j} of the second (counted from 1)"
    if near.any():
        return (
            f"tracks come near but have too few common times: {who}, overlaps by {apart.overlap[k]:.2f} "
            f"({int(apart.n_common[k])} common times) with {separation[k]:.2f} degrees between them; "
            f"{criteria.overlap:g} is asked for"
        )
    return (
        f"tracks come near but do not stay so: {who}, is {separation[k]:.2f} degrees apart ({criteria.statistic} over "
        f"{int(apart.n_common[k])} common times); {criteria.separation:g} is allowed"
    )


def _thinned(points: MatchPoints) -> MatchPoints:
    every = -(-len(points.time) // _MOST_POINTS)
    if every <= 1:
        return points
    times = np.unique(points.time)[::every]
    kept = np.isin(points.time, times)
    names = ("index", "owner", "time", "lon", "lat")
    return replace(points, **{name: getattr(points, name)[kept] for name in names})
