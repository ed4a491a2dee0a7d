"""TRACK's NetCDF of tracks as one of the formats of tracks: what a run writes, and what tr2nc makes of text.

References
----------
Specification 01, sections 11.6 and 11.8; 06, section 3.3. Parity: bytes (`ids="index"`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np

from ...arrays import F32, F64, I64, Array
from ...calendar import hours, time_of
from ...errors import UserInputError
from ...model.dates import PROLEPTIC, STANDARD, days, seconds_of, times_since
from ...model.steps import dated, steps
from ...model.times import Times
from ...model.tracks import TrackSet
from ...model.variables import MISSING_VALUE, SHAPE, WEIGHT, Variable, added_fields, added_name
from ...storage.classic_netcdf import Attribute
from ..date_codes import HOUR
from ..given import Given
from ..packing import write_file
from . import metafile as tags
from .combined import with_marks
from .metafile import Metafile, standard_name
from .netcdf_contents import HDF5
from .track_netcdf import TRACKS, field_attributes, netcdf_file
from .track_netcdf_read import parse_track_netcdf
from .track_text_write import kind_of

_LOOKED_AT = 1 << 20
_TELLING = ("FIRST_PT", "NUM_PTS")
_MARK: Mapping[str, Attribute] = {"missing_value": np.array([MISSING_VALUE])}
_REFERENCE = "1900-01-01 00:00:00"
Ids = Literal["own", "index"]
_OF_CF: Mapping[str, Mapping[str, Attribute]] = {
    "": {"Conventions": b"CF-1.7", "featureType": b"trajectory"},
    "TRACK_ID": {"cf_role": b"trajectory_id"},
    "NUM_PTS": {"long_name": b"number of obs for this trajectory", "sample_dimension": b"record"},
    "longitude": {"standard_name": b"longitude", "units": b"degrees_east"},
    "latitude": {"standard_name": b"latitude", "units": b"degrees_north"},
}
"""Attributes by which programs that know CF find the tracks."""


def recognise(given: Given) -> bool:
    """Whether it is NetCDF with offsets and lengths of tracks; NetCDF-4 too, as others save what they read."""
    if given.head.startswith(HDF5):
        return _has_tracks(given)
    if not given.head.startswith(b"CDF"):
        return False
    first = given.first(_LOOKED_AT)
    return all(name.encode() in first for name in _TELLING)


def _has_tracks(given: Given) -> bool:
    from netCDF4 import Dataset

    try:
        with Dataset(str(given.path)) as file:
            return all(name in file.variables for name in _TELLING)
    except (OSError, RuntimeError):
        return False


def read(given: Given) -> TrackSet:
    """Read a file.

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    return parse_track_netcdf(given.data, given.name)


def losses(tracks: TrackSet) -> Sequence[str]:
    """What the file cannot keep."""
    kinds = (("tracks", tracks.telling_labels), ("points", list(tracks.point_labels)))
    lost = [f"labels of {what} ({', '.join(labels)})" for what, labels in kinds if labels]
    extra = [v.name for v in tracks.variables[1:] if v.name in (*SHAPE, WEIGHT)]
    if extra:
        lost.append(f"shape and weights ({', '.join(extra)})")
    if tracks.missing_after.any():
        lost.append("numbers of missing frames")
    if not tracks.projection.is_geographic:
        lost.append("the projection of the positions")
    return lost


def write(tracks: TrackSet, path: Path, *, meta: str | PathLike[str] | None = None, ids: Ids = "own") -> None:
    """Write.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
        Gzipped if it ends with ``.gz``.
    meta : path, optional
        Metafile of tr2nc with names, attributes, start and step of the times. Values of variables whose units are known
        are divided by the scale factor that it states; those without units are TRACK's numbers, written as they are.
        None: tracks as TRACK's text gives them make the file that a run writes; names, units and times that are known
        are kept.
    ids : {'own', 'index'}
        The tracks' own ids, and without a metafile the attributes of CF by which other programs find tracks; or
        0, 1, 2, ... and nothing else, as the original writes.

    Raises
    ------
    UserInputError
        If the metafile is malformed, or the tracks hold phase speeds.
    OutputError
        If the file cannot be written.
    """
    if ids not in ("own", "index"):
        raise UserInputError(f"ids='{ids}': allowed are 'own' and 'index'")
    write_file(path, netcdf_bytes(tracks, None if meta is None else Metafile.read(meta), ids))


def netcdf_bytes(tracks: TrackSet, meta: Metafile | None, ids: Ids) -> bytes:
    """Bytes of the file; see `write`."""
    if kind_of(tracks) == "v":
        raise UserInputError("phase speeds cannot be written as NetCDF of TRACK, which garbles them; write text")
    if tracks.n_tracks == 0:  # a fixed dimension cannot be empty
        tracks = replace(tracks, track_id=np.ones(1, np.int64), start=np.zeros(2, np.int64), start_time=None, labels={})
    tracks = with_marks(tracks)
    time, of_time = _times(tracks, meta)
    columns, attributes = _columns(tracks, meta)
    attributes["time"] = of_time
    attributes["TRACK_ID"] = field_attributes(tracks) | _block(meta, tags.IDS)
    attributes["NUM_PTS"] = _block(meta, tags.COUNTS)
    attributes[""] = _block(meta, tags.GLOBAL)
    if meta is None and ids == "own":
        attributes.update({name: {**attributes[name], **of_cf} for name, of_cf in _OF_CF.items()})
    numbers = tracks.track_id if ids == "own" else np.arange(tracks.n_tracks)
    of_tracks: dict[str, Array] = {
        "TRACK_ID": _as_int32(numbers),
        "FIRST_PT": tracks.start[:-1].astype(np.int32),
        "NUM_PTS": tracks.lengths.astype(np.int32),
    }
    index = np.arange(tracks.n_points) - np.repeat(tracks.start[:-1], tracks.lengths)
    of_points: dict[str, Array] = {"index": index.astype(np.int32), "time": time, **columns}
    return netcdf_file((TRACKS, tracks.n_tracks), of_tracks, of_points, attributes, attributes[""])


