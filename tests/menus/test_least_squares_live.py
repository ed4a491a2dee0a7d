"""Least-squares spherical harmonics (menu 4, type 0) by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import assert_same
from tests.menus.drawn_fields import draw, frame_numbers, write_grid

SEEDS = range(20)
MANY = range(100, 130)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    rng = np.random.default_rng(seed)
    one_of = lambda *options: str(rng.choice(list(options)))  # noqa: E731
    top = int(rng.integers(2, 8))
    # a limited area determines few coefficients; the original then writes what it has
    kinds = ("gaussian", "regular", "poles", "west", "closed", *["limited"] * (top < 5))
    drawn = draw(rng, kinds=kinds, scale=float(rng.choice([1.0, 1e-5])), frames=int(rng.choice([1, 2, 3, 9])))
    subtracts = rng.random() < 0.3
    words = [f"4 {frame_numbers(rng, drawn.n_frames)} 0 {int(subtracts)} {top} 0"]
    files = []
    if not subtracts:
        grid = one_of("n", "n", "file", "gaussian")
        if grid == "file":
            files.append(write_grid(folder / "grid.txt", rng, drawn, inside=False))
            words.append("y 0 grid.txt")
        else:
            words.append("n" if grid == "n" else f"y 1 {rng.integers(3, 12)} {one_of('y', 'n')}")
    bands = int(rng.integers(1, 4))
    limits = [0, *sorted(rng.integers(0, top + 1, bands - 1)), top + int(rng.integers(0, 2))]
    words.append(f"{bands} " + " ".join(map(str, limits)))
    keep = np.ones(bands, int)
    if bands > 1:
        if rng.random() < 0.3:
            keep[:] = 0
            keep[rng.integers(bands)] = 1
        words.append(" ".join(map(str, keep)))
    taper = rng.random() < 0.5
    words.append(f"y {rng.uniform(0.05, 0.9):.3f}" if taper else "n")
    if bands > 1 and keep.all():
        words += [one_of("y", "n") for _ in range(bands)]
    unit = float(np.abs(drawn.fields["v"]).max())
    words.append(f"y {-0.5 * unit:.4e} {0.4 * unit:.4e} {0.1 * unit:.4e}" if rng.random() < 0.3 else "n")
    words.append(one_of("n n", "n y /factor"))
    data = drawn.write(folder / "input")
    got = assert_same(folder, data, drawn.startup + " ".join(words), files)
    assert any(name.startswith("specfil") for name in got)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


def test_a_factor_is_used_again(oracle_library: Path, tmp_path: Path) -> None:
    """In a file, in a file as memory, and read; no frame at all asks nothing about it."""
    drawn = draw(np.random.default_rng(20), kinds=("regular",), periodic=False, frames=2, netcdf=False)
    data = drawn.write(tmp_path / "input")
    start = drawn.startup + "4 1 1 9 0 0 4 {} n 1 0 4 n n "
    first = assert_same(tmp_path / "write", data, start.format(0) + "n y /factor")
    mapped = assert_same(tmp_path / "map", data, start.format(1) + "n /factor")
    assert mapped["factor"] == first["factor"]
    (tmp_path / "factor").write_bytes(first["factor"])
    for memory in (0, 1):
        answers = start.format(memory) + ("y /factor n" if memory == 0 else "y /factor")
        loaded = assert_same(tmp_path / f"load{memory}", data, answers, [tmp_path / "factor"])
        assert loaded["specfil_a_band000"] == first["specfil_a_band000"]
    nothing = assert_same(tmp_path / "nothing", data, start.format(0).replace("1 1 9", "7 1 9"))
    assert nothing["specfil_a_band000"].startswith(b"%6d %6d      0\n" % (drawn.nx, drawn.ny))
