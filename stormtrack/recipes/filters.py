"""A band of total wave numbers of frames: TRACK's filters bit for bit, or the fast engine.

References
----------
Specification 05, sections 2 and 3.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F32
from ..errors import GridError, UserInputError
from ..formats.fields.track_binary import coordinate_lines
from ..grid.gaussian import gaussian_grid
from ..grid.model import Grid
from ..preprocess.least_squares import BATCH, LeastSquaresFilter
from ..preprocess.spectral import SpectralFilter
from ..settings.engines import ENGINES, ON_DEVICE
from ..settings.least_squares import LeastSquaresSettings
from ..settings.recipe import BandFilter
from ..settings.spectral import SpectralSettings
from ..text import read_reals
from .plans import goes_round

if TYPE_CHECKING:
    from ..spectral.operators import Band, Grids


class FrameFilter(abc.ABC):
    """What becomes of frames before they are searched.

    Attributes
    ----------
    lon, lat : float32
        Grid of the results, rows from south to north.
    """

    lon: F32
    lat: F32

    @abc.abstractmethod
    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """Frames of the working grid, filtered; float32."""


class Unfiltered(FrameFilter):
    """Frames as they are."""

    def __init__(self, grid: Grid) -> None:
        self.lon, self.lat = grid.lon, grid.lat

    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """The frames."""
        return list(frames)


class FastTransform(FrameFilter):
    """TRACK's filter of Gaussian grids. Parity: bitwise."""

    def __init__(self, grid: Grid, band: BandFilter) -> None:
        settings = SpectralSettings(
            truncation=band.truncation,
            boundaries=(band.above + 1, band.truncation),
            hoskins_cutoff=band.taper,
            new_grid="gaussian",
            grid_truncation=band.truncation,
        )
        self._filter = SpectralFilter(grid.lon, grid.lat, settings)
        self.lon, self.lat = self._filter.lon, self._filter.lat

    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """The band."""
        return [self._filter.filter(frame)[0][0].copy() for frame in frames]


class LeastSquares(FrameFilter):
    """TRACK's filter of all other global grids. Parity: bitwise."""

    def __init__(self, grid: Grid, band: BandFilter) -> None:
        settings = LeastSquaresSettings(
            truncation=band.truncation,
            boundaries=(band.above + 1, band.truncation),
            hoskins_cutoff=band.taper,
            new_grid="gaussian",
            grid_truncation=band.truncation,
        )
        self._filter = LeastSquaresFilter(grid.lon, grid.lat, settings, closed=grid.wraps)
        self.lon, self.lat = self._filter.lon, self._filter.lat

    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """The band."""
        if self._filter.triangle is None:
            for _ in self._filter.build():
                pass
        return [fields[0] for fields in self._filter.filter(frames)]


def _once_round(grid: Grid) -> slice:
    """The columns without a closing one."""
    return slice(0, len(grid.lon) - 1 if grid.wraps else None)


def _harmonics(grid: Grid, band: BandFilter) -> tuple[Grids, Band]:
    """Grids and band of the fast engine's filter, onto the Gaussian grid of the band."""
    from ..spectral.operators import Band, Grids

    to_lon, to_lat = gaussian_grid(band.truncation)
    grids = Grids(
        lon=grid.lon[_once_round(grid)].astype(np.float64),
        lat=grid.lat.astype(np.float64),
        to_lon=to_lon.astype(np.float64),
        to_lat=to_lat.astype(np.float64),
    )
    return grids, Band(n_min=band.above + 1, n_max=band.truncation, taper=band.taper)


class FastHarmonics(FrameFilter):
    """The fast engine on any global grid. Parity: agrees with TRACK's filters to rounding, see docs/functions.md."""

    def __init__(self, grid: Grid, band: BandFilter) -> None:
        from ..spectral.operators import Plan

        self.lon, self.lat = gaussian_grid(band.truncation)
        self._columns = _once_round(grid)
        self._plan = Plan(*_harmonics(grid, band))

    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """The band."""
        return list(self._plan.filtered(np.stack(frames)[:, :, self._columns]).astype(np.float32))


class DeviceHarmonics(FrameFilter):
    """The fast engine's filter on a device, in one of the types of `ON_DEVICE`. Parity: tolerances of docs/jax.md.

    Attributes
    ----------
    transform : DeviceTransform
        Of frames without a closing column.
    columns : slice
        Of the working grid that it wants.
    """

    def __init__(self, grid: Grid, band: BandFilter, precision: str) -> None:
        from ..device.spectral import DeviceTransform

        self.lon, self.lat = gaussian_grid(band.truncation)
        self.columns = _once_round(grid)
        self.transform = DeviceTransform(*_harmonics(grid, band), precision)

    def filtered(self, frames: Sequence[F32]) -> list[F32]:
        """The band, by way of the device and back."""
        from ..device.packages import double_precision, jax

        with double_precision():
            found = self.transform.filtered(jax.device_put(np.stack(frames)[:, :, self.columns]))
            return list(jax.device_get(found.astype(np.float32)))


def frame_filter(grid: Grid, band: BandFilter | None, engine: str) -> FrameFilter:
    """The filter for a grid.

    Parameters
    ----------
    grid : Grid
        Working grid.
    band : BandFilter, optional
        None: nothing is filtered.
    engine : str
        One of `ENGINES`.

    Raises
    ------
    UserInputError
        If there is no engine of the name.
    MissingPackageError
        If JAX is wanted and not installed.
    GridError
        If the grid does not go all round, or cannot hold the band.
    """
    if engine not in ENGINES:
        raise UserInputError(f"engine {engine!r}; allowed: {', '.join(map(repr, ENGINES))}")
    if band is None:
        return Unfiltered(grid)
    _check_goes_round(grid)
    if engine == "fast":
        return FastHarmonics(grid, band)
    if engine in ON_DEVICE:
        return DeviceHarmonics(grid, band, ON_DEVICE[engine])
    try:
        return FastTransform(grid, band)
    except GridError:
        _check_band(grid, band)
        return LeastSquares(grid, band)


def _check_goes_round(grid: Grid) -> None:
    lon = grid.lon
    if not grid.wraps and not goes_round(lon):
        raise GridError(
            f"the grid reaches from {lon[0]:g} to {lon[-1]:g} degrees, a filter of total wave numbers needs the whole "
            "sphere: track the field as it is (--no-filter)"
        )


def _check_band(grid: Grid, band: BandFilter) -> None:
    """Harmonics of the band can be told apart on the grid."""
    columns, rows = len(grid.lon) - bool(grid.wraps), len(grid.lat)
    if 2 * band.truncation >= columns or band.truncation >= rows:
        raise GridError(
            f"{columns} columns and {rows} rows cannot hold the band up to T{band.truncation}: at least "
            f"{2 * band.truncation + 1} columns and {band.truncation + 1} rows are needed; take a smaller truncation"
        )


def as_in_file(values: F32) -> F32:
    """Coordinates as they are read back from TRACK's binary file, which has five decimals."""
    out = np.empty(len(values), np.float32)
    read_reals(coordinate_lines(values), out, 0)
    return out


__all__ = ["BATCH", "FrameFilter", "as_in_file", "frame_filter"]
