"""Very many features: what is refused, what is told meanwhile, and that an interrupt is heard."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from benchmarks.dense import Dense, dense_features, usual_limits
from stormtrack.errors import LinkError
from stormtrack.linking import neighbours
from stormtrack.linking.driver import NO_SWEEPS, link
from stormtrack.linking.limits import resolve_limits
from stormtrack.linking.neighbours import find_neighbours
from stormtrack.linking.problem import build_problem
from stormtrack.linking.result import SweepSeries
from stormtrack.model.features import Features, features_of_points
from stormtrack.run.linking_notes import LinkingNotes
from stormtrack.run.report import Silent
from stormtrack.settings.linking import FinalFilter, LinkSettings
from tests.link.link_support import ADAPTS, ZONES, adapt_table, zone_table


def _sized(sizes: list[int]) -> Features:
    rng = np.random.default_rng(4)
    n = sum(sizes)
    return features_of_points(
        frame_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        x=rng.uniform(0, 360, n).astype(np.float32),
        y=np.degrees(np.arcsin(rng.uniform(-1, 1, n))).astype(np.float32),
        intensity=np.ones(n, np.float32),
    )


def test_noise_is_refused_within_seconds() -> None:
    """100 000 features in each of four frames, with a wider limit: too many pairs."""
    features, settings = _sized([100_000] * 4), usual_limits()
    settings = replace(settings, sets=(replace(settings.sets[0], dmax=12.0),))
    begun = time.process_time()
    with pytest.raises(LinkError, match=r"100000 feature points.*pairs.*GB.*hours.*raise the threshold"):
        link(features, settings)
    assert time.process_time() - begun < 10.0


def test_one_frame_of_noise_is_linked() -> None:
    features = _sized([70, 70, 70, 100_000, 70, 70])
    result = link(features, usual_limits())
    assert result.final is not None
    assert result.features.n_features < 40_000  # what lies in reach of the features beside


def test_the_number_of_pairs_is_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    features = _sized([3000, 2500, 4000, 3000])
    problem = build_problem(features, resolve_limits(usual_limits()), True)
    n_pairs = len(find_neighbours(problem).point)
    monkeypatch.setattr(neighbours, "SAMPLE", 500)
    for allowed in (int(n_pairs * 1.1), int(n_pairs * 0.9)):
        monkeypatch.setattr(neighbours, "MOST_PAIRS", allowed)
        if allowed > n_pairs:
            find_neighbours(problem)
        else:
            with pytest.raises(LinkError, match="pairs of them"):
                find_neighbours(problem)


def test_pairs_do_not_depend_on_how_many_are_looked_at_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = build_problem(_sized([60, 50, 0, 40, 70]), resolve_limits(usual_limits()), True)
    at_once = find_neighbours(problem)
    monkeypatch.setattr(neighbours, "TESTS_OF_A_CALL", 300)
    for one, other in zip(at_once, find_neighbours(problem), strict=True):
        assert one.tolist() == other.tolist()


def test_progress_comes_while_a_series_runs() -> None:
    seen: list[SweepSeries] = []
    result = link(dense_features(Dense(per_frame=3000, frames=12)), usual_limits(), progress=seen.append)
    seen = [s for s in seen if s != NO_SWEEPS]
    assert len(seen) > len(result.series)  # also within series
    assert [s for s in seen if s in result.series] == list(result.series)
    for one, next_one in pairwise(seen):
        assert next_one.exchanges > one.exchanges or one in result.series


def test_notes_become_rarer() -> None:
    report, now = Silent(), [0.0]
    notes = LinkingNotes(report, clock=lambda: now[0])
    for second in range(100):
        now[0] = float(second)
        notes(SweepSeries(forward=second < 50, sweeps=second, exchanges=7 * second))
    assert [note.split(",")[1].split()[0] for note in report.notes] == ["5", "10", "20", "40", "80"]
    assert "5 sweeps with 35 exchanges in this forward series" in report.notes[0]
    assert "backward" in report.notes[-1]


def test_progress_comes_while_pairs_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    features = _sized([60, 50, 0, 40, 70])
    monkeypatch.setattr(neighbours, "TESTS_OF_A_CALL", 300)
    seen: list[SweepSeries] = []
    link(features, usual_limits(), progress=seen.append)
    searching = [s for s in seen if s == NO_SWEEPS]
    assert len(searching) > 10
    report = Silent()
    notes = LinkingNotes(report, clock=iter([0.0, 7.0]).__next__)
    notes(searching[0])
    assert report.notes == ["linking: looking for pairs of points within reach, 7 s in all so far"]


def test_an_interrupt_is_heard_within_a_second_or_so() -> None:
    features = dense_features(Dense(per_frame=4000, frames=12))
    link(dense_features(Dense(per_frame=30, frames=5)), usual_limits())
    begun: list[float] = []

    def interrupt() -> None:
        begun.append(time.monotonic())
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(1.0, interrupt)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        link(features, usual_limits())
    assert time.monotonic() - begun[0] < 10.0  # a loaded machine


def _options() -> dict[str, tuple[LinkSettings, dict[str, Any]]]:
    """Settings that the original's rules allow, each with what `link` is told beside them."""
    usual = usual_limits()
    one = usual.sets[0]
    zones, adapt = zone_table(ZONES[0]), adapt_table(ADAPTS[0])
    both = replace(one, zones=zones, adapt=adapt)
    wider = (one, replace(one, dmax=9.0), replace(one, dmax=12.0))
    return {
        "zones": (replace(usual, zonal=True, sets=(both,)), {}),
        "adaptive": (replace(usual, adaptive=True, sets=(both,)), {}),
        "filtered": (
            replace(usual, zonal=True, adaptive=True, sets=(both,), final=FinalFilter(zones=True, adaptive=True)), {}
        ),
        "several sets": (replace(usual, sets=wider), {}),
        "preprocessed": (replace(usual, preprocess=True), {}),
        "repeated": (usual, {"preprocessing_before": -1}),
        "initialised again": (usual, {"apply_filter": False}),
        "Euclidean": (replace(usual, geodesic=False), {}),
    }  # fmt: skip


@pytest.mark.parametrize("name", _options())
def test_no_option_is_slow(name: str) -> None:
    """At 1000 features a frame an exchange costs about what it costs without options (the sweeps that kept no gain took
    some twenty times as long)."""
    features = dense_features(Dense(per_frame=1000, frames=8))
    settings, told = _options()[name]
    if name == "several sets":
        features = replace(features, missing_after=np.array([0, 2, 0, 1, 0, 0, 1, 0], np.int32))

    def per_exchange(settings: LinkSettings, told: dict[str, Any]) -> float:
        begun = time.process_time()
        done = link(features, settings, **told)
        return (time.process_time() - begun) / sum(s.exchanges for s in done.series)

    usual = min(per_exchange(usual_limits(), {}) for _ in range(2))
    assert min(per_exchange(settings, told) for _ in range(2)) < 5.0 * usual
