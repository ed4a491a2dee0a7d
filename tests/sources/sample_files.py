"""Small field files for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import numpy.typing as npt

from stormtrack.formats.fields.track_binary import TrackBinaryWriter

LON = np.arange(0, 360, 30, dtype=np.float32)
LAT = np.array([-60, -20, 20, 60], dtype=np.float32)
SHAPE = (3, len(LAT), len(LON))


def frames(seed: int = 1, shape: Sequence[int] = SHAPE) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def write_netcdf(
    path: Path,
    values: npt.NDArray[Any],
    dimensions: Sequence[str] = ("time", "lat", "lon"),
    *,
    without: Sequence[str] = (),
    attributes: Mapping[str, Any] | None = None,
    kind: str = "NETCDF3_CLASSIC",
    unlimited: bool = False,
    coordinates: Mapping[str, Any] | None = None,
    chunks: Sequence[int] | None = None,
) -> str:
    """One field `f`; every dimension not in `without` gets a coordinate variable."""
    known: dict[str, Any] = {"lon": LON, "lat": LAT, **(coordinates or {})}
    with netCDF4.Dataset(path, "w", format=kind) as data:
        for name, length in zip(dimensions, values.shape, strict=True):
            data.createDimension(name, None if unlimited and name == dimensions[0] else length)
            if name not in without:
                data.createVariable(name, "f8", (name,))[:] = known.get(name, np.arange(length))
        given = dict(attributes or {})
        fill = given.pop("_FillValue", None)
        endian = "big" if values.dtype.byteorder == ">" else "native"
        kinds = {"fill_value": fill, "chunksizes": chunks, "zlib": bool(chunks), "endian": endian}
        field = data.createVariable("f", values.dtype, dimensions, **kinds)
        field.set_auto_maskandscale(False)
        for name, value in given.items():
            field.setncattr(name, value)
        field[:] = values
    return str(path)


def write_binary(path: Path, values: npt.NDArray[np.float32], label: str = "FRAME {:6d}\n") -> str:
    with TrackBinaryWriter(path, LON, LAT, label=label) as writer:
        for frame in values:
            writer.write_frame(frame)
    return str(path)
