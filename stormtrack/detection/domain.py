"""Where detection looks: grid, search region, periodicity, norm; and the edge memory of the periodic logic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from ..arrays import F32, F32_1D, I32_1D, Mask
from ..errors import GridError
from ..grid.model import GridKind
from ..grid.tracking import TrackingGrid
from ..kernels.declare import helper
from ..settings.detection import DetectionSettings

PERIOD = np.float32(360.0)
OUTSIDE = np.float32(9999.9999)
"""Coordinate of a grid number outside a non-periodic grid."""


class Axes(NamedTuple):
    """Where grid numbers of the search region lie: what kernels need of a `Domain`.

    Attributes
    ----------
    x, y : float32, shape (ix,), (iy,)
        Coordinates of the tracking grid.
    x1, y1 : int
        First column and row of the region, 1-based.
    periodic : bool
        Columns wrap around.
    """

    x: F32_1D
    y: F32_1D
    x1: int
    y1: int
    periodic: bool


@helper
def x_coordinate(xgrid, index, periodic):
    """Coordinate (float32) of the 0-based column `index`; wraps once when `periodic` (02, section 1)."""
    n = len(xgrid)
    if index < 0:
        return np.float32(xgrid[index + n - 1] - PERIOD) if periodic else OUTSIDE
    if index >= n:
        return np.float32(xgrid[index - n + 1] + PERIOD) if periodic else OUTSIDE
    return xgrid[index]


_AZIMUTHAL = 1


class Projection(Protocol):
    """What is needed of a map projection."""

    @property
    def group(self) -> int:
        """TRACK's number: 1 azimuthal, 2 conic, 3 rotated."""

    def to_sphere(self, x: F32, y: F32) -> tuple[F32, F32, Mask]:
        """Positions of the tracking grid (float32, shape (n,)) to longitude, latitude (float32 degrees), visible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Grid and search region of a detection run, as its stages need them; `of` makes it.

    Attributes
    ----------
    xgrid, ygrid : float32, shape (ix,), (iy,)
        Grid on which detection runs (the projected one under a projection); both increasing. A periodic grid
        holds its closing column (``xgrid[-1] == 360``).
    x1, x2, y1, y2 : int
        Search region in 1-based grid numbers, inclusive.
    border_search, periodic : bool
        `bs` and `pb` of the settings; periodic only with border search.
    geodesic : bool
        Distances on the sphere, else Euclidean.
    projection : Projection, optional
        The tracking grid is a projection of the input grid.
    input_xgrid, input_ygrid : float32
        Grid of the input file; the tracking grid when not projected.
    uniform_x, uniform_y : bool
        Whether the input grid has constant spacing (01, section 8).
    """

    xgrid: F32
    ygrid: F32
    x1: int
    x2: int
    y1: int
    y2: int
    border_search: bool = False
    periodic: bool = False
    geodesic: bool = True
    projection: Projection | None = None
    input_xgrid: F32
    input_ygrid: F32
    uniform_x: bool = True
    uniform_y: bool = True

    def __post_init__(self) -> None:
        ix, iy = len(self.xgrid), len(self.ygrid)
        if not (1 <= self.x1 <= self.x2 <= ix and 1 <= self.y1 <= self.y2 <= iy):
            raise GridError(
                f"search region x {self.x1}..{self.x2}, y {self.y1}..{self.y2} does not lie in the grid of "
                f"{ix} x {iy} points; allowed: 1 <= x1 <= x2 <= {ix}, 1 <= y1 <= y2 <= {iy}. Correct the region."
            )
        if self.periodic and not self.border_search:
            raise GridError("periodic x boundaries need the border search (bs = y); switch both on or both off")

    @classmethod
    def of(cls, grid: TrackingGrid, settings: DetectionSettings) -> Domain:
        """Where detection looks on a grid, under the borders and periodicity of its settings."""
        x1, x2, y1, y2 = grid.region.numbers
        return cls(
            xgrid=grid.x,
            ygrid=grid.y,
            x1=x1,
            x2=x2,
            y1=y1,
            y2=y2,
            border_search=settings.border_search,
            periodic=settings.periodic_x,
            geodesic=grid.geodesic,
            projection=None if grid.projected is None else grid.projected.projection,
            input_xgrid=grid.grid.lon,
            input_ygrid=grid.grid.lat,
            uniform_x=grid.grid.kind is not GridKind.UNEVEN,
            uniform_y=not grid.grid.uneven_latitudes,
        )

    @property
    def shape_projection(self) -> Projection | None:
        """Projection that shape is taken off: TRACK takes the coordinates of conic and rotated maps for degrees."""
        return self.projection if self.projection is not None and self.projection.group == _AZIMUTHAL else None

    @property
    def projected(self) -> bool:
        """Whether the tracking grid is a projection of the input grid."""
        return self.projection is not None

    @property
    def width(self) -> int:
        """Columns of the search region."""
        return self.x2 - self.x1 + 1

    @property
    def height(self) -> int:
        """Rows of the search region."""
        return self.y2 - self.y1 + 1

    @property
    def axes(self) -> Axes:
        """What kernels need of it."""
        return Axes(self.xgrid, self.ygrid, self.x1, self.y1, self.periodic)


class EdgeState(NamedTuple):
    """Objects met at the left and right edge of a periodic grid, by row (the original's llb, rrb).

    Attributes
    ----------
    left, right : int32, shape (iy,)
        1-based object number, 0 for none. Filled by the periodic merge, zeroed by the return into the domain and
        by boundary tracing and object redefinition.
    """

    left: I32_1D
    right: I32_1D

    @classmethod
    def of(cls, domain: Domain) -> EdgeState:
        """Zeroed state for the rows of `domain`."""
        rows = len(domain.ygrid)
        return cls(np.zeros(rows, np.int32), np.zeros(rows, np.int32))

    def clear(self) -> None:
        """Zero both sides."""
        self.left[:] = 0
        self.right[:] = 0
