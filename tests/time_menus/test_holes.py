"""Filling of holes beside its twin, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.errors import FieldError
from stormtrack.preprocess.holes import fill_holes, nearest_rows
from stormtrack.preprocess.transforms import transform_frame
from stormtrack.settings.extract import BETWEEN, CONSTANT, NEIGHBOURS, FieldTransform, HoleFilling
from stormtrack.settings.series import MissingTest
from stormtrack.testing import assert_bitwise
from tests.naive import holes as naive

F = np.float32
LAT = np.linspace(-60, 70, 9, dtype="f4")
ABOVE = MissingTest(value=1.0e10, comparison=2)


def frame(share: float, seed: int, shape: tuple[int, int] = (9, 7)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    field = rng.standard_normal(shape).astype(F)
    field[rng.random(shape) < share] = 1e20
    return field


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(("share", "seed"), [(0.0, 1), (0.1, 2), (0.5, 3), (0.9, 4), (0.98, 5), (1.0, 6)])
def test_neighbours_and_their_twin(share: float, seed: int, backward: bool) -> None:
    field = frame(share, seed)
    expected = naive.from_neighbours([list(row) for row in field], lambda v: v > F(1e10), backward=backward)
    fill_holes(field, HoleFilling(kind=NEIGHBOURS, missing=ABOVE, backward=backward), LAT)
    assert_bitwise(field, np.array(expected, F))


@pytest.mark.parametrize("sine", [False, True])
@pytest.mark.parametrize(
    ("latitudes", "rows"), [((-61.0, 71.0), (0, 8)), ((20.0, -30.0), (2, 5)), ((0.0, 1.0), (4, 4))]
)
def test_rows_between_and_their_twin(latitudes: tuple[float, float], rows: tuple[int, int], sine: bool) -> None:
    field = frame(0.0, 8)
    columns = [list(field[:, i]) for i in range(field.shape[1])]
    for column in columns:
        naive.between(column, list(LAT), *rows, sine=sine)
    assert nearest_rows(LAT, latitudes) == rows
    fill_holes(field, HoleFilling(kind=BETWEEN, latitudes=latitudes, in_sine=sine), LAT)
    assert_bitwise(field, np.array(columns, F).T)


def test_rows_with_missing_values_make_no_others() -> None:
    field = frame(0.0, 9)
    field[2, 3] = 1e20
    filling = HoleFilling(kind=BETWEEN, latitudes=(float(LAT[2]), 60.0), missing=ABOVE)
    before = field.copy()
    with pytest.raises(FieldError, match=r"row 3 of the field.*latitude -27.5"):
        fill_holes(field, filling, LAT)
    assert_bitwise(field, before)


def test_a_value_in_the_place_of_missing_ones() -> None:
    field = frame(0.3, 10)
    expected = np.where(field > 1e10, F(0.1), field)
    fill_holes(field, HoleFilling(kind=CONSTANT, missing=ABOVE, value=0.1), LAT)
    assert_bitwise(field, expected)
    fill_holes(field, HoleFilling(kind=CONSTANT, value=7.0), LAT)
    assert_bitwise(field, expected)


def test_planetary_vorticity_where_the_point_of_a_rows_number_is_missing() -> None:
    """The original does not subtract it from row k if the k-th point of the frame is missing."""
    field = np.zeros((9, 7), F)
    field[0, 3] = field[1, 1] = 1e20  # points 3 and 8
    out = transform_frame(field.copy(), FieldTransform(kind=14, missing=ABOVE), LAT)
    valid = out[:, 6]
    assert (valid == 0).nonzero()[0].tolist() == [3, 8]
    assert out[0, 3] == out[1, 1] == F(1e20)  # nothing can be subtracted from that
    near = np.full((9, 7), F(-2.0))
    near[4, 4] = -1.0
    below = FieldTransform(kind=14, missing=MissingTest(value=-1.5, comparison=1))
    out = transform_frame(near.copy(), below, LAT)
    assert (out == near).all()  # points 0 to 8 are missing
    near[0, :5] = -1.0
    out = transform_frame(near.copy(), below, LAT)
    assert (out[:5] != near[:5]).all() and (out[5:] == near[5:]).all()  # missing or not
