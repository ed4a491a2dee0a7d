"""Slow and obvious twin of the metrics of tracks (specification 07, section 2): every point, every cell.

The exact path is sampled densely, and what lies between two samples found by halving.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

Point = tuple[datetime, float, float, float]
"""Time, longitude, latitude, amplitude."""
EARTH = 6371.22
TIE = 1e-6
SAMPLES = 40


@dataclass(frozen=True, kw_only=True)
class Choices:
    """As `stormtrack.metrics.options.MetricOptions`; a month of the year, or all."""

    radius: float = 500.0
    earth_radius: float = EARTH
    kernel: str = "constant"
    kappa: float = 20.0
    border: str = "included"
    geometry: str = "latlon"
    pairing: str = "separate"
    whole_paths: bool = False
    rule: str = "both"
    month: int | None = None


def vector(lon: float, lat: float) -> np.ndarray:
    q, p = math.radians(lon), math.radians(lat)
    return np.array([math.cos(p) * math.cos(q), math.cos(p) * math.sin(q), math.sin(p)])


def angle(a: np.ndarray, b: np.ndarray) -> float:
    return math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))


def distance(lon1: float, lat1: float, lon2: float, lat2: float, earth: float = EARTH) -> float:
    """Great circle in km, from the vectors of both points."""
    return earth * angle(vector(lon1, lat1), vector(lon2, lat2))


def weight(d: float, choices: Choices) -> float:
    """Of a kernel; 0 beyond the radius."""
    radius = choices.radius
    if d > radius or (d == radius and choices.border == "excluded"):
        return 0.0
    return {
        "constant": 1.0,
        "cressman": (radius**2 - d**2) / (radius**2 + d**2),
        "linear": 1 - d / radius,
        "quadratic": 1 - (d / radius) ** 2,
        "fisher": math.exp(choices.kappa * (math.cos(d / choices.earth_radius) - 1)),
    }[choices.kernel]


def on_the_way(one: Point, two: Point, part: float, geometry: str) -> tuple[float, float]:
    """Longitude and latitude of a part of the way."""
    (_, lon, lat, _), (_, lon2, lat2, _) = one, two
    if geometry == "latlon":
        return lon + part * ((lon2 - lon + 180) % 360 - 180), lat + part * (lat2 - lat)
    a, b = vector(lon, lat), vector(lon2, lat2)
    whole = angle(a, b)
    if whole == 0:
        return lon, lat
    x, y, z = (math.sin((1 - part) * whole) * a + math.sin(part * whole) * b) / math.sin(whole)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def by_hours(track: Sequence[Point], geometry: str) -> list[Point]:
    """Every point, and every full hour after it until the next."""
    found: list[Point] = []
    for one, two in pairwise(track):
        now = one[0]
        while now < two[0]:
            part = (now - one[0]) / (two[0] - one[0])
            place = on_the_way(one, two, part, geometry) if part else one[1:3]
            found.append((now, *place, one[3] + part * (two[3] - one[3])))
            now += timedelta(hours=1)
    return [*found, track[-1]]


def largest_inside(d: Callable[[float], float], a: Callable[[float], float], ends: tuple[float, float], is_in: object
                   ) -> tuple[float, float, float] | None:  # fmt: skip
    """Least distance, amplitude there and largest amplitude on a part of an arc within the cap; None outside it."""
    assert callable(is_in)
    samples = [ends[0] + (ends[1] - ends[0]) * k / SAMPLES for k in range(SAMPLES + 1)]
    best = min(range(SAMPLES + 1), key=lambda k: d(samples[k]))
    low, high = samples[max(best - 1, 0)], samples[min(best + 1, SAMPLES)]
    for _ in range(80):
        third = (high - low) / 3
        low, high = (low, high - third) if d(low + third) <= d(high - third) else (low + third, high)
    near = min((low, high, ends[0], ends[1]), key=d)
    if not is_in(d(near)):
        return None
    places = sorted([*samples, near])
    inside = [s for s in places if is_in(d(s))] or [near]
    for one, two in pairwise(places):
        if is_in(d(one)) != is_in(d(two)):
            for _ in range(60):
                half = (one + two) / 2
                one, two = (half, two) if is_in(d(half)) == is_in(d(one)) else (one, half)
            inside.append(one if is_in(d(one)) else two)
    return d(near), a(near), max(a(s) for s in inside)


def month_ends(one: datetime, two: datetime) -> list[datetime]:
    """Both times, and the beginnings of months between them."""
    found, now = [one], one
    while True:
        now = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0)
        if now >= two:
            return [*found, two]
        found.append(now)


def along_arcs(track: Sequence[Point], cell: tuple[float, float], choices: Choices, counted: Callable[[datetime], bool]
               ) -> list[tuple[float, float, float]]:  # fmt: skip
    """Distance, amplitude there and largest amplitude of every stretch of a track that reaches the cap."""
    there = vector(*cell)

    def is_in(d: float) -> bool:
        return d < choices.radius or (d == choices.radius and choices.border == "included")

    found = [(choices.earth_radius * angle(vector(lon, lat), there), a, a) for t, lon, lat, a in track if counted(t)]
    found = [one for one in found if is_in(one[0])]
    for one, two in pairwise(track):
        for begin, end in pairwise(month_ends(one[0], two[0])):
            length = distance(*one[1:3], *two[1:3], choices.earth_radius)
            if not counted(begin) or distance(*one[1:3], *cell, choices.earth_radius) > choices.radius + length:
                continue
            ends = (begin - one[0]) / (two[0] - one[0]), (end - one[0]) / (two[0] - one[0])

            def d(part: float, one: Point = one, two: Point = two) -> float:
                place = vector(*on_the_way(one, two, part, "great-circle"))
                return choices.earth_radius * angle(place, there)

            def a(part: float, one: Point = one, two: Point = two) -> float:
                return one[3] + part * (two[3] - one[3])

            part = largest_inside(d, a, ends, is_in)
            if part and length == 0:  # all of the time at one place: the largest amplitude there
                part = part[0], max(map(a, ends)), max(map(a, ends))
            found += [part] if part else []
    return found


def metrics(tracks: Sequence[Sequence[Point]], cell: tuple[float, float], choices: Choices) -> dict[str, float]:
    """The five metrics of one cell (longitude, latitude)."""
    cf = aca = tf = ata = 0.0
    for track in tracks:
        home = {"peak": max(track, key=lambda p: p[3])[0], "genesis": track[0][0]}.get(choices.rule)

        def counted(t: datetime, home: datetime | None = home) -> bool:
            return choices.month is None or (home or t).month == choices.month

        near = [(distance(lon, lat, *cell, choices.earth_radius), a) for t, lon, lat, a in track if counted(t)]
        near = [(d, a) for d, a in near if d < choices.radius or (d == choices.radius and choices.border == "included")]
        cf, aca = cf + sum(weight(d, choices) for d, _ in near), aca + sum(a * weight(d, choices) for d, a in near)
        if choices.geometry == "exact":
            way = along_arcs(track, cell, choices, counted)
        else:
            hours = by_hours(track, choices.geometry)
            way = [(distance(x, y, *cell, choices.earth_radius), a, a) for t, x, y, a in hours if counted(t)]
            way = [
                one
                for one in way
                if one[0] < choices.radius or (one[0] == choices.radius and choices.border == "included")
            ]
        tf += max((weight(one[0], choices) for one in (way if choices.whole_paths else near)), default=0.0)
        if not way:
            continue
        if choices.pairing == "separate":
            ata += max(weight(d, choices) for d, *_ in way) * max(most for *_, most in way)
        elif choices.pairing == "product":
            ata += max(weight(d, choices) * (most if choices.geometry == "exact" else a) for d, a, most in way)
        else:
            d = min(one[0] for one in way)
            ata += weight(d, choices) * max(a for there, a, _ in way if there <= d + TIE)
    return {"CF": cf, "ACA": aca, "CA": aca / cf if cf else 0.0, "TF": tf, "ATA": ata}
