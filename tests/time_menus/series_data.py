"""Small random series in files of all kinds that the time functions take, with the answers of the start-up."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from netCDF4 import Dataset

F32 = npt.NDArray[np.float32]
F = np.float32

NAME = "in.dat"
MARK = np.float32(1.0e20)
KINDS = ("netcdf", "binary", "ascii", "pp")
FORMATS = {"binary": 0, "ascii": 1, "pp": 3, "netcdf": 4}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeriesData:
    """A series before it is written.

    Attributes
    ----------
    lon, lat : float32
    frames : float32, shape (n, ny, nx)
        In the order of `lat`.
    kind : str
        One of `KINDS`.
    holes : bool
        Some values are `MARK`.
    """

    lon: F32
    lat: F32
    frames: F32
    kind: str
    holes: bool = False
    newline: bool = True
    packed: bool = False
    levels: bool = False
    several: bool = False
    marked: bool = False
    """NetCDF: the field has a `missing_value`."""
    stamped: bool = False
    """Binary and ASCII: the lines before the frames are not those that TRACK writes."""

    @property
    def netcdf(self) -> bool:
        return self.kind == "netcdf"

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.lat), len(self.lon)

    def write(self, folder: Path) -> None:
        """Write the file."""
        path = folder / NAME
        if self.netcdf:
            self._netcdf(path)
        elif self.kind == "pp":
            path.write_bytes(b"".join(self._field(k, frame) for k, frame in enumerate(self.frames)))
        else:
            path.write_bytes(self._header() + b"".join(self._record(k, frame) for k, frame in enumerate(self.frames)))

    def write_average(self, path: Path, frame: F32, *, whole: bool = True) -> None:
        """Write a file like that of an average; `whole`: packed as the data are."""
        self.write_averages(path, frame[None], whole=whole)

    def write_averages(self, path: Path, frames: F32, *, whole: bool = True) -> None:
        """The same with a frame for each of several periods."""
        if self.netcdf:
            replace(self, frames=frames, packed=self.packed and whole)._netcdf(path)
        else:
            record = self._field if self.kind == "pp" else self._record
            path.write_bytes(b"".join(record(k, frame) for k, frame in enumerate(frames)))

    def startup(self, *, norm: str = "g", poles: bool = True, periodic: bool = False) -> str:
        """Answers up to the menu's number; pole rows are kept or not."""
        words = ["n", "0", str(FORMATS[self.kind])]
        words += ["n", "1", "y"] if self.netcdf else []
        words += ["y" if self.newline else "n"] if self.kind == "binary" else []
        if self.netcdf and self.several:
            words.append("vo")
        words.append("n")
        words += ["y"] if (np.abs(self.lat) < 0.0005).any() else []
        n_poles = int((np.abs(np.abs(self.lat) - 90.0) < 1e-4).sum())
        words += ["y" if poles else "n"] * n_poles
        words += ["500"] if self.netcdf and self.levels else []
        if self.all_round:
            words.append("y" if periodic else "n")
        ny = len(self.lat) - (0 if poles else n_poles)
        return (
            " ".join([*words, norm, "n", "1", str(len(self.lon) + (periodic and self.all_round)), "1", str(ny), "y"])
            + " "
        )

    @property
    def all_round(self) -> bool:
        return abs(float(self.lon[-1] - self.lon[0]) + float(self.lon[1] - self.lon[0]) - 360.0) < 1e-3

    def _netcdf(self, path: Path) -> None:
        n, ny, nx = self.frames.shape
        with Dataset(path, "w", format="NETCDF3_CLASSIC") as out:
            axes = [("time", None), *([("lev", 2)] if self.levels else []), ("lat", ny), ("lon", nx)]
            for name, size in axes:
                out.createDimension(name, size)
                out.createVariable(name, "f8" if name == "time" else "f4", (name,))
            out["time"].units = "hours since 2001-01-01"
            out["time"][:], out["lat"][:], out["lon"][:] = 6.0 * np.arange(n), self.lat, self.lon
            if self.levels:
                out["lev"][:] = [850.0, 500.0]
            if self.several:
                out.createVariable("other", "f4", [name for name, _ in axes])[:] = 1.0
            field = out.createVariable("vo", "i2" if self.packed else "f4", [name for name, _ in axes])
            field.set_auto_maskandscale(False)
            field.long_name, field.units = "relative vorticity", "s**-1"
            values = self.frames
            if self.packed:
                field.scale_factor, field.add_offset = np.float32(2.0e-4), np.float32(0.125)
                values = np.rint((values - 0.125) / 2.0e-4).clip(-32000, 32000).astype(np.int16)
            if self.marked:
                field.missing_value = MARK
            field[:] = np.stack([np.zeros_like(values), values], 1) if self.levels else values

    def _header(self) -> bytes:
        n, ny, nx = self.frames.shape
        out = b"%6d %6d %6d\n" % (nx, ny, n)
        for axis in (self.lon, self.lat):
            for k in range(0, len(axis), 10):
                out += b"".join(b"%12.5f " % v for v in axis[k : k + 10]) + b"\n"
        return out

    def _record(self, k: int, frame: F32) -> bytes:
        label = b"step %03d of a series\n" % k if self.stamped else b"FRAME %6d\n" % (k + 1)
        if self.kind == "ascii":
            words = [b"%13.6e" % v for v in frame.ravel().tolist()]
            return label + b"".join(b" ".join(words[i : i + 6]) + b"\n" for i in range(0, len(words), 6))
        return label + frame.astype("<f4").tobytes() + (b"\n" if self.newline else b"")

    def _field(self, k: int, frame: F32) -> bytes:
        words, reals = [0] * 45, [0.0] * 19
        words[:5] = 2001, 1, 1 + k // 4, 6 * (k % 4), 30
        words[15], words[17], words[18], words[22] = 1, *self.shape, 16
        step_x, step_y = self.lon[1] - self.lon[0], self.lat[1] - self.lat[0]
        reals[13:17] = self.lat[0] - step_y, step_y, self.lon[0] - step_x, step_x
        records = struct.pack("<45i19f", *words, *reals), frame.astype("<f4").tobytes()
        return b"".join(struct.pack("<i", len(r)) + r + struct.pack("<i", len(r)) for r in records)


