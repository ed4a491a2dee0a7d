"""Features of a series in NetCDF: one group for each search, nothing lost.

Each group has the dimensions frame, object and feature. ``objects(frame)`` counts the objects of every frame,
``features(object)`` the features of every object; positions and values lie along ``feature``. Outlines of objects,
where there are some, are counted and packed in the same way. Parity: not applicable; float32 is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...arrays import I64
from ...errors import TrackFileError
from ...model.features import Features, Outlines
from ...model.reference import GEOGRAPHIC, ProjectionDetails
from ...model.times import NO_TIME, Times
from ...model.variables import Variable
from ...storage.outputs import OutputFile

MARK = "stormtrack features"
"""Value of the attribute ``content`` of such files."""
_OWN = ("content", "searches")
_OUTLINES = ("points", "boundary")
_POSITION = ("lon_of_", "lat_of_")


def is_feature_file(path: Path) -> bool:
    """Whether a file is one of these."""
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError:
        return False
    if head != b"\x89HDF\r\n\x1a\n":
        return False
    from netCDF4 import Dataset

    try:
        with Dataset(path) as data:
            return str(getattr(data, "content", "")) == MARK
    except OSError:
        return False


def write_features(path: Path, found: Mapping[str, Features], attributes: Mapping[str, str]) -> None:
    """Write features; the file appears whole or not at all.

    Parameters
    ----------
    path : Path
        Replaced if it exists.
    found : mapping
        Name of a search to its features.
    attributes : mapping
        Of the whole file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    from netCDF4 import Dataset

    with OutputFile(path) as out:
        data = Dataset("features.nc", "w", memory=1 << 16)
        data.setncatts({"content": MARK, "searches": " ".join(found), **attributes})
        for name, features in found.items():
            _write_group(data.createGroup(name), features)
        out.write(data.close())


def _write_group(group: Any, features: Features) -> None:
    where = features.projection
    group.setncatts(
        {"projection_group": where.group, "projection_kind": where.kind, "on_nodes": int(features.on_nodes)}
    )
    if where.centre is not None:
        group.projection_centre = np.array(where.centre, np.float64)
    for name, size in (("frame", features.n_frames), ("object", features.n_objects), ("feature", features.n_features)):
        group.createDimension(name, size)
    _put(group, "frame", "frame", features.frame, "number of the frame in the series, from 1")
    if features.time is not None:
        time = _put(group, "time", "frame", features.time.values)
        time.setncatts({"standard_name": "time", "units": features.time.units})
        if features.time.calendar is not None:
            time.calendar = features.time.calendar
        time.missing_value = np.int64(NO_TIME)
    _put(group, "objects", "frame", np.diff(features.object_start), "number of objects of the frame")
    _put(group, "missing_after", "frame", features.missing_after, "frames missing between this one and the next")
    _put(group, "stated", "frame", features.stated, "number of features that TRACK's object file states")
    _put(group, "boundary_state", "frame", features.boundary_state)
    _put(group, "features", "object", np.diff(features.feature_start), "number of features of the object")
    for name, values, standard in (("lon", features.x, "longitude"), ("lat", features.y, "latitude")):
        position = _put(group, name, "feature", values)
        if where.is_geographic and not features.on_nodes:
            position.setncatts({"standard_name": standard, "units": f"degrees_{'east' if name == 'lon' else 'north'}"})
    group.variables_in_order = " ".join(variable.name for variable in features.variables)
    for variable in features.variables:
        _write_variable(group, variable)
    for name in _OUTLINES:
        outlines: Outlines | None = getattr(features, name)
        if outlines is not None:
            group.createDimension(name, len(outlines.x))
            _put(group, f"{name}_of_object", "object", np.diff(outlines.start))
            for part in ("x", "y", "value"):
                _put(group, f"{name}_{part}", name, getattr(outlines, part))


