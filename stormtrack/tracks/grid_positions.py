"""Nearest grid points of track points.

References
----------
Specification 01, section 11.7. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, F32_1D, I64, I64_1D
from ..kernels.declare import kernel
from ..model.tracks import TrackSet

_FARTHEST = np.float32(1000.0)


@kernel
def nearest(lines: F32_1D, positions: F32_1D, out: I64_1D) -> None:
    """1-based index of the first grid line nearest to each position (float32 distances below 1000)."""
    for i in range(len(positions)):
        best = _FARTHEST
        out[i] = 0
        for j in range(len(lines)):
            distance = abs(np.float32(lines[j] - positions[i]))
            if distance < best:
                best = distance
                out[i] = j + 1


def _nearest(lines: F32, positions: F32) -> I64:
    out = np.zeros(len(positions), np.int64)
    nearest(np.ascontiguousarray(lines, np.float32), np.ascontiguousarray(positions), out)
    return out


def nearest_nodes(tracks: TrackSet, grid_x: F32, grid_y: F32) -> tuple[I64, I64]:
    """Numbers (1-based, int64, shape (n_points,)) of the grid lines nearest to the points of tracks.

    Parameters
    ----------
    tracks : TrackSet
        As re-read from the written file (positions rounded by the text).
    grid_x, grid_y : float32
        Longitudes and latitudes of the grid.
    """
    return _nearest(grid_x, tracks.lon), _nearest(grid_y, tracks.lat)
