"""Slow and obvious twin of the combination of periods at one point, from what the original does (05, section 11)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

F, D = np.float32, np.float64
Triple = tuple[np.float32, np.float32, np.float32]


def combined(periods: Sequence[Triple], *, precise: bool) -> Triple:
    """Mean, sum of weights and deviation of periods given as mean, weight and deviation."""
    kind = D if precise else F
    mean, weight, deviation = (kind(v) for v in periods[0])
    for m, w, d in periods[1:]:
        together = kind(weight + w)
        apart = D(kind(m - mean))
        within = kind(kind(kind(weight * deviation) * deviation) + F(F(w * d) * d))
        between = float(D(kind(weight * w)) * apart * apart / D(together) / D(together))
        deviation = kind(math.sqrt(float(D(within) / D(together)) + between))
        mean = kind(kind(kind(mean * weight) + F(m * w)) / together)
        weight = together
    return F(mean), F(weight), F(deviation)


def mean_of(fields: Sequence[np.float32], weights: Sequence[np.float32], *, precise: bool) -> np.float32:
    """Mean of fields with a weight each."""
    kind = D if precise else F
    mean, weight = kind(fields[0]), kind(weights[0])
    for field, w in zip(fields[1:], weights[1:], strict=True):
        together = kind(weight + w)
        mean = kind(kind(kind(mean * weight) + F(field * w)) / together)
        weight = together
    return F(mean)
