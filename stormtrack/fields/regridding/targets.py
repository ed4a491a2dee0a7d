"""The grid that is wanted, from what a user writes.

Parity: not applicable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import F64
from ...errors import GridError
from ...grid.gaussian import gaussian_grid, gaussian_latitudes

OWN = "own"
_ALLOWED = "a step in degrees (1.5), 'F48' or 'N48' (Gaussian, 96 rows), 'T42' (its Gaussian grid), each also with ' nearest'"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """A grid of longitudes and latitudes.

    Attributes
    ----------
    name : str
    lat : float64, shape (m,)
        South to north.
    lon : float64, shape (n,)
        West to east.
    nearest : bool
        Values of the nearest points in place of bilinear interpolation.
    """

    name: str
    lat: F64
    lon: F64
    nearest: bool = False

    def within(self, south: float, north: float, west: float, east: float) -> Target:
        """The part of the grid in a box; longitudes run on from `west`."""
        rows = (self.lat >= south - 1e-9) & (self.lat <= north + 1e-9)
        if east - west >= 360.0 - 1e-9:
            columns = self.lon
        else:
            columns = np.sort(west + (self.lon - west + 1e-9) % 360.0 - 1e-9)
            columns = columns[columns <= east + 1e-9]
        if np.count_nonzero(rows) < 2 or len(columns) < 2:
            raise GridError(
                f"the grid '{self.name}' has {np.count_nonzero(rows)} rows and {len(columns)} columns in the source's area "
                f"(latitudes {south:g} to {north:g}, longitudes {west:g} to {east:g}); choose a finer one"
            )
        return Target(name=self.name, lat=self.lat[rows], lon=columns, nearest=self.nearest)


def target_of(wanted: Any) -> Target:
    """The whole grid of a wish.

    Raises
    ------
    GridError
        If it is not understood.
    """
    if isinstance(wanted, (tuple, list)) and len(wanted) == 2:
        lat, lon = (np.asarray(axis, np.float64) for axis in wanted)
        if not ((np.diff(lat) > 0).all() and (np.diff(lon) > 0).all()):
            raise GridError("the latitudes and longitudes of the grid wanted have to increase")
        return Target(name="given", lat=lat, lon=lon)
    text = str(wanted).strip()
    nearest = text.endswith(" nearest")
    text = text.removesuffix(" nearest").removesuffix(" bilinear").strip()
    number = re.fullmatch(r"[FfNn](\d+)", text)
    truncation = re.fullmatch(r"[Tt](\d+)", text)
    if number:
        n = int(number.group(1))
        lon, lat = np.arange(4 * n) * (90.0 / n), gaussian_latitudes(2 * n)[0].copy()
    elif truncation:
        lon, lat = (axis.astype(np.float64) for axis in gaussian_grid(int(truncation.group(1))))
    else:
        lon, lat = _even(text, wanted)
    return Target(name=text, lat=lat, lon=lon, nearest=nearest)


def _even(text: str, wanted: Any) -> tuple[F64, F64]:
    try:
        step = float(text)
    except ValueError:
        raise GridError(f"grid {wanted!r} is not understood; allowed: {_ALLOWED}, or 'own'") from None
    columns = round(360.0 / step) if step > 0 else 0
    if not 4 <= columns <= 100_000 or abs(columns * step - 360.0) > 1.0e-6 * columns:
        raise GridError(f"grid {wanted!r}: 360 degrees are no whole number of steps of {step:g}; allowed: {_ALLOWED}")
    rows = round(180.0 / step)
    even = abs(rows * step - 180.0) < 1.0e-6 * rows
    lat = np.linspace(-90.0, 90.0, rows + 1) if even else (np.arange(int(180 / step) + 1) - int(180 / step) / 2) * step
    return np.arange(columns) * (360.0 / columns), lat
