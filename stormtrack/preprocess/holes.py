"""Filling of holes: missing values of a frame in file order, replaced by what stands around them.

References
----------
Specification 05, section 11 (menu 8). Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32, F32_2D
from ..errors import FieldError
from ..grid.missing_test import Missing, is_missing, missing_mask
from ..kernels.declare import helper, kernel
from ..settings.extract import CONSTANT, NEIGHBOURS, HoleFilling

RAD = 0.017453292519943295


@helper
def _from_neighbours(field, j, i, missing):
    """The mean of the neighbours of a point that are not missing; its own value if all are."""
    ny, nx = field.shape
    total, count = np.float32(0.0), np.float32(0.0)
    for row in (j, j - 1, j + 1):
        if row < 0 or row >= ny:
            continue
        for column in (i - 1, i, i + 1):
            if column < 0 or column >= nx or (row == j and column == i):
                continue
            if not is_missing(field[row, column], missing):
                total = total + field[row, column]
                count = count + np.float32(1.0)
    return total / count if count > 0.0 else field[j, i]


@kernel
def _fill(field: F32_2D, missing: Missing, backward: bool) -> None:
    """Fill from neighbours point by point: points filled help the next ones. `backward`: once more from behind."""
    ny, nx = field.shape
    for j in range(ny):
        for i in range(nx):
            if is_missing(field[j, i], missing):
                field[j, i] = _from_neighbours(field, j, i, missing)
    if backward:
        for j in range(ny - 1, -1, -1):
            for i in range(nx - 1, -1, -1):
                if is_missing(field[j, i], missing):
                    field[j, i] = _from_neighbours(field, j, i, missing)


def nearest_rows(latitudes: F32, wanted: tuple[float, float]) -> tuple[int, int]:
    """Rows (0-based, ascending) next to two latitudes."""
    rows = [int(np.argmin(np.abs(latitudes - np.float32(value)))) for value in wanted]
    return min(rows), max(rows)


def _between(field: F32, latitudes: F32, filling: HoleFilling) -> None:
    """Replace all rows between two by values on straight lines between those; every step is float32."""
    first, last = nearest_rows(latitudes, filling.latitudes)
    for row in (first, last):
        if filling.missing is not None and missing_mask(field[row], filling.missing).any():
            raise FieldError(
                f"row {row + 1} of the field, from which holes are to be filled (latitude {latitudes[row]:g}), has "
                "missing values itself; give latitudes of rows without any"
            )
    if last - first < 2:
        return
    x = latitudes
    if filling.in_sine:
        x = np.array([math.sin(float(lat) * RAD) for lat in latitudes], np.float32)
    p, q = field[first].copy(), field[last].copy()
    distance = x[last] - x[first]
    slope, start = (q - p) / distance, (p * x[last] - q * x[first]) / distance
    for row in range(first + 1, last):
        field[row] = slope * x[row] + start


def fill_holes(field: F32, filling: HoleFilling, latitudes: F32) -> None:
    """Fill the holes of a frame in place.

    Parameters
    ----------
    field : float32, shape (ny, nx)
        In the order of the file.
    filling : HoleFilling
    latitudes : float32, shape (ny,)
        Ascending whatever the order of the file's rows, as the original takes them.

    Raises
    ------
    FieldError
        If rows that others shall be made of have missing values.
    """
    if filling.kind == NEIGHBOURS:
        _fill(field, Missing.of(filling.missing), filling.backward)
    elif filling.kind == CONSTANT:
        if filling.missing is not None:
            field[missing_mask(field, filling.missing)] = np.float32(filling.value)
    else:
        _between(field, latitudes, filling)
