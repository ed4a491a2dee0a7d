"""Slow, literal second implementation of joining, merging and filtering (specification 04, sections 10 to 12)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from stormtrack.kernels.sphere import RAD, measure_euclid, measure_trig
from stormtrack.model.variables import columns
from stormtrack.settings.splice import MergeSettings, SpeedFilter, StrengthFilter, TrackFilters
from stormtrack.tracks.join import Chunk
from tests.jit import jitted

F = np.float32


@dataclass
class Point:
    frame: int
    obj: int
    x: F
    y: F
    value: F
    missing: int
    extra: list[F]  # shape attributes, then additional fields


@dataclass
class Entry:
    points: list[Point] = field(default_factory=list)
    end_mark: int = 0


def measure(ax: F, ay: F, bx: F, by: F, geodesic: bool) -> F:
    return F(jitted(measure_trig if geodesic else measure_euclid)(F(ax), F(ay), F(bx), F(by)))


def slots(chunk: Chunk, track: int) -> dict[int, Point]:
    """Points of a track by chunk frame."""
    features, links = chunk.features, chunk.links
    found: dict[int, Point] = {}
    a, b = int(links.start[track]), int(links.start[track + 1])
    frames = [k + 1 for k in range(features.n_frames) for _ in range(*features.frame_start[k : k + 2])]
    for i in range(a, b):
        row = int(links.feature[i])
        obj = next(o for o in range(features.n_objects) if features.feature_start[o + 1] > row)
        extra = [c[row] for v in features.variables[1:] for c in columns(v)]
        number = obj - int(features.object_start[frames[row] - 1]) + 1
        x, y, value = features.x[row], features.y[row], features.intensity[row]
        found[frames[int(links.feature[a])] + i - a] = Point(
            frames[row], number, x, y, value, int(links.missing_after[i]), extra
        )
    return found


def join(chunks: list[Chunk], matching: bool, geodesic: bool) -> list[Entry]:
    combined: list[Entry] = []
    total = 0
    for d, chunk in enumerate(chunks, 1):
        jf = chunk.first_frame
        follows = d > 1 and matching
        shift = total - jf + (0 if follows else 1)
        for track in range(chunk.n_tracks):
            points = slots(chunk, track)
            target = None
            if follows and jf in points:
                p = points[jf]
                for c in combined:
                    if c.end_mark and c.points and c.points[-1].frame == total:
                        last = c.points[-1]
                        if float(measure(last.x, last.y, p.x, p.y, geodesic)) < 1e-6:
                            target = c
                            break
            least = jf if target is None else jf + 1
            if target is None:
                target = Entry()
                combined.append(target)
            chosen = [n for n in sorted(points) if n >= least]
            for n in chosen:
                points[n].frame += shift
                target.points.append(points[n])
            target.end_mark = d if chosen and chosen[-1] == chunk.n_frames else 0
        if d > 1:
            for c in combined:
                if c.end_mark < d:
                    c.end_mark = 0
        total += chunk.n_frames - jf + (0 if follows else 1)
    return combined


def merge(entries: list[Entry], settings: MergeSettings, geodesic: bool) -> None:
    filled = [e for e in entries if e.points]
    if not settings.end_points or not filled:
        return
    first = min(e.points[0].frame for e in filled)
    last = max(e.points[-1].frame for e in filled)
    for i, e in enumerate(entries):
        again = bool(e.points)
        while again and e.points[-1].frame != last:
            again = False
            p = e.points[-1]
            best, least = None, F(math.inf)
            for j, other in enumerate(entries):
                if j == i or not other.points or other.points[0].frame == first:
                    continue
                q = other.points[0]
                if q.frame == p.frame and q.obj == p.obj:
                    apart = measure(p.x, p.y, q.x, q.y, geodesic)
                    if geodesic:
                        apart = F(float(apart) / RAD)
                    if apart <= F(settings.radius) and apart < least:
                        best, least = other, apart
            if best is not None:
                if settings.average:
                    q = best.points.pop(0)
                    p.x, p.y, p.value = (F(F(a + b) * F(0.5)) for a, b in ((p.x, q.x), (p.y, q.y), (p.value, q.value)))
                    p.extra = [F(F(a + b) * F(0.5)) for a, b in zip(p.extra, q.extra, strict=True)]
                e.points += best.points
                best.points = []
                again = True


def lifetime(e: Entry, least: int, most: int) -> bool:
    return least <= len(e.points) + sum(p.missing for p in e.points) <= most


def far(e: Entry, limit: float, kind: str, geodesic: bool) -> bool:
    if kind not in "st":
        return True
    least = F(F(limit) * F(RAD)) if geodesic else F(limit)
    p = e.points
    if kind == "s":
        return not measure(p[0].x, p[0].y, p[-1].x, p[-1].y, geodesic) < least
    way = F(0)
    for a, b in pairwise(p):
        way = F(way + measure(a.x, a.y, b.x, b.y, geodesic))
    return not way < least


def strong(e: Entry, s: StrengthFilter, has_position: tuple[bool, ...], n_shape: int) -> bool:
    ends = np.cumsum([3 if placed else 1 for placed in has_position])
    places = [(int(end) - 1, placed) for end, placed in zip(ends, has_position, strict=True)]
    chosen = places[s.field - 1] if 1 <= s.field <= len(places) else None
    values: list[tuple[F, Point]] = []
    raw = [p.value if chosen is None else F(p.extra[n_shape + chosen[0]]) for p in e.points]
    for i, p in enumerate(e.points):
        v = raw[i]
        if s.growth:
            if i + 1 == len(raw):
                continue
            v = F(raw[i + 1] - raw[i])
            if s.growth == 2:
                v = F(v / F(s.growth_step))
        if s.check_missing:
            if float(v) > 1e20:
                continue
            if chosen is not None and chosen[1] and float(p.extra[n_shape + chosen[0] - 1]) > 1e20:
                continue
        values.append((v, p))

    def inside(v: F) -> bool:
        return F(F(v - F(s.low)) * F(F(s.high) - v)) > 0

    if s.kind == 0:
        return any(inside(v) for v, _ in values)
    best = (F(1e10) if s.kind == 1 else F(-1e10), e.points[0])
    for v, p in values:
        if (s.kind == 1 and v < best[0]) or (s.kind == 2 and v > best[0]):
            best = (v, p)
    before, after = s.lifecycle or (0, 0)
    at = best[1].frame
    return inside(best[0]) and at - e.points[0].frame >= before and e.points[-1].frame - at >= after


def directed(e: Entry, low: float, high: float, geodesic: bool) -> bool:
    if len(e.points) < 2:
        return False
    sx = sy = 0.0
    for a, b in pairwise(e.points):
        xd = F(b.x - a.x)
        if abs(xd) > F(180):
            xd = F(xd - F(360)) if a.x < F(180) else F(xd + F(360))
        xc = F(measure(a.x, a.y, b.x, a.y, geodesic) / F(a.missing + 1))
        yc = F(measure(a.x, a.y, a.x, b.y, geodesic) / F(a.missing + 1))
        sx += float(-xc if xd < 0 else xc)
        sy += float(-yc if F(b.y - a.y) < 0 else yc)
    angle = F(math.atan2(sy, sx) / RAD)
    return not F(F(F(high) - angle) * F(angle - F(low))) < 0


def fast(e: Entry, s: SpeedFilter, geodesic: bool) -> bool:
    speeds: list[F] = []
    for a, b in pairwise(e.points):
        if s.region is not None and not (in_region(a, s.region) or in_region(b, s.region)):
            continue
        way = F(F(s.scale) * measure(a.x, a.y, b.x, b.y, geodesic))
        speeds.append(F(way / F(F(a.missing + 1) * F(s.time_step))))

    def inside(v: F) -> bool:
        return F(F(F(s.high) - v) * F(v - F(s.low))) >= 0

    if s.kind == 0:
        return any(inside(v) for v in speeds)
    return inside(min([F(1e6), *speeds]) if s.kind == 1 else max([F(-1e6), *speeds]))


def in_region(p: Point, region: tuple[float, float, float, float]) -> bool:
    x1, x2, y1, y2 = (F(v) for v in region)
    if F(F(y2 - p.y) * F(p.y - y1)) < 0:
        return False
    if x1 <= x2:
        return F(F(x2 - p.x) * F(p.x - x1)) >= 0
    return F(F(x2 - p.x) * p.x) >= 0 or F(F(F(360) - p.x) * F(p.x - x1)) >= 0


def in_frames(e: Entry, first: int, last: int) -> bool:
    begin, end = e.points[0].frame, e.points[-1].frame
    if end < first or begin > last:
        return False
    out = (first - begin if begin < first <= end else 0) + (end - last if begin <= last < end else 0)
    life = end - begin + sum(p.missing for p in e.points)
    return out == 0 or not float(F(F(out) / F(life))) > 0.5


def filtered(
    entries: list[Entry], f: TrackFilters, has_position: tuple[bool, ...], n_shape: int, geodesic: bool
) -> list[bool]:
    """Which entries pass all filters."""
    kept: list[bool] = []
    for number, e in enumerate(entries, 1):
        ok = bool(e.points) and lifetime(e, f.min_points, f.max_points)
        ok = ok and (f.distance is None or far(e, f.distance, f.distance_kind, geodesic))
        ok = ok and (f.strength is None or strong(e, f.strength, has_position, n_shape))
        ok = ok and (f.direction is None or directed(e, *f.direction, geodesic))
        ok = ok and (f.speed is None or fast(e, f.speed, geodesic))
        ok = ok and (f.frame_range is None or in_frames(e, *f.frame_range))
        ok = ok and (f.select_number is None or f.select_number == number)
        kept.append(ok and (f.select_id is None or f.select_id == number))
    return kept
