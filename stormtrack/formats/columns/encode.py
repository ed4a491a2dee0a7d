"""A set of tracks as columns."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import UserInputError
from ...model.dates import seconds_of
from ...model.reference import ProjectionDetails
from ...model.times import NO_TIME, Times
from ...model.tracks import Attribute, TrackSet
from ...model.variables import Variable
from ..moments import REFERENCE, in_units
from . import layout as words
from .layout import Column, Layout
from .names import (
    FRAME,
    LAT,
    LON,
    MISSING_AFTER,
    OBJECT_NUMBER,
    QUANTITIES,
    RESERVED,
    START_TIME,
    TIME,
    TRACK_ID,
    Field,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.+@-]*")


def encode(tracks: TrackSet) -> Layout:
    """All that a set has, as columns.

    Notes
    -----
    `decode` gives the same set, to the bit.
    """
    named = _Names()
    points = _structure(tracks)
    values = {named.column(v.name): v for v in tracks.variables}
    for name, variable in values.items():
        points |= _variable(name, variable, named)
    point_labels = {named.column(name): _label(name, held) for name, held in tracks.point_labels.items()}
    labels = {named.column(name): _label(name, held) for name, held in tracks.labels.items()}
    points |= {name: named.marked(name, column) for name, column in point_labels.items()}
    per_track = {TRACK_ID.name: Column(values=tracks.track_id, attributes=TRACK_ID.attributes())}
    if tracks.start_time is not None:
        per_track[START_TIME.name] = time_column(tracks.start_time, START_TIME)
    per_track |= {name: named.marked(name, column) for name, column in labels.items()}
    attributes: dict[str, Any] = _attributes(tracks.attributes)
    attributes |= {words.OWN: words.VERSION, words.N_TRACKS: tracks.n_filled}
    listed: dict[str, Mapping[str, object]] = {
        words.VARIABLES: values,
        words.LABELS: labels,
        words.POINT_LABELS: point_labels,
    }
    attributes |= {key: " ".join(names) for key, names in listed.items() if names}
    attributes |= _projection(tracks.projection)
    return Layout(tracks=per_track, points=points, lengths=tracks.lengths, attributes=attributes)


class _Names:
    """Names of columns, each given once."""

    def __init__(self) -> None:
        self._taken = set(RESERVED)
        self._true: dict[str, str] = {}

    def column(self, name: str) -> str:
        """The name of the column of a variable or label."""
        stem = name if _PLAIN.fullmatch(name) else re.sub(r"[^A-Za-z0-9_.+@-]", "_", f"_{name}")
        free, count = stem, 1
        while free in self._taken:
            count += 1
            free = f"{stem}_{count}"
        self._taken.add(free)
        self._true[free] = name
        return free

    def marked(self, column: str, held: Column) -> Column:
        """The column with its true name among its attributes, if that is another."""
        if self._true[column] == column:
            return held
        return Column(values=held.values, attributes={**held.attributes, words.NAME: self._true[column]})


def _structure(tracks: TrackSet) -> dict[str, Column]:
    """Time, position, and the numbers of frames and objects where they say something."""
    if tracks.time is None:
        told = {"long_name": "number of the frame; dates are not known", "units": "1", words.UNITS: words.FRAMES}
        found = {TIME.name: Column(values=tracks.frame, attributes=told)}
    else:
        found = {TIME.name: time_column(tracks.time, TIME)}
    for field, values in ((LON, tracks.lon), (LAT, tracks.lat)):
        told = field.attributes()
        if not tracks.projection.is_geographic:
            told = {"long_name": f"{field.name} in the plane of the projection", "units": "1"}
        found[field.name] = Column(values=values, attributes=told)
    if tracks.time is not None and tracks.frame.any():
        found[FRAME.name] = Column(values=tracks.frame, attributes=FRAME.attributes())
    if tracks.missing_after.any():
        found[MISSING_AFTER.name] = Column(values=tracks.missing_after, attributes=MISSING_AFTER.attributes())
    if tracks.object_number is not None:
        found[OBJECT_NUMBER.name] = Column(values=tracks.object_number, attributes=OBJECT_NUMBER.attributes())
    return found


def time_column(times: Times, field: Field) -> Column:
    """Times in the words of CF: digits of dates become hours since 1970, and are marked."""
    told: dict[str, Any] = dict(field.attributes())
    stored = _counted(times)
    if stored.units != times.units:
        told[words.UNITS] = times.units
    told["units"] = stored.units
    told["calendar"] = times.calendar or "standard"
    if times.calendar is None:
        told[words.CALENDAR] = ""
    if not _is_cf(stored):
        told.pop("standard_name", None)
    if not stored.known.all():
        told["missing_value"] = np.int64(NO_TIME)
    return Column(values=stored.values, attributes=told)


def _counted(times: Times) -> Times:
    """Times as CF has them; digits that are no dates stay as they are."""
    if not times.is_coded:
        return times
    try:
        counted = in_units(times, f"hours since {REFERENCE}")
        same = np.array_equal(in_units(counted, times.units).values, times.values)
    except UserInputError:
        return times
    return counted if same else times


def _is_cf(times: Times) -> bool:
    try:
        seconds_of(times)
    except UserInputError:
        return False
    return not times.is_coded


def _variable(column: str, variable: Variable, named: _Names) -> dict[str, Column]:
    """The values of a variable, and their positions in front of them."""
    known = QUANTITIES.get(variable.name)
    told: dict[str, Any] = known.attributes() if known else {"long_name": variable.name}
    if variable.units:
        told["units"] = variable.units
    else:
        told.pop("standard_name", None)
    missing = _missing(variable)
    found = {}
    for part, values, units in (("lon", variable.lon, LON.units), ("lat", variable.lat, LAT.units)):
        if values is not None:
            place = {"long_name": f"{part} of {variable.name}", "units": units, words.POSITION_OF: column} | missing
            found[named.column(f"{column}_{part}")] = Column(values=values, attributes=place)
    return found | {column: named.marked(column, Column(values=variable.values, attributes=told | missing))}


def _missing(variable: Variable) -> dict[str, Any]:
    if variable.missing_value is None:
        return {}
    short = np.float32(variable.missing_value)
    exact = float(short) == variable.missing_value or variable.missing_value != variable.missing_value
    return {"missing_value": short if exact else np.float64(variable.missing_value)}


def _label(name: str, values: Array) -> Column:
    told: dict[str, Any] = {"long_name": name}
    if values.dtype.kind in "OUST":
        texts = np.empty(len(values), object)
        texts[:] = [str(one) for one in values]
        return Column(values=texts, attributes=told)
    if values.dtype.kind == "b":
        return Column(values=values.astype(np.int8), attributes=told | {words.DTYPE: "bool"})
    return Column(values=values, attributes=told)


def _projection(projection: ProjectionDetails) -> dict[str, Any]:
    if projection.is_geographic:
        return {}
    found: dict[str, Any] = {words.PROJECTION: np.array([projection.group, projection.kind], np.int64)}
    if projection.centre is not None:
        found[words.CENTRE] = np.array(projection.centre, np.float64)
    return found


def _attributes(given: Mapping[str, Attribute]) -> dict[str, Any]:
    """Attributes of the set: as they are where NetCDF has their type, the others in one text of JSON."""
    plain = {name: value for name, value in given.items() if _is_plain(name, value)}
    others = {name: value for name, value in given.items() if name not in plain}
    found = {name: _stored(value) for name, value in plain.items()}
    if others:
        found[words.MORE] = json.dumps(others)
    return found


def _is_plain(name: str, value: Attribute) -> bool:
    if not _PLAIN.fullmatch(name) or name.startswith(("_", "stormtrack_")) or name in words.CONVENTIONS:
        return False
    if isinstance(value, tuple):
        kinds = {type(one) for one in value}
        return len(value) > 1 and kinds in ({int}, {float}) and all(_fits(one) for one in value)
    return _fits(value)


def _fits(value: str | int | float) -> bool:
    if isinstance(value, str):
        return value != "" and "\0" not in value
    return type(value) is float or (type(value) is int and abs(value) < 1 << 63)


def _stored(value: Attribute) -> Any:
    if isinstance(value, tuple):
        return np.array(value)
    if isinstance(value, str):
        return value
    return np.int64(value) if isinstance(value, int) else np.float64(value)
