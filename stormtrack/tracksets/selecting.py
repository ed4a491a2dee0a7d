"""Selecting tracks: the rules that are given are put together here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ..arrays import I64, Mask
from ..errors import TracksError
from ..labels.cyclonic import turning
from ..model.tracks import TrackSet, offsets
from . import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is selected; rules that are None do not count. The arguments of `Tracks.select`."""

    time: Any = None
    season: Any = None
    year: Any = None
    region: Any = None
    cap: Any = None
    basin: Any = None
    lifetime: Any = None
    displacement: Any = None
    path: Any = None
    intensity: Any = None
    genesis: Any = None
    lysis: Any = None
    kind: Any = None
    cyclonic: bool | None = None
    label: Any = None
    at: str | float = "any"
    by: str | None = None
    cut: bool = False

    @property
    def about_points(self) -> bool:
        """Whether there is a rule about points."""
        given = (self.time, self.season, self.year, self.region, self.cap, self.basin, self.label)
        return any(one is not None for one in given)


def selected(data: TrackSet, selection: Selection) -> TrackSet:
    """The tracks that match all rules, whole or cut to the points that match."""
    points = _points(data, selection)
    keep = (
        np.ones(data.n_tracks, np.bool_)
        if points is None
        else rules.of_tracks(data, points, selection.at, selection.by)
    )
    for rule in _track_rules(selection):
        keep &= rule(data)
    for name, wanted in _labels(data, selection, of_tracks=True).items():
        keep &= rules.with_label(data.labels[name], wanted)
    if selection.cut and points is not None:
        return _cut(data, points & keep[data.owner]).of_tracks(keep)
    return data.of_tracks(keep)


def _points(data: TrackSet, selection: Selection) -> Mask | None:
    """Points that match all rules about points, None if there are none of these."""
    found = []
    if selection.time is not None:
        found.append(rules.at_time(data, selection.time))
    if selection.season is not None or selection.year is not None:
        found.append(rules.in_season(data, selection.season, selection.year))
    if selection.region is not None:
        found.append(rules.in_region(data, selection.region))
    if selection.cap is not None:
        found.append(rules.in_cap(data, selection.cap))
    if selection.basin is not None:
        found.append(rules.in_basin_named(data, selection.basin))
    for name, wanted in _labels(data, selection, of_tracks=False).items():
        found.append(rules.with_label(data.point_labels[name], wanted))
    return np.logical_and.reduce(found) if found else None


def _labels(data: TrackSet, selection: Selection, *, of_tracks: bool) -> dict[str, Any]:
    """The labels of tracks, or of points, that there are rules about."""
    given = {} if selection.label is None else rules.labels_given(selection.label)
    return {name: wanted for name, wanted in given.items() if rules.is_of_tracks(data, name) == of_tracks}


def _track_rules(selection: Selection) -> list[Callable[[TrackSet], Mask]]:
    """Rules about whole tracks."""
    given: list[Callable[[TrackSet], Mask]] = []
    for place in ("genesis", "lysis"):
        wanted = getattr(selection, place)
        if wanted is not None:
            given.append(_at_end(place, wanted))
    simple = {
        "lifetime": rules.by_lifetime,
        "displacement": rules.by_displacement,
        "path": rules.by_path,
        "kind": rules.by_kind,
    }
    for name, rule in simple.items():
        wanted = getattr(selection, name)
        if wanted is not None:
            given.append(partial(_follow, rule, wanted))
    if selection.cyclonic is not None:
        given.append(lambda data: turning(data, bool(selection.cyclonic), selection.by))
    if selection.intensity is not None:
        given.append(lambda data: rules.by_intensity(data, selection.intensity, selection.by))
    return given


def _follow(rule: Callable[[TrackSet, Any], Mask], wanted: Any, data: TrackSet) -> Mask:
    return rule(data, wanted)


def _at_end(place: str, wanted: Any) -> Callable[[TrackSet], Mask]:
    return lambda data: rules.of_tracks(data, rules.where_or_when(data, wanted, place), place, None)


def _cut(data: TrackSet, points: Mask) -> TrackSet:
    counts = np.bincount(data.owner[points], minlength=data.n_tracks)
    return replace(data.take(points, offsets(counts)), start_time=None)


def chosen(data: TrackSet, which: Any, cut: bool) -> TrackSet:
    """Tracks by a mask of tracks or points (then cut to these, if asked), or by their indices.

    Raises
    ------
    TracksError
        If it is neither, or does not fit.
    """
    array = np.asarray(which)
    if array.dtype.kind == "b" and array.shape == (data.n_points,) and data.n_points != data.n_tracks:
        keep = rules.of_tracks(data, array, "any", None)
        return _cut(data, array).of_tracks(keep) if cut else data.of_tracks(keep)
    return data.of_tracks(track_indices(data, array))


def track_indices(data: TrackSet, array: np.ndarray[Any, Any]) -> I64:
    """Indices of tracks from a mask or from indices, negative ones counted from the end.

    Raises
    ------
    TracksError
        If the shape or an index does not fit.
    """
    n = data.n_tracks
    if array.dtype.kind == "b":
        if array.shape != (n,):
            raise TracksError(
                f"a mask of shape {array.shape} does not fit {n} tracks and {data.n_points} points: one value each"
            )
        return np.flatnonzero(array)
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise TracksError("tracks are chosen by a number, a slice, a mask, or a list of numbers")
    if (array < -n).any() or (array >= n).any():
        wrong = int(array[(array < -n) | (array >= n)][0])
        raise TracksError(f"there is no track {wrong}: there are {n}, counted from 0")
    return np.where(array < 0, array + n, array).astype(np.int64)
