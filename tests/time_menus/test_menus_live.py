"""Each time function of the menu beside the wheel, driven by random answer files: the same files, the same bytes."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.time_menus.beside_wheel import assert_same
from tests.time_menus.draws import DRAWS

QUICK, MANY = 20, 180


@pytest.mark.parametrize("seed", range(QUICK))
@pytest.mark.parametrize("menu", DRAWS)
def test_random_runs(menu: str, seed: int, oracle_library: Path, tmp_path: Path) -> None:
    assert_same(DRAWS[menu](np.random.default_rng(seed)), tmp_path, oracle_library)


@pytest.mark.nightly
@pytest.mark.skipif(not os.environ.get("STORMTRACK_NIGHTLY"), reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("menu", DRAWS)
def test_many_random_runs(menu: str, oracle_library: Path, tmp_path: Path) -> None:
    for seed in range(QUICK, QUICK + MANY):
        assert_same(DRAWS[menu](np.random.default_rng(seed)), tmp_path, oracle_library)
