"""Points of storms, and their path between the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I32, I64, Mask
from ..model.dates import DAY
from ..sphere import arc, between, shorter_way
from .cap_kernels import Arcs, Places

_HOUR = 3600


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
    track : int32, shape (n,)
        Ascending.
    """

    lon: F64
    lat: F64
    amplitude: F64
    seconds: I64
    track: I32

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

    def begins(self, which: I64) -> Mask:
        """Which of some points (indices) are the first of their track."""
        found: Mask = (which == 0) | (self.track[which - 1] != self.track[which])
        return found

    def ends(self, which: I64) -> Mask:
        """Which of some points (indices) are the last of their track."""
        n = len(self)
        found: Mask = (which == n - 1) | (self.track[(which + 1) % n] != self.track[which])
        return found


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

    def take(self, which: I64 | Mask | slice) -> Pieces:
        """Some of them."""
        return Pieces(self.point[which], self.following[which], self.begin[which], self.end[which])


def whole_ways(points: StormPoints, which: I64) -> Pieces:
    """The ways from some points (indices) to the next of their track."""
    following = np.minimum(which + 1, len(points) - 1)
    following = np.where(points.track[following] == points.track[which], following, which)
    return Pieces(which, following, points.seconds[which], points.seconds[following])


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Pieces with what happens along them.

    Attributes
    ----------
    points : StormPoints
    pieces : Pieces
    amplitude : float64, shape (n_pieces, 2)
        At the points at both ends.
    """

    points: StormPoints
    pieces: Pieces
    amplitude: F64


def hourly(ways: Ways, *, great_circle: bool) -> tuple[Places, F64]:
    """Places of the pieces at the points and every full hour after each, and their amplitudes: float64, shape (n,).

    Amplitude, and latitude and longitude (the shorter way round) are linear in time, or the place goes along the great
    circle. Segments are the tracks.
    """
    points, pieces, i, following = ways.points, ways.pieces, ways.pieces.point, ways.pieces.following
    origin = points.seconds[i]
    first = -(-(pieces.begin - origin) // _HOUR)
    number = np.where(pieces.end > pieces.begin, -(-(pieces.end - origin) // _HOUR), 1) - first
    owner = np.repeat(np.arange(len(i)), number)
    hour = np.arange(len(owner)) - (np.cumsum(number) - number - first)[owner]
    length = np.maximum(points.seconds[following] - origin, 1)
    part = np.where(hour > 0, hour * _HOUR / length[owner], 0.0)
    lon, lat = points.lon[i][owner], points.lat[i][owner]
    far = (points.lon[following], points.lat[following])
    if great_circle:
        there = between(lon, lat, far[0][owner], far[1][owner], part)
        moved = (hour > 0) & ((far[0][owner] != lon) | (far[1][owner] != lat))
        lon, lat = np.where(moved, there[0], lon), np.where(moved, there[1], lat)
    else:
        lon = lon + part * shorter_way(points.lon[i], far[0])[owner]
        lat = lat + part * (far[1] - points.lat[i])[owner]
    amplitude = ways.amplitude[:, 0][owner] + part * (ways.amplitude[:, 1] - ways.amplitude[:, 0])[owner]
    return Places(starts_of(points.track[i][owner]), lon, lat), amplitude


def arcs(ways: Ways) -> Arcs:
    """The pieces as arcs of great circles, along which the amplitude is linear; segments are the tracks.

    Between antipodes there is no one way: only the points count.
    """
    points, pieces, i, following = ways.points, ways.pieces, ways.pieces.point, ways.pieces.following
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
    first, change = ways.amplitude[:, :1], ways.amplitude[:, 1:] - ways.amplitude[:, :1]
    parts[1] = np.where((angle == 0.0) & ((a * b).sum(axis=1) < 0.0), parts[0], parts[1])
    return Arcs(
        start=starts_of(points.track[i]),
        middle_lon=middle[0],
        middle_lat=middle[1],
        ends=np.concatenate((a, toward), axis=1),
        length=angle,
        amplitude=first + change * np.stack(parts, axis=1),
    )


def _vectors(lon: F64, lat: F64) -> F64:
    turn, theta = np.radians(lon), np.radians(lat)
    return np.stack((np.cos(theta) * np.cos(turn), np.cos(theta) * np.sin(turn), np.sin(theta)), axis=1)


def starts_of(track: I32) -> I64:
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
    start = starts_of(points.track)
    days = (points.seconds[start[1:] - 1] - points.seconds[start[:-1]]) / DAY
    return np.repeat(days, np.diff(start))
