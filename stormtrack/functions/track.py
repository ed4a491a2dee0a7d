"""Kernels of the engine ``track`` in space: frames in, what TRACK makes of them out, bit for bit.

Frames come and go in the order of the user's coordinates; in between they lie as TRACK reads them from a file (rows
south to north, longitudes 0 to 360). Everything that depends on the grid only is made once and remembered; what is not
safe for threads is made for each block.
"""

from __future__ import annotations

import functools
import threading
from typing import Any

import numpy as np

from ..arrays import F32, F64, I64, Array
from ..errors import GridError, NotSupportedError
from ..grid.model import Grid
from ..grid.setup import set_up_grid
from ..preprocess.gradients import Gradients
from ..preprocess.grid_surface import GridSurface, Wrap
from ..preprocess.least_squares import BATCH, LeastSquaresFilter
from ..preprocess.spectral import SpectralFilter
from ..preprocess.winds import VorticityBySplines
from ..settings.gradients import GradientSettings
from ..settings.least_squares import LeastSquaresSettings
from ..settings.spectral import SpectralSettings
from ..settings.spline import SplineSettings
from ..settings.startup import GridSettings
from ..settings.winds import SplineVorticity
from ..spectral.sphere_grid import describe, recognise
from .axes import Horizontal

WRAP = 10
"""Columns that surfaces repeat on both sides of a grid all round, as TRACK's usual answers have it."""
_POLE = 1.0e-4
_FILTERS = 4
"""Least-squares filters that are remembered (their factor takes (T + 1)^4 * 4 bytes)."""
_INTERPOLATES = SplineSettings(kind="smoopy", smoothing=0.0)


class WorkingOrder:
    """From stored frames to TRACK's working order and back.

    Parameters
    ----------
    axes : Horizontal
    poles : bool
        Whether rows on the poles are kept.
    periodic : bool
        The first column is put behind the last one again.

    Attributes
    ----------
    grid : Grid
    whole : bool
        The grid covers the sphere or at least all longitudes.
    """

    def __init__(self, axes: Horizontal, *, poles: bool = True, periodic: bool = False) -> None:
        lon, lat = axes.lon.astype(np.float32), axes.lat.astype(np.float32)
        turned = bool(len(lon) > 1 and np.median(np.diff(lon)) < 0)
        columns: I64 = np.arange(len(lon))[::-1] if turned else np.arange(len(lon))
        settings = GridSettings(
            correct_longitudes=1 if lon.min() < 0 or lon.max() > 360 else 0,
            keep_south_pole=poles,
            keep_north_pole=poles,
            make_periodic=periodic,
        )
        self.grid: Grid = set_up_grid(lon[columns], lat, settings)
        if self.grid.disorder:
            raise GridError(f"{describe(lon, lat)}: {self.grid.disorder}")
        plan = self.grid.reorder
        self._rows, self._columns = plan.rows, columns[plan.columns]
        self._flat: I64 = self._rows[:, None] * len(lon) + self._columns
        self._of_column = np.full(len(lon), plan.wrap_to)
        kept = np.arange(self.grid.nx) != plan.wrap_to
        self._of_column[self._columns[kept]] = np.flatnonzero(kept)
        kept_rows = np.sort(self._rows)
        self._of_row = np.argsort(self._rows)
        self.lon, self.lat = axes.lon, axes.lat[kept_rows]
        self.all_rows = len(kept_rows) == len(lat)

    @property
    def target(self) -> tuple[F64, F64] | None:
        """Longitudes and latitudes of results in stored order, if they lack rows."""
        return None if self.all_rows else (self.lon, self.lat)

    def working(self, frame: Array) -> F32:
        """A stored frame as TRACK works on it."""
        return np.asarray(frame, np.float32, order="C").ravel().take(self._flat)

    def stored(self, working: F32) -> F32:
        """A frame in working order, as the user stores it, without the rows that were left out."""
        out: F32 = working[np.ix_(self._of_row, self._of_column)]
        return out


def _goes_round(grid: Grid) -> bool:
    """Whether the columns go all round without a closing one.

    Raises
    ------
    GridError
        With a closing column.
    """
    if grid.wraps:
        raise GridError(
            f"{describe(grid.lon, grid.lat)}: the last column repeats the first, which TRACK's surfaces do not take. "
            "Leave it out: field.isel(lon=slice(0, -1))"
        )
    step = float(grid.lon[1] - grid.lon[0])
    return abs(float(grid.lon[-1]) - float(grid.lon[0]) + step - 360.0) < 0.1 * step


