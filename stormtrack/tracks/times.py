"""Times of track points (YYYYMMDDHH) and their conversion to frame numbers.

References
----------
Specification 01, section 11.5.3; 04, section 12 (new_time, time2fr_id). Parity: read from the text, not run against
the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..arrays import I64, Mask
from ..calendar import hours
from ..errors import UserInputError
from ..model.steps import dated, steps
from ..model.tracks import TrackSet, offsets
from ..settings.splice import TimePeriod


def _period_of(first: int, last: int, periods: Sequence[TimePeriod]) -> TimePeriod | None:
    """The first period that holds a track entirely, else the last one that it overlaps."""
    for period in periods:
        if period.start <= first and last <= period.end:
            return period
    overlapping = [p for p in periods if first <= p.end and last >= p.start]
    return overlapping[-1] if overlapping else None


def _frames(times: I64, missing: I64, period: TimePeriod, step: int) -> I64:
    first = 1 + period.offset - (-(hours(int(times[0])) - hours(period.start)) // step)
    return first + np.concatenate(([0], np.cumsum(1 + missing[:-1])))


def to_frames(tracks: TrackSet, periods: Sequence[TimePeriod], step: int) -> TrackSet:
    """Turn dates into frame numbers.

    Parameters
    ----------
    tracks : TrackSet
        Tracks without dates stay as they are.
    periods : sequence of TimePeriod
        Stretches of frames.
    step : int
        Hours between frames.

    Returns
    -------
    TrackSet
        Without times. Points outside the period of their track are cut off; tracks outside all periods are emptied.
    """
    if step < 1:
        raise UserInputError(f"time step {step}: at least 1 hour")
    kept: Mask = np.ones(tracks.n_points, np.bool_)
    frame = steps(tracks).copy()
    for k in np.flatnonzero(dated(tracks)).tolist():
        span = slice(int(tracks.start[k]), int(tracks.start[k + 1]))
        times = frame[span].copy()
        if not len(times):
            continue
        period = _period_of(int(times[0]), int(times[-1]), periods)
        inside = np.zeros(len(times), np.bool_)
        if period is not None:
            inside = (times >= period.start) & (times <= period.end)
            if inside.any():
                missing = tracks.missing_after[span][inside].astype(np.int64)
                frame[span][inside] = _frames(times[inside], missing, period, step)
        kept[span] = inside
    counts = np.bincount(tracks.owner[kept], minlength=tracks.n_tracks)
    converted = replace(tracks, frame=frame, time=None, start_time=None)
    return converted.take(np.flatnonzero(kept), offsets(counts))
