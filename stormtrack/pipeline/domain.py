"""The grid on which one pass of a tracking run detects: the working grid or a projection of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..detect.domain import Domain
from ..grid.model import Grid, GridKind
from ..grid.projections import ProjectedGrid, back_to_sphere, project_grid
from ..settings.detection import DetectionSettings
from ..settings.startup import StartupSettings
from ..tracks.model import ProjectionDetails

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackingGrid:
    """Where one pass detects.

    Attributes
    ----------
    grid : Grid
        Working grid of the input.
    projected : ProjectedGrid or None
        Its projection; None: detection runs on `grid`.
    startup : StartupSettings
    """

    grid: Grid
    projected: ProjectedGrid | None
    startup: StartupSettings

    @classmethod
    def of(cls, grid: Grid, startup: StartupSettings, hemisphere: int) -> TrackingGrid:
        """Grid of one hemisphere's pass."""
        projected = None if startup.projection is None else project_grid(grid, startup.projection, hemisphere)
        return cls(grid=grid, projected=projected, startup=startup)

    @property
    def x(self) -> F32:
        """Columns of the tracking grid."""
        return self.grid.lon if self.projected is None else self.projected.x

    @property
    def y(self) -> F32:
        """Rows of the tracking grid."""
        return self.grid.lat if self.projected is None else self.projected.y

    @property
    def region(self) -> tuple[int, int, int, int]:
        """Search region x1, x2, y1, y2, 1-based: the area answered, or a whole projected grid."""
        if self.projected is None and self.startup.area is not None:
            return self.startup.area
        return 1, len(self.x), 1, len(self.y)

    @property
    def details(self) -> ProjectionDetails:
        """Projection as the object file states it."""
        if self.projected is None or self.startup.projection is None:
            return ProjectionDetails()
        centre = self.projected.projection
        return ProjectionDetails(
            group=self.startup.projection.group, kind=centre.kind, centre=(centre.latitude, centre.longitude)
        )

    def domain(self, settings: DetectionSettings) -> Domain:
        """The same as detection takes it."""
        x1, x2, y1, y2 = self.region
        projection = None if self.projected is None else self.projected.projection
        return Domain(
            xgrid=self.x,
            ygrid=self.y,
            x1=x1,
            x2=x2,
            y1=y1,
            y2=y2,
            border_search=settings.border_search,
            periodic=settings.periodic_x,
            geodesic=self.startup.norm == "g",
            projected=projection is not None,
            inverse=None if projection is None else lambda x, y: back_to_sphere(projection, x, y),
            input_xgrid=self.grid.lon,
            input_ygrid=self.grid.lat,
            uniform_x=self.grid.kind is not GridKind.UNEVEN,
            uniform_y=not self.grid.uneven_latitudes,
        )

    def node_coordinates(self, x: F32, y: F32) -> tuple[F32, F32]:
        """Coordinates of region-relative grid numbers (feature type 3).

        Numbers of 0, which object files with shapes hold, may stand for the line before the grid: 0.0, as in TRACK.
        """
        x1, _, y1, _ = self.region
        column, row = x.astype(np.int64) + (x1 - 1), y.astype(np.int64) + (y1 - 1)
        before = np.zeros(1, np.float32)
        return np.concatenate([before, self.x])[column], np.concatenate([before, self.y])[row]

    def on_the_sphere(self, x: F32, y: F32) -> tuple[F32, F32]:
        """Longitudes and latitudes of positions on the tracking grid."""
        if self.projected is None:
            return x, y
        lon, lat, _ = back_to_sphere(self.projected.projection, x, y)
        return lon, lat