def _put(group: Any, name: str, dimension: str, values: Any, long_name: str = "") -> Any:
    variable = group.createVariable(name, values.dtype, (dimension,), zlib=True, fill_value=False)
    if long_name:
        variable.long_name = long_name
    variable[:] = values
    return variable


def _write_variable(group: Any, variable: Variable) -> None:
    out = _put(group, variable.name, "feature", variable.values)
    out.units = variable.units
    if variable.missing_value is not None:
        out.missing_value = np.float32(variable.missing_value)
    for prefix, values in zip(_POSITION, (variable.lon, variable.lat), strict=True):
        if values is not None:
            _put(group, prefix + variable.name, "feature", values)


def read_features(path: Path) -> tuple[dict[str, Features], dict[str, str]]:
    """Features of every search, and the attributes of the file.

    Raises
    ------
    TrackFileError
        If it is no such file, or damaged.
    """
    from netCDF4 import Dataset

    if not is_feature_file(path):
        raise TrackFileError("is no file of features (stormtrack detect writes them)", path=str(path))
    try:
        with Dataset(path) as data:
            data.set_auto_mask(False)
            found = {name: _read_group(data.groups[name]) for name in data.searches.split()}
            attributes = {name: str(data.getncattr(name)) for name in data.ncattrs() if name not in _OWN}
    except (OSError, KeyError, AttributeError, IndexError, RuntimeError, ValueError) as problem:
        raise TrackFileError(f"is a damaged file of features ({problem})", path=str(path)) from problem
    return found, attributes


def _offsets(counts: Any) -> I64:
    return np.concatenate([[0], np.cumsum(np.asarray(counts, np.int64))]).astype(np.int64)


def _read_group(group: Any) -> Features:
    names = group.variables_in_order.split()
    return Features(
        frame=group["frame"][:].astype(np.int64),
        object_start=_offsets(group["objects"][:]),
        feature_start=_offsets(group["features"][:]),
        x=group["lon"][:].astype(np.float32),
        y=group["lat"][:].astype(np.float32),
        variables=tuple(_read_variable(group, name) for name in names),
        missing_after=group["missing_after"][:].astype(np.int32),
        stated=group["stated"][:].astype(np.int32),
        boundary_state=group["boundary_state"][:].astype(np.int32),
        time=_read_times(group),
        projection=_read_projection(group),
        on_nodes=bool(group.on_nodes),
        **{name: _read_outlines(group, name) for name in _OUTLINES},
    )


def _read_times(group: Any) -> Times | None:
    if "time" not in group.variables:
        return None
    time = group["time"]
    return Times(values=time[:].astype(np.int64), units=time.units, calendar=getattr(time, "calendar", None))


def _read_projection(group: Any) -> ProjectionDetails:
    numbers = int(group.projection_group), int(group.projection_kind)
    if not hasattr(group, "projection_centre"):
        return GEOGRAPHIC if numbers == (0, 0) else ProjectionDetails(group=numbers[0], kind=numbers[1])
    latitude, longitude = map(float, group.projection_centre)
    return ProjectionDetails(group=numbers[0], kind=numbers[1], centre=(latitude, longitude))


def _read_variable(group: Any, name: str) -> Variable:
    stored = group[name]
    missing = getattr(stored, "missing_value", None)
    lon, lat = (group[prefix + name][:] if prefix + name in group.variables else None for prefix in _POSITION)
    return Variable(
        name=name,
        values=stored[:].astype(np.float32),
        units=stored.units,
        lon=lon,
        lat=lat,
        missing_value=None if missing is None else float(missing),
    )


def _read_outlines(group: Any, name: str) -> Outlines | None:
    if f"{name}_of_object" not in group.variables:
        return None
    x, y, value = (group[f"{name}_{part}"][:].astype(np.float32) for part in ("x", "y", "value"))
    return Outlines(start=_offsets(group[f"{name}_of_object"][:]), x=x, y=y, value=value)
