"""Points of storms, and those of every hour between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from ..model.dates import date_parts
from ..sphere import shorter_way

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


def hourly(points: StormPoints) -> StormPoints:
    """The points, and every full hour after each until the next of its track.

    Latitude and amplitude are linear in time, longitude too, the shorter way round.
    """
    if len(points.lon) < 2:
        return points
    length = np.where(np.diff(points.track) == 0, np.diff(points.seconds), 0)
    number = np.append(np.maximum(-(-length // _HOUR), 1), 1)
    owner = np.repeat(np.arange(len(number)), number)
    hour = np.arange(len(owner)) - (np.cumsum(number) - number)[owner]
    part = np.where(hour > 0, hour * _HOUR / np.append(np.maximum(length, 1), 1)[owner], 0.0)

    def between(change: F64) -> F64:
        found: F64 = part * np.append(change, 0.0)[owner]
        return found

    return StormPoints(
        lon=points.lon[owner] + between(shorter_way(points.lon[:-1], points.lon[1:])),
        lat=points.lat[owner] + between(np.diff(points.lat)),
        amplitude=points.amplitude[owner] + between(np.diff(points.amplitude)),
        seconds=points.seconds[owner] + hour * _HOUR,
        track=points.track[owner],
    )


def month_numbers(seconds: I64, calendar: str) -> I64:
    """Number of the month of each time: 12 x year + month - 1."""
    parts = date_parts(seconds, calendar)
    return 12 * parts.year + parts.month - 1
