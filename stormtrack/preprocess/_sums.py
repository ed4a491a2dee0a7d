"""Kernels of the Legendre sums (specification 05, sections 2.7 and 2.8).

Sums over rows run from the south, sums over total wavenumbers upward, one term at a time: the loops that run side
by side are over independent sums.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D, F64_1D, F64_2D, I64_1D
from ..kernels.declare import kernel


class Restriction(NamedTuple):
    """Values above `upper` are taken as `replacement` (float32), if at all."""

    applies: bool
    upper: np.float32
    replacement: np.float32


class Rows(NamedTuple):
    """Transformed rows: float64 parts, shape (columns, rows); wavenumber m stands at ``place[m]``."""

    re: F64_2D
    im: F64_2D
    place: I64_1D


class Coefficients(NamedTuple):
    """Spectral coefficients of every (m, n): m = 0..T, n = m..T; float64 parts, shape (n_coefficients,)."""

    re: F64_1D
    im: F64_1D


class Waves(NamedTuple):
    """Sums over n for every m and row: float64 parts, shape (truncation + 1, rows)."""

    re: F64_2D
    im: F64_2D


@kernel
def load_rows(frame: F32_2D, restriction: Restriction, re: F64_2D) -> None:
    """Copy a frame (float32, shape (rows, columns)) into `re` (float64, shape (columns, rows)), restricted."""
    rows, columns = frame.shape
    for k in range(rows):
        for i in range(columns):
            value = frame[k, i]
            if restriction.applies and value > restriction.upper:
                value = restriction.replacement
            re[i, k] = value


@kernel
def sum_over_rows(
    transformed: Rows, legendre: F64_2D, weight: F64_1D, truncation: int, scale: float, out: Coefficients
) -> None:
    """Spectral coefficients A of every (m, n).

    Parameters
    ----------
    transformed : Rows
    legendre : float64, shape (rows, n_coefficients)
    weight : float64, shape (rows,)
    scale : float64
        K2.
    out : Coefficients
        Filled.
    """
    re, im, place = transformed.re, transformed.im, transformed.place
    start = 0
    for m in range(truncation + 1):
        stop = start + truncation + 1 - m
        sum_re, sum_im = out.re[start:stop], out.im[start:stop]
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


@kernel
def sum_over_degrees(
    basis: F64_2D, band: F32_1D, coefficients: Coefficients, lowest: int, highest: int, out: Waves
) -> None:
    """Sums over n of basis[n, m] (band[n] A[n, m]) for every m and row.

    Parameters
    ----------
    basis : float64, shape (n_coefficients, rows)
    band : float32, shape (truncation + 1,)
    coefficients : Coefficients
    lowest, highest : int
        Degrees outside have no part in the sums (their terms would be zeros, which change no bit).
    out : Waves
        Filled.
    """
    top = len(band) - 1
    rows = basis.shape[1]
    start = 0
    for m in range(top + 1):
        sum_re, sum_im = out.re[m], out.im[m]
        sum_re[:] = 0.0
        sum_im[:] = 0.0
        for n in range(max(m, lowest), highest + 1):
            at = start + n - m
            a_re, a_im = band[n] * coefficients.re[at], band[n] * coefficients.im[at]
            p = basis[at]
            for r in range(rows):
                sum_re[r] += p[r] * a_re
                sum_im[r] += p[r] * a_im
        start += top + 1 - m


@kernel
def fill_waves(waves: Waves, scale: float, re: F64_2D, im: F64_2D) -> None:
    """Spread the half-spectrum over the full circle `re`, `im` (columns, rows)."""
    columns, rows = re.shape
    top = waves.re.shape[0] - 1
    re[:] = 0.0
    im[:] = 0.0
    for j in range(min(top, columns // 2) + 1):
        factor = -scale if j % 2 else scale
        for r in range(rows):
            a, b = factor * waves.re[j, r], factor * waves.im[j, r]
            if j == 0:
                re[0, r] = a
                im[0, r] = b
            else:
                re[j, r] = a
                im[j, r] = -b
                re[columns - j, r] = a
                im[columns - j, r] = b


@kernel
def store_rows(re: F64_2D, place: I64_1D, divisor: float, out: F32_2D) -> None:
    """Round the real parts, divided by `divisor`, into `out` (float32, shape (rows, columns))."""
    rows, columns = out.shape
    for i in range(columns):
        source = re[place[i]]
        for k in range(rows):
            out[k, i] = source[k] / divisor
