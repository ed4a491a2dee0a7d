"""What a pass of detection answers: the way back from `build_detection` and `build_reuse`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from ..settings.detection import (
    AreaSettings,
    ConstraintTable,
    DetectionSettings,
    FourierSettings,
    RefinedGrid,
    ShapeSettings,
    TransformSmoothing,
)
from ..settings.plan import DetectionPlan, FieldFile, PassPlan, TimeAverage, TrackingPlan
from ..settings.reuse import ReuseSettings, RotatedPole
from ..settings.spline import SplineSettings
from ..settings.standard_tables import STANDARD_CONSTRAINTS
from ..settings.tendency import TendencySettings
from .menus.series import tell_weights
from .rows import Scene, yes_no
from .stream import Value
from .table_texts import constraints_text
from .telling import TableFiles

Told = Iterator[tuple[str, Value]]
_CORRECTIONS = {None: "n", "g": "y", "d": "g"}


def tell_pass(found: PassPlan, earlier: tuple[PassPlan, ...], tables: TableFiles) -> Scene:
    """One pass over the frames; `earlier` are those before it."""
    told = dict(_reuse(found.reuse)) if found.reuse is not None else {}
    if found.detection is not None:
        averages = [one.detection.time_average for one in earlier if one.detection is not None]
        told |= _detection(found.detection, tables)
        told |= _time_average(found.detection.time_average, averages, tables)
    return told


def tell_before_passes(plan: TrackingPlan) -> Scene:
    """What is asked once, before the first pass."""
    reuses = bool(plan.passes) and plan.passes[0].reuse is not None
    return {"reuse_objects": yes_no(reuses), "tendency": yes_no(plan.tendency), **dict(_tendency(plan.tendency))}


def tell_after_passes(pole: RotatedPole | None) -> Scene:
    """What is asked once, after the last pass."""
    told: dict[str, Value] = {"rotated_pole?": yes_no(pole)}
    if pole is not None:
        told |= {"pole.lng": pole.longitude, "pole.lat": pole.latitude, "pole.translated?": yes_no(pole.shift)}
        told["pole.shift"] = 0.0 if pole.shift is None else pole.shift
    return told


def _tendency(tendency: TendencySettings | None) -> Told:
    if tendency is not None:
        yield "tendency.use_existing?", yes_no(tendency.existing)
        for name in ("first", "last", "step"):
            yield f"tendency.{name}", getattr(tendency, name)


def _reuse(reuse: ReuseSettings) -> Told:
    yield "reuse.which", 2 if reuse.filtered else 1
    yield "reuse.other_file?", yes_no(reuse.file)
    yield "reuse.file", reuse.file or ""
    yield "reuse.read_object_points?", yes_no(reuse.read_points)
    yield "reuse.correct_grid?", _CORRECTIONS[reuse.correct]
    yield "reuse.recompute?", yes_no(reuse.recompute)


def _detection(plan: DetectionPlan, tables: TableFiles) -> Told:
    settings = plan.settings
    yield from _preparation(settings)
    yield from _frames(plan)
    yield from _objects(settings)
    yield from _features(settings)
    yield from _surfaces(plan)
    yield from _added(plan.added_field)
    yield from _refinement(settings, tables)
    yield from _transform(settings.transform)
    yield from _object_fit(settings, tables)
    yield from _shape(settings.shape)
    yield "shape_attributes?", yes_no(plan.objects.announces_shape)
    yield "write_objects?", yes_no(plan.objects.points)
    yield "missing.delay_objects?", yes_no(plan.objects.delayed)


def _preparation(settings: DetectionSettings) -> Told:
    prepared, added = settings.preparation, settings.added
    for name in ("scale", "offset"):
        value = getattr(prepared, name)
        yield f"{name}?", yes_no(value)
        yield name, 0.0 if value is None else value
    yield "offset.restore?", yes_no(prepared.restore_offset)
    yield "threshold", settings.threshold
    yield "max_or_min", 0 if prepared.minima else 1
    yield "minima.restore?", yes_no(prepared.restore_sign)
    yield "invert_hemisphere?", yes_no(prepared.inversion)
    if prepared.inversion is not None:
        yield "invert.which", prepared.inversion.which
        yield "invert.lat", prepared.inversion.latitude
        yield "invert.restore?", yes_no(prepared.inversion.restore)
    yield "add_field?", yes_no(added)
    yield "add_field.objects", yes_no(added is not None and added.to_objects)


def _frames(plan: DetectionPlan) -> Told:
    for name in ("start", "step", "end"):
        yield f"frame.{name}", getattr(plan.frames, name)
    if plan.missing_step is not None:
        yield "missing.time_step", plan.missing_step


def _objects(settings: DetectionSettings) -> Told:
    yield "connectivity", "v" if settings.connectivity == 8 else "e"
    yield "boundary_search?", yes_no(settings.border_search)
    yield "periodic_x?", yes_no(settings.periodic_x)
    yield "min_object_points", settings.min_object_points
    yield "boundary_determination?", yes_no(settings.boundaries)
    yield "boundary.fourier", int(settings.boundary_fourier is not None)
    yield from _fourier("boundary", settings.boundary_fourier)


def _features(settings: DetectionSettings) -> Told:
    low, high = settings.intensity_range or (0.0, 0.0)
    yield "feature_type", int(settings.feature_type)
    yield "object_smooth?", yes_no(settings.object_smoothing)
    yield "filter_unphysical?", yes_no(settings.intensity_range)
    yield "unphysical.lo", low
    yield "unphysical.hi", high
    yield "keep_largest_only?", yes_no(settings.keep_largest_only)
    yield "filter_too_close?", yes_no(settings.min_separation)
    yield "too_close.radius", settings.min_separation or 0.0
    yield "exclude_boundary_maxima", int(settings.exclude_boundary_maxima)


def _surfaces(plan: DetectionPlan) -> Told:
    """Kinds of surfaces, and how they are fitted; one kind holds for features and the added field."""
    refinement, added = plan.settings.refinement, plan.settings.added
    of_features = None if refinement is None else refinement.surface
    of_added = None if added is None else added.surface
    shown = of_features or of_added or SplineSettings()
    yield "region.spline", int(shown.kind == "sphery")
    yield from _surface("region", shown)
    yield from _surface("add_field", of_added or SplineSettings())
    projected = plan.projection_surface or SplineSettings()
    yield "proj.spline", int(projected.kind == "sphery")
    yield from _surface("proj", projected)


def _surface(prefix: str, surface: SplineSettings) -> Told:
    yield f"{prefix}.spline.s", surface.smoothing
    yield f"{prefix}.sphery.poles?", yes_no(surface.pole_continuity)
    yield f"{prefix}.sphery.continuity", int(surface.pole_continuity)


def _added(file: FieldFile | None) -> Told:
    if file is None:
        return
    yield "add_field.file", file.path
    selection = file.selection
    chosen = {"field": selection.variable, "level": selection.level, "add_value": selection.additional}
    for key, value in chosen.items():
        if value is not None:
            yield f"add_field.{key}", value


def _refinement(settings: DetectionSettings, tables: TableFiles) -> Told:
    refinement = settings.refinement
    if refinement is None:
        return
    yield "constrained?", yes_no(refinement.constraints)
    yield "constraints", {"domain": "d", "object": "o", "file": "f"}[refinement.limits]
    if refinement.constraints is not None:
        constraints(refinement.constraints, refinement.surface.kind, tables)


def constraints(table: ConstraintTable, surface: str, tables: TableFiles) -> None:
    """A table that is not TRACK's own lies in a file that the environment names."""
    if repr(table) != repr(STANDARD_CONSTRAINTS[surface]):
        name = tables.add(f"constraints.{surface}.dat", constraints_text(table))
        tables.environment[f"CONSDAT_{surface.upper()}"] = name


