"""Statistics on the tree against the plain form, bit for bit: small and crowded sets, poles, ties."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import INTENSITY, Variable
from stormtrack.settings.statistics import (
    TRACKS,
    Estimate,
    Estimator,
    Mode,
    Smoothing,
    StatisticsSettings,
    TreeSettings,
)
from stormtrack.statistics.compute import statistics_at
from stormtrack.statistics.data import prepared
from stormtrack.statistics.sphere import on_sphere
from stormtrack.testing import assert_bitwise
from tests.naive import track_statistics as naive

LEVELS = 3


def drawn_set(seed: int) -> TrackSet:
    """Tracks round a few places, some through a pole, on nodes of a grid (ties), and far from everything."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 9, int(rng.integers(2, 14)))
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    lon, lat = rng.choice([0.0, 90.0, 200.0]), rng.choice([-90.0, 0.0, 50.0, 85.0])
    x = (lon + 12 * rng.standard_normal(start[-1])) % 360
    y = np.clip(lat + 8 * rng.standard_normal(start[-1]), -90, 90)
    if seed % 2:
        x, y = np.round(x / 5) * 5, np.round(y / 5) * 5
    frame = np.concatenate([np.arange(n) + int(rng.integers(2, 9)) for n in lengths]).astype(np.int64)
    values = rng.uniform(1, 9, start[-1]).astype(np.float32)
    return TrackSet(
        track_id=np.arange(1, len(lengths) + 1),
        start=start,
        lon=x.astype(np.float32),
        lat=y.astype(np.float32),
        variables=(Variable(name=INTENSITY, values=values),),
        frame=frame,
        missing_after=np.zeros(start[-1], np.int32),
    )


def settings_of(data: str, estimator: Estimator) -> StatisticsSettings:
    wanted = Estimate(data=data, mode=Mode.DENSITY_AND_SCALAR, estimator=estimator)
    tree = TreeSettings(levels=LEVELS)
    return StatisticsSettings(frames=(1, 10**6), tree=tree, estimates=(wanted,), lifetime_step=0.25)


def estimators() -> list[Estimator]:
    adaptive = [
        Estimator(kernel=m, smoothing=Smoothing.ADAPTIVE, s=s, lowest=low, alpha=0.5)
        for m, s, low in ((0, 60.0, 1.0), (1, 200.0, 0.1), (2, 30.0, 5.0))
    ]
    return [Estimator(kernel=1, smoothing=Smoothing.FIXED, s=90.0, lowest=0.1), *adaptive]


WHERE = [(0.0, 90.0), (0.0, -90.0), (0.0, 0.0), (90.0, 50.0), (200.0, 51.3), (205.0, 85.0), (1.2, -88.0), (95.0, 3.0)]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("seed", range(6))
def test_features(seed: int, number: int) -> None:
    tracks, estimator, tree = drawn_set(seed), estimators()[number], naive.Octahedron(LEVELS)
    lon, lat = np.array(WHERE, np.float32).T
    settings = settings_of("strength", estimator)
    found = statistics_at(prepared(tracks, settings, (0.0, 360.0)), settings, on_sphere(lon, lat))
    points = [naive.unit(x, y) for x, y in zip(tracks.lon, tracks.lat, strict=True)]
    expected = [
        _expected(tree, points, tracks.intensity, estimator, naive.unit(x, y)) for x, y in zip(lon, lat, strict=True)
    ]
    density, mean = np.array(expected).T.astype(np.float32)
    assert_bitwise(found.values["fden"], density)
    assert_bitwise(found.values["mstr"], mean)


def _expected(
    tree: naive.Octahedron, points: list[naive.Vector], values: naive.Array, estimator: Estimator, where: naive.Vector
) -> tuple[float, float]:
    s: float | list[float] = estimator.s
    if estimator.smoothing == Smoothing.ADAPTIVE:
        s = naive.adapted(tree, points, estimator.s, estimator.lowest, estimator.alpha, estimator.kernel)
    return naive.density_and_mean(tree, points, values, s, estimator.kernel, where)


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("seed", range(6))
def test_tracks(seed: int, number: int) -> None:
    tracks, estimator, tree = drawn_set(seed), estimators()[number], naive.Octahedron(LEVELS)
    lon, lat = np.array(WHERE, np.float32).T
    settings = settings_of(TRACKS, estimator)
    material = prepared(tracks, settings, (0.0, 360.0))
    found = statistics_at(material, settings, on_sphere(lon, lat))
    paths = [
        [naive.unit(x, y) for x, y in zip(tracks.lon[a:b], tracks.lat[a:b], strict=True)]
        for a, b in zip(tracks.start[:-1], tracks.start[1:], strict=True)
    ]
    expected = []
    for x, y in zip(lon, lat, strict=True):
        where = naive.unit(x, y)
        points = [path[naive.nearest(path, where)] for path in paths]
        expected.append(_expected(tree, points, material.lifetime, estimator, where))
    density, mean = np.array(expected).T.astype(np.float32)
    assert_bitwise(found.values["tden"], density)
    assert_bitwise(found.values["mlif"], mean)
