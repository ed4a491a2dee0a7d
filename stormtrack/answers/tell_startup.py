"""What the settings of the start-up answer: the way back from `build_startup`."""

from __future__ import annotations

from collections.abc import Iterator

from ..settings.startup import AzimuthalTarget, FieldSelection, GridSettings, ProjectionSettings, StartupSettings
from .rows import Scene, yes_no
from .stream import Value

_EDGES = ("x1", "x2", "y1", "y2")
_ALREADY = {1: "azimuthal", 2: "conic", 3: "rotated"}


def tell_startup(startup: StartupSettings) -> Scene:
    """All of the start-up."""
    told: dict[str, Value] = {
        **tell_selection(startup.selection),
        **_grid(startup.grid),
        "distance_norm": startup.norm,
        "other_projection": yes_no(startup.projection),
    }
    if startup.projection is not None:
        told |= projection_scene(startup.projection)
    if startup.area is not None:
        told |= zip((f"area.{edge}" for edge in _EDGES), startup.area, strict=True)
    return told


def tell_selection(selection: FieldSelection) -> Scene:
    """How the input is read."""
    told: dict[str, Value] = {
        "format": selection.format,
        "bin.newline_separated": yes_no(selection.newline_separated),
        "utf.interval": selection.utf_interval,
        "nc.by_name": int(selection.by_name),
        "nc.coards": yes_no(selection.coards),
    }
    chosen = (("nc.field", selection.variable), ("nc.level", selection.level), ("nc.add_value", selection.additional))
    return told | {key: value for key, value in chosen if value is not None}


def _grid(grid: GridSettings) -> Scene:
    return {
        "grid.translate": yes_no(grid.translate_columns),
        "grid.offset": grid.translate_columns or 0,
        "grid.correct_0_360": yes_no(grid.correct_longitudes > 0),
        "grid.correct_how": grid.correct_longitudes,
        "utf.keep_equator": yes_no(grid.keep_equator),
        "grid.keep_equator": yes_no(grid.keep_equator),
        "grid.keep_south_pole": yes_no(grid.keep_south_pole),
        "grid.keep_north_pole": yes_no(grid.keep_north_pole),
        "grid.make_periodic": yes_no(grid.make_periodic),
    }


def projection_scene(projection: ProjectionSettings) -> Scene:
    """What a projection answers, but whether there is one."""
    told: dict[str, Value] = {
        "proj.group": projection.group,
        "proj.type": projection.kind,
        "proj.hemispheres": "b" if len(projection.targets) > 1 else "s",
    }
    if projection.group in _ALREADY:
        told[f"proj.already_{_ALREADY[projection.group]}"] = int(projection.already_projected)
    for prefix, target in zip(("proj", "proj2"), projection.targets, strict=False):
        told |= _target(prefix, target)
    if projection.standard_parallels is not None:
        told["proj.sp1"], told["proj.sp2"] = projection.standard_parallels
    return told


def _target(prefix: str, target: AzimuthalTarget) -> Iterator[tuple[str, Value]]:
    yield from zip((f"{prefix}.region.{edge}" for edge in _EDGES), target.region, strict=True)
    yield f"{prefix}.lat", target.latitude
    yield f"{prefix}.lng", target.longitude
    yield f"{prefix}.grid_by", int(target.by_spacing)
    for name in ("nx", "ny", "dx", "dy"):
        yield f"{prefix}.{name}", getattr(target, name)
