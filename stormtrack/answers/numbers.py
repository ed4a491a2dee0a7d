"""Numbers as C's scanf family reads them: what a token means, rounded once to the width asked for.

Parity: bitwise (specification 01, section 2); compared with glibc in the tests.
"""

from __future__ import annotations

import math
import struct
from decimal import Decimal, localcontext

_INT64_MAX = 2**63 - 1
_EXPONENT_LIMIT = 10**6
_MAX_INT_DIGITS = 25
"""Digits after leading zeros beyond which every integer saturates."""


def wrap_int32(text: bytes) -> int:
    """Value of a decimal integer stored in a C int: saturated to 64 bits, then wrapped modulo 2^32."""
    value = saturate_int64(text) & 0xFFFFFFFF
    return value - 2**32 if value >= 2**31 else value


def saturate_int64(text: bytes) -> int:
    """Value of a decimal integer as strtol gives it."""
    negative = text.startswith(b"-")
    digits = text.lstrip(b"+-").lstrip(b"0") or b"0"
    magnitude = int(digits) if len(digits) <= _MAX_INT_DIGITS else 2**64
    return max(-magnitude, -_INT64_MAX - 1) if negative else min(magnitude, _INT64_MAX)


def parse_float64(text: bytes) -> float:
    """Value of a scanf float token as float64."""
    special = _special(text)
    if special is not None:
        return special
    if _is_hex(text):
        return _from_hex(text, 53, -1074)
    return float(_clean(text))


def parse_float32(text: bytes) -> float:
    """Value of a scanf float token rounded once to float32 (returned as a Python float)."""
    special = _special(text)
    if special is not None:
        return special
    if _is_hex(text):
        return _from_hex(text, 24, -149)
    clean = _clean(text)
    wide = float(clean)
    rounded = round_float32(wide)
    if wide == 0.0 or math.isinf(wide) or rounded == wide:
        return rounded
    return _settle_tie(clean, wide, rounded)


def round_float32(value: float) -> float:
    """Round a float64 to float32, overflow going to infinity."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _settle_tie(clean: str, wide: float, rounded: float) -> float:
    # A decimal next to the middle of two float32 rounds to the middle first: the exact decimal decides.
    below, above = _float32_neighbours(wide)
    if wide - below != above - wide:
        return rounded
    with localcontext() as context:
        context.prec = 50
        exact, middle = Decimal(clean), Decimal(wide)
        if exact == middle:
            return rounded
        toward_above = exact > middle
    chosen = above if toward_above else below
    return math.copysign(math.inf if abs(chosen) >= 2.0**128 else chosen, wide)


def _float32_neighbours(value: float) -> tuple[float, float]:
    """Float32 values (2^128 standing for overflow) just below and above a float64 that is not a float32."""
    exponent = max(math.frexp(value)[1] - 24, -149)
    scaled = math.ldexp(value, -exponent)
    return math.ldexp(math.floor(scaled), exponent), math.ldexp(math.ceil(scaled), exponent)


def _clean(text: bytes) -> str:
    """Drop an exponent without digits (``1e``, ``1e+``), which scanf takes and strtod ignores."""
    return text.decode("ascii").rstrip("+-").rstrip("eE")


def _is_hex(text: bytes) -> bool:
    return text.lstrip(b"+-")[:2].lower() == b"0x"


def _special(text: bytes) -> float | None:
    body = text.lstrip(b"+-").lower()
    if body.startswith((b"nan", b"inf")):
        return math.copysign(math.nan if body.startswith(b"nan") else math.inf, -1.0 if text[:1] == b"-" else 1.0)
    return None


def _from_hex(text: bytes, precision: int, smallest: int) -> float:
    """Round a hexadecimal float half to even to `precision` bits, with `smallest` the exponent of the last bit."""
    sign = -1.0 if text[:1] == b"-" else 1.0
    body = text.lstrip(b"+-")[2:].lower()
    digits, _, tail = body.partition(b"p")
    whole, _, fraction = digits.partition(b".")
    mantissa = int((whole + fraction) or b"0", 16)
    exponent = saturate_int64(tail) if tail.strip(b"+-") else 0
    exponent = max(-_EXPONENT_LIMIT * 1000, min(_EXPONENT_LIMIT * 1000, exponent)) - 4 * len(fraction)
    if mantissa == 0:
        return sign * 0.0
    top = mantissa.bit_length() + exponent
    if top > (128 if precision == 24 else 1024):
        return sign * math.inf
    unit = max(top - precision, smallest)
    shift = unit - exponent
    if shift > mantissa.bit_length() + 1:
        return sign * 0.0
    if shift > 0:
        half, rest = 1 << (shift - 1), mantissa & ((1 << shift) - 1)
        mantissa >>= shift
        mantissa += rest > half or (rest == half and mantissa & 1)
    else:
        mantissa <<= -shift
    try:
        value = math.ldexp(mantissa, unit)
    except OverflowError:
        value = math.inf
    if precision == 24 and value >= 2.0**128:
        value = math.inf
    return sign * value
