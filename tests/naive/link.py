"""Linking in its plain form: dense slots, every pair of tracks, nothing skipped (specification 04, sections 3-8).

Slow and obvious. It shares the converted limits with the package and nothing else; distances, deviations, filter,
initial tracks, sweeps and cuts are written again from the specification.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numba
import numpy as np

from stormtrack.linking.limits import Limits, resolve_limits
from stormtrack.linking.missing_search import gaps_after, search_limits
from stormtrack.model.features import Features
from stormtrack.settings.linking import LinkSettings

compiled = numba.njit(nogil=True, fastmath=False, error_model="numpy")
DEGREE = 0.017453292519943295
RIGHT_ANGLE = 1.57079632679489661923


def _vectors(x, y):
    out = np.zeros((len(x), 3))
    for p in range(len(x)):
        a = float(x[p]) * DEGREE
        c = max(RIGHT_ANGLE - float(y[p]) * DEGREE, 0.0)
        out[p] = math.sin(c) * math.cos(a), math.sin(c) * math.sin(a), math.cos(c)
    return out


def _distances(points, vectors, geodesic):
    out = np.zeros((points.n_features, points.n_features), np.float32)
    _fill_distances(points.x, points.y, vectors, geodesic, out)
    return out


@compiled
def _fill_distances(x, y, vectors, geodesic, out):
    for p in range(x.size):
        for q in range(x.size):
            if geodesic:
                u, v = vectors[p], vectors[q]
                d = (u[0] * v[0] + u[1] * v[1]) + u[2] * v[2]
                out[p, q] = np.float32(math.acos(min(max(d, -1.0), 1.0)))
            else:
                dx, dy = np.float64(np.float32(x[p] - x[q])), np.float64(np.float32(y[p] - y[q]))
                out[p, q] = np.float32(math.sqrt(dx * dx + dy * dy))


def _zone(x, y, rows):
    zero, period = np.float32(0), np.float32(360)
    for x1, x2, y1, y2, limit in rows:
        if x1 <= x2:
            inside = (x2 - x) * (x - x1) >= zero
        else:
            inside = (x2 - x) * x >= zero or (period - x) * (x - x1) >= zero
        if inside and (y2 - y) * (y - y1) >= zero:
            return limit
    return np.float32(np.nan)


def _limits(points, limits, zonal):
    n = points.n_features
    out = np.zeros((len(limits.dmax), n, n), np.float32)
    for i, rows in enumerate(limits.zones):
        if zonal:
            z = np.array([_zone(points.x[p], points.y[p], rows) for p in range(n)], np.float32)
            out[i] = np.float32(0.5) * (z[:, None] + z[None, :])
        else:
            out[i] = limits.dmax[i]
    return out


@compiled
def _acos(d):
    return math.acos(min(max(d, -1.0), 1.0))


@compiled
def _deviation(place, geodesic, w1, w2, p0, p1, p2):
    if geodesic:
        g0, g1, g2 = place[p0], place[p1], place[p2]
        d = (g0[0] * g1[0] + g0[1] * g1[1]) + g0[2] * g1[2]
        e = (g2[0] * g1[0] + g2[1] * g1[1]) + g2[2] * g1[2]
        a1, a2 = _acos(d), _acos(e)
        if a1 <= 0 and a2 <= 0:
            return 0.0
        cost = w2
        if a1 > 0 and a2 > 0:
            t, u = np.empty(3), np.empty(3)
            for i in range(3):
                t[i] = (g0[i] - d * g1[i]) / math.sin(a1)
                u[i] = (e * g1[i] - g2[i]) / math.sin(a2)
            c = (t[0] * u[0] + t[1] * u[1]) + t[2] * u[2]
            cost = w1 * (1 - c) + w2 * (1 - 2 * (math.sqrt(a1 * a2) / (a1 + a2)))
        return cost if abs(cost) >= 1e-8 else 0.0
    dx1 = np.float64(np.float32(place[p0, 0] - place[p1, 0]))  # float32 values: the difference is rounded once
    dy1 = np.float64(np.float32(place[p0, 1] - place[p1, 1]))
    dx2 = np.float64(np.float32(place[p1, 0] - place[p2, 0]))
    dy2 = np.float64(np.float32(place[p1, 1] - place[p2, 1]))
    m1, m2 = math.sqrt(dx1 * dx1 + dy1 * dy1), math.sqrt(dx2 * dx2 + dy2 * dy2)
    if m1 <= 0 and m2 <= 0:
        return 0.0
    if m1 <= 0 or m2 <= 0:
        return w2
    return w1 * (1 - (dx1 * dx2 + dy1 * dy2) / (m1 * m2)) + w2 * (1 - 2 * (math.sqrt(m1 * m2) / (m1 + m2)))


@compiled
def _cost(place, geodesic, w1, w2, s0, s1, s2, phi):
    if s0 < 0:
        return 0.0
    if s1 >= 0 and s2 >= 0:
        return _deviation(place, geodesic, w1, w2, s0, s1, s2)
    return phi


@compiled
def _phi(table, d1, d2):
    dd = np.float32(0.5) * np.float32(d1 + d2)
    if dd < table[0]:
        return table[4]
    if dd >= table[3]:
        return table[7]
    j = 0 if dd < table[1] else 1 if dd < table[2] else 2
    return np.float32(np.float32(table[8 + j] * dd) + table[11 + j])


@compiled
def _allowed(distance, limit, p, q):
    return p < 0 or q < 0 or distance[p, q] <= limit[p, q]


@compiled
def _fail(slots, n_tracks, t, k, s):
    n = slots.shape[1]
    if s > 0:
        fst = k + 2
        lst = fst + 1
        while lst < n and slots[t, lst] >= 0:
            lst += 1
    else:
        lst = k - 1
        fst = lst - 1
        while fst > 0 and slots[t, fst - 1] >= 0:
            fst -= 1
    for u in range(n_tracks):
        empty = True
        for f in range(max(fst - 1, 0), min(lst, n - 1) + 1):
            empty = empty and slots[u, f] < 0
        if empty:
            for f in range(fst, lst):
                slots[u, f], slots[t, f] = slots[t, f], -1
            return


@compiled
def _sweep(slots, shown, n_tracks, s, place, geodesic, w1, w2, distance, limit, nmiss, phimax, table, adaptive, live):
    n, last_set = slots.shape[1], phimax.size - 1
    exchanges = 0
    for visit in range(1, n - 1):
        k = visit if s > 0 else n - 1 - visit
        kp, kn = k - s, k + s
        im1 = min(max(nmiss[k - 1], nmiss[k]), last_set)
        im2 = min(nmiss[min(k, kn)], last_set)
        phi = np.float64(phimax[im1])
        num = np.zeros(n_tracks, np.int64)
        for t in range(n_tracks):
            for f in range(n):
                num[t] += slots[t, f] >= 0
        present = np.zeros(n_tracks)
        for t in range(n_tracks):
            present[t] = _cost(place, geodesic, w1, w2, slots[t, kp], slots[t, k], slots[t, kn], phi)
        best, bi, bj = 0.0, -1, -1
        for i in range(n_tracks - 1):
            for j in range(i + 1, n_tracks):
                if live and not (num[i] > 0 and num[j] > 0):
                    continue
                if num[i] <= 1 and num[j] <= 1:
                    continue
                i0, i1, i2 = slots[i, kp], slots[i, k], slots[i, kn]
                j0, j1, j2 = slots[j, kp], slots[j, k], slots[j, kn]
                if i2 < 0 and j2 < 0:
                    continue
                if not (_allowed(distance, limit[im2], i1, j2) and _allowed(distance, limit[im2], j1, i2)):
                    continue
                ni = _cost(place, geodesic, w1, w2, i0, i1, j2, phi)
                nj = _cost(place, geodesic, w1, w2, j0, j1, i2, phi)
                gain = ((present[i] + present[j]) - ni) - nj
                if not gain - best > 1e-8:
                    continue
                if adaptive:
                    bound_i, bound_j = phi, phi
                    if i0 >= 0 and i1 >= 0 and j2 >= 0:
                        bound_i = np.float64(_phi(table[im1], distance[i1, j2], distance[i0, i1]))
                    if j0 >= 0 and j1 >= 0 and i2 >= 0:
                        bound_j = np.float64(_phi(table[im1], distance[j1, i2], distance[j0, j1]))
                    if not (ni <= bound_i and nj <= bound_j):
                        continue
                best, bi, bj = gain, i, j
        if bi < 0:
            continue
        exchanges += 1
        slots[bi, kn], slots[bj, kn] = slots[bj, kn], slots[bi, kn]
        shown[bi, kn], shown[bj, kn] = shown[bj, kn], shown[bi, kn]
        far = kn + s
        if 0 <= far < n:
            im3 = min(nmiss[min(kn, far)], last_set)
            fail_i = not _allowed(distance, limit[im3], slots[bi, kn], slots[bi, far])
            fail_j = not _allowed(distance, limit[im3], slots[bj, kn], slots[bj, far])
            if fail_i:
                _fail(slots, n_tracks, bi, k, s)
            if fail_j:
                _fail(slots, n_tracks, bj, k, s)
    return exchanges


@dataclass
class Plain:
    """State and settings of a plain run; ``slots`` and ``shown`` are lists of rows, one entry per frame."""

    points: Features
    limits: Limits
    geodesic: bool
    slots: list
    shown: list

    def __post_init__(self):
        p, n = self.points, self.points.n_frames
        self.vectors = _vectors(p.x, p.y)
        self.place = self.vectors if self.geodesic else np.stack([p.x, p.y, p.x], axis=1).astype(np.float64)
        self.distance = _distances(p, self.vectors, self.geodesic)
        self.limit = _limits(p, self.limits, self.limits.zonal)
        self.nmiss = p.missing_after.astype(np.int64)
        self.frames = [list(range(p.frame_start[k], p.frame_start[k + 1])) for k in range(n)]
        self.w = float(self.limits.parameters.weight_direction), float(self.limits.parameters.weight_speed)

    def set_of(self, *frames):
        return min(max(int(self.nmiss[k]) for k in frames), len(self.limits.dmax) - 1)

    def deviation(self, a, b, c):
        return np.float32(_deviation(self.place, self.geodesic, *self.w, a, b, c))

    def new_pair(self, shown):
        n = self.points.n_frames
        for _ in range(2):
            self.slots.append([-1] * n)
            self.shown.append(list(shown))

    def kept(self):
        """Section 4, frame by frame in place."""
        p, keep = self.points, np.ones(self.points.n_features, bool)
        for k in range(p.n_frames):
            for a in self.frames[k]:
                near = False
                for other, earlier in ((k + 1, k), (k - 1, k - 1)):
                    if 0 <= other < p.n_frames:
                        limit = self.limit[self.set_of(earlier)]
                        near |= any(keep[b] and self.distance[a, b] <= limit[a, b] for b in self.frames[other])
                keep[a] = near and not p.intensity[a] < np.float32(-1e10)
        return keep

    def initialise(self):
        """Section 5."""
        n = self.points.n_frames
        track_of = {}
        for k in range(n):
            for q in self.frames[k]:
                if q not in track_of:
                    track_of[q] = len(self.slots)
                    self.new_pair(self.nmiss)
                    self.slots[track_of[q]][k] = q
            if k == n - 1:
                break
            limit = self.limit[self.set_of(k)]
            for a in self.frames[k]:
                free = [q for q in self.frames[k + 1] if q not in track_of]
                if free:
                    best = free[0]
                    for q in free:
                        if self.distance[a, q] <= self.distance[a, best]:
                            best = q
                    if self.distance[a, best] <= limit[a, best]:
                        track_of[best] = track_of[a]
                        self.slots[track_of[a]][k + 1] = best

    def split(self):
        """Section 7.2."""
        for t in range(len(self.slots)):
            while True:
                real = [f for f, p in enumerate(self.slots[t]) if p >= 0]
                cut = [i for i in range(1, len(real)) if real[i] != real[i - 1] + 1]
                if not cut:
                    break
                self.move(t, real[: cut[0]], copy=False)

    def move(self, t, frames, copy):
        self.new_pair([0] * self.points.n_frames)
        for f in frames:
            self.slots[-2][f], self.slots[t][f] = self.slots[t][f], -1
            if copy:
                self.shown[-2][f] = self.shown[t][f]

    def cut(self, regional, adaptive, mode):
        """Section 7.3."""
        im, t = 0, 0
        zone_limit = _limits(self.points, self.limits, True) if regional else None
        while t < len(self.slots):
            for direction in "fb":
                if mode not in (direction, "a"):
                    continue
                frames = [f for f, p in enumerate(self.slots[t]) if p >= 0]
                seen = frames if direction == "f" else frames[::-1]
                q = [self.slots[t][f] for f in seen]
                for i in range(1, len(q) - 1):
                    k = seen[i]
                    im1, into = (k, k - 1) if direction == "f" else (k - 1, k)
                    im2 = self.set_of(k - 1, k)
                    d = self.distance[q[i], q[i + 1]]
                    bound_d, bound = self.limits.dmax[im], self.limits.phimax[im2]
                    if adaptive:
                        im = self.set_of(into)
                        bound = _phi(self.limits.smoothness[im2], d, self.distance[q[i - 1], q[i]])
                    if regional:
                        bound_d = zone_limit[self.set_of(im1), q[i], q[i + 1]]
                    if d > bound_d or self.deviation(q[i - 1], q[i], q[i + 1]) > bound:
                        self.move(t, seen[i + 1 :], copy=True)
                        break
            t += 1

    def search(self, gap, dmax, phimax):
        """Section 7.4."""
        t = 0
        while t < len(self.slots):
            for direction in "fb":
                frames = [f for f, p in enumerate(self.slots[t]) if p >= 0]
                seen = frames if direction == "f" else frames[::-1]
                q = [self.slots[t][f] for f in seen]
                for i in range(1, len(q) - 1):
                    earlier = seen[i] if direction == "f" else seen[i + 1]
                    m = int(gap[earlier])
                    self.shown[t][earlier] = m
                    too_far = self.distance[q[i], q[i + 1]] > dmax
                    if m == 0 and (too_far or self.deviation(q[i - 1], q[i], q[i + 1]) > phimax):
                        self.move(t, seen[i + 1 :], copy=False)
                        break
            t += 1

    def series(self, s, pproc):
        """Sweeps in one direction until one makes no exchange; returns exchanges."""
        slots, shown = np.array(self.slots, np.int64), np.array(self.shown, np.int64)
        total = 0
        while True:
            made = _sweep(
                slots, shown, len(slots), s, self.place, self.geodesic, *self.w, self.distance, self.limit,
                self.nmiss, self.limits.phimax, self.limits.smoothness, self.limits.adaptive, pproc != 0,
            )  # fmt: skip
            total += made
            if not made:
                break
        self.slots, self.shown = slots.tolist(), shown.tolist()
        return total

    def tracks(self):
        """``[(id, [(point, shown), ...]), ...]`` of the tracks with points."""
        out = []
        for t, row in enumerate(self.slots):
            real = [(p, self.shown[t][f]) for f, p in enumerate(row) if p >= 0]
            if real:
                out.append((t + 1, real))
        return out


def plain_link(points: Features, settings: LinkSettings):
    """Kept mask, kept points, initial tracks and final tracks (or ``None``), by the plain form."""
    limits = resolve_limits(settings)
    keep = Plain(points, limits, settings.geodesic, [], []).kept()
    run = Plain(points.kept(keep), limits, settings.geodesic, [], [])
    run.initialise()
    initial = run.tracks()
    if points.n_frames <= 3:
        return keep, run.points, initial, None
    pproc = 1 if settings.adaptive else -1 if settings.preprocess else 0
    fi = bi = True
    count = 1
    while (fi or bi) and count <= 3 and run.slots:
        if fi:
            if pproc:
                run.split()
                run.cut(False, pproc > 0, "f")
            fi = False
            bi = run.series(1, pproc) > 0 or bi
        if bi and count < 3:
            if pproc:
                run.split()
                run.cut(False, pproc > 0, "b")
            bi = False
            fi = run.series(-1, pproc) > 0 or fi
        count += 1
    run.split()
    if settings.missing_search is not None:
        gap = gaps_after(settings.missing_search, points.n_frames)
        if gap is not None:
            run.search(gap, *search_limits(settings.missing_search, limits, settings.geodesic))
    if settings.final is not None:
        run.cut(settings.final.zones, settings.final.adaptive, "a")
    return keep, run.points, initial, run.tracks()
