"""Kernels of boundaries, regions, areas and the distance transform against their literal twins on random objects."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection import area, distance_kernels, distance_passes, fourier, outline, region
from stormtrack.detection.area import AreaGrid, Cells, PieceWork
from stormtrack.detection.distance_kernels import MarginBox, TransformRule, TransformWork
from stormtrack.detection.domain import Axes
from stormtrack.detection.fourier import Spectra
from stormtrack.detection.objects import Points, Positions
from stormtrack.detection.outline import Box
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.naive import detect_core
from tests.naive import detect_shape as naive

F = np.float32
polygon_area, keep_maxima = jitted(area.polygon_area), jitted(distance_passes.keep_maxima)
fill_transform, group_features = map(jitted, (distance_kernels.fill_transform, distance_kernels.group_features))
smooth_closed, transform = map(jitted, (fourier.smooth_closed, fourier.transform))
fill_box, trace = map(jitted, (outline.fill_box, outline.trace))
grow, place_object = map(jitted, (region.grow, region.place_object))


def _object(rng: np.random.Generator, *, eight: bool, size: int = 14) -> np.ndarray:
    """Largest component of a random mask as int32 rows (x, y)."""
    noise = rng.standard_normal((size, size + 3))
    mask = noise + np.roll(noise, 1, 0) + np.roll(noise, 1, 1) > rng.choice([-1.0, 0.0, 0.8])
    parts = detect_core.components(mask, eight)
    cells = max(parts, key=len) if parts else [(0, 0)]
    return np.array(cells, np.int32).reshape(-1, 2) + rng.integers(-3, 20, 2).astype(np.int32)


@pytest.mark.parametrize("eight", [False, True])
def test_outline(eight: bool) -> None:
    rng = np.random.default_rng(11)
    for _ in range(80):
        cells = _object(rng, eight=eight)
        x, y = cells[:, 0].copy(), cells[:, 1].copy()
        if len(x) < 2:
            continue
        width, height = int(np.ptp(x)) + 3, int(np.ptp(y)) + 3
        cells_of_box, path = np.empty(width * height, np.uint8), np.empty(8 * len(x) + 2, np.int32)
        begin = fill_box(x, y, 0, len(x), Box(int(x.min()), int(y.min()), width, height), cells_of_box)
        n = trace(cells_of_box, np.uint8(1), width, begin, 8 * len(x), path)
        walked = [(int(c % width + x.min() - 1), int(c // width + y.min() - 1)) for c in path[:n]]
        assert walked == naive.outline([(int(a), int(b)) for a, b in cells])


def test_region_order() -> None:
    rng = np.random.default_rng(12)
    for _ in range(60):
        cells = _object(rng, eight=True)
        value = np.round(rng.uniform(1, 4, len(cells)), 1).astype(F)
        x, y = cells[:, 0].copy(), cells[:, 1].copy()
        width, height = int(np.ptp(x)) + 3, int(np.ptp(y)) + 3
        values, state = np.empty(width * height, F), np.empty(width * height, np.uint8)
        points = Points(np.array([0, len(x)]), x, y, value)
        place_object(points, 0, len(x), Box(int(x.min()), int(y.min()), width, height), values, state)
        start, lowest = int(np.argmax(value)), F(rng.choice([0.0, 1.5, 2.5]))
        stack, marked = np.empty(8 * len(x) + 9, np.int32), np.empty(len(x), np.int32)
        cell = (y[start] - y.min() + 1) * width + x[start] - x.min() + 1
        n = grow(cell, width, values, state, lowest, stack, marked)
        found = [(int(c % width + x.min() - 1), int(c // width + y.min() - 1)) for c in marked[:n]]
        by_cell = {(int(a), int(b)): v for (a, b), v in zip(cells, value, strict=True)}
        assert found == naive.grow(by_cell, (int(x[start]), int(y[start])), lowest)


@pytest.mark.parametrize("n", [2, 8, 64])
def test_transform_equals_recursion(n: int) -> None:
    rng = np.random.default_rng(n)
    a = rng.standard_normal(n) + 1j * rng.standard_normal(n)
    re, im = np.empty(n), np.empty(n)
    for inverse, sign in ((False, 1), (True, -1)):
        transform(a.real.copy(), a.imag.copy(), re, im, inverse)
        expected = naive.fourier(a, sign)
        assert_bitwise(re, expected.real.copy(), "real part")
        assert_bitwise(im, expected.imag.copy(), "imaginary part")


def test_smoothed_outline() -> None:
    rng = np.random.default_rng(13)
    for _ in range(30):
        walk = np.array(naive.outline([(int(a), int(b)) for a, b in _object(rng, eight=True)] + [(90, 90), (90, 91)]))
        x, y = (walk[:, 0] * 2.8125).astype(F), (walk[:, 1] * 2.79 - 20).astype(F)
        count, modes = int(rng.choice([64, 128])), int(rng.integers(1, 8))
        out = np.empty(count + 1, F), np.empty(count + 1, F)
        smooth_closed(x, y, len(x), modes, Spectra.of(count), *out)
        for got, expected in zip(out, naive.smooth(x, y, count, modes), strict=True):
            assert_bitwise(got, expected, "smoothed boundary")


def test_area_with_the_date_line() -> None:
    """Outlines of random objects, turned so that some cross the date line."""
    rng = np.random.default_rng(14)
    gx, gy = np.linspace(0, 360, 65).astype(F), np.linspace(-85, 85, 31).astype(F)
    weight = rng.uniform(0.01, 1, (31, 65)).astype(F)
    ones = (np.ones(65, F), np.ones(31, F), np.ones(31, F))
    cells_of_area = Cells(AreaGrid(gx, gy, *ones, False), weight, True)
    crossed = 0
    for _ in range(50):
        cells = _object(rng, eight=True)
        if len(cells) < 2:
            continue
        walk = np.array(naive.outline([(int(a), int(b)) for a, b in cells]))
        px = ((walk[:, 0] * 5.625 + rng.integers(64) * 5.625) % 360).astype(F)
        py = (walk[:, 1] * 5.0 - 60).astype(F)
        n = len(px)
        work = PieceWork(np.empty(n + 3, F), np.empty(n + 3, F), np.empty(n + 3, np.int32))
        got = polygon_area(px, py, n, cells_of_area, work)
        assert_bitwise(F(got), naive.polygon_area(px, py, gx, gy, weight), "area")
        crossed += bool((np.abs(np.diff(px)) > 180).any())
    assert crossed > 5


@pytest.mark.parametrize("diagonal", [False, True])
@pytest.mark.parametrize(("expansion", "threshold"), [(0, 0), (2, 1), (3, 3)])
def test_distance_transform_and_its_maxima(diagonal: bool, expansion: int, threshold: int) -> None:
    rng = np.random.default_rng(expansion)
    for _ in range(25):
        cells = _object(rng, eight=diagonal, size=20)
        x, y = cells[:, 0].copy(), cells[:, 1].copy()
        a, (left, bottom) = naive.transform([(int(p), int(q)) for p, q in cells], expansion, threshold, diagonal)
        height, width = a.shape
        work = TransformWork.of(a.size)
        value = rng.uniform(1, 2, len(x)).astype(F)
        rule = TransformRule(diagonal, expansion, 0, expansion > 0, threshold, True, True)
        box = MarginBox(left, bottom, width, height)
        fill_transform(Points(np.array([0, len(x)]), x, y, value), 0, len(x), box, rule, work)
        assert_bitwise(work.a.reshape(a.shape), a.astype(np.int32), "transform")
        keep_maxima(work.a, work.kept, width, height, work.walks)
        kept = naive.surviving_maxima(a)
        assert_bitwise(work.kept.reshape(a.shape), kept.astype(np.int32), "maxima")
        xgrid, ygrid = np.linspace(0, 100, 80).astype(F), np.linspace(-40, 40, 80).astype(F)
        out = [np.empty(a.size, F) for _ in range(3)]
        features = Positions(np.zeros(2, np.int64), *out)
        n = group_features(box, Axes(xgrid, ygrid, 10, 10, False), rule, 0, features, work)
        groups = naive.groups(kept)
        assert n == len(groups)
        for k, group in enumerate(groups):
            sx = sy = F(0)
            for i, j in group:
                sx, sy = F(sx + xgrid[i + left + 8]), F(sy + ygrid[j + bottom + 8])
            first = F(kept[group[0][1], group[0][0]]) * F(0.5 if diagonal else 1)
            assert_bitwise(
                np.array([v[k] for v in out]), np.array([sx / F(len(group)), sy / F(len(group)), first]), "point"
            )
