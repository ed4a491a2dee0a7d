"""Pruned linking equals the plain form on random cases full of ties, duplicates, gaps, poles and options."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest

from stormtrack.linking.driver import link
from stormtrack.model.links import Links
from tests.link.link_support import points_of, random_case, settings_of
from tests.naive.link import plain_link

NIGHTLY = os.environ.get("STORMTRACK_NIGHTLY") == "1"


def _plain(tracks: Links | None):
    if tracks is None:
        return None
    rows = zip(tracks.feature.tolist(), tracks.missing_after.tolist(), strict=True)
    rows = list(rows)
    return [(int(i), rows[a:b]) for i, a, b in zip(tracks.track_id, tracks.start[:-1], tracks.start[1:], strict=True)]


def _compare(seed: int, **size: int) -> int:
    case, params = random_case(seed, **size)
    points, settings = points_of(case), settings_of(params, case["tom"])
    result = link(points, settings)
    kept, filtered, initial, final = plain_link(points, settings)
    assert (kept == result.kept).all(), seed
    assert (filtered.feature_number == result.features.feature_number).all(), seed
    assert _plain(result.initial) == initial, seed
    assert _plain(result.final) == final, seed
    return sum(s.exchanges for s in result.series)


@pytest.mark.parametrize("block", range(8))
def test_pruned_equals_plain(block: int) -> None:
    exchanges = sum(_compare(seed) for seed in range(50 * block, 50 * block + 50))
    assert exchanges > 50  # the cases exercise what is compared


def test_pruned_equals_plain_on_crowded_cases() -> None:
    assert sum(_compare(seed, largest=22, frames=12) for seed in range(20_000, 20_012)) > 300


def test_costs_are_recorded_without_a_change_to_the_series() -> None:
    """A series ends with a sweep without exchanges, whether it runs in one call or sweep by sweep."""
    most = 0
    for seed in range(20_000, 20_004):
        case, params = random_case(seed, largest=22, frames=12)
        points, settings = points_of(case), settings_of(params, case["tom"])
        one, many = link(points, settings), link(points, settings, record_costs=True)
        assert [replace(s, costs=()) for s in many.series] == list(one.series), seed
        assert [len(s.costs) for s in many.series] == [s.sweeps for s in many.series], seed
        assert _plain(many.final) == _plain(one.final), seed
        most = max(most, *(s.sweeps for s in one.series))
    assert most > 2


def test_the_plain_form_notices_a_difference() -> None:
    """The comparison can fail: another parameter gives other tracks."""
    case, params = random_case(20_001, largest=22, frames=12)
    settings = settings_of(params | {"phimax": 0.3, "dmax": 7.0, "npar": 0, "zones": None}, case["tom"])
    other = settings_of(params | {"phimax": 0.31, "dmax": 3.0, "npar": 0, "zones": None}, case["tom"])
    points = points_of(case)
    assert _plain(link(points, settings).final) != plain_link(points, other)[3]


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("block", range(20))
def test_pruned_equals_plain_thousands(block: int) -> None:
    for seed in range(100_000 + 1000 * block, 100_000 + 1000 * block + 1000):
        _compare(seed, largest=7 + seed % 8, frames=9)


@pytest.mark.parametrize("frames", range(7))
def test_short_runs(frames: int) -> None:
    """0 to 6 frames: no final tracks up to three frames."""
    case, params = random_case(3, frames=6)
    case = dict(case, nframes=frames)
    chosen = case["fr"] < frames
    for name in ("fr", "ob", "x", "y", "st"):
        case[name] = case[name][chosen]
    case["nobj"], case["nmiss"] = np.full(frames, 9), np.zeros(frames, int)
    settings = settings_of(params | {"npar": 0, "zones": None, "miss": None}, case["tom"])
    result = link(points_of(case), settings)
    assert (result.final is None) == (frames <= 3)
    _, _, initial, final = plain_link(points_of(case), settings)
    assert _plain(result.initial) == initial
    assert _plain(result.final) == final
