"""How far pairs of tracks are apart over their common times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..sphere import arc
from .points import MatchPoints

_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """Separations of pairs of tracks.

    Attributes
    ----------
    n_common : int64, shape (n,)
        Number of common times.
    mean, minimum : float64, shape (n,)
        Degrees; NaN without a common time.
    overlap : float64, shape (n,)
        Twice the number of common times over the sum of the numbers of points.
    """

    n_common: I64
    mean: F64
    minimum: F64
    overlap: F64


def separations(a: MatchPoints, b: MatchPoints, pairs: I64) -> Apart:
    """Separations of pairs (int64, shape (n, 2)) over all their common times."""
    n = len(pairs)
    count, total, least = np.zeros(n, np.int64), np.zeros(n), np.full(n, np.inf)
    for pair, i, j in common_points(a, b, pairs):
        angle = np.degrees(arc(a.lon[i], a.lat[i], b.lon[j], b.lat[j]))
        count += np.bincount(pair, minlength=n)
        total += np.bincount(pair, angle, minlength=n)
        np.minimum.at(least, pair, angle)
    known = count > 0
    points = a.count[pairs[:, 0]] + b.count[pairs[:, 1]]
    return Apart(
        n_common=count,
        mean=np.divide(total, count, out=np.full(n, np.nan), where=known),
        minimum=np.where(known, least, np.nan),
        overlap=np.divide(2.0 * count, points, out=np.zeros(n), where=points > 0),
    )


def common_points(a: MatchPoints, b: MatchPoints, pairs: I64) -> Iterator[tuple[I64, I64, I64]]:
    """Number of the pair, place of a point in `a` and in `b` for each common time, block by block."""
    times = np.unique(np.concatenate([a.time, b.time]))
    width = len(times) + 1
    keys = b.owner * width + np.searchsorted(times, b.time)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    rank = np.searchsorted(times, a.time)
    start = np.cumsum(a.count) - a.count
    lengths = a.count[pairs[:, 0]]
    ends = np.cumsum(lengths)
    first = 0
    while first < len(pairs):
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + _BLOCK, "right")), first + 1)
        pair = np.repeat(np.arange(first, last), lengths[first:last])
        i = start[pairs[pair, 0]] + np.arange(len(pair)) - (ends - lengths)[pair] + done
        wanted = pairs[pair, 1] * width + rank[i]
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        there = keys[place] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
        yield pair[there], i[there], order[place[there]]
        first = last
