"""Interpolation of fields to the grid of a map projection, frame after frame.

References
----------
Specification 01, section 9; 02, section 4 (projection step). Parity: bitwise.
"""

from __future__ import annotations

import copy

import numpy as np

from ..arrays import F32, F64
from ..grid.model import Grid
from ..grid.projections import ProjectedGrid
from ..settings.spline import SplineSettings
from ..splines.rectangle import RectangleFit
from ..splines.sampling import SamplePlan
from ..splines.sphere import HALF_PI, RADIAN, SphereFit


class Projector:
    """Fits a surface to each field and samples it at the nodes of a projected grid.

    Parameters
    ----------
    grid : Grid
        Grid of the fields.
    target : ProjectedGrid
        Nodes and where they lie; nodes that are not inside hold 0.0.
    surface : SplineSettings
        On the whole sphere (sphery) or on the projection's region of the grid (smoopy).

    Attributes
    ----------
    poor_fits : int
        Number of fits so far whose flag was above 0; the original reports them and goes on.

    Notes
    -----
    For one thread; `copy` gives another with its own work arrays.
    """

    def __init__(self, grid: Grid, target: ProjectedGrid, surface: SplineSettings) -> None:
        self.grid, self.target, self.surface = grid, target, surface
        self.poor_fits = 0
        self._inside = np.flatnonzero(target.inside).astype(np.int32)
        lon = target.lon.reshape(-1)[self._inside].astype(np.float64)
        lat = target.lat.reshape(-1)[self._inside].astype(np.float64)
        self._columns, self._rows = slice(None), slice(None)
        if surface.kind == "sphery":
            self._points: tuple[F64, F64] = (HALF_PI - lat * RADIAN, lon * RADIAN)
        else:
            x1, x2, y1, y2 = target.region
            self._columns, self._rows = slice(x1 - 1, x2), slice(y1 - 1, y2)
            self._points = (lon, lat)
        self._fit = self._new_fit()
        self._samples: SamplePlan | None = None

    def _new_fit(self) -> SphereFit | RectangleFit:
        grid, surface = self.grid, self.surface
        if surface.kind == "sphery":
            return SphereFit.from_degrees(
                grid.lon, grid.lat, smoothing=surface.smoothing, pole_continuity=surface.pole_continuity
            )
        x, y = grid.lon[self._columns].astype(np.float64), grid.lat[self._rows].astype(np.float64)
        return RectangleFit(x, y, smoothing=surface.smoothing)

    def copy(self) -> Projector:
        """An independent projector for another thread; the plan of the samples is shared."""
        other = copy.copy(self)
        other._fit = self._new_fit()
        return other

    def project(self, field: F32, out: F32 | None = None) -> F32:
        """Field on the projected grid.

        Parameters
        ----------
        field : float32, shape (ny, nx)
            Working frame, rows south to north.
        out : float32, shape of the target, optional
            Receives the result.

        Raises
        ------
        FitError
            If the surface is undefined.
        """
        surface = self._fit.fit(field[self._rows, self._columns], lasting=False)
        self.poor_fits += surface.flag > 0
        if self._samples is None:
            self._samples = SamplePlan(surface, *self._points)
        if out is None:
            result = np.zeros(self.target.shape, np.float32)
        else:
            result = out
            result.fill(0.0)
        self._samples.put_values(surface, self._inside, result.reshape(-1))
        return result
