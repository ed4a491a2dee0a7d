"""Lines on the sphere as short segments that are cut at the borders of a map, so that none runs across it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from .projections import Projection, Window

_STEP = 2.5
"""Degrees of a segment at most."""
_TURN = 5.0
"""Degrees of longitude of a segment at most, but near the poles."""
_MOST_PIECES = 72
_ACROSS = 90.0


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Segments from one point to another.

    Attributes
    ----------
    lon, lat : float64, shape (n, 2)
        Degrees; longitudes go on over the date line.
    along : float64, shape (n, 2)
        Where the ends stand: number of the point of the line, with a fraction.
    """

    lon: F64
    lat: F64
    along: F64

    def take(self, which: Mask | I64) -> Segments:
        """Some of them."""
        return Segments(self.lon[which], self.lat[which], self.along[which])

    def between(self, first: F64, last: F64) -> Segments:
        """Parts of them, from one fraction to another (shape (n,))."""
        part = np.stack([first, last], axis=1)

        def at(ends: F64) -> F64:
            found: F64 = ends[:, :1] + part * (ends[:, 1:] - ends[:, :1])
            return found

        return Segments(at(self.lon), at(self.lat), at(self.along))


def segments_of(lon: F64, lat: F64, start: I64) -> Segments:
    """Great circles between the points of lines, in short segments.

    Parameters
    ----------
    lon, lat : float64, shape (n_points,)
        Degrees.
    start : int64, shape (n_lines + 1,)
        Offsets of the lines.
    """
    first = np.setdiff1d(np.arange(len(lon)), start[1:] - 1)
    last = first + 1
    one, two = (_vectors(lon[k], lat[k]) for k in (first, last))
    angle = np.arctan2(np.linalg.norm(np.cross(one, two), axis=1), (one * two).sum(1))
    turn = np.abs(_shorter(lon[last] - lon[first]))
    pieces = np.clip(np.ceil(np.maximum(np.degrees(angle) / _STEP, turn / _TURN)), 1, _MOST_PIECES).astype(np.int64)
    of = np.repeat(np.arange(len(first)), pieces)
    number = np.arange(len(of)) - (np.cumsum(pieces) - pieces)[of]
    part = np.stack([number, number + 1], axis=1) / pieces[of][:, None]
    x, y = _on_great_circle(one[of], two[of], angle[of], part)
    x[part == 0.0], y[part == 0.0] = lon[first][of[number == 0]], lat[first][of[number == 0]]
    ends = part[:, 1] == 1.0
    x[ends, 1], y[ends, 1] = lon[last][of[ends]], lat[last][of[ends]]
    x[:, 1] = x[:, 0] + _shorter(x[:, 1] - x[:, 0])
    return Segments(x, y, first[of][:, None] + part)


def on_map(segments: Segments, projection: Projection) -> Segments:
    """What of the segments lies on the map, with longitudes within its window, in the order of the lines."""
    window = projection.window
    if not projection.has_seam:
        return _inside(segments, window, round_the_globe=True)
    plain = segments.take(np.abs(np.diff(segments.lon, axis=1))[:, 0] < _ACROSS)
    begin = window.west + (plain.lon[:, :1] - window.west) % 360.0
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        moved = Segments(begin + turn + plain.lon - plain.lon[:, :1], plain.lat, plain.along)
        parts.append(_inside(moved, window, round_the_globe=False))
    found = Segments(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("lon", "lat", "along")))
    return found.take(np.argsort(found.along[:, 0], kind="stable"))


def _inside(segments: Segments, window: Window, *, round_the_globe: bool) -> Segments:
    """Segments cut to a window (Liang and Barsky)."""
    low, high = np.zeros(len(segments.lon)), np.ones(len(segments.lon))
    limits = [(segments.lat, window.south, window.north)]
    if not round_the_globe:
        limits.append((segments.lon, window.west, window.east))
    for ends, least, most in limits:
        step = ends[:, 1] - ends[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            enter, leave = (least - ends[:, 0]) / step, (most - ends[:, 0]) / step
        still = step == 0.0
        out = still & ((ends[:, 0] < least) | (ends[:, 0] > most))
        low = np.where(still, low, np.maximum(low, np.minimum(enter, leave)))
        high = np.where(out, -1.0, np.where(still, high, np.minimum(high, np.maximum(enter, leave))))
    kept = low < high
    return segments.take(kept).between(low[kept], high[kept])


def points_on_map(lon: F64, lat: F64, projection: Projection) -> tuple[F64, F64, Mask]:
    """Positions on the plane of those points that the map shows, and which these are."""
    window = projection.window
    moved = window.west + (np.asarray(lon, np.float64) - window.west) % 360.0
    shown = (lat >= window.south) & (lat <= window.north) & (moved <= window.east)
    x, y = projection.xy(moved[shown], np.asarray(lat, np.float64)[shown])
    return x, y, shown


def _shorter(turn: F64) -> F64:
    """A difference of longitudes the shorter way, -180 to 180."""
    return (turn + 180.0) % 360.0 - 180.0


def _vectors(lon: F64, lat: F64) -> F64:
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)


def _on_great_circle(one: F64, two: F64, angle: F64, part: F64) -> tuple[F64, F64]:
    """Longitudes and latitudes (n, 2) at parts (n, 2) of the ways from `one` to `two`."""
    sine = np.sin(angle)[:, None]
    near = sine < 1.0e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(near, 1.0 - part, np.sin((1.0 - part) * angle[:, None]) / sine)
        others = np.where(near, part, np.sin(part * angle[:, None]) / sine)
    v = weights[:, :, None] * one[:, None, :] + others[:, :, None] * two[:, None, :]
    x, y, z = v[..., 0], v[..., 1], v[..., 2]
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
