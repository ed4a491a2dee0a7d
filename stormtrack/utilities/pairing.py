"""Which tracks of two sets are the same storms, as ``censemble2`` finds them.

References
----------
Specification 06, section 3.6. Parity: bits of separations and strengths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..errors import UserInputError
from ..kernels.sphere import RAD, measure_trig
from ..model.steps import dated, steps
from ..model.tracks import TrackSet
from ..model.variables import added_fields
from .maxext import VALID, values_of
from .region import Region

MEAN, MAXIMUM, MINIMUM = 0, 1, 2
ANY_POINT, EXTREMUM, MOST_POINTS, INNER_EXTREMUM = 0, 1, 2, 3
LEAST_IN_TIME, LEAST_INSIDE = 0.5, 0.6
"""Parts of the points that have to be in the time of a region, and (region 2) in its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How tracks are matched.

    Attributes
    ----------
    strength : {0, 1, 2}
        Mean, maximum or minimum of the intensity.
    nearest : bool
        Separations are the smallest of the common points, not their mean.
    distance : float
        Largest separation, degrees.
    overlap : float
        Smallest part of common points.
    region : Region, optional
    region_kind : {0, 1, 2, 3}
        Any point in the region; the extremum; the extremum and six tenths of the points; any, and the extremum is that
        of the points inside.
    first_points : int, optional
        Only so many points of the common time are compared, and each of them has to be near enough.
    """

    strength: int
    nearest: bool
    distance: float
    overlap: float
    region: Region | None = None
    region_kind: int = ANY_POINT
    first_points: int | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The point of a track that is reported, and its strength."""

    point: int
    time: int
    lon: np.float32
    lat: np.float32
    strength: np.float32


class Side:
    """Tracks of one file as matching needs them.

    Parameters
    ----------
    tracks : TrackSet
    settings : Matching
    field : int
        Added field that stands for the intensity; 0: that of the tracks.
    placed : bool
        Its position stands for that of the points.
    """

    def __init__(self, tracks: TrackSet, settings: Matching, field: int = 0, placed: bool = False) -> None:
        self.tracks, self._settings = tracks.without_empty(), settings
        self.values = values_of(self.tracks, field)
        self.lon, self.lat = _places(self.tracks, field) if placed else (self.tracks.lon, self.tracks.lat)
        self.times = steps(self.tracks)
        self.dated = bool(dated(self.tracks)[:1].any())
        region = settings.region
        everywhere = np.ones(self.tracks.n_points, np.bool_)
        self._within = everywhere if region is None else region.holds(self.lon, self.lat)
        self._in_time = everywhere if region is None else region.in_time(self.tracks)

    def own(self, k: int) -> slice:
        """Points of a track."""
        return slice(int(self.tracks.start[k]), int(self.tracks.start[k + 1]))

    def reported(self, k: int) -> Reported:
        """The point of a track that is reported: its extremum, or (for means) the first."""
        own, kind = self.own(k), self._settings.strength
        z, allowed = self.values[own], np.arange(own.stop - own.start)
        if self._settings.region_kind == INNER_EXTREMUM and self._within[own].any():
            allowed = allowed[self._within[own]]
        place = 0 if kind == MEAN else int(allowed[np.argmax(z[allowed]) if kind == MAXIMUM else np.argmin(z[allowed])])
        strength = z[place]
        if kind == MEAN:
            strength = np.add.accumulate(z)[-1] / np.float32(len(z))
        at = own.start + place
        return Reported(place, int(self.times[at]), self.lon[at], self.lat[at], np.float32(strength))

    def passing(self) -> Mask:
        """Which tracks fulfil what is asked of region and time: bool, shape (n_tracks,)."""
        return np.array([self._passes(k) for k in range(self.tracks.n_tracks)], np.bool_)

    def _passes(self, k: int) -> bool:
        if self._settings.region is None:
            return True
        own = self.own(k)
        in_time, within = self._in_time[own], self._within[own]
        if np.float32(in_time.sum()) / np.float32(len(in_time)) < LEAST_IN_TIME:
            return False
        if self._settings.region_kind in (ANY_POINT, INNER_EXTREMUM):
            return bool(within.any())
        if self._settings.region_kind == MOST_POINTS and within.sum() < LEAST_INSIDE * len(within):
            return False
        return bool(within[self.reported(k).point])


def _places(tracks: TrackSet, field: int) -> tuple[F32, F32]:
    chosen = added_fields(tracks.variables)[field - 1] if field else None
    if chosen is None or chosen.lon is None or chosen.lat is None:
        raise UserInputError(f"censemble2: field {field} has no position; give LOC 0, or a field that has one")
    if not ((chosen.lon < VALID) & (chosen.lat < VALID)).all():
        raise UserInputError(f"censemble2: field {field} has no position at some points; give LOC 0, or leave them out")
    return chosen.lon, chosen.lat


@dataclass(frozen=True, slots=True)
class Common:
    """The points of two tracks in their common time, as indices: int64, both of shape (n,)."""

    one: I64
    two: I64


def common_points(one: Side, i: int, two: Side, j: int) -> Common | None:
    """The common points of two tracks; None without any.

    Raises
    ------
    UserInputError
        If the tracks have different numbers of points in the common time.
    """
    a, b = one.own(i), two.own(j)
    first, last = max(one.times[a][0], two.times[b][0]), min(one.times[a][-1], two.times[b][-1])
    if first > last:
        return None
    points = [
        own.start + np.flatnonzero((t.times[own] >= first) & (t.times[own] <= last)) for t, own in ((one, a), (two, b))
    ]
    if len(points[0]) != len(points[1]):
        raise UserInputError(
            f"tracks {i + 1} and {j + 1} have {len(points[0])} and {len(points[1])} points from {first} to {last}: "
            "frames are missing. Fill them, or give only tracks without gaps"
        )
    return Common(points[0], points[1]) if len(points[0]) else None


