"""Statistics of synthetic tracks on T63 by TRACK's template, beside TRACK: CPU seconds of whole runs, equal bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.storage.classic_netcdf import Header, Variable, big_endian

from .answers import lines
from .inputs import need_reference
from .measure import reference_command, run_measured, stormtrack_command

PER_YEAR = 1900
"""Tracks of both hemispheres."""
TRUNCATION, COLUMNS, ROWS = 63, 192, 96
EXTENSION = "_b"
REQUIRED = {1: 20.0, 10: 50.0}
"""Ratio of processor time asked for, by the number of years."""
_BLOCK = "1 n 3 {s} 0.1 n 0.5 n {std}"
_DENSITY = "1 n 3 150 0.1 0.5 n"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsResult:
    """Processor seconds of whole runs, start-up included.

    Attributes
    ----------
    tracks, points : int
    ours : list of float
    reference : float
    ratio : float
        Of the reference to the fastest of ours.
    identical : bool
        All files have the same bytes.
    """

    tracks: int
    points: int
    ours: list[float]
    reference: float
    ratio: float
    identical: bool


def track_file(tracks: int, seed: int = 63, frames: int = 1424) -> tuple[str, int]:
    """A track file with shapes, and its number of points: paths along the storm tracks of both hemispheres."""
    rng = np.random.default_rng(seed)
    rows, points = ["1", "0 0", f"TRACK_NUM  {tracks:8d} ADD_FLD    0   0 &"], 0
    for k in range(tracks):
        length, frame = int(rng.integers(8, 24)), int(rng.integers(1, frames - 24))
        lon, lat = rng.uniform(0, 360), rng.normal(42, 9) * rng.choice([-1, 1])
        rows += [f"TRACK_ID  {k + 1}", f"POINT_NUM  {length}"]
        for i in range(length):
            turn = rng.uniform(0, 6.28)
            place = f"{frame + i} {lon % 360:f} {np.clip(lat, -89, 89):f} {rng.uniform(1, 9):e} "
            rows.append(f"{place}{rng.random():f} {np.cos(turn):f} {np.sin(turn):f} {rng.uniform(1e-3, 5e-2):e} ")
            lon, lat = lon + rng.normal(2.5, 1.0), lat + np.sign(lat) * rng.normal(0.4, 0.6)
        points += length
    return "\n".join([*rows, ""]), points


def grid_file() -> bytes:
    """A file of one empty field on the grid."""
    lon, lat = gaussian_grid(TRUNCATION)
    axes = (("lat", lat), ("lon", lon))
    variables = [Variable(name=name, axes=(k,), kind=big_endian(np.float32)) for k, (name, _) in enumerate(axes, 1)]
    variables.insert(0, Variable(name="time", axes=(0,), kind=big_endian(np.float64)))
    variables.append(Variable(name="v", axes=(0, 1, 2), kind=big_endian(np.float32)))
    header = Header(dimensions=[("time", 1), ("lat", ROWS), ("lon", COLUMNS)], variables=variables)
    values = {"time": np.zeros(1), "lat": lat, "lon": lon, "v": np.zeros((1, ROWS, COLUMNS), np.float32)}
    return header.start_of_file(values)


def answers() -> str:
    """Those of `STATS_template_area.in` (specification 06, section 1.2)."""
    start = f"n 0 4 n 1 y n n g n 1 {COLUMNS} 1 {ROWS} y 1 y y tracks s 1 1000000000 n n n n a n n n 2 1 1000000 0"
    data = "1 n 6. y 1 n 1 n y 0.0 360.0 -90.0 90.0 n 0.25 0 a 1 0 5"
    together = " ".join(f"s {_BLOCK.format(s=400, std=std)}" for std in (1, 1, 0))
    alone = " ".join(_BLOCK.format(s=400, std=std) for std in (1, 0, 0))
    return lines(f"{start} {data} {together} {alone} {_DENSITY} {_DENSITY} y 1 n 3 200 0.1 0.5 n 0 y y 0.023909410 n 0")


def measure(years: int, folder: Path, repeat: int) -> StatisticsResult:
    """Both, one after the other.

    Raises
    ------
    BenchmarkError
        If one of them fails, or the wheel is missing.
    """
    need_reference()
    text, points = track_file(PER_YEAR * years)
    for name in ("ours", "theirs"):
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "grid.nc").write_bytes(grid_file())
        (place / "tracks").write_text(text)
    command = stormtrack_command("grid.nc", EXTENSION)
    ours = [run_measured(command, answers(), folder / "ours").cpu for _ in range(repeat)]
    theirs = run_measured(reference_command("grid.nc", EXTENSION), answers(), folder / "theirs").cpu
    files = {path.name for path in (folder / "theirs").iterdir()}
    same = all((folder / "ours" / n).read_bytes() == (folder / "theirs" / n).read_bytes() for n in files)
    return StatisticsResult(
        tracks=PER_YEAR * years,
        points=points,
        ours=ours,
        reference=theirs,
        ratio=theirs / min(ours),
        identical=same and len(files) > 10,
    )


def run_statistics(years: int, folder: Path, repeat: int, target: Path | None) -> int:
    """The command: measures and prints; 0, or 1 if the bytes differ."""
    result = measure(years, folder, repeat)
    if target is not None:
        target.write_text(json.dumps(asdict(result), indent=1) + "\n")
    asked = REQUIRED.get(years)
    print(f"{years} year(s): {result.tracks} tracks, {result.points} points on T{TRUNCATION}")
    print(f"CPU s: ours {', '.join(f'{s:.2f}' for s in result.ours)}; TRACK {result.reference:.1f}")
    print(f"ratio {result.ratio:.1f}" + (f" (asked: {asked:g})" if asked else ""))
    print("all files identical" if result.identical else "files DIFFER")
    return 0 if result.identical else 1
