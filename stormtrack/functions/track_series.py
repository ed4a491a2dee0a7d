"""Kernels of the engine ``track`` in time: series of shape (frames, points) in, TRACK's bits out."""

from __future__ import annotations

import numpy as np

from ..arrays import F32, Array
from ..errors import FieldError
from ..preprocess.lanczos import LanczosFilter, lanczos_weights
from ..preprocess.time_mean import Deviations, TimeMean
from ..settings.time_filter import LanczosDesign

_ENDLESS = 1.0e30
"""A period for 'no longest period' (TRACK has no other way to say so)."""


def mean_of(series: Array) -> F32:
    """Time mean (menu 3), float32, shape (1, points)."""
    found = TimeMean((1, series.shape[1]))
    for frame in series:
        found.add(_as_frame(frame))
    return found.mean


def anomaly_of(series: Array, mean: F32) -> F32:
    """Series less a mean of shape (1, points) (menu 3), float32."""
    found = Deviations(mean)
    out = np.empty(series.shape, np.float32)
    for k, frame in enumerate(series):
        out[k] = found.anomaly(_as_frame(frame))[0]
    return out


class Lanczos:
    """TRACK's Lanczos filter of one band (menu 5).

    Parameters
    ----------
    periods : (float or None, float or None)
        Shortest and longest, days.
    per_day : float
        Frames in a day; if that is no whole number, periods are handed to TRACK in frames.
    order : int

    Raises
    ------
    FieldError
        If periods do not ascend once they are rounded as TRACK does.
    """

    def __init__(self, periods: tuple[float | None, float | None], per_day: float, order: int) -> None:
        whole = per_day >= 1 and abs(per_day - round(per_day)) < 1e-9
        samples, scale = (round(per_day), 1.0) if whole else (1, per_day)
        shortest, longest = periods
        boundaries = (
            0.0 if shortest is None else shortest * scale,
            _ENDLESS if longest is None else longest * scale,
        )
        design = LanczosDesign(samples=samples, order=order, periods=boundaries, n_frequencies=2)
        self._weights = lanczos_weights(design)
        if not np.isfinite(self._weights).all() or self._weights[0, 0] <= 0.0:
            raise FieldError(f"periods {periods} days leave no band at {per_day:g} frames a day")

    def __call__(self, series: Array) -> F32:
        """The filtered series, float32."""
        out = np.empty(series.shape, np.float32)
        frames = (_as_frame(frame) for frame in series)
        for k, filtered in enumerate(LanczosFilter(self._weights, (1, series.shape[1])).filtered(frames)):
            out[k] = filtered[0, 0]
        return out


def _as_frame(values: Array) -> F32:
    return np.ascontiguousarray(values, np.float32)[None]
