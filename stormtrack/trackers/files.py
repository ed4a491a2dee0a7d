"""Any tracker on files of fields: every field of the series, with its dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from ..fields.opening import open_field
from ..fields.source import each_field
from ..model.tracks import TrackSet, put_together
from ..recipes.from_files import source_of
from ..recipes.products import Fields, told
from ..recipes.quantities import check_winds
from ..run.report import Once, Report
from .protocols import Tracker
from .series import FieldSeries

_VORTICITY_UNITS = "s-1"


def track_fields(fields: Fields, tracker: Tracker, report: Report) -> TrackSet:
    """Tracks of all fields of a series.

    Parameters
    ----------
    fields : Fields
        One variable, or eastward and northward wind.
    tracker : Tracker
    report : Report

    Returns
    -------
    TrackSet
        If there are several fields (members, levels), one after another, with labels that name them.

    Raises
    ------
    UserInputError
        For files or fields that cannot be used.
    """
    report = Once(report)
    with ExitStack() as stack:
        with told(report):
            arrays = [open_field(list(fields.paths), name, **fields.opening) for name in fields.variables]
        for array in arrays:
            stack.callback(array.close)
        found = [(labels, tracker.track(series, report)) for labels, series in series_of(arrays)]
    if len(found) == 1:
        return found[0][1]
    return put_together([_labelled(tracks, labels) for labels, tracks in found])


def series_of(arrays: Sequence[Any]) -> Iterator[tuple[dict[str, Any], FieldSeries]]:
    """Each field of opened DataArrays as trackers get it, with what was chosen along its other axes.

    Parameters
    ----------
    arrays : sequence of xarray.DataArray
        One, or eastward and northward wind, as `open_field` gives them.

    Raises
    ------
    FieldError
        If winds are none, or the grid has a rotated pole.
    """
    if len(arrays) > 1:
        check_winds(*arrays)
    for parts in zip(*(each_field(array) for array in arrays), strict=True):
        sources = tuple(source_of(part) for _, part in parts)
        units = str(arrays[0].attrs.get("units", "")) if len(arrays) == 1 else _VORTICITY_UNITS
        name = " and ".join(str(array.name) for array in arrays)
        yield parts[0][0], FieldSeries(sources=sources, name=name, units=units, times=sources[0].dates)


def _labelled(tracks: TrackSet, labels: dict[str, Any]) -> TrackSet:
    """The tracks with what was chosen for their field."""
    chosen = {}
    for name, value in labels.items():
        column = np.full(tracks.n_tracks, value)
        chosen[name] = column if column.dtype.kind in "iuf" else column.astype(str).astype(object)
    return replace(tracks, labels={**tracks.labels, **chosen})
