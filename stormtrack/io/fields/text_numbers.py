"""Numbers in text files, rounded once from decimal to float32 as C's scanf does.

Parity: bitwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)
"""A number as scanf takes it (hexadecimal floats do not occur in data files)."""
INTEGER = re.compile(rb"[+-]?\d+")

_TAIL = np.int64(0x1FFFFFFF)
_MIDDLE = np.int64(0x10000000)
_SMALLEST_NORMAL = 2.0**-126


def to_float32(words: Sequence[bytes]) -> F32:
    """Values of decimal numbers as float32.

    Rounding to float64 first differs from rounding once only where the float64 lies exactly between two float32
    (or is subnormal as float32): those are settled with exact fractions.
    """
    wide = np.array([float(word) for word in words], np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = wide.astype(np.float32)
    doubtful = (wide.view(np.int64) & _TAIL) == _MIDDLE
    doubtful |= (np.abs(wide) < _SMALLEST_NORMAL) & (wide != 0.0)
    for i in np.flatnonzero(doubtful & np.isfinite(narrow)):
        narrow[i] = _nearest(words[int(i)], narrow[i])
    return narrow


def scanned_float32(word: bytes) -> np.float32:
    """Value of what scanf takes for a real, which may lack the digits of its exponent."""
    if b"x" in word.lower():
        return np.float32(float.fromhex(word.decode("ascii")))
    if word[-1:] not in b"nNfFyY":  # of nan, inf, infinity
        word = word.rstrip(b"+-").rstrip(b"eE")
    return np.float32(to_float32([word])[0])


def _nearest(word: bytes, guess: np.float32) -> np.float32:
    exact = Fraction(word.decode("ascii"))
    best = guess
    for neighbour in (np.nextafter(guess, np.float32(-np.inf)), np.nextafter(guess, np.float32(np.inf))):
        if abs(Fraction(float(neighbour)) - exact) < abs(Fraction(float(best)) - exact):
            best = neighbour
    return np.float32(best)
