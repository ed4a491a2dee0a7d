"""Small fields of our own: vortices that move east, written as the files that users bring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from netCDF4 import Dataset

from stormtrack.arrays import F32, F64

LON, LAT = np.arange(36) * 10.0, np.arange(-85.0, 86.0, 10.0)
"""A global grid that can be closed: 36 columns and 18 rows, without poles and equator."""
FRAMES = 5

START = "n 0 4 n 1 {coards} n y g n"
"""Start-up of a NetCDF file on the grid above, up to the area; closed to 37 columns."""
WHOLE = "1 37 1 18 n"
BEFORE = "n n n n 1.0 n 1 n 1 1 5 e n 1 4 n n n n n n"
"""Maxima of all frames on the grid, no border search."""
FIRST = "0 n n 0 n"
LINKING = "n 0.2 0.8 n n n n 30.0 1.0 n n n n 0 0 n"
ANSWERS = f"{START.format(coards='n')} {WHOLE} {BEFORE} {FIRST} {LINKING}"
"""A whole tracking run on the file that `write` gives."""


def binary_answers(frames: int = FRAMES) -> str:
    """A whole tracking run on a file that `write_binary` gives."""
    start, searched = "n 0 0 y n y g n 1 37 1 18 n n n n n 0.0 n 1 n 1", "e n 1 7 n 0 n n n n 0 0. y o n n 0 n"
    return f"{start} 1 {frames} {searched} {LINKING}"


def vortices(lon: F64 = LON, lat: F64 = LAT, frames: int = FRAMES) -> F32:
    """Two vortices of strength 6, one in each hemisphere, 5 degrees eastwards a frame; frames x rows x columns."""
    out = np.zeros((frames, len(lat), len(lon)), np.float32)
    for t in range(frames):
        for x, y in ((60.0, 40.0), (200.0, -35.0)):
            across = np.abs((lon - (x + 5.0 * t) + 180.0) % 360.0 - 180.0)
            out[t] += 6.0 * np.exp(-((across[None, :] / 18.0) ** 2 + ((lat[:, None] - y) / 18.0) ** 2))
    return out


def write(
    path: Path,
    values: npt.NDArray[np.generic] | None = None,
    *,
    names: tuple[str, ...] = ("time", "lat", "lon"),
    axes: dict[str, npt.NDArray[np.generic]] | None = None,
    attributes: dict[str, dict[str, object]] | None = None,
    field: str = "vo",
    format: str = "NETCDF4",
) -> Path:
    """Write a NetCDF file.

    Parameters
    ----------
    values : array, optional
        The field; by default `vortices`.
    names : tuple of str
        Its dimensions.
    axes : dict, optional
        Coordinates besides the standard ones (6-hourly time, `LAT`, `LON`), or in their place; an empty array: none.
    attributes : dict, optional
        Attributes by the name of the variable.
    """
    values = vortices() if values is None else values
    standard = {"time": 6.0 * np.arange(values.shape[0]), "lat": LAT, "lon": LON}
    coordinates = {**standard, **(axes or {})}
    with Dataset(path, "w", format=format) as out:
        for name, size in zip(names, values.shape, strict=True):
            out.createDimension(name, size)
        for name in names:
            if len(coordinates.get(name, ())):
                out.createVariable(name, coordinates[name].dtype, (name,))[:] = coordinates[name]
        fill = (attributes or {}).get(field, {}).get("_FillValue")
        variable = out.createVariable(field, values.dtype, names, fill_value=fill)
        variable.set_auto_maskandscale(False)
        variable[:] = values
        for name, given in (attributes or {}).items():
            if name not in out.variables:
                out.createVariable(name, "i4", ())
            out[name].setncatts({key: value for key, value in given.items() if key != "_FillValue"})
    return path


def write_binary(path: Path, values: F32 | None = None, *, order: str = "<", stamps: list[int] | None = None) -> Path:
    """Write a TRACK binary file (records followed by a newline), its numbers in the byte order given."""
    values = vortices() if values is None else values
    n, ny, nx = values.shape
    with path.open("wb") as out:
        out.write(f"{nx:6d} {ny:6d} {n:6d}\n".encode())
        for axis in (LON[:nx], LAT[:ny]):
            for k in range(0, len(axis), 10):
                out.write(("".join(f"{v:12.5f} " for v in axis[k : k + 10]) + "\n").encode())
        for k, frame in enumerate(values):
            line = f"TIME {stamps[k]:10d}" if stamps else f"FRAME {k + 1:6d}"
            out.write(line.encode() + b"\n" + frame.astype(f"{order}f4").tobytes() + b"\n")
    return path


def write_pp(
    path: Path,
    values: npt.NDArray[np.generic] | None = None,
    *,
    marks: str = "<",
    words: str = "<",
    integers: dict[int, int] | None = None,
    reals: dict[int, float] | None = None,
    levels: tuple[float, ...] = (850.0,),
    hours: tuple[int, ...] = (),
) -> Path:
    """Write a PP file.

    Parameters
    ----------
    marks, words : str
        Byte orders of the record marks, and of header and data.
    integers, reals : dict
        Header words (1-based, as they are numbered in the format) with other values than the usual ones.
    levels : tuple of float
        Levels of the fields, in turn.
    hours : tuple of int
        Hours of the fields since 1 December 1990; by default 6-hourly.
    """
    values = vortices() if values is None else values
    n, ny, nx = values.shape
    out = b""
    for k in range(n):
        hour = hours[k] if hours else 6 * k
        head, rest = np.zeros(45, np.int32), np.zeros(19, np.float32)
        head[:6] = (1990, 12, 1 + hour // 24, hour % 24, 0, 335)
        head[12], head[14], head[15], head[17], head[18] = 1, nx * ny, 1, ny, nx
        head[22], head[25], head[38] = 75, 8, 1
        rest[6], rest[10], rest[17] = levels[k % len(levels)], 90.0, -1.0e30
        rest[13:17] = (LAT[0] - 10.0, 10.0, LON[0] - 10.0, 10.0)
        for word, value in (integers or {}).items():
            head[word - 1] = value
        for word, real in (reals or {}).items():
            rest[word - 46] = real
        body = values[k].astype(f"{words}{values.dtype.str[1:]}").tobytes()
        for record in (head.astype(f"{words}i4").tobytes() + rest.astype(f"{words}f4").tobytes(), body):
            mark = np.array([len(record)], f"{marks}i4").tobytes()
            out += mark + record + mark
    path.write_bytes(out)
    return path
