"""Nearest grid points of track points.

References
----------
Specification 01, section 11.7. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F32_1D, I64, I64_1D
from ..kernels.declare import kernel
from .model import TrackSet

_FARTHEST = np.float32(1000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTracks:
    """Tracks on grid points.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
        Position in the list, 1-based.
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the point arrays.
    frame, x, y : int64, shape (n_points,)
        Frame and grid numbers, 1-based.
    """

    track_id: I64
    start: I64
    frame: I64
    x: I64
    y: I64


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


def grid_tracks(tracks: TrackSet, grid_x: F32, grid_y: F32) -> GridTracks:
    """Grid points nearest to the points of tracks.

    Parameters
    ----------
    tracks : TrackSet
        As re-read from the written file (positions rounded by the text).
    grid_x, grid_y : float32
        Longitudes and latitudes of the grid.
    """
    return GridTracks(
        track_id=np.arange(1, tracks.n_tracks + 1, dtype=np.int64),
        start=tracks.start,
        frame=tracks.frame,
        x=_nearest(grid_x, tracks.lon),
        y=_nearest(grid_y, tracks.lat),
    )
