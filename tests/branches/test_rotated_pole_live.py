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


@pytest.mark.parametrize(
    "pole", ["-17.5 39.25 y 30.", "10. 40. y 20.1", "345.6 55. y -12.3", "240. 0. n", "0. -90. y 7."]
)
def test_longitudes_that_need_all_their_digits(oracle_library: Path, tmp_path: Path, pole: str) -> None:
    """Sums with the shift are not exact in float32; one feature stands on every other point of an uneven grid."""
    rng = np.random.default_rng(3)
    lon, lat = np.sort(rng.uniform(0.5, 359.5, 60)), np.sort(rng.uniform(-89.0, 89.0, 50))
    field = np.zeros((50, 60), "<f4")
    field[1:-1:2, 1:-1:2] = 2.0
    frame = field.tobytes() + b"\n"
    path = tmp_path / "peaks.dat"
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (60, 50, 2))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        out.write(b"FRAME      1\n" + frame + b"FRAME      2\n" + frame)
    start = "n 0 0 y n g n 1 60 1 50 n n n n n 0.5 n 1 n 1 1 2 e n 0 4 n n n n n n 0 n n 0 "
    got = assert_same(tmp_path, path, f"{start} y {pole} n 0.2 0.8 n n n n 6.5 1. n n n")
    assert got["objout.new_a"].count(b"OBJECT_FEATURE_NUM  1\n") == 2 * 24 * 29


@pytest.mark.parametrize("pole", ["0 0 n", "0 90 n", "0 -90 n", "0 45 n", "270 -45 n", "360 10 n", "0 10 y 0"])
def test_points_whose_longitude_is_0_or_360_or_anything(oracle_library: Path, tmp_path: Path, pole: str) -> None:
    """Poles and meridians of both grids."""
    lon, lat = np.arange(0.0, 360.0, 30.0), np.array([-90.0, -45.0, -10.0, 0.0, 10.0, 45.0, 90.0])
    field = np.zeros((7, 12), "<f4")
    field[::2, ::2] = 2.0
    path = tmp_path / "peaks.dat"
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (12, 7, 2))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        out.write(b"".join(b"FRAME %6d\n" % k + field.tobytes() + b"\n" for k in (1, 2)))
    start = "n 0 0 y n y y y n g n 1 12 1 7 n n n n n 0.5 n 1 n 1 1 2 v n 0 4 n n n n n n 0 n n 0 "
    assert_same(tmp_path, path, f"{start} y {pole} n 0.2 0.8 n n n n 100. 1. n n n")


CIRCLE = np.arange(48) * 7.5
GRIDS = {
    "corrected": (CIRCLE - 17.3, "n y 2 y y", 49),
    "corrected, not closed": (CIRCLE - 17.3, "n y 2 y n", 48),
    "corrected from beyond 360": (CIRCLE + 22.5, "n y 2 y y", 49),
    "left": (CIRCLE - 180.0, "n n y", 48),
    "cells": (CIRCLE + 3.75, "n y y", 49),
    "translated and closed": (CIRCLE, "y 5 y y", 49),
    "translated": (CIRCLE, "y -5 y n", 48),
    "translated, closed already": (np.append(CIRCLE, 360.0), "y 4 y", 49),
    "translated and corrected": (CIRCLE - 17.3, "y 5 y 2 y n", 48),
}


@pytest.mark.parametrize("pole", ["200. 35. n", "200. 35. y 33.3"])
@pytest.mark.parametrize("name", GRIDS)
def test_longitudes_are_those_of_the_data(oracle_library: Path, tmp_path: Path, name: str, pole: str) -> None:
    """A correction is undone; a translation only if no shift is answered and no column was added."""
    lon, answers, columns = GRIDS[name]
    lat = np.linspace(-80.0, 80.0, 17)
    field = np.zeros((17, len(lon)), "<f4")
    field[1:-1:4, 1:-1:4] = 2.0
    path = tmp_path / "peaks.dat"
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (len(lon), 17, 2))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        out.write(b"".join(b"FRAME %6d\n" % k + field.tobytes() + b"\n" for k in (1, 2)))
    start = f"n 0 0 y {answers} g n 1 {columns} 1 17 n n n n n 0.5 n 1 n 1 1 2 e n 0 4 n n n n n n 0 n n 0 "
    assert_same(tmp_path, path, f"{start} y {pole} n 0.2 0.8 n n n n 6.5 1. n n n")


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