def _as_int32(numbers: I64) -> Array:
    if len(numbers) and np.abs(numbers).max() > np.iinfo(np.int32).max:
        raise UserInputError("ids of tracks do not fit into 32 bits; ids='index' writes 0, 1, 2, ... in their place")
    return numbers.astype(np.int32)


def _block(meta: Metafile | None, tag: str) -> dict[str, Attribute]:
    return {} if meta is None else meta.block(tag)


def _columns(tracks: TrackSet, meta: Metafile | None) -> tuple[dict[str, Array], dict[str, Mapping[str, Attribute]]]:
    """Positions and values by their names in the file, and the attributes of each."""
    position = {"longitude": _block(meta, tags.LONGITUDE), "latitude": _block(meta, tags.LATITUDE)}
    found: list[tuple[str, F32, Mapping[str, Attribute]]] = [
        ("longitude", tracks.lon, position["longitude"]),
        ("latitude", tracks.lat, position["latitude"]),
        _value(tracks.variables[0], tags.INTENSITY, tracks.variables[0].name, meta),
    ]
    for number, field in enumerate(added_fields(tracks.variables), 1):
        if field.lon is not None and field.lat is not None:
            found.append((f"longitude_{number}", field.lon, {**_MARK, **position["longitude"]}))
            found.append((f"latitude_{number}", field.lat, {**_MARK, **position["latitude"]}))
        own = f"addfld_{number}" if field.name == added_name(number) else field.name
        name, values, attributes = _value(field, tags.FIELD.format(number), own, meta)
        found.append((name, values, {**_MARK, **attributes}))
    names = [name for name, _, _ in found]
    twice = sorted({name for name in names if names.count(name) > 1} | {*names} & {"index", "time"})
    if twice:
        raise UserInputError(f"names of values must differ, also from index and time: {', '.join(twice)}")
    return {name: values for name, values, _ in found}, {name: attributes for name, _, attributes in found}


def _value(
    variable: Variable, tag: str, own_name: str, meta: Metafile | None
) -> tuple[str, F32, Mapping[str, Attribute]]:
    if meta is None:
        units: dict[str, Attribute] = {"units": variable.units.encode()} if variable.units else {}
        return own_name, variable.values, units
    block = meta.block(tag)
    scale = block.get("scale_factor")
    values = variable.values
    if variable.units and scale is not None and not isinstance(scale, bytes):
        real = values != MISSING_VALUE
        values = np.where(real, (values / scale.astype(np.float64)).astype(np.float32), values)
    return standard_name(block, own_name), values, block


def _times(tracks: TrackSet, meta: Metafile | None) -> tuple[Array, dict[str, Attribute]]:
    """Times of the points, and their attributes."""
    known = None if tracks.time is None or not tracks.time.known.all() else tracks.time
    if meta is not None:
        start = meta.number(tags.TIME, "start")
        if start is None:
            raise UserInputError(f"metafile {meta.name}: TIME has no 'start' (YYYYMMDDHH)")
        return _hours_since(start, tracks, known, meta), meta.block(tags.TIME)
    if known is not None and not (known.is_coded and known.calendar is None):
        return _in_cf_units(known)
    return steps(tracks).astype(np.float64 if dated(tracks)[:1].any() else np.int32), {}


def _in_cf_units(times: Times) -> tuple[Array, dict[str, Attribute]]:
    if times.is_coded:
        times = times_since(seconds_of(times), _REFERENCE, times.calendar)
    attributes: dict[str, Attribute] = {"standard_name": b"time", "units": times.units.encode()}
    attributes["calendar"] = (times.calendar or STANDARD).encode()
    return times.values.astype(np.float64), attributes


def _hours_since(start: int, tracks: TrackSet, times: Times | None, meta: Metafile) -> F64:
    """Hours since the start that a metafile states; by TRACK's count of days if no calendar is known."""
    if times is not None and not (times.is_coded and times.calendar is None):
        first = seconds_of(Times(values=np.array([start]), calendar=times.calendar))
        return np.asarray((seconds_of(times) - first[0]) / HOUR, np.float64)
    codes = steps(tracks)
    if not dated(tracks).any():
        step = meta.number(tags.TIME, "step")
        if step is None:
            raise UserInputError(f"metafile {meta.name}: TIME has no 'step' (hours), and the tracks have no dates")
        distinct, place = np.unique(codes, return_inverse=True)
        first_hour = hours(start)
        codes = np.array([time_of(first_hour + step * (frame - 1)) for frame in distinct.tolist()], np.int64)[place]
    return np.asarray(_hours_of(codes) - _hours_of(np.array([start]))[0], np.float64)


def _hours_of(codes: I64) -> F64:
    number = days(codes // 1_000_000, codes // 10_000 % 100, codes // 100 % 100, PROLEPTIC)
    return np.asarray(number * 24 + codes % 100, np.float64)
