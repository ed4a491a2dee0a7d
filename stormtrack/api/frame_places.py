"""Where the grid of a search lies on the sphere."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import F64, Mask
from ..core.looking import Look


def nodes(seen: Look) -> tuple[F64, F64, Mask]:
    """Longitudes and latitudes of all nodes, and which of them hold the field."""
    x, y = np.meshgrid(seen.grid.x, seen.grid.y)
    lon, lat, there = to_sphere(seen)(x.ravel(), y.ravel())
    return lon, lat, there & inside(seen).ravel()


def inside(seen: Look) -> Mask:
    """Nodes that hold the field, in the region that is searched."""
    grid, region = seen.grid, seen.grid.region
    if grid.projected is not None:
        return grid.projected.inside
    out = np.zeros((len(grid.y), len(grid.x)), np.bool_)
    out[region.first_row : region.end_row, region.first_column : region.end_column] = True
    return out


def to_sphere(seen: Look) -> Any:
    """From the grid that is searched to longitudes and latitudes, and where there are any."""
    plane = seen.grid.projected

    def inverse(x: F64, y: F64) -> tuple[F64, F64, Mask]:
        if plane is None:
            return np.asarray(x, np.float64), np.asarray(y, np.float64), np.abs(y) <= 90.0
        lon, lat, there = plane.projection.to_sphere(np.asarray(x, np.float32), np.asarray(y, np.float32))
        return lon.astype(np.float64), lat.astype(np.float64), np.asarray(there, np.bool_)

    return inverse
