"""Numbers in text files, rounded once from decimal to float32 as C's scanf does.

Parity: bitwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..arrays import F32
from ..text import read_reals

NUMBER = re.compile(rb"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)
"""A number as `read_reals` takes it: scanf's, but for hexadecimal floats, which do not occur in data files."""
INTEGER = re.compile(rb"[+-]?\d+")


def to_float32(words: Sequence[bytes]) -> F32:
    """Values of decimal numbers as float32."""
    out = np.empty(len(words), np.float32)
    filled, _, _ = read_reals(b" ".join(words), out, 0)
    assert filled == len(words)
    return out
