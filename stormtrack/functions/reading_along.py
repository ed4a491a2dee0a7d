"""Frames of fields read along tracks, one after the other, once it is sure that the field covers the tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import I64, Array, Mask
from ..errors import FieldError, TracksError, did_you_mean
from ..model.dates import calendar_named, date_text, seconds_of
from ..model.times import NO_TIME
from ..model.tracks import TrackSet
from .given_fields import GivenField
from .points_in_time import TIMES, FramesOfPoints, shown

INTERPOLATIONS = ("linear", "nearest", "bicubic", "spline")
MISSING = ("error", "skip")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How fields are read.

    Attributes
    ----------
    interpolation : {"linear", "nearest", "bicubic", "spline"}
        Between grid points: as TRACK's bilinear and so on; the spline goes through all values (smoopy, smoothing 0).
    time : {"exact", "nearest", "linear", "frame", "constant"}
        Frames of the same date; the nearest (half a step away at most); between two frames; frame k of the tracks to
        the k-th one, whatever the dates; a field of one frame for all. A single frame without a date is constant, too.
    missing : {"error", "skip"}
        What happens where the field has no frame for a point, or its grid does not cover it: an error, or no value.
    opening : mapping
        Further arguments of `open_field`: ``variable`` (one or several), ``level``, ``grid``, ...

    Raises
    ------
    TracksError
        If one of these is not allowed.
    """

    interpolation: str = "linear"
    time: str = "exact"
    missing: str = "error"
    opening: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_choice("interpolation", self.interpolation, INTERPOLATIONS)
        check_choice("time", self.time, TIMES)
        check_choice("missing", self.missing, MISSING)


def check_choice(option: str, given: object, allowed: tuple[str, ...]) -> None:
    """Refuse what is not among the allowed words.

    Raises
    ------
    TracksError
        Names the nearest.
    """
    if given not in allowed:
        near = did_you_mean(str(given), allowed)
        raise TracksError(f"{option}={given!r}: allowed are {', '.join(allowed)}{near}")


def check_tracks(tracks: TrackSet) -> None:
    """Refuse tracks whose points have no place on the sphere.

    Raises
    ------
    TracksError
        Says which.
    """
    if not tracks.projection.is_geographic:
        raise TracksError("fields are sampled along tracks in longitudes and latitudes; these are on a projection")
    wrong = ~(np.isfinite(tracks.lon) & (np.abs(tracks.lat) <= 90.0) & (np.abs(tracks.lon) < 1.0e4))
    if wrong.any():
        one = tracks.track_id[tracks.owner[int(np.argmax(wrong))]]
        raise TracksError(f"{np.count_nonzero(wrong)} points have no position (the first in track {one}); drop them")


def check_covered(tracks: TrackSet, field: GivenField, known: Mask, on_grid: Mask) -> None:
    """Refuse a field that has no frame for a point, or does not reach it.

    Parameters
    ----------
    tracks : TrackSet
    field : GivenField
    known, on_grid : bool, shape (n_points,)
        Points for which the field has a frame, and those that lie on its grid; what is of no interest counts as such.

    Raises
    ------
    FieldError
        Says which point is the first, and what to do.
    """
    if not known.all():
        without = ~known
        raise FieldError(
            f"field '{field.name}' ({_span(field)}) has no frame for {np.count_nonzero(without)} of {tracks.n_points} "
            f"points, the first is {_point(tracks, without)}. Give a longer field, select(time=...) of the tracks, "
            "time='nearest' or 'linear' between frames (--time), or missing='skip' (--missing skip): no value there"
        )
    if not on_grid.all():
        south, north = sorted((float(field.lat[0]), float(field.lat[-1])))
        raise FieldError(
            f"field '{field.name}' (longitude {field.lon[0]:g} to {field.lon[-1]:g}, latitude {south:g} to {north:g}) "
            f"does not reach {np.count_nonzero(~on_grid)} of {tracks.n_points} points, the first is "
            f"{_point(tracks, ~on_grid)}. Give a larger field, select(region=...) of the tracks, or missing='skip' "
            "(--missing skip): no value there"
        )


def _span(field: GivenField) -> str:
    if field.seconds is None:
        return f"{field.n_frames} frames"
    return f"{shown(field, 0)} to {shown(field, field.n_frames - 1)}, {field.n_frames} frames"


def _point(tracks: TrackSet, which: Mask) -> str:
    """The first of some points, for people."""
    k = int(np.argmax(which))
    when = f"frame {tracks.frame[k]}"
    if tracks.time is not None:
        second = int(seconds_of(tracks.time.take(slice(k, k + 1)))[0])
        when = "without a date" if second == NO_TIME else date_text(second, calendar_named(tracks.time.calendar))
    return (
        f"in track {tracks.track_id[tracks.owner[k]]}, {when}, longitude {tracks.lon[k]:g}, latitude {tracks.lat[k]:g}"
    )


def sampled_frames(field: GivenField, times: FramesOfPoints, points: Mask) -> Iterator[tuple[Array, I64]]:
    """Frames (as stored) at the times of points, one after the other, with the points that belong to them.

    Parameters
    ----------
    field : GivenField
    times : FramesOfPoints
    points : bool, shape (n_points,)
        Those that are wanted.

    Yields
    ------
    (ndarray of shape (ny, nx), int64 of shape (n,))
        Between two frames, what is linear in time.
    """
    reader = field.frames(times.needed(points))
    held: dict[int, Array] = {}
    for number, part, some in times.groups(points):
        for wanted in (number, number + 1)[: 1 + (part > 0)]:
            while wanted not in held:
                got, values = next(reader)
                held = {k: v for k, v in held.items() if k >= number} | {got: values}
        if part == 0.0:
            yield held[number], some
            continue
        before, after = (held[k].astype(np.float64) for k in (number, number + 1))
        yield before + part * (after - before), some
