"""Feature points of the frames of a series, grouped by object: packed arrays and offsets.

Frame ``k`` owns the objects ``object_start[k]:object_start[k + 1]``; object ``o`` (counted over all frames) owns the
features ``feature_start[o]:feature_start[o + 1]``, and likewise the points of its outlines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I32, I64, Mask
from . import times as _times
from .reference import GEOGRAPHIC, ProjectionDetails
from .times import Times
from .variables import INTENSITY, SHAPE, Variable
from .variables import joined as _joined_variables

Positions = Callable[[F32, F32], tuple[F32, F32]]
"""A map of positions: x, y (float32) to x, y."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlines:
    """Points that belong to objects: all of them, or their boundaries.

    Attributes
    ----------
    start : int64, shape (n_objects + 1,)
        Offsets of the objects into the points.
    x, y, value : float32, shape (n_points,)
        Position (node numbers, exact in float32, or coordinates) and field value.
    """

    start: I64
    x: F32
    y: F32
    value: F32

    @classmethod
    def none(cls, n_objects: int) -> Outlines:
        """No point for any object."""
        return cls(start=np.zeros(n_objects + 1, np.int64), x=_NO_F32, y=_NO_F32, value=_NO_F32)

    def of_objects(self, first: int, last: int) -> Outlines:
        """The points of the objects ``first:last``; arrays are views."""
        begin, end = int(self.start[first]), int(self.start[last])
        return Outlines(
            start=self.start[first : last + 1] - begin,
            x=self.x[begin:end],
            y=self.y[begin:end],
            value=self.value[begin:end],
        )


_NO_F32 = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """Feature points of a series of frames (or of one).

    Attributes
    ----------
    frame : int64, shape (n_frames,)
        Number of each frame in its series, 1-based.
    object_start : int64, shape (n_frames + 1,)
        Offsets of the frames into the objects.
    feature_start : int64, shape (n_objects + 1,)
        Offsets of the objects into the features.
    x, y : float32, shape (n_features,)
        Positions: degrees, coordinates of `projection`, or node numbers if `on_nodes`.
    variables : tuple of Variable
        Values of the features; the first is the intensity.
    time : Times, optional
        Times of the frames.
    missing_after : int32, shape (n_frames,)
        Frames missing between each frame and the next.
    projection : ProjectionDetails
        What the positions refer to.
    on_nodes : bool
        Positions are numbers of grid nodes, 1-based from the corner of the search region (feature type 3).
    stated : int32, shape (n_frames,)
        The original's count of features of each frame, which object files state; the sum over the objects but in the
        cases of specification 02, section 18.
    points, boundary : Outlines, optional
        Points of the objects, and of their boundaries.
    boundary_state : int32, shape (n_frames,)
        -1 no boundaries, 0 node numbers, 1 coordinates.
    """

    frame: I64
    object_start: I64
    feature_start: I64
    x: F32
    y: F32
    variables: tuple[Variable, ...]
    missing_after: I32
    stated: I32
    boundary_state: I32
    time: Times | None = None
    projection: ProjectionDetails = GEOGRAPHIC
    on_nodes: bool = False
    points: Outlines | None = None
    boundary: Outlines | None = None

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frame)

    @property
    def n_objects(self) -> int:
        """Number of objects of all frames."""
        return len(self.feature_start) - 1

    @property
    def n_features(self) -> int:
        """Number of features of all frames."""
        return len(self.x)

    @property
    def intensity(self) -> F32:
        """Field value of each feature: float32, shape (n_features,)."""
        return self.variables[0].values

    @property
    def frame_start(self) -> I64:
        """Offsets of the frames into the features: int64, shape (n_frames + 1,)."""
        return self.feature_start[self.object_start]

    @property
    def frame_index(self) -> I64:
        """Frame of each feature, counted from 0: int64, shape (n_features,)."""
        return np.repeat(np.arange(self.n_frames), np.diff(self.frame_start))

    @property
    def object_number(self) -> I64:
        """Object of each feature in its frame, 0-based: int64, shape (n_features,)."""
        first = np.repeat(self.object_start[:-1], np.diff(self.object_start))
        return np.repeat(np.arange(self.n_objects) - first, np.diff(self.feature_start))

    @property
    def feature_number(self) -> I64:
        """Number of each feature in its object, 0-based: int64, shape (n_features,)."""
        return np.arange(self.n_features) - np.repeat(self.feature_start[:-1], np.diff(self.feature_start))

    def variable(self, name: str) -> Variable | None:
        """A variable by its name, None if there is none."""
        return next((v for v in self.variables if v.name == name), None)

    def moved(self, positions: Positions, projection: ProjectionDetails = GEOGRAPHIC) -> Features:
        """The features at other positions, which are no node numbers."""
        x, y = positions(self.x, self.y)
        return replace(self, x=x, y=y, projection=projection, on_nodes=False)

    def without_outlines(self) -> Features:
        """The features without points and boundaries of objects."""
        return replace(self, points=None, boundary=None)

    def renumbered(self) -> Features:
        """The features with frames numbered 1, 2, ..."""
        return replace(self, frame=np.arange(1, self.n_frames + 1))

    def kept(self, keep: Mask) -> Features:
        """The features where `keep` (bool, shape (n_features,)) is true; objects and frames keep their numbers."""
        if keep.all():
            return self
        before = np.concatenate([[0], np.cumsum(keep, dtype=np.int64)])
        feature_start = before[self.feature_start]
        dropped = np.diff(self.frame_start) - np.diff(feature_start[self.object_start])
        return replace(
            self,
            feature_start=feature_start,
            x=self.x[keep],
            y=self.y[keep],
            variables=tuple(v.take(keep) for v in self.variables),
            stated=(self.stated - dropped).astype(np.int32),
        )

    def of_frame(self, index: int) -> Features:
        """One frame (0-based); arrays are views where possible."""
        first, last = (int(self.object_start[index + i]) for i in (0, 1))
        begin, end = int(self.feature_start[first]), int(self.feature_start[last])
        one, inside = slice(index, index + 1), slice(begin, end)
        return Features(
            frame=self.frame[one],
            object_start=np.array([0, last - first]),
            feature_start=self.feature_start[first : last + 1] - begin,
            x=self.x[inside],
            y=self.y[inside],
            variables=tuple(v.take(inside) for v in self.variables),
            missing_after=self.missing_after[one],
            stated=self.stated[one],
            boundary_state=self.boundary_state[one],
            time=None if self.time is None else self.time.take(one),
            projection=self.projection,
            on_nodes=self.on_nodes,
            points=None if self.points is None else self.points.of_objects(first, last),
            boundary=None if self.boundary is None else self.boundary.of_objects(first, last),
        )


