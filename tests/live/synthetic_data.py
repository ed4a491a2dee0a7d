"""Small synthetic input files on many kinds of grid: moving vortices of both signs, NetCDF or TRACK binary."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from netCDF4 import Dataset

from stormtrack.arrays import F64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Data:
    """An input file before it is written, and what its grid will ask for."""

    lon: F64
    lat: F64
    frames: npt.NDArray[np.float32]
    """Shape (time, lat, lon), in the order of `lat`."""
    netcdf: bool
    times: tuple[int, ...] = ()
    """YYYYMMDDHH of each record (binary only); empty: no times."""
    newline: bool = True
    several_fields: bool = False
    levels: int = 0
    packed: bool = False
    all_round: bool = True
    closed: bool = False
    """The last column is the first one again."""
    negative: bool = False
    """Longitudes start below 0."""
    unit: float = 1.0
    base: float = 0.0
    ascending: bool = field(default=True)

    @property
    def name(self) -> str:
        return "input.nc" if self.netcdf else "input.dat"

    @property
    def has_equator(self) -> bool:
        return bool((np.abs(self.lat) < 0.0005).any())

    @property
    def has_poles(self) -> bool:
        return bool(np.abs(self.lat).max() > 89.9999)

    def write(self, folder: Path) -> None:
        """Write the file."""
        if self.netcdf:
            self._write_netcdf(folder / self.name)
        else:
            self._write_binary(folder / self.name)

    def _write_netcdf(self, path: Path) -> None:
        n, ny, nx = self.frames.shape
        with Dataset(path, "w", format="NETCDF3_CLASSIC") as out:
            for name, size in (("time", n), ("lat", ny), ("lon", nx)):
                out.createDimension(name, size)
            if self.levels:
                out.createDimension("lev", self.levels)
                out.createVariable("lev", "f4", ("lev",))[:] = 850.0 - 100.0 * np.arange(self.levels)
            out.createVariable("time", "f8", ("time",))[:] = 6.0 * np.arange(n)
            out.createVariable("lat", "f4", ("lat",))[:] = self.lat
            out.createVariable("lon", "f8", ("lon",))[:] = self.lon
            if self.several_fields:
                out.createVariable("other", "f4", ("time", "lat", "lon"))[:] = 1.0
            axes = ("time", "lev", "lat", "lon") if self.levels else ("time", "lat", "lon")
            values = np.repeat(self.frames[:, None], self.levels, axis=1) if self.levels else self.frames
            variable = out.createVariable("vo", "i2" if self.packed else "f4", axes)
            variable.set_auto_maskandscale(False)
            if self.packed:
                low, high = float(values.min()), float(values.max())
                step = (high - low) / 60000.0
                variable.scale_factor, variable.add_offset = step, low + 30000.0 * step
                values = np.rint((values - low) / step - 30000.0).astype(np.int16)
            variable[:] = values

    def _write_binary(self, path: Path) -> None:
        n, ny, nx = self.frames.shape
        with path.open("wb") as out:
            out.write(f"{nx:6d} {ny:6d} {n:6d}\n".encode())
            for axis in (self.lon, self.lat):
                for k in range(0, len(axis), 10):
                    out.write(("".join(f"{v:12.5f} " for v in axis[k : k + 10]) + "\n").encode())
            for k, frame in enumerate(self.frames):
                stamp = f"TIME {self.times[k]:10d}" if self.times else f"FRAME {k + 1:6d}"
                out.write(f"{stamp}\n".encode() + frame.astype("<f4").tobytes() + (b"\n" if self.newline else b""))


def _latitudes(rng: np.random.Generator, kind: str, count: int) -> F64:
    if kind == "gaussian":
        return np.degrees(np.arcsin(np.polynomial.legendre.leggauss(count)[0]))
    if kind == "poles":
        return np.linspace(-90.0, 90.0, count | 1)
    if kind == "limited":
        return np.linspace(15.0, 75.0, count // 2)
    return (np.arange(count) + 0.5) * 180.0 / count - 90.0


def _vortices(rng: np.random.Generator, lon: F64, lat: F64, n: int) -> npt.NDArray[np.float64]:
    """Gaussian vortices that wander for as long as they live, on weak waves."""
    count = int(rng.integers(8, 16))
    at_lon, at_lat = rng.uniform(lon.min(), lon.max(), count), rng.uniform(lat.min() * 0.85, lat.max() * 0.85, count)
    drift_lon, drift_lat = rng.uniform(-1.0, 4.5, count), rng.uniform(-1.0, 1.0, count)
    sign, strength = np.where(np.arange(count) % 2, -1.0, 1.0), rng.uniform(3.5, 9.0, count)
    width = rng.uniform(5.0, 11.0, count)
    first, last = rng.integers(0, max(1, n // 3), count), rng.integers(n // 2, n + 1, count)
    first[:4], last[:4] = 0, n  # some in every frame, of both signs
    slow = np.cos(np.radians(lat))[:, None] * np.sin(np.radians(3 * lon))[None, :]
    out = np.zeros((n, len(lat), len(lon)))
    for t in range(n):
        out[t] = 0.3 * slow + rng.normal(0.0, 0.05, slow.shape)
        for k in range(count):
            if first[k] <= t <= last[k]:
                across = np.abs((lon - (at_lon[k] + drift_lon[k] * t) + 180.0) % 360.0 - 180.0)
                across = across[None, :] * np.maximum(np.cos(np.radians(lat)), 0.15)[:, None]
                along = (lat - (at_lat[k] + drift_lat[k] * t))[:, None]
                out[t] += sign[k] * strength[k] * np.exp(-(across**2 + along**2) / (2 * width[k] ** 2))
    return out


def _stamps(rng: np.random.Generator, n: int) -> tuple[int, ...]:
    """Six-hourly times from 1 January 2001 with some steps left out."""
    step, out = 0, []
    for _ in range(n):
        out.append(2001010100 + 100 * (step // 4) + 6 * (step % 4))
        step += int(rng.choice([1, 1, 1, 2, 3]))
    return tuple(out)


def draw_data(rng: np.random.Generator, *, whole_sphere: bool, poles_allowed: bool) -> Data:
    """A random input; `whole_sphere` for projections that need all of it, without pole rows for sphery."""
    kinds = ["gaussian", "half", "poles", "limited"]
    weights = np.array([4.0, 2.0, 2.0 if poles_allowed else 0.0, 0.0 if whole_sphere else 2.0])
    kind = str(rng.choice(kinds, p=weights / weights.sum()))
    ny = int(rng.choice([20, 24, 32]))
    nx = 2 * ny
    lat = _latitudes(rng, kind, ny)
    closed, negative = False, False
    if kind == "limited":
        lon = np.linspace(200.0, 320.0, nx // 2)
    else:
        closed = bool(rng.random() < 0.2)
        lon = np.arange(nx + closed) * 360.0 / nx
        negative = not closed and bool(rng.random() < 0.25)
        lon = lon - 180.0 * negative
    n = int(rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9], p=[0.03, 0.03, 0.05, 0.12, 0.12, 0.2, 0.2, 0.15, 0.1]))
    values = _vortices(rng, lon, lat, n)
    if closed:
        values[:, :, -1] = values[:, :, 0]
    unit, base = [(1.0, 0.0), (1.0e-5, 0.0), (1.0, 1000.0)][int(rng.integers(3))]
    netcdf = bool(rng.random() < 0.55)
    ascending = bool(rng.random() < 0.5)
    order = slice(None) if ascending else slice(None, None, -1)
    return Data(
        lon=lon,
        lat=lat[order],
        frames=(values * unit + base).astype(np.float32)[:, order],
        netcdf=netcdf,
        times=_stamps(rng, n) if not netcdf and rng.random() < 0.4 else (),
        newline=bool(rng.random() < 0.7),
        several_fields=bool(rng.random() < 0.3),
        levels=int(rng.choice([0, 0, 1, 3])),
        packed=bool(rng.random() < 0.2),
        all_round=kind != "limited",
        closed=closed,
        negative=negative,
        unit=unit,
        base=base,
        ascending=ascending,
    )
