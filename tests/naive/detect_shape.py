"""Slow, literal versions of the boundary, region, area and transform kernels (specification 02, sections 13 to 15)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tests.naive import detect_core

F = np.float32
PI = 3.14159265358979323846
Cell = tuple[int, int]


def angle_sum(px: np.ndarray, py: np.ndarray, x: np.float32, y: np.float32) -> np.float32:
    """float32 sum of the angles under which the point sees the edges."""
    total = F(0)
    for k in range(len(px) - 1):
        x1, x2, y1, y2 = F(px[k] - x), F(px[k + 1] - x), F(py[k] - y), F(py[k + 1] - y)
        cross = F(F(x1 * y2) - F(x2 * y1))
        dot = F(F(x1 * x2) + F(y1 * y2))
        total = F(float(total) + math.atan2(float(cross), float(dot)))
    return total


def inside(px: np.ndarray, py: np.ndarray, x: np.float32, y: np.float32) -> bool:
    """Whether the point lies in the closed polygon."""
    return abs(float(angle_sum(px, py, x, y))) > PI


TURNS = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]


def outline(cells: Sequence[Cell]) -> list[Cell]:
    """Closed boundary walk of a set of (x, y) cells."""
    inner = set(cells)
    edge = {(x, y) for x, y in inner if not {(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)} <= inner}
    start = min(edge, key=lambda c: (c[1], c[0]))
    walk, d = [start], 1
    while len(walk) < 9 * len(inner) + 9:
        x, y = walk[-1]
        for turn in range(-2, 6):
            e = (d + turn - 1) % 8 + 1
            dx, dy = TURNS[e - 1]
            if (x + dx, y + dy) in edge:
                d = e
                walk.append((x + dx, y + dy))
                break
        else:
            raise ValueError("no neighbour")
        if walk[-1] == start:
            return walk
    raise ValueError("start not met again")


def fourier(values: np.ndarray, sign: int) -> np.ndarray:
    """Recursive radix-2 transform, written out; the inverse (sign -1) is divided by n."""
    n = len(values)

    def stage(a: list[complex]) -> list[complex]:
        m = len(a)
        if m == 1:
            return list(a)
        even, odd = stage(a[0::2]), stage(a[1::2])
        out = [0j] * m
        for k in range(m // 2):
            angle = -(2.0 * PI * sign) * float(F(F(k) / F(m)))
            wr, wi = math.cos(angle), math.sin(angle)
            zr = wr * odd[k].real - wi * odd[k].imag
            zi = wr * odd[k].imag + wi * odd[k].real
            out[k] = complex(even[k].real + zr, even[k].imag + zi)
            out[k + m // 2] = complex(even[k].real - zr, even[k].imag - zi)
        return out

    out = stage(list(values))
    return np.array([complex(v.real / n, v.imag / n) for v in out] if sign < 0 else out)


def smooth(px: np.ndarray, py: np.ndarray, count: int, modes: int) -> tuple[np.ndarray, np.ndarray]:
    """Closed boundary reduced to `modes` frequencies of `count`."""
    n = len(px)
    samples = [complex(px[0], py[0])]
    for j in range(1, count):
        place = F(F(j * (n - 1)) / F(count))
        i = int(place)
        r = F(place - F(i))
        samples.append(complex(*(float(F(a[i] + F(r * F(a[i + 1] - a[i])))) for a in (px, py))))
    spectrum = fourier(np.array(samples), 1)
    for k in range(modes + 1, count - modes):
        spectrum[k] = complex(spectrum[k].real * 0.0, spectrum[k].imag * 0.0)
    back = fourier(spectrum, -1)
    x, y = back.real.astype(F), back.imag.astype(F)
    return np.append(x, x[0]), np.append(y, y[0])


def grow(values: dict[Cell, np.float32], start: Cell, lowest: np.float32) -> list[Cell]:
    """Cells reached from `start` without going up or below `lowest`, in order of marking (recursive)."""
    marked: list[Cell] = []

    def visit(cell: Cell, level: np.float32) -> None:
        if cell in marked or cell not in values or not lowest <= values[cell] <= level:
            return
        marked.append(cell)
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            visit((cell[0] + dx, cell[1] + dy), values[cell])

    visit(start, values[start])
    return marked


def polygon_area(px: np.ndarray, py: np.ndarray, gx: np.ndarray, gy: np.ndarray, weight: np.ndarray) -> np.float32:
    """Sum of cell weights (float32, shape (ny, nx)) over a polygon, cut at the date line."""
    n = len(px) - 1
    crossing = [k for k in range(n) if abs(F(px[k + 1] - px[k])) > 180]
    if not crossing:
        return _piece(px, py, gx, gy, weight)
    pieces, piece = [], []
    for step in range(n):
        v = (crossing[0] + 1 + step) % n
        piece.append(v)
        if abs(F(px[v + 1] - px[v])) >= 180 or step == n - 1:
            pieces.append(piece)
            piece = []
    total = F(0)
    for p in pieces:
        if len(p) == 1 or (p[0] == 0 and crossing[-1] == n - 1):
            continue
        ends = [F(360) if px[p[i]] > 180 else F(0) for i in (0, -1)]
        x = np.array([ends[0], *px[p], ends[1], ends[0]], F)
        y = np.array([py[p[0]], *py[p], py[p[-1]], py[p[0]]], F)
        total = F(total + _piece(x, y, gx, gy, weight))
    return total


def _piece(px: np.ndarray, py: np.ndarray, gx: np.ndarray, gy: np.ndarray, weight: np.ndarray) -> np.float32:
    j1, j2 = (int(np.argmin(np.abs(v - gx))) for v in (px.min(), px.max()))
    i1, i2 = (int(np.argmin(np.abs(v - gy))) for v in (py.min(), py.max()))
    if abs(float(F(F(gx[0] + F(360)) - gx[j2]))) < 0.0005:
        j2 -= 1
    area = F(0)
    for i in range(i1, i2 + 1):
        for j in range(j1, j2 + 1):
            if inside(px, py, gx[j], gy[i]):
                area = F(area + weight[i, j])
    return area


def transform(cells: Sequence[Cell], expansion: int, threshold: int, diagonal: bool) -> tuple[np.ndarray, Cell]:
    """Distance transform box of an object and the place of its cell [0, 0] as (x, y)."""
    x1, y1 = min(c[0] for c in cells), min(c[1] for c in cells)
    w = max(c[0] for c in cells) - x1 + 3 + 2 * expansion
    h = max(c[1] for c in cells) - y1 + 3 + 2 * expansion
    left, bottom = x1 - 1 - expansion, y1 - 1 - expansion
    a = np.full((h, w), 255 if expansion else 0, int)
    for x, y in cells:
        a[y - bottom, x - left] = 0 if expansion else 1
    w1, w2 = (2, 3) if diagonal else (1, 0)
    limit = threshold * w1
    if expansion:
        _passes(a, w1, w2, diagonal, expands=True)
        a = np.where(a > limit, 0, 1)
    _passes(a, w1, w2, diagonal, expands=False)
    if expansion and limit > 0:
        a = np.where(a <= limit, 0, a - limit)
    return a, (left, bottom)


def _passes(a: np.ndarray, w1: int, w2: int, diagonal: bool, *, expands: bool) -> None:
    h, w = a.shape
    for i in range(h - 2, 0, -1):
        for j in range(1, w - 1):
            if not expands and a[i, j] <= 0:
                a[i, j] = 0
                continue
            options = [a[i, j - 1] + w1, a[i + 1, j] + w1]
            if diagonal:
                options += [a[i + 1, j - 1] + w2, a[i + 1, j + 1] + w2]
            a[i, j] = min(options + ([a[i, j]] if expands else []))
    for i in range(1, h - 1):
        for j in range(w - 2, 0, -1):
            options = [a[i, j], a[i, j + 1] + w1, a[i - 1, j] + w1]
            if diagonal:
                options += [a[i - 1, j + 1] + w2, a[i - 1, j - 1] + w2]
            a[i, j] = min(options)


def surviving_maxima(a: np.ndarray) -> np.ndarray:
    """The transform with all cells cleared that the suppression clears (recursive)."""
    at = a.copy()
    h, w = a.shape
    steps = ((0, -1, 0), (0, 1, 0), (1, 0, -1), (1, -1, 1), (1, 1, 1), (-1, 0, 1), (-1, -1, -1), (-1, 1, -1))

    def suppress(i: int, j: int, ci: int, cj: int) -> None:
        old = at[i, j]
        at[i, j] = 0
        if ci in (1, h - 1) or cj in (1, w - 1) or old == 0:
            return
        for di, dj, dci in steps:
            if 0 <= i + di < h and 0 <= j + dj < w and a[i + di, j + dj] == a[i, j]:
                suppress(i + di, j + dj, ci + dci, cj + dj)

    for i in range(h - 2, 0, -1):
        for j in range(1, w - 1):
            if at[i, j] != 0 and not (a[i - 1 : i + 2, j - 1 : j + 2] <= a[i, j]).all():
                suppress(i, j, i, j)
    return at


def groups(at: np.ndarray) -> list[list[Cell]]:
    """8-connected groups of non-zero cells as lists of (x, y) in the order of section 5."""
    return detect_core.components(at != 0, True)


def processing_order(feature_start: np.ndarray, grid_value: np.ndarray) -> np.ndarray:
    """Features of every object from strong to weak; those that are not positive become the first of the object."""
    first = np.repeat(feature_start[:-1], np.diff(feature_start))
    order = np.lexsort((-grid_value, first))
    return np.where(grid_value[order] > 0, order, first)
