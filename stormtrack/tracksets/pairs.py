"""What two matched sets have in common, point by point: separations, differences, mean tracks.

Parity: not applicable (float64; the files of TRACK's censemble2 are written by `stormtrack.utilities`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F64, I64
from ..matching.points import match_points, on_one_axis
from ..matching.separation import common_points
from ..model.strength import defined
from ..model.tracks import TrackSet, offsets
from ..model.variables import Variable
from ..sphere import arc, between


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CommonPoints:
    """Points of matched tracks at common times, pair after pair, in the order of time.

    Attributes
    ----------
    pair : int64, shape (n,)
        Number of the pair.
    one, other : int64, shape (n,)
        Index of the point in either set.
    separation : float64, shape (n,)
        Degrees.
    """

    pair: I64
    one: I64
    other: I64
    separation: F64


def points_in_common(one: TrackSet, other: TrackSet, pairs: I64) -> CommonPoints:
    """All common points of pairs of tracks (int64, shape (n, 2))."""
    a, b = match_points(one, other, on_one_axis(one, other))
    parts = list(common_points(a, b, pairs)) or [(np.zeros(0, np.int64),) * 3]
    pair, i, j = (np.concatenate([part[k] for part in parts]) for k in range(3))
    at, there = a.index[i], b.index[j]
    order = np.lexsort((at, pair))
    pair, at, there = pair[order], at[order], there[order]
    angle = arc(one.lon[at], one.lat[at], other.lon[there], other.lat[there])
    return CommonPoints(pair=pair, one=at, other=there, separation=np.degrees(angle))


def mean_tracks(one: TrackSet, other: TrackSet, pairs: I64) -> TrackSet:
    """The mean of each pair at its common times.

    Positions lie half-way on the great circle; values are means of those that both sets have under one name and in one
    unit, missing where one of them is. Ids, dates, frame numbers and labels are those of the first set.
    """
    common = points_in_common(one, other, pairs)
    at, there = common.one, common.other
    x, y, x2, y2 = (v.astype(np.float64) for v in (one.lon[at], one.lat[at], other.lon[there], other.lat[there]))
    lon, lat = between(x, y, x2, y2, np.full(len(at), 0.5))
    chosen = one.of_tracks(pairs[:, 0])
    moved = (chosen.start[:-1] - one.start[pairs[:, 0]])[common.pair]
    kept = chosen.take(at + moved, offsets(np.bincount(common.pair, minlength=len(pairs))))
    variables = []
    for v in one.variables:
        twin = other.variable(v.name)
        if twin is not None and twin.units == v.units:
            variables.append(_mean(v.take(at), twin.take(there)))
    return replace(
        kept,
        lon=lon.astype(np.float32),
        lat=lat.astype(np.float32),
        variables=tuple(variables),
        start_time=None,
    )


def _mean(one: Variable, other: Variable) -> Variable:
    """Means in float64; positions that both values have, half-way."""
    a, b = (defined(v.values, v.missing_value).astype(np.float64) for v in (one, other))
    values = (0.5 * (a + b)).astype(np.float32)
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return Variable(name=one.name, values=values, units=one.units)
    x, y, x2, y2 = (
        defined(place, v.missing_value).astype(np.float64)
        for v, places in ((one, (one.lon, one.lat)), (other, (other.lon, other.lat)))
        for place in places
    )
    lon, lat = between(x, y, x2, y2, np.full(len(x), 0.5))
    return Variable(
        name=one.name, values=values, units=one.units, lon=lon.astype(np.float32), lat=lat.astype(np.float32)
    )
