"""Interpolation to a new grid (menu 14) by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import Wheel, assert_same, our_run, wheel_run
from tests.menus.drawn_fields import draw, frame_numbers, write_grid

SEEDS = range(20)
MANY = range(100, 160)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    rng = np.random.default_rng(seed)
    one_of = lambda *options: str(rng.choice(list(options)))  # noqa: E731
    drawn = draw(
        rng,
        kinds=("gaussian", "regular", "poles", "limited", "west", "closed"),
        periodic=bool(rng.random() < 0.2),
        scale=float(rng.choice([1.0, 1e-5])),
    )
    files = []
    if rng.random() < 0.5:
        files.append(write_grid(folder / "grid.txt", rng, drawn, inside=bool(rng.random() < 0.5)))
        words = ["14 0 grid.txt"]
    else:
        words = [f"14 1 {rng.integers(2, 12)}"]
    words.append(frame_numbers(rng, drawn.n_frames))
    words.append(f"0 {rng.integers(0, 6)} out.dat")
    words.append(one_of("0.", "0.", f"{0.2 * drawn.nx * drawn.ny:.3f}") + " 0")
    got = assert_same(folder, drawn.write(folder / "input"), drawn.startup + " ".join(words), files)
    assert "out.dat" in got


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.parametrize("seed", range(8))
def test_surfaces_on_the_sphere(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    """After them TRACK crashes, when its file is complete."""
    rng = np.random.default_rng(seed)
    drawn = draw(rng, kinds=("gaussian", "regular", "poles"), poles=False, periodic=seed == 7, scale=10.0)
    files, grid = [], f"1 {rng.integers(2, 12)}"
    if seed % 2:
        files.append(write_grid(tmp_path / "grid.txt", rng, drawn, inside=False))
        grid = "0 grid.txt"
    rest = rng.choice(["0. n", "0. y 1", f"{20 * drawn.nx * drawn.ny} n", "0. y 0"])
    answers = f"{drawn.startup} 14 {grid} {frame_numbers(rng, drawn.n_frames)} 1 out.dat {rest} 0"
    data = drawn.write(tmp_path / "input")
    with pytest.raises(Wheel):
        wheel_run(tmp_path / "wheel", data, answers, files)
    got = our_run(tmp_path / "ours", data, answers, files)
    assert got["out.dat"] == (tmp_path / "wheel" / "out.dat").read_bytes()
