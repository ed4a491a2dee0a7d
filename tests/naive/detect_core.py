"""Slow, obvious second implementation of labelling, border search and maxima (specification 02, sections 5-9).

Plain Python on dictionaries and lists; nothing is shared with the package.
"""

from __future__ import annotations

import itertools
from collections import deque

import numpy as np

from stormtrack.kernels.sphere import measure_euclid, measure_trig, measure_unit
from stormtrack.splines import optimise
from tests.jit import jitted

F = np.float32


def morton(x: int, y: int) -> int:
    """Bits of x on the even places, of y on the odd ones."""
    out = 0
    for bit in range(16):
        out |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return out


def keys(mask: np.ndarray) -> dict[tuple[int, int], int]:
    """Key K of every true cell (x, y)."""
    side = 2
    while side < max(mask.shape):
        side *= 2
    full = np.zeros((side, side), bool)
    full[: mask.shape[0], : mask.shape[1]] = mask
    out = {}
    for y, x in zip(*np.nonzero(full), strict=True):
        x, y = int(x), int(y)
        s = 1
        while s < side:
            t = 2 * s
            x0, y0 = x // t * t, y // t * t
            if not full[y0 : y0 + t, x0 : x0 + t].all():
                break
            s = t
        x0, y0 = x // s * s, y // s * s
        out[x, y] = morton(x0, y0) + s * (y - y0) + (x - x0)
    return out


def neighbours(x: int, y: int, eight: bool):
    """Neighbouring cells."""
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            if (dx or dy) and (eight or not (dx and dy)):
                yield x + dx, y + dy


def components(mask: np.ndarray, eight: bool) -> list[list[tuple[int, int]]]:
    """Components by breadth-first search; points in increasing K, objects in increasing smallest K (0-based x, y)."""
    key = keys(mask)
    left = set(key)
    found = []
    while left:
        queue = deque([left.pop()])
        cells = []
        while queue:
            cell = queue.popleft()
            cells.append(cell)
            for other in neighbours(*cell, eight):
                if other in left:
                    left.remove(other)
                    queue.append(other)
        found.append(sorted(cells, key=key.__getitem__))
    return sorted(found, key=lambda cells: key[cells[0]])


def maxima(points: list[tuple[int, int, float]], excludes_edge: bool) -> list[tuple[int, int]]:
    """Maxima of one object (x, y as in the points), row-major."""
    value = {(x, y): v for x, y, v in points}
    out = []
    for y, x in sorted({(y, x) for x, y in value}):
        v = value[x, y]
        around = [value.get(c, F(0)) for c in neighbours(x, y, True)]
        if v > 0 and all(o <= v for o in around) and (not excludes_edge or all(o > 0 for o in around)):
            out.append((x, y))
    return out


def grouped_maxima(points, excludes_edge: bool, xgrid, ygrid, x1: int, y1: int):
    """One point (x, y, value) per group of adjacent maxima, positions averaged in float32 (no periodic wrap)."""
    found = maxima(points, excludes_edge)
    value = {(x, y): v for x, y, v in points}
    xmin, ymin = min(p[0] for p in points), min(p[1] for p in points)
    xmax, ymax = max(p[0] for p in points), max(p[1] for p in points)
    mask = np.zeros((ymax - ymin + 1, xmax - xmin + 1), bool)
    for x, y in found:
        mask[y - ymin, x - xmin] = True
    out = []
    for group in components(mask, True):
        sx = sy = F(0)
        for x, y in group:
            sx = F(sx + xgrid[x + xmin + x1 - 2])
            sy = F(sy + ygrid[y + ymin + y1 - 2])
        x, y = group[0]
        n = F(len(group))
        out.append((F(sx / n), F(sy / n), value[x + xmin, y + ymin]))
    return out


def surface_variables(x: np.ndarray, y: np.ndarray, spherical: bool) -> np.ndarray:
    """Positions (float32) as variables of a surface (specification 02, section 11)."""
    if not spherical:
        return np.stack([x.astype(np.float64), y.astype(np.float64)], axis=1)
    degree = 0.017453292519943295
    colatitude = np.clip(1.5707963267948966 - y.astype(np.float64) * degree, 0.0, 3.141592653589793)
    return np.stack([colatitude, x.astype(np.float64) * degree], axis=1)


def accepted(at, value, flag, spherical: bool, x, y, strength) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features after an optimisation: moved where the flag is 0."""
    degree = 0.017453292519943295
    with np.errstate(all="ignore"):
        if spherical:
            new_x = (at[:, 1] / degree).astype(F)
            new_y = np.clip(((1.5707963267948966 - at[:, 0]) / degree).astype(F), F(-90), F(90))
        else:
            new_x, new_y = at[:, 0].astype(F), at[:, 1].astype(F)
        good = flag == 0
        return np.where(good, new_x, x), np.where(good, new_y, y), np.where(good, value.astype(F), strength)


def mark_duplicates(start, x, y, value, geodesic: bool) -> None:
    """Strength -1e12 for every feature that lies on an earlier one of its object; marked ones count as well."""
    distance = jitted(measure_trig if geodesic else measure_euclid)
    for first, end in itertools.pairwise(start):
        for f in range(first + 1, end):
            if any(np.float64(distance(x[f], y[f], x[e], y[e])) < 1.0e-4 for e in range(first, f)):
                value[f] = F(-1.0e12)


def suppressed(start, x, y, value, radius: np.float32, geodesic: bool) -> np.ndarray:
    """Strengths after the distance filter (specification 02, section 16): -1e12 for what is too close."""
    distance = jitted(measure_unit if geodesic else measure_euclid)
    value = value.copy()
    for first, end in itertools.pairwise(start):
        alive = set(range(first, end)) if end - first > 1 else set()
        while candidates := [f for f in sorted(alive) if value[f] > F(-1e10)]:
            strongest = max(candidates, key=lambda f: (value[f], -f))
            alive.discard(strongest)
            for f in range(first, end):
                close = f != strongest and distance(x[strongest], y[strongest], x[f], y[f]) < radius
                if close and not value[f] < F(-1e10):
                    value[f] = F(-1e12)
    return value


def optimised(surface, x, y, value, start, normals, sides, equalities, seam, spherical: bool, geodesic: bool):
    """Features (x, y, value) of some objects after the optimisation, step by step."""
    x, y, value = x.copy(), y.copy(), value.copy()
    rows = slice(int(start[0]), int(start[-1]))
    begin, estimate = surface_variables(x[rows], y[rows], spherical), value[rows].astype(np.float64)
    at, optimum, flag = optimise(surface, begin, estimate, normals, sides, equalities=equalities)
    if seam is not None:
        axis, (low, high) = int(spherical), seam
        at_low = at[:, axis] - low < 1.0e-6
        again = np.flatnonzero(at_low | (high - at[:, axis] < 1.0e-6))
        begin = at[again]
        begin[:, axis] = np.where(at_low[again], high, low)
        own = sides if sides.ndim == 1 else sides[again]
        with np.errstate(all="ignore"):
            estimate = optimum[again].astype(F).astype(np.float64)
        at[again], optimum[again], flag[again] = optimise(surface, begin, estimate, normals, own, equalities=equalities)
    x[rows], y[rows], value[rows] = accepted(at, optimum, flag, spherical, x[rows], y[rows], value[rows])
    mark_duplicates(start, x, y, value, geodesic)
    return x, y, value
