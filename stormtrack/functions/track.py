"""Kernels of the engine ``track``: frames in, what TRACK makes of them out, bit for bit.

Frames come and go in the order of the user's coordinates; in between they lie as TRACK reads them from a file (rows
south to north, longitudes 0 to 360).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import F32, F64, Array
from ..errors import NotSupportedError
from ..grid.model import Grid
from ..grid.setup import set_up_grid
from ..preprocess.spectral import SpectralFilter
from ..settings.spectral import SpectralSettings
from ..settings.startup import GridSettings
from ..spectral.sphere_grid import recognise_rows
from .axes import Horizontal

NOT_YET = "this version has no engine='track' of {what}; use engine='fast' (agrees to rounding, see docs/functions.md)"


def not_yet(what: str) -> NotSupportedError:
    """The error of a function of TRACK that cannot be had from here."""
    return NotSupportedError(NOT_YET.format(what=what))


class WorkingOrder:
    """From stored frames to TRACK's working order and back.

    Parameters
    ----------
    axes : Horizontal
    """

    def __init__(self, axes: Horizontal) -> None:
        lon, lat = axes.lon.astype(np.float32), axes.lat.astype(np.float32)
        turned = bool(len(lon) > 1 and np.median(np.diff(lon)) < 0)
        settings = GridSettings(correct_longitudes=1 if lon.min() < 0 or lon.max() > 360 else 0)
        self._columns = np.arange(len(lon))[::-1] if turned else np.arange(len(lon))
        self.grid: Grid = set_up_grid(lon[self._columns], lat, settings)
        plan = self.grid.reorder
        self._rows, self._taken = plan.rows, self._columns[plan.columns]
        self._shape = (len(lat), len(lon))

    def working(self, frame: Array) -> F32:
        """A stored frame as TRACK works on it."""
        out: F32 = np.ascontiguousarray(frame[np.ix_(self._rows, self._taken)], np.float32)
        return out

    def stored(self, working: F32) -> F32:
        """A frame in working order, as the user stores it."""
        out = np.empty(self._shape, np.float32)
        out[np.ix_(self._rows, self._taken)] = working
        return out


class SpectralKernel:
    """TRACK's spectral filter of frames (menu 4).

    Parameters
    ----------
    axes : Horizontal
    settings : SpectralSettings
    target : (float64, float64), optional
        Longitudes and latitudes (degrees) of a grid that is given to TRACK in a file; what a named grid begins with.

    Attributes
    ----------
    target : (float64, float64), or None
        Longitudes and latitudes (degrees) of the results if they lie on a new grid.

    Raises
    ------
    NotSupportedError
        On grids that are not Gaussian.
    GridError
        If TRACK's filter does not take a grid or the truncation.
    """

    def __init__(self, axes: Horizontal, settings: SpectralSettings, target: tuple[F64, F64] | None) -> None:
        rows = recognise_rows(axes.lat)
        if rows is None or rows.kind != "gaussian":
            raise not_yet("the spectral filter on grids that are not Gaussian (TRACK fits harmonics by least squares)")
        self._order = WorkingOrder(axes)
        self._north_first = target is not None and target[1][0] > target[1][-1]
        file_grid = None if target is None else self._as_file(target)
        self._filter = SpectralFilter(self._order.grid.lon, self._order.grid.lat, settings, file_grid)
        self.target = target

    def _as_file(self, target: tuple[F64, F64]) -> tuple[F32, F32]:
        lat = target[1][::-1] if self._north_first else target[1]
        return target[0].astype(np.float32), lat.astype(np.float32)

    def __call__(self, frames: Array) -> tuple[Array, ...]:
        """Results of frames of shape (frames, rows, columns)."""
        shape = (len(self._filter.lat), len(self._filter.lon))
        out = [np.empty((len(frames), *shape), np.float32) for _ in self._filter.suffixes]
        for k, frame in enumerate(frames):
            for kept, field in zip(out, self._filter.filter(self._order.working(frame))[0], strict=True):
                kept[k] = self._in_order(field)
        return tuple(out)

    def _in_order(self, field: F32) -> F32:
        if self.target is None:
            return self._order.stored(field)
        return field[::-1] if self._north_first else field


def spectral_settings(n_min: int, n_max: int, taper: float | None, **more: Any) -> SpectralSettings:
    """Settings of one band that begins with `n_min` and ends with the truncation."""
    return SpectralSettings(truncation=n_max, boundaries=(n_min, n_max), hoskins_cutoff=taper, **more)


def new_grid_settings(truncation: int | None, moved: bool) -> dict[str, Any]:
    """How TRACK is told of the grid of the results: by its truncation if it has one, else by a file."""
    if truncation is not None:
        return {"new_grid": "gaussian", "grid_truncation": truncation}
    return {"new_grid": "file", "grid_file": "the wanted grid"} if moved else {}
