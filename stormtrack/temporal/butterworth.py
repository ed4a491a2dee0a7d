"""Butterworth filters of series, run forwards and backwards so that nothing is shifted in time.

Parity: not applicable (TRACK has none); agrees with SciPy's `sosfiltfilt` to rounding.

References
----------
Oppenheim, A. V. and R. W. Schafer, Discrete-Time Signal Processing (bilinear transform of Butterworth filters);
Gustafsson, F. 1996, IEEE Trans. Signal Process. 44, 988-992 (initial states).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from ..arrays import F64, Array
from ..errors import FieldError

_PAD_PER_SECTION = 6
_PAD = 3
Kind = Literal["low", "high"]


class Section(NamedTuple):
    """y[t] = b0 x[t] + b1 x[t-1] + b2 x[t-2] - a1 y[t-1] - a2 y[t-2]."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def sections(frequency: float, order: int, kind: Kind) -> list[Section]:
    """Sections of a low-pass or high-pass filter with half power at a frequency (cycles per frame).

    Raises
    ------
    FieldError
        Unless 0 < frequency < 0.5 and 1 <= order <= 12.
    """
    if not 0.0 < frequency < 0.5:
        raise FieldError(f"a cut-off at {frequency:g} cycles per frame; allowed: above 0, below 0.5 (two frames)")
    if not 1 <= order <= 12:
        raise FieldError(f"a Butterworth filter of order {order}; allowed: 1 to 12")
    w = math.tan(math.pi * frequency)
    sign = 1.0 if kind == "low" else -1.0
    out = []
    for k in range(order // 2):
        damping = 2.0 * math.sin(math.pi * (2 * k + 1) / (2 * order))
        norm = 1.0 + damping * w + w * w
        gain = (w * w if kind == "low" else 1.0) / norm
        out.append(
            Section(gain, 2.0 * sign * gain, gain, 2.0 * (w * w - 1.0) / norm, (1.0 - damping * w + w * w) / norm)
        )
    if order % 2:
        gain = (w if kind == "low" else 1.0) / (1.0 + w)
        out.append(Section(gain, sign * gain, 0.0, (w - 1.0) / (w + 1.0), 0.0))
    return out


def fewest_frames(cascade: Sequence[Section]) -> int:
    """Number of frames that a series has to have: one more than it is continued by at either end."""
    return 1 + _PAD + _PAD_PER_SECTION * len(cascade) - 3 * sum(s.b2 == 0.0 for s in cascade)


def filtered(series: Array, cascade: Sequence[Section]) -> F64:
    """A series, shape (frames, points), run through sections forwards and backwards.

    It is continued at both ends by itself turned about the end value.

    Raises
    ------
    FieldError
        If the series is shorter than what it is continued by.
    """
    x = np.asarray(series, np.float64)
    pad = fewest_frames(cascade) - 1
    if len(x) <= pad:
        raise FieldError(f"this Butterworth filter needs at least {pad + 1} frames; there are {len(x)}")
    x = np.concatenate([2.0 * x[0] - x[pad:0:-1], x, 2.0 * x[-1] - x[-2 : -pad - 2 : -1]])
    for _ in range(2):
        _run(x, cascade)
        x = x[::-1]
    return x[pad:-pad].copy()


def _run(x: F64, cascade: Sequence[Section]) -> None:
    """Run through sections in place, from the state of an endless constant first value."""
    for b0, b1, b2, a1, a2 in cascade:
        settled = (b0 + b1 + b2) / (1.0 + a1 + a2) * x[0]
        first, second = settled - b0 * x[0], b2 * x[0] - a2 * settled
        for t in range(len(x)):
            value = x[t].copy()
            x[t] = b0 * value + first
            first = b1 * value - a1 * x[t] + second
            second = b2 * value - a2 * x[t]
