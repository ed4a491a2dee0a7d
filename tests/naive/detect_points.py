"""Plain versions of the kernels that carry object points about, point by point (specification 02, sections 6 to 10)."""

from __future__ import annotations

import numpy as np

Points = list[tuple[int, int, np.float32]]


def limits(points: Points) -> tuple[int, int, int, int]:
    """xmin, xmax, ymin, ymax."""
    x, y = [p[0] for p in points], [p[1] for p in points]
    return min(x), max(x), min(y), max(y)


def edge_class(points: Points, width: int, height: int) -> str:
    """Edge class from the points in order."""
    state = ""
    for x, y, _ in points:
        if x in (1, width):
            state = {"": "x", "y": "b"}.get(state, state)
        if y in (1, height):
            state = {"": "y", "x": "b"}.get(state, state)
    return state or "i"


def listed(
    head: np.ndarray, following: np.ndarray, x: np.ndarray, y: np.ndarray, value: np.ndarray, k: int
) -> list[tuple[int, int, np.float32]]:
    """Points of list `k`, one after the other."""
    out = []
    slot = int(head[k])
    while slot >= 0:
        out.append((int(x[slot]), int(y[slot]), value[slot]))
        slot = int(following[slot])
    return out


def returned(
    points: Points, kind: str, mem: int, ix: int, x1: int, y1: int, left: list[int], right: list[int]
) -> Points:
    """Points of an object brought back into the domain, then the copies of its closing column."""
    if kind not in "lrb":
        return list(points)
    moved, copies = [], []
    for x, y, value in points:
        column, row = x + x1 - 1, y + y1 - 2
        new = x + (ix - 1) * ((column < 1) - (column > ix))
        moved.append((new, y, value))
        shift = (ix - 1) * ((column == 1) - (column == ix))
        if shift and len(points) + len(copies) < mem and 0 <= row < len(left) and left[row] != right[row]:
            copies.append((new + shift, y, value))
    return moved + copies


def prepared(raw, rows, columns, wrap, scale, mean, offset, sign, inverted) -> np.ndarray:
    """Working frame, value by value in float32; None for steps left out, (-1, -1) for no wrap."""
    out = np.empty((len(rows), len(columns)), np.float32)
    with np.errstate(all="ignore"):
        for j, row in enumerate(rows):
            for k, column in enumerate(columns):
                value = raw[row, column]
                value = value if scale is None else value * scale
                value = value if mean is None else value - mean[j, k]
                value = value if offset is None else value - offset
                value = value * sign
                out[j, k] = value * np.float32(-1) if inverted[j] else value
            if wrap[1] >= 0:
                out[j, wrap[1]] = out[j, wrap[0]]
    return out
