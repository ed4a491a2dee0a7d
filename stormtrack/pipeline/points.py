"""Between detection and linking: feature points of all frames, their return to the sphere, and the filtered objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ..detect.objects import NO_F32, NO_I32, FrameObjects
from ..link.model import LinkPoints

F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]
Positions = Callable[[F32, F32], tuple[F32, F32]]


def without_points(objects: FrameObjects) -> FrameObjects:
    """The frame as it stays in memory for linking: object points and boundaries dropped, everything else kept."""
    none = np.zeros(objects.n_objects + 1, np.int64)
    return objects.changed(
        point_start=none,
        point_x=NO_I32,
        point_y=NO_I32,
        point_value=NO_F32,
        boundary_start=none,
        boundary_x=NO_F32,
        boundary_y=NO_F32,
        boundary_value=NO_F32,
    )


def moved(objects: FrameObjects, positions: Positions, *, integer: bool) -> FrameObjects:
    """Feature positions passed through `positions`."""
    x, y = positions(objects.feature_x, objects.feature_y)
    return objects.changed(feature_x=x, feature_y=y, integer_positions=integer)


def joined(first: FrameObjects, second: FrameObjects) -> FrameObjects:
    """Objects of a second hemisphere appended to those of the first (features only)."""
    out = first.changed(
        point_start=np.zeros(first.n_objects + second.n_objects + 1, np.int64),
        boundary_start=np.zeros(first.n_objects + second.n_objects + 1, np.int64),
        feature_start=np.concatenate([first.feature_start, first.feature_start[-1] + second.feature_start[1:]]),
        total_features=first.total_features + second.total_features,
    )
    for name in ("object_class", "object_mem", "extent", *(name for name, _ in first.feature_columns())):
        setattr(out, name, np.concatenate([getattr(first, name), getattr(second, name)]))
    return out


def link_points(frames: Sequence[FrameObjects], coordinates: Positions | None = None) -> LinkPoints:
    """Feature points of all frames as linking takes them.

    Parameters
    ----------
    frames : sequence of FrameObjects
        In order; frame numbers are not looked at.
    coordinates : callable, optional
        Turns grid numbers of feature type 3 into coordinates.
    """
    objects = [np.repeat(np.arange(f.n_objects, dtype=np.int32), np.diff(f.feature_start)) for f in frames]
    features = [
        (np.arange(f.n_features) - np.repeat(f.feature_start[:-1], np.diff(f.feature_start))).astype(np.int32)
        for f in frames
    ]
    x, y = _joined([f.feature_x for f in frames]), _joined([f.feature_y for f in frames])
    if coordinates is not None:
        x, y = coordinates(x, y)
    return LinkPoints(
        frame_start=np.concatenate([[0], np.cumsum([f.n_features for f in frames])]).astype(np.int64),
        object=np.concatenate([*objects, np.zeros(0, np.int32)]),
        feature=np.concatenate([*features, np.zeros(0, np.int32)]),
        x=x,
        y=y,
        strength=_joined([f.feature_value for f in frames]),
        n_objects=np.array([f.n_objects for f in frames], np.int32),
        missing_after=np.array([f.missing_after for f in frames], np.int32),
    )


def _joined(parts: list[F32]) -> F32:
    return np.concatenate([*parts, np.zeros(0, np.float32)]).astype(np.float32, copy=False)


def filtered(frames: Sequence[FrameObjects], kept: npt.NDArray[np.bool_]) -> list[FrameObjects]:
    """Frames with the feature points that passed the point filter, numbered from 1 (content of ``objout.new``)."""
    out: list[FrameObjects] = []
    begin = 0
    for number, frame in enumerate(frames, start=1):
        keep = kept[begin : begin + frame.n_features]
        begin += frame.n_features
        dropped = len(keep) - int(np.count_nonzero(keep))
        if not dropped:
            out.append(frame.changed(frame=number))
            continue
        before = np.concatenate([[0], np.cumsum(keep)]).astype(np.int64)
        new = frame.changed(
            frame=number,
            feature_start=before[frame.feature_start],
            total_features=frame.total_features - dropped,
        )
        for name, values in frame.feature_columns():
            if len(values):
                setattr(new, name, values[keep])
        out.append(new)
    return out
