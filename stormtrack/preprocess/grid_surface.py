"""Spline surfaces through fields, and their values and derivatives on a grid.

References
----------
Specification 05, sections 5.3 and 5.5. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import F32, F64, F64_2D, I64
from ..errors import GridError
from ..settings.spline import SplineSettings
from ..splines.rectangle import RectangleFit
from ..splines.sphere import HALF_PI, RADIAN, SphereFit
from ..splines.surface import Surface, evaluate
from ._spline_sums import CUBIC, basis_of_points, differences, runs_of, sum_on_grid

Direction = Literal["lon", "lat"]
PERIOD = np.float32(360.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """Columns repeated on both sides of a field before a surface is fitted.

    Attributes
    ----------
    columns : int
        On each side.
    closed : bool
        The last column of the grid repeats the first.
    """

    columns: int = 0
    closed: bool = False

    def check(self, nx: int) -> None:
        """Raise `GridError` if a grid of `nx` columns has not so many."""
        most = nx - self.closed
        if not 0 <= self.columns <= most:
            raise GridError(
                f"{self.columns} columns cannot be repeated on both sides of a grid of {nx}; allowed: 0 to {most}"
            )

    def field(self, field: F32 | F64) -> F32 | F64:
        """A field (rows, columns) with the repeated columns."""
        if self.columns == 0:
            return field
        left, right = self._parts(field)
        return np.concatenate([left, field, right], axis=1)

    def longitudes(self, lon: F32) -> F32:
        """Longitudes (degrees) of the columns of `field`."""
        if self.columns == 0:
            return lon
        left, right = self._parts(lon)
        return np.concatenate([left - PERIOD, lon, right + PERIOD])

    def _parts(self, values: F32 | F64) -> tuple[F32 | F64, F32 | F64]:
        n, closing = values.shape[-1], int(self.closed)
        left = values[..., n - closing - self.columns : n - closing]
        return left, values[..., closing : closing + self.columns]


class GridSurface:
    """Fits surfaces to fields on one grid, and samples them on a grid.

    Parameters
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        Grid of the fields, degrees, rows south to north.
    settings : SplineSettings
        On the rectangle (smoopy), longitudes and latitudes in degrees, or on the sphere (sphery), radians, with
        co-latitudes in place of latitudes.
    wrap : Wrap
        For surfaces on the rectangle.
    points : (float32, float32), optional
        Longitudes and latitudes where surfaces are sampled; by default the grid.

    Attributes
    ----------
    poor_fits : int
        Number of fits so far whose flag was above 0; the original goes on with them.

    Raises
    ------
    GridError
        The grid cannot carry such a surface.

    Notes
    -----
    For one thread.
    """

    def __init__(
        self,
        lon: F32,
        lat: F32,
        settings: SplineSettings,
        wrap: Wrap | None = None,
        points: tuple[F32, F32] | None = None,
    ) -> None:
        self.wrap = wrap or Wrap()
        self.on_sphere = settings.kind == "sphery"
        self._fit: RectangleFit | SphereFit
        self._domain = np.array([0.0, np.pi, 0.0, 2.0 * np.pi])
        if self.on_sphere:
            self._fit = SphereFit.from_degrees(
                lon, lat, smoothing=settings.smoothing, pole_continuity=settings.pole_continuity
            )
        else:
            self.wrap.check(len(lon))
            x = self.wrap.longitudes(lon).astype(np.float64)
            self._fit = RectangleFit(x, lat.astype(np.float64), smoothing=settings.smoothing)
            self._domain = self._fit.limits
        self._points = self._positions(*(points or (lon, lat)))
        self._samplers: list[_Sampler] = []
        self.poor_fits = 0

    def _positions(self, lon: F32, lat: F32) -> tuple[F64, F64]:
        """Points in the surface's own x and y."""
        east, north = lon.astype(np.float64), lat.astype(np.float64)
        if self.on_sphere:
            return np.clip(HALF_PI - north * RADIAN, 0.0, np.pi), east * RADIAN
        return east, north

    def fit(self, field: F32 | F64) -> Surface:
        """The surface through a field, shape (ny, nx); the next fit may overwrite it."""
        return self.fit_wrapped(field if self.on_sphere else self.wrap.field(field))

    def fit_wrapped(self, field: F32 | F64) -> Surface:
        """The same through a field that has the repeated columns."""
        surface = self._fit.fit(field, lasting=False)
        self.poor_fits += surface.flag > 0
        return surface

    def derivative(self, surface: Surface, direction: Direction, order: int = 1) -> F64:
        """A derivative by the surface's own coordinate in that direction.

        Parameters
        ----------
        surface : Surface
            Of `fit`.
        direction : {'lon', 'lat'}
            On the sphere 'lat' means the co-latitude.
        order : {1, 2}

        Returns
        -------
        float64, shape (rows, columns) of the points
        """
        along_x = (direction == "lon") != self.on_sphere
        return self._sampled(surface, along_x, order)

    def values(self, surface: Surface) -> F64:
        """The surface itself, float64, shape (rows, columns) of the points."""
        return self._sampled(surface, True, 0)

    @property
    def points_outside(self) -> int:
        """Number of columns and rows of the points that lie beyond the grid of the fit."""
        first_x, last_x, first_y, last_y = self._domain
        x, y = self._points
        return int(np.count_nonzero((x < first_x) | (x > last_x)) + np.count_nonzero((y < first_y) | (y > last_y)))

    def _sampled(self, surface: Surface, along_x: bool, order: int) -> F64:
        if not (self._samplers and self._samplers[0].fits(surface)):
            self._samplers = _samplers(surface, *self._points)
        parts = [sampler.sums(surface, along_x, order) for sampler in self._samplers]
        found = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return found if self.on_sphere else found.T


