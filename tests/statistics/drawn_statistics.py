"""Random sets of tracks and answers that ask for their statistics.

Written from the specification (06, section 1), not from stormtrack's table of prompts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests.menus.drawn_fields import write_netcdf

INTERVAL = 6
AZIMUTHAL = "y 1 0 s {kind} 90. 0. 1 {nx} {north} {ny} 0 30 30 -.7 .7 -.7 .7 150"
BOTH = (
    "y 1 0 b 2 90. 0. 1 {nx} {north} {ny} 0 30 30 -90. 0. 1 {nx} 1 {south} 0 30 30 -.7 .7 -.7 .7 150 -.7 .7 -.7 .7 100"
)
CONIC = "y 2 0 {kind} 45. 0. 30. 60. 1 {nx} {north} {ny} 0 30 30 -.3 .3 -.3 .3 150"
MAPS = (
    *(AZIMUTHAL.replace("{kind}", kind) for kind in "12345"),
    BOTH,
    *(CONIC.replace("{kind}", kind) for kind in "123"),
)
FIRST = "n 0 4 n 1 y n {periodic} g n 1 {nx} 1 {ny} y 1 y y tracks s 1 1000000000 n n n n a n n n 2"


@dataclass(kw_only=True)
class DrawnTracks:
    """A track file, and what decides which questions are asked of it."""

    text: str
    shape: bool
    weights: bool
    placed_field: bool
    sets: dict[str, bool] = field(default_factory=dict)


def draw_tracks(rng: np.random.Generator, count: int, *, shape: bool, weights: bool, added: int) -> DrawnTracks:
    """Tracks all over one or both hemispheres, some through poles, over the seam, or of one point.

    `added`: 0 no added field, 1 one without, 2 one with a position.
    """
    lines = [str(int(shape))]
    if weights:
        lines.append(f"WT_INFO 1 {rng.uniform(2, 20):12.5f}")
    elif rng.random() < 0.2:
        lines.append(f"PER_INFO 1 {rng.integers(2, 9):12.5f}")
    fields, values = (1, 3 if added == 2 else 1) if added else (0, 0)
    digits = "" if not added else str(int(added == 2))
    lines += ["0 0", f"TRACK_NUM  {count:8d} ADD_FLD  {fields:3d} {values:3d} &{digits}"]
    for k in range(count):
        lines += _track(rng, k + 1, shape=shape, weights=weights, added=added)
    return DrawnTracks(text="\n".join([*lines, ""]), shape=shape, weights=weights, placed_field=added == 2)


def draw_phases(rng: np.random.Generator, tracks: DrawnTracks) -> str:
    """A file of phase speeds with the first lines of the tracks: other tracks, some beyond the globe, some missing."""
    count = int(rng.integers(1, 40))
    lines = [line for line in tracks.text.split("\n")[:3] if "TRACK_NUM" not in line]
    lines.append(f"TRACK_NUM  {count:8d} ADD_FLD    0   0 &")
    for k in range(count):
        x, y, frame = rng.uniform(-5, 365), rng.uniform(-60, 85), int(rng.integers(1, 60))
        length = int(rng.integers(1, 12))
        lines += [f"TRACK_ID  {k + 1}", f"POINT_NUM  {length}"]
        for i in range(length):
            values = [1e25] * 5 if rng.random() < 0.1 else [rng.uniform(1, 90), *rng.normal(0, 1, 4)]
            numbers = " ".join(f"{value:e}" for value in values)
            weight = f" {rng.uniform(0, 1):f}" if tracks.weights else ""
            lines.append(f"{frame + i} {x + 2 * i:f} {min(y + i, 90):f} {numbers}{weight} ")
    return "\n".join([*lines, ""])


def _track(rng: np.random.Generator, number: int, *, shape: bool, weights: bool, added: int) -> list[str]:
    length = 1 if rng.random() < 0.05 else int(rng.integers(2, 30))
    x, y = rng.uniform(0, 360), rng.uniform(-60, 85)
    dx, dy, z = rng.normal(2.5, 2), rng.normal(0.6, 1), rng.uniform(1, 10)
    frame = int(rng.integers(1, 60))
    lines = [f"TRACK_ID  {number}", f"POINT_NUM  {length}"]
    for _ in range(length):
        missing = int(rng.integers(1, 3)) if rng.random() < 0.05 else 0
        line = f"{frame} {x % 360:f} {min(max(y, -90), 90):f} {z:e} "
        if added:
            absent = rng.random() < 0.1
            where = "& 1.000000e+25 & 1.000000e+25 " if absent else f"& {(x + 1) % 360:e} & {y * 0.9:e} "
            line += (where if added == 2 else "") + ("& 1.000000e+25 & " if absent else f"& {z * 3:e} & ")
        if shape:
            turn = rng.uniform(0, 6.3)
            line += f"{rng.uniform(0, 1):f} {np.cos(turn):f} {np.sin(turn):f} {rng.uniform(1e-3, 1e-1):e} "
        if weights:
            line += f"{rng.uniform(0, 1):f} "
        lines.append(line + (str(missing) if missing else ""))
        frame += 1 + missing
        x, y = x + dx + rng.normal(), y + dy + rng.normal()
        z = max(z + rng.normal(), 0.1)
        if abs(y) > 90:
            y, dy, x = np.sign(y) * 180 - y, -dy, x + 180
    return lines


class Case:
    """A random run; `map` are the answers for sampling points on a map."""

    def __init__(self, seed: int, folder: Path, map: str = "") -> None:
        self.map = map
        self.rng = rng = np.random.default_rng(seed)
        self.tree = rng.random() < 0.6
        shape, weights = rng.random() < 0.5, rng.random() < 0.3
        self.tracks = draw_tracks(
            rng, int(rng.integers(25, 70)), shape=shape, weights=weights, added=int(rng.integers(0, 3))
        )
        self.added = "ADD_FLD    1" in self.tracks.text
        self.phases = rng.random() < 0.8
        self.weighted = False
        self.dropped: set[int] = set()
        self.nx, self.ny = int(rng.choice([18, 24, 36])), int(rng.choice([10, 12]))
        self.closed = rng.random() < 0.5
        lon = np.arange(self.nx) * 360.0 / self.nx
        lat = (np.arange(self.ny) + 0.5) * 180.0 / self.ny - 90.0
        write_netcdf(folder / "in.nc", lon, lat, {"v": np.zeros((1, self.ny, self.nx), np.float32)})
        (folder / "tracks").write_text(self.tracks.text)
        other = np.random.default_rng(seed + 10**6)
        self.phases_read = self.phases and bool(other.random() < 0.25)
        if self.phases_read:
            (folder / "phases").write_text(draw_phases(other, self.tracks))
        self.lon, self.lat = lon, lat

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one_of(self, *options: object) -> str:
        return str(self.rng.choice([str(option) for option in options]))

    def words(self) -> str:
        """All answers."""
        nx = self.nx + self.closed
        words = [FIRST.format(periodic="y" if self.closed else "n", nx=nx, ny=self.ny)]
        words += self.data()
        words += self.blocks()
        words.append(self.one_of("n", "y n", "y y 0.0239"))
        return "\n".join(" ".join([*words, "n 0"]).split()) + "\n"

    def data(self) -> list[str]:
        frames = self.one_of("1 100000", "5 40", "20 60")
        words = [frames, self.one_of(0, 0, 1)]
        if self.added:
            words.append(field := self.one_of(0, 1))
            if field == "1" and self.tracks.placed_field:
                words.append(self.one_of("0 n", "0 y", "1 n", "1 y"))
        computed = "1 n 6. " + self.one_of("n", "y 1", "y 0 2.5") + " n" if self.phases else "0"
        words.append("2 phases n" if self.phases_read else computed)
        words += ["1", *self.sampling()]
        words.append(self.one_of("0.0 360.0 -90.0 90.0", "0.0 360.0 0.0 90.0", "20.0 250.0 -30.0 80.0"))
        if self.tracks.weights:
            self.weighted = self.chance(0.6)
            words.append(f"y {self.one_of(0.0, 0.2)}" if self.weighted else "n")
        if self.tracks.shape:
            words.append(self.one_of("n", "y 1", "y 0 3.5"))
        words.append(self.one_of(0.25, 6.0))
        if self.phases:
            words.append(self.one_of(0, 0, 1, 2))
        if self.chance(0.3):
            self.dropped = {int(n) for n in self.rng.choice(np.arange(1, 9), 2, replace=False)}
            words.append("s " + " ".join(map(str, sorted(self.dropped))) + " 0")
        else:
            words.append("a")
        words.append(self.one_of("1 0 4", "1 1 3", "1 0 5", "1 1 0 0.02") if self.tree else "0")
        return words

    def sampling(self) -> list[str]:
        if self.map:
            return [self.map.format(nx=self.nx, south=self.ny // 2, north=self.ny // 2 + 1, ny=self.ny)]
        if self.chance(0.15):
            return [AZIMUTHAL.format(kind=2, nx=self.nx, north=self.ny // 2 + 1, ny=self.ny)]
        if self.chance(0.4):
            return ["n n 0.0 300.0 -40.0 75.0 120"]
        return ["n y"]

    def blocks(self) -> list[str]:
        words: list[str] = []
        for data, number, modes in (("strength", 1, (2, 1, 0)), ("speed", 2, (3, 0, -1)), ("shape", 6, (3, 0, -1))):
            letter = self.one_of("s", "i")
            words.append(letter)
            if self.has(data, number):
                for mode in modes[:1] if letter == "s" else modes[1:]:
                    words += self.block(data, mode)
        for data, number, mode in (
            ("area", 8, 0),
            ("growth", 5, 0),
            ("tendency", 7, 0),
            ("genesis", 3, 1),
            ("lysis", 4, 1),
        ):
            if self.has(data, number):
                words += self.block(data, mode)
        if self.chance(0.8):
            return [*words, "y", *self.block("tracks", 2)]
        return [*words, "n"]

    def has(self, data: str, number: int) -> bool:
        if number in self.dropped:
            return False
        if data in ("speed", "growth", "tendency"):
            return self.phases
        return self.tracks.shape if data in ("shape", "area") else True

    def block(self, data: str, mode: int) -> list[str]:
        """A block: mode 1 density, 2 and scalar, 3 and vector, 0 scalar, -1 vector."""
        words = []
        if self.tracks.weights and (self.weighted or data in ("speed", "growth", "tendency")):
            words.append(self.one_of("y", "n"))
        kernel = self.one_of(0, 1, 1, 2, 3)
        words += [kernel, "n"] if self.tree else [kernel]
        can_validate = data != "tracks" and (not self.tree or mode > 0)
        smoothing = self.one_of(0, 1, 3, 3, 2) if can_validate else self.one_of(0, 1, 3, 3)
        words.append(smoothing)
        if smoothing != "0":
            words.append(f"{self.rng.uniform(20, 300):.3f}")
        if self.tree or kernel != "0":
            words.append(self.one_of(30.0, 60.0, 100.0))
        if mode != 1 and data != "tracks":
            words.append("n")
        bracket = f"{self.rng.uniform(40, 80):.2f} {self.rng.uniform(120, 300):.2f}"
        if smoothing == "2":
            words.append(bracket)
        if smoothing == "3":
            words.append(self.one_of(0.5, 0.7, 1.0))
            words.append(f"y {bracket}" if can_validate and self.chance(0.2) else "n")
        if mode in (0, 2, 3):
            words.append(self.one_of(0, 1))
        return words
