"""Which grids the fast spectral filter takes and gives (specification 05, section 2.2)."""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32
from ..errors import GridError
from ..grid.gaussian import gaussian_grid, gaussian_latitudes, linear_columns, quadratic_columns
from ..settings.spectral import SpectralSettings

_LATITUDE_TOLERANCE = 2e-3
_UNIFORMITY = 5e-4
_WISH = "the fast spectral filter works on a full Gaussian grid with two columns per row, no 360-degree column"


def largest_safe_truncation(columns: int) -> int:
    """Smallest truncation whose linear grid has this many columns; above it waves are aliased."""
    truncation = 0
    while linear_columns(truncation) < columns:
        truncation += 1
    return truncation


def _is_full_circle(lon: F32) -> bool:
    x = lon.astype(np.float64)
    uneven = len(x) > 2 and float(np.max(x[2:] - 2.0 * x[1:-1] + x[:-2])) > _UNIFORMITY
    return len(x) > 1 and not uneven and abs(x[-1] + (x[1] - x[0]) - x[0] - 360.0) <= _UNIFORMITY * len(x)


def check_input_grid(lon: F32, lat: F32) -> None:
    """Raise GridError unless (lon, lat), west to east and south to north, is a Gaussian grid that can be filtered."""
    columns, rows = len(lon), len(lat)
    size = f"the grid has {columns} columns and {rows} rows"
    if columns == 2 * rows + 1:
        raise GridError(f"{size}: {_WISH}. Answer 'n' when asked to make the grid periodic")
    if columns % 2 or columns // 2 != rows or rows % 2:
        raise GridError(f"{size}; {_WISH} (for example 128 x 64 or 192 x 96). Interpolate the field to one first")
    reachable = range(1, columns)
    if columns not in map(linear_columns, reachable) or columns not in map(quadratic_columns, reachable):
        raise GridError(f"{size}; the number of columns must be a multiple of 4")
    if not _is_full_circle(lon):
        raise GridError(
            f"the longitudes ({lon[0]:g} to {lon[-1]:g}, {columns} of them) are not evenly spaced over 360 degrees; "
            f"{_WISH}"
        )
    expected = gaussian_latitudes(rows)[0][rows // 2 :]
    distance = np.abs(lat[rows // 2 :].astype(np.float64) - expected)
    if not bool(np.all(distance <= _LATITUDE_TOLERANCE)):
        worst = int(np.argmax(distance))
        raise GridError(
            f"row {rows // 2 + worst + 1} lies at latitude {lat[rows // 2 + worst]:.5f}, the Gaussian grid of {rows} "
            f"rows has {expected[worst]:.5f} there (allowed difference {_LATITUDE_TOLERANCE} degrees); {_WISH}. "
            "Interpolate the field to a Gaussian grid first"
        )


def check_truncation(truncation: int, columns: int) -> None:
    """Raise GridError for a truncation that the grid cannot hold."""
    if not 0 <= truncation < columns:
        raise GridError(
            f"truncation {truncation} on a grid of {columns} columns; allowed: 0 to {columns - 1} "
            f"(above {largest_safe_truncation(columns)} short waves are aliased)"
        )


def output_grid(lon: F32, lat: F32, settings: SpectralSettings, file_grid: tuple[F32, F32] | None) -> tuple[F32, F32]:
    """Longitudes and latitudes of the output.

    Raises
    ------
    GridError
        If the new Gaussian grid is finer than the input holds, or the file's grid is missing or no full circle.
    """
    if settings.new_grid == "same":
        return lon, lat
    if settings.new_grid == "gaussian":
        limit = largest_safe_truncation(len(lon))
        if settings.grid_truncation > limit:
            raise GridError(
                f"a Gaussian output grid of truncation {settings.grid_truncation} from {len(lon)} columns; "
                f"allowed: 1 to {limit}"
            )
        return gaussian_grid(settings.grid_truncation)
    if file_grid is None:
        raise GridError(f"the output grid of file {settings.grid_file!r} was not given")
    if not _is_full_circle(file_grid[0]):
        raise GridError(
            f"the output grid of file {settings.grid_file!r} must be a full circle of evenly spaced longitudes without "
            f"a 360-degree column; it has {len(file_grid[0])} from {file_grid[0][0]:g} to {file_grid[0][-1]:g}"
        )
    if not math.isfinite(float(np.sum(file_grid[1]))) or len(file_grid[1]) == 0:
        raise GridError(f"the output grid of file {settings.grid_file!r} has no usable latitudes")
    return file_grid
