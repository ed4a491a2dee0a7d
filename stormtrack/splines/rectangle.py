"""Spline surfaces on a rectangular grid, frame after frame."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..arrays import F64, I32
from ..errors import GridError
from . import _dierckx
from .checks import check_ascending, check_field, check_smoothing
from .flags import UNDEFINED_FIT, fit_error
from .surface import Surface
from .surface_maker import SurfaceMaker

INTERPOLATES = float(np.float32(0.01))
"""Smoothing factors up to this interpolate (specification 03, section 2)."""
SUMS = ("fp", "fp0", "fpold", "gain_x", "gain_y")
"""Residual sums of a fit: last, of the least-squares polynomial, before the last knots, and what knots gained."""
FEWEST = 4
"""Grid points that a cubic spline needs in each direction."""


class RectangleFit:
    """Fits of fields on one rectangular grid (TRACK's ``smoopy``).

    A plan holds the coordinates and all work arrays, so that a fit allocates only its result. It is not for use by
    two threads at once: give each its own ``copy()``.

    Parameters
    ----------
    x : float64, shape (columns,)
        Abscissae, strictly ascending, at least 4.
    y : float64, shape (rows,)
        Ordinates, strictly ascending (south to north), at least 4.
    limits : (float, float, float, float), optional
        First and last x, first and last y of the domain; must enclose the grid. Default: the grid's ends.
    smoothing : float
        Smoothing factor s >= 0: the sum of squared residuals wanted. Up to 0.01 the surface interpolates.
    with_residual : bool
        Compute the residual of interpolating surfaces, which is rounding error only and costs more than the surface.
    planned : bool
        When interpolating, find what depends on the grid alone once. False takes the plain path for every field
        (slower, same bits).

    Raises
    ------
    GridError
        Too few points, not ascending, or limits inside the grid.

    Notes
    -----
    Parity: bitwise.

    References
    ----------
    Specification 03, sections 5-8. Dierckx (1982), SIAM J. Numer. Anal. 19, 1286-1304.
    """

    def __init__(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        limits: tuple[float, float, float, float] | None = None,
        smoothing: float = 0.0,
        with_residual: bool = False,
        planned: bool = True,
    ) -> None:
        self.x = check_ascending("x", x, FEWEST, "smoopy")
        self.y = check_ascending("y", y, FEWEST, "smoopy")
        self.smoothing = check_smoothing(smoothing)
        self.with_residual, self.planned = with_residual, planned
        mx, my = len(self.x), len(self.y)
        ends = (self.x[0], self.x[-1], self.y[0], self.y[-1])
        self.limits = np.array(ends if limits is None else limits, np.float64)
        xb, xe, yb, ye = self.limits
        if not (xb <= ends[0] and xe >= ends[1] and yb <= ends[2] and ye >= ends[3]):
            raise GridError(
                f"the domain x {xb:g} to {xe:g}, y {yb:g} to {ye:g} of a surface does not enclose its grid "
                f"x {ends[0]:g} to {ends[1]:g}, y {ends[2]:g} to {ends[3]:g}; widen the limits or narrow the region"
            )
        self._surfaces = SurfaceMaker("smoopy", mx, my, self.smoothing, max(mx, my) + 4)
        self._nrdata = (np.zeros(mx + 4, np.int32), np.zeros(my + 4, np.int32))
        self._work: tuple[F64, F64, I32] | None = None
        self.sums: dict[str, float] = {}
        self._plan: tuple[F64, I32] | None = None
        self._planned: Surface | None = None  # the one that does not last
        self._vector_level: int = _dierckx.vector_instructions()
        interpolates = self.smoothing <= INTERPOLATES
        if planned and interpolates and not with_residual:
            self._make_plan()

    def copy(self) -> RectangleFit:
        """A plan for the same grid with work arrays of its own."""
        xb, xe, yb, ye = self.limits
        return RectangleFit(
            self.x,
            self.y,
            limits=(xb, xe, yb, ye),
            smoothing=self.smoothing,
            with_residual=self.with_residual,
            planned=self.planned,
        )

    def fit(self, field: npt.NDArray[np.floating], *, lasting: bool = True) -> Surface:
        """Fit one field.

        Parameters
        ----------
        field : float32 or float64, shape (rows, columns)
            Rows in the order of `y`.
        lasting : bool
            False: the surface may be the one that the next such fit returns again, with other coefficients.

        Returns
        -------
        Surface
            ``flag`` > 0 says that the fit asked for was not reached; the surface then is the last one tried, as in
            TRACK. ``Surface.check()`` makes it an error.

        Raises
        ------
        GridError
            The field has another shape.
        FitError
            The fit is undefined (missing values).
        """
        mx, my = len(self.x), len(self.y)
        check_field(field, my, mx)
        if self._plan is None:
            return self._plain_fit(field, np.empty(mx * my))
        surface = self._planned if not lasting else None
        if surface is None:
            surface = self._surfaces.surface(mx + 4, my + 4, -1, np.empty(mx * my), math.nan)
        if field.dtype == np.float32:
            rows = np.ascontiguousarray(field).T
            _dierckx.planned_rectangle_single(rows, self._vector_level, *self._plan, surface.c)
        else:
            z = field.astype(np.float64, order="C", casting="same_kind", copy=False)
            _dierckx.planned_rectangle(z.T, self._vector_level, *self._plan, surface.c)
        if not lasting:
            self._planned = surface
        return surface

    def _plain_fit(self, field: npt.NDArray[np.floating], c: F64) -> Surface:
        """Fit without a plan."""
        mx, my = len(self.x), len(self.y)
        if self._work is None:
            reals, integers = _dierckx.rectangle_work(mx, my)
            self._work = (np.zeros((mx, my)), np.zeros(reals), np.zeros(integers, np.int32))
        z, work, integer_work = self._work
        np.copyto(z, field.T, casting="same_kind")
        numbers, sums = _dierckx.rectangle_surface(
            self.x,
            self.y,
            z.T,
            self.limits,
            self.smoothing,
            self._surfaces.tx,
            self._surfaces.ty,
            c,
            *self._nrdata,
            work,
            integer_work,
        )
        nx, ny, flag = (int(n) for n in numbers[:3])
        self.sums = dict(zip(SUMS, (float(v) for v in sums), strict=True))
        if flag == UNDEFINED_FIT:
            raise fit_error("smoopy", flag, mx, my, self.smoothing)
        self._surfaces.take_knots()
        return self._surfaces.surface(nx, ny, flag, c[: (nx - 4) * (ny - 4)], self.sums["fp"])

    def _make_plan(self) -> None:
        """Prepare what depends on the grid alone, unless the grid is one for the plain path only."""
        mx, my = len(self.x), len(self.y)
        n_reals, n_integers = _dierckx.rectangle_plan_sizes(mx, my)
        reals, integers = np.zeros(n_reals), np.zeros(n_integers, np.int32)
        if _dierckx.plan_rectangle(self.x, self.y, self.limits, self._surfaces.tx, self._surfaces.ty, reals, integers):
            self._plan = (reals, integers)
            self._surfaces.take_knots()
