"""Grids whose points lie in rows, evenly spaced all round: reduced Gaussian, HEALPix in rings, and regular global ones.

Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays import F64, I64
from .weights import Weights, pointing_at_what_counts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of points.

    Attributes
    ----------
    lat : float64, shape (n,)
        Of the rows, degrees, north to south.
    count : int64, shape (n,)
        Points of each row.
    first : float64, shape (n,)
        Longitude of its first point.
    start : int64, shape (n,)
        Number of its first point.
    """

    lat: F64
    count: I64
    first: F64
    start: I64

    @classmethod
    def of(cls, *, lat: F64, count: I64, first: F64) -> Rows:
        """Rows one after another; those from south to north are turned round."""
        start = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
        order = slice(None) if lat[0] > lat[-1] else slice(None, None, -1)
        return cls(lat=lat[order], count=count[order], first=first[order], start=start[order])

    def points(self) -> tuple[F64, F64]:
        """Latitudes and longitudes of all points, row by row."""
        lat = np.repeat(self.lat, self.count)
        within = np.arange(len(lat)) - np.repeat(np.cumsum(self.count) - self.count, self.count)
        return lat, np.repeat(self.first, self.count) + within * np.repeat(360.0 / self.count, self.count)

    def bilinear(self, lat: F64, lon: F64) -> Weights:
        """Weights of four points for every target: linear along the two rows around it, and between these.

        Beyond the first and the last row the other row is the same one on the other side of the pole; at a pole the
        value is the mean of the row nearest to it.
        """
        below = np.searchsorted(-self.lat, -lat, side="left")  # the first row that is not north of the target
        south, north = np.minimum(below, len(self.lat) - 1), np.maximum(below - 1, 0)
        over_north, over_south = below == 0, below == len(self.lat)
        top = np.where(over_north, 180.0 - self.lat[0], self.lat[north])
        bottom = np.where(over_south, -180.0 - self.lat[-1], self.lat[south])
        share = (top - lat) / np.where(top > bottom, top - bottom, 1.0)  # of the southern row
        upper = self._along(north, np.where(over_north, lon + 180.0, lon))
        lower = self._along(south, np.where(over_south, lon + 180.0, lon))
        index = np.stack([*upper[0], *lower[0]])
        weight = np.stack([*((1.0 - share) * w for w in upper[1]), *(share * w for w in lower[1])])
        means = tuple(
            (np.flatnonzero(np.abs(lat - pole) < 1.0e-9), self.start[row] + np.arange(self.count[row]))
            for pole, row in ((90.0, 0), (-90.0, len(self.lat) - 1))
        )
        index = pointing_at_what_counts(index, weight)
        return Weights(index=index, weight=weight, means=tuple((t, s) for t, s in means if len(t)))

    def nearest(self, lat: F64, lon: F64) -> I64:
        """Numbers of points near the targets: in the nearest row the nearest one."""
        middle = (self.lat[1:] + self.lat[:-1]) / 2.0
        row = np.searchsorted(-middle, -lat, side="left")
        place = np.round((lon - self.first[row]) / (360.0 / self.count[row])).astype(np.int64)
        nearest: I64 = self.start[row] + place % self.count[row]
        return nearest

    def _along(self, row: I64, lon: F64) -> tuple[tuple[I64, I64], tuple[F64, F64]]:
        """The two points of a row around a longitude, and their weights."""
        count = self.count[row]
        place = ((lon - self.first[row]) % 360.0) / (360.0 / count)
        left = np.floor(place).astype(np.int64)
        share = place - left
        return (
            (self.start[row] + left % count, self.start[row] + (left + 1) % count),
            (1.0 - share, share),
        )
