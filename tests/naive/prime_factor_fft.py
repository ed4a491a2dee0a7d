"""Plain prime-factor transform: one row, elements moved, one formula after the other (specification 05, 2.6)."""

from __future__ import annotations

import math

import numpy as np

TWO_PI_32 = float(np.float32(2.0 * math.pi))


def rotate(a: list[float], b: list[float], radix: int, mu: int) -> list[tuple[float, float]]:
    """One butterfly."""
    if radix == 2:
        return [(a[0] + a[1], b[0] + b[1]), (a[0] - a[1], b[0] - b[1])]
    if radix == 3:
        c = float(np.float32(0.866025403784437)) * (-1 if mu == 2 else 1)
        (t1, t2, t3), (u1, u2, u3) = [(x[1] + x[2], x[0] - 0.5 * (x[1] + x[2]), c * (x[1] - x[2])) for x in (a, b)]
        return [(a[0] + t1, b[0] + u1), (t2 - u3, u2 + t3), (t2 + u3, u2 - t3)]
    if radix == 4:
        s = -1 if mu == 3 else 1
        parts = [(x[0] + x[2], x[1] + x[3], x[0] - x[2], s * (x[1] - x[3])) for x in (a, b)]
        (t0, t1, t2, t3), (u0, u1, u2, u3) = parts
        return [(t0 + t1, u0 + u1), (t2 - u3, u2 + t3), (t0 - t1, u0 - u1), (t2 + u3, u2 - t3)]
    if radix == 5:
        return _five(a, b, mu)
    return _eight(a, b, mu)


def _five(a: list[float], b: list[float], mu: int) -> list[tuple[float, float]]:
    c1, c2, c3 = (float(np.float32(v)) for v in (0.559016994374947, 0.951056516295154, 0.587785252292473))
    if mu in (2, 3):
        c1, c2, c3 = -c1, c3, c2
    c2 = -c2 if mu in (3, 4) else c2
    c3 = -c3 if mu in (2, 4) else c3
    out = []
    for x in (a, b):
        t1, t2, t3, t4 = x[1] + x[4], x[2] + x[3], x[1] - x[4], x[2] - x[3]
        t5, t6 = t1 + t2, c1 * (t1 - t2)
        t7 = x[0] - 0.25 * t5
        out.append((x[0] + t5, t7 + t6, t7 - t6, c3 * t3 - c2 * t4, c2 * t3 + c3 * t4))
    (t0, t8, t9, t10, t11), (u0, u8, u9, u10, u11) = out
    return [(t0, u0), (t8 - u11, u8 + t11), (t9 - u10, u9 + t10), (t9 + u10, u9 - t10), (t8 + u11, u8 - t11)]


def _eight(a: list[float], b: list[float], mu: int) -> list[tuple[float, float]]:
    c1 = -1 if mu in (3, 7) else 1
    c2 = float(np.float32(math.sqrt(0.5))) * (-1 if mu in (3, 5) else 1)
    c3 = c1 * c2
    y: list[tuple[float, float]] = [(0.0, 0.0)] * 8
    even, odd = [], []
    for x in (a, b):
        s0, s1, s2, s3 = x[0] + x[4], x[1] + x[5], x[2] + x[6], x[3] + x[7]
        d0, d2 = x[0] - x[4], c1 * (x[2] - x[6])
        p, q = c2 * ((x[1] - x[5]) - (x[3] - x[7])), c3 * ((x[1] - x[5]) + (x[3] - x[7]))
        even.append((s0 + s2, s1 + s3, s0 - s2, c1 * (s1 - s3)))
        odd.append((d0 + p, d2 - q, d0 - p, d2 + q))
    (t0, t1, t2, t3), (u0, u1, u2, u3) = even
    y[0], y[4], y[2], y[6] = (t0 + t1, u0 + u1), (t0 - t1, u0 - u1), (t2 - u3, u2 + t3), (t2 + u3, u2 - t3)
    (t0, t1, t2, t3), (u0, u1, u2, u3) = odd
    y[1], y[7], y[3], y[5] = (t0 - u3, u0 + t3), (t0 + u3, u0 - t3), (t2 + u1, u2 - t1), (t2 - u1, u2 + t1)
    return y


def radix_list(prime: int, exponent: int) -> list[int]:
    if prime != 2:
        return [prime] * exponent
    if exponent % 2 == 0:
        return [4] * (exponent // 2)
    fours, odd = ((exponent - 1) // 2, 2) if exponent % 4 == 1 else ((exponent - 3) // 2, 8)
    radices = [4] * fours
    radices.insert((fours + 1) // 2, odd)
    return radices


def transform(re: list[float], im: list[float], sign: int) -> tuple[list[float], list[float]]:
    """Transform of one row, unnormalised, kernel exp(sign 2 pi i j k / N)."""
    re, im, size = list(re), list(im), len(re)
    rest = size
    for prime in (2, 3, 5):
        exponent = 0
        while rest % prime == 0:
            rest, exponent = rest // prime, exponent + 1
        if exponent == 0:
            continue
        m = prime**exponent
        r = size // m
        for o in range(0, size, m):
            index = [(o + i * r) % size for i in range(m)]
            a, b = _rotated([re[i] for i in index], [im[i] for i in index], radix_list(prime, exponent), r, sign)
            for i, x, y in zip(index, a, b, strict=True):
                re[i], im[i] = x, y
    return re, im


def _rotated(
    a: list[float], b: list[float], radices: list[int], rotation: int, sign: int
) -> tuple[list[float], list[float]]:
    m, la = len(a), 1
    delta = TWO_PI_32 / m
    for radix in radices:
        modulus = 4 if radix == 2 else radix
        mu = rotation % modulus if sign > 0 else modulus - rotation % modulus
        length = m // la
        step = length // radix
        for start in range(0, m, length):
            for k in range(step):
                at = [start + k + q * step for q in range(radix)]
                x, y = [a[i] for i in at], [b[i] for i in at]
                for q, (re, im) in enumerate(rotate(x, y, radix, mu)):
                    if radix == 2 and q == 1 and 4 * la * k == m:
                        s = -1 if mu == 3 else 1
                        re, im = s * (y[1] - y[0]), s * (x[0] - x[1])
                    elif q and k:
                        angle = float((q * la * k * (rotation % m)) % m) * delta
                        co, si = math.cos(angle), sign * math.sin(angle)
                        re, im = co * re - si * im, si * re + co * im
                    a[at[q]], b[at[q]] = re, im
        la *= radix
    out_a, out_b = [0.0] * m, [0.0] * m
    for position in range(m):
        rest, size, stride, k = position, m, 1, 0
        for radix in radices:
            size //= radix
            k += (rest // size) * stride
            rest, stride = rest % size, stride * radix
        out_a[k], out_b[k] = a[position], b[position]
    return out_a, out_b
