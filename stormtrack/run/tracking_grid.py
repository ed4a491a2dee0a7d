"""The grid on which a pass of a run detects, from the answers of the start-up."""

from __future__ import annotations

from ..grid.model import Grid
from ..grid.projections import project_grid
from ..grid.tracking import Region, TrackingGrid
from ..settings.spline import SplineSettings
from ..settings.startup import StartupSettings


def tracking_grid(
    grid: Grid, startup: StartupSettings, hemisphere: int, surface: SplineSettings | None = None
) -> TrackingGrid:
    """Tracking grid of one hemisphere's pass.

    Parameters
    ----------
    grid : Grid
        Working grid.
    startup : StartupSettings
    hemisphere : int
        0, or 1 for the second pass of a run over both.
    surface : SplineSettings, optional
        By which fields are brought to the projection.

    Raises
    ------
    GridError
        If the projection asked for cannot be made.
    """
    projected = None if startup.projection is None else project_grid(grid, startup.projection, hemisphere)
    return TrackingGrid(
        grid=grid,
        geodesic=startup.norm == "g",
        area=None if startup.area is None else Region.numbered(*startup.area),
        projected=projected,
        surface=surface or SplineSettings(),
    )
