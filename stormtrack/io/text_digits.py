"""Kernels that print tables of numbers exactly as C's ``printf`` does.

A float32 is ``m * 2**e`` with a mantissa below 2**24, so its decimal digits follow from integer arithmetic on at
most 87 bits; the result is the correctly rounded one (ties to even digit), as with the C library. Values outside
the range of that arithmetic are left to the caller.

References
----------
Specification 01, section 11. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import lean_kernel

INTEGER, FIXED, SCIENTIFIC, OPTIONAL, WIDE = 0, 1, 2, 3, 4
"""Column kinds: ``%d``, ``%f``, ``%e``, ``%d`` left out when 0 (with blanks behind it), ``%10ld``."""

CELL_WIDTH = 24
"""No cell that these kernels print is wider (bytes)."""

MISSING_BITS = 0x69045951
"""Bits of float32 1e25, the value of undefined additional fields."""

MILLION = np.uint64(1_000_000)
ZERO, NINE, POINT, MINUS, BLANK = 48, 57, 46, 45, 32

FIVES = np.array([5**k for k in range(28)], np.uint64)


@lean_kernel
def put_integer(out, pos, value, width):
    """Decimal digits of an int64, right-aligned in `width`; returns the new position."""
    negative = value < 0
    rest = np.uint64(-value) if negative else np.uint64(value)
    digits = 1
    probe = rest // np.uint64(10)
    while probe > np.uint64(0):
        digits += 1
        probe //= np.uint64(10)
    for _ in range(width - digits - (1 if negative else 0)):
        out[pos] = BLANK
        pos += 1
    if negative:
        out[pos] = MINUS
        pos += 1
    for i in range(digits - 1, -1, -1):
        out[pos + i] = ZERO + np.int64(rest % np.uint64(10))
        rest //= np.uint64(10)
    return pos + digits


@lean_kernel
def put_digits(out, pos, value, count):
    """The last `count` decimal digits of `value`, with leading zeros; returns the new position."""
    for i in range(count - 1, -1, -1):
        out[pos + i] = ZERO + np.int64(value % np.uint64(10))
        value //= np.uint64(10)
    return pos + count


@lean_kernel
def half_even(quotient, remainder, half):
    """`quotient` rounded by its `remainder`; ties go to the even number."""
    if remainder > half or (remainder == half and (quotient & np.uint64(1)) == np.uint64(1)):
        return quotient + np.uint64(1)
    return quotient


@lean_kernel
def put_special(out, pos, fraction):
    """``nan`` or ``inf``."""
    if fraction != 0:
        out[pos], out[pos + 1], out[pos + 2] = 110, 97, 110
    else:
        out[pos], out[pos + 1], out[pos + 2] = 105, 110, 102
    return pos + 3


@lean_kernel
def put_fixed(out, pos, mantissa, exponent):
    """``%f`` of ``mantissa * 2**exponent`` (at most 2**40); -1 if it is larger."""
    if exponent > 16:
        return -1
    scaled = mantissa * MILLION
    if exponent >= 0:
        value = scaled << np.uint64(exponent)
    elif exponent <= -64:
        value = np.uint64(0)  # below 2**44 / 2**64: rounds to zero
    else:
        shift = np.uint64(-exponent)
        one = np.uint64(1)
        value = half_even(scaled >> shift, scaled & ((one << shift) - one), one << (shift - one))
    whole = value // MILLION
    pos = put_integer(out, pos, np.int64(whole), 0)
    out[pos] = POINT
    return put_digits(out, pos + 1, value - whole * MILLION, 6)


@lean_kernel
def shifted_product(mantissa, power, shift):
    """``mantissa * power / 2**shift`` rounded half to even, with the unrounded quotient: (rounded, quotient)."""
    mask = np.uint64(0xFFFFFFFF)
    thirty_two = np.uint64(32)
    one = np.uint64(1)
    low_part = mantissa * (power & mask)
    high_part = mantissa * (power >> thirty_two)
    low = low_part + (high_part << thirty_two)
    high = (high_part >> thirty_two) + (one if low < low_part else np.uint64(0))
    if shift <= 0:
        value = low << np.uint64(-shift)
        return value, value
    s = np.uint64(shift)
    if shift < 64:
        quotient = (low >> s) | (high << (np.uint64(64) - s))
        return half_even(quotient, low & ((one << s) - one), one << (s - one)), quotient
    if shift == 64:
        return half_even(high, low, one << np.uint64(63)), high
    if shift > 127:
        return np.uint64(0), np.uint64(0)
    t = np.uint64(shift - 64)
    quotient = high >> t
    remainder = high & ((one << t) - one)
    sticky = (remainder << one) | (one if low != np.uint64(0) else np.uint64(0))
    return half_even(quotient, sticky, one << t), quotient


@lean_kernel
def divided(mantissa, exponent, places):
    """``mantissa * 2**exponent / 10**places`` rounded half to even, with the unrounded quotient."""
    two = exponent - places
    numerator = mantissa << np.uint64(two) if two > 0 else mantissa
    denominator = FIVES[places]
    if two < 0:
        denominator = denominator << np.uint64(-two)
    quotient = numerator // denominator
    return half_even(quotient, np.uint64(2) * (numerator - quotient * denominator), denominator), quotient


@lean_kernel
def scaled_digits(mantissa, exponent, decade):
    """Seven digits of the value if its decimal exponent is `decade`: (rounded, unrounded)."""
    power = 6 - decade
    if power >= 0:
        return shifted_product(mantissa, FIVES[power], -(exponent + power))
    return divided(mantissa, exponent, -power)


@lean_kernel
def put_scientific(out, pos, mantissa, exponent):
    """``%e`` of ``mantissa * 2**exponent``; -1 if outside 1e-21 to 2**63."""
    decade = 0
    digits = np.uint64(0)
    if mantissa != np.uint64(0):
        length = exponent - 1
        probe = mantissa
        while probe > np.uint64(0):
            probe >>= np.uint64(1)
            length += 1
        if length < -69 or exponent > 39:
            return -1
        decade = (length * 1233) >> 12  # floor(length * log10(2)), possibly one too small
        digits, quotient = scaled_digits(mantissa, exponent, decade)
        if quotient >= np.uint64(10) * MILLION:
            decade += 1
            digits, quotient = scaled_digits(mantissa, exponent, decade)
        if digits == np.uint64(10) * MILLION:
            digits = MILLION
            decade += 1
    out[pos] = ZERO + np.int64(digits // MILLION)
    out[pos + 1] = POINT
    pos = put_digits(out, pos + 2, digits, 6)
    out[pos] = 101
    out[pos + 1] = MINUS if decade < 0 else 43
    return put_digits(out, pos + 2, np.uint64(abs(decade)), 2)


@lean_kernel
def put_real(out, pos, bits, scientific):
    """``%f`` or ``%e`` of the float32 with these bits; -1 if the value is outside the range handled here."""
    if (bits >> 31) & 1:
        out[pos] = MINUS
        pos += 1
    biased = (bits >> 23) & 0xFF
    fraction = bits & 0x7FFFFF
    if biased == 255:
        return put_special(out, pos, fraction)
    mantissa = np.uint64(fraction if biased == 0 else fraction | 0x800000)
    exponent = -149 if biased == 0 else biased - 150
    if not scientific:
        return put_fixed(out, pos, mantissa, exponent)
    if bits == MISSING_BITS:
        pos = put_digits(out, pos, MILLION, 7)
        for i in range(pos - 1, pos - 7, -1):
            out[i + 1] = out[i]
        out[pos - 6] = POINT
        out[pos + 1], out[pos + 2], out[pos + 3], out[pos + 4] = 101, 43, 50, 53
        return pos + 5
    return put_scientific(out, pos, mantissa, exponent)


@lean_kernel
def put_row(cells, row, kinds, separators, separator_start, out, pos):
    """Print one row of a table (arguments as for `put_rows`); returns the new position, negative if it cannot."""
    for i in range(separator_start[1]):
        out[pos] = separators[i]
        pos += 1
    for column in range(cells.shape[1]):
        kind = kinds[column]
        cell = np.int64(cells[row, column])
        if kind == INTEGER or (kind == OPTIONAL and cell != 0):
            pos = put_integer(out, pos, cell, 0)
        elif kind == WIDE:
            pos = put_integer(out, pos, cell, 10)
        elif kind != OPTIONAL:
            pos = put_real(out, pos, cell, kind == SCIENTIFIC)
        if pos < 0:
            return pos
        follows = separator_start[column + 1]
        while kind == OPTIONAL and cell == 0 and separators[follows] == BLANK:
            follows += 1
        for i in range(follows, separator_start[column + 2]):
            out[pos] = separators[i]
            pos += 1
    return pos


@lean_kernel
def put_rows(cells, kinds, separators, separator_start, out, row_end, first, pos):
    """Print rows of a table until done or until a value cannot be handled here.

    Parameters
    ----------
    cells : int64, shape (rows, columns)
        Integers, or the bits of float32 values.
    kinds : int64, shape (columns,)
    separators, separator_start : uint8; int64, shape (columns + 2,)
        Bytes before the first column, then those that follow each column.
    out : uint8
        Text buffer, large enough.
    row_end : int64, shape (rows,)
        Filled with the end of each row in `out`.
    first, pos : int
        Row to start with and where to write.

    Returns
    -------
    int, int
        Row that could not be printed (number of rows when all were) and the position after the last row printed.
    """
    rows = cells.shape[0]
    for row in range(first, rows):
        after = put_row(cells, row, kinds, separators, separator_start, out, pos)
        if after < 0:
            return row, pos
        pos = after
        row_end[row] = pos
    return rows, pos


@lean_kernel
def copy_slices(data, begins, ends, out):
    """Copy ``data[begins[i]:ends[i]]`` one after another; returns the number of bytes."""
    pos = 0
    for i in range(len(begins)):
        for j in range(begins[i], ends[i]):
            out[pos] = data[j]
            pos += 1
    return pos
