"""Track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: variable by variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from ...arrays import F32, Array
from ...model.steps import dated, steps
from ...model.tracks import TrackSet
from ...model.variables import MISSING_VALUE, VELOCITY, added_fields, columns
from ...storage import classic_netcdf
from ...storage.classic_netcdf import Attribute, Header, Variable, big_endian
from ...storage.outputs import ByteSink
from .track_text_write import kind_of

TRACKS, RECORDS = "tracks", "record"
VELOCITY_NAMES = ("speed", "gwthr", "tend", "velX", "velY")
FIELD_COUNT, VALUE_COUNT, FIELD_FLAGS = "add_fld_num", "tot_add_fld_num", "loc_flags"
FILL = np.float32(9.96921e36)
"""NetCDF's default fill value of floats."""

_MOST_OF_VERSION_1 = 2**31 - 2**20
"""Bytes of values that offsets of 32 bits surely reach."""


def field_attributes(tracks: TrackSet) -> dict[str, Attribute]:
    """What the ids say of the added fields: how many, of how many values, which with positions."""
    fields = added_fields(tracks.variables)
    return {
        FIELD_COUNT: np.array([len(fields)], np.int32),
        VALUE_COUNT: np.array([sum(len(columns(f)) for f in fields)], np.int32),
        FIELD_FLAGS: np.array([f.has_position for f in fields], np.int32),
    }


def values_of(tracks: TrackSet) -> dict[str, F32]:
    """First values of the points by their names in the file."""
    if kind_of(tracks) == "s":
        return {"intensity": tracks.intensity}
    # the original writes growth, tendency, u and v one after another into gwthr, so that v stays there
    unset, last = np.full(tracks.n_points, FILL, np.float32), tracks.variable(VELOCITY[-1])
    columns = [tracks.intensity, unset if last is None else last.values, unset, unset, unset]
    return dict(zip(VELOCITY_NAMES, columns, strict=True))


def field_names(has_position: Iterable[bool]) -> list[str]:
    """Names of the variables of added fields; one with a position has three."""
    names: list[str] = []
    for number, placed in enumerate(has_position, 1):
        names += [f"longitude_{number}", f"latitude_{number}"] if placed else []
        names.append(f"addfld_{number}")
    return names


def field_columns(tracks: TrackSet) -> dict[str, F32]:
    """Columns of the added fields by their names in the file."""
    fields = added_fields(tracks.variables)
    names = field_names(f.has_position for f in fields)
    return dict(zip(names, (c for f in fields for c in columns(f)), strict=True))


def track_netcdf(tracks: TrackSet) -> bytes:
    """Bytes of a track NetCDF file; emptied tracks are included.

    No track at all is written as one emptied track. Of velocity sets it holds what the original writes.
    """
    if tracks.n_tracks == 0:  # a fixed dimension cannot be empty
        tracks = replace(tracks, track_id=np.zeros(1, np.int64), start=np.zeros(2, np.int64), start_time=None)
    timed = bool(dated(tracks)[0])
    index = np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths)
    of_tracks: dict[str, Array] = {
        "TRACK_ID": np.arange(tracks.n_tracks, dtype=np.int32),
        "FIRST_PT": tracks.start[:-1].astype(np.int32),
        "NUM_PTS": tracks.lengths.astype(np.int32),
    }
    fields = field_columns(tracks)
    of_points: dict[str, Array] = {
        "index": index.astype(np.int32),
        "time": steps(tracks).astype(np.float64 if timed else np.int32),
        "longitude": tracks.lon,
        "latitude": tracks.lat,
        **values_of(tracks),
        **fields,
    }
    missing: dict[str, Attribute] = {"missing_value": np.array([MISSING_VALUE])}
    attributes: dict[str, dict[str, Attribute]] = dict.fromkeys(fields, missing)
    attributes["TRACK_ID"] = field_attributes(tracks)
    return netcdf_file((TRACKS, tracks.n_tracks), of_tracks, of_points, attributes)


def netcdf_file(
    fixed: tuple[str, int],
    of_tracks: Mapping[str, Array],
    of_points: Mapping[str, Array],
    attributes: Mapping[str, Mapping[str, Attribute]],
    of_file: Mapping[str, Attribute] | None = None,
) -> bytes:
    """Bytes of a file with some variables along a fixed dimension, others along the records.

    Parameters
    ----------
    fixed : (str, int)
        Name and length of the fixed dimension.
    of_tracks, of_points : mapping
        Variables along the fixed dimension, and along the records, by name.
    attributes : mapping
        Those of some variables, by their names.
    of_file : mapping, optional
        Attributes of the whole file.
    """
    variables = [
        Variable(name=name, axes=(axis,), kind=big_endian(values.dtype), attributes=attributes.get(name, {}))
        for axis, stored in enumerate((of_tracks, of_points))
        for name, values in stored.items()
    ]
    size = sum(values.nbytes for values in (*of_tracks.values(), *of_points.values()))
    header = Header(
        dimensions=[fixed, (RECORDS, classic_netcdf.RECORDS)],
        variables=variables,
        records=len(of_points["index"]),
        version=1 if size <= _MOST_OF_VERSION_1 else 2,
        attributes=of_file or {},
    )
    table = np.zeros(header.records, header.record_type)
    for name, values in of_points.items():
        table[name] = values
    return header.start_of_file(of_tracks) + table.tobytes()


def write_track_netcdf(out: ByteSink, tracks: TrackSet) -> None:
    """Write a track NetCDF file; see `track_netcdf`."""
    out.write(track_netcdf(tracks))
