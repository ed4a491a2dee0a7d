"""Distances along tracks, and the velocity at which storms move.

Parity: not applicable (float64 great circles; TRACK's own phase speeds are in its statistics).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..arrays import F64, I64, Mask
from ..errors import TracksError
from ..model.tracks import TrackSet
from ..sphere import EARTH_RADIUS_KM, arc, bearing

Centring = Literal["central", "forward", "backward"]
CENTRINGS = ("central", "forward", "backward")


def links(data: TrackSet) -> Mask:
    """Which pairs of neighbouring points (k, k + 1) belong to one track: bool, shape (n_points - 1,)."""
    inner = np.ones(max(data.n_points - 1, 0), np.bool_)
    ends = data.start[1:-1]
    inner[ends[(ends > 0) & (ends < data.n_points)] - 1] = False
    return inner


def step_lengths(data: TrackSet) -> F64:
    """Distance from each point to the next in km; 0 between tracks: float64, shape (n_points - 1,)."""
    lon, lat = data.lon, data.lat
    lengths: F64 = np.where(links(data), EARTH_RADIUS_KM * arc(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    return lengths


def distance_along(data: TrackSet) -> F64:
    """Length of the track up to each point, km: float64, shape (n_points,)."""
    total = np.concatenate([[0.0], np.cumsum(step_lengths(data))])[: data.n_points]
    filled = data.lengths > 0
    before = np.repeat(total[data.start[:-1][filled]], data.lengths[filled])
    along: F64 = total - before
    return along


def distance_from_genesis(data: TrackSet) -> F64:
    """Great-circle distance of each point from the first of its track, km: float64, shape (n_points,)."""
    first = np.repeat(data.start[:-1], data.lengths)
    return EARTH_RADIUS_KM * arc(data.lon[first], data.lat[first], data.lon, data.lat)


def path_lengths(data: TrackSet) -> F64:
    """Length of each track, km: float64, shape (n_tracks,)."""
    return _of_last(data, distance_along(data))


def displacements(data: TrackSet) -> F64:
    """Great-circle distance from the first to the last point of each track, km: float64, shape (n_tracks,)."""
    return _of_last(data, distance_from_genesis(data))


def _of_last(data: TrackSet, values: F64) -> F64:
    filled = data.lengths > 0
    out = np.zeros(data.n_tracks)
    out[filled] = values[data.start[1:][filled] - 1]
    return out


def velocity(data: TrackSet, seconds: I64, centring: Centring) -> tuple[F64, F64]:
    """Eastward and northward velocity of each point along its track.

    Parameters
    ----------
    data : TrackSet
    seconds : int64, shape (n_points,)
        Times.
    centring : {"central", "forward", "backward"}
        From the point before to the one behind (at the ends of a track what there is); to the next point; from the
        point before.

    Returns
    -------
    (float64, float64), shape (n_points,)
        m/s; NaN where there is no such point, or two points have the same time.

    Notes
    -----
    A step is a great circle; its length has the direction in which it leaves, or reaches, the point. The central
    velocity is the sum of the steps that reach and leave the point, over their time.
    """
    if centring not in CENTRINGS:
        raise TracksError(f"centring='{centring}': allowed are {', '.join(CENTRINGS)}")
    inner = links(data)
    leaving, reaching = _steps(data)
    took = np.where(inner, np.diff(seconds), 0).astype(np.float64)
    east, north, time = np.zeros(data.n_points), np.zeros(data.n_points), np.zeros(data.n_points)
    if centring != "backward":
        for total, part in ((east, leaving[0]), (north, leaving[1]), (time, took)):
            total[:-1] += part
    if centring != "forward":
        for total, part in ((east, reaching[0]), (north, reaching[1]), (time, took)):
            total[1:] += part
    time[time <= 0] = np.nan
    return east / time, north / time


def _steps(data: TrackSet) -> tuple[tuple[F64, F64], tuple[F64, F64]]:
    """Eastward and northward metres of each step, where it leaves a point and where it reaches the next."""
    here, there = (data.lon[:-1], data.lat[:-1]), (data.lon[1:], data.lat[1:])
    metres = 1000.0 * step_lengths(data)
    out, back = bearing(*here, *there), bearing(*there, *here)
    return (metres * np.sin(out), metres * np.cos(out)), (-metres * np.sin(back), -metres * np.cos(back))


def speed(data: TrackSet, seconds: I64, centring: Centring) -> F64:
    """Speed of each point along its track, m/s: float64, shape (n_points,)."""
    return np.hypot(*velocity(data, seconds, centring))


def direction(data: TrackSet, seconds: I64, centring: Centring) -> F64:
    """Where each point moves to: degrees clockwise from north, 0 to 360; NaN where it does not move."""
    east, north = velocity(data, seconds, centring)
    angle = np.degrees(np.arctan2(east, north)) % 360.0
    return np.where((east == 0.0) & (north == 0.0), np.nan, angle)
