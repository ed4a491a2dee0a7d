"""Several sets put together: one axis of time, ids, tracks that two sets share counted once.

Two tracks of different sets are one if they have points at a common time, all points at times that both have are equal
(positions and first value, bit by bit), and over their common stretch both have points at the same times. So a track
that both files hold counts once, and one that is cut at New Year is joined if the files overlap by one frame or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from ..arrays import I64, Array
from ..errors import TracksError
from ..model.dates import calendar_named, same_days, seconds_of, times_like
from ..model.times import Times
from ..model.tracks import SOURCE, SOURCE_ID, TEXT_ID, TrackSet, offsets, put_together
from ..model.variables import Variable

Ids = Literal["keep", "renumber"]


def combined(sets: Sequence[TrackSet], ids: Ids, variables: Literal["common", "all"], once: bool) -> TrackSet:
    """The tracks of several sets.

    Parameters
    ----------
    sets : sequence of TrackSet
    ids : {"keep", "renumber"}
        Renumbered ones count from 1, and the label `SOURCE_ID` keeps the old ones.
    variables : {"common", "all"}
        Those that all sets have, or all, with missing values where a set has none.
    once : bool
        Count tracks that two sets share once (needs dates).

    Raises
    ------
    TracksError
        If there is no set, calendars or projections differ, or only some sets have dates.
    """
    if ids not in ("keep", "renumber") or variables not in ("common", "all"):
        raise TracksError(f"ids='{ids}', variables='{variables}': allowed are keep or renumber, and common or all")
    if not sets:
        raise TracksError("combine: there are no sets of tracks to put together")
    _check_alike(sets)
    same = _with_frames(_on_one_axis([replace(one, start_time=None) for one in sets]))
    if variables == "all":
        same = _with_all_variables(same)
    same = _with_sources(same)
    whole = put_together(same)
    if not whole.variables:
        had = "; ".join(
            ", ".join(f"{v.name} ({v.units or 'no units'})" for v in one.variables) or "none" for one in sets
        )
        raise TracksError(
            f"combine: the sets have no variable in common of the same name and units (they have {had}); "
            "variables='all' keeps all of them"
        )
    if once and len(same) > 1 and whole.time is not None:
        whole = _counted_once(whole)
    return _renumbered(whole) if ids == "renumber" else _without_sources(whole)


def _check_alike(sets: Sequence[TrackSet]) -> None:
    dated = [one.time is not None for one in sets if one.n_points]
    if any(dated) and not all(dated):
        k = dated.index(False) + 1
        raise TracksError(
            f"combine: set {k} has frame numbers only, others have dates; give it dates first: "
            "tracks.with_dates('2000-01-01 00', step='6h')"
        )
    kinds = {one.projection for one in sets if one.n_points}
    if len(kinds) > 1:
        raise TracksError("combine: positions of the sets refer to different projections")


def _on_one_axis(sets: list[TrackSet]) -> list[TrackSet]:
    """Times in the same units and calendar."""
    known = [(k, one.time) for k, one in enumerate(sets) if one.time is not None]
    kinds = {(times.units, times.calendar) for _, times in known}
    if len(kinds) < 2:
        return sets
    calendar = _one_calendar([times for _, times in known])
    pattern = replace(known[0][1], calendar=calendar)
    out = list(sets)
    everything = np.concatenate([seconds_of(times) for _, times in known])
    units = times_like(everything, pattern)
    start = 0
    for k, times in known:
        out[k] = replace(sets[k], time=units.take(slice(start, start + len(times))))
        start += len(times)
    return out


def _one_calendar(times: list[Times]) -> str:
    names = list(dict.fromkeys(calendar_named(one.calendar) for one in times))
    seconds = np.concatenate([seconds_of(one) for one in times])
    if all(same_days(names[0], name, seconds) for name in names[1:]):
        return names[0]
    raise TracksError(f"sets with dates of different calendars cannot be put together: {', '.join(names)}")


def _with_frames(sets: list[TrackSet]) -> list[TrackSet]:
    """Frame numbers that mean the same in all sets: kept if one frame is one time everywhere, else 0."""
    if any(one.time is None for one in sets if one.n_points):
        return sets
    pairs = [np.stack([one.frame, one.time.values], axis=1) for one in sets if one.time is not None]
    together = np.unique(np.concatenate(pairs), axis=0) if pairs else np.zeros((0, 2), np.int64)
    if all(len(np.unique(together[:, k])) == len(together) for k in (0, 1)):
        return sets
    return [replace(one, frame=0 * one.frame, missing_after=0 * one.missing_after) for one in sets]


def _with_all_variables(sets: list[TrackSet]) -> list[TrackSet]:
    known: dict[str, Variable] = {}
    for variable in (v for one in sets for v in one.variables):
        first = known.setdefault(variable.name, variable)
        if not variable.like(first):
            raise TracksError(
                f"combine: '{variable.name}' is in '{first.units}' in one set and in '{variable.units}' in another (or "
                "has positions in one only); convert it, or take variables='common'"
            )
    return [replace(one, variables=tuple(_or_missing(one, v) for v in known.values())) for one in sets]


def _or_missing(one: TrackSet, pattern: Variable) -> Variable:
    missing = np.float32(np.nan if pattern.missing_value is None else pattern.missing_value)
    empty = np.full(one.n_points, missing, np.float32)
    place = empty if pattern.has_position else None
    return one.variable(pattern.name) or replace(pattern, values=empty, lon=place, lat=place)


def _with_sources(sets: list[TrackSet]) -> list[TrackSet]:
    """Each track with the number of its set; text ids everywhere where one set has them."""
    texts = any(TEXT_ID in one.labels for one in sets)
    out = []
    for number, one in enumerate(sets, 1):
        labels: dict[str, Array] = dict(one.labels)
        if texts and TEXT_ID not in labels:
            labels[TEXT_ID] = np.array([str(i) for i in one.track_id.tolist()], object)
        if len(sets) > 1:
            labels[SOURCE] = np.full(one.n_tracks, number, np.int64)
        out.append(replace(one, labels=labels))
    return out


def _without_sources(data: TrackSet) -> TrackSet:
    return replace(data, labels={name: values for name, values in data.labels.items() if name != SOURCE})


def _renumbered(data: TrackSet) -> TrackSet:
    labels = {name: values for name, values in data.labels.items() if name != TEXT_ID}
    labels[SOURCE_ID] = data.labels.get(TEXT_ID, data.track_id)
    return replace(data, track_id=np.arange(1, data.n_tracks + 1), labels=labels)


def _counted_once(data: TrackSet) -> TrackSet:
    """Tracks that several sets share become one, at the place of the first."""
    root = _roots(data, _shared(data))
    if (root == np.arange(data.n_tracks)).all():
        return data
    owner, times = root[data.owner], data.time.values if data.time is not None else data.frame
    order = np.lexsort((times, owner))
    owner, times = owner[order], times[order]
    joined = np.bincount(root) > 1
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(owner) != 0) | (np.diff(times) != 0) | ~joined[owner[1:]]
    lengths = np.bincount(owner[first], minlength=data.n_tracks)
    return data.take(order[first], offsets(lengths)).of_tracks(np.flatnonzero(root == np.arange(data.n_tracks)))


def _point_keys(data: TrackSet) -> I64:
    """Number of each point such that equal points (time, position and first value, bit by bit) have the same."""
    times = data.time.values if data.time is not None else data.frame
    columns = [times, *(a.view(np.int32).astype(np.int64) for a in map(_own, (data.lon, data.lat, data.intensity)))]
    order = np.lexsort(columns[::-1])
    changed = np.zeros(len(order), np.bool_)
    for column in columns:
        changed[1:] |= np.diff(column[order]) != 0
    keys = np.empty(len(order), np.int64)
    keys[order] = np.cumsum(changed)
    return keys


def _own(array: Array) -> Array:
    return np.ascontiguousarray(array)


def _shared(data: TrackSet) -> I64:
    """Pairs of tracks of different sets that are one: int64, shape (n, 2)."""
    keys, source, owner = _point_keys(data), data.labels[SOURCE].astype(np.int64), data.owner
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    pairs = []
    distance = 1
    while distance < len(order):
        same = np.flatnonzero(keys[distance:] == keys[:-distance])
        if not len(same):
            break
        a, b = owner[order[same]], owner[order[same + distance]]
        pairs.append(np.stack([a, b], axis=1)[source[a] != source[b]])
        distance += 1
    found = np.sort(np.concatenate(pairs), axis=1) if pairs else np.zeros((0, 2), np.int64)
    pairs_of_tracks, count = np.unique(found, axis=0, return_counts=True)
    shared: I64 = pairs_of_tracks[_agree(data, pairs_of_tracks, count)]
    return shared


def _agree(data: TrackSet, pairs: I64, equal: I64) -> Array:
    """Whether both tracks have no other points in their common stretch than the equal ones."""
    times = data.time.values if data.time is not None else data.frame
    first, last = (np.zeros(data.n_tracks, np.int64) for _ in range(2))
    filled = data.lengths > 0
    first[filled], last[filled] = times[data.start[:-1][filled]], times[data.start[1:][filled] - 1]
    begin, end = first[pairs].max(axis=1), last[pairs].min(axis=1)
    agree = np.ones(len(pairs), np.bool_)
    for column in (0, 1):
        agree &= _points_between(data, times, pairs[:, column], begin, end) == equal
    return agree


def _points_between(data: TrackSet, times: I64, tracks: I64, begin: I64, end: I64) -> I64:
    """Number of points of each track between two times, both included."""
    if not len(tracks):
        return np.zeros(0, np.int64)
    kinds, rank = np.unique(times, return_inverse=True)
    keys = data.owner * (len(kinds) + 1) + rank
    low = tracks * (len(kinds) + 1) + np.searchsorted(kinds, begin)
    high = tracks * (len(kinds) + 1) + np.searchsorted(kinds, end)
    found: I64 = np.searchsorted(keys, high, "right") - np.searchsorted(keys, low, "left")
    return found


def _roots(data: TrackSet, pairs: I64) -> I64:
    """The first track of the group of each track; groups are what the pairs connect."""
    root = np.arange(data.n_tracks)
    while len(pairs):
        low, high = root[pairs].min(axis=1), root[pairs].max(axis=1)
        if (low == high).all():
            break
        np.minimum.at(root, high, low)
        while (root[root] != root).any():
            root = root[root]
    return root