def draw_series(
    rng: np.random.Generator, *, kinds: tuple[str, ...] = KINDS, most_frames: int = 40, holes: bool | None = None
) -> SeriesData:
    """A random series; `holes` says whether values are missing (None: perhaps)."""
    kind = str(rng.choice(kinds))
    n = int(rng.integers(2, most_frames + 1))
    if rng.random() < 0.5:
        nx, ny = int(rng.integers(4, 14)), int(rng.integers(4, 9))
        lon = (20.0 + 2.5 * np.arange(nx)).astype(np.float32)
        lat = (-20.0 + 3.75 * np.arange(ny)).astype(np.float32)
    else:
        nx, ny = int(rng.choice([8, 12, 16])), int(rng.choice([5, 7, 8]))
        lon = (360.0 / nx * np.arange(nx)).astype(np.float32)
        lat = np.linspace(-90.0, 90.0, ny).astype(np.float32)
    has_holes = bool(rng.random() < 0.4) if holes is None else holes
    packed = kind == "netcdf" and not has_holes and rng.random() < 0.25
    frames = rng.standard_normal((n, ny, nx)) + 0.5 * np.sin(np.arange(n) / 3.0)[:, None, None]
    frames = frames.astype(np.float32)
    if has_holes:
        frames[rng.random(frames.shape) < rng.choice([0.02, 0.3])] = MARK
        if rng.random() < 0.5:
            frames[:, 1, 2] = MARK
    if kind in ("netcdf", "pp") and rng.random() < 0.5:
        lat = lat[::-1].copy()
    return SeriesData(
        lon=lon,
        lat=lat,
        frames=frames,
        kind=kind,
        holes=has_holes,
        newline=bool(rng.random() < 0.7),
        packed=bool(packed),
        levels=bool(rng.random() < 0.2),
        several=bool(rng.random() < 0.2),
        marked=has_holes or (bool(rng.random() < 0.2) and not packed),
        stamped=bool(rng.random() < 0.3),
    )
