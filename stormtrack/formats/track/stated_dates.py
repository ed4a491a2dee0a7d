"""Dates of tracks whose files have none, or do not say their calendar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...errors import UserInputError
from ...model.dates import calendar_named, seconds_of, times_like
from ...model.steps import dated, frames_counted
from ...model.times import DATE_CODE, Times
from ...model.tracks import TrackSet
from ..date_codes import HOUR


def with_dates(
    tracks: TrackSet, name: str, *, start: int | str | None, step: int | None, calendar: str | None
) -> TrackSet:
    """Tracks with what the user says of their times.

    Parameters
    ----------
    tracks : TrackSet
    name : str
        The file, for messages.
    start : int or str, optional
        Time of frame 1: YYYYMMDDHH, as a number or as text.
    step : int, optional
        Hours between frames; those that are missing within tracks count.
    calendar : str, optional
        CF name; None: not stated, and with `start` the standard one.

    Raises
    ------
    UserInputError
        If these do not fit one another, or not the file.
    """
    if (start is None) != (step is None):
        raise UserInputError("start and step belong together: the time of frame 1, and the hours between frames")
    if start is not None and step is not None:
        if dated(tracks).any():
            raise UserInputError(f"{name} has dates; start and step are for files of frame numbers")
        return replace(tracks, time=_counted(tracks, start, step, calendar_named(calendar)))
    if calendar is None or tracks.time is None or tracks.start_time is None:
        return tracks
    times, begins = (replace(part, calendar=calendar_named(calendar)) for part in (tracks.time, tracks.start_time))
    for part in (times, begins):
        seconds_of(part)
    return replace(tracks, time=times, start_time=begins)


def _counted(tracks: TrackSet, start: int | str, step: int, calendar: str) -> Times:
    digits = str(start).strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) == len(DATE_CODE)):
        raise UserInputError(f"start={start}: allowed is a time of the form {DATE_CODE}, such as 2000010106")
    if step < 1:
        raise UserInputError(f"step={step}: allowed are 1 hour and more")
    first = Times(values=np.array([int(digits)]), calendar=calendar)
    seconds = seconds_of(first)[0] + HOUR * step * (frames_counted(tracks) - 1)
    return times_like(seconds, first)
