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
_ALLOWED = (
    "a step in degrees (1.5), 'F48' or 'N48' (Gaussian, 96 rows), 'T42' (its Gaussian grid), each also with ' nearest'"
)


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
                f"the grid '{self.name}' has {np.count_nonzero(rows)} rows and {len(columns)} columns in the source's "
                f"area (latitudes {south:g} to {north:g}, longitudes {west:g} to {east:g}); choose a finer one"
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
        rows, columns = (np.asarray(axis, np.float64) for axis in wanted)
        if not ((np.diff(rows) > 0).all() and (np.diff(columns) > 0).all()):
            raise GridError("the latitudes and longitudes of the grid wanted have to increase")
        return Target(name="given", lat=rows, lon=columns)
    text = str(wanted).strip()
    nearest = text.endswith(" nearest")
    text = text.removesuffix(" nearest").removesuffix(" bilinear").strip()
    number = re.fullmatch(r"[FfNn](\d+)", text)
    truncation = re.fullmatch(r"[Tt](\d+)", text)
    if number:
        n = int(number.group(1))
        return Target(
            name=text, lat=gaussian_latitudes(2 * n)[0].copy(), lon=np.arange(4.0 * n) * (90 / n), nearest=nearest
        )
    if truncation:
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
    rows = rows if even else int(180.0 / step)
    height = 180.0 / rows if even else step
    return np.arange(float(columns)) * (360.0 / columns), (np.arange(rows + 1.0) - rows / 2.0) * height
