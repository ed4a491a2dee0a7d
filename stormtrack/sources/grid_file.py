"""Text files that hold a grid: numbers of columns and rows, longitudes, latitudes.

References
----------
Specification 01, section 12.7.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import F32
from ..errors import GridError


def read_grid_file(path: str) -> tuple[F32, F32]:
    """Longitudes and latitudes of a grid file.

    Raises
    ------
    GridError
        If the file cannot be read or does not hold the numbers that it announces.
    """
    try:
        words = Path(path).read_bytes().split()
    except OSError as error:
        raise GridError(f"grid file '{path}' cannot be read: {error.strerror}") from error
    try:
        nx, ny = int(words[0]), int(words[1])
        values = np.array([float(w) for w in words[2 : 2 + nx + ny]], np.float32)
    except (ValueError, IndexError) as error:
        raise GridError(f"grid file '{path}' does not begin with two counts and numbers: {error}") from error
    if nx < 2 or ny < 2 or len(values) < nx + ny:
        raise GridError(f"grid file '{path}' announces {nx} + {ny} coordinates and holds {len(values)}")
    return values[:nx], values[nx:]
