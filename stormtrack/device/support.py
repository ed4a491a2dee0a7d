"""What the engine does not have is refused by name, never computed differently."""

from __future__ import annotations

from ..errors import NotSupportedError
from ..grid.tracking import TrackingGrid
from ..settings.detection import DetectionSettings, FeatureType, RefinementSettings, limits_only
from .labelling import BITS

REMEDY = "use engine='fast' (on the command line --engine fast), which has it"


def check_supported(grid: TrackingGrid, settings: DetectionSettings) -> None:
    """Refuse settings that the engine does not have.

    Raises
    ------
    NotSupportedError
        Names the setting, what is allowed, and what to do.
    """
    for setting, is_asked in (*_about_features(settings), *_about_surfaces(grid, settings.refinement)):
        if is_asked:
            raise NotSupportedError(f"engine='jax' has no {setting}: {REMEDY}")


def _about_features(settings: DetectionSettings) -> list[tuple[str, bool]]:
    """Settings of objects and features, and whether they are asked for."""
    kind, shape = settings.feature_type, settings.shape
    weighted = shape is not None and shape.area is not None and shape.area.kind == 2
    return [
        (f"feature type {int(kind)} (feature_type; allowed: 7, maxima of a surface)", kind != FeatureType.SURFACE_FIT),
        ("search beyond the border (border_search; allowed: false)", settings.border_search),
        ("periodic objects (periodic_x; allowed: false)", settings.periodic_x),
        ("boundaries of objects (boundaries; allowed: false)", settings.boundaries),
        ("smoothed objects (object_smoothing; allowed: false)", settings.object_smoothing),
        ("added fields (added; allowed: none)", settings.added is not None),
        ("areas weighted by the field (shape.area.kind 2; allowed: 0 and 1)", weighted),
    ]


def _about_surfaces(grid: TrackingGrid, refinement: RefinementSettings | None) -> list[tuple[str, bool]]:
    """Settings of surfaces and limits, and whether they are asked for."""
    projects, by = grid.projected is not None, grid.surface
    size = max(len(grid.grid.lon), len(grid.grid.lat))
    rows = [
        (f"grids of {size} rows or columns (allowed: {1 << BITS})", size > 1 << BITS),
        ("distances in units of the grid (norm; allowed: geodesic)", not grid.geodesic),
        (f"projection by {by.kind} surfaces (allowed: sphery)", projects and by.kind != "sphery"),
        (f"smoothing {by.smoothing:g} before the projection (allowed: 0)", projects and by.smoothing != 0.0),
    ]
    if refinement is None:
        return rows
    surface, table = refinement.surface, refinement.constraints
    return [
        *rows,
        (f"refinement on {surface.kind} surfaces (refinement.surface; allowed: smoopy)", surface.kind != "smoopy"),
        (f"refinement with smoothing {surface.smoothing:g} (allowed: 0)", surface.smoothing != 0.0),
        (f"limits of kind '{refinement.limits}' (refinement.limits; allowed: 'domain')", refinement.limits != "domain"),
        (
            "other constraints than the four limits of the area (refinement.constraints)",
            table is None or table.n_equalities != 0 or table.normals != limits_only().normals,
        ),
    ]
