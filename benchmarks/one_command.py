"""``stormtrack track --engine fast`` on 0.25 degrees from compressed NetCDF-4, beside reading the file with netCDF4.

Processor seconds of whole processes, in turns, on two lengths of the series: the difference is what more frames cost.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from .measure import Usage, run_measured

ROWS, COLUMNS = 721, 1440
SHORT, LONG = 40, 400
REQUIRED, HOPED = 1.5, 1.2
MEMORY_ALLOWED = 1.05
_READ = """
import sys
from netCDF4 import Dataset
with Dataset(sys.argv[1]) as data:
    for k in range(len(data["vo"])):
        data["vo"][k]
"""
_TRACK = "from stormtrack.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Reading and tracking one series."""

    frames: int
    reading: Usage
    tracking: Usage

    @property
    def ratio(self) -> float:
        """Processor time of tracking by that of reading."""
        return self.tracking.cpu / self.reading.cpu


def write_series(path: Path, frames: int) -> None:
    """Vorticity as ERA5 comes: packed in 16 bits, compressed, one frame a chunk; vortices that drift, and noise."""
    from netCDF4 import Dataset

    random = np.random.default_rng(3)
    lat, lon = np.linspace(90.0, -90.0, ROWS), np.arange(COLUMNS) * 360.0 / COLUMNS
    field = np.zeros((ROWS, COLUMNS))
    for x, y, size, width in random.uniform((0, -75, 2, 3), (360, 75, 8, 7), (60, 4)):
        east = ((lon - x + 180.0) % 360.0 - 180.0) / width * np.cos(np.radians(y))
        field += np.sign(y) * size * np.exp(-(((lat[:, None] - y) / width) ** 2) - east**2)
    with Dataset(path, "w") as data:
        for name, values, units in (("latitude", lat, "degrees_north"), ("longitude", lon, "degrees_east")):
            data.createDimension(name, len(values))
            data.createVariable(name, "f4", (name,)).units = units
            data[name][:] = values
        data.createDimension("time", None)
        data.createVariable("time", "i4", ("time",)).units = "hours since 2000-01-01"
        data["time"][:] = 6 * np.arange(frames)
        chunks = (1, ROWS, COLUMNS)
        vo = data.createVariable(
            "vo", "i2", ("time", "latitude", "longitude"), zlib=True, complevel=1, chunksizes=chunks
        )
        vo.setncatts({"units": "s**-1", "scale_factor": 1.0e-8, "add_offset": 0.0})
        for k in range(frames):
            vo[k] = (np.roll(field, 4 * k, axis=1) + random.normal(0.0, 0.3, field.shape)) * 1.0e-5


def measure(folder: Path) -> list[Pair]:
    """Both, on a short and on a long series."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = []
    for frames in (SHORT, LONG):
        path = folder / f"{frames}.nc"
        write_series(path, frames)
        words = ["track", str(path), "--preset", "vorticity-nh-t42", "--engine", "fast", "--quiet", "-o", "tracks.nc"]
        reading = run_measured([sys.executable, "-c", _READ, str(path)], "", folder)
        tracking = run_measured([sys.executable, "-c", _TRACK, *words], "", folder)
        pairs.append(Pair(frames=frames, reading=reading, tracking=tracking))
        path.unlink()
    return pairs


def table(short: Pair, long: Pair) -> str:
    """The result in Markdown."""
    more = (long.tracking.cpu - short.tracking.cpu) / (long.reading.cpu - short.reading.cpu)
    growth = long.tracking.peak_mib / short.tracking.peak_mib
    verdict = "stretch reached" if long.ratio <= HOPED else "reached" if long.ratio <= REQUIRED else "not reached"
    memory = "reached" if growth <= MEMORY_ALLOWED else "not reached"
    lines = [
        "| frames of 0.25 degrees | reading with netCDF4, CPU s | tracking, CPU s | ratio | peak MiB |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {p.frames} | {p.reading.cpu:.2f} | {p.tracking.cpu:.2f} | {p.ratio:.2f} | {p.tracking.peak_mib:.0f} |"
        for p in (short, long)
    ]
    return "\n".join(
        [
            *lines,
            "",
            f"Ratio of {long.frames} frames {long.ratio:.2f} (target {REQUIRED} / {HOPED}: {verdict}), of each further "
            f"frame {more:.2f}. Memory of {long.frames // short.frames} times more frames: {growth:.3f} times (target "
            f"{MEMORY_ALLOWED}: {memory}).",
        ]
    )


def run_one_command(folder: Path, target: Path | None) -> int:
    """The command: measures and prints; 0."""
    short, long = measure(folder)
    if target is not None:
        target.write_text(json.dumps([asdict(short), asdict(long)], indent=1) + "\n")
    print(table(short, long))
    return 0
