"""First difference of two field files in TRACK's binary layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stormtrack.arrays import F32


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFile:
    """A field file, read: header line, grid as printed, labels and values of the frames."""

    header: str
    x: list[str]
    y: list[str]
    labels: list[str]
    values: list[F32]
    rest: bytes
    """What follows the last whole frame."""


def read_fields(data: bytes) -> FieldFile:
    """Read a field file leniently: reading stops at the first record that is not whole."""
    end = data.index(b"\n")
    header = data[:end].decode("latin1")
    nx, ny, _ = (int(v) for v in header.split())
    at, words = end + 1, list[str]()
    while len(words) < nx + ny and (end := data.find(b"\n", at)) >= 0:
        words += data[at:end].decode("latin1").split()
        at = end + 1
    labels: list[str] = []
    values: list[F32] = []
    size = 4 * nx * ny
    while (end := data.find(b"\n", at, at + 300)) >= 0 and end + 1 + size <= len(data):
        labels.append(data[at:end].decode("latin1"))
        values.append(np.frombuffer(data, "<f4", nx * ny, end + 1).reshape(ny, nx))
        at = end + 1 + size
        at += data[at : at + 1] == b"\n"
    return FieldFile(header=header, x=words[:nx], y=words[nx:], labels=labels, values=values, rest=data[at:])


def value_difference(ours: F32, theirs: F32, x: list[str], y: list[str]) -> str | None:
    """Where two frames first differ in bits, in row order from the south; None if nowhere."""
    differs = ours.view(np.uint32) != theirs.view(np.uint32)
    if not differs.any():
        return None
    row, column = (int(v[0]) for v in np.nonzero(differs))
    a, b = ours[row, column], theirs[row, column]
    names = f"x {x[column]} y {y[row]}, " if column < len(x) and row < len(y) else ""
    bits = f"{a.view(np.uint32):08x} != {b.view(np.uint32):08x}"
    return (
        f"row {row + 1} column {column + 1}: {float(a):.9g} != {float(b):.9g} "
        f"({names}bits {bits}; {int(differs.sum())} of {differs.size} points differ)"
    )


def field_difference(ours: bytes, theirs: bytes) -> str:
    """Say where two different field files first differ; `ours` is named first."""
    a, b = read_fields(ours), read_fields(theirs)
    if a.header != b.header and a.header.split()[:2] != b.header.split()[:2]:
        return f"header: {a.header!r} != {b.header!r}"
    for axis, p, q in (("x", a.x, b.x), ("y", a.y, b.y)):
        for k, (v, w) in enumerate(zip(p, q, strict=False)):
            if v != w:
                return f"grid {axis} {k + 1}: {v} != {w}"
    for k, (mine, other) in enumerate(zip(a.values, b.values, strict=False)):
        if place := value_difference(mine, other, b.x, b.y):
            return f"frame {k + 1} {place}"
        if a.labels[k] != b.labels[k]:
            return f"frame {k + 1} label: {a.labels[k]!r} != {b.labels[k]!r}"
    if len(a.values) != len(b.values):
        return f"{len(a.values)} frames != {len(b.values)} frames"
    if a.header != b.header:
        return f"header: {a.header!r} != {b.header!r}"
    if a.rest != b.rest:
        return f"after the last frame: {a.rest[:40]!r} != {b.rest[:40]!r}"
    return byte_difference(ours, theirs)


def byte_difference(ours: bytes, theirs: bytes) -> str:
    """Say at which byte two files first differ."""
    common = min(len(ours), len(theirs))
    a, b = np.frombuffer(ours, np.uint8, common), np.frombuffer(theirs, np.uint8, common)
    places = np.flatnonzero(a != b)
    if len(places) == 0:
        return f"{len(ours)} bytes != {len(theirs)} bytes, equal up to there"
    k = int(places[0])
    return f"byte {k}: {ours[k]:02x} != {theirs[k]:02x} ({len(ours)} and {len(theirs)} bytes)"


def sample_difference(ours: bytes, sample: Path) -> str | None:
    """Compare the frames that a case keeps of a large output (``*.frames.npz``); None if they agree."""
    mine = read_fields(ours)
    with np.load(sample) as kept:
        for number, field in zip(kept["frames"], kept["field"], strict=True):
            if number > len(mine.values):
                return f"frame {number} is missing ({len(mine.values)} frames)"
            if mine.values[number - 1].shape != field.shape:
                return f"frame {number}: shape {mine.values[number - 1].shape} != {field.shape}"
            place = value_difference(mine.values[number - 1], field.astype(np.float32), mine.x, mine.y)
            if place:
                return f"frame {number} {place}"
    return None
