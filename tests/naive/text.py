"""Numbers in text by exact arithmetic: slow, obvious twins of `stormtrack.text`."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np


def rounded(exact: Fraction, bits: int, smallest: int, limit: int) -> float:
    """A non-negative number rounded half to even to `bits` significant bits, none of them below ``2**smallest``."""
    if exact == 0:
        return 0.0
    top = exact.numerator.bit_length() - exact.denominator.bit_length()
    top += exact >= Fraction(2) ** top  # 2**(top - 1) <= exact < 2**top
    unit = max(top - bits, smallest)
    units = round(exact / Fraction(2) ** unit)  # Python rounds fractions half to even
    return math.inf if units * Fraction(2) ** unit >= Fraction(2) ** limit else math.ldexp(units, unit)


def value_of(text: str) -> Fraction:
    """The number that a decimal or hexadecimal text without sign means."""
    if text[:2] in ("0x", "0X"):
        digits, _, power = text[2:].lower().partition("p")
        whole, _, behind = digits.partition(".")
        return Fraction(int(whole + behind or "0", 16)) * Fraction(2) ** (int(power or 0) - 4 * len(behind))
    return Fraction(text)


def read_float32(text: str) -> np.float32:
    """Value of a number as float32."""
    value = rounded(value_of(text.lstrip("+-")), 24, -149, 128)
    return np.float32(-value if text.startswith("-") else value)


def read_float64(text: str) -> float:
    """Value of a number as float64."""
    value = rounded(value_of(text.lstrip("+-")), 53, -1074, 1024)
    return -value if text.startswith("-") else value


def printed(conversion: str, value: float) -> str:
    """``%f`` or ``%e`` of a number, from its exact decimal expansion."""
    if not math.isfinite(value):
        return ("-" if math.copysign(1.0, value) < 0 else "") + ("nan" if math.isnan(value) else "inf")
    if conversion == "%f":
        return f"{Decimal(value):.6f}"
    mantissa, _, power = f"{Decimal(value):.6e}".partition("e")
    if value == 0.0:
        return mantissa + "e+00"
    return f"{mantissa}e{'-' if power.startswith('-') else '+'}{power.lstrip('+-'):0>2}"
