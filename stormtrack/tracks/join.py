"""Joining of chunks: sets of linked features become combined tracks.

References
----------
Specification 01, section 13; 04, sections 10.2 and 10.3. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..arrays import F32, I32, I64, Mask
from ..errors import TrackFileError
from .join_kernels import NOT_MATCHED, Entries, Starts, match_entries, sort_keys
from .model import UNPROJECTED, ProjectionDetails, TrackSet


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTracks:
    """One set: features of all frames and the tracks over them; numbers are 1-based.

    Attributes
    ----------
    name : str
        The track file, for messages.
    n_frames : int
        Frames in the object file.
    object_start : int64, shape (n_frames + 1,)
        Offsets of the frames into the objects.
    feature_start : int64, shape (n_objects + 1,)
        Offsets of the objects into the features.
    lon, lat, value : float32, shape (n_features,)
        Positions; grid numbers (feature type 3) already turned into coordinates.
    shape : float32, shape (n_features, 4), optional
        Anisotropy, orientation x and y, area.
    fields : float32, shape (n_features, n_field_values)
        Additional fields.
    field_has_position : tuple of bool
        Per additional field.
    track_start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the points.
    frame, object, feature, missing : int64, shape (n_points,)
        Points of the tracks. Frames follow one another without gaps; if they do not, the first one decides which
        points are used, as in the original.
    projection : ProjectionDetails
        Of the positions.
    """

    name: str
    n_frames: int
    object_start: I64
    feature_start: I64
    lon: F32
    lat: F32
    value: F32
    shape: F32 | None
    fields: F32
    field_has_position: tuple[bool, ...]
    track_start: I64
    frame: I64
    object: I64
    feature: I64
    missing: I64
    projection: ProjectionDetails = UNPROJECTED

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return len(self.track_start) - 1


@dataclass(slots=True)
class _Combined:
    """The list of combined tracks while sets are added: one entry each, its points as segments."""

    end_mark: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    last_frame: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    n_points: I64 = field(default_factory=lambda: np.zeros(0, np.int64))
    last_lon: F32 = field(default_factory=lambda: np.zeros(0, np.float32))
    last_lat: F32 = field(default_factory=lambda: np.zeros(0, np.float32))
    entry: list[I64] = field(default_factory=list)
    frame: list[I64] = field(default_factory=list)
    source: list[I64] = field(default_factory=list)
    """Per set: entry, frame and row in the set's point table of every point."""

    def grow(self, count: int) -> None:
        for name, kind in (("end_mark", np.int64), ("last_frame", np.int64), ("n_points", np.int64)):
            setattr(self, name, np.concatenate((getattr(self, name), np.zeros(count, kind))))
        for name in ("last_lon", "last_lat"):
            setattr(self, name, np.concatenate((getattr(self, name), np.zeros(count, np.float32))))


@dataclass(frozen=True, slots=True)
class _Points:
    """Points of a set's tracks: their slot frames and feature rows."""

    slot: I64
    row: I64


@dataclass(frozen=True, slots=True)
class _Place:
    """What is added to a set's frame numbers, and the set's number."""

    shift: int
    mark: int


def _slots(chunk: ChunkTracks) -> _Points:
    """Slot frame and feature row of every track point.

    Raises
    ------
    TrackFileError
        If a point refers to a frame, object or feature that does not exist.
    """
    lengths = np.diff(chunk.track_start)
    first = np.repeat(chunk.track_start[:-1], lengths)
    slot = chunk.frame[first] + np.arange(len(chunk.frame)) - first
    ok = (chunk.frame >= 1) & (chunk.frame <= chunk.n_frames) & (slot >= 1) & (slot <= chunk.n_frames)
    at = np.where(ok, chunk.frame - 1, 0)
    if not chunk.n_frames or not len(chunk.feature_start):
        ok[:] = False
        objects = rows = np.zeros(len(slot), np.int64)
    else:
        objects = chunk.object_start[at] + chunk.object - 1
        ok &= (chunk.object >= 1) & (objects < chunk.object_start[at + 1])
        objects = np.where(ok, objects, 0)
        padded = np.concatenate((chunk.feature_start, chunk.feature_start[-1:]))
        rows = padded[objects] + chunk.feature - 1
        ok &= (chunk.feature >= 1) & (rows < padded[objects + 1])
    if not ok.all():
        bad = int(np.flatnonzero(~ok)[0])
        track = int(np.searchsorted(chunk.track_start, bad, "right"))
        problem = (
            f"track {track} in file order refers to feature {chunk.feature[bad]} of object {chunk.object[bad]} in "
            f"frame {chunk.frame[bad]}, which the object file ({chunk.n_frames} frames) does not have; give the "
            "object and track file of the same run"
        )
        raise TrackFileError(problem, path=chunk.name)
    return _Points(slot, rows)


