"""Labelling in the original's order against the executable definition (keys and breadth-first search)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.detection.domain import Domain
from stormtrack.detection.labelling import Labeller
from stormtrack.detection.maxima import MaximaFinder
from stormtrack.detection.maxima_kernels import Framed, box_maxima, clear_points, listed_maxima, place_points
from stormtrack.detection.objects import Points
from stormtrack.errors import GridError
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.naive import detect_core as naive

F = np.float32


def domain_of(shape: tuple[int, int], region: tuple[int, int, int, int] | None = None) -> Domain:
    iy, ix = shape
    x = np.linspace(0, 350, ix).astype(F) if ix > 1 else np.zeros(1, F)
    y = np.linspace(-80, 83, iy).astype(F) if iy > 1 else np.zeros(1, F)
    x1, x2, y1, y2 = region or (1, ix, 1, iy)
    return Domain(xgrid=x, ygrid=y, x1=x1, x2=x2, y1=y1, y2=y2, input_xgrid=x, input_ygrid=y)


def check(field: np.ndarray, threshold: float, connectivity: int, smallest: int, domain: Domain) -> None:
    labeller = Labeller(domain, connectivity)
    found = labeller.label(field, F(threshold), None, smallest)
    region = field[domain.y1 - 1 : domain.y2, domain.x1 - 1 : domain.x2]
    objects = [o for o in naive.components(region >= F(threshold), connectivity == 8) if len(o) > smallest]
    assert found.n_objects == len(objects)
    assert np.diff(found.point_start).tolist() == [len(o) for o in objects]
    flat = [p for o in objects for p in o]
    assert found.point_x.tolist() == [x + 1 for x, _ in flat]
    assert found.point_y.tolist() == [y + 1 for _, y in flat]
    assert_bitwise(found.point_value, np.array([region[y, x] for x, y in flat], F), "values")
    again = labeller.label(field, F(threshold), None, smallest)
    assert_bitwise(again.point_x, found.point_x, "second call")
    check_maxima(found, objects, region, domain)


def check_maxima(found, objects, region: np.ndarray, domain: Domain) -> None:
    finder = MaximaFinder(domain)
    for excludes_edge in (False, True):
        lists = [[(x + 1, y + 1, region[y, x]) for x, y in o] for o in objects]
        single = [p for q in lists for p in naive.maxima(q, excludes_edge)]
        out = finder.find(found, grouped=False, keep_extent=False, excludes_edge=excludes_edge)
        assert [(int(x), int(y)) for x, y in zip(out.feature_x, out.feature_y, strict=True)] == single
        groups = [
            naive.grouped_maxima(q, excludes_edge, domain.xgrid, domain.ygrid, domain.x1, domain.y1) for q in lists
        ]
        out = finder.find(found, grouped=True, keep_extent=False, excludes_edge=excludes_edge)
        assert np.diff(out.feature_start).tolist() == [len(g) for g in groups]
        rows = np.array([p for g in groups for p in g], F).reshape(-1, 3)
        assert_bitwise(np.stack((out.feature_x, out.feature_y, out.feature_value), axis=1), rows, "groups")


SHAPES = st.tuples(st.integers(1, 19), st.integers(1, 23))


@settings(max_examples=150, deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1), levels=st.integers(1, 6), connectivity=st.sampled_from([4, 8]))
def test_random_fields(shape: tuple[int, int], seed: int, levels: int, connectivity: int) -> None:
    """Few distinct values make plateaus, blocks and holes."""
    rng = np.random.default_rng(seed)
    field = rng.integers(0, levels + 1, shape).astype(F)
    field[rng.random(shape) < 0.05] = np.nan
    check(field, float(rng.integers(0, levels + 1)), connectivity, int(rng.integers(-1, 4)), domain_of(shape))


NASTY = {
    "all true": np.full((13, 21), 2, F),
    "all true, power of two": np.full((16, 16), 2, F),
    "all false": np.zeros((9, 14), F),
    "checkerboard": np.indices((11, 17)).sum(axis=0).astype(F) % 2 * 2,
    "one row": np.array([[0, 2, 2, 0, 2, 3, 2, 2, 2, 0, 2]], F),
    "one column": np.array([[0, 2, 2, 0, 2, 3, 2, 2, 2, 0, 2]], F).T,
    "one cell": np.full((1, 1), 2, F),
    "nan": np.full((6, 7), np.nan, F),
    "nan and infinity": np.where(np.eye(9, 12) > 0, F(np.nan), F(np.inf)).astype(F),
    "spiral": np.zeros((1, 1), F),
    "long": np.tile(np.array([0, 2, 2, 2, 0, 2], F), (3, 50)),
    "descending ramp": np.arange(300, 0, -1).astype(F).reshape(12, 25),
}
_spiral = np.zeros((17, 17), F)
for _k in range(0, 8, 2):
    _spiral[_k, _k : -_k or None] = _spiral[-_k - 1, _k : -_k or None] = 2
    _spiral[_k : -_k or None, _k] = _spiral[_k : -_k or None, -_k - 1] = 2
    _spiral[_k + 1, _k] = 0
NASTY["spiral"] = _spiral


@pytest.mark.parametrize("connectivity", [4, 8])
@pytest.mark.parametrize("name", NASTY)
def test_nasty_fields(name: str, connectivity: int) -> None:
    field = NASTY[name]
    for smallest in (-1, 0, 2):
        check(field, 1.0, connectivity, smallest, domain_of(field.shape))


@pytest.mark.parametrize("connectivity", [4, 8])
def test_sub_regions(connectivity: int) -> None:
    rng = np.random.default_rng(5)
    field = rng.integers(0, 4, (40, 60)).astype(F)
    for region in ((1, 60, 7, 7), (5, 5, 1, 40), (3, 58, 2, 33), (20, 51, 9, 40)):
        check(field, 2.0, connectivity, 1, domain_of(field.shape, region))


def test_time_average_raises_the_threshold_only() -> None:
    rng = np.random.default_rng(6)
    field = rng.standard_normal((20, 30)).astype(F)
    average = rng.standard_normal((20, 30)).astype(F)
    average[rng.random((20, 30)) < 0.1] = np.nan
    limit = np.where(average >= F(0.2), average, F(0.2))
    found = Labeller(domain_of(field.shape), 8).label(field, F(0.2), average, 0)
    expected = [p for o in naive.components(field >= limit, True) for p in o]
    assert list(zip((found.point_x - 1).tolist(), (found.point_y - 1).tolist(), strict=True)) == expected


def test_region_outside_the_grid_is_refused() -> None:
    with pytest.raises(GridError, match=r"x 1\.\.61.*60 x 40"):
        domain_of((40, 60), (1, 61, 1, 40))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), levels=st.integers(1, 5), connectivity=st.sampled_from([4, 8]))
def test_thin_objects_in_large_boxes(seed: int, levels: int, connectivity: int) -> None:
    """Diagonals and rings: so few points in their boxes that the maxima are looked up point by point."""
    rng = np.random.default_rng(seed)
    values = rng.integers(1, levels + 1, (74, 90)).astype(F)
    shown = np.zeros(values.shape, bool)
    for k in range(0, 30, 6):
        shown[k : 74 - k, [k, -k - 1]] = shown[[k, -k - 1], k : 90 - k] = True
    rows = np.arange(30, 44)
    shown[rows, rows] = shown[rows, 70 - rows] = True
    check(np.where(shown, values, F(0)), 1.0, connectivity, 0, domain_of(values.shape))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 60), excludes_edge=st.booleans())
def test_maxima_from_points_are_those_of_the_box(seed: int, n: int, excludes_edge: bool) -> None:
    """Cells may occur twice; then their last value holds."""
    rng = np.random.default_rng(seed)
    x, y = rng.integers(1, 9, n).astype(np.int32), rng.integers(1, 7, n).astype(np.int32)
    value = rng.choice(np.array([0, 1, 2, 2.5, np.inf, np.nan], F), n)
    stride, height, origin = 10, 8, 0
    box = np.zeros(stride * height, F)
    points, frame = Points(np.array([0, n]), x, y, value), Framed(box, origin, stride, height, 1, 1)
    jitted(place_points)(points, 0, n, frame)
    of_box, of_points = np.zeros(stride * height, np.int32), np.zeros(n, np.int32)
    found = jitted(box_maxima)(frame, excludes_edge, of_box)
    assert jitted(listed_maxima)(points, 0, n, frame, excludes_edge, of_points) == found
    assert of_points[:found].tolist() == of_box[:found].tolist()
    jitted(clear_points)(points, 0, n, frame)
    assert not box.any()
