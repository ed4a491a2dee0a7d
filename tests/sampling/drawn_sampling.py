"""Random fields, tracks and answers that ask for additional fields.

Written from the specification (06, section 2), not from stormtrack's table of prompts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.menus.drawn_fields import smooth_noise, write_netcdf

FRAMES = 12
START = "n 0 4 n 1 y n y {poles}g n 1 {nx} 1 {ny} y 1 y y tracks s 1 1000000000 n n n n a n n n 1"
POLES = "y y y "
"""Answers about a row at the equator and at the poles: kept."""


def draw_tracks(rng: np.random.Generator, north: float, *, shape: bool, placed: bool | None) -> str:
    """Tracks of one field (None: without one, True: with a position) over the frames.

    Without missing frames: TRACK reads and writes behind the points of tracks that have some.
    """
    count = int(rng.integers(4, 12))
    fields = "  0   0 &" if placed is None else f"  1   {3 if placed else 1} &{int(placed)}"
    lines = [str(int(shape)), "0 0", f"TRACK_NUM  {count:8d} ADD_FLD  {fields}"]
    for number in range(1, count + 1):
        length = int(rng.integers(2, 9))
        frame = int(rng.integers(1, FRAMES - 2))
        x, y, z = rng.uniform(0, 360), rng.uniform(-north, north), rng.uniform(1, 9)
        dx, dy = rng.normal(3, 3), rng.normal(0, 2)
        lines += [f"TRACK_ID  {number}", f"POINT_NUM  {length}"]
        for _ in range(length):
            line = f"{frame} {x % 360:f} {float(np.clip(y, -north, north)):f} {z:e} "
            if placed is not None:
                gone = rng.random() < 0.15
                cells = [(x + 2) % 360, float(np.clip(y + 1, -north, north)), z * 2]
                shown = [1e25] * 3 if gone else cells
                line += "& " + "".join(f"{cell:e} & " for cell in shown[0 if placed else 2 :])
            line += "0.5 1.0 0.0 2.000000e-02 " if shape else ""
            lines.append(line)
            frame, x, y, z = frame + 1, x + dx, y + dy, z + rng.normal()
    return "\n".join([*lines, ""])


class Case:
    """A random run."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.kind = str(rng.choice(["gaussian", "even", "poles"]))
        nx, ny = int(rng.choice([24, 36, 48])), int(rng.choice([14, 18, 24]))
        lon = np.arange(nx) * 360.0 / nx
        if self.kind == "gaussian":
            lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(ny)[0]))
        elif self.kind == "poles":
            lat = np.linspace(-90, 90, ny | 1)
        else:
            lat = (np.arange(ny) + 0.5) * 180.0 / ny - 90.0
        self.nx, self.ny = nx + 1, len(lat)
        self.held: list[bool] = []
        """Of each field: its first frame serves all."""
        for name in ("in.nc", "a.nc", "b.nc"):
            values = smooth_noise(rng, lon, lat, FRAMES).astype(np.float32)
            write_netcdf(folder / name, lon, lat, {"v": values})
        self.placed = [None, False, True][int(rng.integers(0, 3))]
        north = float(lat[-1]) if self.kind != "gaussian" else float(lat[-1]) - 0.01
        (folder / "tracks").write_text(draw_tracks(rng, north, shape=self.chance(0.5), placed=self.placed))

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one_of(self, *options: object) -> str:
        return str(self.rng.choice([str(option) for option in options]))

    def words(self) -> str:
        """All answers."""
        poles = POLES if self.kind == "poles" else ""
        what = [self.points, self.areas, self.region][int(self.rng.choice(3, p=[0.55, 0.25, 0.2]))]
        return " ".join([START.format(poles=poles, nx=self.nx, ny=self.ny), *what(), "0"])

    def centre(self, *, region: bool = False) -> list[str]:
        """Where fields are sampled, if the tracks have fields; whether each field names its centre."""
        self.chosen = self.placed is True and self.chance(0.3) and not region
        if self.placed is None:
            return []
        return [f"1 {self.one_of(0, 2)}" if self.chosen else "0"]

    def offset(self) -> str:
        """Sampling beside the points, or at them."""
        return f"y {self.rng.uniform(0, 360):.1f} {self.rng.uniform(0.5, 12):.2f}" if self.chance(0.4) else "n"

    def frames(self) -> str:
        return self.one_of("1 1 12", "1 1 12", "2 2 11", "3 0 9", "1 1 7")

    def field(self, name: str, kind: str | None, own: bool) -> str:
        frames = "" if own else self.frames()
        self.held.append(frames.startswith("3 0"))
        words = [name, frames, self.one_of("1.0", "0.01", "-2.5"), kind or ""]
        return " ".join([*words, self.one_of(0, 1) if self.chosen else ""])

    def missing(self, *, needed: bool) -> str:
        if needed or self.chance(0.4):
            return f"y {self.one_of('1.0e+10 2', '1.0e+10 2', '0.6 2', '-0.5 1')}"
        return "n"

    def window(self) -> str:
        inner = self.rng.uniform(2, 14)
        return f"{inner * self.one_of_number(1.0, 1.2):.3f} {inner:.3f}"

    def one_of_number(self, *options: float) -> float:
        return float(self.rng.choice(options))

    def interpolation(self, *, spline: bool) -> list[str]:
        held = "n" if self.held and self.held[0] else ""
        if spline:
            if self.kind == "poles" or self.chance(0.5):
                return [f"0 0 {held} {self.one_of('0.', '0.', '5.')}"]
            return [f"0 1 {held} 0. {self.one_of('n', 'y 1', 'y 0')}"]
        return [self.one_of(1, 2, 3)]

    def points(self) -> list[str]:
        number = int(self.rng.integers(1, 4))
        kinds = [self.one_of(-1, 0, 1) for _ in range(number)]
        words = [f"{number} n 0", *self.centre(), self.offset()]
        mean = self.chance(0.2)
        own = self.chance(0.2)
        words += [self.one_of(int(mean)), self.one_of(int(own))]
        words += [self.field(self.one_of("a.nc", "b.nc"), kind, own) for kind in kinds]
        extrema = any(kind != "0" for kind in kinds)
        search = extrema and (mean or self.chance(0.6))
        if extrema:
            words.append(f"1 {self.one_of(0, 0, 1)}" if search else "0")
        spline = (extrema and not search) or self.chance(0.3)
        words += [self.missing(needed=not spline), self.one_of("y", "n"), "0 n"]
        if extrema or mean:
            words.append(self.window())
        if mean:
            words.append("0" if self.chance(0.5) else f"1 {self.window()}")
        if extrema:
            words.append(placed := self.one_of(0, 1))
            if placed == "1":
                words.append(again := "0" if self.chosen else self.one_of(0, 0, 1))
                if self.placed is not None:
                    words.append("1" if again == "1" and self.placed and self.chance(0.5) else "0")
        words += self.interpolation(spline=spline)
        constraints = self.one_of("n", "y d", "y o") if extrema and not search else ""
        return words + self.while_sampling(
            spline, kinds.index(next((k for k in kinds if k != "0"), kinds[0])), constraints
        )

    def while_sampling(self, spline: bool, first_extremum: int, constraints: str) -> list[str]:
        """What is asked while fields are sampled: the surface comes before, with the first field."""
        words = []
        for number, held in enumerate(self.held):
            if held and spline and number:
                words.append("n")
            if number == first_extremum:
                words.append(constraints)
        return words

    def areas(self) -> list[str]:
        number = int(self.rng.integers(1, 3))
        kind = self.one_of(0, 1, 2)
        words = [f"{number} n 1", kind]
        counted = kind == "0" and self.chance(0.4)
        if kind == "0":
            words.append(f"1 {self.one_of(0.3, -0.5)}" if counted else "0")
        if not counted:
            words += [self.one_of("0", "1 0.2", "2 0.3"), self.one_of(0, 1)]
        own = self.chance(0.2)
        words += [*self.centre(), self.offset(), "0", self.one_of(int(own))]
        words += [self.field(self.one_of("a.nc", "b.nc"), None, own) for _ in range(number)]
        return [*words, self.missing(needed=True), self.one_of("y", "n"), "0 n", self.window(), self.one_of(1, 2, 3)]

    def region(self) -> list[str]:
        number = int(self.rng.integers(1, 3))
        turned = self.chance(0.5)
        words = [f"{number} n 2", f"y 0 {self.one_of(1, 2, 3, 4)}" if turned else "n"]
        words += self.centre(region=True)
        words.append(self.one_of("0 8.0 3 8", "0 15.5 2 5", "1 2.5 4", "1 3.0 5"))
        own = self.chance(0.2)
        words.append(self.one_of(int(own)))
        words += [self.field(self.one_of("a.nc", "b.nc"), None, own) for _ in range(number)]
        spline = self.chance(0.3)
        words += [self.missing(needed=not spline), self.one_of("y", "n"), "0 n"]
        return [*words, *self.interpolation(spline=spline), *self.while_sampling(spline, -1, "")]
