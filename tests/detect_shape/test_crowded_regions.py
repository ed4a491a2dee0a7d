"""Regions and outlines of large objects: nearest points, nearest nodes, cells and points within outlines."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection import area, polygon, region, shape_kernels, smoothing_kernels
from stormtrack.detection.domain import Axes
from stormtrack.detection.objects import Points
from stormtrack.detection.outline import Box
from stormtrack.detection.region import MARKED, NodeAxes, ObjectCells
from stormtrack.detection.shape_kernels import ShapeFeatures, ShapeWork
from stormtrack.detection.smoothing_kernels import Polygon, Smoothing, SmoothingWork, points_flags
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.naive import detect_shape as naive

F = np.float32
ODD = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 0.0], F)
nearest_cell, list_first_points = jitted(region.nearest_cell), jitted(region.list_first_points)
place_object, nearest_index = jitted(region.place_object), jitted(area.nearest_index)
list_removed, list_belt = jitted(shape_kernels.list_removed), jitted(shape_kernels.list_belt)
take_nearer_places = jitted(shape_kernels.take_nearer_places)
list_strong_cells = jitted(shape_kernels.list_strong_cells)
points_within = jitted(smoothing_kernels.points_within)
is_beyond, edges_near_row = jitted(polygon.is_beyond), jitted(polygon.edges_near_row)
sure_winding, widest = jitted(polygon.sure_winding), jitted(polygon.widest)
NO_SMOOTHING = Smoothing(wanted=False, fixed=0, extra=0, modes=0, fill=False, expand=0)


def test_nearest_point_is_the_first_of_the_list() -> None:
    """Random lists with points that occur twice; places on nodes, halfway between them, anywhere, nowhere."""
    rng = np.random.default_rng(1)
    ties = 0
    for _ in range(300):
        columns, rows = (np.cumsum(rng.choice([0.5, 1.0, 1.0, 2.0], 40)).astype(F) for _ in range(2))
        n = int(rng.integers(1, 60))
        x, y = rng.integers(5, 5 + rng.integers(1, 25), n).astype(np.int32), rng.integers(-3, 12, n).astype(np.int32)
        box = Box(int(x.min()), int(y.min()), int(np.ptp(x)) + 3, int(np.ptp(y)) + 3)
        values, state = np.empty(box.width * box.height, F), np.empty(box.width * box.height, np.uint8)
        cells = ObjectCells(state, np.empty(box.width * box.height, np.int32))
        points = Points(np.array([0, n]), x, y, np.ones(n, F))
        place_object(points, 0, n, box, values, state)
        list_first_points(points, 0, n, box, cells.first_point)
        axes = NodeAxes(columns, rows, 2, 10)
        for _ in range(8):
            k, other = rng.integers(0, n, 2)
            px = F((columns[x[k] + 2] + columns[x[other] + 2]) / 2)
            py = F((rows[y[k] + 10] + rows[y[other] + 10]) / 2)
            px, py = (rng.choice(ODD) if rng.random() < 0.1 else v for v in (px, py))
            if rng.random() < 0.2:
                px = F(px + rng.normal())
            with np.errstate(all="ignore"):
                dx, dy = px - columns[x + 2], py - rows[y + 10]
                distance = dx * dx + dy * dy
            finite = np.where(distance < np.inf, distance, np.inf)
            first = int(np.argmin(finite)) if (finite < np.inf).any() else 0
            ties += np.count_nonzero(finite == finite[first]) > 1
            expected = (y[first] - box.ymin + 1) * box.width + x[first] - box.xmin + 1
            assert nearest_cell(px, py, points, 0, axes, box, cells) == expected
    assert ties > 300


def test_nearest_node_is_the_first_of_equals() -> None:
    rng = np.random.default_rng(2)
    for _ in range(400):
        grid = np.cumsum(rng.choice([0.25, 0.5, 3.0], int(rng.integers(1, 40)))).astype(F)
        if rng.random() < 0.3:
            grid = grid[::-1].copy()
        middle = F((rng.choice(grid) + rng.choice(grid)) / 2)
        for value in (middle, F(rng.normal(5, 20)), F(1e9), F(-1e9), F(3e38), *((F(np.inf),) if len(grid) else ())):
            assert nearest_index(grid, value) == int(np.argmin(np.abs(value - grid)))
        rising = np.sort(grid)
        assert nearest_index(rising, F(np.nan)) == 0


def test_cells_of_a_region_in_rows() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        box = Box(4, -2, int(rng.integers(3, 20)), int(rng.integers(3, 20)))
        cells = box.width * box.height
        work = ShapeWork.of(cells, cells, NO_SMOOTHING)
        work.values[:] = rng.random(cells)
        inner = [j * box.width + i for j in range(1, box.height - 1) for i in range(1, box.width - 1)]
        marked = rng.permutation(inner)[: int(rng.integers(1, len(inner) + 1))]
        work.state[:] = 1
        work.state[marked] = MARKED
        work.region[: len(marked)] = marked
        n = list_strong_cells(len(marked), box, F(0.4), work)
        expected = [int(c) for c in np.sort(marked) if work.values[c] >= F(0.4)]
        found = [
            (int(y) - box.ymin + 1) * box.width + int(x) - box.xmin + 1
            for x, y in zip(work.region_x[:n], work.region_y[:n], strict=True)
        ]
        assert found == expected


@pytest.mark.parametrize("far", [0.5, 8.0, 300.0])
def test_places_of_many_struck_out_features(far: float) -> None:
    """Places and strengths go from feature to feature as if all that are struck out were looked at in turn."""
    rng = np.random.default_rng(8)
    taken = 0
    for _ in range(20):
        n = int(rng.integers(40, 160))
        x, y, old_x, old_y = (np.round(rng.uniform(0, 40, n) * 4).astype(F) / F(4) for _ in range(4))
        near = rng.random(n) < 0.7
        old_x[near], old_y[near] = (x + rng.normal(0, far, n))[near], (y + rng.normal(0, far, n))[near]
        value = np.where(rng.random(n) < 0.6, -1e12, 1.0).astype(F)
        x[::17] = rng.choice(ODD, len(x[::17]))
        made = [
            ShapeFeatures(
                start=np.array([0, n]), order=np.arange(n), x=x, y=y, value=value, old_x=old_x.copy(),
                old_y=old_y.copy(), lon=old_x.copy(), lat=old_y.copy(), grid_x=old_x.copy(), grid_y=old_y.copy(),
                grid_value=np.arange(n).astype(F),
            )
            for _ in range(2)
        ]  # fmt: skip
        work = ShapeWork.of(4, n, NO_SMOOTHING)
        n_removed = list_removed(0, n, made[0], work.removed)
        everyone = np.flatnonzero(value < 0)
        assert work.removed[0][:n_removed].tolist() == everyone.tolist()
        for f in np.flatnonzero(value > 0):
            m = list_belt(f, n_removed, made[0], work)
            take_nearer_places(f, work.removed[0][:n_removed] if m < 0 else work.belt[:m], made[0])
            take_nearer_places(f, everyone, made[1])
        for got, wanted in zip(made[0], made[1], strict=True):
            assert_bitwise(got, wanted)
        taken += np.count_nonzero(made[0].old_x != old_x)
    assert taken > 50


def _noisy_polygon(rng: np.random.Generator, n: int) -> Polygon:
    angle = np.sort(rng.uniform(0, 2 * np.pi, n))
    radius = rng.uniform(2, 20, n)
    x, y = (25 + radius * np.cos(angle)).astype(F), (10 + radius * np.sin(angle)).astype(F)
    return Polygon(np.append(x, x[0]), np.append(y, y[0]))


@pytest.mark.parametrize("periodic", [False, True])
def test_points_that_an_outline_leaves(periodic: bool) -> None:
    """In the order of the list, points beyond the grid included."""
    rng = np.random.default_rng(4)
    axes = Axes(np.linspace(0, 360, 73).astype(F) / F(5), np.arange(-10, 31, dtype=F), 3, 2, periodic)
    for _ in range(30):
        poly = _noisy_polygon(rng, int(rng.integers(3, 40)))
        cells = rng.permutation(np.array([(x, y) for x in range(-2 if periodic else 0, 45) for y in range(1, 40)]))[
            :300
        ]
        x, y = cells[:, 0].astype(np.int32), cells[:, 1].astype(np.int32)
        work = SmoothingWork.of((int(np.ptp(x)) + 3) * (int(np.ptp(y)) + 3), 300, NO_SMOOTHING)
        n = points_within(x, y, 0, 300, poly, axes, work)
        expected = []
        for p in range(300):
            column = int(x[p]) + axes.x1 - 2
            px = axes.x[column % 72] + F(360 * (column // 72)) if periodic else axes.x[column]
            expected += [p] if naive.inside(poly.x, poly.y, F(px), axes.y[y[p] + axes.y1 - 2]) else []
        assert work.kept[:n].tolist() == expected


def test_points_in_any_order_are_judged_as_alone() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        poly = _noisy_polygon(rng, int(rng.integers(3, 30)))
        x, y = rng.uniform(0, 50, 60).astype(F), np.round(rng.uniform(-10, 30, 60)).astype(F)
        x[::11], y[::13] = rng.choice(ODD, 6), rng.choice(ODD, 5)
        chosen = rng.permutation(60)[:40]
        chosen = chosen[np.argsort(y[chosen], kind="stable")] if rng.random() < 0.7 else chosen
        out = np.empty(40, np.bool_)
        points_flags(x, y, chosen, poly, np.empty(len(poly.x), np.int32), out)
        with np.errstate(all="ignore"):
            assert out.tolist() == [naive.inside(poly.x, poly.y, x[p], y[p]) for p in chosen]


def test_beyond_means_that_no_edge_is_near() -> None:
    rng = np.random.default_rng(6)
    seen = 0
    for _ in range(500):
        poly = _noisy_polygon(rng, int(rng.integers(3, 30)))
        y = F(rng.choice(poly.y) + rng.choice([0.0, 1e-3, 0.02, -0.02, 60.0, -60.0]))
        width = widest(poly.x, len(poly.x), F(0), F(rng.choice([50.0, 1e5, 1e7])))
        near = edges_near_row(poly.y, len(poly.y), y, width, np.empty(len(poly.y), np.int32))
        assert is_beyond(poly.y.min(), poly.y.max(), y, width) == (near == 0)
        seen += near == 0
    assert 50 < seen < 450


def test_outline_of_very_many_edges_is_still_judged_by_its_winding() -> None:
    """150 000 edges: the sum of their angles, rounded every time, says the same."""
    rng = np.random.default_rng(7)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 150_000))
    radius = 15 + 0.5 * np.sin(40 * angle) + rng.normal(0, 0.02, len(angle))
    x, y = (25 + radius * np.cos(angle)).astype(F), (10 + radius * np.sin(angle)).astype(F)
    poly = Polygon(np.append(x, x[0]), np.append(y, y[0]))
    edges = np.empty(len(poly.x), np.int32)
    inside = []
    for px, py in zip(rng.uniform(5, 45, 20).astype(F), rng.uniform(-10, 30, 20).astype(F), strict=True):
        if abs(np.hypot(px - 25, py - 10) - 15) < 1:
            continue
        near = edges_near_row(poly.y, len(poly.x), py, widest(poly.x, len(poly.x), px, px), edges)
        winding = sure_winding(poly.x, poly.y, len(poly.x), px, py, edges, near)
        total = jitted(polygon.angle_sum)(poly.x, poly.y, len(poly.x), px, py)
        assert winding != polygon.UNSURE
        assert (winding != 0) == (abs(float(total)) > np.pi)
        inside.append(winding != 0)
    assert 3 < sum(inside) < len(inside) - 3
