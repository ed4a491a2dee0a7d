"""Tracking grids on a map projection: their coordinates, the points of the sphere behind them, and the way back.

References
----------
Specification 01, section 9; 02, sections 4 and 20. Parity: bitwise (azimuthal projections).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, Mask
from ..errors import GridError, NotSupportedError
from ..settings.startup import AzimuthalTarget, ProjectionSettings
from . import azimuthal, conic
from .azimuthal import Limits
from .map_projections import Azimuthal, Conic, MapProjection, Rotated
from .model import Grid

_KINDS = {1: azimuthal.KINDS, 2: conic.KINDS, 3: (0,)}
"""Kinds of each group that are held."""
_MAX_NODES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProjectedGrid:
    """The grid on which detection runs, with the points of the sphere behind its nodes.

    Attributes
    ----------
    projection : MapProjection
    x, y : float32, shapes (nx,), (ny,)
        Coordinates in units of the Earth's radius.
    lon, lat : float32, shape (ny, nx)
        Where each node lies, degrees; 0 where nothing is visible.
    inside : bool, shape (ny, nx)
        Nodes that are visible and lie in the source region; all others hold 0.0.
    region : tuple of int
        x1, x2, y1, y2 of the source grid (1-based) on which a smoopy surface is fitted.
    limits : Limits
        West, east, south, north coordinates of that region.
    """

    projection: MapProjection
    x: F32
    y: F32
    lon: F32
    lat: F32
    inside: Mask
    region: tuple[int, int, int, int]
    limits: Limits

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.y), len(self.x)


def project_grid(grid: Grid, settings: ProjectionSettings, hemisphere: int = 0) -> ProjectedGrid | None:
    """Tracking grid of one hemisphere.

    Parameters
    ----------
    grid : Grid
        Grid of the data.
    settings : ProjectionSettings
    hemisphere : int
        0, or 1 for the second target of a run over both hemispheres.

    Returns
    -------
    ProjectedGrid or None
        None when nothing is projected (cylindrical Plate Carree).

    Raises
    ------
    GridError
        If a region, size or spacing cannot be used, or nothing of the region is visible.
    NotSupportedError
        For projections that stormtrack does not hold.
    """
    if settings.group == 0 and settings.kind == 0:
        return None
    if settings.kind not in _KINDS.get(settings.group, ()):
        raise NotSupportedError(
            f"projection group {settings.group}, kind {settings.kind} (specification 01, section 9), is not available; "
            "there are group 1 (azimuthal) with kinds 1 to 5, group 2 (conic) with 1 to 3, group 3 (rotated) with 0"
        )
    if settings.already_projected:
        raise NotSupportedError(
            "data that already lie on a grid of the projection (specification 01, section 9) are not available; "
            "give the data on longitudes and latitudes"
        )
    target = settings.targets[hemisphere]
    return _projected_grid(grid, _projection(settings, target), target)


def _projection(settings: ProjectionSettings, target: AzimuthalTarget) -> MapProjection:
    latitude, longitude = float(np.float32(target.latitude)), _in_circle(target.longitude)
    if settings.group != Azimuthal.group and not (abs(latitude) <= 90.0 and 0.0 <= longitude <= 360.0):
        raise GridError(
            f"no map has its centre at latitude {target.latitude:g}, longitude {target.longitude:g}; latitudes from "
            "-90 to 90 and longitudes from -360 to 720 are allowed"
        )
    if settings.group == Conic.group:
        assert settings.standard_parallels is not None
        first, second = (float(np.float32(value)) for value in settings.standard_parallels)
        return Conic(kind=settings.kind, latitude=latitude, longitude=longitude, parallels=(first, second))
    kind = Azimuthal if settings.group == Azimuthal.group else Rotated
    return kind(kind=settings.kind, latitude=latitude, longitude=longitude)


def _in_circle(longitude: float) -> float:
    value = np.float32(longitude)
    if value > 360.0:
        value = value - np.float32(360.0)
    elif value < 0.0:
        value = value + np.float32(360.0)
    return float(value)


def _projected_grid(grid: Grid, projection: MapProjection, target: AzimuthalTarget) -> ProjectedGrid:
    x1, x2, y1, y2 = target.region
    if not (1 <= x1 < x2 <= grid.nx and 1 <= y1 < y2 <= grid.ny):
        raise GridError(
            f"the projection's region {x1} to {x2}, {y1} to {y2} is out of bounds; "
            f"columns 1 to {grid.nx} and rows 1 to {grid.ny} are allowed, the first below the last"
        )
    lon, lat = grid.lon[x1 - 1 : x2], grid.lat[y1 - 1 : y2]
    count, west, east, south, north = projection.extent(lon, lat)
    if count == 0 or not (east - west > 0.0 and north - south > 0.0):
        raise GridError(
            f"the map has no extent: {count} points of the region are visible from the centre "
            f"{projection.latitude:g}, {projection.longitude:g}; choose another region or centre"
        )
    x = _axis("x", west, east, target.by_spacing, target.nx, target.dx)
    y = _axis("y", south, north, target.by_spacing, target.ny, target.dy)
    limits = Limits(lon[0], lon[-1], lat[0], lat[-1])
    if len(x) * len(y) > _MAX_NODES:
        raise GridError(f"a map of {len(x)} x {len(y)} nodes is too large; choose fewer points or a larger spacing")
    here, there, inside = projection.nodes(x, y, limits)
    return ProjectedGrid(
        projection=projection, x=x, y=y, lon=here, lat=there, inside=inside, region=target.region, limits=limits
    )


def _axis(name: str, first: float, last: float, by_spacing: bool, n: int, spacing: float) -> F32:
    """Coordinates from `first` on in equal steps; every operation in float32."""
    one = np.float32(1.0)
    low, high = np.float32(first), np.float32(last)
    step = np.float32(spacing)
    if by_spacing:
        if not 0.0 < step < np.inf:
            raise GridError(f"the spacing {spacing:g} of the map in {name} cannot be used; it must be above 0")
        wanted = float((high - low) / step + one)
        if wanted > _MAX_NODES:
            raise GridError(f"a spacing of {spacing:g} in {name} gives too many points; choose a larger one")
        n = int(wanted)
    if n < 2:
        raise GridError(f"the map would have {n} points in {name}; at least 2 are needed")
    if not by_spacing:
        step = (high - low) / np.float32(n - 1)
    axis: F32 = low + step * np.arange(n, dtype=np.float32)
    return axis
