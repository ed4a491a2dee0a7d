"""Radix-2 Fourier transform and the Fourier smoothing of a closed boundary.

References
----------
Specification 02, section 14. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernels._policy import kernel, lean_kernel

TWO_PI = 2.0 * 3.14159265358979323846
TOO_FEW = -1
"""Status: the fixed number of frequencies is smaller than the boundary needs."""


@lean_kernel
def transform(real, imag, out_real, out_imag, inverse):
    """Discrete Fourier transform of 2**k complex float64 values by decimation in time.

    Parameters
    ----------
    real, imag : float64, shape (n,)
        Input, kept.
    out_real, out_imag : float64, shape (n,)
        Result; the inverse is divided by n.
    inverse : bool
        Positive exponent.
    """
    n = len(real)
    bits = 0
    while 1 << bits < n:
        bits += 1
    for i in range(n):
        mirrored = 0
        for b in range(bits):
            mirrored |= ((i >> b) & 1) << (bits - 1 - b)
        out_real[mirrored] = real[i]
        out_imag[mirrored] = imag[i]
    turn = TWO_PI if inverse else -TWO_PI
    span = 2
    while span <= n:
        half = span // 2
        for k in range(half):
            angle = turn * np.float64(np.float32(np.float32(k) / np.float32(span)))
            wr = math.cos(angle)
            wi = math.sin(angle)
            for p in range(k, n, span):
                q = p + half
                zr = wr * out_real[q] - wi * out_imag[q]
                zi = wr * out_imag[q] + wi * out_real[q]
                out_real[q] = out_real[p] - zr
                out_imag[q] = out_imag[p] - zi
                out_real[p] = out_real[p] + zr
                out_imag[p] = out_imag[p] + zi
        span *= 2
    if inverse:
        for i in range(n):
            out_real[i] = out_real[i] / n
            out_imag[i] = out_imag[i] / n


@lean_kernel
def frequency_exponent(n, fixed, extra):
    """Exponent of the number of frequencies for a boundary of `n` points; TOO_FEW if `fixed` does not suffice."""
    exponent = int(math.log(np.float64(np.float32(n))) / math.log(2.0))
    if 1 << exponent != n:
        exponent += 1
    if fixed > 0:
        return fixed if fixed >= exponent else TOO_FEW
    return exponent + extra


@kernel
def resample(coordinate, n, count):
    """`count` samples (float64) at equal steps of the vertex number along a closed list of `n` float32 values."""
    out = np.empty(count, np.float64)
    out[0] = coordinate[0]
    for j in range(1, count):
        place = np.float32(np.float32(j * (n - 1)) / np.float32(count))
        i = int(place)
        fraction = np.float32(place - np.float32(i))
        step = np.float32(coordinate[i + 1] - coordinate[i])
        out[j] = np.float32(coordinate[i] + np.float32(fraction * step))
    return out


@kernel
def smooth_closed(x, y, n, count, modes):
    """Keep `modes` frequencies of a closed boundary.

    Parameters
    ----------
    x, y : float32, shape (>= n,)
        Boundary, the first vertex repeated as the last.
    n : int
        Its length.
    count : int
        Number of frequencies, a power of 2.
    modes : int
        Highest frequency kept, below count / 2.

    Returns
    -------
    x, y : float32, shape (count + 1,)
        Smoothed boundary, closed.
    """
    a_real = resample(x, n, count)
    a_imag = resample(y, n, count)
    b_real = np.empty(count, np.float64)
    b_imag = np.empty(count, np.float64)
    transform(a_real, a_imag, b_real, b_imag, False)
    for k in range(modes + 1, count - modes):
        b_real[k] *= 0.0
        b_imag[k] *= 0.0
    transform(b_real, b_imag, a_real, a_imag, True)
    out_x = np.empty(count + 1, np.float32)
    out_y = np.empty(count + 1, np.float32)
    for k in range(count):
        out_x[k] = a_real[k]
        out_y[k] = a_imag[k]
    out_x[count] = out_x[0]
    out_y[count] = out_y[0]
    return out_x, out_y
