"""Sets of tracks: packed points and offsets.

Track ``k`` owns the points ``start[k]:start[k + 1]``. A track without points (emptied by a filter) keeps its place,
because positions in the list and ids are part of TRACK's files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..arrays import F32, I32, I64, Array, Mask
from .reference import GEOGRAPHIC, ProjectionDetails
from .times import Times, concatenated
from .variables import INTENSITY, Variable, joined

Attribute = str | int | float | tuple[str | int | float, ...]
TEXT_ID = "text_id"
"""Label of ids that are texts in the file; `track_id` then counts from 1."""
SOURCE_ID = "source_id"
"""Label of the ids that tracks had in the sets from which they were put together, where they were renumbered."""
SOURCE = "source"
"""Label: the number, from 1, of the set from which a track came."""
KIND = "kind"
"""Label that names the search that found a track, such as NH_cyclones."""


def offsets(lengths: I64) -> I64:
    """Offsets (int64, shape (n + 1,)) of parts of the given lengths."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackSet:
    """Tracks with their points.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the points.
    lon, lat : float32, shape (n_points,)
        Positions in degrees, or coordinates of `projection`.
    variables : tuple of Variable
        Values of the points; the first is the intensity.
    frame : int64, shape (n_points,)
        Number of the point's frame, 1-based; 0 where only the time is known.
    missing_after : int32, shape (n_points,)
        Frames missing between the point and the next one.
    time : Times, optional
        Time of every point.
    start_time : Times, optional
        Time at which each track begins, as its file states it; unknown for a track whose points are frame numbers.
    object_number : int32, shape (n_points,), optional
        Object of its frame (1-based) from which the point came; known right after joining only.
    projection : ProjectionDetails
        What positions refer to.
    labels : mapping
        Further values of each track, which are no measurements: name -> array, shape (n_tracks,), of whole numbers,
        float64 or text (object). The search that found it, a member, the name of a storm.
    point_labels : mapping
        The same of each point, shape (n_points,): text or whole numbers that float32 does not hold.
    attributes : mapping
        What else a file said of the whole set.
    """

    track_id: I64
    start: I64
    lon: F32
    lat: F32
    variables: tuple[Variable, ...]
    frame: I64
    missing_after: I32
    time: Times | None = None
    start_time: Times | None = None
    object_number: I32 | None = None
    projection: ProjectionDetails = GEOGRAPHIC
    labels: Mapping[str, Array] = field(default_factory=dict)
    point_labels: Mapping[str, Array] = field(default_factory=dict)
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def n_tracks(self) -> int:
        """Number of tracks, emptied ones included."""
        return len(self.track_id)

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.lon)

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
        """Track (0-based index) of every point."""
        return np.repeat(np.arange(self.n_tracks), self.lengths)

    @property
    def intensity(self) -> F32:
        """First value of every point: float32, shape (n_points,); NaN if there are no values at all."""
        if not self.variables:
            return np.full(self.n_points, np.nan, np.float32)
        return self.variables[0].values

    @property
    def telling_labels(self) -> list[str]:
        """Names of the labels of tracks that differ between tracks, so that a file without them has lost something."""
        return [name for name, values in self.labels.items() if len(values) and (values != values[0]).any()]

    def variable(self, name: str) -> Variable | None:
        """A variable by its name, None if there is none."""
        return next((v for v in self.variables if v.name == name), None)

    def take(self, points: I64 | Mask | slice, start: I64) -> TrackSet:
        """The same tracks with other points: `points` index the present ones, `start` are the new offsets."""
        return replace(
            self,
            start=start,
            lon=self.lon[points],
            lat=self.lat[points],
            variables=tuple(v.take(points) for v in self.variables),
            frame=self.frame[points],
            missing_after=self.missing_after[points],
            time=None if self.time is None else self.time.take(points),
            object_number=None if self.object_number is None else self.object_number[points],
            point_labels={name: values[points] for name, values in self.point_labels.items()},
        )

    def of_tracks(self, which: slice | I64 | Mask) -> TrackSet:
        """Some of the tracks, in the order asked for; a slice without a step shares the arrays.

        Parameters
        ----------
        which : slice, int64 of any length, or bool of shape (n_tracks,)
        """
        if isinstance(which, slice) and which.step in (None, 1):
            first, last, _ = which.indices(self.n_tracks)
            last = max(first, last)
            start = self.start[first : last + 1]
            return self._with_tracks(slice(first, last), slice(int(start[0]), int(start[-1])), start - start[0])
        index = np.arange(self.n_tracks)[which]
        lengths = self.lengths[index]
        start = offsets(lengths)
        points = np.arange(int(start[-1])) + np.repeat(self.start[index] - start[:-1], lengths)
        return self._with_tracks(index, points, start)

    def _with_tracks(self, which: slice | I64, points: slice | I64, start: I64) -> TrackSet:
        return replace(
            self.take(points, start),
            track_id=self.track_id[which],
            start_time=None if self.start_time is None else self.start_time.take(which),
            labels={name: values[which] for name, values in self.labels.items()},
        )

    def emptied(self, kept: Mask) -> TrackSet:
        """The same list of tracks in which those not `kept` (bool, shape (n_tracks,)) have lost their points."""
        if kept.all():
            return self
        return self.take(kept[self.owner], offsets(np.where(kept, self.lengths, 0)))

    def without_empty(self) -> TrackSet:
        """Only the tracks with points; ids and order stay."""
        filled = self.lengths > 0
        if filled.all():
            return self
        return replace(
            self,
            track_id=self.track_id[filled],
            start=offsets(self.lengths[filled]),
            start_time=None if self.start_time is None else self.start_time.take(filled),
            labels={name: values[filled] for name, values in self.labels.items()},
        )


def no_tracks() -> TrackSet:
    """A set without tracks."""
    none = np.zeros(0, np.float32)
    return TrackSet(
        track_id=np.zeros(0, np.int64),
        start=np.zeros(1, np.int64),
        lon=none,
        lat=none,
        variables=(Variable(name=INTENSITY, values=none),),
        frame=np.zeros(0, np.int64),
        missing_after=np.zeros(0, np.int32),
    )


def put_together(sets: Sequence[TrackSet]) -> TrackSet:
    """Tracks of several sets one after another, ids as they are; of variables and labels, those that all have.

    Raises
    ------
    ValueError
        If there are no sets, or their times have different units or calendars.
    """
    if len(sets) == 1:
        return sets[0]
    kinds: list[list[Variable | None]] = [[one.variable(v.name) for one in sets] for v in sets[0].variables]
    common = [[v for v in kind if v is not None and v.like(kind[0] or v)] for kind in kinds]
    times = concatenated([one.time for one in sets], [one.n_points for one in sets])
    starts = concatenated([one.start_time for one in sets], [one.n_tracks for one in sets])
    return replace(
        sets[0],
        track_id=np.concatenate([one.track_id for one in sets]),
        start=offsets(np.concatenate([one.lengths for one in sets])),
        lon=np.concatenate([one.lon for one in sets]),
        lat=np.concatenate([one.lat for one in sets]),
        variables=tuple(joined(kind) for kind in common if len(kind) == len(sets)),
        frame=np.concatenate([one.frame for one in sets]),
        missing_after=np.concatenate([one.missing_after for one in sets]),
        time=times,
        start_time=starts,
        object_number=None,
        labels=_labels([one.labels for one in sets]),
        point_labels=_labels([one.point_labels for one in sets]),
    )


def _labels(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Labels that all parts have, one after another; text stays text (object)."""
    names = [name for name in parts[0] if all(name in part for part in parts)]
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