def band_settings(n_min: int, n_max: int, taper: float | None) -> dict[str, Any]:
    """Settings of one band that begins with `n_min` and ends with the truncation."""
    return {"truncation": n_max, "boundaries": (n_min, n_max), "hoskins_cutoff": taper}


def _new_grid(truncation: int | None, target: tuple[F64, F64] | None) -> dict[str, Any]:
    """How TRACK is told of the grid of the results: by its truncation if it has one, else by a file."""
    if target is None:
        return {}
    if truncation is not None:
        return {"new_grid": "gaussian", "grid_truncation": truncation}
    return {"new_grid": "file", "grid_file": "the wanted grid"}


class _Moved:
    """Order of the rows of results on a grid of their own."""

    def __init__(self, target: tuple[F64, F64] | None) -> None:
        self.target = target
        self._north_first = target is not None and len(target[1]) > 1 and bool(target[1][0] > target[1][-1])

    def as_file(self) -> tuple[F32, F32] | None:
        """The grid as TRACK reads it from a file."""
        if self.target is None:
            return None
        lat = self.target[1][::-1] if self._north_first else self.target[1]
        return self.target[0].astype(np.float32), lat.astype(np.float32)

    def __call__(self, field: F32) -> F32:
        return field[::-1] if self._north_first else field


class SpectralKernel:
    """TRACK's filters of global fields by spherical harmonics (menu 4): the fast one on Gaussian grids, else least
    squares.

    Parameters
    ----------
    axes : Horizontal
    band : dict
        `band_settings`.
    target : (float64, float64), optional
        Grid of the results.
    truncation : int, optional
        Of the Gaussian grid that `target` is, if it is one of TRACK's.
    derived : dict
        Of `SpectralSettings`, for stream functions and winds.

    Raises
    ------
    NotSupportedError
        On limited areas.
    GridError
        If TRACK's filter does not take a grid or the truncation.
    """

    def __init__(
        self,
        axes: Horizontal,
        band: dict[str, Any],
        target: tuple[F64, F64] | None,
        truncation: int | None,
        **derived: Any,
    ) -> None:
        found = recognise(axes.lon, axes.lat)
        if found is None:
            raise NotSupportedError(
                f"{describe(axes.lon, axes.lat)} is no global one; TRACK has stream functions and winds on Gaussian "
                "grids only"
            )
        if band["truncation"] > found.capacity:
            raise GridError(
                f"total wave number {band['truncation']} on {describe(axes.lon, axes.lat)}; allowed: 0 to "
                f"{found.capacity}"
            )
        self._order, self._moved = WorkingOrder(axes), _Moved(target)
        self.target = target
        grid, moved = self._order.grid, _new_grid(truncation, target)
        file_grid = self._moved.as_file()
        self._fast: SpectralFilter | None = None
        self._shape = found.shape if target is None else (len(target[1]), len(target[0]))
        self._n_out = 1
        if found.rows.kind == "gaussian" and not grid.wraps:
            settings = SpectralSettings(**band, **moved, **derived)
            self._fast = SpectralFilter(grid.lon, grid.lat, settings, file_grid)
            self._n_out = len(self._fast.suffixes)
        elif derived:
            raise NotSupportedError(
                f"{describe(axes.lon, axes.lat)}: TRACK has stream functions and winds on Gaussian grids without a "
                "closing column only. Use engine='fast', or regrid first"
            )
        else:
            self._key = (_bytes(grid.lon), _bytes(grid.lat), LeastSquaresSettings(**band, **moved), grid.wraps)
            self._file_grid = None if file_grid is None else (_bytes(file_grid[0]), _bytes(file_grid[1]))

    def __call__(self, frames: Array) -> tuple[Array, ...]:
        """Results of frames of shape (frames, rows, columns)."""
        out = [np.empty((len(frames), *self._shape), np.float32) for _ in range(self._n_out)]
        in_order = self._order.stored if self.target is None else self._moved
        for first in range(0, len(frames), BATCH):
            working = [self._order.working(frame) for frame in frames[first : first + BATCH]]
            for k, fields in enumerate(self._filtered(working), first):
                for kept, field in zip(out, fields, strict=True):
                    kept[k] = in_order(field)
        return tuple(out)

    def _filtered(self, frames: list[F32]) -> list[tuple[F32, ...]]:
        if self._fast is not None:
            return [self._fast.filter(frame)[0] for frame in frames]
        with _BUILDING:  # once, whatever the number of threads
            plan = _least_squares(*self._key, self._file_grid)
        return [(bands[0],) for bands in plan.filter(frames)]


