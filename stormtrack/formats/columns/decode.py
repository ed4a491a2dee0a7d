"""Columns, this program's or those of others in its words, as a set of tracks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import F32, I64, Array, Mask
from ...model.reference import GEOGRAPHIC, ProjectionDetails
from ...model.times import DATE_CODE, NO_TIME, Times
from ...model.tracks import TEXT_ID, Attribute, TrackSet, offsets
from ...model.variables import Variable
from ..moments import in_units, whole
from . import layout as words
from .layout import Column, Layout, names_in
from .names import FRAME, LAT, LON, MISSING_AFTER, OBJECT_NUMBER, START_TIME, STRUCTURE, TIME, TRACK_ID, Field

EXACT_WHOLE = 1 << 24
"""Whole numbers beyond this are not all kept by float32."""


def decode(layout: Layout) -> TrackSet:
    """The set of tracks that columns hold.

    Parameters
    ----------
    layout : Layout
        With ``track_id`` for tracks, and ``lon`` and ``lat`` for points.

    Raises
    ------
    UserInputError
        If times have no usable units.
    """
    points, n = layout.points, int(layout.lengths.sum())
    ids, labels = _ids(layout.tracks[TRACK_ID.name])
    time, frame = _times_and_frames(points, n)
    variables, point_labels = _values(layout)
    start_time = layout.tracks.get(START_TIME.name)
    labels |= _labels(layout, layout.tracks, words.LABELS)
    number = points.get(OBJECT_NUMBER.name)
    missing = points.get(MISSING_AFTER.name)
    return TrackSet(
        track_id=ids,
        start=offsets(layout.lengths),
        lon=floats(points[LON.name]),
        lat=floats(points[LAT.name]),
        variables=tuple(variables),
        frame=frame,
        missing_after=np.zeros(n, np.int32) if missing is None else missing.values.astype(np.int32),
        time=time,
        start_time=None if start_time is None else times_of(start_time),
        object_number=None if number is None else number.values.astype(np.int32),
        projection=_projection(layout.attributes),
        labels=labels,
        point_labels=point_labels,
        attributes=_attributes(layout.attributes),
    )


def times_of(column: Column) -> Times | None:
    """Times of a column; None if it says that it counts frames, or has no units."""
    told = column.attributes
    units, calendar = str(told.get("units", "")), told.get("calendar")
    calendar = None if calendar is None else str(calendar)
    if told.get(words.UNITS) == words.FRAMES or not units:
        return None
    if words.CALENDAR in told:
        calendar = str(told[words.CALENDAR]) or None
    values = column.values
    gone = absent(column)
    if gone.any() and values.dtype.kind == "f":
        values = np.where(gone, np.nan, values)
    if units == DATE_CODE:
        times = Times(values=values.astype(np.int64), calendar=calendar)
    else:
        times = whole(values, units, calendar)
    if gone.any():
        times = Times(values=np.where(gone, NO_TIME, times.values), units=times.units, calendar=calendar)
    wanted = str(told.get(words.UNITS, units))
    if wanted != units:
        times = in_units(times, wanted)
    return times


def floats(column: Column) -> F32:
    """Numbers as float32, scaled if packed; float32 as it is, whatever stands for missing; others: missing is NaN."""
    values, told = column.values, column.attributes
    packed = "scale_factor" in told or "add_offset" in told
    if values.dtype == np.float32 and not packed:
        same: F32 = values
        return same
    with np.errstate(over="ignore"):  # what is too large for float32 is infinite
        if values.dtype.kind == "f" and not packed and not absent(column).any():
            return np.asarray(values.astype(np.float32))
        wide = values.astype(np.float64) * float(told.get("scale_factor", 1.0)) + float(told.get("add_offset", 0.0))
        return np.where(absent(column), np.nan, wide).astype(np.float32)


def absent(column: Column) -> Mask:
    """Which values stand for missing ones (bool, shape (n,)); NaN is not looked for."""
    found = np.zeros(len(column.values), bool)
    if column.values.dtype.kind not in "iuf":
        return found
    for key in ("missing_value", "_FillValue"):
        if key in column.attributes:
            for one in np.atleast_1d(column.attributes[key]):
                found |= column.values == one
    return found


def _ids(column: Column) -> tuple[I64, dict[str, Array]]:
    """Ids as whole numbers; texts become a label, and are counted from 1."""
    values = column.values
    if values.dtype.kind in "iu":
        return values.astype(np.int64), {}
    if values.dtype.kind == "f" and (np.abs(values) < 2**53).all() and (values == np.round(values)).all():
        return values.astype(np.int64), {}
    texts = np.empty(len(values), object)
    texts[:] = [str(one) for one in values]
    return np.arange(1, len(values) + 1), {TEXT_ID: texts}


def _times_and_frames(points: Mapping[str, Column], n: int) -> tuple[Times | None, I64]:
    column = points.get(TIME.name)
    time = None if column is None else times_of(column)
    frame = points.get(FRAME.name)
    if frame is not None:
        return time, frame.values.astype(np.int64)
    if column is not None and time is None and _are_whole(column.values):
        return None, column.values.astype(np.int64)
    return time, np.zeros(n, np.int64)


def _are_whole(values: Any) -> bool:
    if values.dtype.kind == "f":
        return bool(np.isfinite(values).all() and (values == np.round(values)).all())
    return values.dtype.kind in "iu"


def _values(layout: Layout) -> tuple[list[Variable], dict[str, Array]]:
    """Variables in order, and labels of points."""
    named = {one.name for one in STRUCTURE}
    places = _places(layout)
    listed, labelled = (names_in(layout.attributes, key) for key in (words.VARIABLES, words.POINT_LABELS))
    first = [name for name in listed if name in layout.points]
    others = [n for n in layout.points if n not in named and n not in places and n not in (*first, *labelled)]
    variables, labels = [_variable(name, layout) for name in first], {}
    for name in others:
        column = layout.points[name]
        if _is_label(column):
            labels[_true_name(name, column)] = _label_values(column)
        else:
            variables.append(_variable(name, layout))
    return variables, _labels(layout, {n: layout.points[n] for n in labelled if n in layout.points}, "") | labels


def _places(layout: Layout) -> set[str]:
    """Columns that are positions of a variable."""
    return {name for name, column in layout.points.items() if words.POSITION_OF in column.attributes}


def _variable(name: str, layout: Layout) -> Variable:
    column = layout.points[name]
    lon, lat = (_position_of(name, layout, field) for field in (LON, LAT))
    if lon is None or lat is None:
        lon = lat = None
    values = floats(column)
    units = str(column.attributes.get("units", ""))
    missing = _missing_value(column, layout.is_own) if values is column.values else None
    return Variable(name=_true_name(name, column), values=values, units=units, lon=lon, lat=lat, missing_value=missing)


def _position_of(name: str, layout: Layout, field: Field) -> F32 | None:
    """Longitudes or latitudes where the values of a variable were found."""
    for held in layout.points.values():
        if held.attributes.get(words.POSITION_OF) == name and held.attributes.get("units") == field.units:
            return floats(held)
    return None


def _missing_value(column: Column, own: bool) -> float | None:
    """What stands for missing values; NaN says so itself, and is kept only where this program wrote it."""
    for key, kept in (("missing_value", own), ("_FillValue", False)):
        found = np.asarray(column.attributes.get(key, ())).reshape(-1)
        if found.size == 1 and found.dtype.kind in "iuf" and (kept or not np.isnan(float(found[0]))):
            return float(found[0])
    return None


def _is_label(column: Column) -> bool:
    """Whether float32 does not hold the values: text, and large whole numbers."""
    values = column.values
    if values.dtype.kind not in "iuf":
        return True
    if values.dtype.kind == "f" or not values.size or "scale_factor" in column.attributes:
        return False
    used = values[~absent(column)]
    return bool(used.size) and max(abs(int(used.min())), abs(int(used.max()))) > EXACT_WHOLE


def _labels(layout: Layout, columns: Mapping[str, Column], key: str) -> dict[str, Array]:
    """Labels; of those that are listed the order is theirs."""
    named = {one.name for one in STRUCTURE}
    first = [name for name in names_in(layout.attributes, key) if name in columns] if key else []
    order = [*first, *(name for name in columns if name not in first and name not in named)]
    return {_true_name(name, columns[name]): _label_values(columns[name]) for name in order}


def _label_values(column: Column) -> Any:
    values = column.values
    if column.is_text:
        texts = np.empty(len(values), object)
        texts[:] = [str(one) for one in values]
        return texts
    if column.attributes.get(words.DTYPE) == "bool":
        return values.astype(bool)
    if "scale_factor" in column.attributes or "add_offset" in column.attributes:
        return floats(column).astype(np.float64)
    return values


def _true_name(name: str, column: Column) -> str:
    return str(column.attributes.get(words.NAME, name))


def _projection(attributes: Mapping[str, Any]) -> ProjectionDetails:
    if words.PROJECTION not in attributes:
        return GEOGRAPHIC
    group, kind = (int(one) for one in np.asarray(attributes[words.PROJECTION]))
    centre = attributes.get(words.CENTRE)
    placed = None if centre is None else (float(centre[0]), float(centre[1]))
    return ProjectionDetails(group=group, kind=kind, centre=placed)


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    own = {name for name in attributes if name.startswith("stormtrack_") or name in words.CONVENTIONS}
    found = {name: _attribute(held) for name, held in attributes.items() if name not in own}
    for name, held in json.loads(attributes.get(words.MORE, "{}")).items():
        found[name] = tuple(held) if isinstance(held, list) else held
    return found


def _attribute(value: Any) -> Attribute:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str | int | float) and not isinstance(value, np.generic):
        return value
    many = np.asarray(value).tolist()
    return tuple(many) if isinstance(many, list) else many
