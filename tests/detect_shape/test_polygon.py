"""The polygon test against its literal twin, above all where points lie on edges and vertices."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.detection import polygon
from stormtrack.detection.polygon import UNSURE
from tests.jit import jitted
from tests.naive import detect_shape as naive

F = np.float32
edges_near_row, sure_winding, widest = map(jitted, (polygon.edges_near_row, polygon.sure_winding, polygon.widest))
is_inside, is_inside_row = map(jitted, (polygon.is_inside, polygon.is_inside_row))


def _polygon(rng: np.random.Generator, kind: str) -> tuple[np.ndarray, np.ndarray]:
    n = int(rng.integers(1, 30))
    if kind == "integer":
        x, y = rng.integers(-6, 7, n).astype(F), rng.integers(-6, 7, n).astype(F)
    elif kind == "grid":
        x, y = F(2.8125) * rng.integers(0, 129, n).astype(F), F(2.79) * rng.integers(-10, 11, n).astype(F)
    elif kind == "tiny":
        x, y = (F(1e-3) * rng.standard_normal(n).astype(F) for _ in range(2))
    else:
        angle = np.sort(rng.uniform(0, 2 * np.pi, n))
        radius = rng.uniform(0.5, 5, n)
        x, y = (radius * np.cos(angle)).astype(F), (radius * np.sin(angle)).astype(F)
    return np.append(x, x[0]), np.append(y, y[0])


@pytest.mark.parametrize("kind", ["integer", "grid", "tiny", "star"])
def test_equals_the_angle_sum(kind: str) -> None:
    rng = np.random.default_rng(3)
    decided = 0
    for _ in range(150):
        px, py = _polygon(rng, kind)
        edges = np.empty(len(px), np.int32)
        for _ in range(12):
            k = int(rng.integers(len(px)))
            shift = rng.choice([0, 0, 1, -1, 1e-6, 0.3], 2)
            scale = 1e-3 if kind == "tiny" else 1.0
            x, y = F(px[k] + shift[0] * scale), F(py[(k + int(rng.integers(2))) % len(py)] + shift[1] * scale)
            assert is_inside(px, py, len(px), x, y, edges) == naive.inside(px, py, x, y)
            m = edges_near_row(py, len(px), y, widest(px, len(px), x, x), edges)
            decided += sure_winding(px, py, len(px), x, y, edges, m) != UNSURE
    assert decided > 300  # the shortcut is in use


def test_row_of_points_shares_its_edges() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        px, py = _polygon(rng, "star")
        edges = np.empty(len(px), np.int32)
        y = F(rng.uniform(-4, 4))
        m = edges_near_row(py, len(px), y, widest(px, len(px), F(-6), F(6)), edges)
        for x in np.linspace(-6, 6, 25).astype(F):
            assert is_inside_row(px, py, len(px), x, y, edges, m) == naive.inside(px, py, x, y)


def test_spiral_needs_the_sum() -> None:
    """Five turns about the point: the winding number is beyond what the shortcut judges."""
    angle = np.linspace(0, 10 * np.pi, 101)
    px = np.append(np.cos(angle) * (1 + angle), 1.0).astype(F)
    py = np.append(np.sin(angle) * (1 + angle), 0.0).astype(F)
    edges = np.empty(len(px), np.int32)
    m = edges_near_row(py, len(px), F(0), widest(px, len(px), F(0), F(0)), edges)
    assert sure_winding(px, py, len(px), F(0), F(0), edges, m) == UNSURE
    assert is_inside(px, py, len(px), F(0), F(0), edges) == naive.inside(px, py, F(0), F(0)) is True


def test_empty_list_is_never_inside() -> None:
    none = np.zeros(0, F)
    assert not is_inside(none, none, 0, F(0), F(0), np.zeros(0, np.int32))
