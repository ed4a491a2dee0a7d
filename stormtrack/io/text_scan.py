"""Kernels that read words and numbers from the bytes of a text file.

A number with at most 19 digits and a decimal exponent within ±22 is one exact float64 operation away from its
correctly rounded value; the rounding to float32 is safe unless that float64 lies half way between two float32
values. Everything else (``1e-30``, long digit strings, half-way cases) is left to exact rational arithmetic in
`text_tokens`.

References
----------
Specification 01, sections 2 and 11; W. D. Clinger (1990), How to read floating point numbers accurately.
Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernels._policy import lean_kernel

READ, UNSETTLED, NOT_A_NUMBER = 0, 1, 2
"""States of a scanned number: read; needs exact arithmetic; no number there."""

NEWLINE, BLANK, AMPERSAND = 10, 32, 38
POWERS = np.array([float(10**k) for k in range(23)], np.float64)
NAN_BITS = np.array([0x7FC00000, 0xFFC00000], np.uint32).view(np.float32)


@lean_kernel
def is_blank(byte):
    """White space within a line."""
    return byte == BLANK or (9 <= byte <= 13 and byte != NEWLINE)


@lean_kernel
def skip_blanks(data, pos, end):
    """First position in ``[pos, end)`` that holds no white space, else `end`."""
    while pos < end and is_blank(data[pos]):
        pos += 1
    return pos


@lean_kernel
def line_end(data, pos):
    """Position of the newline that ends the line at `pos`, or the end of the data."""
    while pos < len(data) and data[pos] != NEWLINE:
        pos += 1
    return pos


@lean_kernel
def next_line(data, pos, line):
    """Skip blank lines: (start, end, number) of the next line with text; start = -1 at the end of the data."""
    while pos < len(data):
        end = line_end(data, pos)
        line += 1
        if skip_blanks(data, pos, end) < end:
            return pos, end, line
        pos = end + 1
    return -1, -1, line


@lean_kernel
def find(data, pos, end, word):
    """Position behind the first occurrence of the bytes `word` in ``[pos, end)``, or -1."""
    size = len(word)
    for i in range(pos, end - size + 1):
        hit = True
        for j in range(size):
            if data[i + j] != word[j]:
                hit = False
                break
        if hit:
            return i + size
    return -1


@lean_kernel
def scan_integer(data, pos, end):
    """Decimal integer: (position behind it, value, state)."""
    pos = skip_blanks(data, pos, end)
    negative = False
    if pos < end and (data[pos] == 43 or data[pos] == 45):
        negative = data[pos] == 45
        pos += 1
    first = pos
    value = 0
    while pos < end and 48 <= data[pos] <= 57:
        if pos - first >= 18:
            return pos, 0, NOT_A_NUMBER
        value = value * 10 + (np.int64(data[pos]) - 48)
        pos += 1
    if pos == first:
        return pos, 0, NOT_A_NUMBER
    return pos, -value if negative else value, READ


@lean_kernel
def scan_exponent(data, pos, end):
    """Optional decimal exponent behind a mantissa: (position behind it, value)."""
    if pos >= end or (data[pos] != 101 and data[pos] != 69):
        return pos, 0
    look = pos + 1
    negative = False
    if look < end and (data[look] == 43 or data[look] == 45):
        negative = data[look] == 45
        look += 1
    first = look
    value = 0
    while look < end and 48 <= data[look] <= 57:
        value = min(value * 10 + (np.int64(data[look]) - 48), 100000)
        look += 1
    if look == first:
        return pos, 0
    return look, -value if negative else value


@lean_kernel
def scan_word_value(data, pos, end, negative):
    """``nan``, ``inf`` or ``infinity`` in any case: (position behind it, value, state)."""
    if pos + 3 <= end:
        a, b, c = data[pos] | 32, data[pos + 1] | 32, data[pos + 2] | 32
        if a == 110 and b == 97 and c == 110:
            return pos + 3, NAN_BITS[1 if negative else 0], READ
        if a == 105 and b == 110 and c == 102:
            return pos + 3, np.float32(-math.inf if negative else math.inf), READ
    return pos, np.float32(0.0), NOT_A_NUMBER


@lean_kernel
def settle(mantissa, exponent, negative, exact):
    """Float32 of ``mantissa * 10**exponent``: (value, state)."""
    sign = -1.0 if negative else 1.0
    if mantissa == 0 and exact:
        return np.float32(sign * 0.0), READ
    if not exact or mantissa > 9007199254740992 or abs(exponent) > 22:
        return np.float32(0.0), UNSETTLED
    value = np.float64(mantissa)
    value = value / POWERS[-exponent] if exponent < 0 else value * POWERS[exponent]
    rounded = np.float32(value)
    if value < 1.2e-38 or value > 3.4e38:
        return np.float32(0.0), UNSETTLED
    wide = np.float64(rounded)
    if wide != value:
        # half way between two neighbours? the distance to the chosen one then equals half their spacing
        _, power = math.frexp(value)
        if abs(value - wide) >= math.ldexp(1.0, power - 25):
            return np.float32(0.0), UNSETTLED
    return np.float32(sign * wide), READ


@lean_kernel
def scan_real(data, pos, end):
    """Real number: (position of its first character, position behind it, float32 value, state)."""
    pos = skip_blanks(data, pos, end)
    start = pos
    negative = False
    if pos < end and (data[pos] == 43 or data[pos] == 45):
        negative = data[pos] == 45
        pos += 1
    mantissa = 0
    digits = 0
    dropped = 0
    exact = True
    seen = False
    point = False
    exponent = 0
    while pos < end:
        byte = data[pos]
        if 48 <= byte <= 57:
            seen = True
            if digits < 18:
                mantissa = mantissa * 10 + (np.int64(byte) - 48)
                if mantissa > 0:
                    digits += 1
                if point:
                    exponent -= 1
            else:
                exact = False
                dropped += 1
        elif byte == 46 and not point:
            point = True
        else:
            break
        pos += 1
    if not seen:
        behind, special, state = scan_word_value(data, pos, end, negative)
        return start, behind, special, state
    pos, power = scan_exponent(data, pos, end)
    value, state = settle(mantissa, exponent + power, negative, exact)
    return start, pos, value, state


INTEGER_COLUMN, REAL_COLUMN, OPTIONAL_COLUMN = 0, 1, 2
"""Kinds of columns of a row: integer, float32, integer that may be absent (then 0)."""

OK, ENDS_EARLY, BAD_ROW, PATCHES_FULL, BAD_COUNT, BAD_TAG = 0, 1, 2, 3, 4, 5
"""What became of a scan."""


@lean_kernel
def scan_row(data, pos, end, kinds, integers, reals, row, table, patches, patched):
    """Read one row into row `row` of the tables: (status, number of patches)."""
    taken_integers = 0
    taken_reals = 0
    for kind in kinds:
        pos = skip_blanks(data, pos, end)
        if pos < end and data[pos] == AMPERSAND:
            pos = skip_blanks(data, pos + 1, end)
        if kind == REAL_COLUMN:
            start, pos, value, state = scan_real(data, pos, end)
            if state == NOT_A_NUMBER:
                return BAD_ROW, patched
            if state == UNSETTLED:
                if patched >= len(patches):
                    return PATCHES_FULL, patched
                patches[patched, 0] = table
                patches[patched, 1] = row * reals.shape[1] + taken_reals
                patches[patched, 2] = start
                patches[patched, 3] = pos
                patched += 1
            reals[row, taken_reals] = value
            taken_reals += 1
        else:
            pos, number, state = scan_integer(data, pos, end)
            if state == NOT_A_NUMBER and kind == INTEGER_COLUMN:
                return BAD_ROW, patched
            integers[row, taken_integers] = number
            taken_integers += 1
    return OK, patched


@lean_kernel
def scan_rows(data, pos, line, count, kinds, integers, reals, first, table, patches, patched):
    """Read `count` rows, one a line, into rows ``first ...`` of the tables.

    Parameters
    ----------
    data : uint8
        The file.
    pos, line : int
        Where to go on and the number of the line before.
    count : int
        Rows to read.
    kinds : int64
        Column kinds in the order of the row.
    integers, reals : int64 and float32, two-dimensional
        Tables to fill.
    first, table : int
        First row to fill; number of the table (noted in `patches`).
    patches, patched : int64, shape (n, 4); int
        Numbers that need exact arithmetic: table, flat index into `reals`, start and end in `data`; how many so far.

    Returns
    -------
    status, pos, line, patched : int
    """
    for row in range(first, first + count):
        start, end, line = next_line(data, pos, line)
        if start < 0:
            return ENDS_EARLY, pos, line, patched
        status, patched = scan_row(data, start, end, kinds, integers, reals, row, table, patches, patched)
        if status != OK:
            return status, pos, line, patched
        pos = end + 1
    return OK, pos, line, patched


@lean_kernel
def scan_tagged(data, pos, line, tag, optional):
    """Integer behind `tag` on the next line: (status, value, position behind the value, next line, line number).

    With `optional` a line without the tag is left unread and the status is ``BAD_TAG``.
    """
    start, end, number = next_line(data, pos, line)
    if start < 0:
        return ENDS_EARLY, 0, pos, pos, number
    behind = find(data, start, end, tag)
    if behind < 0:
        return BAD_TAG, 0, pos, pos, line if optional else number
    while behind < end and not is_blank(data[behind]):
        behind += 1
    behind, value, state = scan_integer(data, behind, end)
    if state == NOT_A_NUMBER:
        return BAD_ROW, 0, behind, pos, number
    return OK, value, behind, end + 1, number
