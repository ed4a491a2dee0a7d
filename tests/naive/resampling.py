"""Plain form of permutation tests and bootstrap: one point, Python's floats, every sample summed anew.

Written from Hodges (2008) and the power kernel of the specification (06, section 1.7); fixed smoothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Track = Sequence[tuple[float, float, float]]
"""Points of a track: longitude, latitude, intensity."""


def cosine(a: tuple[float, float], b: tuple[float, float]) -> float:
    (x, y), (u, v) = (tuple(map(math.radians, p)) for p in (a, b))
    return math.sin(y) * math.sin(v) + math.cos(y) * math.cos(v) * math.cos(x - u)


def kernel(s: float, c: float) -> float:
    """Linear power kernel, normalised to an integral of 1."""
    t = (1.0 + s) / s
    return max(t * c - 1.0, 0.0) * 2.0 / (2.0 * math.pi) * t / (t - 1.0) ** 2


def feature_density(tracks: Sequence[Track], where: tuple[float, float], s: float) -> float:
    """Points in a cap of 5 degrees."""
    total = sum(kernel(s, cosine(p[:2], where)) for track in tracks for p in track)
    return total * 2.0 * math.pi * (1.0 - math.cos(math.radians(5.0)))


def track_density(tracks: Sequence[Track], where: tuple[float, float], s: float) -> float:
    """Tracks in a cap of 5 degrees, each with its nearest point."""
    total = sum(kernel(s, max(cosine(p[:2], where) for p in track)) for track in tracks)
    return total * 2.0 * math.pi * (1.0 - math.cos(math.radians(5.0)))


def mean_intensity(tracks: Sequence[Track], where: tuple[float, float], s: float) -> float:
    pairs = [(kernel(s, cosine(p[:2], where)), p[2]) for track in tracks for p in track]
    density = sum(k for k, _ in pairs)
    if density / len(pairs) <= 1e-4:
        return math.nan
    return sum(k * v for k, v in pairs) / density


def permutation_p_value(
    tracks: Sequence[Track],
    assignments: Sequence[Sequence[int]],
    field: Callable[[Sequence[Track]], float],
    tail: str,
) -> float:
    """p-value of the first assignment (units of the first set) among all."""
    found = []
    for chosen in assignments:
        first = [tracks[k] for k in range(len(tracks)) if k in set(chosen)]
        second = [tracks[k] for k in range(len(tracks)) if k not in set(chosen)]
        found.append(field(first) - field(second))
    observed, others = found[0], [one for one in found[1:] if not math.isnan(one)]
    if math.isnan(observed):
        return math.nan
    above = (1 + sum(one >= observed - 1e-9 for one in others)) / (1 + len(others))
    below = (1 + sum(one <= observed + 1e-9 for one in others)) / (1 + len(others))
    return {"greater": above, "less": below, "two-sided": min(1.0, 2 * min(above, below))}[tail]


def discoveries(p: Sequence[float], rate: float) -> set[int]:
    """Benjamini and Hochberg's step-up procedure."""
    order = sorted((k for k in range(len(p)) if not math.isnan(p[k])), key=lambda k: p[k])
    last = max((rank for rank, k in enumerate(order, 1) if p[k] <= rate * rank / len(order)), default=0)
    return set(order[:last])
