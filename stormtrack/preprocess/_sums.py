"""Kernels of the Legendre sums (specification 05, sections 2.7 and 2.8).

Sums over rows run from the south, sums over total wavenumbers upward, one term at a time: the loops that run side
by side are over independent sums.
"""

from __future__ import annotations

from ..kernels._policy import kernel, lean_kernel


@lean_kernel
def load_rows(frame, restricts, upper, replacement, re):
    """Copy a frame (float32, shape (rows, columns)) into `re` (float64, shape (columns, rows)), restricted."""
    rows, columns = frame.shape
    for k in range(rows):
        for i in range(columns):
            value = frame[k, i]
            if restricts and value > upper:
                value = replacement
            re[i, k] = value


@kernel
def sum_over_rows(re, im, place, legendre, weight, truncation, scale, out_re, out_im):
    """Spectral coefficients A of every (m, n).

    Parameters
    ----------
    re, im : float64, shape (columns, rows)
        Transformed rows; wavenumber m at ``place[m]``.
    legendre : float64, shape (rows, n_coefficients)
    weight : float64, shape (rows,)
    scale : float64
        K2.
    out_re, out_im : float64, shape (n_coefficients,)
        Filled.
    """
    start = 0
    for m in range(truncation + 1):
        stop = start + truncation + 1 - m
        sum_re, sum_im = out_re[start:stop], out_im[start:stop]
        sum_re[:] = 0.0
        sum_im[:] = 0.0
        for k in range(len(weight)):
            w, g_re, g_im = weight[k], re[place[m], k], -im[place[m], k]
            p = legendre[k, start:stop]
            for n in range(len(p)):
                sum_re[n] += w * (p[n] * g_re)
                sum_im[n] += w * (p[n] * g_im)
        factor = -scale if m % 2 else scale
        for n in range(len(sum_re)):
            sum_re[n] = factor * sum_re[n]
            sum_im[n] = factor * sum_im[n]
        start = stop


@lean_kernel
def sum_over_degrees(basis, band, coef_re, coef_im, lowest, highest, out_re, out_im):
    """Sums over n of basis[n, m] (band[n] A[n, m]) for every m and row.

    Parameters
    ----------
    basis : float64, shape (n_coefficients, rows)
    band : float32, shape (truncation + 1,)
    coef_re, coef_im : float64, shape (n_coefficients,)
    lowest, highest : int
        Degrees outside have no part in the sums (their terms would be zeros, which change no bit).
    out_re, out_im : float64, shape (truncation + 1, rows)
        Filled.
    """
    top = len(band) - 1
    rows = basis.shape[1]
    start = 0
    for m in range(top + 1):
        sum_re, sum_im = out_re[m], out_im[m]
        sum_re[:] = 0.0
        sum_im[:] = 0.0
        for n in range(max(m, lowest), highest + 1):
            at = start + n - m
            a_re, a_im = band[n] * coef_re[at], band[n] * coef_im[at]
            p = basis[at]
            for r in range(rows):
                sum_re[r] += p[r] * a_re
                sum_im[r] += p[r] * a_im
        start += top + 1 - m


@lean_kernel
def fill_waves(g_re, g_im, scale, re, im):
    """Spread the half-spectrum g (shape (truncation + 1, rows)) over the full circle `re`, `im` (columns, rows)."""
    columns, rows = re.shape
    top = g_re.shape[0] - 1
    re[:] = 0.0
    im[:] = 0.0
    for j in range(min(top, columns // 2) + 1):
        factor = -scale if j % 2 else scale
        for r in range(rows):
            a, b = factor * g_re[j, r], factor * g_im[j, r]
            if j == 0:
                re[0, r] = a
                im[0, r] = b
            else:
                re[j, r] = a
                im[j, r] = -b
                re[columns - j, r] = a
                im[columns - j, r] = b


@lean_kernel
def store_rows(re, place, divisor, out):
    """Round the real parts, divided by `divisor`, into `out` (float32, shape (rows, columns))."""
    rows, columns = out.shape
    for i in range(columns):
        source = re[place[i]]
        for k in range(rows):
            out[k, i] = source[k] / divisor
