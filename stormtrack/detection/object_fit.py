"""Feature points from one spline surface per object (feature type 8).

References
----------
Specification 02, section 12. Parity: bitwise where the original is defined.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, I32
from ..errors import GridError
from ..settings.detection import ObjectFitSettings
from ..splines import FeatureConstraints
from .border import REACH
from .constraints import Constraints, limits_of_objects
from .domain import Domain
from .maxima import MaximaFinder
from .maxima_kernels import fill_extents
from .objects import FrameObjects
from .surfaces import FittedSurface, fit_rectangle
from .window_kernels import Window, keep_points_only, load_window, node_positions

FEWEST = 4
"""Points per direction that a bicubic fit needs."""
ATTEMPTS = 3
"""Fits per object, the smoothing factor doubled after each failure."""


def place_along(low: int, high: int, lowest: int | None, highest: int | None) -> tuple[int, int]:
    """First number and length of a window widened to four points and shifted into its limits.

    A window longer than its limits is cut to them (the original reads outside its arrays there).
    """
    length = high - low + 1
    while length < FEWEST:
        low, length = low - 1, length + 2
    if lowest is None or highest is None:
        return low, length
    low = max(low, lowest)
    low = min(low, highest - length + 1)
    if low < lowest:
        low, length = lowest, highest - lowest + 1
    if length < FEWEST:
        raise GridError(f"a fit per object needs {FEWEST} grid points each way, the region offers {length}; enlarge it")
    return low, length


def window_of(extent: I32, domain: Domain) -> Window:
    """Fit window of one object: its extent, one point margin, inside the limits of the region."""
    d = domain
    xmin, xmax, ymin, ymax = (int(v) for v in extent)
    lowest: int | None = d.x1
    highest: int | None = d.x2
    if d.periodic:
        lowest = highest = None
    elif d.border_search:
        lowest, highest = max(d.x1 - REACH, 1), min(d.x2 + REACH, len(d.xgrid))
    column, columns = place_along(d.x1 + xmin - 2, d.x1 + xmax, lowest, highest)
    bottom, top = max(d.y1 - REACH, 1), min(d.y2 + REACH, len(d.ygrid))
    row, rows = place_along(d.y1 + ymin - 2, d.y1 + ymax, bottom, top)
    return Window(column, columns, row, rows)


class ObjectFitter:
    """Fits and refines object by object (one per thread).

    Parameters
    ----------
    settings : ObjectFitSettings
    domain : Domain
    maxima : MaximaFinder
        Finds the grid maxima of the fitted values.
    """

    def __init__(self, settings: ObjectFitSettings, domain: Domain, maxima: MaximaFinder) -> None:
        self.settings = settings
        self.domain = domain
        self.maxima = maxima
        self.constraints = Constraints.of(settings.constraints)
        self.constraints.need_limits()

    def fit(self, objects: FrameObjects, field: F32, *, excludes_edge: bool) -> FrameObjects:
        """Fit every object, replace its point values by the smoothed ones, find and refine its maxima.

        Parameters
        ----------
        objects : FrameObjects
            Changed in place; an extent that it already has is used.
        field : float32, shape (iy, ix)
        excludes_edge : bool
            Drop maxima beside the object's edge.
        """
        if not objects.has_extent:
            objects.extent = np.zeros((objects.n_objects, 4), np.int32)
            fill_extents(objects.point_start, objects.point_x, objects.point_y, objects.extent)
            objects.has_extent = True
        surfaces = [self._fit_object(objects, k, field) for k in range(objects.n_objects)]
        objects = self.maxima.find(objects, grouped=True, keep_extent=True, excludes_edge=excludes_edge)
        if self.settings.off_grid and objects.n_features:
            self._refine(objects, surfaces)
        return objects

    @np.errstate(over="ignore", invalid="ignore")  # values of a failed fit can exceed float32
    def _fit_object(self, objects: FrameObjects, k: int, field: F32) -> FittedSurface:
        d, s = self.domain, self.settings
        w = window_of(objects.extent[k], d)
        x, z = np.empty(w.columns, np.float32), np.empty((w.rows, w.columns), np.float32)
        load_window(field, d.xgrid, w, x, z)
        y = d.ygrid[w.row - 1 : w.row - 1 + w.rows]
        own = slice(int(objects.point_start[k]), int(objects.point_start[k + 1]))
        px, py = objects.point_x[own], objects.point_y[own]
        if not s.all_points:
            kept = np.zeros_like(z)
            keep_points_only(px, py, d.axes, w, z, kept)
            z = kept
        fitted = fit_rectangle(x, y, z, s.smoothing)
        smoothing = s.smoothing
        for _ in range(ATTEMPTS - 1):
            if fitted.flag <= 0:
                break
            smoothing *= 2.0
            fitted = fit_rectangle(x, y, z, smoothing)
        if fitted.flag in (0, -2):
            at_x, at_y = np.empty(len(px), np.float32), np.empty(len(px), np.float32)
            node_positions(px, py, d.axes, at_x, at_y)
            objects.point_value[own] = fitted.values(at_x, at_y).astype(np.float32)
        return fitted

    def _refine(self, objects: FrameObjects, surfaces: list[FittedSurface]) -> None:
        """Refine the maxima of every object on its own surface, inside its own window."""
        counts = np.diff(objects.feature_start)
        owner = np.repeat(np.arange(objects.n_objects), counts)
        window = np.array([fitted.window for fitted in surfaces])
        sides = limits_of_objects(self.constraints, self.domain, objects.extent, owner, window, whole_window=True)
        prepared = FeatureConstraints.of(self.constraints.normals, self.constraints.n_equalities)
        for k in np.flatnonzero(counts):
            start = objects.feature_start[k : k + 2]
            own_sides = sides[int(start[0]) : int(start[1])]
            surfaces[k].refine(objects, start, prepared, prepared.sides(own_sides), None, geodesic=self.domain.geodesic)
