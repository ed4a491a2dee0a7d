"""Joining of chunks: sets of linked features become combined tracks.

References
----------
Specification 01, section 13; 04, sections 10.2 and 10.3. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..arrays import F32, I64, Mask
from ..errors import TrackFileError
from ..model.features import Features
from ..model.links import Links
from ..model.times import concatenated
from ..model.tracks import TrackSet, no_tracks, offsets
from ..model.variables import SHAPE, added_fields, joined
from .join_kernels import NOT_MATCHED, Entries, Starts, match_entries, sort_keys

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chunk:
    """One set to be joined: features of a stretch of frames, and the tracks over them.

    Attributes
    ----------
    features : Features
        Positions are coordinates, no node numbers.
    links : Links
        Points of a track follow one another without gaps in time; if they do not, the first one decides which points
        are used, as in the original.
    name : str
        For messages.
    first_frame : int
        First frame to use, 1-based.
    """

    features: Features
    links: Links
    name: str = "tracks"
    first_frame: int = 1

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.features.n_frames

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return self.links.n_tracks


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
    """Points of a set's tracks: frame (1-based), the frame that they count as, and feature."""

    frame: I64
    slot: I64
    row: I64


@dataclass(frozen=True, slots=True)
class _Place:
    """What is added to a set's frame numbers, and the set's number."""

    shift: int
    mark: int


def _points(chunk: Chunk) -> _Points:
    """Frames and features of every track point.

    Raises
    ------
    TrackFileError
        If a track would go on behind the last frame.
    """
    links = chunk.links
    frame = chunk.features.frame_index[links.feature] + 1
    first = np.repeat(links.start[:-1], links.lengths)
    slot = frame[first] + np.arange(len(frame)) - first
    beyond = slot > chunk.n_frames
    if beyond.any():
        bad = int(np.flatnonzero(beyond)[0])
        track = int(np.searchsorted(links.start, bad, "right"))
        raise TrackFileError(
            f"track {track} in file order has more points than frames follow its first one ({chunk.n_frames} frames in "
            "all); give the object and track file of the same run",
            path=chunk.name,
        )
    return _Points(frame, slot, links.feature)


def _starting_points(chunk: Chunk, points: _Points) -> I64:
    """Number of points of every track that lie before the set's first frame."""
    lengths = chunk.links.lengths
    begin = np.full(chunk.n_tracks, chunk.n_frames + 1, np.int64)
    begin[lengths > 0] = points.slot[chunk.links.start[:-1][lengths > 0]]
    return np.clip(chunk.first_frame - begin, 0, lengths)


def _match(combined: _Combined, chunk: Chunk, points: _Points, skip: I64, total: int, geodesic: bool) -> I64:
    """Entry that every track of the set continues, or NOT_MATCHED."""
    features, links = chunk.features, chunk.links
    at = links.start[:-1] + skip
    present = skip < links.lengths
    present[present] = points.slot[at[present]] == chunk.first_frame
    row = np.zeros(chunk.n_tracks, np.int64)
    row[present] = points.row[at[present]]
    candidates = np.flatnonzero((combined.end_mark != 0) & (combined.n_points > 0) & (combined.last_frame == total))
    lon, lat = (a[row] if len(a) else np.zeros(len(row), np.float32) for a in (features.x, features.y))
    last_lon, last_lat = combined.last_lon[candidates], combined.last_lat[candidates]
    order = np.argsort(sort_keys(last_lat, geodesic), kind="stable")
    starts = Starts(present, lon, lat, sort_keys(lat, geodesic))
    entries = Entries(last_lon, last_lat, sort_keys(last_lat, geodesic)[order], order)
    found = match_entries(starts, entries, at_end=chunk.n_frames == chunk.first_frame, geodesic=geodesic)
    older = found >= 0
    found[older] = candidates[found[older]]
    return found


