"""Track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: variable by variable.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping

import numpy as np

from ..arrays import F32, I64
from ..errors import TrackFileError
from ..tracks.model import MISSING_VALUE, TrackSet
from . import classic_netcdf
from .classic_netcdf import Array, Attribute, ClassicFormatError, Header, Variable, big_endian
from .outputs import ByteSink

TRACKS, RECORDS = "tracks", "record"
VELOCITY_NAMES = ("speed", "gwthr", "tend", "velX", "velY")
FIELD_COUNT, VALUE_COUNT, FIELD_FLAGS = "add_fld_num", "tot_add_fld_num", "loc_flags"
FILL = np.float32(9.96921e36)
"""NetCDF's default fill value of floats."""

_MOST_OF_VERSION_1 = 2**31 - 2**20
"""Bytes of values that offsets of 32 bits surely reach."""


def _field_attributes(tracks: TrackSet) -> dict[str, Attribute]:
    flags = np.array(tracks.field_has_position, np.int32)
    return {
        FIELD_COUNT: np.array([len(flags)], np.int32),
        VALUE_COUNT: np.array([tracks.fields.shape[1] if len(flags) else 0], np.int32),
        FIELD_FLAGS: flags,
    }


def _values(tracks: TrackSet, correct_velocity: bool) -> dict[str, F32]:
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
    of_tracks: dict[str, Array] = {
        "TRACK_ID": np.arange(tracks.n_tracks, dtype=np.int32),
        "FIRST_PT": tracks.start[:-1].astype(np.int32),
        "NUM_PTS": tracks.lengths.astype(np.int32),
    }
    of_points: dict[str, Array] = {
        "index": index.astype(np.int32),
        "time": tracks.frame.astype(np.float64) if timed else tracks.frame.astype(np.int32),
        "longitude": tracks.lon,
        "latitude": tracks.lat,
        **_values(tracks, correct_velocity),
    }
    names = _field_names(tracks.field_has_position)
    of_points |= {name: tracks.fields[:, i] for i, name in enumerate(names)}
    attributes: dict[str, dict[str, Attribute]] = {name: {"missing_value": np.array([MISSING_VALUE])} for name in names}
    attributes["TRACK_ID"] = _field_attributes(tracks)
    return _file((TRACKS, tracks.n_tracks), of_tracks, of_points, attributes)


def _file(
    fixed: tuple[str, int],
    of_tracks: Mapping[str, Array],
    of_points: Mapping[str, Array],
    attributes: Mapping[str, Mapping[str, Attribute]],
) -> bytes:
    """Bytes of a file with some variables along a fixed dimension, others along the records."""
    variables = [
        Variable(name=name, axes=(axis,), kind=big_endian(values.dtype), attributes=attributes.get(name, {}))
        for axis, columns in enumerate((of_tracks, of_points))
        for name, values in columns.items()
    ]
    size = sum(values.nbytes for values in (*of_tracks.values(), *of_points.values()))
    header = Header(
        dimensions=[fixed, (RECORDS, classic_netcdf.RECORDS)],
        variables=variables,
        records=len(of_points["index"]),
        version=1 if size <= _MOST_OF_VERSION_1 else 2,
    )
    table = np.zeros(header.records, header.record_type)
    for name, values in of_points.items():
        table[name] = values
    return header.start_of_file(of_tracks) + table.tobytes()


def write_track_netcdf(out: ByteSink, tracks: TrackSet, *, correct_velocity: bool = False) -> None:
    """Write a track NetCDF file; arguments as for `track_netcdf`."""
    out.write(track_netcdf(tracks, correct_velocity=correct_velocity))


class _Contents:
    """The variables of a file in memory."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path, self._data = path, data
        try:
            self._header = classic_netcdf.read_header(io.BytesIO(data))
        except ClassicFormatError as problem:
            raise TrackFileError(str(problem), path=path) from problem
        self._places = self._header.places()

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def attribute(self, variable: str, name: str) -> Attribute | None:
        """An attribute; None if it or the variable is missing."""
        return next((v.attributes.get(name) for v in self._header.variables if v.name == variable), None)

    def column(self, name: str, size: int | None = None) -> Array:
        """Values of a variable, in native byte order."""
        if name not in self:
            found = ", ".join(self._places)
            raise TrackFileError(f"no variable '{name}'; not a track file (found {found})", path=self.path)
        values = self._places[name].values(self._data, self._header.records)
        if values is None:
            raise TrackFileError(f"the data of '{name}' are truncated", path=self.path)
        if values.dtype.kind not in "if" or (size is not None and len(values) != size):
            text = f"variable '{name}' has {len(values)} values of {values.dtype}, expected {size}"
            raise TrackFileError(text, path=self.path)
        return values.astype(values.dtype.newbyteorder("="))


def _starts(contents: _Contents, points: int) -> I64:
    first = contents.column("FIRST_PT")
    counts = contents.column("NUM_PTS", len(first)).astype(np.int64)
    start = np.concatenate(([0], np.cumsum(counts)))
    if (counts < 0).any() or start[-1] != points or not np.array_equal(start[:-1], first):
        problem = f"FIRST_PT and NUM_PTS do not add up to the {points} points"
        raise TrackFileError(problem, path=contents.path)
    return start


def parse_track_netcdf(data: bytes, name: str = "track NetCDF file") -> TrackSet:
    """Tracks from the bytes of a track NetCDF file; ids become positions in the list (1-based).

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    contents = _Contents(data, name)
    frame = contents.column("time")
    n = len(frame)
    start = _starts(contents, n)
    flags = contents.attribute("TRACK_ID", FIELD_FLAGS)
    has_position = tuple(bool(flag) for flag in flags) if flags is not None else ()

    def reals(column: str) -> F32:
        return contents.column(column, n).astype(np.float32)

    velocity = np.stack([reals(v) for v in VELOCITY_NAMES[1:]], axis=1) if "speed" in contents else None
    fields = [reals(field) for field in _field_names(has_position)]
    tracks = len(start) - 1
    timed = frame.dtype.kind == "f" and tracks > 0
    return TrackSet(
        track_id=np.arange(1, tracks + 1, dtype=np.int64),
        start=start,
        start_time=_start_times(frame, start) if timed else np.zeros(tracks, np.int64),
        frame=frame.astype(np.int64),
        lon=reals("longitude"),
        lat=reals("latitude"),
        value=reals("intensity" if velocity is None else "speed"),
        missing=np.zeros(n, np.int32),
        velocity=velocity,
        fields=np.stack(fields, axis=1) if fields else np.zeros((n, 0), np.float32),
        field_has_position=has_position,
    )


def _start_times(frame: Array, start: I64) -> I64:
    times = np.zeros(len(start) - 1, np.int64)
    filled = np.diff(start) > 0
    times[filled] = frame[start[:-1][filled]].astype(np.int64)
    return times
