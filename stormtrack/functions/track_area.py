"""Kernel of the engine ``track`` for limited areas: the cosine filter (menu 4), bit for bit.

TRACK is asked for wavelengths in km and takes grid points to be as far apart in longitude as in latitude. A total wave
number n stands for the wavelength 2 pi R / n, the distance of points is that of the rows; sizes of the transform are
the next that have small factors only, filled by reflection; the mean is not taken off before.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import GridError
from ..preprocess.cosine_filter import CosineFilter
from ..settings.cosine_filter import CosineSettings
from ..settings.transform_sizes import padded_size
from ..spectral.operators import EARTH_RADIUS
from ..spectral.sphere_grid import TOLERANCE, describe
from .axes import Horizontal
from .track import WorkingOrder

_ENDLESS = 1.0e30
"""A wavelength (km) for the total wave number 0."""


def wavelength(n: int) -> float:
    """Wavelength (km) of a total wave number."""
    return _ENDLESS if n == 0 else 2.0 * math.pi * EARTH_RADIUS / (1000.0 * n)


class CosineKernel:
    """TRACK's cosine filter of one band.

    Parameters
    ----------
    axes : Horizontal
    band : dict
        `track.band_settings`.

    Raises
    ------
    GridError
        If rows are not evenly spaced, or the band has waves shorter than two grid steps.
    """

    target = None

    def __init__(self, axes: Horizontal, band: dict[str, Any]) -> None:
        steps = np.abs(np.diff(axes.lat))
        if np.ptp(steps) > TOLERANCE:
            raise GridError(f"{describe(axes.lon, axes.lat)}: TRACK's cosine filter needs evenly spaced rows")
        step = math.radians(float(steps.mean()))
        n_min, n_max = band["boundaries"]
        if n_max > int(math.pi / step):
            raise GridError(
                f"total wave number {n_max} on {describe(axes.lon, axes.lat)}; allowed: 0 to {int(math.pi / step)} "
                "(two grid steps)"
            )
        self._order = WorkingOrder(axes)
        shape = (len(axes.lat), len(axes.lon))
        self._filter = CosineFilter(
            shape,
            CosineSettings(
                boundaries=(wavelength(n_min), wavelength(n_max)),
                resolution=EARTH_RADIUS / 1000.0 * step,
                reflects=any(padded_size(n, None) > n for n in shape),
                cutoff=band["hoskins_cutoff"],
            ),
        )

    def __call__(self, frames: Array) -> tuple[Array, ...]:
        """The band of frames of shape (frames, rows, columns)."""
        out = np.empty(frames.shape, np.float32)
        for k, frame in enumerate(frames):
            out[k] = self._order.stored(self._filter.filter(self._order.working(frame))[0])
        return (out,)
