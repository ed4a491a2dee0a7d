"""Input files of every kind for a series, and the questions that each kind raises."""

from __future__ import annotations

import abc
import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from netCDF4 import Dataset

from tests.live.synthetic_data import Grid, Series
from tests.live.talk import Chooser, Talk

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout(abc.ABC):
    """How a series lies in a file."""

    ascending: bool = True
    """Rows are stored south to north."""

    name = ""
    stamped = False
    """Frames carry their times."""
    even = True
    """All records have the same length, so that TRACK finds each of them."""

    @property
    def features(self) -> set[str]:
        """What a test may want to see covered."""
        return {type(self).__name__, f"rows {'up' if self.ascending else 'down'}"}

    @abc.abstractmethod
    def write(self, path: Path, series: Series) -> None:
        """Write the file."""

    @abc.abstractmethod
    def ask_data(self, t: Talk) -> None:
        """Answers from `format` to `nc.field`."""

    def ask_levels(self, t: Talk) -> None:
        """Answers to `nc.level` and `nc.add_value`."""
        return

    def ask_added(self, t: Talk) -> None:
        """Answers about the file of an added field, which lies in the same way."""
        return

    def write_average(self, path: Path, series: Series) -> bool:
        """Write a `user_tavg` file, if the layout can be used for one."""
        return False

    def _rows(self) -> slice:
        return slice(None) if self.ascending else slice(None, None, -1)


def mean_frame(series: Series) -> npt.NDArray[np.float32]:
    """Mean of all frames."""
    mean: npt.NDArray[np.float32] = series.frames.mean(axis=0, dtype=np.float32)
    return mean


