"""Slow, obvious twin of matching: every track against every track, every point against every point."""

from __future__ import annotations

import math

from tests.naive.tracksets import Point, angle


def apart(one: list[Point], other: list[Point]) -> tuple[int, float, float, float]:
    """Common times, mean and smallest separation in degrees, overlap."""
    found = [math.degrees(angle(p[1], p[2], q[1], q[2])) for p in one for q in other if p[0] == q[0]]
    overlap = 2 * len(found) / (len(one) + len(other))
    return len(found), sum(found) / len(found) if found else math.inf, min(found, default=math.inf), overlap


def pairs(
    a: list[list[Point]], b: list[list[Point]], limit: float, least: float, *, statistic: str, in_order: bool
) -> list[tuple[int, int]]:
    """Pairs of tracks that match, one to one."""
    possible = []
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            n, mean, smallest, overlap = apart(one, other)
            separation = mean if statistic == "mean" else smallest
            if n and overlap >= least and separation <= limit:
                possible.append((separation, i, j))
    possible.sort(key=(lambda p: (p[1], p[0], p[2])) if in_order else None)
    found: list[tuple[int, int]] = []
    for _, i, j in possible:
        if all(i != k and j != m for k, m in found):
            found.append((i, j))
    return sorted(found)
