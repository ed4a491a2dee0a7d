"""Bands of frequencies of series in time, separated by Fourier transforms.

References
----------
Specification 05, section 10. Parity: bitwise.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_2D, F64, F64_2D
from ..kernels.declare import helper, kernel
from ..settings.time_filter import FrequencyFilterSettings, transform_length
from .radix2 import Parts, Tables, tables, transform

_LONGEST = 1.0e6
"""Periods above this are endless."""
_CACHE = 32768
"""Elements of series that are transformed side by side: about what a processor keeps at hand."""
_MOST_SIDE_BY_SIDE = 64


def boundary_frequency(period: float, samples: int) -> np.float32:
    """Frequency (cycles per frame) of a boundary given as a period in units of time."""
    if np.float32(period) < np.float32(np.float32(2.0) / np.float32(samples)):
        return np.float32(0.5)
    if np.float32(period) > _LONGEST:
        return np.float32(0.0)
    return np.float32(np.float32(1.0) / (np.float32(samples) * np.float32(period)))


def pass_bands(settings: FrequencyFilterSettings, length: int) -> F64:
    """Factors (1 or 0) of the elements of the transform in every band, shape (n_bands, length).

    The only element of a transform of length 1 belongs to no band, as in the original.
    """
    if length == 1:
        return np.zeros((len(settings.periods) - 1, 1))
    shifted = (np.arange(length) + length // 2) % length
    share = (shifted.astype(np.float32) / np.float32(length)).astype(np.float64)
    frequency = np.abs((-0.5 + share).astype(np.float32))
    bounds = [boundary_frequency(period, settings.samples) for period in settings.periods]
    kept = [(frequency <= high) & (frequency >= low) for high, low in pairwise(bounds)]
    return np.array(kept, np.float64)


class Placement(NamedTuple):
    """Where series lie in the transform: `n` frames from `offset` on, `reflected` frames mirrored on either side."""

    n: int
    offset: int
    reflected: int


class Work(NamedTuple):
    """Work arrays (float64, shape (length, series side by side)): the transform, and one band of it."""

    re: F64_2D
    im: F64_2D
    band_re: F64_2D
    band_im: F64_2D


@helper
def _place(series, first, count, placement, re, im):
    """Put the columns `first` ... of series (n, points) into the transform, with zeros around."""
    re[:] = 0.0
    im[:] = 0.0
    o, n = placement.offset, placement.n
    for t in range(n):
        for r in range(count):
            re[o + t, r] = np.float64(series[t, first + r])
    for k in range(placement.reflected):
        for r in range(count):
            re[o - 1 - k, r] = np.float64(series[k + 1, first + r])
            re[o + n + k, r] = np.float64(series[n - 2 - k, first + r])


@kernel
def _filter_series(series: F32_2D, placement: Placement, table: Tables, bands: F64_2D, work: Work, out: F32_2D) -> None:
    """Separate the bands of many series.

    Parameters
    ----------
    series : float32, shape (n, points)
    placement : Placement
    table : Tables
    bands : float64, shape (n_bands, length)
        1 or 0.
    work : Work
    out : float32, shape (n_bands * n, points)
        Filled, band after band.
    """
    n, points = series.shape
    length, width = work.re.shape
    for first in range(0, points, width):
        count = min(width, points - first)
        _place(series, first, count, placement, work.re, work.im)
        transform(Parts(work.re, work.im), table, False)
        for b in range(bands.shape[0]):
            for e in range(length):
                share = bands[b, e]
                for r in range(width):  # a product, because it keeps the signs of zeros
                    work.band_re[e, r] = work.re[e, r] * share
                    work.band_im[e, r] = work.im[e, r] * share
            transform(Parts(work.band_re, work.band_im), table, True)
            for t in range(n):
                for r in range(count):
                    out[b * n + t, first + r] = np.float32(work.band_re[placement.offset + t, r] / length)


class FrequencyFilter:
    """The filter for series of one length.

    Parameters
    ----------
    settings : FrequencyFilterSettings
    n_frames : int
        Length of the series.
    """

    def __init__(self, settings: FrequencyFilterSettings, n_frames: int) -> None:
        length = transform_length(settings.n_frequencies, n_frames)
        offset = (length - n_frames) // 2
        reflected = 0
        if settings.reflect:
            reflected = min(offset, n_frames - 1)  # with as many as there are frames the original reads beyond them
        self._placement = Placement(n_frames, offset, reflected)
        self._tables = tables(length)
        self._bands = pass_bands(settings, length)
        width = max(1, min(_MOST_SIDE_BY_SIDE, _CACHE // length))
        self._work = Work(*(np.empty((length, width)) for _ in range(4)))

    @property
    def n_bands(self) -> int:
        """Number of bands."""
        return len(self._bands)

    def filtered(self, series: F32) -> F32:
        """Bands of series (float32, shape (n_frames, ...)): float32, shape (n_bands, n_frames, ...)."""
        n, points = len(series), series[0].size
        out = np.empty((self.n_bands * n, points), np.float32)
        flat = np.ascontiguousarray(series).reshape(n, points)
        _filter_series(flat, self._placement, self._tables, self._bands, self._work, out)
        return out.reshape(self.n_bands, *series.shape)
