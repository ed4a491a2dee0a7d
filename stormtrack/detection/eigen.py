"""Eigenvalues and vectors of a symmetric 3 x 3 matrix in the original's order of operations.

References
----------
Specification 02, section 15 (eigen-solver); Martin, Reinsch and Wilkinson (1968), Bowdler et al. (1968).
Parity: bitwise, signs of zeros included.
"""

from __future__ import annotations

import math

from ..kernels.declare import helper

MOST_SWEEPS = 30


@helper
def householder3(s, d, e, q):
    """Reduce symmetric `s` (float64 3 x 3, lower triangle used and overwritten) to tridiagonal form.

    `d` (3,) receives the diagonal, `e` (3,) the off-diagonal (e[1], e[2]) shifted to (e[0], e[1]) with e[2] = 0,
    `q` (3, 3) the reflection.
    """
    for i in range(3):
        for j in range(3):
            q[i, j] = 1.0 if i == j else 0.0
    u = s[2, 0]
    v = s[2, 1]
    scale = abs(u) + abs(v)
    if scale <= 1.0e-10:
        off1 = s[1, 0]
        off2 = v
    else:
        u = u / scale
        v = v / scale
        h = u * u + v * v
        g = -math.sqrt(h) if v > 0.0 else math.sqrt(h)
        off2 = scale * g
        h = h - v * g
        v = v - g
        w0 = u / h
        w1 = v / h
        a0 = (s[0, 0] * u + s[1, 0] * v) / h
        a1 = (s[1, 0] * u + s[1, 1] * v) / h
        kappa = (a0 * u + a1 * v) / (h + h)
        a0 = a0 - kappa * u
        a1 = a1 - kappa * v
        s[0, 0] -= u * a0 + a0 * u
        s[1, 0] -= v * a0 + a1 * u
        s[1, 1] -= v * a1 + a1 * v
        off1 = s[1, 0]
        q[0, 0] = 1.0 - u * w0
        q[1, 0] = 0.0 - u * w1
        q[0, 1] = 0.0 - v * w0
        q[1, 1] = 1.0 - v * w1
    d[0] = s[0, 0]
    d[1] = s[1, 1]
    d[2] = s[2, 2]
    e[0] = off1
    e[1] = off2
    e[2] = 0.0


@helper
def first_split(d, e, low):
    """Smallest index >= `low` whose off-diagonal element is negligible (2 at the latest)."""
    m = low
    while m < 2:
        size = abs(d[m]) + abs(d[m + 1])
        if (abs(e[m]) + size) - size < 1.0e-8:
            break
        m += 1
    return m


@helper
def ql_sweep(d, e, q, low, m):
    """One implicit QL sweep with shift over the rows low..m."""
    theta = (0.5 * (d[low + 1] - d[low])) / e[low]
    rho = math.sqrt(theta * theta + 1.0)
    g = (d[m] - d[low]) + e[low] / (theta + (-rho if theta < 0.0 else rho))
    s = 1.0
    c = 1.0
    pi = 0.0
    for i in range(m - 1, low - 1, -1):
        f = s * e[i]
        b = c * e[i]
        if abs(f) >= abs(g):
            t = g / f
            r = math.sqrt(t * t + 1.0)
            e[i + 1] = f * r
            s = 1.0 / r
            c = t * s
        else:
            t = f / g
            r = math.sqrt(t * t + 1.0)
            e[i + 1] = g * r
            c = 1.0 / r
            s = t * c
        g = d[i + 1] - pi
        r = (d[i] - g) * s + (2.0 * c) * b
        pi = s * r
        d[i + 1] = g + pi
        g = c * r - b
        for k in range(3):
            old = q[k, i]
            last = q[k, i + 1]
            q[k, i + 1] = s * old + c * last
            q[k, i] = c * old - s * last
    d[low] = d[low] - pi
    e[low] = g
    e[m] = 0.0


@helper
def sort_descending(d, q):
    """Exchange values and columns into descending order; of equal values the last moves to the front."""
    for i in range(2):
        best = i
        for j in range(i + 1, 3):
            if d[j] >= d[best]:
                best = j
        if best != i:
            d[i], d[best] = d[best], d[i]
            for k in range(3):
                q[k, i], q[k, best] = q[k, best], q[k, i]


@helper
def eigen3(s, d, e, q):
    """Eigenvalues (descending) and vectors of the symmetric matrix `s`.

    Parameters
    ----------
    s : float64, shape (3, 3)
        Matrix; the lower triangle is used and destroyed.
    d : float64, shape (3,)
        Receives the eigenvalues.
    e : float64, shape (3,)
        Work.
    q : float64, shape (3, 3)
        Receives the eigenvectors as columns.

    Returns
    -------
    bool
        Whether the sweeps converged (at most 30 each, where the original stops).
    """
    householder3(s, d, e, q)
    for low in range(3):
        sweeps = 0
        m = first_split(d, e, low)
        while m != low:
            if sweeps == MOST_SWEEPS:
                return False
            sweeps += 1
            ql_sweep(d, e, q, low, m)
            m = first_split(d, e, low)
    sort_descending(d, q)
    return True
