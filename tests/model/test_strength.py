"""How strong points are."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.model.strength import strengths
from stormtrack.model.variables import Variable


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("vor", [2.5, 1e25, np.nan, np.inf, -3.0], [2.5, -np.inf, -np.inf, -np.inf, -3.0]),
        ("mslp", [980.25, 1e25, np.nan, -np.inf, 1012.0], [-980.25, -np.inf, -np.inf, -np.inf, -1012.0]),
    ],
)
def test_strong_points_have_large_strengths_and_unknown_ones_none(
    name: str, values: list[float], expected: list[float]
) -> None:
    found = strengths(Variable(name=name, values=np.array(values, np.float32), missing_value=1e25))
    assert found.dtype == np.float64
    assert found.tolist() == expected


def test_values_without_a_mark_for_missing_ones_and_no_values_at_all() -> None:
    assert strengths(Variable(name="vor", values=np.array([1e25], np.float32))).tolist() == [float(np.float32(1e25))]
    assert strengths(Variable(name="vor", values=np.empty(0, np.float32))).shape == (0,)
