"""Least-squares spherical harmonics, one number after the other (specification 05, section 3)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

PI = 3.14159265358979323846
HALF_PI = 1.57079632679489661923
RAD = 0.017453292519943295
F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]


def legendre(latitude: float, top: int) -> dict[tuple[int, int], float]:
    """P[n, m] at a latitude in degrees (05, section 2.4)."""
    x = math.cos(min(max(HALF_PI - latitude * RAD, 0.0), PI))
    s = 1.0 / math.sqrt(4.0 * PI)
    h = -math.sqrt(1.0 - x * x) / 2.0
    q, u, v = 1.0, 1.0, 0.0
    out = {}
    for m in range(top + 1):
        if m > 0:
            u, v = u + 2.0, v + 2.0
            q = q * ((math.sqrt(u * v) * h) / m)
        out[m, m] = s * q
        before, here = q, (x * math.sqrt(2.0 * m + 3.0)) * q
        if m < top:
            out[m + 1, m] = s * here
        for n in range(m + 2, top + 1):
            c1 = math.sqrt((4.0 * n * n - 1.0) / (n * n - m * m))
            c2 = math.sqrt(((n - 1.0) * (n - 1) - m * m) / (4.0 * (n - 1) * (n - 1) - 1.0))
            before, here = here, c1 * (x * here - c2 * before)
            out[n, m] = s * here
    return out


def unknowns(top: int) -> list[tuple[int, int, bool]]:
    """Degree, order and whether it is a sine, of every unknown."""
    pairs = [(n, m) for m in range(top + 1) for n in range(m, top + 1)]
    return [(n, m, sine) for n, m in pairs for sine in ((False, True) if m else (False,))]


def basis(lon: F32, lat: F32, top: int) -> F64:
    """Basis functions, shape (rows, columns, unknowns)."""
    wanted = unknowns(top)
    out = np.zeros((len(lat), len(lon), len(wanted)))
    for j, latitude in enumerate(lat):
        p = legendre(float(latitude), top)
        for i, longitude in enumerate(lon):
            angle = min(max(float(longitude) * RAD, 0.0), 2.0 * PI)
            for k, (n, m, sine) in enumerate(wanted):
                out[j, i, k] = p[n, m] * (math.sin(angle * m) if sine else math.cos(angle * m))
    return out


def factor(functions: F64) -> F64:
    """Cholesky factor of the normal equations, column after column."""
    count = functions.shape[-1]
    a = np.zeros((count, count))
    for b in functions.reshape(-1, count):
        for r in range(count):
            for c in range(r + 1):
                a[r, c] += b[r] * b[c]
    for i in range(count):
        a[i, i] = math.sqrt(a[i, i])
        for j in range(i + 1, count):
            a[j, i] /= a[i, i]
        for j in range(i + 1, count):
            for k in range(j, count):
                a[k, j] -= a[k, i] * a[j, i]
    return a


def solve(a: F64, b: F64) -> F64:
    """Solution of the normal equations from their factor."""
    count = len(b)
    b = b.copy()
    for i in range(count):
        total = 0.0
        for j in range(i):
            total += a[i, j] * b[j]
        b[i] = (b[i] - total) / a[i, i]
    for i in range(count - 1, -1, -1):
        total = 0.0
        for j in range(i + 1, count):
            total += a[j, i] * b[j]
        b[i] = (b[i] - total) / a[i, i]
    return b


def coefficients(field: F32, functions: F64, a: F64) -> F64:
    """Coefficients of a field."""
    b = np.zeros(functions.shape[-1])
    for value, terms in zip(field.ravel(), functions.reshape(-1, len(b)), strict=True):
        for k in range(len(b)):
            b[k] += float(value) * terms[k]
    return solve(a, b)


def evaluate(found: F64, lon: F32, lat: F32, top: int, band: F32) -> F32:
    """The field of a band (float32 factor of every degree)."""
    out = np.zeros((len(lat), len(lon)), np.float32)
    for j, latitude in enumerate(lat):
        p = legendre(float(latitude), top)
        for i, longitude in enumerate(lon):
            angle = min(max(float(longitude) * RAD, 0.0), 2.0 * PI)
            total = 0.0
            for value, (n, m, sine) in zip(found, unknowns(top), strict=True):
                around = math.sin(angle * m) if sine else math.cos(angle * m)
                total += (value * (p[n, m] * float(band[n]))) * around
            out[j, i] = total
    return out
