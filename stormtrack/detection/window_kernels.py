"""Kernels of the fits per object: windows of the field, and the coordinates of object points.

References
----------
Specification 02, section 12. Parity: bitwise where the original is defined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, F32_2D, I32_1D
from ..kernels.declare import kernel
from .domain import PERIOD, Axes, x_coordinate


class Window(NamedTuple):
    """Columns and rows of a fit window: first (1-based) and number."""

    column: int
    columns: int
    row: int
    rows: int


@kernel
def load_window(field: F32_2D, xgrid: F32_1D, window: Window, x: F32_1D, z: F32_2D) -> None:
    """Abscissae and values of a window; columns beyond the grid wrap around."""
    ix = len(xgrid)
    for i in range(window.columns):
        k = window.column - 1 + i
        source = k
        if k < 0:
            x[i] = np.float32(xgrid[ix - 1 + k] - PERIOD)
            source = ix - 1 + k
        elif k >= ix:
            x[i] = np.float32(xgrid[k - ix + 1] + PERIOD)
            source = k - ix + 1
        else:
            x[i] = xgrid[k]
        for j in range(window.rows):
            z[j, i] = field[window.row - 1 + j, source]


@kernel
def keep_points_only(point_x: I32_1D, point_y: I32_1D, axes: Axes, window: Window, z: F32_2D, kept: F32_2D) -> None:
    """Copy the window's values at the object's points from `z` into the zeros of `kept`."""
    for p in range(len(point_x)):
        i, j = point_x[p] + axes.x1 - 1 - window.column, point_y[p] + axes.y1 - 1 - window.row
        if 0 <= i < z.shape[1] and 0 <= j < z.shape[0]:
            kept[j, i] = z[j, i]


@kernel
def node_positions(point_x: I32_1D, point_y: I32_1D, axes: Axes, x: F32_1D, y: F32_1D) -> None:
    """Coordinates of object points; columns beyond the grid wrap around."""
    for p in range(len(point_x)):
        x[p] = x_coordinate(axes.x, point_x[p] + axes.x1 - 2, True)
        y[p] = axes.y[point_y[p] + axes.y1 - 2]
