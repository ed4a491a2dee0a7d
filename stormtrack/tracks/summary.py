"""Summary of a set of tracks: how many, how long, the strongest point, where and when they begin and end.

References
----------
Not part of the original. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..arrays import I64
from ..calendar import hours, time_of
from ..model.steps import dated, steps
from ..model.tracks import TrackSet


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSummary:
    """One track point.

    Attributes
    ----------
    track_id : int
    frame : int
        Frame number, or time YYYYMMDDHH.
    lon, lat, value : float
    """

    track_id: int
    frame: int
    lon: float
    lat: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSummary:
    """Summary of a track set.

    Attributes
    ----------
    tracks, emptied : int
        Tracks with points, and emptied ones.
    points : int
    with_times : bool
        Frames are times YYYYMMDDHH.
    first_frame, last_frame : int
        Over all points; 0 without points.
    mean_points, longest_points : float, int
        Length in points, missing frames not counted.
    mean_frames, longest_frames : float, int
        Length in frames from first to last point, missing frames counted, both ends included.
    longest_id : int
        Id of the longest track in frames (the first of several).
    strongest, weakest : PointSummary, optional
        Points with the largest and smallest value (the first of several).
    genesis_at_start, lysis_at_end : int
        Tracks that begin in the first frame of the set, or end in its last one: probably cut by the data.
    genesis, lysis : int
        Tracks that begin later, or end earlier.
    missing_frames : int
        Sum of the missing frames within tracks.
    """

    tracks: int = 0
    emptied: int = 0
    points: int = 0
    with_times: bool = False
    first_frame: int = 0
    last_frame: int = 0
    mean_points: float = 0.0
    longest_points: int = 0
    mean_frames: float = 0.0
    longest_frames: int = 0
    longest_id: int = 0
    strongest: PointSummary | None = None
    weakest: PointSummary | None = None
    genesis_at_start: int = 0
    lysis_at_end: int = 0
    genesis: int = 0
    lysis: int = 0
    missing_frames: int = 0


def _point(tracks: TrackSet, index: int) -> PointSummary:
    return PointSummary(
        track_id=int(tracks.track_id[np.searchsorted(tracks.start, index, "right") - 1]),
        frame=int(steps(tracks)[index]),
        lon=float(tracks.lon[index]),
        lat=float(tracks.lat[index]),
        value=float(tracks.intensity[index]),
    )


def _life(tracks: TrackSet, first: I64, last: I64) -> I64:
    """Frames from the first to the last point, missing ones counted.

    Missing frames are not part of the frame numbers, so they add to their difference.
    """
    total = np.concatenate(([0], np.cumsum(tracks.missing_after, dtype=np.int64)))
    return last - first + 1 + total[last] - total[first]


def summarise(tracks: TrackSet) -> TrackSummary:
    """Summary of `tracks`; emptied tracks count as such only."""
    filled = tracks.without_empty()
    emptied = tracks.n_tracks - filled.n_tracks
    if filled.n_tracks == 0:
        return TrackSummary(emptied=emptied)
    first, last = filled.start[:-1], filled.start[1:] - 1
    frames = _life(filled, first, last)
    step = steps(filled)
    begin, end = int(step.min()), int(step.max())
    at_start = int(np.count_nonzero(step[first] == begin))
    at_end = int(np.count_nonzero(step[last] == end))
    known = bool(np.isfinite(filled.intensity).any())
    longest = int(np.argmax(frames))
    inner = filled.missing_after.sum() - filled.missing_after[last].sum()
    return TrackSummary(
        tracks=filled.n_tracks,
        emptied=emptied,
        points=filled.n_points,
        with_times=bool(dated(filled).any()),
        first_frame=begin,
        last_frame=end,
        mean_points=filled.n_points / filled.n_tracks,
        longest_points=int(filled.lengths.max()),
        mean_frames=float(frames.mean()),
        longest_frames=int(frames[longest]),
        longest_id=int(filled.track_id[longest]),
        strongest=_point(filled, int(np.nanargmax(filled.intensity))) if known else None,
        weakest=_point(filled, int(np.nanargmin(filled.intensity))) if known else None,
        genesis_at_start=at_start,
        lysis_at_end=at_end,
        genesis=filled.n_tracks - at_start,
        lysis=filled.n_tracks - at_end,
        missing_frames=int(inner),
    )


Clock = Callable[[int], str]
"""Text of a frame number or time."""


def date(time: int) -> str:
    """A time YYYYMMDDHH as it is read."""
    return f"{time // 1_000_000:04d}-{time // 10_000 % 100:02d}-{time // 100 % 100:02d} {time % 100:02d} h"


def clock(start: int, step: int) -> Clock:
    """Frames shown as dates.

    Parameters
    ----------
    start : int
        Time YYYYMMDDHH of frame 1.
    step : int
        Hours between frames.

    Raises
    ------
    UserInputError
        If `start` is no time.
    """
    first = hours(start)
    return lambda frame: f"{date(time_of(first + (frame - 1) * step))} (frame {frame})"


def _shown(point: PointSummary | None, show: Clock) -> str:
    if point is None:
        return "none"
    return f"{point.value:g} at {point.lon:.2f} {point.lat:.2f}, {show(point.frame)}, track {point.track_id}"


def as_text(summary: TrackSummary, title: str, frames: Clock | None = None) -> str:
    """A few lines of plain text; `frames` turns frame numbers into dates, where tracks carry no times."""
    if summary.tracks == 0:
        return f"{title}\n  no tracks\n"
    show: Clock = date if summary.with_times else frames or (lambda frame: f"frame {frame}")
    word = "time" if summary.with_times else "frame"
    span = f"frames {summary.first_frame} to {summary.last_frame}"
    if summary.with_times or frames is not None:
        span = f"{show(summary.first_frame)} to {show(summary.last_frame)}"
    lines = [
        title,
        f"  tracks            {summary.tracks}" + (f" (and {summary.emptied} emptied)" if summary.emptied else ""),
        f"  points            {summary.points}, {span}",
        f"  length            mean {summary.mean_frames:.2f} frames, longest {summary.longest_frames} frames "
        f"(track {summary.longest_id})",
        f"  points per track  mean {summary.mean_points:.2f}, most {summary.longest_points}",
        f"  largest value     {_shown(summary.strongest, show)}",
        f"  smallest value    {_shown(summary.weakest, show)}",
        f"  begin             {summary.genesis} after the first {word}, {summary.genesis_at_start} in it",
        f"  end               {summary.lysis} before the last {word}, {summary.lysis_at_end} in it",
    ]
    if summary.missing_frames:
        lines.append(f"  missing frames    {summary.missing_frames} within tracks")
    return "\n".join(lines) + "\n"
