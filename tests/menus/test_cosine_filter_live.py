"""Cosine filter of limited areas (menu 4, type 2) by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import assert_same
from tests.menus.drawn_fields import draw, frame_numbers

SEEDS = range(20)
MANY = range(100, 160)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
LENGTHS = (8, 10, 12, 16, 18, 20, 24, 30, 32, 36, 40)


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    rng = np.random.default_rng(seed)
    drawn = draw(
        rng,
        kinds=("limited", "regular", "poles"),
        geodesic=bool(rng.random() < 0.5),
        scale=float(rng.choice([1.0, 1e-5])),
        offset=float(rng.choice([0.0, 3.0])),
    )
    chance = lambda p: bool(rng.random() < p)  # noqa: E731
    words = [f"4 {frame_numbers(rng, drawn.n_frames)} 2"]
    resolution = f"{rng.uniform(20.0, 300.0):.2f}"
    if seed % 3:
        words.append("y")
        size = drawn.nx, drawn.ny
        if chance(0.5):
            size = tuple(int(rng.choice([n for n in LENGTHS if own <= n <= 2 * own])) for own in size)
            words.append(f"y {size[0]} {size[1]}")
        else:
            words.append("n")
            size = tuple(next(n for n in range(own, own + 9) if smooth(n)) for own in size)
        if size != (drawn.nx, drawn.ny):
            words.append(str(rng.integers(2)))
        words.append(resolution)
    else:
        words.append(f"n {resolution} 5 5" if max(drawn.nx, drawn.ny) <= 32 else f"n {resolution} 6 6")
    bands = int(rng.integers(1, 4))
    kilometres = np.sort(rng.uniform(1.5, 30.0, bands + 1))[::-1] * float(resolution)
    words.append(f"{'y' if chance(0.5) else 'n'} {bands} " + " ".join(f"{v:.1f}" for v in kilometres))
    words.append(f"y {rng.uniform(0.05, 0.9):.3f}" if chance(0.5) else "n")
    unit = float(np.abs(drawn.fields["v"]).max())
    words.append(f"y {-0.5 * unit:.4e} {0.4 * unit:.4e} {0.1 * unit:.4e}" if chance(0.3) else "n")
    got = assert_same(folder, drawn.write(folder / "input"), drawn.startup + " ".join(words))
    assert any(name.startswith("specfil") for name in got)


def smooth(n: int) -> bool:
    """Even, with the factors 2, 3 and 5."""
    whole = n
    for prime in (2, 3, 5):
        while n % prime == 0:
            n //= prime
    return n == 1 and whole % 2 == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


def test_an_odd_size_is_raised_by_one(oracle_library: Path, tmp_path: Path) -> None:
    drawn = draw(np.random.default_rng(3), kinds=("limited",), rows=(12,), frames=2, netcdf=False)
    answers = f"{drawn.startup} 4 1 1 9 2 y y 39 23 0 100. n 1 2000. 500. n n"
    assert_same(tmp_path, drawn.write(tmp_path / "input"), answers)