def _transform(transform: TransformSmoothing | None) -> Told:
    if transform is None:
        return
    smooth, fourier = transform.smooth, None if transform.smooth else transform.fourier
    yield "transform.method", "d" if smooth else "f"
    yield "transform.smooth?", yes_no(smooth)
    yield "transform.fourier?", yes_no(fourier)
    yield from _fourier("transform", fourier)
    yield "transform.expansion", transform.expansion
    yield "transform.threshold", transform.threshold
    yield "transform.redefine?", yes_no(transform.redefine)


def _fourier(prefix: str, fourier: FourierSettings | None) -> Told:
    if fourier is None:
        return
    fixed = fourier.fixed_exponent is not None
    yield f"{prefix}.freq", "f" if fixed else "a"
    yield f"{prefix}.factor", fourier.fixed_exponent if fourier.fixed_exponent is not None else fourier.extra_exponent
    yield f"{prefix}.modes", fourier.modes
    yield f"{prefix}.fill", yes_no(fourier.fill)
    yield f"{prefix}.expand", fourier.expand


def _object_fit(settings: DetectionSettings, tables: TableFiles) -> Told:
    fit = settings.object_fit
    if fit is None:
        return
    yield "object_fit.s", fit.smoothing
    yield "object_fit.points", "a" if fit.all_points else "o"
    yield "object_fit.off_grid", int(fit.off_grid)
    if fit.off_grid and fit.constraints is not None:
        constraints(fit.constraints, "smoopy", tables)


def _shape(shape: ShapeSettings | None) -> Told:
    if shape is None:
        return
    yield "shape.orientation", shape.orientation
    yield "shape.min_points", shape.min_points
    yield "shape.centre", int(shape.mean_direction)
    yield "shape.overlap?", yes_no(shape.overlap)
    yield "shape.smooth?", yes_no(shape.fourier)
    yield "shape.fraction", shape.smooth_fraction
    yield from _fourier("shape", shape.fourier)
    yield "area?", yes_no(shape.area)
    if shape.area is not None:
        yield from _area(shape.area)


def _area(area: AreaSettings) -> Told:
    yield "area.fraction", area.fraction
    yield "area.type", area.kind
    yield "area.on_projection", int(area.on_projection)
    yield "area.refine", int(area.refined is not None)
    if area.refined is not None:
        for one in fields(RefinedGrid):
            yield f"area.refine.{one.name}", getattr(area.refined, one.name)


def _time_average(average: TimeAverage | None, earlier: list[TimeAverage | None], tables: TableFiles) -> Told:
    yield "time_average_use?", yes_no(average)
    if average is None:
        return
    yield "tavg.kind", "t" if average.kind == "threshold" else "s"
    yield "tavg.percent", average.percent
    computed = average.computed
    known = any(one is not None and one.computed == computed for one in earlier)
    yield "tavg.use_existing", yes_no(computed is None or known)
    if computed is not None:
        yield "tavg.choice", computed.frames.choice
        yield from tell_weights("tavg", computed.weights, tables).items()
