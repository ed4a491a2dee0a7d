"""``censemble2``: which tracks of two files are the same storms.

References
----------
Specification 06, section 3.6. Parity: bytes of the files; the summary on standard output is not written.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import I64, Mask
from ..errors import NotSupportedError, UserInputError
from ..kernels.sphere import RAD, measure_trig
from ..model.steps import dated, steps
from ..model.tracks import TrackSet
from .box import inside
from .call import Call

MEAN, MAXIMUM, MINIMUM = 0, 1, 2
NO_REGION, ANY_POINT, EXTREMUM, MOST_POINTS, INNER_EXTREMUM = -1, 0, 1, 2, 3
REGION = "region.dat"
LEAST_IN_TIME = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where and when tracks count."""

    west: float
    east: float
    south: float
    north: float
    first: int
    last: int
    kind: int


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
    """

    strength: int
    nearest: bool
    distance: float
    overlap: float
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The point of a track that is reported, and its strength."""

    point: int
    time: int
    lon: np.float32
    lat: np.float32
    strength: np.float32


class _Tracks:
    """Tracks of one file as matching needs them."""

    def __init__(self, tracks: TrackSet, settings: Matching) -> None:
        self.tracks, self._settings = tracks.without_empty(), settings
        self.times = steps(self.tracks)
        self.dated = bool(dated(self.tracks)[:1].any())

    def own(self, k: int) -> slice:
        return slice(int(self.tracks.start[k]), int(self.tracks.start[k + 1]))

    def reported(self, k: int) -> Reported:
        own, kind = self.own(k), self._settings.strength
        z = self.tracks.intensity[own]
        place = 0 if kind == MEAN else int(np.argmax(z) if kind == MAXIMUM else np.argmin(z))
        strength = z[place]
        if kind == MEAN:
            strength = np.add.accumulate(z)[-1] / np.float32(len(z))
        at = own.start + place
        return Reported(place, int(self.times[at]), self.tracks.lon[at], self.tracks.lat[at], np.float32(strength))

    def passes(self, k: int) -> bool:
        region = self._settings.region
        if region is None:
            return True
        own = self.own(k)
        in_time = (self.times[own] >= region.first) & (self.times[own] <= region.last)
        if np.float32(in_time.sum()) / np.float32(len(in_time)) < LEAST_IN_TIME:
            return False
        box = (region.south, region.north, region.west, region.east)
        within = inside(self.tracks.lon[own], self.tracks.lat[own], box)
        if region.kind == ANY_POINT:
            return bool(within.any())
        return bool(within[self.reported(k).point])


