"""Kernels that work on many cells or points at a time against plain versions of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.detection.border import classify
from stormtrack.detection.domain import EdgeState
from stormtrack.detection.labelling import LabelRule, PointRoom, Region, count_points, gather_points, threshold_mask
from stormtrack.detection.maxima_kernels import fill_extents
from stormtrack.detection.objects import Points
from stormtrack.detection.ordering import LabelWork, label_mask
from stormtrack.detection.periodic import Seam, return_points
from stormtrack.detection.point_lists import LinkedPoints, append_slot, link_points, unlink_points
from stormtrack.grid.reorder import Places, Steps, reorder_frame
from stormtrack.testing import assert_bitwise
from tests.jit import jitted
from tests.naive import detect_core, detect_points

F = np.float32
SEEDS = st.integers(0, 2**32 - 1)


def mask_of_runs(rng: np.random.Generator, height: int, width: int, mean_run: float) -> np.ndarray:
    """A mask whose rows are runs of random length, some rows all true or all false."""
    rows = []
    for _ in range(height):
        lengths = rng.geometric(1.0 / mean_run, width + 1)
        rows.append(np.repeat(np.arange(width + 1) % 2 == rng.integers(2), lengths)[:width])
    mask = np.array(rows)
    mask[rng.random(height) < 0.1] = bool(rng.integers(2))
    return mask


def points_of(rng: np.random.Generator, n: int, low: int, high: int) -> list[tuple[int, int, np.float32]]:
    x, y = rng.integers(low, high, n).tolist(), rng.integers(low, high, n).tolist()
    return list(zip(x, y, rng.standard_normal(n).astype(F), strict=True))


def flat(objects: list) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Offsets, x, y and value of lists of points."""
    start = np.concatenate(([0], np.cumsum([len(o) for o in objects]))).astype(np.int64)
    points = [p for o in objects for p in o]
    x, y, value = (np.array([p[c] for p in points], t) for c, t in enumerate((np.int32, np.int32, F)))
    return start, x, y, value


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, height=st.integers(1, 40), width=st.integers(1, 90), eight=st.booleans())
def test_labels_of_wide_masks(seed: int, height: int, width: int, eight: bool) -> None:
    rng = np.random.default_rng(seed)
    mask = mask_of_runs(rng, height, width, float(rng.choice([1.2, 3.0, 20.0])))
    work = LabelWork.of(height, width)
    for a in (work.labels, work.parent, work.number, work.order, work.owner):
        a[:] = rng.integers(-(2**31), 2**31 - 1, len(a))
    work.pyramid[:] = rng.integers(0, 255, len(work.pyramid))
    work.pyramid[: mask.size] = mask.ravel() * 3
    expected = detect_core.components(mask, eight)
    n_true, n_objects = jitted(label_mask)(work, height, width, eight)
    assert (n_true, n_objects) == (mask.sum(), len(expected))
    cells = [[] for _ in range(n_objects)]
    for cell, k in zip(work.order[:n_true].tolist(), work.owner[:n_true].tolist(), strict=True):
        cells[k].append((cell % width, cell // width))
    assert cells == expected


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, smallest=st.integers(-1, 5))
def test_points_of_a_region(seed: int, smallest: int) -> None:
    """Threshold and gathering in a region of the grid, NaN and infinities among the values."""
    rng = np.random.default_rng(seed)
    iy, ix = rng.integers(1, 30), rng.integers(1, 60)
    field = rng.integers(0, 4, (iy, ix)).astype(F)
    field[rng.random(field.shape) < 0.05] = rng.choice([np.nan, np.inf, -np.inf, -0.0])
    (y1, y2), (x1, x2) = np.sort(rng.integers(1, iy + 1, 2)).tolist(), np.sort(rng.integers(1, ix + 1, 2)).tolist()
    height, width = y2 - y1 + 1, x2 - x1 + 1
    region = field[y1 - 1 : y2, x1 - 1 : x2]
    average = rng.integers(0, 4, (iy, ix)).astype(F) if rng.random() < 0.5 else np.zeros((0, 0), F)
    average[rng.random(average.shape) < 0.1] = np.nan
    limit = np.full(region.shape, F(2))
    if average.size:
        limit = np.where(average[y1 - 1 : y2, x1 - 1 : x2] >= F(2), average[y1 - 1 : y2, x1 - 1 : x2], F(2))
    with np.errstate(all="ignore"):
        mask = (region - limit).astype(F) >= F(0)
    work, place = LabelWork.of(height, width), Region(x1, y1, height, width)
    jitted(threshold_mask)(field, place, LabelRule(F(2), average, True, smallest), work.pyramid)
    assert_bitwise(work.pyramid[: mask.size], (mask * np.uint8(3)).ravel().astype(np.uint8), "mask")
    n_true, n_objects = jitted(label_mask)(work, height, width, True)
    start = np.empty(n_objects + 1, np.int64)
    kept = jitted(count_points)(work.owner, n_true, n_objects, smallest, start, work.number)
    x, y, value = np.empty(n_true, np.int32), np.empty(n_true, np.int32), np.empty(n_true, F)
    gather_points(field, place, work, n_true, PointRoom(x, y, value))
    wanted = [o for o in detect_core.components(mask, True) if len(o) > smallest]
    expected = flat([[(cx + 1, cy + 1, region[cy, cx]) for cx, cy in o] for o in wanted])
    total = int(start[kept])
    for got, want in zip((start[: kept + 1], x[:total], y[:total], value[:total]), expected, strict=True):
        assert_bitwise(got, want, "points")


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, sizes=st.lists(st.integers(0, 40), max_size=8))
def test_extents_and_edge_classes(seed: int, sizes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    low, high = int(rng.integers(1, 3)), int(rng.integers(4, 40))
    objects = [points_of(rng, n, low, high) for n in sizes]
    start, x, y, _ = flat(objects)
    extent, classes = np.full((len(sizes), 4), 7, np.int32), np.zeros(len(sizes), np.int8)
    fill_extents(start, x, y, extent)
    assert [tuple(e) for e in extent.tolist()] == [detect_points.limits(o) if o else (7,) * 4 for o in objects]
    for width, height in ((high - 1, high - 1), (high, 9), (4, high)):
        classify(start, x, y, width, height, classes)
        assert [chr(c) for c in classes] == [detect_points.edge_class(o, width, height) for o in objects]


@settings(max_examples=60, deadline=None)
@given(seed=SEEDS, sizes=st.lists(st.integers(0, 30), min_size=1, max_size=6))
def test_lists_with_points_moved_between_them(seed: int, sizes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    start, x, y, value = flat([points_of(rng, n, -9, 99) for n in sizes])
    following = np.empty(len(x) + 1, np.int32)
    head, tail, size = (np.empty(len(sizes), np.int32) for _ in range(3))
    nothing = np.zeros(len(sizes), np.int8), np.zeros(len(sizes), np.int32)
    lists = LinkedPoints(x, y, value, following, head, tail, size, *nothing)
    assert link_points(start, lists) == len(x)
    expected = [
        list(zip(x[a:b].tolist(), y[a:b].tolist(), value[a:b], strict=True)) for a, b in itertools.pairwise(start)
    ]
    for _ in range(4):  # the whole of one list goes to the end of another, some of its points are dropped
        a, b = rng.integers(len(sizes), size=2)
        slot, moving = int(head[a]), expected[a]
        head[a] = tail[a] = -1
        size[a], expected[a] = 0, []
        for point in moving:
            after = int(following[slot])
            if rng.random() < 0.8:
                jitted(append_slot)(b, slot, lists)
                expected[b].append(point)
            slot = after
    assert [detect_points.listed(head, following, x, y, value, k) for k in range(len(sizes))] == expected
    kept = np.flatnonzero(rng.random(len(sizes)) < 0.7)
    wanted = flat([expected[k] for k in kept])
    new = np.empty(len(wanted[1]), np.int32), np.empty(len(wanted[1]), np.int32), np.empty(len(wanted[1]), F)
    unlink_points(kept, len(kept), lists, *new)
    for got, want in zip(new, wanted[1:], strict=True):
        assert_bitwise(got, want, "points")


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS, sizes=st.lists(st.integers(0, 30), max_size=6), x1=st.integers(1, 4), y1=st.integers(1, 4))
def test_return_into_the_domain(seed: int, sizes: list[int], x1: int, y1: int) -> None:
    rng = np.random.default_rng(seed)
    ix, iy = int(rng.integers(2, 12)), 12
    objects = [points_of(rng, n, -ix, 2 * ix) for n in sizes]
    start, x, y, value = flat(objects)
    kinds = [str(c) for c in rng.choice(list("ixyblrn"), len(sizes))]
    mem = rng.integers(0, 60, len(sizes)).astype(np.int32)
    left, right = rng.integers(0, 3, iy).astype(np.int32), rng.integers(0, 3, iy).astype(np.int32)
    new_start = np.empty(len(sizes) + 1, np.int64)
    new = np.empty(2 * len(x), np.int32), np.empty(2 * len(x), np.int32), np.empty(2 * len(x), F)
    classes = np.array([ord(c) for c in kinds], np.int8)
    seam, edges = Seam(ix, x1, y1, iy), EdgeState(left, right)
    return_points(seam, Points(start, x, y, value), classes, mem, edges, Points(new_start, *new))
    wanted = flat(
        [
            detect_points.returned(o, c, m, ix, x1, y1, left.tolist(), right.tolist())
            for o, c, m in zip(objects, kinds, mem.tolist(), strict=True)
        ]
    )
    assert_bitwise(new_start, wanted[0], "offsets")
    for got, want in zip(new, wanted[1:], strict=True):
        assert_bitwise(got[: len(want)], want, "points")


@pytest.mark.parametrize("order", ["shifted", "reversed", "scattered"])
@pytest.mark.parametrize("steps", range(8))
def test_working_frame(order: str, steps: int) -> None:
    """Every choice of steps, on values up to the ends of float32, with NaN."""
    rng = np.random.default_rng(steps)
    raw = (rng.standard_normal((9, 23)) * 10.0 ** rng.integers(-44, 38, (9, 23))).astype(F)
    raw[rng.random(raw.shape) < 0.1] = rng.choice([np.nan, np.inf, -0.0])
    rows, columns = np.arange(9)[::-1].copy(), np.append(np.roll(np.arange(23), 7), 0)
    if order == "reversed":
        columns = columns[::-1].copy()
    elif order == "scattered":
        columns = rng.integers(0, 23, 30)
    n = len(columns)
    wrap = (0, n - 1) if steps & 1 else (-1, -1)
    mean = rng.standard_normal((9, n)).astype(F) if steps & 2 else None
    scale, offset = (F(1e5), F(-0.3)) if steps & 4 else (None, None)
    sign, inverted = F(rng.choice([-1.0, 1.0])), rng.random(9) < 0.5
    out = np.empty((9, n), F)
    steps = Steps(
        *(scale is not None, scale or F(0), mean is not None, np.zeros((1, 1), F) if mean is None else mean),
        *(offset is not None, offset or F(0), sign, inverted),
    )
    reorder_frame(raw, Places(rows, columns, *wrap), steps, out)
    expected = detect_points.prepared(raw, rows, columns, wrap, scale, mean, offset, sign, inverted)
    expected[np.isnan(expected)] = out[np.isnan(out)] = np.nan  # its sign has no meaning
    assert_bitwise(out, expected, "frame")
