"""What a grid of longitudes and latitudes is: a sphere that harmonics can be taken of, or a limited area.

References
----------
Swarztrauber, P. N. 1979, SIAM Review 21, 34-55 (equally spaced rows). Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .legendre import gauss_nodes

TOLERANCE = 2.0e-3
"""Degrees by which coordinates may differ from those of an exact grid (files round them)."""
FEWEST_ROWS, FEWEST_COLUMNS = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Longitudes of a grid.

    Attributes
    ----------
    longitude : float64, shape (nx,), radians
        West to east without jumps.
    order : slice
        Takes stored columns to west-to-east order, the closing one left out.
    stored : int
        Number of columns stored.
    closed : bool
        The last column repeats the first.
    full_circle : bool
        Evenly spaced all round.
    """

    longitude: F64
    order: slice
    stored: int
    closed: bool
    full_circle: bool

    @property
    def capacity(self) -> int:
        """Largest order that the columns tell from all lower ones."""
        return (len(self.longitude) - 1) // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowsOfSphere:
    """Rows from pole to pole.

    Attributes
    ----------
    colatitude : float64, shape (ny,), radians
        Of the exact grid that the stored latitudes round, in stored order.
    kind : {'gaussian', 'equal', 'offset'}
        Gaussian; equally spaced with rows on the poles, whether those are stored or not; equally spaced with the first
        row half a step away from the pole.
    weight : float64, shape (ny,), or None
        Gaussian weights in stored order.
    capacity : int
        Largest total wave number that the rows determine.
    """

    colatitude: F64
    kind: Literal["gaussian", "equal", "offset"]
    weight: F64 | None
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SphereGrid:
    """A grid all round the sphere."""

    columns: Columns
    rows: RowsOfSphere

    @property
    def capacity(self) -> int:
        """Largest triangular truncation that the grid holds."""
        return min(self.columns.capacity, self.rows.capacity)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns as stored."""
        return len(self.rows.colatitude), self.columns.stored


def as_degrees(name: str, axis: Array, fewest: int) -> F64:
    """An axis as float64.

    Raises
    ------
    GridError
        If it is not one-dimensional, too short, not finite, or latitudes leave -90 to 90.
    """
    values = np.asarray(axis, np.float64)
    if values.ndim != 1:
        raise GridError(
            f"{name}s of shape {values.shape}; allowed: one dimension. A grid with two-dimensional coordinates has to "
            "be regridded first"
        )
    if len(values) < fewest:
        raise GridError(f"a grid with {len(values)} {name}s; at least {fewest} are needed")
    if not np.isfinite(values).all():
        bad = int(np.flatnonzero(~np.isfinite(values))[0])
        raise GridError(f"{name} number {bad + 1} is {values[bad]}; correct the coordinates")
    if name == "latitude" and np.abs(values).max() > 90.0 + TOLERANCE:
        raise GridError(f"latitudes from {values.min():g} to {values.max():g}; allowed: -90 to 90 degrees")
    return values


def recognise_columns(lon: Array) -> Columns:
    """What longitudes (degrees, evenly spaced, in either direction, from wherever) are.

    Raises
    ------
    GridError
        If they are not evenly spaced, or go round more than once.
    """
    x = as_degrees("longitude", lon, FEWEST_COLUMNS)
    stored = len(x)
    turned = _is_descending(x)
    x = x[::-1] if turned else x
    x = x[0] + np.concatenate([[0.0], np.cumsum(np.mod(np.diff(x), 360.0))])  # a jump at 180 or 360 degrees is none
    step = (x[-1] - x[0]) / (stored - 1)
    even = x[0] + step * np.arange(stored)
    if np.abs(x - even).max() > min(TOLERANCE, 0.1 * step) or step <= 0.0:
        worst = int(np.argmax(np.abs(x - even)))
        raise GridError(
            f"longitudes are not evenly spaced: column {worst + 1} of {stored} lies at {x[worst]:g} instead of "
            f"{even[worst]:g} degrees (allowed difference {TOLERANCE}). Interpolate the field to an even grid first"
        )
    around = x[-1] - x[0]
    closed = abs(around - 360.0) <= min(TOLERANCE, 0.1 * step)
    full = closed or abs(around + step - 360.0) <= min(TOLERANCE * stored, 0.1 * step)
    if around > 360.0 + TOLERANCE:
        raise GridError(f"longitudes go round more than once ({around:g} degrees); cut the field to one circle")
    n = stored - closed
    longitude = np.radians(x[0] + (360.0 / n * np.arange(n) if full else step * np.arange(n)))
    order = slice(stored - 1, None if not closed else 0, -1) if turned else slice(0, n)
    return Columns(longitude=longitude, order=order, stored=stored, closed=closed, full_circle=full)


def _is_descending(x: F64) -> bool:
    """Whether most steps go west."""
    return bool(np.median(np.diff(x)) < 0.0)


def recognise_rows(lat: Array) -> RowsOfSphere | None:
    """What latitudes (degrees, either way) are; None if they do not reach from pole to pole.

    Raises
    ------
    GridError
        If they neither rise nor fall throughout.
    """
    y = as_degrees("latitude", lat, FEWEST_ROWS)
    check_monotonous(y)
    south_up = y[0] < y[-1]
    theta = np.radians(90.0 - (y[::-1] if south_up else y))
    rows = _equally_spaced(theta) or _gaussian(theta)
    if rows is None:
        return None
    if south_up:
        weight = None if rows.weight is None else rows.weight[::-1].copy()
        return RowsOfSphere(
            colatitude=rows.colatitude[::-1].copy(), kind=rows.kind, weight=weight, capacity=rows.capacity
        )
    return rows


def check_monotonous(y: F64) -> None:
    """Raise GridError unless latitudes rise or fall throughout."""
    steps = np.diff(y)
    if not ((steps > 0).all() or (steps < 0).all()):
        wrong = steps <= 0 if y[-1] > y[0] else steps >= 0
        bad = int(np.flatnonzero(wrong)[0])
        raise GridError(
            f"latitudes neither rise nor fall throughout: row {bad + 2} ({y[bad + 1]:g}) follows row {bad + 1} "
            f"({y[bad]:g}). Sort the rows"
        )


def _equally_spaced(theta: F64) -> RowsOfSphere | None:
    """Rows of an equally spaced grid (colatitudes ascending), or None."""
    n = len(theta)
    step = (theta[-1] - theta[0]) / (n - 1)
    near = min(np.radians(TOLERANCE), 0.1 * step)
    gaps = [_gap_in_half_steps(gap, step, near) for gap in (theta[0], np.pi - theta[-1])]
    if gaps[0] is None or gaps[1] is None or (1 in gaps and gaps != [1, 1]):
        return None
    halves = gaps[0] + gaps[1] + 2 * (n - 1)
    exact = ((gaps[0] + 2 * np.arange(n)) * (np.pi / halves)).astype(np.float64)
    if np.abs(exact - theta).max() > near:
        return None
    on_poles = gaps == [0, 0]
    kind: Literal["equal", "offset"] = "offset" if gaps[0] == 1 else "equal"
    return RowsOfSphere(colatitude=exact, kind=kind, weight=None, capacity=n - 2 if on_poles else n - 1)


def _gap_in_half_steps(gap: float, step: float, near: float) -> int | None:
    """Distance of the outermost row from the pole: 0, 1 or 2 half steps, or None."""
    return next((k for k in (0, 1, 2) if abs(gap - 0.5 * k * step) <= 2.0 * near), None)


def _gaussian(theta: F64) -> RowsOfSphere | None:
    exact, weight = gauss_nodes(len(theta))
    if np.abs(exact - theta).max() > np.radians(TOLERANCE):
        return None
    return RowsOfSphere(colatitude=exact, kind="gaussian", weight=weight, capacity=len(theta) - 1)


def recognise(lon: Array, lat: Array) -> SphereGrid | None:
    """The sphere grid of longitudes and latitudes in degrees; None if they cover a part of the sphere only.

    Raises
    ------
    GridError
        If the axes belong to no grid that this package knows.
    """
    columns, rows = recognise_columns(lon), recognise_rows(lat)
    return SphereGrid(columns=columns, rows=rows) if rows is not None and columns.full_circle else None


def sphere_grid(lon: Array, lat: Array) -> SphereGrid:
    """The same for those who need a whole sphere.

    Raises
    ------
    GridError
        Also if the grid does not cover the sphere.
    """
    grid = recognise(lon, lat)
    if grid is None:
        raise GridError(
            f"{describe(lon, lat)} does not cover the sphere by a Gaussian or an equally spaced grid (with or without "
            "its poles). Harmonics need that: take the whole globe, or interpolate to such a grid first"
        )
    return grid


def capacity(lon: Array, lat: Array) -> int:
    """Largest total wave number that a grid holds; of a limited area, that of waves of two grid steps."""
    columns, rows = recognise_columns(lon), recognise_rows(lat) if len(lat) >= FEWEST_ROWS else None
    around = columns.capacity if columns.full_circle else int(np.pi / (columns.longitude[1] - columns.longitude[0]))
    if rows is not None:
        return min(around, rows.capacity)
    steps = np.radians(np.abs(np.diff(np.asarray(lat, np.float64))))
    return min(around, int(np.pi / steps.max())) if len(steps) else around


def describe(lon: Array, lat: Array) -> str:
    """A grid in words."""
    return (
        f"the grid of {len(lat)} rows (latitudes {lat[0]:g} to {lat[-1]:g}) and {len(lon)} columns (longitudes "
        f"{lon[0]:g} to {lon[-1]:g})"
    )
