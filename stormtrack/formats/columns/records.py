"""Columns of records: everything of a set, what is said once for each track too, stands at every point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...arrays import I64, Array
from ...model.tracks import TrackSet
from . import layout as words
from .layout import Column, Layout
from .names import LAT, LON, TIME, TRACK_ID

_FIRST = (TRACK_ID.name, TIME.name, LON.name, LAT.name)


def to_records(layout: Layout) -> dict[str, Column]:
    """Columns of points: id, time, longitude, latitude, then the values, then what is said of tracks.

    Tracks without points vanish.
    """
    owner = layout.owner
    ids = layout.tracks[TRACK_ID.name]
    found = {TRACK_ID.name: replace(ids, values=ids.values[owner])}
    found |= {name: layout.points[name] for name in _FIRST[1:]}
    listed = words.names_in(layout.attributes, words.VARIABLES)
    for name in listed:
        found |= {n: c for n, c in layout.points.items() if c.attributes.get(words.POSITION_OF) == name}
        found[name] = layout.points[name]
    found |= {name: column for name, column in layout.points.items() if name not in found}
    for name, column in layout.tracks.items():
        if name != TRACK_ID.name:
            told = {**column.attributes, words.PER_TRACK: 1}
            found[name] = Column(values=column.values[owner], attributes=told)
    return found


def from_records(columns: Mapping[str, Column], attributes: Mapping[str, Any]) -> Layout:
    """The layout of columns of records.

    Parameters
    ----------
    columns : mapping
        With the names of this program for id, time, longitude and latitude.
    attributes : mapping
        Of the whole.

    Notes
    -----
    Points of one id that lie apart are brought together, in the order of their records; not so in what this program
    wrote, where several tracks may have one id, as long as the number of tracks is what it was.
    """
    ids = columns[TRACK_ID.name].values
    order, first, lengths = runs(ids, apart=True)
    if len(first) != attributes.get(words.N_TRACKS):
        order, first, lengths = runs(ids)
    tracks, points = {}, {}
    for name, column in columns.items():
        taken = replace(column, values=column.values[order])
        per_track = name == TRACK_ID.name or words.PER_TRACK in column.attributes
        if per_track and _is_constant(taken.values, first, lengths):
            told = {key: value for key, value in taken.attributes.items() if key != words.PER_TRACK}
            tracks[name] = Column(values=taken.values[first], attributes=told)
        else:
            points[name] = taken
    return Layout(tracks=tracks, points=points, lengths=lengths, attributes=attributes)


def runs(ids: Array, *, apart: bool = False) -> tuple[I64, I64, I64]:
    """Records by tracks.

    Parameters
    ----------
    ids : array, shape (n,)
    apart : bool
        The same id after others begins another track.

    Returns
    -------
    order : int64, shape (n,)
        Records, those of a track together; tracks in the order in which they begin.
    first : int64, shape (n_tracks,)
        Place in `order` of each track's first record.
    lengths : int64, shape (n_tracks,)
    """
    n = len(ids)
    if not n:
        return (np.zeros(0, np.int64),) * 3
    if apart:
        order = np.arange(n)
        begins = np.concatenate([[True], ids[1:] != ids[:-1]])
    else:
        if ids.dtype == object:
            ids = ids.astype(str)
        _, first_of, inverse = np.unique(ids, return_index=True, return_inverse=True)
        place = first_of[inverse]
        order = np.argsort(place, kind="stable")
        begins = np.concatenate([[True], place[order][1:] != place[order][:-1]])
    first = np.flatnonzero(begins)
    return order, first, np.diff(np.concatenate([first, [n]]))


def kept_apart(tracks: TrackSet) -> list[str]:
    """What columns of records cannot keep of these tracks."""
    lost = []
    empty = tracks.n_tracks - tracks.n_filled
    if empty:
        lost.append(f"{empty} tracks without points")
    ids = tracks.track_id[tracks.lengths > 0]
    same = int(np.count_nonzero(ids[1:] == ids[:-1]))
    if same:
        lost.append(f"the ends of {same} tracks that are followed by one of the same id")
    return lost


def _is_constant(values: Array, first: I64, lengths: I64) -> bool:
    repeated = np.repeat(values[first], lengths)
    with np.errstate(invalid="ignore"):
        same = repeated == values
    if values.dtype.kind == "f":
        same |= np.isnan(repeated) & np.isnan(values)
    return bool(np.all(same))
