"""Points of two sets on one axis of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from ..errors import TracksError
from ..model.dates import calendar_named, same_days, seconds_of, usual_step
from ..model.times import Times
from ..model.tracks import TrackSet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchPoints:
    """Points of a set that count.

    Attributes
    ----------
    index : int64, shape (n,)
        Of the points in their set; tracks one after the other.
    owner : int64, shape (n,)
        Track of each.
    time : int64, shape (n,)
        Seconds, or frames.
    lon, lat : float64, shape (n,)
    count : int64, shape (n_tracks,)
        Number of these points in each track.
    """

    index: I64
    owner: I64
    time: I64
    lon: F64
    lat: F64
    count: I64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Axes:
    """Times of two sets on one axis.

    Attributes
    ----------
    a, b : int64
        Times of all points.
    calendar : str or None
        None: the times are frame numbers.
    """

    a: I64
    b: I64
    calendar: str | None


def on_one_axis(a: TrackSet, b: TrackSet) -> Axes:
    """Times of two sets as comparable numbers: seconds of one calendar, or frames if neither has dates.

    Raises
    ------
    TracksError
        If only one has dates, some points have none, or the calendars differ.
    """
    for name, one in (("first", a), ("second", b)):
        if not one.projection.is_geographic:
            raise TracksError(f"the {name} set has positions on a projection, not longitudes and latitudes")
    if a.time is None and b.time is None:
        return Axes(a=a.frame, b=b.frame, calendar=None)
    if a.time is None or b.time is None:
        which = "first" if a.time is None else "second"
        raise TracksError(
            f"the {which} set has frame numbers only, the other one dates: give it dates first "
            "(tracks.with_dates('2000-01-01 00', step='6h'); --start, --step)"
        )
    if not (a.time.known.all() and b.time.known.all()):
        raise TracksError(
            "some points have no date; select those that have: tracks.select(~np.isnat(tracks.time), cut=True)"
        )
    return Axes(a=seconds_of(a.time), b=seconds_of(b.time), calendar=_one_calendar(a.time, b.time))


def _one_calendar(a: Times, b: Times) -> str:
    names = [calendar_named(one.calendar) for one in (a, b)]
    if not same_days(names[0], names[1], np.concatenate([seconds_of(a), seconds_of(b)])):
        raise TracksError(
            f"the calendars differ ('{names[0]}' and '{names[1]}'): no date of one is a date of the other. If one "
            "is stated wrongly, read it with the right one (calendar=...); tracks of model years can only be "
            "compared as statistics"
        )
    return names[0]


def match_points(a: TrackSet, b: TrackSet, axes: Axes) -> tuple[MatchPoints, MatchPoints]:
    """The points of both sets that count.

    If the usual steps differ (3-hourly and 6-hourly), only points at times of day of the coarser set count in the finer
    one, so that a track that has more points is not held against a storm.
    """
    steps = [usual_step(times, data.start) for times, data in ((axes.a, a), (axes.b, b))]
    kept: list[Mask] = [np.ones(len(times), np.bool_) for times in (axes.a, axes.b)]
    if all(steps) and steps[0] != steps[1]:
        coarse, fine = (0, 1) if steps[0] > steps[1] else (1, 0)
        times = (axes.a, axes.b)
        phases = np.unique(times[coarse] % steps[coarse])
        kept[fine] = np.isin(times[fine] % steps[coarse], phases)
    return _points(a, axes.a, kept[0]), _points(b, axes.b, kept[1])


def _points(data: TrackSet, times: I64, kept: Mask) -> MatchPoints:
    index = np.flatnonzero(kept)
    owner = data.owner[index]
    return MatchPoints(
        index=index,
        owner=owner,
        time=times[index],
        lon=data.lon[index].astype(np.float64),
        lat=data.lat[index].astype(np.float64),
        count=np.bincount(owner, minlength=data.n_tracks),
    )
