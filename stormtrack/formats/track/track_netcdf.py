"""Track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: variable by variable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ...arrays import F32
from ...model.steps import dated, steps
from ...model.tracks import TrackSet
from ...model.variables import MISSING_VALUE, VELOCITY, added_fields, columns
from ...storage.outputs import ByteSink
from .track_netcdf_format import Variable, encode
from .track_text_write import kind_of

TRACKS, RECORDS = "tracks", "record"
VELOCITY_NAMES = ("speed", "gwthr", "tend", "velX", "velY")
FIELD_COUNT, VALUE_COUNT, FIELD_FLAGS = "add_fld_num", "tot_add_fld_num", "loc_flags"
FILL = np.float32(9.96921e36)
"""NetCDF's default fill value of floats."""


def _track_variables(tracks: TrackSet) -> list[Variable]:
    flags = np.array([f.has_position for f in added_fields(tracks.variables)], np.int32)
    attributes: dict[str, npt.NDArray[np.generic]] = {
        FIELD_COUNT: np.array([len(flags)], np.int32),
        VALUE_COUNT: np.array([len(_fields(tracks))], np.int32),
        FIELD_FLAGS: flags,
    }
    index = np.arange(tracks.n_tracks, dtype=np.int32)
    return [
        Variable(name="TRACK_ID", over_records=False, data=index, attributes=attributes),
        Variable(name="FIRST_PT", over_records=False, data=tracks.start[:-1].astype(np.int32)),
        Variable(name="NUM_PTS", over_records=False, data=tracks.lengths.astype(np.int32)),
    ]


def _values(tracks: TrackSet) -> dict[str, F32]:
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


def _fields(tracks: TrackSet) -> dict[str, F32]:
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
    points: dict[str, npt.NDArray[np.generic]] = {
        "index": index.astype(np.int32),
        "time": steps(tracks).astype(np.float64 if timed else np.int32),
        "longitude": tracks.lon,
        "latitude": tracks.lat,
        **_values(tracks),
    }
    variables = _track_variables(tracks)
    variables += [Variable(name=n, over_records=True, data=c) for n, c in points.items()]
    for name, column in _fields(tracks).items():
        missing: dict[str, npt.NDArray[np.generic]] = {"missing_value": np.array([MISSING_VALUE])}
        variables.append(Variable(name=name, over_records=True, data=column, attributes=missing))
    return encode((TRACKS, tracks.n_tracks), RECORDS, variables)


def write_track_netcdf(out: ByteSink, tracks: TrackSet) -> None:
    """Write a track NetCDF file; see `track_netcdf`."""
    out.write(track_netcdf(tracks))
