"""Vorticity, speed and energy (menu 12) by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import assert_same
from tests.menus.drawn_fields import MARK, Drawn, draw, frame_numbers, write_binary, write_netcdf

SEEDS = range(24)
MANY = range(100, 200)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
SPEED, ENERGY, VORTICITY, GEOSTROPHIC, ENERGY_OF_SPEED, DIFFERENCES = range(6)


class Case:
    """A random run."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.folder, self.files = folder, []
        self.what = seed % 6
        self.marked = self.what != VORTICITY and self.what != GEOSTROPHIC and rng.random() < 0.4
        self.sphery = self.what in (VORTICITY, GEOSTROPHIC) and rng.random() < 0.3
        kinds = ("gaussian", "regular", "poles") if self.sphery else ("gaussian", "regular", "poles", "limited", "west")
        geostrophic = self.what == GEOSTROPHIC
        self.drawn = draw(
            rng,
            kinds=kinds,
            fields=("u", "v"),
            poles=self.what not in (VORTICITY, GEOSTROPHIC),
            equator=not geostrophic,
            geodesic=geostrophic or rng.random() < 0.7,
            marked=self.marked,
            scale=12.0,
        )
        self.winds = self.what not in (GEOSTROPHIC, ENERGY_OF_SPEED)

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one_of(self, *options: object) -> str:
        return str(self.rng.choice([str(option) for option in options]))

    def words(self) -> str:
        """The answers of the menu."""
        words = ["12 1" if self.what == DIFFERENCES else f"12 0 {self.what}"]
        words += self.fields()
        words += [frame_numbers(self.rng, self.drawn.n_frames) for _ in range(1 + self.winds)]
        if not self.drawn.geodesic and self.what in (VORTICITY, DIFFERENCES):
            words.append(f"{self.one_of(1.0, 1.0e-5)} y lat.nc")
            self.latitudes()
        words += self.missing()
        words.append("out.dat")
        if self.what in (VORTICITY, GEOSTROPHIC):
            words += self.surfaces()
        if self.what == DIFFERENCES:
            words.append(self.one_of("y", "n"))
        return " ".join([*words, "0"])

    def fields(self) -> list[str]:
        """Where the fields are."""
        names = ["u", "v"] if self.winds else [self.one_of("u", "v")]
        words = ["y", *names]
        if self.chance(0.4):
            words = ["n"]
            single = self.chance(0.5)
            for name in names:
                path = self.folder / f"{name}.nc"
                self.files.append(self.drawn.write(path, [name] if single else ()))
                words.append(path.name)
            words += [] if single else names
        if self.what == GEOSTROPHIC:
            words.append(self.one_of("p", "g"))
        return words

    def latitudes(self) -> None:
        """A field of latitudes."""
        lat = np.clip(self.drawn.lat, -88.0, 88.0)
        field = np.repeat(lat.astype(np.float32)[:, None], len(self.drawn.lon), axis=1)
        path = self.folder / "lat.nc"
        write_netcdf(path, self.drawn.lon, self.drawn.lat, {"lat2": field[None]})
        self.files.append(path)

    def missing(self) -> list[str]:
        """Which values are missing."""
        test = self.one_of(f"{MARK} 0", "-1.e8 1") + " " + self.one_of("1.e20", "-99.")
        if not self.marked:
            return []
        return ["y", test] if self.what == DIFFERENCES else [test]

    def surfaces(self) -> list[str]:
        """The surfaces."""
        words = ["1"] if self.sphery else [f"0 {self.rng.integers(0, 6)}"]
        for _ in range(1 + self.winds):
            smoothing = self.one_of("0.", "0.", 0.4 * self.drawn.nx * self.drawn.ny * 100)
            words.append(smoothing + (" " + self.one_of("n", "y 0", "y 1") if self.sphery else ""))
        return words


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    case = Case(seed, folder)
    words = case.words()
    data = case.drawn.write(folder / "input")
    got = assert_same(folder, data, case.drawn.startup + words, case.files)
    assert "out.dat" in got


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.parametrize("frames", ["9 1 9 1 1 9", "1 1 9 9 1 9"])
def test_a_first_frame_that_is_not_there(frames: str, oracle_library: Path, tmp_path: Path) -> None:
    drawn = binary(np.random.default_rng(5), tmp_path / "input", frames=4)
    for k, rest in enumerate(("1 y FRAMES n out.dat y", "0 0 y FRAMES n out.dat", "0 2 y FRAMES out.dat 0 4")):
        answers = f"{drawn.startup} 12 {rest.replace('FRAMES', frames)} 0"
        assert_same(tmp_path / str(k), tmp_path / "input", answers)


@pytest.mark.parametrize("what", ["1", "0 0", "0 2"])
def test_u_and_v_as_frames_of_a_binary_file(what: str, oracle_library: Path, tmp_path: Path) -> None:
    drawn = binary(np.random.default_rng(5), tmp_path / "input", frames=6)
    missing = "" if what == "0 2" else "y 11. 2 -5. "
    rest = {"1": "y", "0 0": "", "0 2": "0 4 0. 0."}[what]
    answers = f"{drawn.startup} 12 {what} y 1 2 6 2 2 9 {missing} out.dat {rest} 0"
    got = assert_same(tmp_path, tmp_path / "input", answers)
    assert got["out.dat"].startswith(b"%6d %6d      3\n" % (drawn.nx, drawn.ny))


def binary(rng: np.random.Generator, path: Path, frames: int) -> Drawn:
    """A TRACK binary file."""
    drawn = draw(rng, kinds=("regular",), netcdf=False, periodic=True, frames=frames, scale=12.0)
    write_binary(path, drawn.lon, drawn.lat, drawn.fields["v"])
    return drawn
