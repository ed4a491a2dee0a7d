"""From the answers of a tracking run to the settings of detection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, cast

from ..settings.detection import (
    AddedField,
    AreaSettings,
    DetectionSettings,
    FeatureType,
    FieldPreparation,
    FourierSettings,
    HemisphereInversion,
    ObjectFitSettings,
    RefinedGrid,
    RefinementSettings,
    ShapeSettings,
    TransformSmoothing,
    limits_only,
)
from ..settings.plan import DetectionPlan, FieldFile, ObjectOutput, TimeAverage
from ..settings.spline import SplineSettings
from .build_startup import selection
from .dialogue import tracking
from .menus.series import weight_table
from .parameter_tables import Tables
from .rows import Answers

if TYPE_CHECKING:  # imported when needed: most runs compute no average
    from ..settings.time_mean import TimeMeanSettings

_MOST_EXPANSION = 20


def detection_plan(a: Answers, tables: Tables) -> DetectionPlan:
    """One pass of detection, as far as it has been answered; the refined grid of areas is left out."""
    return DetectionPlan(
        settings=_detection_settings(a, tables),
        frames=tracking.frame_range(a),
        projection_surface=_projection_surface(a),
        time_average=_time_average(a),
        added_field=_added_field(a) if a.yes("add_field?") else None,
        missing_step=a.integer("missing.time_step") if "missing.time_step" in a.given else None,
        objects=ObjectOutput(
            points=a.yes("write_objects?") and not a.points_refused,
            delayed=a.yes("missing.delay_objects?"),
            announces_shape=a.yes("shape_attributes?"),
        ),
    )


def _detection_settings(a: Answers, tables: Tables) -> DetectionSettings:
    kind = tracking.kind(a)
    too_close = a.real("too_close.radius") if a.yes("filter_too_close?") else None
    bounds = (a.real("unphysical.lo"), a.real("unphysical.hi")) if a.yes("filter_unphysical?") else None
    return DetectionSettings(
        preparation=_preparation(a),
        threshold=a.real("threshold"),
        connectivity=8 if a.char("connectivity") == "v" else 4,
        border_search=a.yes("boundary_search?"),
        periodic_x=a.yes("periodic_x?"),
        min_object_points=a.integer("min_object_points"),
        feature_type=FeatureType(kind),
        boundaries=a.yes("boundary_determination?"),
        boundary_fourier=_fourier(a, "boundary") if a.integer("boundary.fourier") == 1 else None,
        exclude_boundary_maxima=a.integer("exclude_boundary_maxima") == 1,
        refinement=_refinement(a, tables) if kind == FeatureType.SURFACE_FIT else None,
        object_fit=_object_fit(a, tables) if kind == FeatureType.OBJECT_FIT else None,
        object_smoothing=a.yes("object_smooth?"),
        transform=_transform(a, kind),
        shape=_shape(a) if "shape.orientation" in a.given else None,
        intensity_range=bounds,
        keep_largest_only=a.yes("keep_largest_only?"),
        min_separation=too_close,
        added=_added(a, kind),
    )


def refined_grid(a: Answers) -> RefinedGrid | None:
    """The refined grid of areas, None for the current one."""
    if a.integer("area.refine") != 1:
        return None
    x1, x2, y1, y2 = (a.real(f"area.refine.{edge}") for edge in ("x1", "x2", "y1", "y2"))
    return RefinedGrid(x1=x1, x2=x2, y1=y1, y2=y2, nx=a.integer("area.refine.nx"), ny=a.integer("area.refine.ny"))


def _preparation(a: Answers) -> FieldPreparation:
    minima = a.given.get("max_or_min") == 0
    added = a.yes("add_field?")
    return FieldPreparation(
        scale=a.real("scale") if a.yes("scale?") else None,
        offset=a.real("offset") if a.yes("offset?") else None,
        restore_offset=a.yes("offset?") and (added or a.yes("offset.restore?")),
        minima=minima,
        restore_sign=minima and (added or a.yes("minima.restore?")),
        inversion=_inversion(a, added),
    )


def _added_field(a: Answers) -> FieldFile:
    """File of the added field; it is read as the input, with a variable and entries of its own."""
    chosen = {name: a.given.get(f"add_field.{key}") for name, key in _ADDED_CHOICES.items()}
    own: dict[str, Any] = {name: value for name, value in chosen.items() if value is not None}
    return FieldFile(path=a.text("add_field.file"), selection=replace(selection(a), **own))


_ADDED_CHOICES = {"variable": "field", "level": "level", "additional": "add_value"}


def _inversion(a: Answers, added: bool) -> HemisphereInversion | None:
    # Any other letter inverts nothing.
    if not a.yes("invert_hemisphere?") or a.char("invert.which") not in ("n", "s"):
        return None
    which = cast(Literal["n", "s"], a.char("invert.which"))
    return HemisphereInversion(which=which, latitude=a.real("invert.lat"), restore=added or a.yes("invert.restore?"))


def computed_average(a: Answers, tables: Tables) -> TimeMeanSettings:
    """The time average that a pass computes."""
    from ..settings.series import SeriesFrames
    from ..settings.time_mean import TimeMeanSettings

    letter, frames = a.char("tavg.choice"), tracking.frame_range(a)
    return TimeMeanSettings(
        frames=SeriesFrames(
            first=frames.start,
            step=frames.step,
            last=frames.end,
            choice=cast(Literal["s", "i"], letter) if letter in ("s", "i") else "a",
        ),
        weights=weight_table(a, "tavg", tables),
    )


def _time_average(a: Answers) -> TimeAverage | None:
    if a.yes("add_field?") or not a.yes("time_average_use?"):
        return None
    if a.char("tavg.kind") == "t":
        return TimeAverage(kind="threshold", percent=a.real("tavg.percent"), computed=a.computed_average)
    return TimeAverage(kind="subtract", computed=a.computed_average)


def _surface(a: Answers, prefix: str, sphery: bool) -> SplineSettings:
    return SplineSettings(
        kind="sphery" if sphery else "smoopy",
        smoothing=a.real(f"{prefix}.spline.s"),
        pole_continuity=sphery and a.integer(f"{prefix}.sphery.continuity") == 1,
    )


def _projection_surface(a: Answers) -> SplineSettings | None:
    return _surface(a, "proj", a.integer("proj.spline") != 0) if tracking.interpolated(a) else None


def _added(a: Answers, kind: int) -> AddedField | None:
    if not a.yes("add_field?"):
        return None
    prefix = "region" if kind == FeatureType.SURFACE_FIT else "add_field"
    surface = None if kind <= FeatureType.GRID_MAXIMA else _surface(a, prefix, tracking.region_sphery(a))
    return AddedField(surface=surface, to_objects=a.yes("add_field.objects"))


def _refinement(a: Answers, tables: Tables) -> RefinementSettings:
    sphery = tracking.region_sphery(a)
    constraints = None
    limits: Literal["domain", "object", "file"] = "domain"
    if a.yes("constrained?"):
        constraints = tables.constraints("sphery" if sphery else "smoopy")
        letter = a.char("constraints")
        letter = "d" if sphery and letter == "o" else letter
        limits = "domain" if letter == "d" else "object" if letter == "o" else "file"
    return RefinementSettings(surface=_surface(a, "region", sphery), constraints=constraints, limits=limits)


def _object_fit(a: Answers, tables: Tables) -> ObjectFitSettings:
    off_grid = a.integer("object_fit.off_grid") == 1
    return ObjectFitSettings(
        smoothing=a.real("object_fit.s"),
        all_points=a.char("object_fit.points") == "a",
        off_grid=off_grid,
        constraints=tables.constraints("smoopy") if off_grid else limits_only(),
    )


def _fourier(a: Answers, prefix: str) -> FourierSettings:
    factor, expand = a.integer(f"{prefix}.factor"), a.integer(f"{prefix}.expand")
    fixed = a.char(f"{prefix}.freq") == "f"
    return FourierSettings(
        fixed_exponent=factor if fixed else None,
        extra_exponent=0 if fixed else factor,
        modes=a.integer(f"{prefix}.modes"),
        fill=a.yes(f"{prefix}.fill"),
        expand=expand if 0 <= expand <= _MOST_EXPANSION else 0,
    )


def object_fourier(a: Answers) -> FourierSettings | None:
    """Fourier smoothing of objects in force: as answered, else as in an earlier pass."""
    if "transform.freq" in a.given:
        return _fourier(a, "transform")
    return None if "transform.fourier?" in a.given else a.fourier


def _transform(a: Answers, kind: int) -> TransformSmoothing | None:
    if "transform.redefine?" not in a.given:
        return None
    asked = "transform.freq" in a.given
    smooth = a.yes("transform.smooth?") if kind == FeatureType.DISTANCE_TRANSFORM else not asked
    fourier = object_fourier(a)
    return TransformSmoothing(
        smooth=smooth,
        expansion=max(0, a.integer("transform.expansion", a.expansion)),
        shift=max(0, a.expansion) if "transform.expansion" in a.given else 0,
        threshold=a.integer("transform.threshold"),
        fourier=fourier,
        redefine=a.yes("transform.redefine?"),
    )


def _shape(a: Answers) -> ShapeSettings:
    smooth = a.yes("shape.smooth?")
    area = None
    if a.yes("area?"):
        area = AreaSettings(
            fraction=a.real("area.fraction"),
            kind=cast(Literal[0, 1, 2], a.integer("area.type")),
            on_projection=a.integer("area.on_projection") == 1,
        )
    return ShapeSettings(
        orientation=a.char("shape.orientation"),
        min_points=max(1, a.integer("shape.min_points")),
        mean_direction=a.integer("shape.centre") == 1,
        overlap=a.yes("shape.overlap?"),
        smooth_fraction=a.real("shape.fraction") if smooth else 1.0,
        fourier=_fourier(a, "shape") if smooth else None,
        region_fraction=a.real("area.fraction", a.area_fraction),
        area=area,
    )