PADDED = "FRAME {:6d}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Headed(Layout):
    """Files that begin with a header of numbers: TRACK binary and ASCII."""

    label: str = PADDED
    announced: int = 0
    """Frames that the header announces besides those in the file."""
    stamps: bool = False

    name = "input.dat"

    @property
    def stamped(self) -> bool:  # type: ignore[override]
        return self.stamps

    @property
    def even(self) -> bool:  # type: ignore[override]
        return self.stamps or self.label == PADDED

    def consistent(self) -> Self:
        """Without extra frames announced where records differ in length: how many TRACK finds there is hard to say."""
        return self if self.even else replace(self, announced=0)

    def write(self, path: Path, series: Series) -> None:
        n, ny, nx = series.frames.shape
        with path.open("wb") as out:
            out.write(f"{nx:6d} {ny:6d} {n + self.announced:6d}\n".encode())
            for axis in (series.grid.lon, series.grid.lat[self._rows()]):
                for k in range(0, len(axis), 10):
                    out.write(("".join(f"{v:12.5f} " for v in axis[k : k + 10]) + "\n").encode())
            for k, frame in enumerate(series.frames[:, self._rows()]):
                text = f"TIME {series.times[k]:10d}" if self.stamps else self.label.format(k + 1)
                out.write(f"{text}\n".encode() + self._values(frame))

    def write_average(self, path: Path, series: Series) -> bool:
        """One record, without the header."""
        path.write_bytes(b"FRAME      1\n" + self._values(mean_frame(series)[self._rows()]))
        return True

    @abc.abstractmethod
    def _values(self, frame: npt.NDArray[np.float32]) -> bytes:
        """Text or bytes of a frame's numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Binary(Headed):
    """TRACK binary."""

    newline: bool = True

    def _values(self, frame: npt.NDArray[np.float32]) -> bytes:
        return frame.astype("<f4").tobytes() + (b"\n" if self.newline else b"")

    def ask_data(self, t: Talk) -> None:
        t.say("format", 0)
        t.say("bin.newline_separated", self.newline)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ascii(Headed):
    """ASCII; numbers of one width, or as wide as they are: then records differ in length."""

    number: str = "{:13.6e}"
    per_line: int = 10

    @property
    def even(self) -> bool:  # type: ignore[override]
        return (self.stamps or self.label == PADDED) and self.number.startswith("{:1")

    def _values(self, frame: npt.NDArray[np.float32]) -> bytes:
        words = [self.number.format(v) for v in frame.ravel().astype(float)]
        lines = [" ".join(words[k : k + self.per_line]) for k in range(0, len(words), self.per_line)]
        return ("\n".join(lines) + "\n").encode()

    def ask_data(self, t: Talk) -> None:
        t.say("format", 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pp(Layout):
    """Met Office PP, unpacked, little-endian: TRACK and stormtrack read no other."""

    code: int = 1
    field_code: int = 16

    name = "input.pp"

    def write(self, path: Path, series: Series) -> None:
        n, ny, nx = series.frames.shape
        lon, lat = series.grid.lon, series.grid.lat[self._rows()]
        step_x, step_y = lon[1] - lon[0], lat[1] - lat[0]
        with path.open("wb") as out:
            for k, frame in enumerate(series.frames[:, self._rows()]):
                words = [0] * 45
                words[:4] = 2001, 1, 1 + k // 4, 6 * (k % 4)
                words[15], words[17], words[18] = self.code, ny, nx
                words[22] = self.field_code + (k == n - 1)  # a change of the field's code only warns
                reals = [0.0] * 19
                reals[13:17] = lat[0] - step_y, step_y, lon[0] - step_x, step_x
                header, data = struct.pack("<45i19f", *words, *reals), frame.astype("<f4").tobytes()
                for record in (header, data):
                    out.write(struct.pack("<i", len(record)) + record + struct.pack("<i", len(record)))

    def write_average(self, path: Path, series: Series) -> bool:
        """A field with its header."""
        self.write(path, replace(series, frames=mean_frame(series)[None]))
        return True

    def ask_data(self, t: Talk) -> None:
        t.say("format", 3)
        if self.code not in (1, 2):
            t.say("pp.continue", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A dimension of a NetCDF field and its coordinate variable."""

    name: str
    size: int
    kind: str = "f8"
    """Type of the coordinate variable; empty: it has none."""
    quantum: float = 0.0
    """Packed: step of the stored integers (a power of two, so that packing is exact)."""
    origin: float = 0.0
    """Packed: offset of the stored integers."""
    first: float = 0.0
    spacing: float = 1.0

    @property
    def values(self) -> F64:
        """Values of axes other than latitude and longitude."""
        return self.first + self.spacing * np.arange(self.size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Netcdf(Layout):
    """NetCDF of one of many shapes.

    Attributes
    ----------
    axes : tuple of Axis
        Those before latitude and longitude, in order.
    frame_axis : int
        The one along which TRACK finds its frames.
    chosen : tuple of int
        Entry chosen on each of the others (0 on the frame axis).
    others : tuple of str
        Further variables that count as fields: "field", "scalar", "bounds".
    order : int
        Seed of the order in which variables stand in the file.
    """

    by_name: bool
    coards: bool
    file_kind: str = "NETCDF3_CLASSIC"
    axes: tuple[Axis, ...] = (Axis(name="time", size=1),)
    lat: Axis = field(default=Axis(name="lat", size=0))
    lon: Axis = field(default=Axis(name="lon", size=0))
    frame_axis: int = 0
    asked: tuple[tuple[str, int], ...] = ()
    """Prompt and axis of the entries that are asked for."""
    chosen: tuple[int, ...] = (0,)
    kind: str = "f4"
    packing: str = ""
    """"both", "scale" or "offset"."""
    attribute: str = "f8"
    mark: bool = False
    """The field has the attribute missing_value, though no value is missing."""
    others: tuple[str, ...] = ()
    order: int = 0
    summary: bool = False
    unlimited: bool = False

    name = "input.nc"

    @property
    def features(self) -> set[str]:
        out = {
            f"NetCDF {self.file_kind}",
            f"stored as {self.kind}",
            f"packed: {self.packing}",
            f"frames on axis {self.frame_axis}",
        }
        out |= {
            f"NetCDF by {'name' if self.by_name else 'number'}",
            f"COARDS {'yn'[not self.coards]}",
            *(key for key, _ in self.asked),
        }
        return Layout.features.__get__(self) | out | {f"beside {name}" for name in self.others}

    def write(self, path: Path, series: Series) -> None:
        with Dataset(path, "w", format=self.file_kind) as out:
            for k, axis in enumerate((*self.axes, self.lat, self.lon)):
                out.createDimension(axis.name, None if self.unlimited and k == 0 else self._size(axis, series))
            for name in self._names():
                self._define(out, name)
            self._fill(out, series)

    def _size(self, axis: Axis, series: Series) -> int:
        return {self.lat.name: len(series.grid.lat), self.lon.name: len(series.grid.lon)}.get(axis.name, axis.size)

    def _names(self) -> list[str]:
        """Names of the variables in the order of the file."""
        coordinates = [axis.name for axis in (*self.axes, self.lat, self.lon) if axis.kind]
        names = [*coordinates, "vo", *self.others]
        return [names[k] for k in np.random.default_rng(self.order).permutation(len(names))]

    def _define(self, out: Any, name: str) -> None:
        dimensions = tuple(axis.name for axis in (*self.axes, self.lat, self.lon))
        if name in ("vo", "field"):
            out.createVariable(name, self.kind if name == "vo" else "f4", dimensions, fill_value=False)
        elif name == "scalar":
            out.createVariable(name, "i4", (), fill_value=False)
        elif name == "bounds":
            out.createVariable(name, "f8", (self.axes[self.frame_axis].name,), fill_value=False)
        else:
            axis = next(a for a in (*self.axes, self.lat, self.lon) if a.name == name)
            variable = out.createVariable(name, axis.kind, (name,), fill_value=False)
            if axis.quantum:
                variable.scale_factor = np.float32(axis.quantum)
                variable.add_offset = np.float32(axis.origin)

    def _fill(self, out: Any, series: Series) -> None:
        out.set_auto_maskandscale(False)
        grid = series.grid
        values = {axis.name: axis.values for axis in self.axes}
        values |= {self.lat.name: grid.lat[self._rows()], self.lon.name: grid.lon}
        for axis in (*self.axes, self.lat, self.lon):
            if axis.kind:
                own = values[axis.name]
                raw = np.rint((own - axis.origin) / axis.quantum) if axis.quantum else own
                out.variables[axis.name][:] = raw.astype(out.variables[axis.name].dtype)
        self._fill_field(out.variables["vo"], series)
        if "field" in self.others:
            out.variables["field"][:] = np.ones(out.variables["vo"].shape, np.float32)
        if "bounds" in self.others:
            out.variables["bounds"][:] = np.arange(self.axes[self.frame_axis].size)

    def _fill_field(self, variable: Any, series: Series) -> None:
        frames, raw_type = series.frames[:, self._rows()].astype(np.float64), variable.dtype
        low, high = float(frames.min()), float(frames.max())
        step = (high - low) / 60000.0 or 1.0
        kind = np.dtype(self.attribute).type
        if self.packing in ("both", "scale"):
            variable.setncattr("scale_factor", kind(step))
        if self.packing in ("both", "offset"):
            variable.setncattr("add_offset", kind(low + 30000.0 * step))
        if self.packing in ("both", "offset"):
            frames = frames - (low + 30000.0 * step)
        if self.packing in ("both", "scale"):
            frames = frames / step
        if raw_type.kind == "i":
            frames = np.clip(np.rint(frames), -32767, 32767) if raw_type.itemsize == 2 else np.rint(frames)
        if self.mark:
            variable.setncattr("missing_value", raw_type.type(-32768 if raw_type.kind == "i" else 1.0e20))
        shape = (*(axis.size for axis in self.axes), *frames.shape[1:])
        values = np.zeros(shape, raw_type)
        values[...] = frames.mean().astype(raw_type)
        places: list[Any] = list(self.chosen)
        places[self.frame_axis] = slice(None)
        values[tuple(places)] = frames.astype(raw_type)
        variable[:] = values

    def ask_data(self, t: Talk) -> None:
        t.say("format", 4)
        t.say("nc.summary", self.summary)
        t.say("nc.by_name", int(self.by_name))
        t.say("nc.coards", "y" if self.coards else "n")
        self._ask_field(t)

    def _ask_field(self, t: Talk) -> None:
        if self.others:
            t.say("nc.field", "vo" if self.by_name else self._names().index("vo"))

    def ask_added(self, t: Talk) -> None:
        self._ask_field(t)
        self.ask_levels(t)
        if self._mixed_up and self.axes[0].size == 1 and self.axes[1].size > 1:
            self._say_entry(t, "nc.add_value", 0)  # asked for the coordinate found, which has several values

    def ask_levels(self, t: Talk) -> None:
        for key, axis in self.asked:
            self._say_entry(t, key, axis)

    def _say_entry(self, t: Talk, key: str, axis: int) -> None:
        """Answer with the entry chosen on an axis; values are those of the other one where TRACK mixes them up."""
        entry = self.chosen[axis]
        listed = self.axes[1 - axis] if self._mixed_up else self.axes[axis]
        t.say(key, f"{listed.values[entry]}" if self.by_name else entry)

    @property
    def _mixed_up(self) -> bool:
        return self.frame_axis == 1 and self.axes[0].name in TIMES


TIMES = ("time", "t", "Time", "valid_time")
LEVELS = ("lev", "plev", "level", "pressure")
EXTRA = ("number", "ensemble", "member", "isobaricInhPa")


def draw_layout(c: Chooser, series: Series, *, netcdf_only: bool = False) -> tuple[Layout, Series]:
    """A layout that can hold a series, and the series as it will be read from it."""
    pp = 1.0 if series.grid.regular and not series.grid.mapped else 0.0
    weights = {"netcdf": 5.0, "binary": 3.0, "ascii": 1.5, "pp": pp}
    kind = "netcdf" if netcdf_only or series.grid.mapped else c.weighted(weights)
    ascending = c.chance(0.5) or series.grid.mapped
    if kind == "netcdf":
        return _draw_netcdf(c, series, ascending)
    if kind == "pp":
        return Pp(ascending=ascending, code=int(c.rng.choice([1, 1, 2, 101]))), series
    label = PADDED if c.chance(0.7) else "FRAME {}"
    common = {"label": label, "announced": c.integer(1, 2) if c.chance(0.12) else 0, "stamps": bool(series.times)}
    headed: Headed
    if kind == "binary":
        headed = Binary(ascending=ascending, newline=c.chance(0.7), **common)
        return headed.consistent(), series
    # With times all records are of one length: elsewhere TRACK may find no time, and ask otherwise.
    numbers = ["{:13.6e}", "{:15.8e}"] if series.times else ["{:13.6e}", "{:.6e}", "{:.7g}", "{:15.8e}"]
    number = str(c.rng.choice(numbers))
    headed = Ascii(ascending=ascending, number=number, per_line=c.integer(5, 20), **common)
    return headed.consistent(), series


def _draw_netcdf(c: Chooser, series: Series, ascending: bool) -> tuple[Netcdf, Series]:
    n, mapped = len(series.frames), series.grid.mapped
    coards = c.chance(0.6) and not mapped  # names do not matter for COARDS
    axes, frame_axis, asked = _draw_axes(c, n, coards, mapped)
    lat, lon, grid = _draw_lat_lon(c, series.grid)
    kind = c.weighted({"f4": 5.0, "f8": 1.5, "i2": 1.5, "i4": 1.0})
    packing = "both" if kind in ("i2", "i4") else c.weighted({"": 6.0, "both": 1.0, "scale": 0.7, "offset": 0.7})
    layout = Netcdf(
        ascending=ascending,
        by_name=c.chance(0.6),
        coards=coards,
        file_kind=c.weighted(
            {"NETCDF3_CLASSIC": 5.0, "NETCDF3_64BIT_OFFSET": 1.0, "NETCDF3_64BIT_DATA": 0.5, "NETCDF4": 2.0}
        ),
        axes=axes,
        lat=lat,
        lon=lon,
        frame_axis=frame_axis,
        asked=asked,
        chosen=tuple(0 if k == frame_axis else c.integer(0, axis.size - 1) for k, axis in enumerate(axes)),
        kind=kind,
        packing=packing,
        attribute=str(c.one_of(["f8", "f4"])),
        mark=c.chance(0.2),
        others=tuple(c.rng.permutation(["field", "scalar", "bounds"])[: int(c.rng.choice([0, 0, 0, 1, 1, 2, 3]))]),
        order=c.integer(0, 999),
        summary=c.chance(0.2),
        unlimited=c.chance(0.3),
    )
    return layout, Series(grid=grid, frames=series.frames, unit=series.unit, base=series.base)


def _draw_axes(
    c: Chooser, n: int, coards: bool, mapped: bool
) -> tuple[tuple[Axis, ...], int, tuple[tuple[str, int], ...]]:
    """Axes before latitude and longitude, which of them TRACK takes for time, and what it asks about the others."""
    time = Axis(name=str(c.one_of(TIMES)), size=n, kind=str(c.one_of(["f8", "f4", "i4", "i2"])))
    level = Axis(name=str(c.one_of(LEVELS)), size=int(c.rng.choice([1, 2, 3])), kind="f4", first=850.0, spacing=-100.0)
    extra = Axis(name=str(c.one_of(EXTRA)), size=c.integer(1, 3), kind=str(c.one_of(["f4", "i4"])), first=1.0)
    ask_level: tuple[tuple[str, int], ...] = (("nc.level", 1),) if level.size > 1 else ()
    ask_extra: tuple[tuple[str, int], ...] = (("nc.add_value", 0),) if extra.size > 1 else ()
    shape = c.weighted(
        {
            "plain": 4.0,
            "level": 2.0,
            "both": 0.7,
            "no times": 0.0 if coards else 0.5,
            "extra first": 0.0 if coards else 0.7,
            "mixed up": 0.0 if coards or n < 2 else 0.5,
        }
    )
    if shape == "level":
        return (time, level), 0, ask_level
    if shape == "both":
        deeper = tuple((key, axis + 1) for key, axis in ask_level)
        return (extra, time, level), 1, (*deeper, *ask_extra)
    if shape == "no times":
        return (Axis(name=time.name, size=n, kind=""),), 0, ()
    if shape == "extra first":
        return (extra, time), 1, ask_extra
    if shape == "mixed up":  # TRACK takes the first axis for the additional one and the second for time
        first = Axis(name=time.name, size=c.integer(1, min(n, 3)), kind="f8")
        second = Axis(name=extra.name, size=n, kind="f4", first=1.0)
        return (first, second), 1, (("nc.add_value", 0),) if first.size > 1 else ()
    return (time,), 0, ()


def _draw_lat_lon(c: Chooser, grid: Grid) -> tuple[Axis, Axis, Grid]:
    """Axes of latitude and longitude, and the grid as packing makes it."""
    if grid.mapped:
        return Axis(name="y", size=0, kind="f8"), Axis(name="x", size=0, kind="f4"), grid
    lat, lon = [("lat", "lon"), ("latitude", "longitude"), ("Lat", "Lon")][c.integer(0, 2)]
    if c.chance(0.15) and grid.kind != "uneven":
        quantum = 2.0**-6
        rounded = np.rint(grid.lat / quantum) * quantum
        packed = Grid(kind=grid.kind, lon=grid.lon, lat=rounded, all_round=grid.all_round, closed=grid.closed)
        kind, origin = str(c.one_of(["i2", "i4"])), float(c.rng.choice([0.0, 32.0]))
        return (
            Axis(name=lat, size=0, kind=kind, quantum=quantum, origin=origin),
            Axis(name=lon, size=0, kind=str(c.one_of(["f4", "f8"]))),
            packed,
        )
    kinds = ["f4", "f8"]
    return (
        Axis(name=lat, size=0, kind=str(c.one_of(kinds))),
        Axis(name=lon, size=0, kind=str(c.one_of(kinds))),
        grid,
    )
