"""Which frames of a field points of tracks belong to, by real dates.

Parity: not applicable (TRACK counts frames: `sampling.places.sampling_frames`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from ..errors import FieldError, TracksError
from ..model.dates import calendar_named, date_text, same_days, seconds_of
from ..model.steps import frames_counted
from ..model.times import NO_TIME
from ..model.tracks import TrackSet
from .given_fields import GivenField

TIMES = ("exact", "nearest", "linear", "frame", "constant")
_NEVER = -(1 << 60)
"""For unknown times: earlier than any, and far from the ends of int64."""


@dataclass(frozen=True, slots=True, eq=False)
class FramesOfPoints:
    """Frames between which points lie.

    Attributes
    ----------
    before : int64, shape (n_points,)
        Frame (from 0) at the time of the point or before it; -1 where the field has none.
    part : float64, shape (n_points,)
        How far on the way to the next frame, 0 to below 1.
    """

    before: I64
    part: F64

    @property
    def known(self) -> Mask:
        """Points that have a frame."""
        known: Mask = self.before >= 0
        return known

    def needed(self, points: Mask) -> I64:
        """Frames that some points need, in order."""
        first, between = self.before[points], self.part[points] > 0
        return np.unique(np.concatenate([first, first[between] + 1]))

    def groups(self, points: Mask) -> Iterator[tuple[int, float, I64]]:
        """Frame, part and points, for all points of the same time together, in the order of time."""
        which = np.flatnonzero(points)
        order = which[np.lexsort((which, self.part[which], self.before[which]))]
        new = (np.diff(self.before[order]) != 0) | (np.diff(self.part[order]) != 0)
        for some in np.split(order, np.flatnonzero(new) + 1) if len(order) else ():
            yield int(self.before[some[0]]), float(self.part[some[0]]), some


def frames_of_points(tracks: TrackSet, field: GivenField, time: str) -> FramesOfPoints:
    """The frames of a field that belong to the points of tracks.

    Parameters
    ----------
    tracks : TrackSet
    field : GivenField
    time : {"exact", "nearest", "linear", "frame", "constant"}
        Frames of the same date; the nearest, half a usual step away at most (of two the earlier one); between the
        frames before and after, a usual step apart at most; frame k of the tracks to the k-th one; one frame for all.

    Raises
    ------
    TracksError, FieldError
        If there are no dates, or those of another calendar.
    """
    none = np.zeros(tracks.n_points)
    if field.is_constant or time == "constant":
        if field.n_frames != 1:
            raise FieldError(f"field '{field.name}' has {field.n_frames} frames; time='constant' needs one")
        return FramesOfPoints(np.zeros(tracks.n_points, np.int64), none)
    if time == "frame":
        return FramesOfPoints(_by_number(tracks, field), none)
    points, frames = _seconds(tracks, field), _in_order(field)
    points = np.where(points == NO_TIME, _NEVER, points)
    before = np.searchsorted(frames, points, side="right") - 1
    at = np.maximum(before, 0)
    exact = (before >= 0) & (frames[at] == points)
    found = np.where(exact, before, -1)
    if time == "exact" or len(frames) < 2:
        return FramesOfPoints(found, none)
    usual = int(np.median(np.diff(frames)))
    after = np.minimum(before + 1, len(frames) - 1)
    if time == "nearest":
        nearest = np.where(frames[after] - points < points - frames[at], after, at)
        near = 2 * np.abs(frames[nearest] - points) <= usual
        return FramesOfPoints(np.where(near, nearest, -1), none)
    gap = frames[after] - frames[at]
    between = ~exact & (before >= 0) & (gap > 0) & (gap <= usual)
    part = np.where(between, (points - frames[at]) / np.maximum(gap, 1), 0.0)
    return FramesOfPoints(np.where(between, before, found), part)


def _by_number(tracks: TrackSet, field: GivenField) -> I64:
    if (tracks.frame < 1).any():
        raise TracksError("time='frame': some points have no frame number; match them by their dates (time='exact')")
    number = frames_counted(tracks) - 1
    return np.where(number < field.n_frames, number, -1)


def _seconds(tracks: TrackSet, field: GivenField) -> I64:
    if field.seconds is None:
        raise FieldError(
            f"field '{field.name}' has {field.n_frames} frames without dates; give it dates, or count frames: "
            "time='frame' (--time frame)"
        )
    if tracks.time is None:
        raise TracksError(
            f"the tracks have frame numbers, field '{field.name}' has dates: give the tracks dates "
            "(tracks.with_dates('2000-12-01 00', step='6h'); --start and --step), or count frames: time='frame' "
            "(--time frame)"
        )
    seconds, calendar = seconds_of(tracks.time), calendar_named(tracks.time.calendar)
    if not same_days(calendar, field.calendar, seconds):
        raise TracksError(
            f"the dates of the tracks are of the calendar '{calendar}', those of field '{field.name}' of "
            f"'{field.calendar}'; if one of them is wrong, say which it is (calendar=...), or count frames: "
            "time='frame' (--time frame)"
        )
    return seconds


def _in_order(field: GivenField) -> I64:
    assert field.seconds is not None
    wrong = np.flatnonzero(np.diff(field.seconds) <= 0)
    if len(wrong):
        k = int(wrong[0])
        raise FieldError(
            f"field '{field.name}': the time of frame {k + 2} ({shown(field, k + 1)}) is not later than that of frame "
            f"{k + 1} ({shown(field, k)}); sort the frames, and leave out those that stand twice"
        )
    return field.seconds


def shown(field: GivenField, frame: int) -> str:
    """Date of a frame for people."""
    assert field.seconds is not None
    return date_text(int(field.seconds[frame]), field.calendar)
