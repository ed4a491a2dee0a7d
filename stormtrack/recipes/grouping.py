"""Tracks of several searches, and of several fields, as one set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..arrays import Array
from ..model.tracks import KIND, SOURCE_ID, TrackSet, no_tracks, put_together


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Tracks of one kind.

    Attributes
    ----------
    name : str
        Of the search, for example ``NH_cyclones``.
    tracks : TrackSet
    labels : mapping
        What else is the same for all of them: name to value (a member, a start of forecasts).
    """

    name: str
    tracks: TrackSet
    labels: Mapping[str, Any] = field(default_factory=dict)


def one_set(groups: Sequence[Group], units: str) -> TrackSet:
    """All tracks with points as one set; what told them apart becomes labels.

    Parameters
    ----------
    groups : sequence of Group
        With the same variables, and times of one series.
    units : str
        Of the intensity.

    Returns
    -------
    TrackSet
        With the label `KIND` and those of the groups. Ids of a single group stay (they are TRACK's); those of several
        are counted from 1, and `SOURCE_ID` has the id that a track had in its group.
    """
    if not groups:
        return no_tracks()
    tracks = put_together([_labelled(group) for group in groups])
    if len(groups) > 1:
        labels = {SOURCE_ID: tracks.track_id, **tracks.labels}
        tracks = replace(tracks, track_id=np.arange(1, tracks.n_tracks + 1), labels=labels)
    first = tuple(replace(v, units=units) for v in tracks.variables[:1])
    return replace(tracks, variables=first + tracks.variables[1:])


def _labelled(group: Group) -> TrackSet:
    tracks = group.tracks.without_empty()
    told = {KIND: group.name} | dict(group.labels)
    labels = {name: _repeated(value, tracks.n_tracks) for name, value in told.items()}
    return replace(tracks, labels={**tracks.labels, **labels})


def _repeated(value: Any, count: int) -> Array:
    number = np.asarray(value)
    if number.dtype.kind in "iuf":
        return np.repeat(number, count)
    out = np.empty(count, object)
    out[:] = str(value)
    return out
