"""Cosine filter: the naive twin has the same bits; sizes, reflection, what bands add up to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.preprocess.cosine_filter import CosineFilter
from stormtrack.settings.cosine_filter import CosineSettings
from stormtrack.settings.restriction import Restriction
from stormtrack.settings.transform_sizes import padded_size
from stormtrack.testing import assert_bitwise
from tests.naive import cosine_filter as naive


def field(rows: int, columns: int) -> Any:
    return np.random.default_rng(rows * columns).standard_normal((rows, columns)).astype(np.float32)


@pytest.mark.parametrize("cutoff", [None, 0.2])
@pytest.mark.parametrize(
    ("shape", "size", "options"),
    [
        ((12, 18), (12, 18), {}),
        ((7, 10), (8, 10), {}),
        ((9, 11), (20, 24), {"size": (24, 20)}),
        ((16, 16), (16, 16), {"prime_factor": False}),
        ((9, 12), (32, 32), {"prime_factor": False, "exponents": (5, 5)}),
    ],
)
def test_the_naive_twin_has_the_same_bits(shape: Any, size: Any, options: dict[str, Any], cutoff: float | None) -> None:
    values = field(*shape)
    settings = CosineSettings(boundaries=(3000.0, 900.0, 300.0), resolution=120.0, cutoff=cutoff, **options)
    plan = CosineFilter(shape, settings)
    assert plan.size == size and plan.n_bands == 2
    expected = naive.bands(values, size, 120.0, [3000.0, 900.0, 300.0], cutoff, settings.prime_factor)
    for band, (found, wanted) in enumerate(zip(plan.filter(values), expected, strict=True)):
        assert_bitwise(found, wanted, f"band {band}")


@pytest.mark.parametrize("options", [{}, {"prime_factor": False, "exponents": (6, 4)}])
def test_all_bands_give_the_field_back(options: dict[str, Any]) -> None:
    values = field(16, 30)
    settings = CosineSettings(boundaries=(1e6, 800.0, 10.0), resolution=100.0, **options)
    low, high = CosineFilter((16, 30), settings).filter(values)
    np.testing.assert_allclose(low + high, values, atol=3e-6)


def test_reflection_at_the_edges() -> None:
    values = field(6, 8)
    settings = CosineSettings(boundaries=(1e6, 10.0), resolution=100.0, size=(16, 12), reflects=True)
    plan = CosineFilter((6, 8), settings)
    whole = plan._placed(values)
    assert_bitwise(whole[3:9, 4:12].astype(np.float32), values, "the field")
    assert_bitwise(whole[3:9, :4], whole[3:9, 5:9][:, ::-1].copy(), "left")
    assert_bitwise(whole[3:9, 12:], whole[3:9, 7:11][:, ::-1].copy(), "right")
    assert_bitwise(whole[:3], whole[4:7][::-1].copy(), "below")
    assert_bitwise(whole[9:], whole[5:8][::-1].copy(), "above")
    with pytest.raises(GridError, match="pad to at most 16, or with zeros"):
        CosineFilter((6, 8), CosineSettings(boundaries=(1e6, 10.0), resolution=1.0, size=(20, 12), reflects=True))


def test_restriction_and_mean_come_first() -> None:
    values = field(8, 10)
    values[3, 4] = 1e6
    made = {"boundaries": (1e6, 10.0), "resolution": 100.0, "centres": True}
    limits = Restriction(lower=-1e3, upper=1e3, value=0.5)
    found = CosineFilter((8, 10), CosineSettings(**made, restriction=limits)).filter(values)[0]
    values[3, 4] = 0.5
    assert_bitwise(found, CosineFilter((8, 10), CosineSettings(**made)).filter(values)[0], "restricted")
    assert abs(float(found.mean())) < 1e-6


def test_sizes() -> None:
    assert [padded_size(n, None) for n in (1, 2, 7, 11, 14, 17, 31)] == [2, 2, 8, 12, 16, 18, 32]
    assert padded_size(9, 15) == 16
    with pytest.raises(GridError, match="cannot be padded to 14 columns: it has 12, and the number must be even"):
        CosineFilter((8, 12), CosineSettings(boundaries=(9.0, 1.0), resolution=1.0, size=(14, 8)))
    with pytest.raises(GridError, match="cannot be padded to 6 rows: it has 8"):
        CosineFilter((8, 12), CosineSettings(boundaries=(9.0, 1.0), resolution=1.0, size=(12, 6)))
