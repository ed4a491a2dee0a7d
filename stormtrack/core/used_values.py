"""Which values of the file's frames a run uses: a missing value elsewhere does no harm.

References
----------
Specification 01, sections 7.6 and 9; 02, sections 5 to 15. Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..detection.border import REACH
from ..grid.missing import UsedValues
from ..grid.model import Grid
from ..grid.tracking import TrackingGrid
from ..settings.detection import DetectionSettings, FourierSettings
from ..settings.series import MissingTest
from ..settings.spline import SplineSettings

if TYPE_CHECKING:  # not imported by runs without a spatial filter
    from ..settings.restriction import Restriction
    from ..settings.spectral import SpectralSettings


def used_by_fast_filter(grid: Grid, settings: SpectralSettings) -> UsedValues:
    """What the fast spectral filter looks at: everything, but for values that it is told to replace."""
    replaced = None if settings.restrict is None else MissingTest(value=settings.restrict[0], comparison=2)
    return replace(UsedValues.of(grid), unused=replaced, spread=True)


def used_by_spatial_filter(grid: Grid, restriction: Restriction | None) -> UsedValues:
    """What the other spatial filters look at: everything, but for values that they are told to replace."""
    return replace(UsedValues.of(grid), unused=restriction, spread=True)


def used_by_detection(tracking: TrackingGrid, settings: DetectionSettings) -> UsedValues:
    """What detection looks at: the search area with what objects may grow into, and what surfaces are fitted to."""
    if _uses_everything(tracking, settings):
        return UsedValues.of(tracking.grid)
    if tracking.projected is not None:
        x1, x2, y1, y2 = tracking.projected.region
        return UsedValues.of(tracking.grid, slice(y1 - 1, y2), slice(x1 - 1, x2))
    return UsedValues.of(tracking.grid, *_search_area(tracking, settings))


def _uses_everything(tracking: TrackingGrid, settings: DetectionSettings) -> bool:
    """Whether a surface is fitted to the whole grid, or areas are weighted by the field (wherever regions reach)."""
    surfaces: list[SplineSettings | None] = [None if tracking.projected is None else tracking.surface]
    if tracking.projected is None:
        surfaces += [
            settings.added.surface if settings.added else None,
            settings.refinement.surface if settings.refinement else None,
        ]
    weighted = settings.shape is not None and settings.shape.area is not None and settings.shape.area.kind == 2
    return weighted or any(surface is not None and surface.kind == "sphery" for surface in surfaces)


def _search_area(tracking: TrackingGrid, settings: DetectionSettings) -> tuple[slice, slice]:
    """Rows and columns of the search area with the margin that objects and their boundaries may reach."""
    x1, x2, y1, y2 = tracking.region.numbers
    margin = (REACH + 2 if settings.border_search else 0) + _expansion(settings)
    columns = slice(x1 - 1, x2)
    if margin:
        near_the_seam = x1 - margin < 1 or x2 + margin > tracking.grid.nx
        columns = slice(None) if near_the_seam else slice(x1 - 1 - margin, x2 + margin)
    return slice(max(y1 - 1 - margin, 0), y2 + margin), columns


def _expansion(settings: DetectionSettings) -> int:
    """Cells by which smoothed boundaries and transformed objects may leave the search area."""
    smoothings: list[FourierSettings | None] = [settings.boundary_fourier]
    smoothings.append(settings.transform.fourier if settings.transform else None)
    smoothings.append(settings.shape.fourier if settings.shape else None)
    by_fourier = max((1 + smoothing.expand for smoothing in smoothings if smoothing is not None), default=0)
    return by_fourier + (settings.transform.expansion if settings.transform else 0)
