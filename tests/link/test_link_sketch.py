"""What the sweeps look up instead of computing it: rough costs are as near as promised, absent tracks the smallest."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.linking import chains as chains_module
from stormtrack.linking import cost, sketch
from stormtrack.linking.chains import filled_chains, new_chains
from stormtrack.linking.lanes import (
    MOST_LANES,
    begin_another,
    can_move,
    end_first,
    exchanges_under_way,
    move,
    new_lanes,
    row_of,
)
from stormtrack.linking.limits import resolve_limits
from stormtrack.linking.nearness import near_order
from stormtrack.linking.neighbours import find_neighbours, with_links
from stormtrack.linking.problem import Geometry, build_problem
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.linking import LinkSettings, ParameterSet
from tests.jit import jitted

deviation, basis_at, way, rough_deviation, slack, not_less = map(
    jitted,
    (cost.deviation, sketch.basis_at, sketch.way, sketch.rough_deviation, sketch.slack, sketch.not_less),
)
first_absent, give_point, swap_points, point_of = map(
    jitted,
    (chains_module.first_absent, chains_module.give_point, chains_module.swap_points, chains_module.point_of),
)


def _features(x: np.ndarray, y: np.ndarray, sizes: list[int]) -> Features:
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return features_of_points(
        frame_start=start, x=x.astype(np.float32), y=y.astype(np.float32), intensity=np.ones(len(x), np.float32)
    )


def _geometry(x: np.ndarray, y: np.ndarray, w1: float, w2: float, geodesic: bool) -> Geometry:
    one = ParameterSet(dmax=180.0, phimax=1.0)
    settings = LinkSettings(weight_direction=w1, weight_speed=w2, sets=(one,), geodesic=geodesic)
    return build_problem(_features(x, y, [len(x)]), resolve_limits(settings), geodesic).geometry


def _triples(rng: np.random.Generator, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Three points in turn: somewhere, and two near it; also at poles, on the seam, equal and opposite ones."""
    n = 3000
    x, y = rng.uniform(0.0, 360.0, n), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, n)))
    x[: n // 10] = rng.choice([0.0, 360.0, 180.0], n // 10)
    y[n // 10 : n // 5] = rng.choice([90.0, -90.0, 89.9999, 0.0], n // 10)
    near = [(x + rng.normal(0.0, spread, n), np.clip(y + rng.normal(0.0, spread, n), -90.0, 90.0)) for _ in (0, 1)]
    same = rng.random(n) < 0.05
    near[0] = (np.where(same, x, near[0][0]), np.where(same, y, near[0][1]))
    near[1] = (np.where(rng.random(n) < 0.05, (x + 180.0) % 360.0, near[1][0]), near[1][1])
    xs, ys = np.stack([near[0][0], x, near[1][0]], axis=1), np.stack([near[0][1], y, near[1][1]], axis=1)
    return xs.ravel(), ys.ravel()


@pytest.mark.parametrize("geodesic", [True, False])
@pytest.mark.parametrize(("w1", "w2"), [(0.2, 0.8), (1.0, 0.0), (30.0, 5.0)])
@pytest.mark.parametrize("spread", [0.01, 0.05, 5.0, 60.0])
def test_rough_deviations_are_as_near_as_promised(geodesic: bool, w1: float, w2: float, spread: float) -> None:
    x, y = _triples(np.random.default_rng(7), spread)
    geometry = _geometry(x, y, w1, w2, geodesic)
    known = 0
    for p in range(1, len(x), 3):
        basis = basis_at(geometry, p)
        rough = rough_deviation(geometry, way(geometry, basis, p, p - 1), way(geometry, basis, p, p + 1))
        exact = deviation(geometry, p - 1, p, p + 1)
        if not np.isnan(rough):
            known += 1
            assert abs(rough - exact) <= slack(geometry) / 5.0, p
            assert exact >= -slack(geometry), p  # what lets a gain be hopeless whatever this triple costs
    assert known > 1500


@pytest.mark.parametrize("apart", [0.0, 1e-7, 0.0057, 0.0062, 0.01, 90.0, 179.995, 180.0])
def test_links_of_uncertain_direction_put_their_points_in_doubt(apart: float) -> None:
    """The direction of every other link is known from both ends."""
    x, y = np.array([10.0, 10.0 + apart, 50.0, 52.0]), np.array([0.0, 0.0, 40.0, 41.0])
    order = [0, 2, 1, 3]  # a point of either pair in each frame
    features = _features(x[order], y[order], [2, 2])
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(ParameterSet(dmax=180.0, phimax=1.0),))
    problem = build_problem(features, resolve_limits(settings), True)
    problem = with_links(problem, find_neighbours(problem))
    known = [
        not np.isnan(way(problem.geometry, basis_at(problem.geometry, p), p, q)[0]) for p, q in ((0, 2), (2, 0), (1, 3))
    ]
    assert problem.doubtful.tolist() == [not 0.0063 < apart < 179.99, False] * 2
    assert known[2]
    assert (known[0] and known[1]) or problem.doubtful[0]


@pytest.mark.parametrize("apart", [1e-6, 1.0, 90.0, 180.0])
def test_in_the_plane_only_short_links_are_in_doubt(apart: float) -> None:
    x, y = np.array([10.0, 50.0, 10.0 + apart, 52.0]), np.array([0.0, 40.0, 0.0, 41.0])
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(ParameterSet(dmax=180.0, phimax=1.0),))
    problem = build_problem(_features(x, y, [2, 2]), resolve_limits(settings), False)
    problem = with_links(problem, find_neighbours(problem))
    assert problem.doubtful.tolist() == [apart < 1e-4, False] * 2