def _starting_points(chunk: ChunkTracks, points: _Points, first_frame: int) -> I64:
    """Number of points of every track that lie before `first_frame`."""
    lengths = np.diff(chunk.track_start)
    begin = np.full(chunk.n_tracks, chunk.n_frames + 1, np.int64)
    begin[lengths > 0] = points.slot[chunk.track_start[:-1][lengths > 0]]
    return np.clip(first_frame - begin, 0, lengths)


def _match(
    combined: _Combined, chunk: ChunkTracks, points: _Points, skip: I64, first_frame: int, total: int, geodesic: bool
) -> I64:
    """Entry that every track of the set continues, or NOT_MATCHED."""
    lengths = np.diff(chunk.track_start)
    at = chunk.track_start[:-1] + skip
    present = skip < lengths
    present[present] = points.slot[at[present]] == first_frame
    row = np.zeros(chunk.n_tracks, np.int64)
    row[present] = points.row[at[present]]
    candidates = np.flatnonzero((combined.end_mark != 0) & (combined.n_points > 0) & (combined.last_frame == total))
    lon, lat = (a[row] if len(a) else np.zeros(len(row), np.float32) for a in (chunk.lon, chunk.lat))
    last_lon, last_lat = combined.last_lon[candidates], combined.last_lat[candidates]
    order = np.argsort(sort_keys(last_lat, geodesic), kind="stable")
    starts = Starts(present, lon, lat, sort_keys(lat, geodesic))
    entries = Entries(last_lon, last_lat, sort_keys(last_lat, geodesic)[order], order)
    found = match_entries(starts, entries, at_end=chunk.n_frames == first_frame, geodesic=geodesic)
    older = found >= 0
    found[older] = candidates[found[older]]
    return found


