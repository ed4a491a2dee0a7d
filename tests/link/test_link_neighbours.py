"""The neighbour search finds exactly the pairs that testing every pair would find."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.linking import cost, neighbours
from stormtrack.linking.limits import resolve_limits
from stormtrack.linking.neighbours import find_neighbours, restricted_neighbours, with_links
from stormtrack.linking.problem import build_problem, restricted
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.linking import LinkSettings, ParameterSet
from tests.jit import jitted
from tests.link.link_support import ZONES, zone_table

measure, zone_link_limit, link_between = map(jitted, (cost.measure, cost.zone_link_limit, neighbours.link_between))


def _points(rng: np.random.Generator, geodesic: bool, snap: float) -> Features:
    size = rng.integers(0, 60, 4)
    n = int(size.sum())
    x, y = rng.uniform(0, 360, n), np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
    if snap:
        x, y = np.round(x / snap) * snap, np.round(y / snap) * snap
    if not geodesic:
        x, y = x / 10, y / 10
    y[rng.random(n) < 0.05] = 90 if geodesic else 5
    x[rng.random(n) < 0.02] = np.nan
    return features_of_points(
        frame_start=np.concatenate([[0], np.cumsum(size)]).astype(np.int64),
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        intensity=np.ones(n, np.float32),
    )


@pytest.mark.parametrize("snap", [0.0, 5.0])
@pytest.mark.parametrize("dmax", [0.0, 5.0, 40.0, 177.7, 180.0])
@pytest.mark.parametrize("kind", ["sphere", "zones", "plane"])
@pytest.mark.parametrize("crowded", [400, 0])
def test_pairs_equal_those_of_testing_all(
    crowded: int, kind: str, dmax: float, snap: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "CROWDED", crowded)
    geodesic, zonal = kind != "plane", kind == "zones"
    one = ParameterSet(dmax=dmax, phimax=1.0, zones=zone_table(ZONES[1]))
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(one,), geodesic=geodesic, zonal=zonal)
    points = _points(np.random.default_rng(int(dmax) + 7), geodesic, snap)
    problem = build_problem(points, resolve_limits(settings), geodesic)
    found = find_neighbours(problem)
    for p in range(points.n_features):
        got = found.point[found.start[p] : found.start[p + 1]].tolist()
        assert got == sorted(got)
        ok = dict(zip(got, found.allowed[found.start[p] : found.start[p + 1]].tolist(), strict=True))
        k = int(problem.frame_of[p])
        following = np.flatnonzero(problem.frame_of == k + 1)
        for q in following:
            limit = zone_link_limit(problem.zone, p, q, 0) if zonal else problem.dmax[0]
            assert ok.get(int(q), False) == bool(measure(problem.geometry, p, q) <= limit)
        assert set(got) <= set(following.tolist())


def test_links_forward_and_backward_are_the_same_pairs_also_after_filtering() -> None:
    one = ParameterSet(dmax=40.0, phimax=1.0)
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(one,))
    rng = np.random.default_rng(5)
    points = _points(rng, True, 0.0)
    problem = build_problem(points, resolve_limits(settings), True)
    keep = rng.random(points.n_features) < 0.7
    smaller = restricted(problem, keep)
    found = restricted_neighbours(find_neighbours(problem), smaller, keep)
    again = find_neighbours(build_problem(points.kept(keep), resolve_limits(settings), True))
    for left, right in zip(found, again, strict=True):
        assert left.tolist() == right.tolist()
    full = with_links(smaller, found)
    pairs = 0
    for p in range(full.n_points):
        for q in full.next_point[full.next_start[p] : full.next_start[p + 1]]:
            e = link_between(full.prev_start, full.prev_point, int(q), p)
            assert full.prev_point[e] == p
            pairs += 1
    assert pairs == len(full.prev_point) == int(found.allowed.sum()) > 100


@pytest.mark.parametrize("geodesic", [True, False])
@pytest.mark.parametrize("dmax", [1e-6, 0.01, 0.5, 3.0, 20.0, 100.0])
def test_strips_hold_all_pairs_of_the_bands(geodesic: bool, dmax: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crowded frames: clusters at the poles, across the seam, anywhere, and points on one meridian."""
    rng = np.random.default_rng(11)
    x, y = [], []
    for _ in range(3):
        lon = np.concatenate([rng.normal(0, 2, 300) % 360, rng.uniform(0, 360, 900), np.full(200, 0.25)])
        lat = np.concatenate(
            [rng.normal(0, 2, 300), np.degrees(np.arcsin(rng.uniform(-1, 1, 900))), rng.normal(0, 40, 200)]
        )
        lat[500:800] = rng.choice([-1, 1], 300) * (90 - rng.gamma(1, 1.5, 300))
        x.append(lon)
        y.append(lat.clip(-90, 90))
    points = features_of_points(
        frame_start=np.arange(4, dtype=np.int64) * 1400,
        x=np.concatenate(x).astype(np.float32),
        y=np.concatenate(y).astype(np.float32),
        intensity=np.ones(4200, np.float32),
    )
    one = ParameterSet(dmax=dmax, phimax=1.0)
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(one,), geodesic=geodesic)
    problem = build_problem(points, resolve_limits(settings), geodesic)
    in_strips = find_neighbours(problem)
    monkeypatch.setattr(neighbours, "CROWDED", 10_000)
    for got, wanted in zip(in_strips, find_neighbours(problem), strict=True):
        assert got.tolist() == wanted.tolist()
    assert len(in_strips.point) > 0 or dmax < 0.01
