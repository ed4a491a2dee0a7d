"""Least-squares spherical harmonics: the original's outputs, the naive twin, every set of vector instructions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import FitError, GridError
from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.preprocess import _harmonics
from stormtrack.preprocess.bands import band_factors
from stormtrack.preprocess.least_squares import LeastSquaresFilter
from stormtrack.preprocess.legendre import hoskins_taper
from stormtrack.settings.least_squares import LeastSquaresSettings
from stormtrack.settings.restriction import Restriction
from stormtrack.sources.grid_file import read_grid_file
from stormtrack.testing import assert_bitwise
from tests.menus.golden_cases import golden
from tests.naive import least_squares as naive
from tests.preprocess.test_spectral_filter import read_field

LEVELS = range(_harmonics.vector_instructions() + 1)
CASES: dict[str, dict[str, Any]] = {
    "ls_msl_T15": {"truncation": 15, "boundaries": (0, 15)},
    "ls_msl_T15_sub": {"truncation": 15, "boundaries": (0, 4), "subtracts": True},
    "ls_bands": {
        "truncation": 8,
        "boundaries": (0, 4, 8),
        "hoskins_cutoff": 0.1,
        "untapered": (False, True),
        "new_grid": "file",
        "grid_file": "newgrid.txt",
        "restriction": Restriction(lower=99000.0, upper=103000.0, value=101000.0),
    },
    "ls_mask": {
        "truncation": 8,
        "boundaries": (0, 2, 5, 8),
        "kept": (False, True, False),
        "new_grid": "gaussian",
        "grid_truncation": 21,
        "grid_closed": True,
    },
}


def built(*args: Any, level: int | None = None, **options: Any) -> LeastSquaresFilter:
    plan = LeastSquaresFilter(*args, **options)
    plan.level = plan.level if level is None else level
    assert len(list(plan.build())) == len(args[1])
    return plan


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_goldens_bit_for_bit(case: str, level: int, goldens: Path) -> None:
    folder = goldens / "preprocessing"
    run = golden(folder, case)
    lon, lat, frames = read_field(run.input)
    settings = LeastSquaresSettings(**CASES[case])
    file_grid = read_grid_file(str(folder / settings.grid_file)) if settings.grid_file else None
    plan = built(lon, lat, settings, file_grid=file_grid, level=level)
    (fields,) = plan.filter([frames[0]])
    assert len(fields) == len(run.outputs)
    for band, field in enumerate(fields):
        assert_bitwise(field, run.outputs[f"specfilGX_band{band:03d}"]["data"][0], f"{case} band {band}")


def _grid(columns: int, rows: int, closed: bool) -> tuple[Any, Any]:
    lon = np.arange(columns, dtype=np.float32) * np.float32(360.0 / (columns - closed))
    rng = np.random.default_rng(columns)
    return lon, np.sort(rng.uniform(-90.0, 90.0, rows)).astype(np.float32)


@pytest.mark.parametrize(
    ("columns", "rows", "closed", "top", "frames"),
    [(19, 9, False, 5, 1), (18, 10, True, 6, 3), (33, 9, False, 7, 9), (70, 12, False, 8, 5)],
)
def test_the_naive_twin_has_the_same_bits(columns: int, rows: int, closed: bool, top: int, frames: int) -> None:
    lon, lat = _grid(columns, rows, closed)
    fields = np.random.default_rng(rows).standard_normal((frames, rows, columns)).astype(np.float32)
    fields[0] = 101325.0
    settings = LeastSquaresSettings(truncation=top, boundaries=(0, 3, top), hoskins_cutoff=0.2)
    functions = naive.basis(lon[: columns - closed], lat, top)
    a = naive.factor(functions)
    found = {k: naive.coefficients(fields[k][:, : columns - closed], functions, a) for k in {0, frames - 1}}
    bands = band_factors(top, settings.boundaries, hoskins_taper(top, 0.2))
    expected = {k: [naive.evaluate(found[k], lon, lat, top, band[0]) for band in bands] for k in found}
    for level in LEVELS:
        plan = built(lon, lat, settings, closed=closed, level=level)
        assert plan.triangle is not None
        assert_bitwise(plan.triangle, a[np.tril_indices(len(a))], f"factor, level {level}")
        got = plan.filter(list(fields))
        for k in found:
            for band in range(len(bands)):
                assert_bitwise(got[k][band], expected[k][band], f"frame {k} band {band} level {level}")


def test_factors_of_many_panels_have_the_same_bits_at_every_level() -> None:
    lon, lat = gaussian_grid(21)
    settings = LeastSquaresSettings(truncation=20, boundaries=(0, 20))
    factors = [built(lon, lat, settings, level=level).triangle for level in LEVELS]
    assert factors[0] is not None and len(factors[0]) == 441 * 442 // 2
    for factor in factors[1:]:
        assert_bitwise(factor, factors[0], "factor")
    square = np.zeros((441, 441))
    square[np.tril_indices(441)] = factors[0]
    plan = LeastSquaresFilter(lon, lat, settings)
    functions = plan._circle() * plan._fitted.legendre[5, plan._layout.unknowns % plan._layout.size]
    assert functions.shape == (64, 441)
    functions = np.concatenate(
        [plan._circle() * row[plan._layout.unknowns % plan._layout.size] for row in plan._fitted.legendre]
    )
    np.testing.assert_allclose(square @ square.T, functions.T @ functions, rtol=1e-9, atol=1e-8)


def test_batches_do_not_change_a_bit() -> None:
    lon, lat = _grid(24, 13, False)
    fields = list(np.random.default_rng(0).standard_normal((19, 13, 24)).astype(np.float32))
    plan = built(lon, lat, LeastSquaresSettings(truncation=6, boundaries=(1, 6)))
    together = plan.filter(fields)
    for field, expected in zip(fields, together, strict=True):
        assert_bitwise(plan.filter([field])[0][0], expected[0], "single")


def test_masks_leave_one_band_or_a_field_of_zeros() -> None:
    lon, lat = _grid(24, 13, False)
    field = np.random.default_rng(0).standard_normal((13, 24)).astype(np.float32)
    made = {"truncation": 6, "boundaries": (0, 2, 4, 6)}
    every = built(lon, lat, LeastSquaresSettings(**made)).filter([field])[0]
    middle = built(lon, lat, LeastSquaresSettings(**made, kept=(False, True, False))).filter([field])[0]
    assert len(every) == 3 and len(middle) == 1
    assert_bitwise(middle[0], every[1], "kept band")
    nothing = built(lon, lat, LeastSquaresSettings(**made, kept=(False, False, False))).filter([field])[0]
    assert len(nothing) == 1 and not nothing[0].any()
    with pytest.raises(GridError, match="2 of 3 bands are left by the masks; keep one, or all"):
        LeastSquaresFilter(lon, lat, LeastSquaresSettings(**made, kept=(True, True, False)))


def test_a_grid_that_does_not_determine_the_coefficients_is_refused() -> None:
    lon, lat = _grid(24, 13, False)
    plan = LeastSquaresFilter(lon, lat, LeastSquaresSettings(truncation=13, boundaries=(0, 13)))
    with pytest.raises(
        FitError, match="13 rows and 24 columns does not determine the 196 coefficients of truncation 13"
    ):
        list(plan.build())
    assert plan.triangle is None


def test_an_output_grid_of_a_file_has_to_be_given() -> None:
    lon, lat = _grid(24, 13, False)
    settings = LeastSquaresSettings(truncation=4, boundaries=(0, 4), new_grid="file", grid_file="g.txt")
    with pytest.raises(GridError, match=r"the output grid of file 'g\.txt' was not given"):
        LeastSquaresFilter(lon, lat, settings)
