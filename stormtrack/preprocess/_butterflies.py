"""Kernels of the prime-factor transform: butterflies over many rows (specification 05, section 2.6).

Every operation stands in the original's order. Rows are independent, so running them side by side leaves each
row's bits alone. All rows of an element are contiguous: element ``e`` of row ``r`` is ``re[e, r]``.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import F64_1D, F64_2D, I8_1D, I64_2D
from ..kernels.declare import helper, kernel


class Stage(NamedTuple):
    """All butterflies of one radix at one depth.

    Attributes
    ----------
    radix : int
        2, 3, 4, 5 or 8.
    constants : float64, shape (3,)
        Signed constants of the butterfly.
    where : int64, shape (n, radix)
        Places of the elements.
    twiddle_re, twiddle_im : float64, shape (n, radix - 1)
        Factors of the outputs 1 .. radix - 1.
    special : int8, shape (n,)
        0: multiply by the twiddles; 1: leave alone; 2: the radix-2 quarter turn.
    """

    radix: int
    constants: F64_1D
    where: I64_2D
    twiddle_re: F64_2D
    twiddle_im: F64_2D
    special: I8_1D


@helper
def _put(re, im, place, value, turn, plain):
    """Store a + ib, turned by co + i si unless `plain` (the first butterfly of a block is not multiplied)."""
    e, r = place
    a, b = value
    co, si = turn
    if plain:
        re[e, r] = a
        im[e, r] = b
    else:
        re[e, r] = co * a - si * b
        im[e, r] = si * a + co * b


@helper
def _radix_2(re, im, stage):
    sign = stage.constants[0]
    where, w_re, w_im, special = stage.where, stage.twiddle_re, stage.twiddle_im, stage.special
    for n in range(where.shape[0]):
        i, j = where[n, 0], where[n, 1]
        how, co, si = special[n], w_re[n, 0], w_im[n, 0]
        for r in range(re.shape[1]):
            a0, b0, a1, b1 = re[i, r], im[i, r], re[j, r], im[j, r]
            re[i, r] = a0 + a1
            im[i, r] = b0 + b1
            if how == 2:  # a quarter turn instead of the product
                re[j, r] = sign * (b1 - b0)
                im[j, r] = sign * (a0 - a1)
            else:
                _put(re, im, (j, r), (a0 - a1, b0 - b1), (co, si), how == 1)


@helper
def _radix_3(re, im, stage):
    c1 = stage.constants[0]
    where, w_re, w_im, special = stage.where, stage.twiddle_re, stage.twiddle_im, stage.special
    for n in range(where.shape[0]):
        i, j, k = where[n, 0], where[n, 1], where[n, 2]
        plain, co1, si1, co2, si2 = special[n] == 1, w_re[n, 0], w_im[n, 0], w_re[n, 1], w_im[n, 1]
        for r in range(re.shape[1]):
            a0, a1, a2 = re[i, r], re[j, r], re[k, r]
            b0, b1, b2 = im[i, r], im[j, r], im[k, r]
            t1, u1 = a1 + a2, b1 + b2
            t2, u2 = a0 - 0.5 * t1, b0 - 0.5 * u1
            t3, u3 = c1 * (a1 - a2), c1 * (b1 - b2)
            re[i, r] = a0 + t1
            im[i, r] = b0 + u1
            _put(re, im, (j, r), (t2 - u3, u2 + t3), (co1, si1), plain)
            _put(re, im, (k, r), (t2 + u3, u2 - t3), (co2, si2), plain)


@helper
def _radix_4(re, im, stage):
    sign = stage.constants[0]
    where, w_re, w_im, special = stage.where, stage.twiddle_re, stage.twiddle_im, stage.special
    for n in range(where.shape[0]):
        i, j, k, l = where[n, 0], where[n, 1], where[n, 2], where[n, 3]  # noqa: E741
        plain, co1, si1 = special[n] == 1, w_re[n, 0], w_im[n, 0]
        co2, si2, co3, si3 = w_re[n, 1], w_im[n, 1], w_re[n, 2], w_im[n, 2]
        for r in range(re.shape[1]):
            a0, a1, a2, a3 = re[i, r], re[j, r], re[k, r], re[l, r]
            b0, b1, b2, b3 = im[i, r], im[j, r], im[k, r], im[l, r]
            t0, t2, t1, t3 = a0 + a2, a0 - a2, a1 + a3, sign * (a1 - a3)
            u0, u2, u1, u3 = b0 + b2, b0 - b2, b1 + b3, sign * (b1 - b3)
            re[i, r] = t0 + t1
            im[i, r] = u0 + u1
            _put(re, im, (j, r), (t2 - u3, u2 + t3), (co1, si1), plain)
            _put(re, im, (k, r), (t0 - t1, u0 - u1), (co2, si2), plain)
            _put(re, im, (l, r), (t2 + u3, u2 - t3), (co3, si3), plain)


@helper
def _radix_5(re, im, stage):
    c = stage.constants
    where, w_re, w_im, special = stage.where, stage.twiddle_re, stage.twiddle_im, stage.special
    c1, c2, c3 = c[0], c[1], c[2]
    for n in range(where.shape[0]):
        e, w, z = where[n], w_re[n], w_im[n]
        plain = special[n] == 1
        for r in range(re.shape[1]):
            a0, a1, a2, a3, a4 = re[e[0], r], re[e[1], r], re[e[2], r], re[e[3], r], re[e[4], r]
            b0, b1, b2, b3, b4 = im[e[0], r], im[e[1], r], im[e[2], r], im[e[3], r], im[e[4], r]
            t1, t2, t3, t4 = a1 + a4, a2 + a3, a1 - a4, a2 - a3
            u1, u2, u3, u4 = b1 + b4, b2 + b3, b1 - b4, b2 - b3
            t5, u5 = t1 + t2, u1 + u2
            t6, u6 = c1 * (t1 - t2), c1 * (u1 - u2)
            t7, u7 = a0 - 0.25 * t5, b0 - 0.25 * u5
            t8, t9, u8, u9 = t7 + t6, t7 - t6, u7 + u6, u7 - u6
            t10, t11 = c3 * t3 - c2 * t4, c2 * t3 + c3 * t4
            u10, u11 = c3 * u3 - c2 * u4, c2 * u3 + c3 * u4
            re[e[0], r] = a0 + t5
            im[e[0], r] = b0 + u5
            _put(re, im, (e[1], r), (t8 - u11, u8 + t11), (w[0], z[0]), plain)
            _put(re, im, (e[2], r), (t9 - u10, u9 + t10), (w[1], z[1]), plain)
            _put(re, im, (e[3], r), (t9 + u10, u9 - t10), (w[2], z[2]), plain)
            _put(re, im, (e[4], r), (t8 + u11, u8 - t11), (w[3], z[3]), plain)


@helper
def _halves_of_8(x, c):
    """Sums and differences of one part (real or imaginary) of a radix-8 butterfly."""
    x0, x1, x2, x3, x4, x5, x6, x7 = x
    c1, c2, c3 = c[0], c[1], c[2]
    s0, d0, s2, d2 = x0 + x4, x0 - x4, x2 + x6, c1 * (x2 - x6)
    s1, s3 = x1 + x5, x3 + x7
    p = c2 * ((x1 - x5) - (x3 - x7))
    q = c3 * ((x1 - x5) + (x3 - x7))
    return s0 + s2, s0 - s2, s1 + s3, c1 * (s1 - s3), d0 + p, d0 - p, d2 - q, d2 + q


@helper
def _radix_8(re, im, stage):
    c = stage.constants
    where, w_re, w_im, special = stage.where, stage.twiddle_re, stage.twiddle_im, stage.special
    for n in range(where.shape[0]):
        e, w, z = where[n], w_re[n], w_im[n]
        plain = special[n] == 1
        e0, e1, e2, e3, e4, e5, e6, e7 = e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7]
        for r in range(re.shape[1]):
            t0, t2, t1, t3, v0, v2, v1, v3 = _halves_of_8(
                (re[e0, r], re[e1, r], re[e2, r], re[e3, r], re[e4, r], re[e5, r], re[e6, r], re[e7, r]), c
            )
            u0, u2, u1, u3, x0, x2, x1, x3 = _halves_of_8(
                (im[e0, r], im[e1, r], im[e2, r], im[e3, r], im[e4, r], im[e5, r], im[e6, r], im[e7, r]), c
            )
            re[e0, r] = t0 + t1
            im[e0, r] = u0 + u1
            _put(re, im, (e4, r), (t0 - t1, u0 - u1), (w[3], z[3]), plain)
            _put(re, im, (e2, r), (t2 - u3, u2 + t3), (w[1], z[1]), plain)
            _put(re, im, (e6, r), (t2 + u3, u2 - t3), (w[5], z[5]), plain)
            _put(re, im, (e1, r), (v0 - x3, x0 + v3), (w[0], z[0]), plain)
            _put(re, im, (e7, r), (v0 + x3, x0 - v3), (w[6], z[6]), plain)
            _put(re, im, (e3, r), (v2 + x1, x2 - v1), (w[2], z[2]), plain)
            _put(re, im, (e5, r), (v2 - x1, x2 + v1), (w[4], z[4]), plain)


@kernel
def transform_stage(re: F64_2D, im: F64_2D, stage: Stage) -> None:
    """Run all butterflies of one stage, in place on `re` and `im` (float64, shape (length, rows))."""
    if stage.radix == 2:
        _radix_2(re, im, stage)
    elif stage.radix == 3:
        _radix_3(re, im, stage)
    elif stage.radix == 4:
        _radix_4(re, im, stage)
    elif stage.radix == 5:
        _radix_5(re, im, stage)
    else:
        _radix_8(re, im, stage)
