"""Grid maxima of objects, singly or as one point per group of adjacent maxima.

References
----------
Specification 02, section 9. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, I64
from .domain import Domain
from .maxima_kernels import MaximaRule, MaximaWork, drop_outside, find_maxima
from .objects import FrameObjects, Positions
from .ordering import LabelWork


def set_features(objects: FrameObjects, start: I64, position: tuple[F32, F32, F32]) -> None:
    """Give `objects` features whose grid position and strength are the position itself; shape is zero."""
    objects.feature_start = start
    objects.feature_x, objects.feature_y, objects.feature_value = position
    objects.grid_x, objects.grid_y, objects.grid_value = (a.copy() for a in position)
    n = len(position[0])
    objects.anisotropy, objects.orientation_x = np.zeros(n, np.float32), np.zeros(n, np.float32)
    objects.orientation_y, objects.area = np.zeros(n, np.float32), np.zeros(n, np.float32)


def _work_for(height: int, width: int, points: int) -> MaximaWork:
    """Work for boxes up to this size and frames of so many points."""
    box = np.zeros(height * width, np.float32)
    return MaximaWork(box, np.empty(points, np.int32), LabelWork.of(height, width))


class MaximaFinder:
    """Grid maxima with work arrays kept between frames (one per thread)."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self._axes = domain.axes
        self._work = _work_for(0, 0, 0)
        self._room = tuple(np.empty(0, np.float32) for _ in range(3))

    def find(self, objects: FrameObjects, *, grouped: bool, keep_extent: bool, excludes_edge: bool) -> FrameObjects:
        """Set the features of `objects` to its grid maxima.

        Parameters
        ----------
        objects : FrameObjects
            Changed in place. An extent that it already has is used instead of the points'.
        grouped : bool
            One point per 8-connected group of maxima, in coordinates (feature types 4 and up); else every maximum,
            as grid numbers (type 3).
        keep_extent : bool
            Store the extents (types 7 and up).
        excludes_edge : bool
            Drop maxima beside the object's edge.

        Returns
        -------
        FrameObjects
            The same object; `total_features` is set.
        """
        n = len(objects.point_x)
        if n > len(self._work.cells):
            self._work = self._work._replace(cells=np.empty(2 * n, np.int32))
            self._room = tuple(np.empty(2 * n, np.float32) for _ in range(3))
        extent = objects.extent if objects.has_extent else np.zeros((objects.n_objects, 4), np.int32)
        found = Positions(np.empty(objects.n_objects + 1, np.int64), *self._room)
        rule = MaximaRule(objects.has_extent, excludes_edge, grouped)
        while True:
            total, height, width = find_maxima(objects.points, extent, rule, self._axes, self._work, found)
            if height == 0:
                break
            self._work = _work_for(height, width, len(self._work.cells))
        if keep_extent and not objects.has_extent:
            objects.extent, objects.has_extent = extent, True
        x, y, value = (values[:total].copy() for values in found[1:])
        set_features(objects, found.start, (x, y, value))
        objects.integer_positions = not grouped
        if not grouped and self.domain.border_search:
            self._drop_outside(objects)
        objects.total_features = objects.n_features
        return objects

    def _drop_outside(self, objects: FrameObjects) -> None:
        """Remove grid-number features outside the region (02, section 9, last paragraph)."""
        old, d = objects.feature_start, self.domain
        start = np.empty_like(old)
        x, y, value = objects.feature_x, objects.feature_y, objects.feature_value
        total = drop_outside(Positions(old, x, y, value), d.width, d.height, start)
        if total == len(x):
            return
        rows = np.repeat(old[:-1] - start[:-1], np.diff(start)) + np.arange(total)
        # the grid positions are not compacted in the original: every object keeps its first ones
        grid = objects.grid_x[rows], objects.grid_y[rows], objects.grid_value[rows]
        set_features(objects, start, (x[rows], y[rows], value[rows]))
        objects.grid_x, objects.grid_y, objects.grid_value = grid