_BUILDING = threading.Lock()


def _bytes(axis: F32) -> bytes:
    return np.ascontiguousarray(axis, np.float32).tobytes()


@functools.lru_cache(maxsize=_FILTERS)
def _least_squares(
    lon: bytes, lat: bytes, settings: LeastSquaresSettings, closed: bool, file_grid: tuple[bytes, bytes] | None
) -> LeastSquaresFilter:
    """The filter with its factor."""
    target = None if file_grid is None else (np.frombuffer(file_grid[0], "f4"), np.frombuffer(file_grid[1], "f4"))
    plan = LeastSquaresFilter(
        np.frombuffer(lon, "f4"), np.frombuffer(lat, "f4"), settings, closed=closed, file_grid=target
    )
    for _ in plan.build():
        pass
    return plan


class VorticityKernel:
    """TRACK's vorticity by B-splines (menu 12) of u and v: interpolating surfaces, rows on the poles left out.

    Attributes
    ----------
    target : (float64, float64), or None
        Grid of the results if it lacks rows of the input's.
    """

    def __init__(self, axes: Horizontal) -> None:
        self._order = WorkingOrder(axes, poles=False)
        wrap = WRAP if _goes_round(self._order.grid) else 0
        self._settings = SplineVorticity(surfaces=(_INTERPOLATES, _INTERPOLATES), wrap=wrap)
        self.target = self._order.target
        VorticityBySplines(self._order.grid, self._settings)  # says now what it does not take

    def __call__(self, u: Array, v: Array) -> tuple[Array, ...]:
        """Vorticity of frames of shape (frames, rows, columns)."""
        order = self._order
        plan = VorticityBySplines(order.grid, self._settings)
        out = np.empty((len(u), len(order.lat), len(order.lon)), np.float32)
        for k in range(len(u)):
            out[k] = order.stored(plan.compute([order.working(u[k]), order.working(v[k])]))
        return (out,)


class GradientKernel:
    """TRACK's gradient by B-splines (menu 13): eastward and northward component; rows on the poles are left out.

    TRACK writes the southward component; here its sign is turned.
    """

    def __init__(self, axes: Horizontal) -> None:
        self._order = WorkingOrder(axes, poles=False)
        wrap = WRAP if _goes_round(self._order.grid) else 0
        self._settings = GradientSettings(surface=_INTERPOLATES, wrap=wrap, components="gradient")
        self.target = self._order.target
        Gradients(self._order.grid, self._settings)

    def __call__(self, frames: Array) -> tuple[Array, ...]:
        """Both components of frames of shape (frames, rows, columns)."""
        order = self._order
        plan = Gradients(order.grid, self._settings)
        east, north = (np.empty((len(frames), len(order.lat), len(order.lon)), np.float32) for _ in range(2))
        for k, frame in enumerate(frames):
            _, x, y = plan.compute(order.working(frame))
            east[k], north[k] = order.stored(x), -order.stored(y)
        return east, north


class RegridKernel:
    """TRACK's interpolation by B-splines to another grid (menu 14).

    Raises
    ------
    GridError
        If points of the target lie beyond the surface, where TRACK takes values of its other end.
    """

    def __init__(self, axes: Horizontal, target: tuple[F64, F64]) -> None:
        self._order, self._moved = WorkingOrder(axes), _Moved(target)
        self._wrap = Wrap(columns=WRAP if _goes_round(self._order.grid) else 0, closed=False)
        points = self._moved.as_file()
        assert points is not None
        self._points, self.target = points, target
        outside = self._surface().points_outside
        if outside:
            raise GridError(
                f"{outside} columns or rows of the wanted grid lie outside {describe(axes.lon, axes.lat)} (in "
                "longitudes 0 to 360), where TRACK takes values of its other end; keep the poles, or choose a grid "
                "inside it"
            )

    def _surface(self) -> GridSurface:
        grid = self._order.grid
        return GridSurface(grid.lon, grid.lat, _INTERPOLATES, self._wrap, self._points)

    def __call__(self, frames: Array) -> tuple[Array, ...]:
        """Frames on the new grid."""
        surface = self._surface()
        out = np.empty((len(frames), len(self._points[1]), len(self._points[0])), np.float32)
        for k, frame in enumerate(frames):
            field = surface.values(surface.fit(self._order.working(frame)))
            out[k] = self._moved(np.ascontiguousarray(field, np.float32))
        return (out,)
