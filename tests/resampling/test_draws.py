"""Permutations, draws, p-values and the false discovery rate by themselves."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from stormtrack.resampling.draws import distinct_permutations, drawn, permuted
from stormtrack.resampling.significance import (
    false_discovery_threshold,
    interval,
    p_values,
    significant,
    smallest_p_value,
)
from tests.naive import resampling as naive


def test_permutations_keep_numbers_and_begin_with_the_observation() -> None:
    times = permuted(7, 12, 200, seed=4)
    assert times.shape == (19, 201)
    assert times[:, 0].tolist() == [1] * 7 + [0] * 12
    assert (times.sum(0) == 7).all()
    assert len({column.tobytes() for column in times.T}) > 190


def test_few_permutations_are_all_done_once() -> None:
    times = permuted(2, 3, 1000, seed=0)
    assert distinct_permutations(2, 3) == times.shape[1] == 10
    assert {tuple(np.flatnonzero(c)) for c in times.T} == set(combinations(range(5), 2))
    assert tuple(np.flatnonzero(times[:, 0])) == (0, 1)
    assert permuted(2, 3, 8, seed=0).shape[1] == 9  # one fewer than all others: drawn


def test_streams_do_not_depend_on_how_many_follow() -> None:
    assert np.array_equal(permuted(10, 10, 30, seed=1), permuted(10, 10, 50, seed=1)[:, :31])
    assert np.array_equal(drawn(10, 30, seed=1), drawn(10, 50, seed=1)[:, :31])
    assert not np.array_equal(permuted(10, 10, 30, seed=1), permuted(10, 10, 30, seed=2))


def test_draws_are_of_as_many_units_with_the_right_spread() -> None:
    times = drawn(40, 4000, seed=3)
    assert (times[:, 0] == 1).all() and (times.sum(0) == 40).all()
    variance = times[:, 1:].astype(float).var(axis=1)
    assert abs(variance.mean() - (1 - 1 / 40)) < 0.03  # binomial: n p (1 - p)


@pytest.mark.parametrize("tail", ["two-sided", "greater", "less"])
def test_p_values_of_few_samples(tail: str) -> None:
    samples = np.array([[3.0, 1, 2, 3, 4], [0.0, 0, 0, 0, 0], [np.nan, 1, 2, 3, 4], [9.0, np.nan, 1, 2, np.nan]])
    found = p_values(samples, np.ones(4), tail)
    expected = {
        "greater": [3 / 5, 1.0, math.nan, 1 / 3],
        "less": [4 / 5, 1.0, math.nan, 1.0],
        "two-sided": [1.0, 1.0, math.nan, 2 / 3],
    }
    np.testing.assert_allclose(found, expected[tail])
    assert smallest_p_value(99, tail) == (0.02 if tail == "two-sided" else 0.01)


def test_ties_within_rounding_count_as_as_extreme() -> None:
    samples = np.array([[0.1 + 0.2, 0.3, 0.3]])
    assert p_values(samples, np.ones(1), "greater")[0] == p_values(samples, np.ones(1), "less")[0] == 1.0


def test_p_values_of_a_known_distribution_are_uniform() -> None:
    rng = np.random.default_rng(8)
    p = p_values(rng.standard_normal((4000, 100)), np.zeros(4000), "two-sided")
    share = np.array([np.mean(p <= level) for level in (0.02, 0.1, 0.5, 0.9)])
    np.testing.assert_allclose(share, [0.02, 0.1, 0.5, 0.9], atol=4 * 0.5 / math.sqrt(4000))


@pytest.mark.parametrize("seed", range(5))
def test_false_discovery_is_the_step_up_procedure(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.concatenate([rng.uniform(size=50), rng.uniform(size=20) ** 6, [math.nan, 0.0 if seed else 1.0]])
    for rate in (0.01, 0.1, 0.3):
        assert set(np.flatnonzero(significant(p, rate))) == naive.discoveries(p.tolist(), rate)
    assert false_discovery_threshold(np.array([math.nan]), 0.1) == false_discovery_threshold(np.zeros(0), 0.1) == 0.0


def test_false_discoveries_are_as_rare_as_promised() -> None:
    rng = np.random.default_rng(5)
    shares = []
    for _ in range(400):
        p = np.concatenate([rng.uniform(size=80), rng.uniform(size=20) ** 20])  # the last 20 are no accidents
        found = significant(p, 0.1)
        shares.append(found[:80].sum() / max(found.sum(), 1))
        assert found[80:].sum() > 5
    assert 0.06 < np.mean(shares) <= 0.1  # 0.08 is exact: 0.1 times the share of true nulls


def test_intervals_are_percentiles() -> None:
    rng = np.random.default_rng(2)
    samples = rng.standard_normal((3, 101))
    samples[1, 1:31], samples[2, 1:80] = np.nan, np.nan
    lower, upper, error = interval(samples, 0.9)
    for k in range(2):
        used = samples[k, 1:][np.isfinite(samples[k, 1:])]
        np.testing.assert_allclose([lower[k], upper[k]], np.quantile(used, [0.05, 0.95]))
        np.testing.assert_allclose(error[k], used.std(ddof=1))
    assert np.isnan([lower[2], upper[2], error[2]]).all()  # too few draws have a value