def separation(one: _Tracks, i: int, two: _Tracks, j: int, *, nearest: bool) -> tuple[np.float32, int] | None:
    """Separation in degrees (float32) and number of common points; None without any.

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
    if not len(points[0]):
        return None
    arcs = [_arc(one.tracks, p, two.tracks, q) for p, q in zip(*points, strict=True)]
    total = np.array(arcs, np.float32)
    value = total.min() if nearest else np.add.accumulate(total)[-1] / np.float32(len(total))
    return np.float32(float(value) / RAD), len(arcs)


def _arc(one: TrackSet, p: int, two: TrackSet, q: int) -> np.float32:
    return np.float32(measure_trig(one.lon[p], one.lat[p], two.lon[q], two.lat[q]))


def match(one: _Tracks, two: _Tracks, settings: Matching) -> tuple[list[tuple[int, int]], Mask, Mask]:
    """Pairs of tracks in order, and which tracks of either set pass the tests; greedy, as TRACK does it."""
    passing = [np.array([t.passes(k) for k in range(t.tracks.n_tracks)], np.bool_) for t in (one, two)]
    free = passing[1].copy()
    limits = np.float32(settings.distance), np.float32(settings.overlap)
    ends = [[(t.times[t.own(k)][0], t.times[t.own(k)][-1]) for k in range(t.tracks.n_tracks)] for t in (one, two)]
    firsts, lasts = (np.array([end[k] for end in ends[1]], np.int64) for k in (0, 1))
    pairs = []
    for i in np.flatnonzero(passing[0]).tolist():
        best: tuple[np.float32, int] | None = None
        candidates = free & (firsts <= ends[0][i][1]) & (lasts >= ends[0][i][0])
        for j in np.flatnonzero(candidates).tolist():
            found = separation(one, i, two, j, nearest=settings.nearest)
            if found is None:
                continue
            n = int(one.tracks.lengths[i] + two.tracks.lengths[j])
            enough = np.float32(2.0 * found[1] / float(np.float32(n))) >= limits[1]
            if enough and found[0] <= limits[0] and (best is None or found[0] < best[0]):
                best = found[0], j
        if best is not None:
            pairs.append((i, best[1]))
            free[best[1]] = False
    return pairs, passing[0], passing[1]


def _picked(tracks: TrackSet, chosen: list[int] | I64) -> TrackSet:
    return tracks.of_tracks(np.asarray(chosen, np.int64))


def _strengths(one: _Tracks, two: _Tracks, pairs: list[tuple[int, int]]) -> str:
    lines = []
    for i, j in pairs:
        a, b = one.reported(i), two.reported(j)
        times = [f"{r.time:10d}" if t.dated else f"{r.time}" for r, t in ((a, one), (b, two))]
        place = " ".join(f"{v:f}" for r in (a, b) for v in (r.lon, r.lat, r.strength))
        own, other = one.own(i), two.own(j)
        gaps = [int(t.tracks.missing_after[o].sum()) for t, o in ((one, own), (two, other))]
        n = f"{own.stop - own.start} {other.stop - other.start}"
        lines.append(f"{i} {j} {a.point} {b.point} {times[0]} {times[1]} {place} {n} {gaps[0]} {gaps[1]}\n")
    return "".join(lines)


def _differences(one: _Tracks, two: _Tracks, pairs: list[tuple[int, int]]) -> str:
    lines = []
    for i, j in pairs:
        a, b = one.own(i), two.own(j)
        first, last = max(one.times[a][0], two.times[b][0]), min(one.times[a][-1], two.times[b][-1])
        points = [
            o.start + np.flatnonzero((t.times[o] >= first) & (t.times[o] <= last)) for t, o in ((one, a), (two, b))
        ]
        for p, q in zip(*points, strict=True):
            difference = np.float32(two.tracks.intensity[q] - one.tracks.intensity[p])
            place = (one.tracks.lon[p], one.tracks.lat[p], two.tracks.lon[q], two.tracks.lat[q])
            time = int(one.times[p]) if one.dated else 0
            lines.append(f"{difference:e} {' '.join(f'{v:f}' for v in place)} {time}\n")
    return "".join(lines)


def _region(call: Call, kind: int) -> Region | None:
    """The region of `region.dat`, without which there is none."""
    path = call.path(REGION)
    if kind == NO_REGION or not path.exists():
        return None
    if kind not in (ANY_POINT, EXTREMUM):
        raise NotSupportedError(f"censemble2 REG {kind}: only -1, 0 and 1 are proven")
    try:
        numbers = [float(word) for word in path.read_text().split()[:6]]
        west, east, south, north, first, last = numbers
    except ValueError:
        raise UserInputError(f"{path}: 'lon1 lon2 / lat1 lat2 / t1 t2' on three lines are needed") from None
    return Region(west=west, east=east, south=south, north=north, first=int(first), last=int(last), kind=kind)


def run(call: Call) -> None:
    """``censemble2 F1 F2 T1 T2 NBIN STR SEP DIST ADD1 ADD2 TYPE REG [REORDER] [DTHR TTHR]``."""
    call.check_count(12, 13, 15)
    for index in (5, 6, 8, 9):
        if ":" in call.text(index):
            raise NotSupportedError(f"censemble2: '{call.text(index)}': options after a colon are not available")
    if call.integer(8) or call.integer(9):
        raise NotSupportedError("censemble2: added fields as intensity are not available; give 0 for ADD1 and ADD2")
    thresholds = (call.real(13), call.real(14)) if len(call.arguments) > 13 else (2.0, 0.6)
    settings = Matching(
        strength=call.integer(5, MEAN, MAXIMUM, MINIMUM),
        nearest=call.integer(6, 0, 1) == 1,
        distance=thresholds[0],
        overlap=thresholds[1],
        region=_region(call, call.integer(11)),
    )
    one, two = (_Tracks(call.tracks(call.text(k)), settings) for k in (0, 1))
    pairs, _, passing = match(one, two, settings)
    reorder = len(call.arguments) > 12 and call.integer(12, 0, 1) == 1
    yes = [[pair[side] for pair in pairs] for side in (0, 1)]
    every = [np.arange(t.tracks.n_tracks) for t in (one, two)]
    others = [every[0][~np.isin(every[0], yes[0])], every[1][~np.isin(every[1], yes[1]) & passing]]
    for side, tracks in enumerate((one.tracks, two.tracks)):
        chosen = yes[side] if reorder else sorted(yes[side])
        call.write_tracks(f"match_ens{side + 1}_yes.dat", _picked(tracks, chosen))
        call.write_tracks(f"match_ens{side + 1}_no.dat", _picked(tracks, others[side]))
    call.write("str.dat", _strengths(one, two, pairs))
    call.write("diff.dat", _differences(one, two, pairs))
