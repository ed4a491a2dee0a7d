"""Time averages and deviations from them, frame by frame.

References
----------
Specification 05, section 8.1. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F64
from ..grid.missing_test import missing_mask
from ..settings.series import MissingTest

_NO_COUNT = 1.0e-6
"""Where the values or weights counted do not exceed this, averages and deviations are 0."""
_F32_ONE = np.float32(1.0)


class WeightedSum:
    """Sum of values over the frames of a series, with what they are divided by.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the frames.
    missing : MissingTest, optional
        Values that are left out.

    Attributes
    ----------
    total : float64, shape (ny, nx)
    count : float32, shape (ny, nx)
        Number of values, or sum of their weights.
    """

    def __init__(self, shape: tuple[int, int], missing: MissingTest | None) -> None:
        self._missing = missing
        self.total: F64 = np.zeros(shape)
        self.count: F32 = np.zeros(shape, np.float32)

    def add(self, values: F32, frame: F32, weight: np.float32 = _F32_ONE) -> None:
        """Add `values` (float32) made of a frame where that is not missing; `weight` counts, but is not applied."""
        if self._missing is None:
            self.total += values
            self.count += weight
            return
        valid = ~missing_mask(frame, self._missing)
        np.add(self.total, values, out=self.total, where=valid)
        np.add(self.count, weight, out=self.count, where=valid)

    def mean(self) -> F64:
        """The sum divided by the count (float64); 0 where nothing was counted."""
        with np.errstate(invalid="ignore", divide="ignore"):
            quotient = self.total / self.count.astype(np.float64)
        return np.where(self.count <= _NO_COUNT, 0.0, quotient)


class TimeMean:
    """The average of frames, and if they have weights the weighted one besides.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the frames.
    missing : MissingTest, optional
        Values that are left out.
    weighted : bool
    """

    def __init__(self, shape: tuple[int, int], missing: MissingTest | None = None, *, weighted: bool = False) -> None:
        self._plain = WeightedSum(shape, missing)
        self._weighted = WeightedSum(shape, missing) if weighted else None

    def add(self, frame: F32, weight: np.float32 = _F32_ONE) -> None:
        """Add a frame (float32, shape (ny, nx))."""
        self._plain.add(frame, frame)
        if self._weighted is not None:
            with np.errstate(over="ignore"):
                self._weighted.add(frame * weight, frame, weight)

    @property
    def mean(self) -> F32:
        """The average (float32), weighted if frames have weights."""
        return _rounded((self._weighted or self._plain).mean())

    @property
    def unweighted(self) -> F32:
        """The average without weights (float32), which the original takes deviations from."""
        return _rounded(self._plain.mean())

    @property
    def weights(self) -> F32:
        """Sum of the weights at every point (float32)."""
        assert self._weighted is not None
        return self._weighted.count


class Deviations:
    """Deviations of frames from an average, and their mean size.

    Parameters
    ----------
    mean : float32, shape (ny, nx)
    missing : MissingTest, optional
        Values that are left alone, and left out.
    """

    def __init__(self, mean: F32, missing: MissingTest | None = None) -> None:
        shape = mean.shape
        self._mean, self._missing = mean, missing
        self._squares = WeightedSum((shape[0], shape[1]), missing)

    def anomaly(self, frame: F32) -> F32:
        """A frame less the average; missing values are kept."""
        with np.errstate(over="ignore", invalid="ignore"):
            out: F32 = frame - self._mean
        if self._missing is not None:
            gone = missing_mask(frame, self._missing)
            out[gone] = frame[gone]
        return out

    def add(self, frame: F32, weight: np.float32 | None = None) -> F32:
        """Count a frame in; its anomaly is given back."""
        anomaly = self.anomaly(frame)
        with np.errstate(over="ignore", invalid="ignore"):
            squares = anomaly * anomaly
            if weight is not None:
                squares *= weight
        self._squares.add(squares, frame, _F32_ONE if weight is None else weight)
        return anomaly

    @property
    def standard_deviation(self) -> F32:
        """Root of the (weighted) mean square of the deviations added."""
        with np.errstate(invalid="ignore"):
            return _rounded(np.sqrt(self._squares.mean()))


def _rounded(values: F64) -> F32:
    with np.errstate(over="ignore"):
        return values.astype(np.float32)
