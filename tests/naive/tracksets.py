"""Slow, obvious twins of what sets of tracks do: one track and one point after the other."""

from __future__ import annotations

import math

RADIUS_KM = 6371.0
Point = tuple[int, float, float, float]
"""Time in seconds, longitude, latitude, value."""


def unit(lon: float, lat: float) -> tuple[float, float, float]:
    x, y = math.radians(lon), math.radians(lat)
    return math.cos(y) * math.cos(x), math.cos(y) * math.sin(x), math.sin(y)


def angle(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Angle between two points in radians, through the chord."""
    chord = math.dist(unit(lon1, lat1), unit(lon2, lat2))
    return 2.0 * math.asin(min(1.0, chord / 2.0))


def shorter(lon1: float, lon2: float) -> float:
    difference = lon2 - lon1
    while difference > 180.0:
        difference -= 360.0
    while difference <= -180.0:
        difference += 360.0
    return difference


def interpolated(track: list[Point], step: int, keep: bool) -> list[Point]:
    """Linear positions and values every `step` seconds from the first point on."""
    times = set(range(track[0][0], track[-1][0] + 1, step)) | ({p[0] for p in track} if keep else set())
    found = []
    for time in sorted(times):
        k = max(i for i, p in enumerate(track) if p[0] <= time)
        a = track[k]
        if a[0] == time:
            found.append(a)
            continue
        b = track[k + 1]
        part = (time - a[0]) / (b[0] - a[0])
        lon = a[1] + part * shorter(a[1], b[1])
        found.append((time, lon % 360.0, a[2] + part * (b[2] - a[2]), a[3] + part * (b[3] - a[3])))
    return found


def counted_once(sets: list[list[list[Point]]]) -> list[list[Point]]:
    """Tracks of several sets; those that agree at all common times, one or more, are joined."""
    tracks = [(number, list(track)) for number, tracks in enumerate(sets) for track in tracks]
    group = list(range(len(tracks)))
    for i, (source, one) in enumerate(tracks):
        for j, (other_source, other) in enumerate(tracks[:i]):
            if source != other_source and agree(one, other):
                old, new = max(group[i], group[j]), min(group[i], group[j])
                group = [new if g == old else g for g in group]
    joined: list[list[Point]] = []
    for g in dict.fromkeys(group):
        points = {p[0]: p for k in reversed(range(len(tracks))) if group[k] == g for p in tracks[k][1]}
        joined.append([points[t] for t in sorted(points)])
    return joined


def agree(one: list[Point], other: list[Point]) -> bool:
    begin, end = max(one[0][0], other[0][0]), min(one[-1][0], other[-1][0])
    inside = [[p for p in track if begin <= p[0] <= end] for track in (one, other)]
    return bool(inside[0]) and inside[0] == inside[1]
