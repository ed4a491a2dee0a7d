"""The grid on which detection runs: a grid of longitudes and latitudes, or a projection of it.

References
----------
Specification 01, section 9; 02, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from ..arrays import F32
from ..model.features import Features
from ..model.reference import ProjectionDetails
from ..settings.spline import SplineSettings
from .model import Grid
from .projections import ProjectedGrid


class Region(NamedTuple):
    """A part of a grid: first column and row (0-based), and the ones behind the last."""

    first_column: int
    end_column: int
    first_row: int
    end_row: int

    @classmethod
    def numbered(cls, x1: int, x2: int, y1: int, y2: int) -> Region:
        """From the numbers of the first and the last column and row, 1-based, as TRACK has them."""
        return cls(x1 - 1, x2, y1 - 1, y2)

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """Numbers x1, x2, y1, y2 of the first and the last column and row, 1-based."""
        return self.first_column + 1, self.end_column, self.first_row + 1, self.end_row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackingGrid:
    """Where detection runs.

    Attributes
    ----------
    grid : Grid
        Working grid of the fields.
    geodesic : bool
        Distances are measured on the sphere, else in units of the grid.
    area : Region, optional
        Part of `grid` in which features are looked for; None: all of it, and of a projection always all of it.
    projected : ProjectedGrid, optional
        Projection of `grid` on which detection runs.
    surface : SplineSettings
        Surface by which fields are brought to the projection.
    """

    grid: Grid
    geodesic: bool = True
    area: Region | None = None
    projected: ProjectedGrid | None = None
    surface: SplineSettings = field(default_factory=SplineSettings)

    @property
    def x(self) -> F32:
        """Columns of the tracking grid."""
        return self.grid.lon if self.projected is None else self.projected.x

    @property
    def y(self) -> F32:
        """Rows of the tracking grid."""
        return self.grid.lat if self.projected is None else self.projected.y

    @property
    def region(self) -> Region:
        """Part of the tracking grid in which features are looked for."""
        if self.projected is None and self.area is not None:
            return self.area
        return Region(0, len(self.x), 0, len(self.y))

    @property
    def reference(self) -> ProjectionDetails:
        """What positions of features refer to."""
        if self.projected is None:
            return ProjectionDetails()
        centre = self.projected.projection
        return ProjectionDetails(group=centre.group, kind=centre.kind, centre=(centre.latitude, centre.longitude))

    def with_coordinates(self, features: Features) -> Features:
        """Features with coordinates for positions, where they are numbers of nodes (feature type 3)."""
        return features.moved(self._of_nodes, features.projection) if features.on_nodes else features

    def on_the_sphere(self, features: Features) -> Features:
        """Features with longitudes and latitudes (degrees) for positions."""
        features = self.with_coordinates(features)
        return features if self.projected is None else features.moved(self._of_the_sphere)

    def on_the_map(self, features: Features) -> Features:
        """Features with positions on the projection, from longitudes and latitudes."""
        if self.projected is None:
            return features
        return features.moved(self.projected.projection.to_plane, self.reference)

    def unprojected(self) -> TrackingGrid:
        """The same without the projection."""
        return replace(self, projected=None)

    def _of_nodes(self, x: F32, y: F32) -> tuple[F32, F32]:
        """Coordinates of node numbers, 1-based in the region.

        Numbers of 0, which object files with shapes hold, may stand for the line before the grid: 0.0, as in TRACK.
        """
        region = self.region
        column, row = x.astype(np.int64) + region.first_column, y.astype(np.int64) + region.first_row
        before = np.zeros(1, np.float32)
        return np.concatenate([before, self.x])[column], np.concatenate([before, self.y])[row]

    def _of_the_sphere(self, x: F32, y: F32) -> tuple[F32, F32]:
        assert self.projected is not None
        lon, lat, _ = self.projected.projection.to_sphere(x, y)
        return lon, lat
