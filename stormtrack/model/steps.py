"""The one number that TRACK's files have for the time of a point: a frame number, or digits of a date.

References
----------
Specification 01, section 11.5.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import I64, Mask
from .times import DATE_CODE, NO_TIME, Times
from .tracks import TrackSet


def dated(tracks: TrackSet) -> Mask:
    """Which tracks are written with dates: those whose time of start is known, as digits of a date."""
    if tracks.start_time is None or tracks.start_time.units != DATE_CODE:
        return np.zeros(tracks.n_tracks, np.bool_)
    return tracks.start_time.known


def steps(tracks: TrackSet) -> I64:
    """What stands before each point: the date YYYYMMDDHH in tracks with dates, else the frame number."""
    by_date = dated(tracks)
    if tracks.time is None or not by_date.any():
        return tracks.frame
    return np.where(by_date[tracks.owner], tracks.time.values, tracks.frame)


def with_steps(tracks: TrackSet, numbers: I64, start_codes: I64) -> TrackSet:
    """The tracks with frame numbers or dates as a file has them.

    Parameters
    ----------
    tracks : TrackSet
    numbers : int64, shape (n_points,)
        What stands before each point.
    start_codes : int64, shape (n_tracks,)
        Dates of the starts; 0: the points of the track have frame numbers.
    """
    by_date = start_codes != 0
    if not by_date.any():
        return replace(tracks, frame=numbers, time=None, start_time=None)
    of_points = by_date[tracks.owner]
    return replace(
        tracks,
        frame=np.where(of_points, 0, numbers),
        time=Times(values=np.where(of_points, numbers, NO_TIME)),
        start_time=Times(values=np.where(by_date, start_codes, NO_TIME)),
    )


def frames_counted(tracks: TrackSet) -> I64:
    """Number of the frame of each point if missing frames are counted too, from 1: int64, shape (n_points,).

    TRACK numbers the frames that are there and says after a point how many are missing; they are known where a track
    goes over the gap.
    """
    if not tracks.n_points or not tracks.missing_after.any():
        return tracks.frame
    frames, place = np.unique(tracks.frame, return_inverse=True)
    gaps = np.zeros(len(frames), np.int64)
    np.maximum.at(gaps, place, tracks.missing_after)
    return tracks.frame + (np.cumsum(gaps) - gaps)[place]
