"""Points of storms, their path between the points, and the periods of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from ..model.dates import DAY
from ..model.periods import period_numbers
from ..sphere import arc, between, shorter_way
from .cap_kernels import Arcs, Places

_HOUR = 3600
_SHORT = 28 * DAY
"""No month is shorter: what begins and ends in the same one within this time has not left it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPoints:
    """Points of tracks, track after track, in the order of time.

    Attributes
    ----------
    lon, lat : float64, shape (n,)
        Degrees.
    amplitude : float64, shape (n,)
        Not negative.
    seconds : int64, shape (n,)
        Since 1970-01-01 of the calendar.
    track : int64, shape (n,)
        Ascending.
    """

    lon: F64
    lat: F64
    amplitude: F64
    seconds: I64
    track: I64

    def take(self, which: I64 | Mask | slice) -> StormPoints:
        """Some of the points."""
        return StormPoints(
            lon=self.lon[which],
            lat=self.lat[which],
            amplitude=self.amplitude[which],
            seconds=self.seconds[which],
            track=self.track[which],
        )

    def __len__(self) -> int:
        """Number of points."""
        return len(self.lon)

    @property
    def is_first(self) -> Mask:
        """Which points are the first of their track."""
        return np.concatenate(([True], np.diff(self.track) != 0))[: len(self)]

    @property
    def is_last(self) -> Mask:
        """Which points are the last of their track."""
        return np.concatenate((np.diff(self.track) != 0, [True]))[-len(self) or 1 :]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches of time on the way from a point to the next, each in one period; and the last points, which take none.

    Attributes
    ----------
    point, following : int64, shape (n,)
        The point, and the next of its track; of a last point the same.
    begin, end : int64, shape (n,)
        Seconds; the end does not belong to it, unless it is the beginning too.
    """

    point: I64
    following: I64
    begin: I64
    end: I64

    def take(self, which: I64 | slice) -> Pieces:
        """Some of them."""
        return Pieces(self.point[which], self.following[which], self.begin[which], self.end[which])


def labels_of_points(points: StormPoints, by: str, calendar: str, rule: str) -> I64:
    """Number of the period in which each point counts."""
    numbers = period_numbers(points.seconds, by, calendar)
    if rule == "both" or not len(points):
        return numbers
    begin = np.flatnonzero(points.is_first)
    of = np.cumsum(points.is_first) - 1
    if rule == "peak":
        most = np.maximum.reduceat(points.amplitude, begin)
        here = np.flatnonzero(points.amplitude == most[of])
        begin = here[np.concatenate(([True], np.diff(of[here]) != 0))]
    found: I64 = numbers[begin][of]
    return found


def pieces_of(points: StormPoints, labels: I64, by: str, calendar: str, rule: str) -> tuple[Pieces, I64]:
    """The ways between points, cut where a period ends, and the number of the period of each piece."""
    last = points.is_last
    point = np.arange(len(points))
    following = np.where(last, point, point + 1)
    pieces = Pieces(point, following, points.seconds, points.seconds[following])
    if by == "all" or rule != "both":
        return pieces, labels
    whole = (labels[following] == labels) & (pieces.end - pieces.begin < _SHORT)
    split = np.flatnonzero(~whole)
    if not len(split):
        return pieces, labels
    cut, numbers = _cut(pieces.take(split), by, calendar)
    parts = [pieces.take(np.flatnonzero(whole)), cut]
    order = np.argsort(np.concatenate([part.point for part in parts]), kind="stable")
    joined = Pieces(*(np.concatenate([getattr(p, name) for p in parts]) for name in Pieces.__dataclass_fields__))
    return joined.take(order), np.concatenate((labels[whole], numbers))[order]


def _cut(pieces: Pieces, by: str, calendar: str) -> tuple[Pieces, I64]:
    """Pieces cut at the midnights at which a period ends."""
    days = -(-pieces.end // DAY) - pieces.begin // DAY  # that they touch
    owner = np.repeat(np.arange(len(days)), days)
    first = np.cumsum(days) - days
    midnight = ((pieces.begin // DAY - first)[owner] + np.arange(len(owner))) * DAY
    begin = np.maximum(midnight, pieces.begin[owner])
    numbers = period_numbers(begin, by, calendar)
    new = np.concatenate(([True], (np.diff(numbers) != 0) | (np.diff(owner) != 0)))
    here = np.flatnonzero(new)
    following = np.append(here[1:], len(owner))
    end = np.append(begin, 0)[following]
    of = owner[here]
    over = np.append(owner, -1)[following] != of
    end = np.where(over, pieces.end[of], end)
    return Pieces(pieces.point[of], pieces.following[of], begin[here], end), numbers[here]


def hourly(points: StormPoints, pieces: Pieces, *, great_circle: bool) -> tuple[Places, F64]:
    """Places of the pieces at the points and every full hour after each, and their amplitudes: float64, shape (n,).

    Amplitude, and latitude and longitude (the shorter way round) are linear in time, or the place goes along the great
    circle. Segments are the tracks.
    """
    i, following = pieces.point, pieces.following
    origin = points.seconds[i]
    first = -(-(pieces.begin - origin) // _HOUR)
    number = np.where(pieces.end > pieces.begin, -(-(pieces.end - origin) // _HOUR), 1) - first
    owner = np.repeat(np.arange(len(i)), number)
    hour = np.arange(len(owner)) - (np.cumsum(number) - number - first)[owner]
    length = np.maximum(points.seconds[following] - origin, 1)
    part = np.where(hour > 0, hour * _HOUR / length[owner], 0.0)
    lon, lat, amplitude = (values[i][owner] for values in (points.lon, points.lat, points.amplitude))
    far = (points.lon[following], points.lat[following])
    if great_circle:
        there = between(lon, lat, far[0][owner], far[1][owner], part)
        moved = (hour > 0) & ((far[0][owner] != lon) | (far[1][owner] != lat))
        lon, lat = np.where(moved, there[0], lon), np.where(moved, there[1], lat)
    else:
        lon = lon + part * shorter_way(points.lon[i], far[0])[owner]
        lat = lat + part * (far[1] - points.lat[i])[owner]
    amplitude = amplitude + part * (points.amplitude[following] - points.amplitude[i])[owner]
    return Places(starts_of(points.track[i][owner]), lon, lat), amplitude


def arcs(points: StormPoints, pieces: Pieces) -> Arcs:
    """The pieces as arcs of great circles, along which the amplitude is linear; segments are the tracks.

    Between antipodes there is no one way: only the points count.
    """
    i, following = pieces.point, pieces.following
    length = np.maximum(points.seconds[following] - points.seconds[i], 1)
    parts = [(seconds - points.seconds[i]) / length for seconds in (pieces.begin, pieces.end)]
    here, there = ((points.lon[k], points.lat[k]) for k in (i, following))
    lon1, lat1, lon2, lat2 = (*between(*here, *there, parts[0]), *between(*here, *there, parts[1]))
    a, b = _vectors(lon1, lat1), _vectors(lon2, lat2)
    across = np.linalg.norm(np.cross(a, b), axis=1)
    angle = np.where(across < 1.0e-12, 0.0, np.arctan2(across, (a * b).sum(axis=1)))
    toward = b - (a * b).sum(axis=1)[:, None] * a
    size = np.linalg.norm(toward, axis=1)
    toward = np.where((angle > 0.0)[:, None], toward / np.where(size > 0.0, size, 1.0)[:, None], 0.0)
    middle = between(lon1, lat1, lon2, lat2, np.where(angle > 0.0, 0.5, 0.0))
    change = points.amplitude[following] - points.amplitude[i]
    parts[1] = np.where((angle == 0.0) & ((a * b).sum(axis=1) < 0.0), parts[0], parts[1])
    return Arcs(
        start=starts_of(points.track[i]),
        middle_lon=middle[0],
        middle_lat=middle[1],
        ends=np.concatenate((a, toward), axis=1),
        length=angle,
        amplitude=points.amplitude[i][:, None] + change[:, None] * np.stack(parts, axis=1),
    )


def _vectors(lon: F64, lat: F64) -> F64:
    turn, theta = np.radians(lon), np.radians(lat)
    return np.stack((np.cos(theta) * np.cos(turn), np.cos(theta) * np.sin(turn), np.sin(theta)), axis=1)


def starts_of(track: I64) -> I64:
    """Offsets of the tracks in their numbers, which ascend: int64, shape (n_tracks + 1,)."""
    ends = np.flatnonzero(np.diff(track)) + 1
    return np.concatenate(([0], ends, [len(track)] if len(track) else [])).astype(np.int64)


def speeds(points: StormPoints, earth_radius: float) -> F64:
    """Length of the steps that reach and leave each point over their time, m/s: float64, (n,); NaN of a lone point."""
    inner = np.diff(points.track) == 0
    length = np.where(inner, arc(points.lon[:-1], points.lat[:-1], points.lon[1:], points.lat[1:]), 0.0)
    time = np.where(inner, np.diff(points.seconds), 0)
    both = [np.concatenate(([0.0], a))[: len(points)] + np.append(a, 0.0)[: len(points)] for a in (length, time)]
    found: F64 = np.divide(both[0], both[1], out=np.full(len(points), np.nan), where=both[1] > 0)
    return 1000.0 * earth_radius * found


def lifetimes(points: StormPoints) -> F64:
    """Days from the first to the last point of the track of each point: float64, shape (n,)."""
    begin, end = np.flatnonzero(points.is_first), np.flatnonzero(points.is_last)
    days = (points.seconds[end] - points.seconds[begin]) / DAY
    return np.repeat(days, end - begin + 1)
