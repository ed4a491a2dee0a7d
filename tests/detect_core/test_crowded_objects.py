"""Objects with many features: order of the maxima, duplicates and separation as pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection import maxima_kernels
from stormtrack.detection.cubes import CubeTable
from stormtrack.detection.domain import Domain
from stormtrack.detection.frame import Detector
from stormtrack.detection.objects import Positions
from stormtrack.detection.ordering import LabelWork
from stormtrack.detection.point_filters import DUFF, suppress_close
from stormtrack.settings.detection import DetectionSettings, FeatureType
from stormtrack.splines import FeatureConstraints, RectangleFit, optimise_features
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.naive import detect_core as naive

F = np.float32
LIMITS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
any_adjacent, sort_apart = jitted(maxima_kernels.any_adjacent), jitted(maxima_kernels.sort_apart)


@pytest.mark.parametrize(("height", "width"), [(1, 400), (400, 1), (37, 61), (128, 128), (3, 3)])
@pytest.mark.parametrize("density", [0.002, 0.05, 0.2])
def test_maxima_apart_are_put_in_z_order(height: int, width: int, density: float) -> None:
    rng = np.random.default_rng([height, width])
    stride = width + 2
    for _ in range(20):
        mask = rng.random((height, width)) < density
        row, column = np.nonzero(mask)
        cells = ((row + 1) * stride + column + 1).astype(np.int32)
        work = LabelWork.of(height, width)
        sort_apart(cells, len(cells), stride, work)
        keys = [naive.morton(int(x), int(y)) for x, y in zip(column, row, strict=True)]
        assert work.order[: len(cells)].tolist() == cells[np.argsort(keys)].tolist()
        assert work.owner[: len(cells)].tolist() == list(range(len(cells)))


def test_adjacent_maxima_are_seen() -> None:
    rng = np.random.default_rng(4)
    seen = {True: 0, False: 0}
    for _ in range(2000):
        width, n = int(rng.integers(1, 9)), int(rng.integers(1, 7))
        row, column = rng.integers(0, 9, n), rng.integers(0, width, n)
        cells = np.unique((row + 1) * (width + 2) + column + 1).astype(np.int32)
        places = [(int(c) % (width + 2), int(c) // (width + 2)) for c in cells]
        pairs = [(p, q) for p in places for q in places if p < q]
        wanted = any(abs(p[0] - q[0]) <= 1 and abs(p[1] - q[1]) <= 1 for p, q in pairs)
        assert any_adjacent(cells, len(cells), width + 2) == wanted
        seen[wanted] += 1
    assert min(seen.values()) > 300


@pytest.mark.parametrize("quantised", [False, True])
def test_one_giant_noisy_object(quantised: bool) -> None:
    """Noise above a low threshold: several hundred maxima in one object, with groups where values are equal."""
    rng = np.random.default_rng(7)
    x, y = np.linspace(0, 360, 73).astype(F), np.linspace(-90, 90, 37).astype(F)
    field = (rng.normal(size=(37, 73)) + 5.0).astype(F)
    if quantised:
        field = np.round(field * F(2)) / F(2)
    domain = Domain(xgrid=x, ygrid=y, x1=1, x2=73, y1=1, y2=37, input_xgrid=x, input_ygrid=y)
    found = Detector(DetectionSettings(threshold=0.5, feature_type=FeatureType.GROUPED_MAXIMA), domain).detect(field)
    objects = found.objects
    assert objects.n_objects == 1
    points = list(zip(objects.point_x.tolist(), objects.point_y.tolist(), objects.point_value, strict=True))
    expected = np.array(naive.grouped_maxima(points, False, x, y, 1, 1), F)
    assert len(expected) > 100
    for got, wanted in zip((objects.feature_x, objects.feature_y, objects.feature_value), expected.T, strict=True):
        assert_bitwise(got, np.ascontiguousarray(wanted))


def crowd(rng: np.random.Generator, n: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions in clusters (some at the poles and across the seam), some of them equal, some odd."""
    k = max(n // 12, 1)
    lon, lat = rng.choice([0.0, 360.0, 77.0, 180.0], k), rng.choice([-90.0, -45.0, 0.3, 60.0, 89.9], k)
    of = rng.integers(0, k, n)
    x, y = (lon[of] + rng.normal(0, spread, n)).astype(F), (lat[of] + rng.normal(0, spread, n)).astype(F)
    again = rng.integers(0, n, n // 5)
    x[again], y[again] = x[again - 1], y[again - 1]
    for a in (x, y):
        odd = rng.random(n) < 0.02
        a[odd] = rng.choice(np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 95.0, -95.0, 720.0], F), odd.sum())
    return x, y


@pytest.mark.parametrize("geodesic", [False, True])
@pytest.mark.parametrize("radius", [0.0, 1e-7, 0.002, 0.05, 1.0, 4.0, np.inf, np.nan, -1.0])
def test_separation_of_many_features(geodesic: bool, radius: float) -> None:
    rng = np.random.default_rng(5)
    marked = 0
    for sizes in ([0, 200, 1, 2, 33], [32, 150, 0], [400]):
        n = sum(sizes)
        x, y = crowd(rng, n, 2.0)
        value = np.round(rng.gamma(2, 2, n) * rng.choice([1.0, 4.0])).astype(F)  # with equal ones
        odd = rng.random(n) < 0.1
        value[odd] = rng.choice(np.array([DUFF, np.nan, -5.0, 0.0, np.inf], F), odd.sum())
        start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        expected = naive.suppressed(start, x, y, value, F(radius), geodesic)
        got = value.copy()
        work = np.empty(n, np.int64), CubeTable.of(n, max(sizes))
        suppress_close(Positions(start, x, y, got), F(radius), geodesic, *work)
        assert_bitwise(got, expected, "strength")
        marked += np.count_nonzero(got == DUFF) - np.count_nonzero(value == DUFF)
    assert (marked > 20) == (radius > 0.0)


@pytest.mark.parametrize("geodesic", [False, True])
def test_duplicates_among_many_features(geodesic: bool) -> None:
    """On a constant surface, where features stay: pairs nearer than 1e-4 and a little farther, beyond the poles too."""
    rng = np.random.default_rng(9)
    axis = np.linspace(-1e4, 1e4, 12)
    surface = RectangleFit(axis, axis).fit(np.ones((12, 12)))
    prepared, low = FeatureConstraints.of(LIMITS, 0), np.full(4, -1e4)
    marked = 0
    for spread in (1e-4, 0.01, 3.0, 40.0):
        x, y = crowd(rng, 330, spread)
        start, value = np.array([0, 150, 182, 330]), np.ones(330, F)
        expected = naive.optimised(surface, x, y, value, start, LIMITS, low, 0, None, False, geodesic)
        found = x.copy(), y.copy(), value.copy()
        optimise_features(
            surface, found[:2], found[2], start, prepared, prepared.sides(low), is_spherical=False, is_geodesic=geodesic
        )
        for got, wanted, name in zip(found, expected, ("x", "y", "value"), strict=True):
            assert_bitwise(got, wanted, name)
        marked += np.count_nonzero(found[2] == DUFF)
    assert marked > 100
