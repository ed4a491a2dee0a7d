"""Track density block by block against the plain way, point by point: bit for bit, on nasty sets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import WEIGHT, Variable
from stormtrack.settings.statistics import (
    TRACKS,
    Estimate,
    Estimator,
    Mode,
    Smoothing,
    StatisticsSettings,
    TreeSettings,
)
from stormtrack.statistics.data import prepared
from stormtrack.statistics.sphere import Points, on_sphere
from stormtrack.statistics.track_density import (
    _in_blocks,
    estimate_on_tree,
    estimate_point_by_point,
    living_tracks,
)
from stormtrack.statistics.tree import SphereTree
from stormtrack.statistics.tree_estimator import TreeEstimators
from stormtrack.testing import assert_bitwise
from tests.statistics.test_statistics_naive import drawn_set

ESTIMATORS = [
    Estimator(kernel=1, smoothing=Smoothing.ADAPTIVE, s=200.0, lowest=0.1, alpha=0.5),
    Estimator(kernel=0, smoothing=Smoothing.ADAPTIVE, s=60.0, lowest=1.0, alpha=0.5),
    Estimator(kernel=2, smoothing=Smoothing.ADAPTIVE, s=30.0, lowest=5.0, alpha=1.0),
    Estimator(kernel=1, smoothing=Smoothing.ADAPTIVE, s=90.0, lowest=1e-9, alpha=0.0),
    Estimator(kernel=1, smoothing=Smoothing.ADAPTIVE, s=90.0, lowest=1e-9, alpha=-0.5),
    Estimator(kernel=1, smoothing=Smoothing.ADAPTIVE, s=1e-8, lowest=1e-9, alpha=0.5),
    Estimator(kernel=1, smoothing=Smoothing.ADAPTIVE, s=3e5, lowest=1e-9, alpha=0.7),
    Estimator(kernel=3, smoothing=Smoothing.FIXED, s=90.0, lowest=0.1),
    Estimator(kernel=1, smoothing=Smoothing.DEFAULT, s=0.0, lowest=40.0),
]


def crowd(seed: int) -> TrackSet:
    """Many tracks of `drawn_set`: clouds, ties and equal points, poles, the date line."""
    sets = [drawn_set(100 * seed + k) for k in range(12)]
    start = np.concatenate([[0], *(one.start[1:] + before for one, before in zip(sets, _before(sets), strict=True))])
    joined = {name: np.concatenate([getattr(one, name) for one in sets]) for name in ("lon", "lat", "frame")}
    values = np.concatenate([one.intensity for one in sets])
    weights = np.linspace(0.0, 1.0, start[-1]).astype(np.float32)
    return replace(
        sets[0],
        track_id=np.arange(1, len(start)),
        start=start.astype(np.int64),
        missing_after=np.zeros(start[-1], np.int32),
        variables=(replace(sets[0].variables[0], values=values), Variable(name=WEIGHT, values=weights)),
        **joined,
    )


def _before(sets: list[TrackSet]) -> list[int]:
    return [0, *np.cumsum([one.n_points for one in sets])[:-1].tolist()]


def grid(seed: int) -> Points:
    """Nodes of a grid with poles and date line (on the edges of leaves), and points anywhere."""
    lon, lat = np.meshgrid(np.arange(0.0, 361.0, 30.0), np.arange(-90.0, 91.0, 22.5))
    rng = np.random.default_rng(seed)
    lon, lat = np.append(lon, rng.uniform(0, 360, 40)), np.append(lat, np.degrees(np.arcsin(rng.uniform(-1, 1, 40))))
    return on_sphere(lon.astype(np.float32), lat.astype(np.float32))


@pytest.mark.parametrize("weights", ["none", "some", "first"])
@pytest.mark.parametrize("number", range(len(ESTIMATORS)))
def test_blocks_are_the_plain_way(number: int, weights: str) -> None:
    tracks, points = crowd(number), grid(number)
    tree = SphereTree.of(TreeSettings(levels=3, icosahedron=number % 2 == 1))
    settings = StatisticsSettings(
        frames=(1, 10**6),
        lifetime_step=0.25,
        domain=(0.0, 360.0, -90.0, 90.0) if number % 3 else (20.0, 210.0, -80.0, 89.0),
        least_weight=None if weights == "none" else 0.3,
    )
    living = living_tracks(prepared(tracks, settings, (0.0, 360.0)), settings)
    estimator = replace(ESTIMATORS[number], weighted_pilot=weights == "first")
    wanted = Estimate(data=TRACKS, mode=Mode.DENSITY_AND_SCALAR, estimator=estimator)
    estimators = TreeEstimators(tree, points)
    with np.errstate(all="ignore"):
        found, number_found = estimate_on_tree(living, wanted, estimators, tree, points)
        plain, number_plain, _ = estimate_point_by_point(living, wanted, estimators, points)
    for part in ("density", "mean"):
        assert_bitwise(getattr(found, part), getattr(plain, part))
    assert number_found == number_plain
    assert (found.density > 0).any() or estimator.s > 1e5  # data that are felt within 0.1 degrees


def test_sets_that_are_nothing() -> None:
    tree, points = SphereTree.of(TreeSettings(levels=3)), grid(0)
    settings = StatisticsSettings(frames=(1, 10**6), lifetime_step=0.25)
    none = crowd(1).take(np.zeros(0, np.int64), np.zeros(1, np.int64))
    none = replace(none, track_id=np.zeros(0, np.int64))
    wanted = Estimate(data=TRACKS, mode=Mode.DENSITY_AND_SCALAR, estimator=ESTIMATORS[0])
    living = living_tracks(prepared(none, settings, (0.0, 360.0)), settings)
    found = _in_blocks(living, wanted, tree, points)
    assert not found.density.any() and not found.number.any()
    one = living_tracks(prepared(crowd(1), replace(settings, domain=(0.0, 1.0, 0.0, 1.0)), (0.0, 360.0)), settings)
    assert _in_blocks(one, wanted, tree, on_sphere(*np.zeros((2, 0), np.float32))).density.shape == (0,)