class _Sampler:
    """What depends on the knots of a surface and on the points alone.

    Parameters
    ----------
    surface : Surface
        Any with the knots.
    x, y : float64, shapes (columns,), (rows,)
        As they are used.
    """

    def __init__(self, surface: Surface, x: F64, y: F64) -> None:
        self._surface = surface
        self._tx, self._ty = surface.tx[: surface.nx].copy(), surface.ty[: surface.ny].copy()
        self._x, self._y = _basis(self._tx, x), _basis(self._ty, y)
        self._runs = runs_of(self._y.first)

    def fits(self, surface: Surface) -> bool:
        """Whether a surface has these knots."""
        if surface.tx is self._surface.tx and surface.ty is self._surface.ty and surface.nx == self._surface.nx:
            return surface.ny == self._surface.ny
        return np.array_equal(surface.tx[: surface.nx], self._tx) and np.array_equal(surface.ty[: surface.ny], self._ty)

    def sums(self, surface: Surface, along_x: bool, order: int) -> F64_2D:
        """A derivative of this order along x or y (0: the value), float64, shape (columns, rows); a new array."""
        table = surface.c.reshape(surface.nx - CUBIC - 1, surface.ny - CUBIC - 1)
        if order:
            table = differences(table, self._tx if along_x else self._ty, order, 0 if along_x else 1)
        x_degree, y_degree = (CUBIC - order, CUBIC) if along_x else (CUBIC, CUBIC - order)
        out = np.empty((len(self._x.first), len(self._y.first)))
        sum_on_grid(
            np.ascontiguousarray(table),
            self._x.first,
            self._x.of_degree[x_degree],
            self._runs,
            self._y.of_degree[y_degree],
            not along_x,
            out,
        )
        return out


def _samplers(surface: Surface, x: F64, y: F64) -> list[_Sampler]:
    """Samplers of stretches of columns.

    Points beyond the domain are moved as `evaluate` says. The original sets y once for a row of points and evaluates
    column after column, so that a y that was moved is looked at, and may be moved, again for the next column.
    """
    first_x, _, first_y, _ = surface.limits
    x = evaluate(surface, x, np.full(len(x), first_y)).x
    samplers, column = [], 0
    while column < len(x):
        moved = evaluate(surface, np.full(len(y), first_x), y).y
        end = len(x) if np.array_equal(moved, y) else column + 1
        samplers.append(_Sampler(surface, x[column:end], moved))
        column, y = end, moved
    return samplers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Basis:
    """B-splines of degrees 1 to 3 at points: the number of the first coefficient, and values (degree + 1, points)."""

    first: I64
    of_degree: dict[int, F64]


def _basis(t: F64, points: F64) -> _Basis:
    first = np.empty(len(points), np.int64)
    of_degree = {degree: np.empty((degree + 1, len(points))) for degree in range(1, CUBIC + 1)}
    for values in of_degree.values():
        basis_of_points(t, points, first, values)
    return _Basis(first=first, of_degree=of_degree)
