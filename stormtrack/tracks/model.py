"""Track sets: combined tracks as flat arrays.

Track ``k`` owns the points ``start[k]:start[k + 1]``. Filters empty tracks but leave them in their place, because
positions in the list and ids are part of the output.

References
----------
Specification 01, sections 11.5 and 13; 04, section 10.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import F32, I32, I64, Mask

MISSING_VALUE = np.float32(1.0e25)
"""Value of an undefined additional field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionDetails:
    """Projection that positions refer to.

    Attributes
    ----------
    group, kind : int
        0 0: longitude and latitude.
    centre : (float, float), optional
        Latitude and longitude of the centre, degrees; only if the group is not 0.
    """

    group: int = 0
    kind: int = 0
    centre: tuple[float, float] | None = None


UNPROJECTED = ProjectionDetails()
"""Positions are longitude and latitude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodInfo:
    """Extra header line of weighted or multi-period track files.

    Attributes
    ----------
    tag : str
        ``WT_INFO`` or ``PER_INFO``.
    flag : int
        As written; points carry weights if the tag is ``WT_INFO`` and the flag is not 0.
    total : float
        Sum of weights, or number of periods.
    """

    tag: str
    flag: int
    total: float


def _offsets() -> I64:
    return np.zeros(1, np.int64)


def _f32() -> F32:
    return np.zeros(0, np.float32)


@dataclass(slots=True, kw_only=True)
class TrackSet:
    """Combined tracks.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
        Ids as in the text files.
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the point arrays.
    start_time : int64, shape (n_tracks,)
        YYYYMMDDHH of tracks whose points carry times, else 0.
    frame : int64, shape (n_points,)
        Frame number, 1-based; the time YYYYMMDDHH in tracks with a start time.
    lon, lat, value : float32, shape (n_points,)
        Position (degrees, or projected units) and intensity (speed in velocity sets).
    missing : int32, shape (n_points,)
        Frames missing after the point.
    shape : float32, shape (n_points, 4), optional
        Anisotropy, orientation x and y, area.
    velocity : float32, shape (n_points, 4), optional
        Growth rate, tendency, u, v: only in velocity sets (phase speeds).
    weight : float32, shape (n_points,), optional
        Weights of the points.
    fields : float32, shape (n_points, n_field_values)
        Additional fields; 1e25 where undefined.
    field_has_position : tuple of bool
        Per additional field; such a field has three values (longitude, latitude, value), others one.
    object_id : int32, shape (n_points,), optional
        Object that the point came from; known only right after joining.
    shape_flag : bool
        First line of the text file.
    projection : ProjectionDetails
    info : PeriodInfo, optional
    """

    track_id: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    start: I64 = field(default_factory=_offsets)
    start_time: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    frame: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    lon: F32 = field(default_factory=_f32)
    lat: F32 = field(default_factory=_f32)
    value: F32 = field(default_factory=_f32)
    missing: I32 = field(default_factory=lambda: np.zeros(0, np.int32))
    shape: F32 | None = None
    velocity: F32 | None = None
    weight: F32 | None = None
    fields: F32 = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    field_has_position: tuple[bool, ...] = ()
    object_id: I32 | None = None
    shape_flag: bool = False
    projection: ProjectionDetails = UNPROJECTED
    info: PeriodInfo | None = None

    @property
    def n_tracks(self) -> int:
        """Number of tracks, emptied ones included."""
        return len(self.track_id)

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.frame)

    @property
    def lengths(self) -> I64:
        """Number of points of every track."""
        return np.diff(self.start)

    @property
    def n_filled(self) -> int:
        """Number of tracks with points."""
        return int(np.count_nonzero(self.lengths))

    @property
    def owner(self) -> I64:
        """Track index of every point."""
        return np.repeat(np.arange(self.n_tracks), self.lengths)

    def take(self, points: I64, start: I64) -> TrackSet:
        """The same tracks with other points: `points` index the present ones, `start` are the new offsets."""

        names = ("frame", "lon", "lat", "value", "missing", "shape", "velocity", "weight", "fields", "object_id")
        columns: dict[str, Any] = {n: getattr(self, n) for n in names}
        picked: dict[str, Any] = {n: None if column is None else column[points] for n, column in columns.items()}
        return dataclasses.replace(self, start=start, **picked)

    def keep(self, kept: Mask) -> TrackSet:
        """The same list of tracks in which those not `kept` are emptied."""
        lengths = np.where(kept, self.lengths, 0)
        start = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        return self.take(np.flatnonzero(kept[self.owner]), start)

    def without_empty(self) -> TrackSet:
        """Only the tracks with points; ids and order stay."""
        filled = self.lengths > 0
        start = np.concatenate(([0], np.cumsum(self.lengths[filled], dtype=np.int64)))
        return dataclasses.replace(
            self, track_id=self.track_id[filled], start=start, start_time=self.start_time[filled]
        )


def field_columns(field_has_position: tuple[bool, ...]) -> list[tuple[int, bool]]:
    """Column of the value of every additional field, and whether longitude and latitude precede it."""
    columns: list[tuple[int, bool]] = []
    at = 0
    for has_position in field_has_position:
        at += 3 if has_position else 1
        columns.append((at - 1, has_position))
    return columns
