"""Feature points moved to the maxima of a surface in one call: equal to the plain formulas one after the other."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection.constraints import Constraints
from stormtrack.detection.point_filters import DUFF
from stormtrack.detection.surface_kernels import surface_arguments
from stormtrack.errors import FitError
from stormtrack.splines import FeatureConstraints, RectangleFit, SphereFit, Surface, optimise_features
from stormtrack.testing import assert_bitwise
from tests.naive import detect_core as naive

F = np.float32
ODD = np.array([0.0, -0.0, 90.0, -90.0, 90.1, -95.0, 360.0, 1e30, -1e30, np.nan, np.inf, -np.inf, 1e-45], F)
LIMITS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])


def positions(n: int, seed: int, odd_part: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ordinary positions and strengths, and some that only a failed fit gives."""
    rng = np.random.default_rng(seed)
    x, y, value = (rng.uniform(low, high, n).astype(F) for low, high in ((0, 360), (-80, 80), (0, 1e3)))
    for a in (x, y, value):
        odd = rng.random(n) < odd_part
        a[odd] = rng.choice(ODD, np.count_nonzero(odd))
    return x, y, value


def surface_of(kind: str, spherical: bool) -> Surface:
    """A surface on 33 x 17 points; `huge` ones have maxima beyond float32, `flat` ones none at all."""
    rng = np.random.default_rng(3)
    x, y = np.linspace(0, 360, 33), np.linspace(-80, 80, 17)
    field = np.cumsum(np.cumsum(rng.normal(size=(17, 33)), axis=0), axis=1)
    field = {"plain": field, "huge": field * 1e38, "flat": field * 0.0, "missing": np.where(field > 40, np.nan, field)}[
        kind
    ]
    if spherical:
        return SphereFit.from_degrees(x.astype(F), y.astype(F), pole_continuity=True).fit(field)
    return RectangleFit(x, y).fit(field)


@pytest.mark.parametrize("spherical", [False, True])
@pytest.mark.parametrize("n", [0, 1, 400])
def test_arguments(n: int, spherical: bool) -> None:
    x, y, _ = positions(n, n)
    at = np.empty((n, 2))
    surface_arguments(x, y, spherical, at)
    assert_bitwise(at, naive.surface_variables(x, y, spherical), "variables")


@pytest.mark.parametrize("n", [1, 2, 60])
@pytest.mark.parametrize("spherical", [False, True])
# sides of their own come without a seam; beyond them a search from its other end may run for ever
@pytest.mark.parametrize(("sides_of", "with_seam"), [("all", False), ("all", True), ("each", False)])
@pytest.mark.parametrize("kind", ["plain", "huge", "flat", "missing"])
def test_features_of_some_objects(kind: str, spherical: bool, with_seam: bool, sides_of: str, n: int) -> None:
    """Objects of 0 to 6 features, some on the same maximum; the features around those concerned stay."""
    if kind == "missing":  # a search that meets missing values may run for ever
        n = min(n, 2)
    rng = np.random.default_rng(n)
    surface = surface_of(kind, spherical)
    s = surface.limits
    low = np.array([s[0], s[2], -s[1], -s[3]])
    x, y, value = positions(n + 5, n, 0.05)
    same = rng.random(n + 5) < 0.3
    x[1:][same[1:]], y[1:][same[1:]] = x[:-1][same[1:]], y[:-1][same[1:]]
    on_edge = rng.random(n + 5) < 0.2
    x[on_edge] = rng.choice(np.array([0, 360], F), np.count_nonzero(on_edge))
    cuts = np.sort(rng.integers(3, n + 4, max(n // 3, 1)))
    start = np.concatenate([[3], cuts, [n + 3]]).astype(np.int64)
    sides = low
    if sides_of == "each":  # a box round each feature, clipped to the domain
        x, y, value = positions(n + 5, n, 0.0)
        at = naive.surface_variables(x[3 : n + 3], y[3 : n + 3], spherical)
        sides = np.maximum(np.concatenate([at, -at], axis=1) - (0.2 if spherical else 12.0), low)
    seam = (float(s[2 * spherical]), float(s[2 * spherical + 1])) if with_seam else None
    prepared = FeatureConstraints.of(LIMITS, 0)
    for geodesic in (False, True):
        expected = naive.optimised(surface, x, y, value, start, LIMITS, sides, 0, seam, spherical, geodesic)
        found = x.copy(), y.copy(), value.copy()
        optimise_features(
            surface, found[:2], found[2], start, prepared, prepared.sides(sides), seam,
            is_spherical=spherical, is_geodesic=geodesic,
        )  # fmt: skip
        for got, wanted, name in zip(found, expected, ("x", "y", "value"), strict=True):
            assert_bitwise(got, wanted, name)


def test_distances_at_the_limit() -> None:
    """Features that stay (constant surface) at distances around 1e-4: marked exactly where the kernels say so."""
    rng = np.random.default_rng(8)
    surface = surface_of("flat", False)
    prepared = FeatureConstraints.of(LIMITS, 0)
    low = np.array([0.0, -80.0, -360.0, -80.0])
    marked = 0
    for geodesic, step in ((True, np.degrees(1e-4)), (False, 1e-4)):
        for _ in range(50):
            x = (rng.uniform(1, 2) + rng.uniform(0, 3 * step, 40)).astype(F)
            y = (rng.choice([-1, 1]) * rng.uniform(60, 75) + rng.uniform(0, 3 * step, 40)).astype(F)
            value, start = np.ones(40, F), np.array([0, 1, 20, 40])
            expected = naive.optimised(surface, x, y, value, start, LIMITS, low, 0, None, False, geodesic)
            optimise_features(
                surface, (x, y), value, start, prepared, prepared.sides(low), is_spherical=False, is_geodesic=geodesic
            )
            assert_bitwise(value, expected[2])
            marked += np.count_nonzero(value == DUFF)
    assert 500 < marked < 4000


def test_without_constraints() -> None:
    """On a dome, because elsewhere a search without constraints may run for ever."""
    x_axis, y_axis = np.linspace(0, 360, 33), np.linspace(-80, 80, 17)
    surface = RectangleFit(x_axis, y_axis).fit(-((x_axis - 180) ** 2) / 500 - y_axis[:, None] ** 2 / 100)
    x, y, value = positions(40, 4, 0.0)
    start, prepared, none = np.arange(0, 41, 4), FeatureConstraints.of(np.zeros((0, 2)), 0), np.zeros(0)
    expected = naive.optimised(surface, x, y, value, start, np.zeros((0, 2)), none, 0, None, False, True)
    optimise_features(
        surface, (x, y), value, start, prepared, prepared.sides(none), is_spherical=False, is_geodesic=True
    )
    for got, wanted in zip((x, y, value), expected, strict=True):
        assert_bitwise(got, wanted)
    assert np.count_nonzero(value == DUFF) > 5


def test_dependent_equalities_change_nothing() -> None:
    table = Constraints(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([3.0, 4.0]), np.ones(2), 2)
    prepared = FeatureConstraints.of(table.normals, table.n_equalities)
    x, y, value = positions(6, 1, 0.0)
    before = x.copy(), y.copy(), value.copy()
    with pytest.raises(FitError):
        optimise_features(
            surface_of("plain", False), (x, y), value, np.array([0, 6]), prepared,
            prepared.sides(table.right_hand_sides), is_spherical=False, is_geodesic=True,
        )  # fmt: skip
    for a, b in zip((x, y, value), before, strict=True):
        assert_bitwise(a, b)
