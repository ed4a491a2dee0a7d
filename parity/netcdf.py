"""First difference of two NetCDF files, variable by variable; their byte layout depends on the library."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np


def _attributes(holder: Any) -> dict[str, Any]:
    return {name: holder.getncattr(name) for name in holder.ncattrs()}


def _same(a: Any, b: Any) -> bool:
    x, y = np.asarray(a), np.asarray(b)
    if x.dtype != y.dtype or x.shape != y.shape:
        return False
    return bool(np.array_equal(x, y)) if x.dtype.kind in "OUS" else x.tobytes() == y.tobytes()


def _attribute_difference(where: str, ours: Any, theirs: Any) -> str | None:
    a, b = _attributes(ours), _attributes(theirs)
    if list(a) != list(b):
        return f"{where} attributes: {list(a)} != {list(b)}"
    for name in a:
        if not _same(a[name], b[name]):
            return f"{where} attribute {name}: {a[name]!r} != {b[name]!r}"
    return None


def _track_of(data: Any, record: int) -> str:
    """Track and point (both from 1) of a record, if the file says which records are whose."""
    if not {"FIRST_PT", "NUM_PTS"} <= set(data.variables):
        return f"record {record + 1}"
    first, count = data["FIRST_PT"][:], data["NUM_PTS"][:]
    owner = np.flatnonzero((first <= record) & (record < first + count))
    if len(owner) == 0:
        return f"record {record + 1}"
    return f"track {int(owner[0]) + 1} point {record - int(first[owner[0]]) + 1}"


def _value_difference(ours: Any, theirs: Any, name: str) -> str | None:
    a, b = np.asarray(ours[name][:]), np.asarray(theirs[name][:])
    if a.tobytes() == b.tobytes():
        return None
    size = a.dtype.itemsize
    raw = [np.frombuffer(v.tobytes(), np.uint8).reshape(-1, size) for v in (a, b)]
    differs = np.flatnonzero((raw[0] != raw[1]).any(axis=1))
    index = tuple(int(i) for i in np.unravel_index(int(differs[0]), a.shape)) if a.shape else ()
    dimensions = theirs[name].dimensions
    if dimensions == ("record",):
        where = _track_of(theirs, index[0])
    else:
        where = " ".join(f"{d} {i + 1}" for d, i in zip(dimensions, index, strict=True))
    values = f"{a[index]!r} != {b[index]!r}"
    return f"{where} column {name}: {values} ({len(differs)} of {a.size} values differ)"


def _difference(ours: Any, theirs: Any) -> str | None:
    ours.set_auto_maskandscale(False)
    theirs.set_auto_maskandscale(False)
    if ours.data_model != theirs.data_model:
        return f"format: {ours.data_model} != {theirs.data_model}"
    sizes = [{n: (len(d), d.isunlimited()) for n, d in data.dimensions.items()} for data in (ours, theirs)]
    if list(ours.variables) != list(theirs.variables):
        return f"variables: {list(ours.variables)} != {list(theirs.variables)}"
    if list(sizes[0].items()) != list(sizes[1].items()):
        return f"dimensions (length, unlimited): {sizes[0]} != {sizes[1]}"
    for name in theirs.variables:
        a, b = ours[name], theirs[name]
        if (a.dtype, a.dimensions) != (b.dtype, b.dimensions):
            return f"variable {name}: {a.dtype}{a.dimensions} != {b.dtype}{b.dimensions}"
        if place := _attribute_difference(f"variable {name}", a, b) or _value_difference(ours, theirs, name):
            return place
    return _attribute_difference("global", ours, theirs)


def netcdf_difference(ours: bytes, theirs: bytes) -> str | None:
    """Say where two NetCDF files differ in content (dimensions, variables, attributes, values); None if nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "ours.nc", Path(folder) / "theirs.nc"]
        for path, data in zip(paths, (ours, theirs), strict=True):
            path.write_bytes(data)
        with netCDF4.Dataset(paths[0]) as a, netCDF4.Dataset(paths[1]) as b:
            return _difference(a, b)
