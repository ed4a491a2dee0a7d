"""Merging of split tracks: the end of one track meets the start of another in the same object.

References
----------
Specification 04, section 12 (track_merge). Parity: bitwise.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_2D, I64, I64_1D, Mask_1D
from ..errors import UserInputError
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD
from ..model.tracks import TrackSet
from ..model.variables import Variable, columns
from ..settings.splice import MergeSettings
from .filter_kernels import distance

NONE = -1


class Segments(NamedTuple):
    """Tracks while they are merged.

    Attributes
    ----------
    begin, end : int64, shape (n_tracks,)
        First and last point of every track (updated: `end` of a merged track is that of its last segment).
    alive : bool, shape (n_tracks,)
        Track has points (cleared where a track is taken into another).
    following : int64, shape (n_tracks,)
        Track whose points follow, or NONE.
    skip : int64, shape (n_tracks,)
        1 where the first point of a taken track went into the average.
    """

    begin: I64_1D
    end: I64_1D
    alive: Mask_1D
    following: I64_1D
    skip: I64_1D


class Candidates(NamedTuple):
    """Tracks that may be taken, sorted by frame, object of their first point and position in the list.

    Attributes
    ----------
    order : int64, shape (n_candidates,)
    group : int64, shape (n_points,)
        Group that holds the starts in each point's frame and object, or NONE.
    group_start : int64, shape (n_groups + 1,)
        Offsets of the groups into `order`.
    """

    order: I64_1D
    group: I64_1D
    group_start: I64_1D


@helper
def nearest_start(values, segments, own, candidates, radius, geodesic):
    """Track of `candidates` (other than `own`) whose first point is nearest to the end of `own`, radius included."""
    lon, lat, begin = values[0], values[1], segments.begin
    at = segments.end[own]
    best = NONE
    least = radius
    for c in range(len(candidates)):
        j = candidates[c]
        if j == own or not segments.alive[j]:
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
    segments: Segments,
    frame: I64_1D,
    values: F32_2D,
    candidates: Candidates,
    last_frame: int,
    radius: np.float32,
    average: bool,
    geodesic: bool,
) -> None:
    """Merge tracks; the result is a chain of segments for every track.

    Parameters
    ----------
    segments : Segments
        `following` NONE and `skip` 0 at first.
    frame : int64, shape (n_points,)
    values : float32, shape (n_columns, n_points)
        Longitude, latitude, intensity, ...: all that is averaged (updated in place).
    candidates : Candidates
    last_frame : int
        In which no track ends that could go on.
    radius : float32
    average : bool
        Average the common point, else keep both.
    geodesic : bool
        Distances on the sphere.
    """
    begin, end, alive, following = segments.begin, segments.end, segments.alive, segments.following
    group, group_start = candidates.group, candidates.group_start
    for i in range(len(begin)):
        tail = i
        while alive[i] and frame[end[i]] != last_frame:
            g = group[end[i]]
            if g == NONE:
                break
            members = candidates.order[group_start[g] : group_start[g + 1]]
            j = nearest_start(values, segments, i, members, radius, geodesic)
            if j == NONE:
                break
            if average:
                a, b = end[i], begin[j]
                for c in range(values.shape[0]):
                    values[c, a] = np.float32(np.float32(values[c, a] + values[c, b]) * np.float32(0.5))
                segments.skip[j] = 1
            following[tail] = j
            alive[j] = False
            while following[tail] != NONE:  # `j` may itself have been merged before
                tail = following[tail]
            if not (average and end[j] == begin[j]):
                end[i] = end[j]


def _groups(tracks: TrackSet, begin: I64, filled: np.ndarray, first_frame: int) -> tuple[I64, I64, I64]:
    """Starts by frame and object: order, group of every point, offsets of the groups."""
    assert tracks.object_number is not None
    chosen = np.flatnonzero(filled)
    chosen = chosen[tracks.frame[begin[chosen]] != first_frame]
    keys = np.stack([tracks.frame[begin[chosen]], tracks.object_number[begin[chosen]]], axis=1)
    unique, label = np.unique(keys, axis=0, return_inverse=True)
    label = label.reshape(-1)
    order = chosen[np.argsort(label, kind="stable")]
    start = np.concatenate(([0], np.cumsum(np.bincount(label, minlength=len(unique)))))
    group = np.full(tracks.n_points, NONE, np.int64)
    if len(unique):
        base = int(tracks.object_number.max()) + 1
        code = unique[:, 0] * base + unique[:, 1]
        wanted = tracks.frame * base + tracks.object_number
        at = np.minimum(np.searchsorted(code, wanted), len(code) - 1)
        group = np.where(code[at] == wanted, at, NONE)
    return order, group, start


def _stacked(tracks: TrackSet) -> F32:
    """Positions and all values, one row each."""
    return np.array([tracks.lon, tracks.lat, *(c for v in tracks.variables for c in columns(v))], np.float32)


def _unstacked(tracks: TrackSet, values: F32) -> TrackSet:
    variables: list[Variable] = []
    at = 2
    for variable in tracks.variables:
        rows = values[at : at + len(columns(variable))]
        at += len(rows)
        placed = {"lon": rows[0], "lat": rows[1]} if variable.has_position else {}
        variables.append(dataclasses.replace(variable, values=rows[-1], **placed))
    return dataclasses.replace(tracks, lon=values[0], lat=values[1], variables=tuple(variables))


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
    if tracks.object_number is None:
        raise UserInputError("tracks can be merged only right after joining, when their objects are known")
    begin, end = tracks.start[:-1].copy(), tracks.start[1:] - 1
    first_frame, last_frame = int(tracks.frame[begin[filled]].min()), int(tracks.frame[end[filled]].max())
    candidates = Candidates(*_groups(tracks, begin, filled, first_frame))
    values = _stacked(tracks)
    following, skip = np.full(tracks.n_tracks, NONE, np.int64), np.zeros(tracks.n_tracks, np.int64)
    segments = Segments(begin, end, filled.copy(), following, skip)
    radius = np.float32(settings.radius)
    merge_chains(segments, tracks.frame, values, candidates, last_frame, radius, settings.average, geodesic)
    return _chained(_unstacked(tracks, values), segments.alive, following, skip)


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
