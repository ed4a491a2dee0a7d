"""Radix-2 Fourier transform and the Fourier smoothing of a closed boundary.

References
----------
Specification 02, section 14. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D
from ..kernels.declare import helper

TWO_PI = 2.0 * 3.14159265358979323846
TOO_FEW = -1
"""Status: the fixed number of frequencies is smaller than the boundary needs."""


class Spectra(NamedTuple):
    """Work for a boundary's samples and their frequencies: float64, real and imaginary parts."""

    a_real: F64_1D
    a_imag: F64_1D
    b_real: F64_1D
    b_imag: F64_1D

    @classmethod
    def of(cls, count: int) -> Spectra:
        """Work for up to `count` frequencies."""
        return cls(*(np.empty(count, np.float64) for _ in range(4)))


def most_frequencies(n: int, fixed: int, extra: int) -> int:
    """No fewer frequencies than any boundary of up to `n` points needs."""
    return 1 << max(fixed if fixed > 0 else n.bit_length() + 1 + extra, 0)


@helper
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


@helper
def frequency_exponent(n, fixed, extra):
    """Exponent of the number of frequencies for a boundary of `n` points; TOO_FEW if `fixed` does not suffice."""
    exponent = int(math.log(np.float64(np.float32(n))) / math.log(2.0))
    if 1 << exponent != n:
        exponent += 1
    if fixed > 0:
        return fixed if fixed >= exponent else TOO_FEW
    return exponent + extra


@helper
def resample(coordinate, n, out):
    """Samples (float64) at equal steps of the vertex number along a closed list of `n` float32 values."""
    count = len(out)
    out[0] = coordinate[0]
    for j in range(1, count):
        place = np.float32(np.float32(j * (n - 1)) / np.float32(count))
        i = int(place)
        fraction = np.float32(place - np.float32(i))
        step = np.float32(coordinate[i + 1] - coordinate[i])
        out[j] = np.float32(coordinate[i] + np.float32(fraction * step))


@helper
def smooth_closed(x, y, n, modes, spectra, out_x, out_y):
    """Keep `modes` frequencies of a closed boundary.

    Parameters
    ----------
    x, y : float32, shape (>= n,)
        Boundary, the first vertex repeated as the last.
    n : int
        Its length.
    modes : int
        Highest frequency kept, below half their number.
    spectra : Spectra
        Work; at least ``len(out_x) - 1`` frequencies.
    out_x, out_y : float32, shape (count + 1,)
        Receive the smoothed boundary, closed; `count`, the number of frequencies, is a power of 2.
    """
    count = len(out_x) - 1
    a_real, a_imag = spectra.a_real[:count], spectra.a_imag[:count]
    b_real, b_imag = spectra.b_real[:count], spectra.b_imag[:count]
    resample(x, n, a_real)
    resample(y, n, a_imag)
    transform(a_real, a_imag, b_real, b_imag, False)
    for k in range(modes + 1, count - modes):
        b_real[k] *= 0.0
        b_imag[k] *= 0.0
    transform(b_real, b_imag, a_real, a_imag, True)
    for k in range(count):
        out_x[k] = np.float32(a_real[k])
        out_y[k] = np.float32(a_imag[k])
    out_x[count] = out_x[0]
    out_y[count] = out_y[0]
