"""The simple tracker in its plain form: point by point, and with the whole matrix of distances (specification 07, 1).

Slow and obvious. It shares nothing with the package.
"""

from __future__ import annotations

import math

import numpy as np

CIRCLE = 360.0


def centres(field, sign, contrast, window, periodic):
    """Rows and columns of the centres of a frame, row by row."""
    ny, nx = field.shape
    half = window // 2

    def value(j, i):
        v = float(field[j, i % nx])
        if not math.isfinite(v):
            return math.inf
        return v if sign == "min" else -v

    strengths = {}
    for j in range(half, ny - half):
        for i in range(nx) if periodic else range(half, nx - half):
            middle = value(j, i)
            around = sorted(value(j + b, i + a) for b in range(-half, half + 1) for a in range(-half, half + 1))
            if middle == math.inf or around[0] < middle:
                continue
            if not around[window * window // 3] - middle > contrast:
                continue
            south, north, west, east = value(j - 1, i), value(j + 1, i), value(j, i - 1), value(j, i + 1)
            laplacian = (south + north) + (west + east) - 4.0 * middle
            if abs(laplacian) > 0.0:
                strengths[j, i] = abs(laplacian)
    kept = []
    for j, i in strengths:
        box = {(j + b, (i + a) % nx if periodic else i + a) for b in range(-2, 3) for a in range(-2, 3)}
        if min((-strengths[p], p) for p in box if p in strengths)[1] == (j, i):
            kept.append((j, i))
    return sorted(kept)


def kilometres(lon1, lat1, lon2, lat2, radius):
    """Great-circle distance of every pair: shape (n1, n2)."""
    out = np.zeros((len(lon1), len(lon2)))
    for p in range(len(lon1)):
        for q in range(len(lon2)):
            across = abs(float(lon1[p]) - float(lon2[q])) % CIRCLE
            across = min(across, CIRCLE - across)
            a = np.sin(np.radians(0.5 * (float(lat1[p]) - float(lat2[q]))))
            b = np.sin(np.radians(0.5 * across))
            c = np.cos(np.radians(float(lat1[p]))) * np.cos(np.radians(float(lat2[q])))
            out[p, q] = radius * (2.0 * np.arcsin(min(np.sqrt(a * a + c * (b * b)), 1.0)))
    return out


def pairs(before, after, limit, radius):
    """For each point of the later frame the one of the earlier, or -1; both are lists of (lat, lon), sorted."""
    found = [-1] * len(after)
    if not before or not after:
        return found
    matrix = kilometres(
        [p[1] for p in after], [p[0] for p in after], [p[1] for p in before], [p[0] for p in before], radius
    )
    free_after, free_before = set(range(len(after))), set(range(len(before)))
    while True:
        linked = []
        for c in sorted(free_after):
            if not free_before:
                break
            t = min(free_before, key=lambda t: (matrix[c, t], t))
            if matrix[c, t] < limit and min(free_after, key=lambda c: (matrix[c, t], c)) == c:
                linked.append((c, t))
        if not linked:
            return found
        for c, t in linked:
            found[c] = t
            free_after.remove(c)
            free_before.remove(t)


def tracks(frames, times, limit, longest_step, radius):
    """Tracks as lists of (frame, number of the point in its frame); frames are lists of (lat, lon)."""
    out, live = [], []
    for k, points in enumerate(frames):
        if k and times[k] - times[k - 1] > longest_step * (times[1] - times[0]):
            live = []
        live = sorted(live, key=lambda track: frames[track[-1][0]][track[-1][1]])
        order = sorted(range(len(points)), key=lambda c: points[c])
        last = [frames[track[-1][0]][track[-1][1]] for track in live]
        found = pairs(last, [points[c] for c in order], limit, radius)
        going_on = []
        for c, t in zip(order, found, strict=True):
            if t >= 0:
                track = live[t]
            else:
                track = []
                out.append(track)
            track.append((k, c))
            going_on.append(track)
        live = going_on
    return out
