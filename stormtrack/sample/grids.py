"""Grids that samples can be made on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64
from ..errors import GridError
from ..grid.gaussian import gaussian_latitudes, quadratic_columns


@dataclass(frozen=True, slots=True)
class SampleGrid:
    """A global grid of evenly spaced longitudes from 0.

    Attributes
    ----------
    lon : float64, shape (columns,), degrees, west to east, without the 360-degree column
    lat : float64, shape (rows,), degrees, south to north
    """

    lon: F64
    lat: F64


def _multiples(first: int, end: int, step: float) -> F64:
    return np.array([k * step for k in range(first, end)], np.float64)


def gaussian(truncation: int) -> SampleGrid:
    """The Gaussian grid of a triangular truncation (42: 128 x 64, 63: 192 x 96).

    Raises
    ------
    GridError
        For a truncation below 1.
    """
    if truncation < 1:
        raise GridError(f"a sample of truncation {truncation}; allowed: 1 and above (42 is usual)")
    columns = quadratic_columns(truncation)
    return SampleGrid(_multiples(0, columns, 360.0 / columns), gaussian_latitudes(columns // 2)[0])


def regular(step: float) -> SampleGrid:
    """A regular grid with poles and equator; `step` degrees divides 90 (0.25: 1440 x 721).

    Raises
    ------
    GridError
        If it does not.
    """
    quarter = round(90.0 / step) if step > 0 else 0
    if quarter < 1 or abs(quarter * step - 90.0) > 1e-9:
        raise GridError(f"a sample of {step:g} degrees; allowed: steps that divide 90 (2.5, 1, 0.5, 0.25)")
    return SampleGrid(_multiples(0, 4 * quarter, 90.0 / quarter), _multiples(-quarter, quarter + 1, 90.0 / quarter))
