"""Summary of a set of tracks: how many, how long, the strongest point, where and when they begin and end.

References
----------
Not part of the original. Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, I64
from ..model.dates import calendar_named, date_parts, seconds_of
from ..model.strength import defined, intensity
from ..model.times import DATE_CODE
from ..model.tracks import TEXT_ID, TrackSet
from ..model.variables import INTENSITY


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSummary:
    """One track point.

    Attributes
    ----------
    track : str
        Id of its track.
    moment : int
        See `TrackSummary.clock`.
    frame : int
        Number of its frame; 0: not known.
    lon, lat, value : float
    """

    track: str
    moment: int
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
    clock : str
        What the moments are: seconds since 1970-01-01 of this calendar, digits of dates (`DATE_CODE`), frames (empty).
    first, last : int
        Moments over all points; 0 without points.
    mean_points, longest_points : float, int
        Length in points, missing frames not counted.
    mean_frames, longest_frames : float, int
        Length in frames from first to last point, missing frames counted, both ends included.
    longest_id : str
        Id of the longest track in frames (the first of several).
    variable, units : str
        Name and units of the values.
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
    clock: str = ""
    first: int = 0
    last: int = 0
    mean_points: float = 0.0
    longest_points: int = 0
    mean_frames: float = 0.0
    longest_frames: int = 0
    longest_id: str = ""
    variable: str = ""
    units: str = ""
    strongest: PointSummary | None = None
    weakest: PointSummary | None = None
    genesis_at_start: int = 0
    lysis_at_end: int = 0
    genesis: int = 0
    lysis: int = 0
    missing_frames: int = 0


def _moments(tracks: TrackSet) -> tuple[I64, str]:
    """Number that stands for the time of each point, and what it is (`TrackSummary.clock`)."""
    if tracks.time is None or not tracks.time.known.all():
        return tracks.frame, ""
    if tracks.time.is_coded:  # as the file has them: they may be of any calendar
        return tracks.time.values, DATE_CODE
    return seconds_of(tracks.time), calendar_named(tracks.time.calendar)


def _track(tracks: TrackSet, index: int) -> str:
    return str(tracks.labels.get(TEXT_ID, tracks.track_id)[index])


def _point(tracks: TrackSet, moments: I64, values: F32, index: int) -> PointSummary:
    return PointSummary(
        track=_track(tracks, int(np.searchsorted(tracks.start, index, "right") - 1)),
        moment=int(moments[index]),
        frame=int(tracks.frame[index]),
        lon=float(tracks.lon[index]),
        lat=float(tracks.lat[index]),
        value=float(values[index]),
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
    moments, clock = _moments(filled)
    begin, end = int(moments.min()), int(moments.max())
    at_start = int(np.count_nonzero(moments[first] == begin))
    at_end = int(np.count_nonzero(moments[last] == end))
    strength = intensity(filled)
    values = defined(strength.values, strength.missing_value)
    known = bool(np.isfinite(values).any())
    longest = int(np.argmax(frames))
    inner = filled.missing_after.sum() - filled.missing_after[last].sum()
    return TrackSummary(
        tracks=filled.n_tracks,
        emptied=emptied,
        points=filled.n_points,
        clock=clock,
        first=begin,
        last=end,
        mean_points=filled.n_points / filled.n_tracks,
        longest_points=int(filled.lengths.max()),
        mean_frames=float(frames.mean()),
        longest_frames=int(frames[longest]),
        longest_id=_track(filled, longest),
        variable=strength.name,
        units=strength.units,
        strongest=_point(filled, moments, values, int(np.nanargmax(values))) if known else None,
        weakest=_point(filled, moments, values, int(np.nanargmin(values))) if known else None,
        genesis_at_start=at_start,
        lysis_at_end=at_end,
        genesis=filled.n_tracks - at_start,
        lysis=filled.n_tracks - at_end,
        missing_frames=int(inner),
    )


def moment_text(moment: int, clock: str) -> str:
    """A moment as it is read; see `TrackSummary.clock`."""
    if not clock:
        return f"frame {moment}"
    if clock == DATE_CODE:
        year, month, day, second = moment // 1_000_000, moment // 10_000 % 100, moment // 100 % 100, moment % 100 * 3600
    else:
        parts = date_parts(np.array([moment]), clock)
        year, month, day, second = (int(v[0]) for v in (parts.year, parts.month, parts.day, parts.second))
    hour = f"{second // 3600:02d} h" if second % 3600 == 0 else f"{second // 3600:02d}:{second // 60 % 60:02d}"
    return f"{year:04d}-{month:02d}-{day:02d} {hour}"


def _shown(point: PointSummary | None, summary: TrackSummary) -> str:
    if point is None:
        return "none"
    when = moment_text(point.moment, summary.clock)
    numbered = f" (frame {point.frame})" if summary.clock and point.frame > 0 else ""
    told = ", ".join(filter(None, (summary.variable if summary.variable != INTENSITY else "", summary.units)))
    units = f" ({told})" if told else ""
    return f"{point.value:g}{units} at {point.lon:.2f} {point.lat:.2f}, {when}{numbered}, track {point.track}"


def _span(summary: TrackSummary) -> str:
    if not summary.clock:
        return f"frames {summary.first} to {summary.last}"
    named = "" if summary.clock in ("standard", DATE_CODE) else f" ({summary.clock} calendar)"
    return f"{moment_text(summary.first, summary.clock)} to {moment_text(summary.last, summary.clock)}{named}"


def as_text(summary: TrackSummary, title: str) -> str:
    """A few lines of plain text."""
    if summary.tracks == 0:
        return f"{title}\n  no tracks\n"
    word = "time" if summary.clock else "frame"
    lines = [
        title,
        f"  tracks            {summary.tracks}" + (f" (and {summary.emptied} emptied)" if summary.emptied else ""),
        f"  points            {summary.points}, {_span(summary)}",
        f"  length            mean {summary.mean_frames:.2f} frames, longest {summary.longest_frames} frames "
        f"(track {summary.longest_id})",
        f"  points per track  mean {summary.mean_points:.2f}, most {summary.longest_points}",
        f"  largest value     {_shown(summary.strongest, summary)}",
        f"  smallest value    {_shown(summary.weakest, summary)}",
        f"  begin             {summary.genesis} after the first {word}, {summary.genesis_at_start} in it",
        f"  end               {summary.lysis} before the last {word}, {summary.lysis_at_end} in it",
    ]
    if summary.missing_frames:
        lines.append(f"  missing frames    {summary.missing_frames} within tracks")
    return "\n".join(lines) + "\n"
