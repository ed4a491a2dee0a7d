"""Feature points to and from the optimiser: equal to the plain formulas, duplicates marked object by object."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detect.point_filters import DUFF
from stormtrack.detect.refine import take_optima
from stormtrack.detect.surfaces import surface_arguments
from stormtrack.testing import assert_bitwise
from tests.naive import detect_core as naive

F = np.float32
ODD = np.array([0.0, -0.0, 90.0, -90.0, 90.1, -95.0, 360.0, 1e30, -1e30, np.nan, np.inf, -np.inf, 1e-45], F)


def positions(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ordinary positions and strengths, and some that only a failed fit gives."""
    rng = np.random.default_rng(seed)
    x, y, value = (rng.uniform(low, high, n).astype(F) for low, high in ((0, 360), (-90, 90), (0, 1e3)))
    for a in (x, y, value):
        odd = rng.random(n) < 0.3
        a[odd] = rng.choice(ODD, np.count_nonzero(odd))
    return x, y, value


@pytest.mark.parametrize("spherical", [False, True])
@pytest.mark.parametrize("n", [0, 1, 400])
def test_arguments(n: int, spherical: bool) -> None:
    x, y, value = positions(n + 3, n)
    at, estimate = np.empty((n, 2)), np.empty(n)
    surface_arguments(x, y, value, 2, spherical, at, estimate)
    rows = slice(2, n + 2)
    assert_bitwise(at, naive.surface_variables(x[rows], y[rows], spherical), "variables")
    assert_bitwise(estimate, value[rows].astype(np.float64), "estimates")


@pytest.mark.parametrize("spherical", [False, True])
@pytest.mark.parametrize("n", [0, 1, 400])
def test_accepted_points(n: int, spherical: bool) -> None:
    """Every point an object of its own: nothing is a duplicate; the features around those concerned stay."""
    rng = np.random.default_rng(n)
    x, y, value = positions(n + 5, n)
    at = rng.uniform(-1, 7, (n, 2))
    at[rng.random((n, 2)) < 0.2] *= 1e300
    at[rng.random((n, 2)) < 0.1] = np.nan
    optimum, flag = rng.standard_normal(n) * 1e38, rng.integers(-1, 2, n).astype(np.int32)
    rows = slice(3, n + 3)
    expected = [a.copy() for a in (x, y, value)]
    new = naive.accepted(at, optimum, flag, spherical, x[rows], y[rows], value[rows])
    for whole, part in zip(expected, new, strict=True):
        whole[rows] = part
    take_optima(at, optimum, flag, spherical, np.arange(3, n + 4), True, x, y, value)
    for found, wanted, name in zip((x, y, value), expected, ("x", "y", "value"), strict=True):
        assert_bitwise(found, wanted, name)


@pytest.mark.parametrize("geodesic", [False, True])
def test_duplicates_are_marked_within_their_object(geodesic: bool) -> None:
    at = np.array([[10.0, 20.0], [10.0, 20.0], [11.0, 20.0], [10.0, 20.0], [10.0, 20.0]])
    x, y, value = np.zeros(6, F), np.zeros(6, F), np.ones(6, F)
    flag = np.zeros(5, np.int32)
    take_optima(at, np.full(5, 2.0), flag, False, np.array([1, 4, 4, 6]), geodesic, x, y, value)
    assert value.tolist() == [1.0, 2.0, DUFF, 2.0, 2.0, DUFF]
    assert x.tolist() == [0.0, 10.0, 10.0, 11.0, 10.0, 10.0]
