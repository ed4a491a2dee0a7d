"""Statistics of random tracks by random answer files beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.branches.beside_track import assert_same
from tests.statistics.drawn_statistics import MAPS, Case

SEEDS = range(10)
MANY = range(100, 200)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def check(folder: Path, seed: int, map: str = "") -> None:
    (folder / "in").mkdir()
    case = Case(seed, folder / "in", map)
    inputs = [folder / "in" / name for name in ("tracks", *(["phases"] if case.phases_read else []))]
    assert_same(folder, folder / "in" / "in.nc", case.words(), inputs)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_run(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


@pytest.mark.parametrize("map", MAPS)
def test_maps(oracle_library: Path, tmp_path: Path, map: str) -> None:
    check(tmp_path, 3, map)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_more_random_runs(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)
