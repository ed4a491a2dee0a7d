"""Centres of frames: == with the plain form on random and nasty fields."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from stormtrack.errors import FieldError, GridError, UserInputError
from stormtrack.settings.simple import CentreSettings
from stormtrack.simple import detect
from stormtrack.simple.centres import find_centres
from tests.naive import simple as naive


def both(field: Any, wanted: CentreSettings, periodic: bool) -> list[tuple[int, int]]:
    """Centres by the package, which are those of the plain form."""
    row, column = find_centres(field, wanted, periodic=periodic)
    found = list(zip(row.tolist(), column.tolist(), strict=True))
    assert found == naive.centres(field, wanted.sign, wanted.contrast, wanted.window, periodic)
    return found


VALUES = st.sampled_from([0.0, 1.0, 2.0, 3.0, 1.0e5, np.nan, np.inf, -np.inf])
SMOOTH = st.floats(-1e6, 1e6, width=32)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_random_fields(data: st.DataObject) -> None:
    window = data.draw(st.sampled_from([3, 5, 7]))
    shape = data.draw(st.tuples(st.integers(window, 12), st.integers(window, 14)))
    kind = data.draw(st.sampled_from([np.float32, np.float64]))
    values = data.draw(st.sampled_from([VALUES, SMOOTH]))
    field = data.draw(hnp.arrays(kind, shape, elements=values))
    contrast = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    wanted = CentreSettings(sign=data.draw(st.sampled_from(["min", "max"])), contrast=contrast, window=window)
    both(field, wanted, data.draw(st.booleans()))


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("window", [3, 5])
@pytest.mark.parametrize("periodic", [True, False])
def test_noise_with_few_values_has_many_ties(kind: Any, window: int, periodic: bool) -> None:
    random = np.random.default_rng(1)
    counts = [
        len(both(random.integers(0, most, (30, 41)).astype(kind), CentreSettings(sign=sign, window=window), periodic))
        for most in (2, 3, 8, 10_000)
        for sign in ("min", "max")
    ]
    assert min(counts) > 0


def test_maxima_are_the_minima_of_the_opposite_field() -> None:
    field = np.random.default_rng(2).normal(size=(20, 30)).astype("f4")
    found = both(field, CentreSettings(sign="min", contrast=0.1), True)
    assert found == both(-field, CentreSettings(sign="max", contrast=0.1), True) != []


def test_all_equal_and_plateaus() -> None:
    field = np.full((12, 15), 7.0, "f4")
    assert both(field, CentreSettings(sign="min"), True) == []
    field[4:6, 6:9] = 3.0  # 6 of 25 values: the ninth lies above them
    assert both(field, CentreSettings(sign="min"), True) == [(4, 6)]
    field[3:6, 6:9] = 3.0  # 9 of 25 values in a window that holds them all: no contrast, and less at the corners
    assert both(field, CentreSettings(sign="min"), True) == []


def test_the_threshold_is_exceeded_strictly() -> None:
    field = np.full((9, 9), 2.0)
    field[4, 4] = 0.0
    assert both(field, CentreSettings(sign="min", contrast=2.0), False) == []
    assert both(field, CentreSettings(sign="min", contrast=np.nextafter(2.0, 0.0)), False) == [(4, 4)]


@pytest.mark.parametrize(("row", "found"), [(0, 0), (1, 0), (2, 1), (6, 1), (7, 0), (8, 0)])
def test_rows_next_to_the_edge_hold_no_centre(row: int, found: int) -> None:
    field = np.random.default_rng(0).random((9, 11)) * 1e-3
    field[row, 5] = -1.0
    centres = both(field, CentreSettings(sign="min", contrast=0.5), True)
    assert centres == [(row, 5)] * found


@pytest.mark.parametrize("column", [0, 1, 2, 8, 9, 10])
def test_columns_are_those_of_a_circle_or_of_an_area(column: int) -> None:
    field = np.random.default_rng(0).random((9, 11)) * 1e-3
    field[4, column] = -1.0
    wanted = CentreSettings(sign="min", contrast=0.5)
    assert both(field, wanted, True) == [(4, column)]
    assert both(field, wanted, False) == [(4, column)] * (column in (2, 8))


def test_equal_centres_in_a_box_across_the_seam() -> None:
    field = np.random.default_rng(3).random((9, 11)) * 1e-3 + 1.0
    field[4, [10, 1]] = 0.0
    around = np.full(5, 1.0)
    field[3, :3] = field[5, :3] = field[3, -3:] = field[5, -3:] = 1.0
    field[4, [0, 2, 9]] = around[:3]
    assert both(field, CentreSettings(sign="min"), True) == [(4, 1)]


def test_missing_values_count_as_high_ground() -> None:
    field = np.full((9, 11), np.nan, "f4")
    assert both(field, CentreSettings(sign="min"), True) == []
    field[4, 5] = 1.0
    assert both(field, CentreSettings(sign="min"), True) == [(4, 5)]
    assert both(-field, CentreSettings(sign="max"), True) == [(4, 5)]


def test_values_beyond_float32_are_told_apart_in_float64() -> None:
    field = np.full((9, 9), 1.0e5)
    field[4, 4] -= 1.0e-6
    assert both(field, CentreSettings(sign="min"), False) == [(4, 4)]
    assert both(field.astype("f4"), CentreSettings(sign="min"), False) == []


def test_series_keep_empty_frames_and_raw_values() -> None:
    lon, lat = np.arange(0, 360, 10.0), np.arange(-80, 81, 10.0)
    field = np.random.default_rng(4).normal(size=(len(lat), len(lon))).astype("f4")
    flat = np.zeros_like(field)
    found = detect([flat, field, flat], lon, lat, CentreSettings(sign="max"), periodic=True)
    assert np.diff(found.frame_start).tolist() == [0, found.n_features, 0] and found.n_features > 5
    row, column = np.searchsorted(lat, found.y), np.searchsorted(lon, found.x)
    assert np.array_equal(found.intensity, field[row, column]) and found.intensity.dtype == np.float32
    assert detect([flat], lon, lat, CentreSettings(sign="max"), periodic=True).n_features == 0


AXIS = np.arange(0.0, 90.0, 10.0)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"sign": "low"}, UserInputError, "'min' or 'max'"),
        ({"window": 4}, UserInputError, "odd number"),
        ({"window": 1}, UserInputError, "odd number"),
        ({"contrast": -1.0}, UserInputError, "0 or more"),
        ({"contrast": np.nan}, UserInputError, "0 or more"),
        ({"window": 11}, GridError, "smaller than the window"),
        ({"lat": AXIS[::-1]}, GridError, "increasing"),
        ({"lon": np.where(AXIS > 50, np.nan, AXIS)}, GridError, "increasing"),
        ({"fields": []}, FieldError, "no frame"),
        ({"fields": [np.zeros((9, 8))]}, FieldError, "frame 1"),
        ({"fields": [np.zeros((9, 9), complex)]}, FieldError, "complex"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    given = {"fields": [np.zeros((9, 9))], "lon": AXIS, "lat": AXIS, "sign": "min", "contrast": 0.0, "window": 5}
    given |= change
    wanted = CentreSettings(sign=given["sign"], contrast=given["contrast"], window=given["window"])
    with pytest.raises(error, match=message):
        detect(given["fields"], given["lon"], given["lat"], wanted, periodic=False)
