"""Random small inputs for menu functions, and the start-up answers that lead to the menu.

Written from the specification (01, sections 3 and 8), not from stormtrack's table of prompts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import netCDF4
import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]
MARK = -9.99e8
"""Stands for missing values."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """An input file before it is written, and the answers up to the menu."""

    lon: F64
    lat: F64
    fields: dict[str, F32]
    """By name, shape (frames, rows, columns), in the order of `lat`."""
    netcdf: bool
    startup: str
    nx: int
    ny: int
    closed: bool
    """The working grid repeats its first column."""
    geodesic: bool
    mark: bool = False
    """The fields have a missing value."""
    answers: list[str] = field(default_factory=list)

    @property
    def n_frames(self) -> int:
        return len(next(iter(self.fields.values())))

    def write(self, path: Path, names: Sequence[str] = ()) -> Path:
        """Write the file; NetCDF with the fields named (by default all), binary with the first."""
        if self.netcdf:
            write_netcdf(path, self.lon, self.lat, {k: self.fields[k] for k in names or self.fields}, mark=self.mark)
        else:
            write_binary(path, self.lon, self.lat, self.fields[(*names, *self.fields)[0]])
        return path


def write_binary(path: Path, lon: F64, lat: F64, frames: F32) -> None:
    """A TRACK binary file, a newline behind every frame."""
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (len(lon), len(lat), len(frames)))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        for k, frame in enumerate(frames, 1):
            out.write(b"FRAME %6d\n" % k + frame.astype("<f4").tobytes() + b"\n")


def write_netcdf(path: Path, lon: F64, lat: F64, fields: dict[str, F32], *, mark: bool = False) -> None:
    """A classic NetCDF file."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as out:
        count = len(next(iter(fields.values())))
        for name, values in (("time", 6.0 * np.arange(count)), ("lat", lat), ("lon", lon)):
            out.createDimension(name, len(values))
            out.createVariable(name, "f8" if name == "time" else "f4", (name,))[:] = values
        for name, values in fields.items():
            variable = out.createVariable(name, "f4", ("time", "lat", "lon"))
            variable.set_auto_maskandscale(False)
            if mark:
                variable.missing_value = np.float32(MARK)
            variable[:] = values


def _latitudes(kind: str, count: int) -> F64:
    if kind == "gaussian":
        return np.degrees(np.arcsin(np.polynomial.legendre.leggauss(count)[0]))
    if kind == "poles":
        return np.linspace(-90.0, 90.0, count | 1)
    if kind == "limited":
        return np.linspace(11.0, 67.0, count)
    return (np.arange(count) + 0.5) * 180.0 / count - 90.0


def smooth_noise(rng: np.random.Generator, lon: F64, lat: F64, n: int) -> F64:
    """Waves of random size and phase with some noise, shape (n, rows, columns)."""
    x, y = np.radians(lon), np.radians(lat)[:, None]
    out = 0.1 * rng.standard_normal((n, len(lat), len(lon)))
    for t in range(n):
        for _ in range(6):
            wave, turn = rng.integers(1, 6, 2), rng.uniform(0, 6.3, 2)
            out[t] += rng.normal() * np.cos(wave[0] * x + turn[0]) * np.cos(wave[1] * y + turn[1]) * np.cos(y)
    return out


def draw(
    rng: np.random.Generator,
    *,
    kinds: Sequence[str] = ("gaussian", "regular", "poles", "limited", "west", "closed"),
    fields: Sequence[str] = ("v",),
    netcdf: bool | None = None,
    poles: bool = True,
    equator: bool = True,
    periodic: bool | None = None,
    geodesic: bool = True,
    frames: int | None = None,
    marked: bool = False,
    rows: Sequence[int] = (9, 12, 14),
    scale: float = 1.0,
    offset: float = 0.0,
) -> Drawn:
    """A random input.

    Parameters
    ----------
    kinds : sequence of str
        Grids to choose from; `west`: from -180, `closed`: the file has the column at 360 degrees.
    fields : sequence of str
        Names of the fields; several need NetCDF.
    poles, equator : bool
        Whether such rows may stay.
    periodic : bool, optional
        The answer to that question; by default drawn.
    marked : bool
        Some values are missing.
    """
    chance = lambda p: bool(rng.random() < p)  # noqa: E731
    kind = str(rng.choice(list(kinds)))
    ny = int(rng.choice(list(rows)))
    lat = _latitudes(kind, ny)
    nx = int(rng.choice([2 * ny, 2 * ny + 3, 18]))
    closed = kind == "closed"
    lon = np.linspace(200.0, 290.0, nx) if kind == "limited" else np.arange(nx + closed) * 360.0 / nx
    lon = lon - 180.0 * (kind == "west")
    n = frames or int(rng.integers(1, 4))
    values = {name: smooth_noise(rng, lon, lat, n) * scale + offset for name in fields}
    for each in values.values():
        if closed:
            each[:, :, -1] = each[:, :, 0]
        if marked:
            each[:, rng.integers(len(lat), size=3), rng.integers(len(lon), size=3)] = MARK
    ascending = chance(0.5)
    order = slice(None) if ascending else slice(None, None, -1)
    is_netcdf = len(fields) > 1 or (chance(0.5) if netcdf is None else netcdf)
    answers = ["n 0 4 n 1 y" if is_netcdf else "n 0 0 y"]
    if len(fields) > 1:
        answers.append(fields[0])
    answers.append("n")
    size_x, size_y = len(lon), len(lat)
    if kind == "west":
        answers.append(f"y {rng.integers(1, 3)}")
    for near, may_stay in ((0.0, equator), (-90.0, poles), (90.0, poles)):
        if (np.abs(lat - near) < 1e-4).any():
            keeps = may_stay and chance(0.6)
            answers.append("y" if keeps else "n")
            size_y -= not keeps
    is_closed = closed
    if kind not in ("limited", "closed"):
        is_closed = chance(0.4) if periodic is None else periodic
        answers.append("y" if is_closed else "n")
        size_x += is_closed
    answers.append(f"{'g' if geodesic else 'e'} n 1 {size_x} 1 {size_y} y")
    return Drawn(
        lon=lon,
        lat=lat[order],
        fields={name: each.astype(np.float32)[:, order] for name, each in values.items()},
        netcdf=is_netcdf,
        startup=" ".join(answers) + " ",
        nx=size_x,
        ny=size_y,
        closed=is_closed,
        geodesic=geodesic,
        mark=marked,
    )


def frame_numbers(rng: np.random.Generator, n: int) -> str:
    """First, step and last frame; the last may lie before the first or beyond the data."""
    return f"{rng.integers(1, n + 1)} {rng.integers(1, 3)} {rng.integers(1, n + 3)}"


def write_grid(path: Path, rng: np.random.Generator, drawn: Drawn, *, inside: bool) -> Path:
    """A grid file; `inside`: within the working grid's latitudes."""
    low, high = sorted(drawn.lat)[1], sorted(drawn.lat)[-2]
    lat = np.linspace(low + 0.3, high - 0.3, 7) if inside else np.linspace(-87.0, 88.0, 7)
    west, east = (min(drawn.lon) + 1.0, max(drawn.lon) - 1.0) if min(drawn.lon) > 0 else (0.0, 340.0)
    lon = np.linspace(west, east, int(rng.integers(5, 12)))
    numbers = "\n".join(f"{v:.4f}" for v in (*lon, *lat))
    path.write_text(f"{len(lon)} {len(lat)}\n{numbers}\n")
    return path
