"""Sampling points: where statistics are computed.

References
----------
Specification 06, section 1.5. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, I64
from ..errors import UserInputError
from ..settings.statistics import Region
from .sphere import Points, on_sphere

MOST_POINTS = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SamplePoints:
    """Points on a grid, or those of a map that lie on the sphere.

    Attributes
    ----------
    lon, lat : float32, shape (n,)
        Degrees.
    x, y : float32, shapes (nx,), (ny,)
        Lines of the grid, degrees or coordinates of the map.
    place : int64, shape (n,)
        Where each point stands in the grid, row by row, 0-based.
    """

    lon: F32
    lat: F32
    x: F32
    y: F32
    place: I64

    @property
    def n(self) -> int:
        """Number of points."""
        return len(self.lon)

    @property
    def points(self) -> Points:
        """Unit vectors."""
        return on_sphere(self.lon, self.lat)


def points_of_grid(lon: F32, lat: F32) -> SamplePoints:
    """All points of a grid, row by row; latitudes from south to north."""
    x, y = np.meshgrid(lon.astype(np.float32), lat.astype(np.float32))
    return SamplePoints(
        lon=x.ravel(), lat=y.ravel(), x=lon.astype(np.float32), y=lat.astype(np.float32), place=np.arange(x.size)
    )


def lines_of_region(region: Region) -> tuple[F32, F32]:
    """Lines of about square cells in a region.

    Raises
    ------
    UserInputError
        If there are none, or too many points.
    """
    x1, x2, y1, y2 = (np.float32(v) for v in region.bounds)
    area = np.float32(np.float32(x2 - x1) * np.float32(y2 - y1))
    if region.points < 1 or not area > 0:
        raise UserInputError(
            f"{region.points} sampling points in {x1:g} to {x2:g}, {y1:g} to {y2:g}: at least one point and an area "
            "above 0 are needed"
        )
    b = np.float32(np.sqrt(np.float64(np.float32(area / np.float32(region.points)))))
    nx, ny = int(np.float32(np.float32(x2 - x1) / b)), int(np.float32(np.float32(y2 - y1) / b))
    if nx < 1 or ny < 1 or nx * ny > MOST_POINTS:
        raise UserInputError(f"{nx} by {ny} sampling points in the region; ask for another number of points")
    return _line(x1, b, nx), _line(y1, b, ny)


def _line(first: np.float32, step: np.float32, count: int) -> F32:
    begin = np.float32(np.float64(first) + np.float64(step) / 2.0)
    steps = np.arange(count).astype(np.float32) * step
    return (begin + steps).astype(np.float32)
