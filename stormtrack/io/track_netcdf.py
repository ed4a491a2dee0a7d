"""Track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: variable by variable.
"""

from __future__ import annotations

import dataclasses
from os import PathLike

import numpy as np
import numpy.typing as npt

from ..errors import TrackFileError
from ..tracks.model import MISSING_VALUE, TrackSet
from .outputs import ByteSink
from .text_tokens import read_bytes
from .track_netcdf_format import Variable, decode, encode

TRACKS, RECORDS = "tracks", "record"
VELOCITY_NAMES = ("speed", "gwthr", "tend", "velX", "velY")
FIELD_COUNT, VALUE_COUNT, FIELD_FLAGS = "add_fld_num", "tot_add_fld_num", "loc_flags"
FILL = np.float32(9.96921e36)
"""NetCDF's default fill value of floats."""


def _track_variables(tracks: TrackSet) -> list[Variable]:
    flags = np.array(tracks.field_has_position, np.int32)
    attributes: dict[str, npt.NDArray[np.generic]] = {
        FIELD_COUNT: np.array([len(flags)], np.int32),
        VALUE_COUNT: np.array([tracks.fields.shape[1] if len(flags) else 0], np.int32),
        FIELD_FLAGS: flags,
    }
    index = np.arange(tracks.n_tracks, dtype=np.int32)
    return [
        Variable(name="TRACK_ID", over_records=False, data=index, attributes=attributes),
        Variable(name="FIRST_PT", over_records=False, data=tracks.start[:-1].astype(np.int32)),
        Variable(name="NUM_PTS", over_records=False, data=tracks.lengths.astype(np.int32)),
    ]


def _values(tracks: TrackSet, correct_velocity: bool) -> dict[str, npt.NDArray[np.float32]]:
    if tracks.velocity is None:
        return {"intensity": tracks.value}
    if correct_velocity:
        columns = [tracks.value, *(tracks.velocity[:, i] for i in range(4))]
        return dict(zip(VELOCITY_NAMES, columns, strict=True))
    unset = np.full(tracks.n_points, FILL, np.float32)
    # the original writes growth, tendency, u and v one after another into gwthr
    columns = [tracks.value, tracks.velocity[:, 3], unset, unset, unset]
    return dict(zip(VELOCITY_NAMES, columns, strict=True))


def _field_names(field_has_position: tuple[bool, ...]) -> list[str]:
    names: list[str] = []
    for k, has_position in enumerate(field_has_position, 1):
        names += [f"longitude_{k}", f"latitude_{k}"] if has_position else []
        names.append(f"addfld_{k}")
    return names


def track_netcdf(tracks: TrackSet, *, correct_velocity: bool = False) -> bytes:
    """Bytes of a track NetCDF file; emptied tracks are included.

    No track at all is written as one emptied track.

    Parameters
    ----------
    tracks : TrackSet
        The tracks.
    correct_velocity : bool
        For velocity sets: write every column into its own variable instead of what the original does
        (only ``gwthr`` filled, with v).
    """
    if tracks.n_tracks == 0:  # a fixed dimension cannot be empty
        nothing = np.zeros(1, np.int64)
        tracks = dataclasses.replace(tracks, track_id=nothing, start=np.zeros(2, np.int64), start_time=nothing)
    timed = bool(tracks.start_time[0] != 0)
    index = np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths)
    variables = _track_variables(tracks)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "index": index.astype(np.int32),
        "time": tracks.frame.astype(np.float64) if timed else tracks.frame.astype(np.int32),
        "longitude": tracks.lon,
        "latitude": tracks.lat,
        **_values(tracks, correct_velocity),
    }
    variables += [Variable(name=n, over_records=True, data=c) for n, c in columns.items()]
    for i, name in enumerate(_field_names(tracks.field_has_position)):
        missing: dict[str, npt.NDArray[np.generic]] = {"missing_value": np.array([MISSING_VALUE])}
        variables.append(Variable(name=name, over_records=True, data=tracks.fields[:, i], attributes=missing))
    return encode((TRACKS, tracks.n_tracks), RECORDS, variables)


def write_track_netcdf(out: ByteSink, tracks: TrackSet, *, correct_velocity: bool = False) -> None:
    """Write a track NetCDF file; arguments as for `track_netcdf`."""
    out.write(track_netcdf(tracks, correct_velocity=correct_velocity))


def _column(variables: dict[str, Variable], name: str, path: str, size: int | None = None) -> npt.NDArray[np.generic]:
    if name not in variables:
        raise TrackFileError(f"no variable '{name}'; not a track file (found {', '.join(variables)})", path=path)
    data = variables[name].data
    if data.dtype.kind not in "if" or (size is not None and len(data) != size):
        raise TrackFileError(f"variable '{name}' has {len(data)} values of {data.dtype}, expected {size}", path=path)
    return data


def _starts(variables: dict[str, Variable], path: str, points: int) -> npt.NDArray[np.int64]:
    first = _column(variables, "FIRST_PT", path)
    counts = _column(variables, "NUM_PTS", path, len(first)).astype(np.int64)
    start = np.concatenate(([0], np.cumsum(counts)))
    if (counts < 0).any() or start[-1] != points or not np.array_equal(start[:-1], first):
        raise TrackFileError(f"FIRST_PT and NUM_PTS do not add up to the {points} points", path=path)
    return start


def parse_track_netcdf(data: bytes, name: str = "track NetCDF file") -> TrackSet:
    """Tracks from the bytes of a track NetCDF file; ids become positions in the list (1-based).

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    variables = decode(data, name)
    frame = _column(variables, "time", name)
    n = len(frame)
    start = _starts(variables, name, n)
    flags = variables["TRACK_ID"].attributes.get(FIELD_FLAGS) if "TRACK_ID" in variables else None
    has_position = tuple(bool(f) for f in flags) if flags is not None else ()
    names = _field_names(has_position)
    velocity = None
    if "speed" in variables:
        velocity = np.stack([_column(variables, v, name, n).astype(np.float32) for v in VELOCITY_NAMES[1:]], axis=1)
    fields = [_column(variables, f, name, n).astype(np.float32) for f in names]
    tracks = len(start) - 1
    timed = frame.dtype.kind == "f" and tracks > 0
    return TrackSet(
        track_id=np.arange(1, tracks + 1, dtype=np.int64),
        start=start,
        start_time=_start_times(frame, start) if timed else np.zeros(tracks, np.int64),
        frame=frame.astype(np.int64),
        lon=_column(variables, "longitude", name, n).astype(np.float32),
        lat=_column(variables, "latitude", name, n).astype(np.float32),
        value=_column(variables, "intensity" if velocity is None else "speed", name, n).astype(np.float32),
        missing=np.zeros(n, np.int32),
        velocity=velocity,
        fields=np.stack(fields, axis=1) if fields else np.zeros((n, 0), np.float32),
        field_has_position=has_position,
    )


def _start_times(frame: npt.NDArray[np.generic], start: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    times = np.zeros(len(start) - 1, np.int64)
    filled = np.diff(start) > 0
    times[filled] = frame[start[:-1][filled]].astype(np.int64)
    return times


def read_track_netcdf(path: str | PathLike[str]) -> TrackSet:
    """Read a track NetCDF file; see `parse_track_netcdf`."""
    return parse_track_netcdf(read_bytes(path), str(path))
