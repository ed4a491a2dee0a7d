"""Coastlines that are part of the package: Natural Earth, 1:110 million, public domain."""

from __future__ import annotations

import base64
import zlib
from functools import cache

import numpy as np

from ..arrays import F64, I64
from ._coastlines import COASTLINES

STEP = 0.01
"""Degrees in which coordinates count."""


@cache
def coastlines() -> tuple[F64, F64, I64]:
    """Longitudes and latitudes (degrees) of all lines, and offsets of the lines."""
    data = zlib.decompress(base64.b64decode(COASTLINES))
    count = int(np.frombuffer(data, "<i2", 1)[0])
    lengths = np.frombuffer(data, "<i2", count, 2).astype(np.int64)
    steps = np.frombuffer(data, "<u2", offset=2 + 2 * count).reshape(2, -1)
    lon, lat = np.cumsum(steps, axis=1, dtype=np.uint16).astype(np.int16) * STEP
    return lon, lat, np.concatenate([[0], np.cumsum(lengths)])
