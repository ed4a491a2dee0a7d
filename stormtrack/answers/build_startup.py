"""From the answers of the start-up to its settings."""

from __future__ import annotations

from typing import Literal, cast

from ..settings.startup import AzimuthalTarget, FieldSelection, GridSettings, ProjectionSettings, StartupSettings
from .numbers import round_float32
from .rows import Answers


def selection(a: Answers) -> FieldSelection:
    """How the input is read, as far as it has been answered."""
    given = a.given
    variable = given.get("nc.field")
    level, additional = given.get("nc.level"), given.get("nc.add_value")
    return FieldSelection(
        format=cast(Literal[0, 1, 2, 3, 4], a.integer("format", 1)),
        newline_separated=a.yes("bin.newline_separated"),
        utf_interval=a.real("utf.interval"),
        by_name=a.integer("nc.by_name") == 1,
        coards=a.yes("nc.coards"),
        variable=None if variable is None or isinstance(variable, float) else variable,
        level=None if isinstance(level, str) else level,
        additional=None if isinstance(additional, str) else additional,
    )


def grid_settings(a: Answers) -> GridSettings:
    """Transformations of the grid, as far as they have been answered."""
    how: Literal[0, 1, 2] = 0
    if a.yes("grid.correct_0_360"):
        how = 2 if a.integer("grid.correct_how") == 2 else 1
    return GridSettings(
        translate_columns=a.integer("grid.offset") if a.yes("grid.translate") else None,
        correct_longitudes=how,
        keep_equator=a.char("grid.keep_equator", "y") != "n" and a.char("utf.keep_equator", "y") != "n",
        keep_south_pole=a.char("grid.keep_south_pole", "y") != "n",
        keep_north_pole=a.char("grid.keep_north_pole", "y") != "n",
        make_periodic=a.yes("grid.make_periodic"),
    )


def target(a: Answers, prefix: str) -> AzimuthalTarget:
    """One target grid of a projection."""
    longitude = a.real(f"{prefix}.lng")
    turn = -360.0 if longitude > 360.0 else 360.0 if longitude < 0.0 else 0.0
    longitude = round_float32(longitude + turn) if turn else longitude
    x1, x2, y1, y2 = (a.integer(f"{prefix}.region.{edge}") for edge in ("x1", "x2", "y1", "y2"))
    return AzimuthalTarget(
        latitude=a.real(f"{prefix}.lat"),
        longitude=longitude,
        region=(x1, x2, y1, y2),
        by_spacing=a.integer(f"{prefix}.grid_by") == 1,
        nx=a.integer(f"{prefix}.nx"),
        ny=a.integer(f"{prefix}.ny"),
        dx=a.real(f"{prefix}.dx"),
        dy=a.real(f"{prefix}.dy"),
    )


def projection(a: Answers) -> ProjectionSettings | None:
    """The projection, None for latitude-longitude as it is."""
    if not a.yes("other_projection"):
        return None
    group = cast(Literal[0, 1, 2, 3], a.integer("proj.group"))
    targets = [] if group == 0 else [target(a, "proj")]
    if a.char("proj.hemispheres") == "b":
        targets.append(target(a, "proj2"))
    return ProjectionSettings(
        group=group,
        kind=a.integer("proj.type"),
        already_projected=any(a.integer(f"proj.already_{name}") for name in ("azimuthal", "conic", "rotated")),
        targets=tuple(targets),
        standard_parallels=(a.real("proj.sp1"), a.real("proj.sp2")) if group == 2 else None,
    )


def startup_settings(a: Answers) -> StartupSettings:
    """All of the start-up."""
    area = None
    if "area.x1" in a.given:
        x1, x2, y1, y2 = (a.integer(f"area.{edge}") for edge in ("x1", "x2", "y1", "y2"))
        area = (x1, x2, y1, y2)
    return StartupSettings(
        selection=selection(a),
        grid=grid_settings(a),
        norm=cast(Literal["e", "g"], a.char("distance_norm")),
        projection=projection(a),
        area=area,
    )
