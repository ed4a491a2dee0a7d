"""Fields written to a file block by block, so that memory does not grow with the series.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError, UserInputError
from ..formats.fields.track_binary import TrackBinaryWriter
from ..model.times import Times
from ..storage.outputs import OutputFile, netcdf_errors, whole_folder
from ..storage.packages import need
from .source import ArraySource

SUFFIXES = {".nc": "NetCDF-4", ".zarr": "a Zarr store", ".dat": "TRACK's binary file"}
"""Ends of names, and what is written then."""
_BLOCK = 1 << 26
"""Bytes of a block of frames, about."""


def blocks(array: Any) -> Iterator[Any]:
    """A field in pieces along `time`, each small enough to be held."""
    if "time" not in array.dims:
        array = array.expand_dims("time")
    frames = max(1, _BLOCK // max(1, 4 * array.size // max(1, array.sizes["time"])))
    for first in range(0, array.sizes["time"], frames):
        yield array.isel(time=slice(first, first + frames))


def check_target(path: Path) -> None:
    """Refuse a name that says no format, or a place where nothing can be written, before the work.

    Raises
    ------
    UserInputError, OutputError
    """
    if path.suffix not in SUFFIXES:
        known = ", ".join(f"{suffix} ({kind})" for suffix, kind in SUFFIXES.items())
        raise UserInputError(f"'{path}': the end of the name says what is written; it has to be one of {known}")
    if path.suffix == ".zarr":
        if path.exists():
            raise OutputError(f"'{path}' exists; a store is not replaced: remove it, or name another")
        OutputFile(path.with_name(f".{path.name}.tried")).discard()
    else:
        OutputFile(path).discard()


def write_field(pieces: Iterable[Any], path: Path, dates: Times | None) -> None:
    """Write a field that comes in pieces along `time`; it appears whole or not at all.

    Parameters
    ----------
    pieces : iterable of xarray.DataArray
        With the axes time, lat, lon, and others.
    path : Path
        As `check_target` allows it.
    dates : Times or None
        Of all frames (`fields.source.dates_of`).

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    {".nc": _write_netcdf, ".zarr": _write_zarr, ".dat": _write_binary}[path.suffix](pieces, path, dates)


def _write_netcdf(pieces: Iterable[Any], path: Path, dates: Times | None) -> None:
    from netCDF4 import Dataset

    with OutputFile(path) as out, netcdf_errors(out), Dataset(out.partial, "w") as data:
        written = 0
        for piece in pieces:
            if not written:
                _define(data, piece.transpose("time", ...), dates)
            stop = written + piece.sizes["time"]
            data[_name(piece)][written:stop] = piece.transpose("time", ...).values
            written = stop


def _name(array: Any) -> str:
    return str(array.name or "field")


def _define(data: Any, array: Any, dates: Times | None) -> None:
    """Dimensions, coordinates and the variable of a file without frames."""
    data.setncatts({"Conventions": "CF-1.11", **_history(array)})
    for dim in array.dims:
        data.createDimension(dim, None if dim == "time" else array.sizes[dim])
    for name, coordinate in array.coords.items():
        if "time" not in coordinate.dims and coordinate.dtype.kind in "iufOSU":
            _add(data, name, coordinate)
    if dates is not None:
        time = data.createVariable("time", "i8", ("time",))
        time.setncatts({"standard_name": "time", "units": dates.units, "calendar": dates.calendar or "standard"})
        time[:] = dates.values
    kind = array.dtype.newbyteorder("=") if array.dtype.kind == "f" else np.dtype(np.float32)
    frame = tuple(1 if dim == "time" else array.sizes[dim] for dim in array.dims)
    variable = data.createVariable(_name(array), kind, array.dims, chunksizes=frame, zlib=True, complevel=1)
    variable.setncatts({name: value for name, value in _plain(array.attrs).items() if name != "history"})


def _add(data: Any, name: str, coordinate: Any) -> None:
    values = np.asarray(coordinate.values)
    kind: Any = str if values.dtype.kind in "OSU" else values.dtype.newbyteorder("=")
    variable = data.createVariable(name, kind, coordinate.dims)
    variable.setncatts(_plain(coordinate.attrs))
    variable[...] = values


def _plain(attributes: Any) -> dict[str, Any]:
    """Attributes that a file can hold."""
    return {str(name): value for name, value in attributes.items() if isinstance(value, (str, int, float, np.generic))}


def _history(array: Any) -> dict[str, Any]:
    return {"history": str(array.attrs["history"])} if "history" in array.attrs else {}


def _write_zarr(pieces: Iterable[Any], path: Path, dates: Times | None) -> None:
    need("zarr", "zarr", f"'{path}'")
    encoding = {} if dates is None else {"time": {"units": dates.units, "calendar": dates.calendar, "dtype": "int64"}}
    with whole_folder(path) as partial:
        for number, piece in enumerate(pieces):
            data = piece.transpose("time", ...).drop_encoding().to_dataset(name=_name(piece))
            if number:
                data.to_zarr(partial, append_dim="time", zarr_format=2)
            else:
                data.to_zarr(partial, mode="w", zarr_format=2, encoding=encoding)


def _write_binary(pieces: Iterable[Any], path: Path, dates: Times | None) -> None:  # which has no dates
    writer: TrackBinaryWriter | None = None
    try:
        for piece in pieces:
            source = ArraySource(piece)
            rows = slice(None, None, -1 if source.lat[0] > source.lat[-1] else 1)
            writer = writer or TrackBinaryWriter(path, source.lon, source.lat[rows])
            for number in range(1, source.n_frames + 1):
                frame = source.read(number)
                assert frame is not None
                writer.write_frame(frame[rows])
        assert writer is not None
        writer.commit()
    except BaseException:
        if writer is not None:
            writer.discard()
        raise