def _append(
    combined: _Combined, chunk: ChunkTracks, points: _Points, entry: I64, skip: I64, continued: Mask, place: _Place
) -> None:
    """Append the points of every track behind its first `skip` ones to its entry.

    A continued track leaves out its point in the common frame as well: its entry has it already.
    """
    shift, mark = place.shift, place.mark
    skip = skip + continued
    counts = np.diff(chunk.track_start) - skip
    owner = np.repeat(np.arange(chunk.n_tracks), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    source = (chunk.track_start[:-1] + skip)[owner] + within
    combined.entry.append(entry[owner])
    combined.frame.append(chunk.frame[source] + shift)
    combined.source.append(source)
    combined.end_mark[entry] = 0
    some = counts > 0
    last = chunk.track_start[1:][some] - 1
    combined.end_mark[entry[some]] = np.where(points.slot[last] == chunk.n_frames, mark, 0)
    combined.last_frame[entry[some]] = chunk.frame[last] + shift
    combined.last_lon[entry[some]] = chunk.lon[points.row[last]]
    combined.last_lat[entry[some]] = chunk.lat[points.row[last]]
    combined.end_mark[entry[continued & ~some]] = 0  # continued by nothing, even if begun by this set
    np.add.at(combined.n_points, entry, counts)


def join(chunks: Sequence[ChunkTracks], first_frames: Sequence[int], *, matching: bool, geodesic: bool) -> TrackSet:
    """Combine the tracks of successive sets.

    Parameters
    ----------
    chunks : sequence of ChunkTracks
        The sets in order.
    first_frames : sequence of int
        First frame to use of each set, 1-based.
    matching : bool
        Continue a track of the sets before where the positions in the common frame agree; otherwise the frames of
        each set follow those of the set before, without joining tracks.
    geodesic : bool
        Distances on the sphere, else Euclidean.

    Returns
    -------
    TrackSet
        Ids are positions in the list; tracks without points keep their place.

    Raises
    ------
    TrackFileError
        If a track refers to a feature that does not exist, a first frame is not in its set, or the sets differ in
        their columns.

    Notes
    -----
    Parity: bitwise. Entries whose last position lies in the set's first frame are found by latitude; the test itself
    is the original's, and among several the first in the list is taken.
    """
    combined = _Combined()
    total = 0
    tables: list[_Points] = []
    for mark, (chunk, first_frame) in enumerate(zip(chunks, first_frames, strict=True), 1):
        if not 1 <= first_frame <= chunk.n_frames:
            problem = f"first frame {first_frame} of set {mark} must lie in 1 to {chunk.n_frames}"
            raise TrackFileError(problem, path=chunk.name)
        points = _slots(chunk)
        tables.append(points)
        skip = _starting_points(chunk, points, first_frame)
        follows = mark > 1 and matching
        entry = np.full(chunk.n_tracks, NOT_MATCHED, np.int64)
        if follows:
            entry = _match(combined, chunk, points, skip, first_frame, total, geodesic)
        continued = entry != NOT_MATCHED
        fresh = np.flatnonzero(~continued)
        before = len(combined.end_mark)
        # a match with an entry of this very set is coded as -2 - track
        entry[fresh] = before + np.arange(len(fresh))
        own = entry < NOT_MATCHED
        entry[own] = entry[-2 - entry[own]]
        combined.grow(len(fresh))
        shift = total - first_frame + (0 if follows else 1)
        _append(combined, chunk, points, entry, skip, continued, _Place(shift, mark))
        if mark > 1:
            combined.end_mark[combined.end_mark < mark] = 0
        total += chunk.n_frames - first_frame + (0 if follows else 1)
    return _track_set(chunks, tables, combined)


def _columns_agree(chunks: Sequence[ChunkTracks]) -> None:
    for chunk in chunks[1:]:
        if (chunk.shape is None) != (chunks[0].shape is None):
            raise TrackFileError("the sets must all have shape attributes, or none of them", path=chunk.name)
        if chunk.field_has_position != chunks[0].field_has_position:
            raise TrackFileError("the sets differ in their additional fields", path=chunk.name)


def _track_set(chunks: Sequence[ChunkTracks], tables: list[_Points], combined: _Combined) -> TrackSet:
    if not chunks:
        return TrackSet()
    _columns_agree(chunks)
    entry = np.concatenate(combined.entry)
    order = np.argsort(entry, kind="stable")
    counts = np.bincount(entry, minlength=len(combined.end_mark))

    def points(name: str) -> I64:
        return np.concatenate([getattr(c, name)[s] for c, s in zip(chunks, combined.source, strict=True)])[order]

    def features(name: str) -> F32:
        parts = zip(chunks, tables, combined.source, strict=True)
        return np.concatenate([getattr(c, name)[t.row[s]] for c, t, s in parts])[order]

    object_id: I32 = points("object").astype(np.int32)
    return TrackSet(
        track_id=np.arange(1, len(counts) + 1, dtype=np.int64),
        start=np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
        start_time=np.zeros(len(counts), np.int64),
        frame=np.concatenate(combined.frame)[order],
        lon=features("lon"),
        lat=features("lat"),
        value=features("value"),
        missing=points("missing").astype(np.int32),
        shape=None if chunks[0].shape is None else features("shape"),
        fields=features("fields"),
        field_has_position=chunks[0].field_has_position,
        object_id=object_id,
        shape_flag=chunks[0].shape is not None,
        projection=chunks[-1].projection,
    )
