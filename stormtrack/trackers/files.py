"""Any tracker on opened fields: every field of a series, with its dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import FieldError
from ..fields.source import each_field
from ..model.tracks import SOURCE_ID, TrackSet, put_together
from ..recipes.inputs import source_of
from ..recipes.quantities import check_winds
from ..run.report import Report
from .protocols import Tracker
from .series import FieldSeries

_VORTICITY_UNITS = "s-1"


def track_arrays(arrays: Sequence[Any], tracker: Tracker, report: Report, *, levels: int = 1) -> TrackSet:
    """Tracks of all fields of a series.

    Parameters
    ----------
    arrays : sequence of xarray.DataArray
        One, or eastward and northward wind, as `open_field` gives them; of one level after the other.
    tracker : Tracker
    report : Report
    levels : int

    Returns
    -------
    TrackSet
        If there are several fields (members, levels), one after another, counted from 1, with labels that name them.

    Raises
    ------
    UserInputError
        For fields that cannot be used.
    """
    found = [(series.labels, tracker.track(series, report)) for series in series_of(arrays, levels)]
    if len(found) == 1:
        return found[0][1]
    tracks = put_together([_labelled(tracks, labels) for labels, tracks in found])
    return replace(tracks, track_id=np.arange(1, tracks.n_tracks + 1))


def series_of(arrays: Sequence[Any], levels: int = 1) -> Iterator[FieldSeries]:
    """Each field of opened DataArrays as trackers get it.

    Parameters
    ----------
    arrays, levels
        As those of `track_arrays`.

    Raises
    ------
    FieldError
        If winds are none, or the grid has a rotated pole.
    """
    each = len(arrays) // levels
    if each > 1:
        for first in range(0, len(arrays), each):
            check_winds(*arrays[first : first + each])
    units = str(arrays[0].attrs.get("units", "")) if each == 1 else _VORTICITY_UNITS
    name = " and ".join(str(array.name) for array in arrays[:each])
    several = len(list(each_field(arrays[0]))) > 1
    for parts in zip(*(each_field(array) for array in arrays), strict=True):
        sources = tuple(source_of(part) for _, part in parts)
        labels = parts[0][0] if several else {}
        times = sources[0].dates
        yield FieldSeries(sources=sources, name=name, units=units, times=times, levels=levels, labels=labels)


def only_series(arrays: Sequence[Any], levels: int, wants: str) -> FieldSeries:
    """The one field of opened DataArrays; `wants` says why there may be no other.

    Raises
    ------
    FieldError
        If there are several (members, levels), or as `series_of`.
    """
    found = list(series_of(arrays, levels))
    if len(found) != 1:
        raise FieldError(f"{len(found)} fields (members, levels) were chosen; {wants}: name it")
    return found[0]


def _labelled(tracks: TrackSet, labels: Any) -> TrackSet:
    """The tracks with what was chosen for their field, and the ids that they have in it."""
    chosen = {SOURCE_ID: tracks.labels.get(SOURCE_ID, tracks.track_id)}
    for name, value in labels.items():
        column = np.full(tracks.n_tracks, value)
        chosen[name] = column if column.dtype.kind in "iuf" else column.astype(str).astype(object)
    return replace(tracks, labels={**tracks.labels, **chosen})
