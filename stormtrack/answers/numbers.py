"""Numbers as C's scanf family reads them: what a token means, rounded once to the width asked for.

Parity: bitwise (specification 01, section 2); compared with glibc in the tests.
"""

from __future__ import annotations

import math
import struct

from ..text import strtod, strtof

_INT64_MAX = 2**63 - 1
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
    return strtod(text)[0]


def parse_float32(text: bytes) -> float:
    """Value of a scanf float token rounded once to float32 (returned as a Python float)."""
    return strtof(text)[0]


def round_float32(value: float) -> float:
    """Round a float64 to float32, overflow going to infinity."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
