"""Columns of a set of tracks as properties of features: plain values of JSON, one dictionary for each track."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...arrays import F32
from ...errors import UserInputError
from ...model.tracks import TrackSet
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.layout import OWN, PER_TRACK, Column, Layout
from ..columns.names import LAT, LON, TRACK_ID
from ..moments import from_texts
from ..tables.about import about_of, attributes_of, is_time, restored, shown, told_of
from ..tables.texts import float_texts, texts_of_dates

Properties = dict[str, Any]


def to_properties(tracks: TrackSet) -> tuple[list[Properties], dict[str, Any]]:
    """Properties of every track, and what is to be known of them.

    Returns
    -------
    list of dict
        A value for each track, a list of values for its points. Dates are ISO text; null is a missing value, and what
        JSON has no number for is text (``NaN``, ``Infinity``).
    dict
        What `from_properties` needs.
    """
    layout = encode(tracks)
    per_track = {name: _cells(name, column) for name, column in layout.tracks.items()}
    per_point = {name: _cells(name, column) for name, column in layout.points.items()}
    start = tracks.start.tolist()
    found = [
        {name: cells[k] for name, cells in per_track.items()}
        | {name: cells[start[k] : start[k + 1]] for name, cells in per_point.items()}
        for k in range(tracks.n_tracks)
    ]
    marked = {name: replace(c, attributes={**c.attributes, PER_TRACK: 1}) for name, c in layout.tracks.items()}
    return found, about_of({**marked, **layout.points}, layout.attributes)


def from_properties(features: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> TrackSet:
    """The set of tracks of properties.

    Raises
    ------
    UserInputError
        If something is missing, or does not fit the rest.
    """
    names = [*about.get("columns", {})]
    if OWN not in attributes_of(about) or not {TRACK_ID.name, LON.name, LAT.name} <= set(names):
        raise UserInputError("what is known of the columns is damaged")
    lengths = np.array([_length(one, number) for number, one in enumerate(features, 1)], np.int64)
    tracks, points = {}, {}
    for name in names:
        told = told_of(about, name)
        if told.pop(PER_TRACK, None):
            tracks[name] = _column(name, [one.get(name) for one in features], told)
            continue
        cells: list[Any] = []
        for number, (one, length) in enumerate(zip(features, lengths.tolist(), strict=True), 1):
            part = one.get(name)
            if not isinstance(part, list) or len(part) != length:
                raise UserInputError(f"track {number}: '{name}' has to be a list of {length} values")
            cells += part
        points[name] = _column(name, cells, told)
    return decode(Layout(tracks=tracks, points=points, lengths=lengths, attributes=attributes_of(about)))


def positions(properties: Mapping[str, Any]) -> tuple[F32, F32]:
    """Longitudes and latitudes of a track."""
    lon, lat = (np.array([_number(one) for one in properties[f.name]], np.float32) for f in (LON, LAT))
    return lon, lat


def _length(properties: Mapping[str, Any], number: int) -> int:
    found = properties.get(LON.name)
    if not isinstance(found, list):
        raise UserInputError(f"track {number}: there is no list of longitudes")
    return len(found)


def _cells(name: str, column: Column) -> list[Any]:
    """Values of JSON."""
    if column.is_text:
        return [str(one) for one in column.values]
    values, gone = shown(name, column)
    if values.dtype.kind in "MO":
        return [text or None for text in texts_of_dates(column)]
    if values.dtype.kind != "f":
        return list(values.tolist())
    keeps_nan = "missing_value" in column.attributes
    numbers = [float(text) for text in float_texts(values)]
    return [None if empty else _plain(one, keeps_nan) for one, empty in zip(numbers, gone.tolist(), strict=True)]


def _plain(number: float, keeps_nan: bool) -> float | str | None:
    if math.isnan(number):
        return "NaN" if keeps_nan else None
    return number if math.isfinite(number) else "Infinity" if number > 0 else "-Infinity"


def _number(cell: Any) -> float:
    if isinstance(cell, bool) or not (cell is None or isinstance(cell, int | float | str)):
        raise UserInputError(f"{cell!r} is no number")
    try:
        return math.nan if cell is None else float(cell)
    except ValueError as problem:
        raise UserInputError(f"{cell!r} is no number") from problem


def _column(name: str, cells: list[Any], told: dict[str, Any]) -> Column:
    attributes = {key: value for key, value in told.items() if key != "dtype"}
    if is_time(Column(values=None, attributes=attributes)) and any(isinstance(cell, str) for cell in cells):
        times = from_texts([str(cell or "") for cell in cells], units=told["units"], calendar=told["calendar"])
        return Column(values=times.values, attributes=attributes | {"units": times.units})
    gone = np.array([cell is None for cell in cells], bool)
    kind = told.get("dtype", "")
    if kind == "text":
        texts = np.empty(len(cells), object)
        texts[:] = cells
        return restored(texts, gone, told)
    if np.dtype(kind).kind in "iu":
        if not all(isinstance(cell, int) for cell in cells if cell is not None):
            raise UserInputError(f"'{name}' has to hold whole numbers")
        empty = told.get("missing_value", 0)
        return Column(values=np.array([empty if c is None else c for c in cells], kind), attributes=attributes)
    return restored(np.array([_number(cell) for cell in cells], np.float64), gone, told)
