"""Checks of what a surface is fitted to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..arrays import F64
from ..errors import FitError, GridError


def check_ascending(name: str, values: npt.ArrayLike, fewest: int, routine: str) -> F64:
    """Coordinates as float64.

    Raises
    ------
    GridError
        Too few, or not strictly ascending.
    """
    out = np.array(values, np.float64)
    if out.ndim != 1 or len(out) < fewest:
        raise GridError(f"{routine} needs at least {fewest} values of {name} in one dimension, found shape {out.shape}")
    bad = np.flatnonzero(~(np.diff(out) > 0))
    if len(bad):
        k = int(bad[0])
        raise GridError(
            f"{routine} needs {name} strictly ascending; element {k + 1} is {out[k + 1]:.9g} after {out[k]:.9g}. "
            "Reorder the grid, or leave out repeated rows or columns"
        )
    return out


def check_smoothing(smoothing: float) -> float:
    """Smoothing factor as float.

    Raises
    ------
    FitError
        Negative or not finite.
    """
    if not (np.isfinite(smoothing) and smoothing >= 0):
        raise FitError(
            "surface fit", 0, f"smoothing factor s is {smoothing}; allowed: finite and >= 0 (0 interpolates)"
        )
    return float(smoothing)


def check_field(field: npt.NDArray[np.floating], rows: int, columns: int) -> None:
    """Check the shape of a field.

    Raises
    ------
    GridError
        It does not fit the grid.
    """
    if field.shape != (rows, columns):
        raise GridError(f"a field of shape {field.shape} was given for a surface on {rows} rows x {columns} columns")
