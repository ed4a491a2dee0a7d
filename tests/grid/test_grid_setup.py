"""Grid set-up and re-ordering: twins, limits and messages (whole files: tests/io_fields/test_golden_conversions)."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.finite import find_unusable
from stormtrack.grid.model import GridKind
from stormtrack.grid.reorder import frame_transform
from stormtrack.grid.setup import grid_questions, set_up_grid
from stormtrack.settings.detection import FieldPreparation, HemisphereInversion
from stormtrack.settings.startup import GridSettings
from stormtrack.testing import assert_bitwise
from tests.naive.grid_fields import working_frame

OPEN = np.arange(0, 360, 15, dtype=np.float32)
CLOSED = np.append(OPEN, np.float32(360))
CENTRED = np.arange(-180, 180, 15, dtype=np.float32)
LIMITED = np.arange(20, 100, 5, dtype=np.float32)
UNEVEN = np.array([0, 10, 20, 35, 60, 100], np.float32)
WITH_POLES = np.arange(-90, 91, 15, dtype=np.float32)
GAUSSIAN = np.array([-71.3, -33.2, 33.2, 71.3], np.float32)


@pytest.mark.parametrize(
    ("lon", "settings", "kind", "wraps", "nx"),
    [
        (OPEN, GridSettings(), GridKind.GLOBAL_OPEN, False, 24),
        (OPEN, GridSettings(make_periodic=True), GridKind.GLOBAL_OPEN, True, 25),
        (OPEN + np.float32(7.5), GridSettings(make_periodic=True), GridKind.GLOBAL_OPEN, True, 25),
        (CLOSED, GridSettings(), GridKind.GLOBAL_CLOSED, True, 25),
        (CENTRED, GridSettings(), GridKind.LIMITED, False, 24),
        (CENTRED, GridSettings(correct_longitudes=1, make_periodic=True), GridKind.GLOBAL_OPEN, True, 25),
        (CENTRED, GridSettings(correct_longitudes=2), GridKind.GLOBAL_OPEN, False, 24),
        (LIMITED, GridSettings(make_periodic=True), GridKind.LIMITED, False, 16),
        (UNEVEN, GridSettings(make_periodic=True), GridKind.UNEVEN, False, 6),
    ],
)
def test_kinds_of_grid(lon: np.ndarray, settings: GridSettings, kind: GridKind, wraps: bool, nx: int) -> None:
    grid = set_up_grid(lon, WITH_POLES, settings)
    assert (grid.kind, grid.wraps, grid.nx) == (kind, wraps, nx)
    if wraps:
        assert (grid.lon[0], grid.lon[-1]) == (0.0, 360.0)


def test_a_cancelled_translation_leaves_labels_alone() -> None:
    grid = set_up_grid(LIMITED, GAUSSIAN, GridSettings(translate_columns=5))
    assert_bitwise(grid.lon, LIMITED)
    assert (grid.translated_columns, grid.label_shift) == (0, 0.0)
    assert any("cancelled" in note for note in grid.notes)
    moved = set_up_grid(OPEN, GAUSSIAN, GridSettings(translate_columns=5))
    assert moved.label_shift == -75.0
    assert moved.lon[0] == 0.0


def test_mapped_axes_are_left_alone() -> None:
    grid = set_up_grid(UNEVEN, WITH_POLES[::-1], GridSettings(make_periodic=True), mapped=True)
    assert grid.kind is GridKind.MAPPED
    assert_bitwise(grid.lat, WITH_POLES[::-1].copy())
    assert not any(getattr(grid_questions(UNEVEN, WITH_POLES, mapped=True), n) for n in ("translate", "make_periodic"))


@pytest.mark.parametrize(
    ("lon", "settings", "problem"),
    [
        (np.array([-10, 200, 400], np.float32), GridSettings(correct_longitudes=1), "more than a circle"),
        (np.array([-400, 0, 10], np.float32), GridSettings(correct_longitudes=1), "more than a circle"),
        (np.array([-300, -100, 100, 300], np.float32), GridSettings(correct_longitudes=2), "still leave 0 to 360"),
        (OPEN, GridSettings(translate_columns=24), "translation by 24 columns"),
        (OPEN, GridSettings(translate_columns=-30), "translation by -30 columns"),
        (np.array([0, np.nan, 20], np.float32), GridSettings(), "NaN"),
        (OPEN[:1], GridSettings(), "at least 2"),
    ],
)
def test_grids_that_cannot_be_used(lon: np.ndarray, settings: GridSettings, problem: str) -> None:
    with pytest.raises(GridError, match=problem):
        set_up_grid(lon, WITH_POLES, settings)


def test_too_few_rows_left() -> None:
    with pytest.raises(GridError, match="fewer than 2 rows"):
        set_up_grid(OPEN, np.array([-90, 90], np.float32), GridSettings(keep_south_pole=False))


def test_odd_latitudes_are_noted() -> None:
    assert any("beyond the poles" in n for n in set_up_grid(OPEN, np.array([-91, 0, 91], np.float32)).notes)
    assert "row 3 (20) follows row 2 (30)" in set_up_grid(OPEN, np.array([-10, 30, 20], np.float32)).disorder
    assert "row 3 (15) follows row 2 (-5)" in set_up_grid(OPEN, np.array([20, -5, 15], np.float32)).disorder
    lat = np.array([-10, 20, 30], np.float32)
    assert "column 7 (0) follows column 6 (345); sort" in set_up_grid(np.roll(OPEN, 6), lat).disorder
    assert "turn the axis round" in set_up_grid(OPEN[::-1], lat).disorder
    assert set_up_grid(OPEN, lat[::-1]).disorder == ""


@pytest.mark.parametrize("seed", range(60))
def test_frames_against_the_naive_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lon = [OPEN, CLOSED, CENTRED, LIMITED, UNEVEN, OPEN + np.float32(7.5)][seed % 6]
    lat = [WITH_POLES, WITH_POLES[::-1], GAUSSIAN, GAUSSIAN[::-1]][rng.integers(4)]
    settings = GridSettings(
        translate_columns=int(rng.integers(-len(lon) + 1, len(lon))) if rng.integers(2) else None,
        correct_longitudes=int(rng.integers(0, 3)),  # type: ignore[arg-type]
        keep_equator=bool(rng.integers(2)),
        keep_south_pole=bool(rng.integers(2)),
        keep_north_pole=bool(rng.integers(2)),
        make_periodic=bool(rng.integers(2)),
    )
    grid = set_up_grid(lon, lat, settings)
    rising = np.sort(lat)
    drop = {
        j
        for j, y in enumerate(rising)
        if (y == 0 and not settings.keep_equator)
        or (y == -90 and not settings.keep_south_pole)
        or (y == 90 and not settings.keep_north_pole)
    }
    raw = rng.normal(size=(len(lat), len(lon))).astype(np.float32)
    which = "n" if rng.integers(2) else "s"
    preparation = FieldPreparation(
        scale=1.0e5 if rng.integers(2) else None,
        offset=0.3 if rng.integers(2) else None,
        minima=bool(rng.integers(2)),
        inversion=HemisphereInversion(which=which, latitude=33.2) if rng.integers(2) else None,
    )
    mean = rng.normal(size=(grid.ny, grid.nx)).astype(np.float32) if rng.integers(2) else None
    flip = grid.lat > np.float32(33.2) if which == "n" else grid.lat < np.float32(33.2)
    expected = working_frame(
        raw,
        nneg=grid.rotated_columns,
        inverted_rows=bool(lat[0] > lat[-1]),
        drop=drop,
        nx=grid.nx,
        closed=grid.wraps,
        g=grid.translated_columns,
        scale=preparation.scale,
        mean=mean,
        offset=preparation.offset,
        sign=-1.0 if preparation.minima else 1.0,
        flip=flip if preparation.inversion else None,
    )
    assert_bitwise(frame_transform(grid.reorder, grid.lat, preparation, mean).apply(raw), expected)


def test_frames_of_a_wrong_shape() -> None:
    grid = set_up_grid(OPEN, WITH_POLES)
    transform = frame_transform(grid.reorder, grid.lat)
    with pytest.raises(GridError, match="does not fit the grid"):
        transform.apply(np.zeros((3, 3), np.float32))
    with pytest.raises(GridError, match="time mean"):
        frame_transform(grid.reorder, grid.lat, mean=np.zeros((2, 2), np.float32))


def test_search_for_unusable_values() -> None:
    values = np.zeros((4, 5), np.float32)
    none = np.zeros(0, np.float32)
    assert find_unusable(values, none) == (0, -1)
    values[2, 1], values[3, 4], values[1, 1] = np.nan, -np.inf, 7
    assert find_unusable(values, none) == (2, 11)
    assert find_unusable(values, np.array([9, 7], np.float32)) == (3, 6)
