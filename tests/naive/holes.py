"""Slow and obvious twins of the filling of holes, from the specification (05, section 11)."""

from __future__ import annotations

import math

import numpy as np

F = np.float32


def from_neighbours(field: list[list[np.float32]], is_missing: object, *, backward: bool) -> list[list[np.float32]]:
    """Missing points become the mean of valid neighbours: W, E, then the row before, then the row behind."""
    ny, nx = len(field), len(field[0])
    order = [(0, -1), (0, 1), (-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)]
    points = [(j, i) for j in range(ny) for i in range(nx)]
    for j, i in points + (points[::-1] if backward else []):
        if not is_missing(field[j][i]):
            continue
        total, count = F(0), F(0)
        for dj, di in order:
            if 0 <= j + dj < ny and 0 <= i + di < nx and not is_missing(field[j + dj][i + di]):
                total, count = F(total + field[j + dj][i + di]), F(count + F(1))
        if count > 0:
            field[j][i] = F(total / count)
    return field


def between(column: list[np.float32], latitudes: list[np.float32], first: int, last: int, *, sine: bool) -> None:
    """Values of one column between two rows lie on the line through those."""
    if last - first < 2:
        return
    x = [F(math.sin(float(v) * 0.017453292519943295)) if sine else v for v in latitudes]
    p, q = column[first], column[last]
    d = F(x[last] - x[first])
    s = F(F(q - p) / d)
    c = F(F(F(p * x[last]) - F(q * x[first])) / d)
    for row in range(first + 1, last):
        column[row] = F(F(s * x[row]) + c)
