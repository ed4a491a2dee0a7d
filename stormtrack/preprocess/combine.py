"""Averages, deviations and filtered variances of several periods combined, one period after the other.

References
----------
Specification 05, section 11 (menus 10 and 11). Parity: bitwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import F32

Reals = npt.NDArray[Any]
"""float32 or float64."""


class Combination:
    """Mean and standard deviation of all periods so far.

    Parameters
    ----------
    mean, weights : float32, shape (ny, nx)
        Of the first period.
    deviation : float32, shape (ny, nx), optional
        Standard deviation within the first period.
    precise : bool
        Sums are float64 instead of float32.
    """

    def __init__(self, mean: F32, weights: F32, deviation: F32 | None = None, *, precise: bool = False) -> None:
        self._type: Any = np.float64 if precise else np.float32
        self._mean: Reals = mean.astype(self._type)
        self._weights: Reals = weights.astype(self._type)
        self._deviation: Reals | None = None if deviation is None else deviation.astype(self._type)

    def add(self, mean: F32, weights: F32, deviation: F32 | None = None) -> None:
        """Take in another period."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            together = self._weights + weights
            if self._deviation is not None and deviation is not None:
                apart = (mean - self._mean).astype(np.float64)
                within = (self._weights * self._deviation) * self._deviation + (weights * deviation) * deviation
                between = (self._weights * weights).astype(np.float64) * apart * apart / together / together
                self._deviation = np.sqrt(within.astype(np.float64) / together + between).astype(self._type)
            self._mean = (self._mean * self._weights + mean * weights) / together
        self._weights = together

    @property
    def mean(self) -> F32:
        """The mean (float32); not a number where all weights are 0."""
        out: F32 = self._mean.astype(np.float32)
        return out

    @property
    def weights(self) -> F32:
        """Sum of the weights (float32)."""
        out: F32 = self._weights.astype(np.float32)
        return out

    @property
    def deviation(self) -> F32:
        """Standard deviation from the mean of all periods (float32)."""
        assert self._deviation is not None
        out: F32 = self._deviation.astype(np.float32)
        return out


class WeightedMean:
    """Mean of the fields of all periods so far.

    Parameters
    ----------
    field : float32, shape (ny, nx)
        Of the first period.
    weight : float32
    precise : bool
        Sums are float64 instead of float32.
    """

    def __init__(self, field: F32, weight: np.float32, *, precise: bool = False) -> None:
        self._type: Any = np.float64 if precise else np.float32
        self._mean: Reals = field.astype(self._type)
        self._weight = self._type(weight)

    def add(self, field: F32, weight: np.float32) -> None:
        """Take in another period."""
        together = self._type(self._weight + weight)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            self._mean = (self._mean * self._weight + field * weight) / together
        self._weight = together

    @property
    def mean(self) -> F32:
        """The mean (float32)."""
        out: F32 = self._mean.astype(np.float32)
        return out

    @property
    def weight(self) -> np.float32:
        """Sum of the weights."""
        return np.float32(self._weight)
