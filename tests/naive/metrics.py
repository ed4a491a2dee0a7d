"""Slow and obvious twin of the metrics of track activity (specification 07, section 2): every point, every cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

Point = tuple[datetime, float, float, float]
"""Time, longitude, latitude, amplitude."""
EARTH = 6371.22


def distance(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great circle in km, from the vectors of both points."""
    a, b = (
        np.array([math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p)])
        for q, p in ((math.radians(lon1), math.radians(lat1)), (math.radians(lon2), math.radians(lat2)))
    )
    return EARTH * math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))


def weight(d: float, radius: float, kernel: str) -> float:
    """Of a kernel; 0 beyond the radius."""
    if d > radius:
        return 0.0
    return {
        "constant": 1.0,
        "cressman": (radius**2 - d**2) / (radius**2 + d**2),
        "linear": 1 - d / radius,
        "quadratic": 1 - (d / radius) ** 2,
    }[kernel]


def by_hours(track: Sequence[Point]) -> list[Point]:
    """Every point, and every full hour after it until the next."""
    found: list[Point] = []
    for (t, lon, lat, a), (t2, lon2, lat2, a2) in pairwise(track):
        now = t
        while now < t2:
            part = (now - t) / (t2 - t)
            east = (lon2 - lon + 180) % 360 - 180
            found.append((now, lon + part * east, lat + part * (lat2 - lat), a + part * (a2 - a)))
            now += timedelta(hours=1)
    return [*found, track[-1]]


def metrics(
    tracks: Sequence[Sequence[Point]], cell: tuple[float, float], radius: float, kernel: str, month: int | None = None
) -> dict[str, float]:
    """The five metrics of one cell (longitude, latitude), of one month of the year or of all."""
    cf = aca = tf = ata = 0.0
    for track in tracks:
        most = strongest = nearest = 0.0
        for points, every_hour in ((track, False), (by_hours(track), True)):
            for t, lon, lat, a in points:
                d = distance(lon, lat, *cell)
                if d > radius or (month is not None and t.month != month):
                    continue
                w = weight(d, radius, kernel)
                if every_hour:
                    strongest, nearest = max(strongest, a), max(nearest, w)
                else:
                    cf, aca, most = cf + w, aca + w * a, max(most, w)
        tf, ata = tf + most, ata + strongest * nearest
    return {"CF": cf, "ACA": aca, "CA": aca / cf if cf else 0.0, "TF": tf, "ATA": ata}
