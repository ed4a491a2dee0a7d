"""Spline surfaces on the sphere, frame after frame."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import F32, F64, I32
from ..errors import GridError
from . import _dierckx
from .checks import check_ascending, check_field, check_smoothing
from .flags import UNDEFINED_FIT, fit_error
from .surface import Surface
from .surface_maker import SurfaceMaker

RADIAN = 0.017453292519943295
"""Radians per degree (FP_PI of the original)."""
HALF_PI = 1.57079632679489661923
FEWEST_ROWS = 4
FEWEST_COLUMNS = 4
SAME_LONGITUDE = 0.0005
"""A last column this near to a full circle (degrees) repeats the first one."""


INTERPOLATES = float(np.float32(0.001))
"""Smoothing factors below this interpolate (specification 03, section 2)."""
SUMS = ("fp", "fp0", "fpold", "gain_u", "gain_v")
"""Residual sums of a fit: last, of the least-squares polynomial, before the last knots, and what knots gained."""


class PoleDetails(NamedTuple):
    """What a fit found at the poles.

    Attributes
    ----------
    derivatives : float64, shape (6,)
        Value and two derivatives at the north, then at the south pole.
    step : float64, shape (2,)
        Steps of the finite differences that they were found with.
    data : float64, shape (2,)
        Pole data; without any, the mean of the nearest row.
    rows : (int, int)
        Rows that the steps were taken from.
    """

    derivatives: F64
    step: F64
    data: F64
    rows: tuple[int, int]


class SphereFit:
    """Fits of fields on one grid of the sphere (TRACK's ``sphery``).

    A plan holds the coordinates and all work arrays, so that a fit allocates only its result. It is not for use by
    two threads at once: give each its own ``copy()``.

    Parameters
    ----------
    colatitude : float64, shape (rows,)
        Radians, strictly ascending, strictly between 0 and pi, at least 4.
    longitude : float64, shape (columns,)
        Radians, strictly ascending from 0, below 2 pi, at least 4.
    smoothing : float
        Smoothing factor s >= 0; below 0.001 the surface interpolates.
    pole_continuity : bool or (bool, bool)
        Continuous first derivative at both poles, or at the north and the south pole.
    pole_data : (int, int, int, int)
        ``ider`` of the specification: value and derivatives at the north, then at the south pole. TRACK always has
        the default: no data, derivatives free.
    pole_values : (float, float)
        Data at the poles where `pole_data` says that there are any.
    columns : int, optional
        Columns of the fields; those beyond ``len(longitude)`` are ignored.
    planned : bool
        When interpolating, find what depends on the grid alone once. False takes the plain path for every field
        (slower, same bits).

    Raises
    ------
    GridError
        Rows at a pole, too few points, not ascending, not starting at 0, or going beyond the full circle.

    Notes
    -----
    Parity: bitwise.

    References
    ----------
    Specification 03, sections 9-12. Dierckx (1984), Computing 32, 319-342.
    """

    def __init__(
        self,
        colatitude: npt.ArrayLike,
        longitude: npt.ArrayLike,
        *,
        smoothing: float = 0.0,
        pole_continuity: bool | tuple[bool, bool] = False,
        pole_data: tuple[int, int, int, int] = (-1, 0, -1, 0),
        pole_values: tuple[float, float] = (0.0, 0.0),
        columns: int | None = None,
        planned: bool = True,
    ) -> None:
        u = check_ascending("co-latitude", colatitude, FEWEST_ROWS, "sphery")
        v = check_ascending("longitude", longitude, FEWEST_COLUMNS, "sphery")
        check_sphere(u, v)
        self.smoothing = check_smoothing(smoothing)
        north, south = pole_continuity if isinstance(pole_continuity, tuple) else (pole_continuity, pole_continuity)
        self.pole_continuity = (bool(north), bool(south))
        self.pole_data, self.pole_values = pole_data, pole_values
        mu, mv = len(u), len(v)
        self.columns = mv if columns is None else columns
        self.colatitude, self.longitude = u, v
        self._u = np.append(u, 0.0)  # one element more is readable in the original (section 11)
        self._smooth = np.array(self.pole_continuity, np.int32)
        self._ider = np.array(pole_data, np.int32)
        self._fewest_rows = fewest_rows(self.pole_continuity, pole_data)
        self._limits = np.array([0.0, 2.0 * math.pi])
        self._fixed = (self._smooth, self._ider, self._limits)
        nu, nv = mu + 6 + north + south, mv + 7
        most = max(nu, nv)
        self._r = np.zeros((mu, mv))
        self._surfaces = SurfaceMaker("sphery", mv, mu, self.smoothing, most)
        self._nrdata = (np.zeros(most, np.int32), np.zeros(most, np.int32))
        reals, integers = _dierckx.sphere_work(mu, mv, nu, nv)
        self._work = (np.zeros(reals), np.zeros(integers, np.int32))
        self._most_coefficients = (nu - 4) * (nv - 4)
        self.sums: dict[str, float] = {}
        self.poles: PoleDetails | None = None
        self.planned = planned
        self._plan: tuple[F64, I32] | None = None
        self._planned: Surface | None = None  # the one that does not last
        self._vector_level: int = _dierckx.vector_instructions()
        if planned and self.smoothing < INTERPOLATES:
            self._make_plan()

    @classmethod
    def from_degrees(
        cls,
        longitude: F32,
        latitude: F32,
        *,
        smoothing: float = 0.0,
        pole_continuity: bool = False,
        period: float = 360.0,
    ) -> SphereFit:
        """Plan for a grid in degrees, rows from south to north.

        Parameters
        ----------
        longitude : float32, shape (columns,)
            Degrees from 0; a last column at `period` repeats the first and is left out of the fit.
        latitude : float32, shape (rows,)
            Degrees, ascending.
        smoothing, pole_continuity :
            As for the class.
        period : float
            Full circle in the units of `longitude`.
        """
        lon, lat = np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)
        columns = len(lon)
        if columns and abs(lon[-1] - period) < SAME_LONGITUDE:
            lon = lon[:-1]
        colatitude = np.clip(HALF_PI - lat * RADIAN, 0.0, math.pi)[::-1]
        return cls(colatitude, lon * RADIAN, smoothing=smoothing, pole_continuity=pole_continuity, columns=columns)

    def copy(self) -> SphereFit:
        """A plan for the same grid with work arrays of its own."""
        return SphereFit(
            self.colatitude,
            self.longitude,
            smoothing=self.smoothing,
            pole_continuity=self.pole_continuity,
            pole_data=self.pole_data,
            pole_values=self.pole_values,
            columns=self.columns,
            planned=self.planned,
        )

    def fit(self, field: npt.NDArray[np.floating], *, lasting: bool = True) -> Surface:
        """Fit one field.

        Parameters
        ----------
        field : float32 or float64, shape (rows, columns)
            Rows from south to north, that is with descending co-latitude.
        lasting : bool
            False: the surface may be the one that the next such fit returns again, with other coefficients.

        Returns
        -------
        Surface
            x is the co-latitude, y the longitude. ``flag`` > 0 says that the fit asked for was not reached.

        Raises
        ------
        GridError
            The field has another shape.
        FitError
            The fit is undefined (missing values).
        """
        mu, mv = len(self.colatitude), len(self.longitude)
        check_field(field, mu, self.columns)
        if self._plan is None:
            np.copyto(self._r, field[::-1, :mv], casting="same_kind")
            return self._plain_fit()
        surface = self._planned if not lasting else None
        if surface is None:
            surface = self._surfaces.surface(*self._numbers, -1, np.empty(self._most_coefficients), 0.0)
        if not self._planned_fit(field, self._plan, surface.c):
            return self._plain_fit()
        if not lasting:
            self._planned = surface
        return surface

    def _planned_fit(self, field: npt.NDArray[np.floating], plan: tuple[F64, I32], c: F64) -> bool:
        """Coefficients as planned; with False only the data in the work array are set."""
        mu, mv = len(self.colatitude), len(self.longitude)
        poles = np.array(self.pole_values, np.float64)
        rest = (*self._fixed, self._surfaces.tx, self._vector_level, *plan, c, poles)
        if field.dtype == np.float32:
            rows = np.ascontiguousarray(field).T
            dr, step, is_usable = _dierckx.planned_sphere_single(rows, self._r.T, *rest)
        else:
            np.copyto(self._r, field[::-1, :mv], casting="same_kind")
            dr, step, is_usable = _dierckx.planned_sphere_surface(self._r.T, *rest)
        if is_usable:
            self.poles = PoleDetails(dr, step, poles, (mu, mu))
        return bool(is_usable)

    def _plain_fit(self) -> Surface:
        """Fit the data in the work array without a plan."""
        mu, mv = len(self.colatitude), len(self.longitude)
        c = np.empty(self._most_coefficients)
        poles = np.array(self.pole_values, np.float64)
        numbers, sums, dr, step = _dierckx.sphere_surface(
            self._u,
            self.longitude,
            self._r.T,
            self.smoothing,
            self._smooth,
            self._ider,
            self._fewest_rows,
            self._limits,
            self._surfaces.tx,
            self._surfaces.ty,
            c,
            poles,
            *self._nrdata,
            *self._work,
        )
        nu, nv, flag = (int(n) for n in numbers[:3])
        self.sums = dict(zip(SUMS, (float(v) for v in sums), strict=True))
        self.poles = PoleDetails(dr, step, poles, (int(numbers[6]), int(numbers[7])))
        if flag == UNDEFINED_FIT:
            raise fit_error("sphery", flag, mv, mu, self.smoothing)
        self._surfaces.take_knots()
        return self._surfaces.surface(nu, nv, flag, c[: (nu - 4) * (nv - 4)], self.sums["fp"])

    def _make_plan(self) -> None:
        """Prepare what depends on the grid alone, unless the grid is one for the plain path only."""
        mu, mv = len(self.colatitude), len(self.longitude)
        n_reals, n_integers = _dierckx.sphere_plan_sizes(mu, mv)
        reals, integers = np.zeros(n_reals), np.zeros(n_integers, np.int32)
        numbers, is_usable = _dierckx.plan_sphere_surface(
            self.colatitude,
            self.longitude,
            self._smooth,
            self._ider,
            self._limits,
            self._surfaces.tx,
            self._surfaces.ty,
            *self._work,
            reals,
            integers,
        )
        if is_usable:
            self._plan = (reals, integers)
            self._numbers = (int(numbers[0]), int(numbers[1]))
            self._surfaces.take_knots()


def check_sphere(u: F64, v: F64) -> None:
    """Check that a grid can carry a surface on the sphere.

    Raises
    ------
    GridError
        See `SphereFit`.
    """
    if not (u[0] > 0 and u[-1] < math.pi):
        raise GridError(
            "sphery needs rows strictly between the poles; "
            f"the co-latitudes run from {u[0]:.9g} to {u[-1]:.9g} (radians). "
            "Leave out the pole rows (choose the region without them), or fit on the rectangle (smoopy)"
        )
    if v[0] != 0:
        raise GridError(f"sphery needs the first longitude to be 0, found {v[0] / RADIAN:.9g} degrees; shift the grid")
    if not v[-1] < 2.0 * math.pi:
        raise GridError(
            f"sphery needs longitudes below a full circle, found {v[-1] / RADIAN:.9g} degrees; "
            "leave out repeated columns"
        )


def fewest_rows(pole_continuity: tuple[bool, bool], pole_data: tuple[int, int, int, int]) -> int:
    """Rows that the range of the data next to a pole is taken from, at least (mumin)."""
    count = 4
    for pole in (0, 1):
        count -= pole_data[2 * pole] >= 0
        count -= pole_continuity[pole] and pole_data[2 * pole + 1] == 1
    return count or 1