def _concatenated_offsets(parts: Sequence[I64]) -> I64:
    ends = np.cumsum([0, *(int(part[-1]) for part in parts)])
    return np.concatenate([[0], *(part[1:] + first for part, first in zip(parts, ends, strict=False))]).astype(np.int64)


def _concatenated_outlines(parts: Sequence[Features], which: str) -> Outlines | None:
    outlines: list[Outlines | None] = [getattr(part, which) for part in parts]
    if all(o is None for o in outlines):
        return None
    known = [Outlines.none(p.n_objects) if o is None else o for p, o in zip(parts, outlines, strict=True)]
    return Outlines(
        start=_concatenated_offsets([o.start for o in known]),
        x=np.concatenate([o.x for o in known]),
        y=np.concatenate([o.y for o in known]),
        value=np.concatenate([o.value for o in known]),
    )


def no_features(intensity: Variable | None = None) -> Features:
    """No frame at all."""
    return Features(
        frame=np.zeros(0, np.int64),
        object_start=np.zeros(1, np.int64),
        feature_start=np.zeros(1, np.int64),
        x=_NO_F32,
        y=_NO_F32,
        variables=(intensity or Variable(name=INTENSITY, values=_NO_F32),),
        missing_after=np.zeros(0, np.int32),
        stated=np.zeros(0, np.int32),
        boundary_state=np.zeros(0, np.int32),
    )


def features_of_points(
    *,
    frame_start: I64,
    x: F32,
    y: F32,
    intensity: F32,
    object_number: I32 | I64 | None = None,
    n_objects: I32 | I64 | None = None,
    missing_after: I32 | None = None,
    time: Times | None = None,
) -> Features:
    """Features from points, frame by frame.

    Parameters
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Offsets of the frames into the points.
    x, y, intensity : float32, shape (n_points,)
    object_number : int, shape (n_points,), optional
        Object of each point in its frame, 0-based and ascending; by default every point is an object of its own.
    n_objects : int, shape (n_frames,), optional
        Number of objects of each frame, if there are some without points.
    missing_after : int32, shape (n_frames,), optional
        Frames missing after each frame; by default none.
    time : Times, optional
        Of the frames.

    Raises
    ------
    ValueError
        If object numbers descend within a frame, or go beyond `n_objects`.
    """
    n_frames, sizes = len(frame_start) - 1, np.diff(frame_start)
    if object_number is None:
        number: I64 = np.arange(len(x)) - np.repeat(frame_start[:-1], sizes)
    else:
        number = np.asarray(object_number, np.int64)
    frame = np.repeat(np.arange(n_frames), sizes)
    if n_objects is None:
        n_objects = np.zeros(n_frames, np.int64)
        np.maximum.at(n_objects, frame, number + 1)
    object_start = np.concatenate([[0], np.cumsum(n_objects)]).astype(np.int64)
    owner = object_start[frame] + number
    allowed: I64 = np.diff(object_start)[frame]
    if (number < 0).any() or (number >= allowed).any() or (np.diff(owner) < 0).any():
        raise ValueError("objects of a frame must be numbered from 0 in ascending order, below its number of objects")
    counts = np.bincount(owner, minlength=int(object_start[-1]))
    return Features(
        frame=np.arange(1, n_frames + 1),
        object_start=object_start,
        feature_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        x=np.ascontiguousarray(x, np.float32),
        y=np.ascontiguousarray(y, np.float32),
        variables=(Variable(name=INTENSITY, values=np.ascontiguousarray(intensity, np.float32)),),
        missing_after=np.zeros(n_frames, np.int32) if missing_after is None else np.asarray(missing_after, np.int32),
        stated=sizes.astype(np.int32),
        boundary_state=np.full(n_frames, -1, np.int32),
        time=time,
    )


