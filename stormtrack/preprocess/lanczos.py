"""Lanczos filters in time: their weights, their response, and what they make of a series of frames.

References
----------
Specification 05, section 9. Duchon (1979), J. Appl. Meteor. 18, 1016-1022. Parity: bitwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from ..arrays import F32, F32_2D, F64, F64_1D, F64_2D, I64_1D
from ..errors import FieldError
from ..kernels.declare import kernel
from ..settings.time_filter import LanczosDesign

PI = 3.14159265358979323846
_CHUNK = 512
"""Points that are summed while their frames are in the cache."""
_NO_FREQUENCY, _LONGEST = 1.0e-6, 1.0e6
_POWERS = (3.0, 4.0, 10.0)


def cutoff_frequencies(design: LanczosDesign) -> tuple[np.float32, ...]:
    """Frequencies (cycles per frame) of the boundaries, the highest first; none is above one half."""
    samples = np.float32(design.samples)
    shortest = np.float32(np.float32(2.0) / samples)
    periods = [max(np.float32(period), shortest) for period in design.periods]
    return tuple(np.float32(1.0 / float(samples * period)) for period in periods)


def bands(design: LanczosDesign) -> list[tuple[np.float32, np.float32]]:
    """Low and high frequency of every filter, the band of lowest frequencies first."""
    f = cutoff_frequencies(design)
    n = len(f) - 1
    return [(f[n - i], f[n - i - 1]) for i in range(n)]


def lanczos_weights(design: LanczosDesign) -> F64:
    """Weights of all filters, float64, shape (n_filters, order + 1)."""
    weights = np.empty((len(design.periods) - 1, design.order + 1))
    for i, (low, high) in enumerate(bands(design)):
        weights[i, 0] = 2.0 * float(np.float32(high - low))
        for k in range(1, design.order + 1):
            d = (PI * k) / design.order
            sigma = math.sin(d) / d
            waves = math.sin(((2.0 * PI) * float(high)) * k) - math.sin(((2.0 * PI) * float(low)) * k)
            weights[i, k] = (sigma * waves) / (PI * k)
    return weights


def least_order(design: LanczosDesign) -> list[int]:
    """Orders from which on the filters let the middle of their bands pass unchanged."""
    return [math.ceil(1.3 / abs(float(high - low))) if high != low else 0 for low, high in bands(design)]


def response(weights: F64, design: LanczosDesign) -> list[tuple[float, ...]]:
    """Frequency, period and response with its powers 2, 3, 4 and 10 of one filter (float64, shape (order + 1,))."""
    step = np.float32(np.float32(0.5) / np.float32(design.n_frequencies - 1))
    rows = []
    for j in range(design.n_frequencies):
        frequency = np.float32(np.float32(j) * step)
        cycles = np.float32(np.float32(design.samples * j) * step)
        period = _LONGEST if cycles < _NO_FREQUENCY else float(np.float32(1.0 / float(cycles)))
        angle = np.float32(((2.0 * PI) * j) * float(step))
        r = np.float32(weights[0])
        for k in range(1, len(weights)):
            r = np.float32(float(r) + (2.0 * weights[k]) * math.cos(float(np.float32(angle * np.float32(k)))))
        powers = (math.pow(float(r), power) for power in _POWERS)
        rows.append((float(frequency), period, float(r), float(r * r), *powers))
    return rows


@kernel
def _weighted_sums(window: F32_2D, place: I64_1D, weights: F64_2D, sums: F64_1D, out: F32_2D) -> None:
    """Filtered values of one frame.

    Parameters
    ----------
    window : float32, shape (slots, points)
        Frames at hand.
    place : int64, shape (2 * order + 1,)
        Slots of the frames from `order` before to `order` after.
    weights : float64, shape (n_filters, order + 1)
    sums : float64, shape (chunk,)
        Work array.
    out : float32, shape (n_filters, points)
        Filled.
    """
    order = weights.shape[1] - 1
    points = window.shape[1]
    for first in range(0, points, len(sums)):
        n = min(len(sums), points - first)
        for b in range(weights.shape[0]):
            middle = window[place[order]]
            for i in range(n):
                sums[i] = weights[b, 0] * np.float64(middle[first + i])
            for k in range(1, order + 1):
                w = weights[b, k]
                before, after = window[place[order - k]], window[place[order + k]]
                for i in range(n):
                    sums[i] += w * (np.float64(before[first + i]) + np.float64(after[first + i]))
            for i in range(n):
                out[b, first + i] = np.float32(sums[i])


class LanczosFilter:
    """Filters applied to the frames of a series, of which it holds twice its order at a time.

    Parameters
    ----------
    weights : float64, shape (n_filters, order + 1)
    shape : tuple of int
        Rows and columns of the frames.
    """

    def __init__(self, weights: F64, shape: tuple[int, int]) -> None:
        self._weights = np.ascontiguousarray(weights)
        self._order = weights.shape[1] - 1
        self._slots = 2 * self._order + 1
        points = shape[0] * shape[1]
        self._window = np.empty((self._slots, points), np.float32)
        self._sums = np.empty(min(_CHUNK, points))
        self._out = np.empty((len(weights), points), np.float32)
        self._shape = shape

    def filtered(self, frames: Iterable[F32]) -> Iterator[F32]:
        """For every frame what the filters make of it: float32, shape (n_filters, ny, nx), used again and again.

        At both ends the series is continued by its mirror image, the end frame not repeated.

        Raises
        ------
        FieldError
            If there are no more frames than the order.
        """
        n = 0
        for frame in frames:
            self._window[n % self._slots] = frame.reshape(-1)
            n += 1
            if n > self._order:
                yield self._of(n - 1 - self._order, n)
        if n <= self._order:
            raise FieldError(f"Lanczos filters of order {self._order} need more than {n} frames")
        for middle in range(n - self._order, n):
            yield self._of(middle, n)

    def _of(self, middle: int, n: int) -> F32:
        """The filtered frame number `middle` (from 0) when `n` frames have come."""
        wanted = np.abs(np.arange(middle - self._order, middle + self._order + 1))
        wanted = np.where(wanted > n - 1, 2 * (n - 1) - wanted, wanted)
        _weighted_sums(self._window, wanted % self._slots, self._weights, self._sums, self._out)
        return self._out.reshape(len(self._out), *self._shape)
