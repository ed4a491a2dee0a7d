"""Merging of split tracks: the end of one track meets the start of another in the same object.

References
----------
Specification 04, section 12 (track_merge). Parity: bitwise.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from ..errors import UserInputError
from ..kernels._policy import kernel
from ..kernels.sphere import RAD
from ..settings.splice import MergeSettings
from .filter_kernels import distance
from .model import F32, I64, TrackSet

NONE = -1


@kernel
def nearest_start(lon, lat, at, own, begin, candidates, alive, radius, geodesic):
    """Track of `candidates` (other than `own`) whose first point is nearest to point `at`, radius included."""
    best = NONE
    least = radius
    for j in candidates:
        if j == own or not alive[j]:
            continue
        apart = distance(lon[at], lat[at], lon[begin[j]], lat[begin[j]], geodesic)
        if geodesic:
            apart = np.float32(np.float64(apart) / RAD)
        if apart <= radius and (best == NONE or apart < least):
            least = apart
            best = j
    return best


@kernel
def merge_chains(
    begin, end, frame, object_id, values, alive, order, group, group_start, radius, average, geodesic, following, skip
):
    """Merge tracks; the result is a chain of segments for every track.

    Parameters
    ----------
    begin, end : int64, shape (n_tracks,)
        First and last point of every track (updated: `end` of a merged track is that of its last segment).
    frame, object_id : shape (n_points,)
    values : float32, shape (n_columns, n_points)
        Longitude, latitude, intensity, ...: all that is averaged (updated in place).
    alive : bool, shape (n_tracks,)
        Track has points (cleared where a track is taken into another).
    order, group, group_start : int64
        Tracks that may be taken, sorted by frame, object of their first point and position in the list; the group
        that holds the starts in each point's frame and object (or NONE); offsets of the groups into `order`.
    radius : float32
    average : bool
        Average the common point, else keep both.
    following : int64, shape (n_tracks,)
        Filled with the track whose points follow, or NONE.
    skip : int64, shape (n_tracks,)
        Filled with 1 where the first point of a taken track went into the average.
    """
    last_frame = frame[end[alive]].max()
    lon, lat = values[0], values[1]
    for i in range(len(begin)):
        tail = i
        while alive[i] and frame[end[i]] != last_frame:
            g = group[end[i]]
            if g == NONE:
                break
            candidates = order[group_start[g] : group_start[g + 1]]
            j = nearest_start(lon, lat, end[i], i, begin, candidates, alive, radius, geodesic)
            if j == NONE:
                break
            if average:
                a, b = end[i], begin[j]
                for column in values:
                    column[a] = np.float32(np.float32(column[a] + column[b]) * np.float32(0.5))
                skip[j] = 1
            following[tail] = j
            alive[j] = False
            while following[tail] != NONE:  # `j` may itself have been merged before
                tail = following[tail]
            if not (average and end[j] == begin[j]):
                end[i] = end[j]


def _groups(tracks: TrackSet, begin: I64, filled: np.ndarray, first_frame: int) -> tuple[I64, I64, I64]:
    """Starts by frame and object: order, group of every point, offsets of the groups."""
    assert tracks.object_id is not None
    chosen = np.flatnonzero(filled)
    chosen = chosen[tracks.frame[begin[chosen]] != first_frame]
    keys = np.stack([tracks.frame[begin[chosen]], tracks.object_id[begin[chosen]]], axis=1)
    unique, label = np.unique(keys, axis=0, return_inverse=True)
    label = label.reshape(-1)
    order = chosen[np.argsort(label, kind="stable")]
    start = np.concatenate(([0], np.cumsum(np.bincount(label, minlength=len(unique)))))
    group = np.full(tracks.n_points, NONE, np.int64)
    if len(unique):
        base = int(tracks.object_id.max()) + 1
        code = unique[:, 0] * base + unique[:, 1]
        wanted = tracks.frame * base + tracks.object_id
        at = np.minimum(np.searchsorted(code, wanted), len(code) - 1)
        group = np.where(code[at] == wanted, at, NONE)
    return order, group, start


def _stacked(tracks: TrackSet) -> F32:
    columns = [tracks.lon, tracks.lat, tracks.value]
    if tracks.shape is not None:
        columns += list(tracks.shape.T)
    columns += list(tracks.fields.T)
    return np.array(columns, np.float32)


def _unstacked(tracks: TrackSet, values: F32) -> TrackSet:
    fields_from = 3 if tracks.shape is None else 7
    return dataclasses.replace(
        tracks,
        lon=values[0],
        lat=values[1],
        value=values[2],
        shape=None if tracks.shape is None else np.ascontiguousarray(values[3:7].T),
        fields=np.ascontiguousarray(values[fields_from:].T),
    )


def merge(tracks: TrackSet, settings: MergeSettings, *, geodesic: bool) -> TrackSet:
    """Merge tracks that meet in the same frame and object.

    Parameters
    ----------
    tracks : TrackSet
        Right after joining: objects must be known.
    settings : MergeSettings
        Radius in degrees (or units) and whether to average the common point.
    geodesic : bool
        Distances on the sphere.

    Returns
    -------
    TrackSet
        Tracks taken into others are emptied.
    """
    filled = tracks.lengths > 0
    if not settings.end_points or not filled.any():
        return tracks
    if tracks.object_id is None:
        raise UserInputError("tracks can be merged only right after joining, when their objects are known")
    begin, end = tracks.start[:-1].copy(), tracks.start[1:] - 1
    first_frame = int(tracks.frame[begin[filled]].min())
    order, group, group_start = _groups(tracks, begin, filled, first_frame)
    values = _stacked(tracks)
    following, skip = np.full(tracks.n_tracks, NONE, np.int64), np.zeros(tracks.n_tracks, np.int64)
    alive = filled.copy()
    merge_chains(
        begin,
        end,
        tracks.frame,
        tracks.object_id,
        values,
        alive,
        order,
        group,
        group_start,
        np.float32(settings.radius),
        settings.average,
        geodesic,
        following,
        skip,
    )
    return _chained(_unstacked(tracks, values), alive, following, skip)


def _chained(tracks: TrackSet, alive: np.ndarray, following: I64, skip: I64) -> TrackSet:
    """Tracks made of the segments of their chains."""
    pieces: list[np.ndarray] = []
    counts = np.zeros(tracks.n_tracks, np.int64)
    for k in np.flatnonzero(alive).tolist():
        segment = k
        while segment != NONE:
            piece = np.arange(tracks.start[segment] + skip[segment], tracks.start[segment + 1])
            pieces.append(piece)
            counts[k] += len(piece)
            segment = int(following[segment])
    start = np.concatenate(([0], np.cumsum(counts)))
    return tracks.take(np.concatenate(pieces), start)
