"""Values of a frame between its grid points: nearest, bilinear, bicubic.

References
----------
Specification 06, section 2.3. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32_1D
from ..kernels.declare import helper, kernel
from .lines import Frame, Lines

UNDEFINED = 1.0e25
NEAREST, BILINEAR, BICUBIC = 1, 2, 3


@helper
def cell(axis, value):
    """Index of the grid line at or before a value, -1 outside the grid; the last cell holds its end too."""
    last = len(axis) - 1
    if not (axis[0] <= value <= axis[last]):
        return -1
    low, high = 0, last
    while high - low > 1:
        half = (low + high) // 2
        if value >= axis[half]:
            low = half
        else:
            high = half
    return low


@helper
def nearest(frame, i, j, dx, dy):
    """The nearest value; if it is missing that of another corner of the cell."""
    c = math.floor(np.float64(dx) + 0.5)
    r = math.floor(np.float64(dy) + 0.5)
    if not frame.missing[j + r, i + c]:
        return frame.values[j + r, i + c]
    beside = not frame.missing[j + r, i + 1 - c]
    above = not frame.missing[j + 1 - r, i + c]
    beside_first = abs(np.float64(dx) - 0.5) < abs(np.float64(dy) - 0.5)
    if beside and (beside_first or not above):
        return frame.values[j + r, i + 1 - c]
    if above:
        return frame.values[j + 1 - r, i + c]
    if not frame.missing[j + 1 - r, i + 1 - c]:
        return frame.values[j + 1 - r, i + 1 - c]
    return np.float32(UNDEFINED)


@helper
def bilinear(frame, i, j, dx, dy):
    """Linear in both directions."""
    for r in range(2):
        for c in range(2):
            if frame.missing[j + r, i + c]:
                return np.float32(UNDEFINED)
    v = frame.values
    low = np.float32(v[j, i] + np.float32(dx * np.float32(v[j, i + 1] - v[j, i])))
    high = np.float32(v[j + 1, i] + np.float32(dx * np.float32(v[j + 1, i + 1] - v[j + 1, i])))
    return np.float32(low + np.float32(dy * np.float32(high - low)))


@helper
def cubic_row(values, row, columns, dx):
    """Cubic through four values of a row."""
    x = np.float64(dx)
    square = np.float64(np.float32(dx * dx))
    second = ((square - 1.0) * (x - 2.0)) * 0.5
    third = ((-(x + 1.0)) * (x - 2.0)) * x * 0.5
    fourth = (square - 1.0) * x / 6.0
    before, here, after, behind = columns
    b = values[row, before]
    return np.float32(
        np.float64(b)
        + second * np.float64(np.float32(values[row, here] - b))
        + third * np.float64(np.float32(values[row, after] - b))
        + fourth * np.float64(np.float32(values[row, behind] - b))
    )


@helper
def rows_cubic(lat, j, y, q0, q1, q2, q3):
    """Cubic through values on four rows, in float32."""
    y0, y1, y2, y3 = lat[j - 1], lat[j], lat[j + 1], lat[j + 2]
    a, b, c, d = np.float32(y - y0), np.float32(y - y1), np.float32(y - y2), np.float32(y - y3)
    k0 = np.float32(
        np.float32(np.float32(a * c) * d)
        / np.float32(np.float32(np.float32(y1 - y0) * np.float32(y1 - y2)) * np.float32(y1 - y3))
    )
    k1 = np.float32(
        np.float32(np.float32(a * b) * d)
        / np.float32(np.float32(np.float32(y2 - y0) * np.float32(y2 - y1)) * np.float32(y2 - y3))
    )
    k2 = np.float32(
        np.float32(np.float32(a * b) * c)
        / np.float32(np.float32(np.float32(y3 - y0) * np.float32(y3 - y1)) * np.float32(y3 - y2))
    )
    one = np.float32(q0 + np.float32(k0 * np.float32(q1 - q0)))
    two = np.float32(one + np.float32(k1 * np.float32(q2 - q0)))
    return np.float32(two + np.float32(k2 * np.float32(q3 - q0)))


@helper
def bicubic(lines, frame, i, j, dx, y):
    """Cubic in both directions; undefined without a row more on either side."""
    nx, ny = len(lines.lon), len(lines.lat)
    before = i - 1 if i >= 1 else nx - 2
    behind = i + 2 if i + 2 < nx else 1
    if j < 1 or j + 2 > ny - 1:
        return np.float32(UNDEFINED)
    columns = before, i, i + 1, behind
    for row in range(j - 1, j + 3):
        for column in columns:
            if frame.missing[row, column]:
                return np.float32(UNDEFINED)
    v = frame.values
    q0 = np.float32(v[j - 1, i] + np.float32(dx * np.float32(v[j - 1, i + 1] - v[j - 1, i])))
    q3 = np.float32(v[j + 2, i] + np.float32(dx * np.float32(v[j + 2, i + 1] - v[j + 2, i])))
    q1 = cubic_row(v, j, columns, dx)
    q2 = cubic_row(v, j + 1, columns, dx)
    return rows_cubic(lines.lat, j, y, q0, q1, q2, q3)


@helper
def interpolated(lines, frame, x, y, kind):
    """Value at a point, undefined outside the grid."""
    i, j = cell(lines.lon, x), cell(lines.lat, y)
    if i < 0 or j < 0:
        return np.float32(UNDEFINED)
    dx = np.float32(np.float32(x - lines.lon[i]) / np.float32(lines.lon[i + 1] - lines.lon[i]))
    dy = np.float32(np.float32(y - lines.lat[j]) / np.float32(lines.lat[j + 1] - lines.lat[j]))
    if kind == NEAREST:
        return nearest(frame, i, j, dx, dy)
    if kind == BILINEAR:
        return bilinear(frame, i, j, dx, dy)
    return bicubic(lines, frame, i, j, dx, y)


@kernel
def interpolate(lines: Lines, frame: Frame, lon: F32_1D, lat: F32_1D, kind: int, out: F32_1D) -> None:
    """Values at points: `kind` 1 nearest, 2 bilinear, 3 bicubic."""
    for p in range(len(lon)):
        out[p] = interpolated(lines, frame, lon[p], lat[p], kind)
