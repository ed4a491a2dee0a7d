"""Slow and obvious twins of the grid kernels, value by value from the specification (01, 7.6, 8 and 9)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from stormtrack.arrays import F32

RAD = 0.017453292519943295


def working_frame(
    raw: F32,
    *,
    nneg: int,
    inverted_rows: bool,
    drop: set[int],
    nx: int,
    closed: bool,
    g: int,
    scale: Any = None,
    mean: F32 | None = None,
    offset: Any = None,
    sign: float = 1.0,
    flip: Any = None,
) -> F32:
    """Section 7.6 step by step; `drop` are row numbers after the reversal, `flip` a boolean per output row."""
    rows = [[row[(i + nneg) % len(row)] for i in range(len(row))] for row in raw]
    if inverted_rows:
        rows = rows[::-1]
    rows = [row for j, row in enumerate(rows) if j not in drop]
    out = np.zeros((len(rows), nx), np.float32)
    moving = nx - 1 if closed else nx
    for j, row in enumerate(rows):
        for i in range(moving):
            k = i + g
            if g >= 0 and k >= nx:
                k -= moving
            elif g < 0 and k < 0:
                k += moving
            value = np.float32(row[i])
            if scale is not None:
                value = np.float32(value * np.float32(scale))
            if mean is not None:
                value = np.float32(value - mean[j, k])
            if offset is not None:
                value = np.float32(value - np.float32(offset))
            value = np.float32(value * np.float32(sign))
            if flip is not None and flip[j]:
                value = np.float32(value * np.float32(-1))
            out[j, k] = value
        if closed and g > 0:
            out[j, 0] = out[j, -1]
        elif closed:
            out[j, -1] = out[j, 0]
    return out


def forward(
    kind: int, lon: np.float32, lat: np.float32, lon_0: float, lat_0: float
) -> tuple[np.float32, np.float32] | None:
    """Section 9, forward; None for a point that is not visible."""
    l1, p1 = float(np.float32(lon_0 * RAD)), float(np.float32(lat_0 * RAD))
    dl, yt = float(lon) * RAD - l1, float(lat) * RAD
    c = math.sin(yt) * math.sin(p1) + math.cos(yt) * math.cos(p1) * math.cos(dl)
    if c < 0:
        return None
    k = {
        1: lambda: 1.0,
        2: lambda: 2 / (1 + c),
        3: lambda: 1 / c,
        4: lambda: math.sqrt(2 / (1 + c)),
        5: lambda: math.acos(c) / math.sin(math.acos(c)),
    }[kind]()
    x = math.cos(yt) * math.sin(dl)
    y = math.cos(p1) * math.sin(yt) - math.sin(p1) * math.cos(yt) * math.cos(dl)
    return np.float32(x * k), np.float32(y * k)


def inverse(
    kind: int, x: np.float32, y: np.float32, lon_0: float, lat_0: float
) -> tuple[np.float32, np.float32] | None:
    """Section 9, inverse; None outside the map."""
    l1, p1 = float(np.float32(lon_0 * RAD)), float(np.float32(lat_0 * RAD))
    xx, yy = float(x), float(y)
    rho = math.sqrt(xx * xx + yy * yy)
    limit = {1: 1.0, 2: 2.0, 3: math.inf, 4: math.sqrt(2.0), 5: math.pi / 2}[kind]
    if rho > limit:
        return None
    c = {
        1: lambda: math.asin(rho),
        2: lambda: 2 * math.atan(rho / 2),
        3: lambda: math.atan(rho),
        4: lambda: 2 * math.asin(rho / 2),
        5: lambda: rho,
    }[kind]()
    lat, lng = p1, l1
    if rho > 0:
        lat = math.asin(math.cos(c) * math.sin(p1) + (yy * math.sin(c) * math.cos(p1) / rho))
        den = rho * math.cos(p1) * math.cos(c) - yy * math.sin(p1) * math.sin(c)
        across = xx * math.sin(c)
        angle = math.atan2(across, den)
        lng = (angle if across >= 0 else 2 * math.pi + angle) + l1
    lng, lat = lng / RAD, lat / RAD
    if abs(lat) < 1e-5:
        lat = 0.0
    if lng > 360:
        lng -= 360
    return np.float32(lng), np.float32(lat)
