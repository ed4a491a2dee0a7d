"""Tracks as bytes and a description of them, which the page unpacks into typed arrays.

Every column of the set goes into the page as it is: float32 as float32, so that what is exported has the same bits.
Bytes of equal significance stand together (they compress better so), and the whole is compressed with zlib.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import UserInputError
from ..formats.columns.encode import encode
from ..formats.columns.layout import N_TRACKS, POSITION_OF, VARIABLES, Column, names_in
from ..formats.columns.names import LAT, LON, TIME, TRACK_ID
from ..formats.columns.records import to_records
from ..formats.tables.about import about_of, is_time, shown
from ..formats.tables.texts import texts_of_dates
from ..maps.coastlines import STEP, coastlines
from ..model.dates import calendar_named, date_parts, seconds_of, usual_step
from ..model.strength import lowest_is_strongest
from ..model.times import NO_TIME, Times
from ..model.tracks import TEXT_ID, TrackSet

_LEVEL = 6
_NAMES = ("name", "storm_name")
"""Labels that name storms, small letters."""
UNKNOWN = -1
"""In place of the number of a date that is not known."""


@dataclass(slots=True)
class Block:
    """Arrays one after another, and where each lies."""

    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, values: Array) -> dict[str, Any]:
        """Append an array; type (``f4``, ``f8``, ``i4``, ``i2``), place and number of values say where it is."""
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        planes = little.view(np.uint8).reshape(-1, little.dtype.itemsize).T.tobytes()
        told = {"type": little.dtype.str[1:], "at": self._size, "n": len(values)}
        self._parts.append(planes)
        self._size += len(planes)
        return told

    def packed(self) -> bytes:
        """All of it, compressed."""
        return zlib.compress(b"".join(self._parts), _LEVEL)


def packed_tracks(tracks: TrackSet) -> tuple[dict[str, Any], bytes]:
    """What the page has to know of tracks (ready for JSON), and their arrays.

    Parameters
    ----------
    tracks : TrackSet
        On the sphere, each with points.

    Raises
    ------
    UserInputError
        If times are no dates of their calendar, or whole numbers are too large.
    """
    layout = encode(tracks)
    records = to_records(layout)
    block = Block()
    clock, moments = _clock(tracks, block)
    own = names_in(layout.attributes, VARIABLES)
    columns = []
    for name, column in records.items():
        if name == TIME.name:
            columns.append({"name": name, "role": "time", "data": block.add(moments)})
        else:
            columns.append(_column(name, column, layout.tracks.get(name), block) | _role(name, column, own))
    told = {
        "nTracks": tracks.n_tracks,
        "start": block.add(tracks.start.astype(np.int32)),
        "columns": columns,
        "clock": clock,
        "variables": _variables(tracks, own),
        "naming": _naming(tracks),
        "metadata": _metadata(about_of(records, layout.attributes)),
        "coast": _coast(block),
    }
    return told, block.packed()


def _metadata(about: dict[str, Any]) -> list[str]:
    """What tables of this program say of themselves, as text, in two parts: the number of tracks stands between them.

    As text, because a page does not tell 1.0 from 1 and has no NaN in its JSON.
    """
    marked = f'"{N_TRACKS}": '
    number = f"{marked}{about['attributes'][N_TRACKS]}"
    before, behind = json.dumps(about).split(number, 1)
    return [before + marked, behind]


def _role(name: str, column: Column, variables: list[str]) -> dict[str, str]:
    """What a column is for the page: a value that can be coloured and drawn, or something else."""
    if name in variables:
        return {"role": "value"}
    if POSITION_OF in column.attributes:
        return {"role": "position"}
    return {"role": "structure" if name in (TRACK_ID.name, LON.name, LAT.name) else "more"}


def _column(name: str, column: Column, of_tracks: Column | None, block: Block) -> dict[str, Any]:
    """A column; what is said of tracks is stored once for each. Texts and dates by their number in a list."""
    stored = of_tracks or column
    told: dict[str, Any] = {
        "name": name,
        "units": str(column.attributes.get("units", "")),
        "perTrack": of_tracks is not None,
    }
    texts = _texts(name, stored)
    if texts is not None:
        number = {text: k for k, text in enumerate(dict.fromkeys(texts))}
        return told | {"texts": list(number), "data": block.add(np.array([number[text] for text in texts], np.int32))}
    missing = column.attributes.get("missing_value")
    gone = {"missing": float(missing)} if missing is not None and np.isfinite(missing) else {}
    return told | gone | {"data": block.add(_numbers(stored.values, name))}


def _texts(name: str, column: Column) -> list[str] | None:
    """Cells of a column that does not hold numbers; None of one that does."""
    if column.is_text:
        return [str(one) for one in column.values]
    if is_time(column) and shown(name, column)[0].dtype.kind in "MO":
        return texts_of_dates(column)
    return None


def _numbers(values: Array, name: str) -> Array:
    """Numbers in a type that the page can hold, without loss.

    Raises
    ------
    UserInputError
        If whole numbers are too large for a float64.
    """
    if values.dtype.kind == "f":
        return values
    if not len(values) or (values.min() >= -(2**31) and values.max() < 2**31):
        return values.astype(np.int32)
    if np.abs(values.astype(object)).max() > 2**53:
        raise UserInputError(f"the column '{name}' has whole numbers beyond 2**53, which a page cannot hold exactly")
    return values.astype(np.float64)


def _clock(tracks: TrackSet, block: Block) -> tuple[dict[str, Any], Array]:
    """The axis of time (the dates that there are, or frames), and for every point the number of its date or frame."""
    if tracks.time is not None:
        return _dates(tracks, tracks.time, block)
    return {"kind": "frame", "step": usual_step(tracks.frame, tracks.start) or 1}, _numbers(tracks.frame, "frame")


def _dates(tracks: TrackSet, time: Times, block: Block) -> tuple[dict[str, Any], Array]:
    calendar = calendar_named(time.calendar)
    seconds = seconds_of(time)
    known = seconds != NO_TIME
    moments, index = np.unique(seconds[known], return_inverse=True)
    number = np.full(len(seconds), UNKNOWN, np.int32)
    number[known] = index
    parts = date_parts(moments, calendar)
    told = {
        "kind": "date",
        "step": usual_step(seconds, tracks.start) or 3600,
        "seconds": block.add(moments.astype(np.float64)),
    }
    for name in ("year", "month", "day", "second"):
        told[name] = block.add(getattr(parts, name).astype(np.int32))
    return told, number


def _variables(tracks: TrackSet, columns: list[str]) -> list[dict[str, Any]]:
    """Variables in order: the name in the set, the column, and whether low values are strong ones."""
    return [
        {"name": v.name, "column": column, "units": v.units, "lowIsStrong": lowest_is_strongest(v)}
        for v, column in zip(tracks.variables, columns, strict=True)
    ]


def _naming(tracks: TrackSet) -> dict[str, str]:
    """Columns that name tracks: the id, and if there is one, the name."""
    found = {"id": TEXT_ID if TEXT_ID in tracks.labels else TRACK_ID.name}
    named = next((name for name in tracks.labels if name.lower() in _NAMES), None)
    return found if named is None else found | {"name": named}


def _coast(block: Block) -> Mapping[str, Any]:
    lon, lat, start = coastlines()
    return {
        "step": STEP,
        "lon": block.add(_steps(lon)),
        "lat": block.add(_steps(lat)),
        "start": block.add(start.astype(np.int32)),
    }


def _steps(degrees: F64) -> Array:
    return np.rint(degrees / STEP).astype(np.int16)