def separations(one: Side, two: Side, common: Common) -> F32:
    """Distance of each pair of common points: float32 radians, shape (n,)."""
    pairs = zip(common.one, common.two, strict=True)
    arcs = [np.float32(measure_trig(one.lon[p], one.lat[p], two.lon[q], two.lat[q])) for p, q in pairs]
    return np.array(arcs, np.float32)


def degrees(radians: np.float32) -> np.float32:
    """Degrees (float32) of an angle in radians (float32)."""
    return np.float32(float(radians) / RAD)


def separation(arcs: F32, settings: Matching) -> np.float32 | None:
    """Separation of two tracks in degrees (float32), of those of their points; None: too far apart."""
    if settings.first_points is not None:
        arcs = arcs[: settings.first_points]
        if degrees(arcs.max()) > np.float32(settings.distance):
            return None
    value = degrees(arcs.min() if settings.nearest else np.add.accumulate(arcs)[-1] / np.float32(len(arcs)))
    return value if value <= np.float32(settings.distance) else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matched:
    """What matches.

    Attributes
    ----------
    pairs : list of (int, int)
        Tracks of the first and the second set, in the order of the first.
    separation : float32, shape (n,)
        Of each pair, degrees.
    part : float32, shape (n,)
        Part of common points of each pair.
    several : int
        Tracks of the first set with more than one that fulfils both limits.
    passing : (bool, bool), shape (n_tracks,)
        Which tracks of either set fulfil what is asked of the region.
    """

    pairs: list[tuple[int, int]]
    separation: F32
    part: F32
    several: int
    passing: tuple[Mask, Mask]


def match(one: Side, two: Side, settings: Matching) -> Matched:
    """Match two sets: greedy, in the order of the first, as TRACK does it."""
    passing = one.passing(), two.passing()
    free = passing[1].copy()
    found: list[tuple[int, int, np.float32, np.float32]] = []
    several = 0
    nearby = Nearby(two, settings.distance)
    for i in np.flatnonzero(passing[0]).tolist():
        candidates = nearby.candidates(one, i, free)
        near = [(j, *limits) for j in candidates.tolist() if (limits := _limits(one, i, two, j, settings))]
        several += len(near) > 1
        if near:
            j, apart, part = min(near, key=lambda one: one[1])
            found.append((i, j, apart, part))
            free[j] = False
    return Matched(
        pairs=[(i, j) for i, j, _, _ in found],
        separation=np.array([apart for _, _, apart, _ in found], np.float32),
        part=np.array([part for _, _, _, part in found], np.float32),
        several=several,
        passing=passing,
    )


class Nearby:
    """Finds the tracks of a set that may be near enough to another track, so that few are compared point by point.

    Parameters
    ----------
    side : Side
    distance : float
        Largest separation, degrees: a track no point of which is so near cannot match.
    """

    def __init__(self, side: Side, distance: float) -> None:
        self._side, self._cosine = side, np.cos(np.radians(min(distance + _MARGIN, 180.0)))
        start, times = side.tracks.start, side.times
        inner = np.diff(side.tracks.owner) == 0
        self._in_order = bool((np.diff(times)[inner] > 0).all())
        self._firsts, self._lasts = times[start[:-1]], times[start[1:] - 1]
        self._order = np.argsort(times, kind="stable")
        self._sorted, self._owner = times[self._order], side.tracks.owner[self._order]
        self._vectors = _vectors(side.lon[self._order], side.lat[self._order])

    def candidates(self, one: Side, i: int, free: Mask) -> I64:
        """Tracks that are free, overlap in time, and have a near point, or other times than the track (then it is for
        the comparison to say what is wrong)."""
        own = one.own(i)
        times = one.times[own]
        overlapping = free & (self._firsts <= times[-1]) & (self._lasts >= times[0])
        if not (self._in_order and (np.diff(times) > 0).all()):
            return np.flatnonzero(overlapping)
        window = slice(*np.searchsorted(self._sorted, times[[0, -1]] + np.array([0, 1])).tolist())
        owner, at = self._owner[window], np.searchsorted(times, self._sorted[window])
        same = times[at] == self._sorted[window]
        dot = (self._vectors[window] * _vectors(one.lon[own], one.lat[own])[at]).sum(axis=1)
        near = np.zeros(len(free), np.bool_)
        near[owner[(dot >= self._cosine) | ~same]] = True
        last, first = (np.searchsorted(times, edge) for edge in (self._lasts + 1, self._firsts))
        near |= np.bincount(owner, minlength=len(free)) != last - first
        return np.flatnonzero(overlapping & near)


_MARGIN = 0.01
"""Degrees beyond the largest separation: more than float32 and the cosine can be wrong by."""


def _vectors(lon: F32, lat: F32) -> F64:
    """Unit vectors: float64, shape (n, 3)."""
    x, y = np.radians(lon.astype(np.float64)), np.radians(lat.astype(np.float64))
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _limits(one: Side, i: int, two: Side, j: int, settings: Matching) -> tuple[np.float32, np.float32] | None:
    """Separation and part of common points of two tracks that fulfil both limits."""
    common = common_points(one, i, two, j)
    if common is None:
        return None
    n = int(one.tracks.lengths[i] + two.tracks.lengths[j])
    part = np.float32(2.0 * len(common.one) / float(np.float32(n)))
    if part < np.float32(settings.overlap):
        return None
    apart = separation(separations(one, two, common), settings)
    return None if apart is None else (apart, part)
