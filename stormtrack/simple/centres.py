"""Centres of a frame: extrema of a window that stand out, one in each box.

References
----------
Specification 07, section 1, detection. Parity: == with the plain form in ``tests/naive/simple.py``. Values are compared
as they are; contrasts and Laplacians are differences in float64, which are exact for float32 fields of ordinary range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, I64
from ..settings.simple import CentreSettings

BOX = 5
"""Rows and columns of the box of which one centre stays."""
_BEYOND = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame in which minima are sought, widened so that windows need no special case.

    Attributes
    ----------
    values : float32 or float64, shape (ny, nx + 2 * margin)
        Signed so that minima count; infinite where values are missing.
    margin : int
        Columns repeated on both sides; 0 where the grid does not go round.
    """

    values: F32 | F64
    margin: int


def find_centres(field: F32 | F64, settings: CentreSettings, *, periodic: bool) -> tuple[I64, I64]:
    """Rows and columns of the centres of a frame, in row-major order.

    Parameters
    ----------
    field : float32 or float64, shape (ny, nx)
        At least as many rows and columns as the window has; NaN and infinite values count as missing.
    settings : CentreSettings
    periodic : bool
        The columns go all round. Else, as at the first and last rows, no window reaches beyond the outer columns.
    """
    half = settings.window // 2
    frame = _prepared(field, settings, half if periodic else 0)
    row, column = _extrema(frame, half)
    stands_out = _contrast(frame, row, column, settings.window) > settings.contrast
    row, column = row[stands_out], column[stands_out]
    strength = _laplacian(frame, row, column)
    column = column - frame.margin
    kept = _strongest(row, column, strength, field.shape, periodic=periodic)
    return row[kept], column[kept]


def _prepared(field: F32 | F64, settings: CentreSettings, margin: int) -> Frame:
    signed = field if settings.sign == "min" else -field
    values = np.where(np.isfinite(signed), signed, np.asarray(np.inf, signed.dtype))
    if margin:
        values = np.concatenate([values[:, -margin:], values, values[:, :margin]], axis=1)
    return Frame(values=values, margin=margin)


def _extrema(frame: Frame, half: int) -> tuple[I64, I64]:
    """Places in `frame.values` that no value of their window goes below, and that are not missing."""
    values = frame.values
    ny, nx = values.shape
    lowest = _lowest([values[k : ny - 2 * half + k] for k in range(2 * half + 1)])
    lowest = _lowest([lowest[:, k : nx - 2 * half + k] for k in range(2 * half + 1)])
    inner = values[half : ny - half, half : nx - half]
    row, column = np.nonzero((inner <= lowest) & (inner < np.inf))
    return row + half, column + half


def _lowest(shifted: Sequence[F32 | F64]) -> F32 | F64:
    lowest = shifted[0].copy()
    for other in shifted[1:]:
        np.minimum(lowest, other, out=lowest)
    return lowest


def _contrast(frame: Frame, row: I64, column: I64, window: int) -> F64:
    """By how much the value after a third of the window's values exceeds the one in its middle."""
    shifts = np.arange(window) - window // 2
    around = frame.values[row[:, None, None] + shifts[:, None], column[:, None, None] + shifts]
    place = window * window // 3
    ordered = np.partition(around.reshape(len(row), window * window), place, axis=1)
    contrast: F64 = ordered[:, place].astype(np.float64) - frame.values[row, column]
    return contrast


def _laplacian(frame: Frame, row: I64, column: I64) -> F64:
    """Size of the five-point Laplacian in grid steps; infinite beside missing values."""
    south, north, west, east, middle = (
        frame.values[row + j, column + i].astype(np.float64) for j, i in ((-1, 0), (1, 0), (0, -1), (0, 1), (0, 0))
    )
    return np.abs((south + north) + (west + east) - 4.0 * middle)


def _strongest(row: I64, column: I64, strength: F64, shape: tuple[int, ...], *, periodic: bool) -> I64:
    """Which candidates have the largest strength of those in the box around them; of equal ones, the first.

    Only strengths above 0 count.
    """
    ny, nx = shape
    half = BOX // 2
    grid = np.zeros((ny + 2 * half, nx + 2 * half))
    grid[row + half, column + half] = strength
    shifts = np.arange(-half, half + 1)
    rows = np.repeat(row[:, None] + shifts, BOX, axis=1)
    columns = np.tile(column[:, None] + shifts, BOX)
    if periodic:
        columns = columns % nx
    around = grid[rows + half, columns + half]
    largest = around.max(axis=1, initial=0.0)
    first = np.where(around == largest[:, None], rows * nx + columns, _BEYOND).min(axis=1, initial=_BEYOND)
    kept: I64 = np.flatnonzero((strength > 0.0) & (strength == largest) & (first == row * nx + column))
    return kept
