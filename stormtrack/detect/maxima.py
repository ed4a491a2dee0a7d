"""Grid maxima of objects, singly or as one point per group of adjacent maxima.

References
----------
Specification 02, section 9. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .domain import Domain
from .maxima_kernels import all_maxima, drop_outside, fill_extents
from .objects import FrameObjects
from .ordering import LabelWork

F32 = npt.NDArray[np.float32]


@lean_kernel
def find_maxima(
    start, x, y, value, extent, has_extent, excludes_edge, grouped, xgrid, ygrid, x1, y1, periodic, box, cells, w,
    fstart, fx, fy, fv,
):  # fmt: skip
    """`all_maxima` after the extents, where they are not known; returns the number of maxima and 0, 0.

    Where `box` is too small for some object nothing is searched: the last two values are the height and width needed.
    """
    if not has_extent:
        fill_extents(start, x, y, extent)
    height, width = 0, 0
    for k in range(len(start) - 1):
        height = max(height, extent[k, 3] - extent[k, 2] + 3)
        width = max(width, extent[k, 1] - extent[k, 0] + 3)
    if height * width > len(box):
        return 0, height, width
    total = all_maxima(
        start, x, y, value, extent, excludes_edge, grouped, xgrid, ygrid, x1, y1, periodic, box, cells, w,
        fstart, fx, fy, fv,
    )  # fmt: skip
    return total, 0, 0


def set_features(objects: FrameObjects, start: npt.NDArray[np.int64], position: tuple[F32, F32, F32]) -> None:
    """Give `objects` features whose grid position and strength are the position itself; shape is zero."""
    objects.feature_start = start
    objects.feature_x, objects.feature_y, objects.feature_value = position
    objects.grid_x, objects.grid_y, objects.grid_value = (a.copy() for a in position)
    n = len(position[0])
    objects.anisotropy, objects.orientation_x = np.zeros(n, np.float32), np.zeros(n, np.float32)
    objects.orientation_y, objects.area = np.zeros(n, np.float32), np.zeros(n, np.float32)


def _room_for(points: int) -> tuple[npt.NDArray[np.int32], F32, F32, F32]:
    reals = [np.empty(points, np.float32) for _ in range(3)]
    return np.empty(points, np.int32), reals[0], reals[1], reals[2]


class MaximaFinder:
    """Grid maxima with work arrays kept between frames (one per thread)."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self._grid = (domain.xgrid, domain.ygrid, domain.x1, domain.y1, domain.periodic)
        self._box = np.zeros(0, np.float32)
        self._work = LabelWork(1, 1)
        self._room = _room_for(0)

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
        if n > len(self._room[0]):
            self._room = _room_for(2 * n)
        cells, x, y, value = self._room
        extent = objects.extent if objects.has_extent else np.zeros((objects.n_objects, 4), np.int32)
        start = np.empty(objects.n_objects + 1, np.int64)
        while True:
            w = self._work
            total, height, width = find_maxima(
                *(objects.point_start, objects.point_x, objects.point_y, objects.point_value),
                *(extent, objects.has_extent, excludes_edge, grouped),
                *(*self._grid, self._box, cells),
                (w.pyramid, w.offsets, w.heights, w.widths, w.labels, w.parent, w.number, w.order, w.owner),
                *(start, x, y, value),
            )
            if height == 0:
                break
            self._box = np.zeros(height * width, np.float32)
            self._work = LabelWork(height, width)
        if keep_extent and not objects.has_extent:
            objects.extent, objects.has_extent = extent, True
        set_features(objects, start, (x[:total].copy(), y[:total].copy(), value[:total].copy()))
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
        total = drop_outside(old, d.width, d.height, x, y, value, start)
        if total == len(x):
            return
        rows = np.repeat(old[:-1] - start[:-1], np.diff(start)) + np.arange(total)
        # the grid positions are not compacted in the original: every object keeps its first ones
        grid = objects.grid_x[rows], objects.grid_y[rows], objects.grid_value[rows]
        set_features(objects, start, (x[rows], y[rows], value[rows]))
        objects.grid_x, objects.grid_y, objects.grid_value = grid
