"""Gradients and frontal parameters (menu 13) by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.branches.beside_track import assert_same
from tests.menus.drawn_fields import draw, frame_numbers, write_binary

SEEDS = range(24)
MANY = range(100, 160)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def run(seed: int, folder: Path) -> None:
    """One random run through both."""
    rng = np.random.default_rng(seed)
    one_of = lambda *options: str(rng.choice(list(options)))  # noqa: E731
    sphery = rng.random() < 0.35
    kinds = ("gaussian", "regular", "poles") if sphery else ("gaussian", "regular", "poles", "limited", "west")
    geodesic = rng.random() < 0.75
    drawn = draw(rng, kinds=kinds, fields=("t", "u", "v"), poles=False, geodesic=geodesic, scale=8.0, offset=280.0)
    files = []

    def place(names: list[str]) -> list[str]:
        if rng.random() < 0.6:
            return ["y", *names]
        for name in names:
            files.append(drawn.write(folder / f"{name}.nc", [name]))
        return ["n", *(f"{name}.nc" for name in names)]

    front = rng.random() < 0.7
    clarke, locator = (int(rng.random() < 0.6) for _ in range(2))
    words = ["13", *place(["t"]), f"y {clarke} {locator}" if front else "n"]
    if rng.random() < 0.5:
        words.append("y part")
        if geodesic:
            words.append(one_of("n", f"y {rng.integers(3)}"))
    else:
        words.append("n")
    words.append(frame_numbers(rng, drawn.n_frames))
    if front and locator:
        words += [*place(["u", "v"]), *(frame_numbers(rng, drawn.n_frames) for _ in range(2))]
    words.append("grad.dat")
    if front:
        words += ["tfp.dat", *["cr.dat"] * clarke, *["adv.dat"] * locator]
    words.append("1" if sphery else f"0 {rng.integers(0, 6)}")
    words.append(one_of("0.", "0.", f"{10.0 * drawn.nx * drawn.ny:.3f}"))
    words += [one_of("n", "y 0", "y 1")] if sphery else []
    got = assert_same(folder, drawn.write(folder / "input"), drawn.startup + " ".join([*words, "0"]), files)
    assert "grad.dat" in got


@pytest.mark.parametrize("seed", SEEDS)
def test_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_many_random_runs(seed: int, oracle_library: Path, tmp_path: Path) -> None:
    run(seed, tmp_path)


@pytest.mark.parametrize(
    ("field", "u", "v"),
    [
        ("1 1 9", "1 1 9", "2 1 9"),
        ("2 2 3", "1 2 1", "3 1 1"),
        ("1 1 4", "9 1 9", "1 1 9"),
        ("9 1 9", "1 1 9", "1 1 9"),
    ],
)
def test_winds_of_binary_files(field: str, u: str, v: str, oracle_library: Path, tmp_path: Path) -> None:
    """They advance with the field, and headers count the frame that they lack."""
    drawn = draw(np.random.default_rng(4), kinds=("regular",), fields=("t", "u", "v"), periodic=True, frames=5)
    for name in "tuv":
        write_binary(tmp_path / f"{name}.bin", drawn.lon, drawn.lat, drawn.fields[name])
    startup = drawn.startup.replace("n 0 4 n 1 y t", "n 0 0 y")
    answers = f"{startup} 13 y y 1 1 n {field} n u.bin v.bin {u} {v} grad.dat tfp.dat cr.dat adv.dat 0 4 0. 0"
    files = [tmp_path / "u.bin", tmp_path / "v.bin"]
    assert_same(tmp_path, tmp_path / "t.bin", answers, files)
