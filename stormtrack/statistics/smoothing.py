"""How the smoothing of an estimate is found: bounds, cross-validation, adaptation to a pilot density.

The estimators say what a pilot density is; everything else is common to them.

References
----------
Specification 06, sections 1.6, 1.8 and 1.10. Parity: bitwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import F64, F64_1D
from ..errors import UserInputError
from ..kernels.declare import kernel
from ..settings.statistics import Estimator, Mode, Smoothing
from .data import Data

_C, _R = 0.38196601, 0.61803399
_MOST_STEPS = 5000
"""Doublings of a bracket (a float64 overflows after 1024) and steps of the golden section."""


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Smoothing of an estimate: the parameter of all data, and of each of them if it is adapted (float64, (n,))."""

    s: float
    each: F64 | None = None


class Pilot(Protocol):
    """What finding the smoothing needs of an estimator."""

    def pilot(self, data: Data, kernel: int, s: float | F64, *, weighted: bool) -> F64:
        """Density at every datum from all others (float64, shape (n,)), for one or each one's parameter."""

    def residual(self, data: Data, mode: Mode, kernel: int, s: float | F64, *, weighted: bool = False) -> float:
        """Sum of squares of the values less what the other data make of them."""

    def lowest(self, data: Data, estimator: Estimator) -> float:
        """Lower bound of the parameter."""


class Adaptation(NamedTuple):
    """Number of data, power, common parameter and lower bound of adaptive smoothing."""

    n: float
    alpha: float


@kernel
def sum_of_logs(density: F64_1D) -> float:
    """Sum of the logarithms in order."""
    total = 0.0
    for k in range(len(density)):
        total += math.log(density[k])
    return total


@kernel
def fill_ratios(density: F64_1D, adaptation: Adaptation, out: F64_1D) -> None:
    """Powers of the densities over their geometric mean."""
    mean = math.exp(sum_of_logs(density) / adaptation.n)
    for k in range(len(density)):
        out[k] = math.pow(density[k] / mean, adaptation.alpha)


def smoothed(pilot: Pilot, data: Data, mode: Mode, wanted: Estimator) -> Smoothed:
    """Smoothing of one estimate.

    Parameters
    ----------
    pilot : Pilot
        The estimator.
    data : Data
        Two or more.
    mode : Mode
    wanted : Estimator

    Raises
    ------
    UserInputError
        If cross-validation ends nowhere.
    """
    lowest = pilot.lowest(data, wanted)
    if wanted.smoothing == Smoothing.DEFAULT:
        return Smoothed(lowest)
    if wanted.smoothing == Smoothing.FIXED:
        return Smoothed(max_c(wanted.s, lowest))

    def quality(s: float | F64) -> float:
        if mode > 0:
            return sum_of_logs(pilot.pilot(data, wanted.kernel, s, weighted=wanted.weighted_pilot))
        return -pilot.residual(data, mode, wanted.kernel, s, weighted=wanted.weighted_pilot)

    if wanted.smoothing == Smoothing.CROSS_VALIDATED:
        assert wanted.bracket is not None
        return Smoothed(max_c(best_in(quality, wanted.bracket), lowest))
    s = max_c(wanted.s, lowest)
    density = pilot.pilot(data, wanted.kernel, s, weighted=wanted.weighted_pilot)
    ratios = np.empty(data.n)
    fill_ratios(density, Adaptation(float(np.float32(data.n)), float(np.float32(wanted.alpha))), ratios)
    if wanted.bracket is not None:
        s = best_in(lambda trial: quality(ratios * trial), wanted.bracket)
    each = ratios * s
    return Smoothed(s, np.where(each < lowest, lowest, each))


def max_c(value: float, lowest: float) -> float:
    """The value, or the bound if it is smaller; NaN stays."""
    return lowest if value < lowest else value


def best_in(quality: Callable[[float], float], bracket: tuple[float, float]) -> float:
    """Golden section for the largest quality; the bracket grows upwards while the quality does.

    Raises
    ------
    UserInputError
        If no largest value is found.
    """
    a, b = bracket
    low, high = quality(a), quality(b)
    steps = 0
    grows = high > low
    while grows:
        b += b - a
        low, high = high, quality(b)
        grows = high >= low
        steps = _counted(steps, bracket)
    width, tolerance = b - a, _tolerance(a, b)
    x1, x2 = a + _C * width, a + _R * width
    f1, f2 = quality(x1), quality(x2)
    while width > tolerance:
        if f1 > f2:
            b, x2, f2 = x2, x1, f1
            width = b - a
            if width <= tolerance:
                break
            x1 = a + _C * width
            f1 = quality(x1)
        else:
            a, x1, f1 = x1, x2, f2
            width = b - a
            if width <= tolerance:
                break
            x2 = a + _R * width
            f2 = quality(x2)
        tolerance = _tolerance(a, b)
        steps = _counted(steps, bracket)
    return 0.5 * (a + b)


def _tolerance(a: float, b: float) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.float32((a + b) / 40.0))


def _counted(steps: int, bracket: tuple[float, float]) -> int:
    if steps > _MOST_STEPS:
        raise UserInputError(
            f"cross-validation in {bracket[0]:g} to {bracket[1]:g} finds no best smoothing; give another bracket"
        )
    return steps + 1