def _append(
    combined: _Combined, chunk: Chunk, points: _Points, entry: I64, skip: I64, continued: Mask, place: _Place
) -> None:
    """Append the points of every track behind its first `skip` ones to its entry.

    A continued track leaves out its point in the common frame as well: its entry has it already.
    """
    shift, mark, start = place.shift, place.mark, chunk.links.start
    skip = skip + continued
    counts = chunk.links.lengths - skip
    owner = np.repeat(np.arange(chunk.n_tracks), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    source = (start[:-1] + skip)[owner] + within
    combined.entry.append(entry[owner])
    combined.frame.append(points.frame[source] + shift)
    combined.source.append(source)
    combined.end_mark[entry] = 0
    some = counts > 0
    last = start[1:][some] - 1
    combined.end_mark[entry[some]] = np.where(points.slot[last] == chunk.n_frames, mark, 0)
    combined.last_frame[entry[some]] = points.frame[last] + shift
    combined.last_lon[entry[some]] = chunk.features.x[points.row[last]]
    combined.last_lat[entry[some]] = chunk.features.y[points.row[last]]
    combined.end_mark[entry[continued & ~some]] = 0  # continued by nothing, even if begun by this set
    np.add.at(combined.n_points, entry, counts)


def join(chunks: Sequence[Chunk], *, matching: bool = False, geodesic: bool = True) -> TrackSet:
    """Combine the tracks of successive sets.

    Parameters
    ----------
    chunks : sequence of Chunk
        The sets in order.
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
        If a track goes on behind the last frame, a first frame is not in its set, or the sets differ in their
        variables.

    Notes
    -----
    Parity: bitwise. Entries whose last position lies in the set's first frame are found by latitude; the test itself
    is the original's, and among several the first in the list is taken.
    """
    combined = _Combined()
    total = 0
    tables: list[_Points] = []
    for mark, chunk in enumerate(chunks, 1):
        first_frame = chunk.first_frame
        if not 1 <= first_frame <= chunk.n_frames:
            problem = f"first frame {first_frame} of set {mark} must lie in 1 to {chunk.n_frames}"
            raise TrackFileError(problem, path=chunk.name)
        points = _points(chunk)
        tables.append(points)
        skip = _starting_points(chunk, points)
        follows = mark > 1 and matching
        entry = np.full(chunk.n_tracks, NOT_MATCHED, np.int64)
        if follows:
            entry = _match(combined, chunk, points, skip, total, geodesic)
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


def track_set(features: Features, links: Links, name: str = "tracks") -> TrackSet:
    """The tracks that links make of features, with the ids of the links.

    Raises
    ------
    TrackFileError
        As `join`; `name` stands in the message.
    """
    if features.n_frames == 0:
        return no_tracks()
    joined_tracks = join([Chunk(features=features, links=links, name=name)])
    return replace(joined_tracks, track_id=links.track_id)


def _refuse_different_variables(chunks: Sequence[Chunk]) -> None:
    shaped = [chunk.features.variable(SHAPE[0]) is not None for chunk in chunks]
    fields = [[f.has_position for f in added_fields(chunk.features.variables)] for chunk in chunks]
    for chunk, has_shape, placed in zip(chunks, shaped, fields, strict=True):
        if has_shape != shaped[0]:
            raise TrackFileError("the sets must all have shape attributes, or none of them", path=chunk.name)
        if placed != fields[0]:
            raise TrackFileError("the sets differ in their additional fields", path=chunk.name)


def _track_set(chunks: Sequence[Chunk], tables: list[_Points], combined: _Combined) -> TrackSet:
    if not chunks:
        return no_tracks()
    _refuse_different_variables(chunks)
    entry = np.concatenate(combined.entry)
    order = np.argsort(entry, kind="stable")
    counts = np.bincount(entry, minlength=len(combined.end_mark))
    rows = [table.row[source] for table, source in zip(tables, combined.source, strict=True)]
    sets = [chunk.features for chunk in chunks]

    def put_together(parts: Iterable[NDArray[Number]]) -> NDArray[Number]:
        return np.concatenate(list(parts))[order]

    features = list(zip(sets, rows, strict=True))
    variables = [joined([s.variables[k].take(r) for s, r in features]) for k in range(len(sets[0].variables))]
    times = concatenated(
        [None if s.time is None else s.time.take(s.frame_index[r]) for s, r in features], [len(r) for r in rows]
    )
    missing = (c.links.missing_after[source] for c, source in zip(chunks, combined.source, strict=True))
    return TrackSet(
        track_id=np.arange(1, len(counts) + 1),
        start=offsets(counts),
        lon=put_together(s.x[r] for s, r in features),
        lat=put_together(s.y[r] for s, r in features),
        variables=tuple(v.take(order) for v in variables),
        frame=put_together(combined.frame),
        missing_after=put_together(missing),
        time=None if times is None else times.take(order),
        object_number=put_together(s.object_number[r] + 1 for s, r in features).astype(np.int32),
        projection=chunks[-1].features.projection,
    )
