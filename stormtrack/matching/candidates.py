"""Pairs of tracks that may match: those that come near one another at one common time at least.

If the mean (or the smallest) separation of two tracks is within a limit, so is their separation at one common time. So
no other pair need be looked at. Points of a time are sorted by latitude, and each is compared with those in a band: the
work grows with the number of points and of neighbours, not with the number of pairs of tracks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import F64, I64
from ..sphere import arc
from .points import MatchPoints

_BLOCK = 2_000_000
"""Pairs of points that are looked at together."""
_SLACK = 1.0e-6
"""Degrees by which the search goes beyond the limit, so that rounding loses no pair."""
_TIME_APART = 1000.0


def candidate_pairs(a: MatchPoints, b: MatchPoints, limit: float) -> I64:
    """Pairs of tracks with points within `limit` degrees at a common time: int64, shape (n, 2), ascending."""
    n_tracks = len(b.count)
    found = [np.zeros(0, np.int64)]
    for i, j in _neighbours(a, b, limit + _SLACK):
        near = np.degrees(arc(a.lon[i], a.lat[i], b.lon[j], b.lat[j])) <= limit + _SLACK
        found.append(np.unique(a.owner[i[near]] * n_tracks + b.owner[j[near]]))
    keys = np.unique(np.concatenate(found))
    return np.stack(np.divmod(keys, max(n_tracks, 1)), axis=1)


def _neighbours(a: MatchPoints, b: MatchPoints, reach: float) -> Iterator[tuple[I64, I64]]:
    """Pairs of points at the same time in a band of latitudes, block by block."""
    times = np.intersect1d(a.time, b.time)
    in_a, in_b = (np.flatnonzero(np.isin(one.time, times)) for one in (a, b))
    keys_a, keys_b = (_keys(one, points, times) for one, points in ((a, in_a), (b, in_b)))
    order = np.argsort(keys_b, kind="stable")
    in_b, keys_b = in_b[order], keys_b[order]
    low = np.searchsorted(keys_b, keys_a - reach, "left")
    count = np.searchsorted(keys_b, keys_a + reach, "right") - low
    ends = np.cumsum(count)
    first = 0
    while first < len(in_a):
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + _BLOCK, "right")), first + 1)
        block = slice(first, last)
        total = int(ends[last - 1]) - done
        before = np.repeat(ends[block] - count[block] - done, count[block])
        j = np.repeat(low[block], count[block]) + np.arange(total) - before
        yield np.repeat(in_a[block], count[block]), in_b[j]
        first = last


def _keys(one: MatchPoints, points: I64, times: I64) -> F64:
    """Number that sorts points by time, then by latitude; those of two times are farther apart than any band."""
    return np.searchsorted(times, one.time[points]) * _TIME_APART + one.lat[points]