def test_costs_are_rounded_up() -> None:
    rng = np.random.default_rng(3)
    for value in [0.0, 1e-30, 4.4e5, -52.0, *rng.normal(0.0, 1.0, 1000)]:
        assert float(value) <= float(not_less(value)) <= float(value) + 2e-6 * abs(value)


def test_smallest_absent_tracks_while_points_change_hands() -> None:
    """Beside a look at every track, also where a frame has no bits for them."""
    rng = np.random.default_rng(11)
    sizes, n_tracks = [60, 3, 40, 0, 1, 70], 400
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    owner = np.concatenate([rng.permutation(80 + 300 * (k == 1))[:n] for k, n in enumerate(sizes)]).astype(np.int32)
    chains, lanes = filled_chains(new_chains(start), owner, n_tracks, True), new_lanes(0)
    found = set()
    for turn in range(3000):
        frame = int(rng.choice([0, 1, 2, 5]))
        own = owner[start[frame] : start[frame + 1]]
        p, q = start[frame] + rng.integers(0, len(own), 2)
        free = np.setdiff1d(np.arange(120), own)
        if turn % 2 and p != q:
            swap_points(chains, frame, p, q)
            owner[p], owner[q] = owner[q], owner[p]
        else:
            former, owner[p] = int(owner[p]), rng.choice(free)
            give_point(chains, frame, p, int(owner[p]))
            move(lanes, 0, chains.num, former, int(owner[p]), 1)
        low, high = sorted(rng.integers(0, len(sizes), 2).tolist())
        first, needs = int(rng.integers(0, 90)), bool(turn % 3 == 0)
        taken = set(owner[start[low] : start[high + 1]].tolist())
        has_points = set(owner.tolist())
        wanted = [t for t in range(first, n_tracks) if t not in taken and (t in has_points or not needs)]
        got = first_absent(chains, low, high, np.int64(first), np.int64(n_tracks), needs)
        assert got == (wanted[0] if wanted else -1), turn
        assert point_of(chains, frame, int(owner[p])) == p
        found.add(int(got))
    assert len(found) > 50


def test_what_a_sweep_behind_moves_is_counted_when_it_comes_to_the_front() -> None:
    lanes, num = new_lanes(5), np.full(9, 10, np.int64)
    for _ in range(MOST_LANES):  # rows go round
        begin_another(lanes, MOST_LANES)
        assert end_first(lanes, num) == 0
    begin_another(lanes, MOST_LANES)
    begin_another(lanes, MOST_LANES)
    assert lanes.under_way[0] == 1  # nothing has been exchanged yet
    lanes.exchanges[row_of(lanes, 0)] = 7
    begin_another(lanes, 1)
    assert lanes.under_way[0] == 1
    begin_another(lanes, MOST_LANES)
    move(lanes, 0, num, 1, 2, 3)
    move(lanes, 1, num, 2, 4, 1)
    move(lanes, 1, num, 4, 5, 2)
    assert num.tolist() == [10, 7, 13, 10, 10, 10, 10, 10, 10]
    assert can_move(lanes, 1)
    move(lanes, 1, num, 0, 8, 1)
    assert not can_move(lanes, 1)
    assert can_move(lanes, 0)
    assert exchanges_under_way(lanes) == 7
    assert end_first(lanes, num) == 7
    assert num.tolist() == [9, 7, 12, 10, 9, 12, 10, 10, 11]
    assert lanes.under_way[0] == 1
    assert exchanges_under_way(lanes) == 0


def test_neighbours_lie_side_by_side_in_crowded_frames_only() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0.0, 360.0, 900), rng.uniform(-80.0, 80.0, 900)
    settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(ParameterSet(dmax=6.5, phimax=1.0),))

    def order_of(features: Features) -> np.ndarray | None:
        return near_order(build_problem(features, resolve_limits(settings), True), features)

    assert order_of(_features(x, y, [200, 200, 250, 250])) is None
    order = order_of(_features(x, y, [450, 450]))
    assert order is not None
    assert sorted(order[:450].tolist()) == list(range(450))
    assert sorted(order[450:].tolist()) == list(range(450, 900))
    steps = np.abs(np.diff(y[order[:450]]))
    assert np.median(steps) < 6.5 < np.median(np.abs(np.diff(y[:450])))
