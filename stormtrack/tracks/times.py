"""Times of track points (YYYYMMDDHH) and their conversion to frame numbers.

References
----------
Specification 01, section 11.5.3; 04, section 12 (new_time, time2fr_id). Parity: read from the text, not run against
the original.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import I64, Mask
from ..calendar import hours
from ..errors import UserInputError
from .model import TrackSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A stretch of frames: first and last time (YYYYMMDDHH) and the frames before it."""

    start: int
    end: int
    offset: int


def _period_of(first: int, last: int, periods: Sequence[Period]) -> Period | None:
    """The first period that holds a track entirely, else the last one that it overlaps."""
    for period in periods:
        if period.start <= first and last <= period.end:
            return period
    overlapping = [p for p in periods if first <= p.end and last >= p.start]
    return overlapping[-1] if overlapping else None


def _frames(times: I64, missing: I64, period: Period, step: int) -> I64:
    first = 1 + period.offset - (-(hours(int(times[0])) - hours(period.start)) // step)
    return first + np.concatenate(([0], np.cumsum(1 + missing[:-1])))


def to_frames(tracks: TrackSet, periods: Sequence[Period], step: int) -> TrackSet:
    """Turn times into frame numbers.

    Parameters
    ----------
    tracks : TrackSet
        Tracks without a start time stay as they are.
    periods : sequence of Period
        Stretches of frames.
    step : int
        Hours between frames.

    Returns
    -------
    TrackSet
        Points outside the period of their track are cut off; tracks outside all periods are emptied.
    """
    if step < 1:
        raise UserInputError(f"time step {step}: at least 1 hour")
    kept: Mask = np.ones(tracks.n_points, np.bool_)
    frame = tracks.frame.copy()
    for k in np.flatnonzero(tracks.start_time != 0).tolist():
        span = slice(int(tracks.start[k]), int(tracks.start[k + 1]))
        times = tracks.frame[span]
        if not len(times):
            continue
        period = _period_of(int(times[0]), int(times[-1]), periods)
        inside = np.zeros(len(times), np.bool_)
        if period is not None:
            inside = (times >= period.start) & (times <= period.end)
            if inside.any():
                missing = tracks.missing[span][inside].astype(np.int64)
                frame[span][inside] = _frames(times[inside], missing, period, step)
        kept[span] = inside
    counts = np.bincount(tracks.owner[kept], minlength=tracks.n_tracks)
    start = np.concatenate(([0], np.cumsum(counts)))
    converted = dataclasses.replace(tracks, frame=frame, start_time=np.zeros(tracks.n_tracks, np.int64))
    return converted.take(np.flatnonzero(kept), start)
