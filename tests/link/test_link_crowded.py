"""Crowded frames: kept gains lead to the exchanges that testing everything leads to.

Two judges: the plain form, which tests all pairs of tracks, and, where that takes too long, sweeps that evaluate a
frame anew at every visit.
"""

from __future__ import annotations

import os

import pytest

from stormtrack.linking import driver, nearness
from stormtrack.linking.driver import link
from stormtrack.linking.result import LinkResult
from stormtrack.model.links import Links
from tests.link.link_support import FEW, MANY, crowded_case, points_of, settings_of
from tests.naive.link import plain_link
from tests.naive.scanned_sweeps import run_series

NIGHTLY = os.environ.get("STORMTRACK_NIGHTLY") == "1"


def _rows(tracks: Links) -> list:
    rows = list(zip(tracks.feature.tolist(), tracks.missing_after.tolist(), strict=True))
    return [(int(i), rows[a:b]) for i, a, b in zip(tracks.track_id, tracks.start[:-1], tracks.start[1:], strict=True)]


def _linked(seed: int, largest: int, frames: tuple[int, int]) -> LinkResult:
    case, params = crowded_case(seed, largest, frames)
    return link(points_of(case), settings_of(params, case["tom"]))


def _exchanges(result: LinkResult) -> int:
    return sum(s.exchanges for s in result.series)


@pytest.fixture
def all_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Points change their order within frames however few there are."""
    monkeypatch.setattr(nearness, "CROWDED", 0)


def _compare_with_plain(seed: int, largest: int, frames: tuple[int, int] = FEW) -> int:
    case, params = crowded_case(seed, largest, frames)
    points, settings = points_of(case), settings_of(params, case["tom"])
    result = link(points, settings)
    _, _, initial, final = plain_link(points, settings)
    assert _rows(result.initial) == initial, seed
    assert result.final is not None
    assert _rows(result.final) == final, seed
    return _exchanges(result)


def _compare_with_scans(seed: int, largest: int, monkeypatch: pytest.MonkeyPatch, frames: tuple[int, int] = FEW) -> int:
    result = _linked(seed, largest, frames)
    with monkeypatch.context() as patch:
        patch.setattr(driver, "_run_series", run_series)
        other = _linked(seed, largest, frames)
    assert result.final is not None and other.final is not None
    assert result.series == other.series, seed
    assert _rows(result.final) == _rows(other.final), seed
    return _exchanges(result)


@pytest.mark.parametrize("block", range(6))
def test_equal_to_the_plain_form(block: int) -> None:
    assert sum(_compare_with_plain(seed, 30) for seed in range(50 * block, 50 * block + 50)) > 2000


@pytest.mark.usefixtures("all_sorted")
@pytest.mark.parametrize("block", range(3))
def test_equal_to_the_plain_form_in_another_order_of_points(block: int) -> None:
    assert sum(_compare_with_plain(seed, 30) for seed in range(400 + 50 * block, 450 + 50 * block)) > 2000


def test_equal_to_the_plain_form_with_many_points() -> None:
    assert _compare_with_plain(2, 120) + _compare_with_plain(19, 120) > 100


def test_equal_to_scans_of_whole_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(_compare_with_scans(seed, 150, monkeypatch) for seed in range(1000, 1060)) > 10_000


@pytest.mark.parametrize("block", range(2))
def test_sweeps_that_follow_each_other_equal_the_plain_form(block: int) -> None:
    assert sum(_compare_with_plain(seed, 9, MANY) for seed in range(5000 + 15 * block, 5015 + 15 * block)) > 2000


def test_sweeps_that_follow_each_other_equal_scans_of_whole_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sum(_compare_with_scans(seed, 25, monkeypatch, MANY) for seed in range(6000, 6100)) > 50_000


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("block", range(200))
def test_equal_to_the_plain_form_thousands(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """20 000 problems; of each hundred one of up to 400 points a frame, nine of up to 120; half of them with points in
    another order."""
    for number in range(100):
        monkeypatch.setattr(nearness, "CROWDED", 0 if number % 2 else 10**9)
        largest = 400 if number == 0 else 120 if number < 10 else 40
        _compare_with_plain(200_000 + 100 * block + number, largest)


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("block", range(20))
def test_equal_to_scans_of_whole_frames_thousands(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(300_000 + 100 * block, 300_100 + 100 * block):
        _compare_with_scans(seed, 400, monkeypatch)
