"""Object and track files, written and read: megabytes a processor second beside copying the same bytes, and memory.

Each measurement is a process of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from stormtrack.formats.registry import read_track_set, write_track_set
from stormtrack.formats.track.links import LinkRows, write_link_rows
from stormtrack.formats.track.links_read import read_links
from stormtrack.formats.track.objects import ObjectHeader
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.formats.track.objects_write import write_objects
from stormtrack.model.features import Features, Outlines
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import INTENSITY, SHAPE, Variable
from stormtrack.storage.outputs import OutputFile

from .measure import in_own_process, peak_mib

HEADER = ObjectHeader(feature_type=7, has_shape=True)
FEATURES, POINTS = 1500, 100
"""Of a frame, and of an object."""
TRACK = 50
"""Points of a track."""


def features(frames: int) -> Features:
    """Frames of objects with their points, one feature with shape in each."""
    random, n = np.random.default_rng(1), frames * FEATURES
    variables = [Variable(name=name, values=random.gamma(2, 2, n).astype(np.float32)) for name in (INTENSITY, *SHAPE)]
    place = [random.uniform(*ends, n).astype(np.float32) for ends in ((0, 360), (-90, 90))]
    cells = [random.integers(1, most, n * POINTS).astype(np.float32) for most in (1441, 722)]
    value = random.normal(size=n * POINTS).astype(np.float32)
    points = Outlines(start=np.arange(n + 1) * POINTS, x=cells[0], y=cells[1], value=value)
    whole = np.zeros(frames, np.int32)
    return Features(
        frame=np.arange(1, frames + 1), object_start=np.arange(frames + 1) * FEATURES, feature_start=np.arange(n + 1),
        x=place[0], y=place[1], variables=tuple(variables), missing_after=whole, stated=whole + FEATURES,
        boundary_state=whole - 1, points=points,
    )  # fmt: skip


def tracks(n: int) -> TrackSet:
    """Tracks with an intensity and an added field at places of its own."""
    random, points = np.random.default_rng(2), n * TRACK
    lon, lat, own_lon, own_lat = (random.uniform(0, 90, points).astype(np.float32) for _ in range(4))
    values = [random.gamma(2, 2, points).astype(np.float32) for _ in range(2)]
    added = Variable(name="added", values=values[1], lon=own_lon, lat=own_lat)
    return TrackSet(
        track_id=np.arange(1, n + 1), start=np.arange(n + 1) * TRACK, lon=lon, lat=lat,
        frame=np.arange(points) % TRACK + 1, missing_after=np.zeros(points, np.int32),
        variables=(Variable(name=INTENSITY, values=values[0]), added),
    )  # fmt: skip


def links(points: int) -> LinkRows:
    """Tracks of a linking run."""
    number = np.random.default_rng(3).integers(1, FEATURES, points)
    ids, start = np.arange(1, points // TRACK + 1), np.arange(points // TRACK + 1) * TRACK
    one = np.ones(points, np.int64)
    return LinkRows(
        name="tdump", track_id=ids, start=start, frame=np.arange(points) % TRACK + 1, object=number, feature=one,
        missing_after=one - 1,
    )  # fmt: skip


def _write_object_file(path: Path, made: Features) -> None:
    with OutputFile(path) as out:
        write_objects(out, HEADER, made, points=True)


def _write_links(path: Path, made: LinkRows) -> None:
    with OutputFile(path) as out:
        write_link_rows(out, made)


def _tracks_as(name: str) -> tuple[Make, Write, Read]:
    return (
        lambda size: tracks(size * 150),
        lambda path, made: write_track_set(made, path, format=name),
        lambda path: read_track_set(path, format=name),
    )


Make, Write, Read = Callable[[int], Any], Callable[[Path, Any], object], Callable[[Path], object]
CASES: dict[str, tuple[Make, Write, Read]] = {
    "objout with points": (lambda size: features(size // 3), _write_object_file, read_objects),
    "tdump": (lambda size: links(size * 50_000), _write_links, read_links),
    "ff_trs": _tracks_as("track"),
    "CF, NetCDF": _tracks_as("cf"),
}
"""What is written is made from a size; written; read."""


def measured_here(name: str, doing: str, path: str, size: int) -> tuple[float, float]:
    """Processor seconds of writing ('write') or reading, and peak MiB of the process, what is written included."""
    make, write, read = CASES[name]
    made = make(size) if doing == "write" else None
    begun = time.process_time()
    if doing == "write":
        write(Path(path), made)
    else:
        read(Path(path))
    return time.process_time() - begun, peak_mib()


def _in_process(name: str, doing: str, path: Path, size: int) -> tuple[float, float]:
    cpu, peak = in_own_process("large_files", name, doing, str(path.absolute()), size)
    return cpu, peak


def _copied(path: Path) -> float:
    """Processor seconds of reading the bytes and writing them again."""
    begun = time.process_time()
    path.with_suffix(".copy").write_bytes(path.read_bytes())
    return time.process_time() - begun


def run_large_files(size: int, folder: Path, target: Path | None) -> int:
    """The command: measures and prints; 0. `size`: of a file in some megabytes."""
    results = []
    for name in CASES:
        path = folder / "file.nc" if name.startswith("CF") else folder / "file"
        written, written_mib = _in_process(name, "write", path, size)
        read, read_mib = _in_process(name, "read", path, size)
        megabytes = path.stat().st_size / 1e6
        results.append(
            {"file": name, "megabytes": megabytes, "write": written, "write_mib": written_mib, "read": read,
             "read_mib": read_mib, "copy": _copied(path)}
        )  # fmt: skip
    if target is not None:
        target.write_text(json.dumps(results, indent=1) + "\n")
    print("| file | MB | write, CPU s (MB/s) | peak MiB | read, CPU s (MB/s) | peak MiB | copy, CPU s |")
    print("|---|---|---|---|---|---|---|")
    for r in results:
        speed = [f"{r[what]:.2f} ({r['megabytes'] / max(r[what], 1e-3):.0f})" for what in ("write", "read")]  # type: ignore[type-var,operator]
        print(
            f"| {r['file']} | {r['megabytes']:.0f} | {speed[0]} | {r['write_mib']:.0f} | {speed[1]} | "
            f"{r['read_mib']:.0f} | {r['copy']:.2f} |"
        )
    return 0
