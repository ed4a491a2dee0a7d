"""Which points lie over land, by a mask on a grid.

References
----------
Specification 06, section 3.7. Parity: not applicable (the original's file of land is not described).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..errors import GridError

LEAST_LAND = 0.5
"""Part of a cell that makes it land."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LandMask:
    """Cells of land.

    Attributes
    ----------
    lon : float64, shape (n_lon,)
        Degrees, rising.
    lat : float64, shape (n_lat,)
        Degrees, from south to north.
    land : bool, shape (n_lat, n_lon)
    """

    lon: F64
    lat: F64
    land: Mask

    def __post_init__(self) -> None:
        if self.land.shape != (len(self.lat), len(self.lon)) or min(self.land.shape) < 2:
            raise GridError(f"a mask of land of the shape {self.land.shape}: rows and columns, two or more, are needed")
        if not ((np.diff(self.lon) > 0).all() and (np.diff(self.lat) > 0).all()):
            raise GridError("a mask of land: longitudes rise, and latitudes go from south to north")

    def nearest(self, lon: F32, lat: F32) -> Mask:
        """Which points have land in the nearest cell."""
        row, column, north, east = self._cells(lon, lat)
        return self.land[np.where(north >= 0.5, row[1], row[0]), np.where(east >= 0.5, column[1], column[0])]

    def all_around(self, lon: F32, lat: F32) -> Mask:
        """Which points have land in all four cells around them."""
        row, column, _, _ = self._cells(lon, lat)
        found = np.ones(len(lon), np.bool_)
        for j in row:
            for i in column:
                found &= self.land[j, i]
        return found

    def _cells(self, lon: F32, lat: F32) -> tuple[tuple[I64, I64], tuple[I64, I64], F64, F64]:
        """Rows and columns around points, and how far (0 to 1) they are from the first to the second.

        Beyond the last column comes the first; beyond the outer rows they are repeated.
        """
        n_lat, n_lon = self.land.shape
        y = np.clip(lat.astype(np.float64), self.lat[0], self.lat[-1])
        row = np.clip(np.searchsorted(self.lat, y, "right") - 1, 0, n_lat - 2)
        north = (y - self.lat[row]) / (self.lat[row + 1] - self.lat[row])
        x = (lon.astype(np.float64) - self.lon[0]) % 360.0
        edges = np.append(self.lon - self.lon[0], 360.0)
        column = np.clip(np.searchsorted(edges, x, "right") - 1, 0, n_lon - 1)
        east = (x - edges[column]) / (edges[column + 1] - edges[column])
        return (row, row + 1), (column, (column + 1) % n_lon), north, east
