"""Slow and obvious twin of fields along tracks: every grid point of every frame, one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from tests.naive.tracksets import angle

SLACK = 2.0e-5
"""Degrees by which a grid point may lie beyond the radius (positions are float32)."""
AREA_OF_SPHERE = 4.0 * math.pi * 6371.0**2


def edges(lat: np.ndarray) -> list[tuple[float, float]]:
    """South and north end of each row, half way to the next ones, poles included."""
    found = []
    for k, here in enumerate(lat):
        below = (lat[k - 1] + here) / 2 if k else here - (lat[1] - here) / 2
        above = (lat[k + 1] + here) / 2 if k + 1 < len(lat) else here + (here - lat[k - 1]) / 2
        found.append((max(below, -90.0), min(above, 90.0)))
    return found


def members(lon: np.ndarray, lat: np.ndarray, x: float, y: float, radius: float) -> Iterator[tuple[int, int]]:
    """Row and column of the grid points of a cap, from the south and the smallest longitude in 0 to 360 on."""
    for r in np.argsort(lat):
        for c in range(len(lon)):
            if math.degrees(angle(float(lon[c]), float(lat[r]), x, y)) <= radius + SLACK:
                yield int(r), c


def cap(
    lon: np.ndarray, lat: np.ndarray, field: np.ndarray, point: tuple[float, float], radius: float
) -> dict[str, float]:
    """All results of one cap of an even, closed grid in longitude: rows and columns in any order."""
    order = np.argsort(lat)
    ends = dict(zip(order.tolist(), edges(lat[order]), strict=True))
    inside = list(members(lon, lat, *point, radius))
    known = [(r, c) for r, c in inside if math.isfinite(field[r, c])]
    out = {"count": float(len(known)), "missing": float(len(inside) - len(known))}
    weight = {r: (math.sin(math.radians(b)) - math.sin(math.radians(a))) / 2 / len(lon) for r, (a, b) in ends.items()}
    area = math.fsum(weight[r] for r, _ in known)
    out["area"] = area * AREA_OF_SPHERE
    if not known:
        return out | {"max": math.nan, "min": math.nan, "mean": math.nan, "std": math.nan}
    mean = math.fsum(weight[r] * field[r, c] for r, c in known) / area
    out["mean"] = mean
    out["std"] = math.sqrt(math.fsum(weight[r] * (field[r, c] - mean) ** 2 for r, c in known) / area)
    for name, pick in (("max", max), ("min", min)):
        best = pick(field[r, c] for r, c in known)
        out[name] = best
        out[f"{name} places"] = [(float(lon[c]) % 360.0, float(lat[r])) for r, c in known if field[r, c] == best]  # type: ignore[assignment]
    return out


def reached(lon: float, lat: float, bearing: float, distance: float) -> tuple[float, float]:
    """Where a great circle leads that leaves at a bearing (clockwise from north): all in degrees."""
    phi, b, d = (math.radians(one) for one in (lat, bearing, distance))
    sine = math.sin(phi) * math.cos(d) + math.cos(phi) * math.sin(d) * math.cos(b)
    turn = math.atan2(math.sin(b) * math.sin(d) * math.cos(phi), math.cos(d) - math.sin(phi) * sine)
    return lon + math.degrees(turn), math.degrees(math.asin(max(-1.0, min(1.0, sine))))
