"""Random additional fields beside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.branches.beside_track import assert_same
from tests.sampling.drawn_sampling import Case

SEEDS = range(10)
MANY = range(100, 200)
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def check(folder: Path, seed: int) -> None:
    files = folder / "files"
    files.mkdir()
    case = Case(seed, files)
    assert_same(folder, files / "in.nc", case.words(), [files / name for name in ("tracks", "a.nc", "b.nc")])


@pytest.mark.parametrize("seed", SEEDS)
def test_random_run(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("seed", MANY)
def test_more_random_runs(oracle_library: Path, tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)
