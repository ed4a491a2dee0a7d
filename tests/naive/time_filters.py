"""Slow and obvious twins of the filters in time: one series at a time, from the specification (05, 9 and 10)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

PI = 3.14159265358979323846


def mirrored(i: int, n: int) -> int:
    """Index of an element beyond the ends: the series goes back, the end not repeated."""
    i = -i if i < 0 else i
    return 2 * (n - 1) - i if i > n - 1 else i


def lanczos(series: Sequence[np.float32], weights: Sequence[float]) -> list[np.float32]:
    """One Lanczos filter on one series."""
    x, n = [float(v) for v in series], len(series)
    out = []
    for m in range(n):
        total = weights[0] * x[m]
        for k in range(1, len(weights)):
            total = total + weights[k] * (x[mirrored(m - k, n)] + x[mirrored(m + k, n)])
        out.append(np.float32(total))
    return out


def fourier(z: list[tuple[float, float]], inv: int) -> list[tuple[float, float]]:
    """Radix-2 transform with decimation in time; `inv` is 1 (forward) or -1."""
    n = len(z)
    bits = n.bit_length() - 1
    z = [z[int(format(i, f"0{bits}b")[::-1], 2) if bits else 0] for i in range(n)]
    ld = 2
    while ld <= n:
        for start in range(0, n, ld):
            for k in range(ld // 2):
                angle = (-(2.0 * PI * inv)) * float(np.float32(k / ld))
                c, s = math.cos(angle), math.sin(angle)
                (pr, pi), (qr, qi) = z[start + k], z[start + k + ld // 2]
                zr, zi = c * qr - s * qi, c * qi + s * qr
                z[start + k], z[start + k + ld // 2] = (pr + zr, pi + zi), (pr - zr, pi - zi)
        ld *= 2
    return z


def bound(period: float, samples: int) -> np.float32:
    """Frequency of a boundary."""
    if np.float32(period) < np.float32(2.0) / np.float32(samples):
        return np.float32(0.5)
    if np.float32(period) > np.float32(1.0e6):
        return np.float32(0.0)
    return np.float32(1.0) / (np.float32(samples) * np.float32(period))


def frequency_filter(
    series: Sequence[np.float32], periods: Sequence[float], samples: int, wanted: int, *, reflect: bool
) -> list[list[np.float32]]:
    """Bands of one series."""
    n, nf = len(series), 1
    while nf < max(wanted, n):
        nf *= 2
    o = (nf - n) // 2
    x = [0.0] * nf
    x[o : o + n] = [float(v) for v in series]
    if reflect:
        for k in range(n - 1 if o > n else o):
            x[o - 1 - k], x[o + n + k] = float(series[k + 1]), float(series[n - 2 - k])
    spectrum = fourier([(v, 0.0) for v in x], 1)
    limits = [bound(p, samples) for p in periods]
    out = []
    for high, low in pairwise(limits):
        kept = []
        for j, value in enumerate(spectrum):
            f = abs(np.float32(-0.5 + float(np.float32(((j + nf // 2) % nf) / nf))))
            share = 1.0 if high >= f >= low and nf > 1 else 0.0
            kept.append((value[0] * share, value[1] * share))
        back = fourier(kept, -1)
        out.append([np.float32(back[o + t][0] / nf) for t in range(n)])
    return out
