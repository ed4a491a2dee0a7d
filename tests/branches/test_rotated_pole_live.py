"""Positions on a grid with a rotated pole against the wheel: whole output files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.grid.rotated_pole import from_rotated_pole
from tests.branches.beside_track import assert_same
from tests.branches.test_recompute_live import LINK, POLAR, START, _detection, data

__all__ = ["data"]

POLES = [
    "180. 40. n",
    "200. 35.5 n",
    "-17.5 39.25 y 30.",
    "17.5 -39.25 n",
    "200. 35.5 y -20.",
    "359. 89. y 350.",
    "0. 90. n",
]


def _linking(pole: str) -> str:
    return LINK.removeprefix("n ").format(f"y {pole} ")


@pytest.mark.parametrize("pole", POLES)
def test_poles(oracle_library: Path, data: Path, tmp_path: Path, pole: str) -> None:
    assert_same(tmp_path, data, START + "n n " + _detection() + _linking(pole))


def test_with_shape(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    answers = START + "n n " + _detection(shape="n 1 0 n n n y 0.1 0 0") + _linking(POLES[0])
    assert_same(tmp_path, data, answers)


def test_grid_maxima(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    assert_same(tmp_path, data, START + "n n " + _detection(3) + _linking(POLES[0]))


def test_on_a_projection(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    assert_same(tmp_path, data, POLAR + "n n " + _detection(projected=True) + _linking(POLES[1]))


def test_the_poles_of_the_rotated_grid_and_a_way_there() -> None:
    lon, lat = from_rotated_pole(
        np.array([0.0, 0.0], np.float32), np.array([90.0, -90.0], np.float32), pole_longitude=200.0, pole_latitude=35.0
    )
    np.testing.assert_allclose(lat, [35.0, -35.0], atol=1e-4)
    np.testing.assert_allclose(lon, [200.0, 20.0], atol=1e-3)