def concatenated(parts: Sequence[Features]) -> Features:
    """The frames of several parts one after another.

    Raises
    ------
    ValueError
        If the parts differ in what their positions refer to, or in their variables.
    """
    if not parts:
        return no_features()
    first = parts[0]
    for part in parts:
        kinds = [(p.projection, p.on_nodes, [(v.name, v.has_position) for v in p.variables]) for p in (first, part)]
        if kinds[0] != kinds[1]:
            raise ValueError(f"features of different kinds cannot be put together: {kinds[0]} and {kinds[1]}")
    return Features(
        frame=np.concatenate([p.frame for p in parts]),
        object_start=_concatenated_offsets([p.object_start for p in parts]),
        feature_start=_concatenated_offsets([p.feature_start for p in parts]),
        x=np.concatenate([p.x for p in parts]),
        y=np.concatenate([p.y for p in parts]),
        variables=tuple(_joined_variables(same) for same in zip(*(p.variables for p in parts), strict=True)),
        missing_after=np.concatenate([p.missing_after for p in parts]),
        stated=np.concatenate([p.stated for p in parts]),
        boundary_state=np.concatenate([p.boundary_state for p in parts]),
        time=_times.concatenated([p.time for p in parts], [p.n_frames for p in parts]),
        projection=first.projection,
        on_nodes=first.on_nodes,
        points=_concatenated_outlines(parts, "points"),
        boundary=_concatenated_outlines(parts, "boundary"),
    )


def side_by_side(first: Features, second: Features) -> Features:
    """Frame by frame, the objects of `second` behind those of `first`; outlines are dropped.

    Numbers, times and missing frames are those of `first`.

    Raises
    ------
    ValueError
        If the numbers of frames, or the variables, differ.
    """
    if first.n_frames != second.n_frames:
        raise ValueError(f"{first.n_frames} and {second.n_frames} frames cannot be put side by side")
    objects = np.diff(first.object_start) + np.diff(second.object_start)
    order = _interleaved(first.object_start, second.object_start)
    lengths = np.concatenate([np.diff(first.feature_start), np.diff(second.feature_start)])[order]
    features = _interleaved(first.frame_start, second.frame_start)
    both = tuple(_joined_variables(same) for same in zip(first.variables, second.variables, strict=True))
    return replace(
        first.without_outlines(),
        object_start=np.concatenate([[0], np.cumsum(objects)]).astype(np.int64),
        feature_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        x=np.concatenate([first.x, second.x])[features],
        y=np.concatenate([first.y, second.y])[features],
        variables=tuple(v.take(features) for v in both),
        stated=first.stated + second.stated,
    )


def _interleaved(first: I64, second: I64) -> I64:
    """Indices into two packed arrays put one behind the other: part 0 of both, part 1 of both, ..."""
    lengths = np.stack([np.diff(first), np.diff(second)], axis=1)
    begin = np.stack([first[:-1], second[:-1] + first[-1]], axis=1).reshape(-1)
    counts = lengths.reshape(-1)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    indices: I64 = np.repeat(begin, counts) + within
    return indices


def with_shape(features: Features, *, wanted: bool) -> Features:
    """The features with shape attributes (0 where there were none), or without."""
    kept = tuple(v for v in features.variables if v.name not in SHAPE)
    if not wanted:
        return replace(features, variables=kept)
    nothing = np.zeros(features.n_features, np.float32)
    shape = (features.variable(name) or Variable(name=name, values=nothing) for name in SHAPE)
    return replace(features, variables=(kept[0], *shape, *kept[1:]))
