"""From the answers of the analysis menu to settings."""

from __future__ import annotations

from typing import Literal, cast

from ..settings.extract import ExtractSettings, FieldTransform
from ..settings.spectral import MenuFrames, SpectralSettings
from ..settings.splice import (
    MergeSettings,
    SpeedFilter,
    SpliceSet,
    SpliceSettings,
    StrengthFilter,
    TimePeriod,
    TimesToFrames,
    TrackFilters,
)
from .dialogue.analysis import existing_file
from .rows import Answers

EARTH_RADIUS_KM = 6370.0
_TRANSFORMS_WITH_CONSTANT = range(1, 8)


def menu_frames(a: Answers) -> MenuFrames:
    """First, step and last frame of a menu function."""
    return MenuFrames(first=a.integer("fs"), step=a.integer("fr"), last=a.integer("fe"))


def splice_settings(a: Answers, sets: tuple[SpliceSet, ...], periods: tuple[TimePeriod, ...]) -> SpliceSettings:
    """A splice with its filters."""
    existing = a.yes("splice.use_existing?")
    to_frames = None
    if a.yes("time.to_frames?"):
        to_frames = TimesToFrames(step=a.integer("time.step"), periods=periods)
    return SpliceSettings(
        filters=track_filters(a),
        sets=sets,
        matching=a.integer("splice.mode") == 1,
        existing_file=(existing_file(a) or "") if existing else None,
        existing_kind="v" if a.char("splice.file_type") == "v" else "s",
        merge=_merge(a),
        grid_positions=a.yes("splice.grid_positions?"),
        to_frames=to_frames,
    )


def _merge(a: Answers) -> MergeSettings | None:
    if not a.yes("splice.merge?"):
        return None
    return MergeSettings(
        end_points=a.yes("merge.end_points?"),
        radius=a.real("merge.radius"),
        average=a.integer("merge.average") == 1,
    )


def track_filters(a: Answers) -> TrackFilters:
    """The filters on combined tracks, in the order of their application."""
    selected = a.char("splice.all_or_selected") == "s"
    number = selected and a.integer("select.by") == 0
    frame_range = (a.integer("range.f1"), a.integer("range.f2")) if a.yes("splice.frame_range?") else None
    direction = (a.real("direction.a1"), a.real("direction.a2")) if a.yes("prop.direction?") else None
    return TrackFilters(
        min_points=a.integer("splice.min_points"),
        max_points=a.integer("splice.max_points"),
        distance=a.real("distance") if a.yes("splice.filter_distance?") else None,
        distance_kind=a.char("distance.kind", "s"),
        strength=_strength(a) if a.yes("splice.filter_strength?") else None,
        direction=direction,
        speed=_speed(a) if a.yes("prop.speed?") else None,
        frame_range=frame_range,
        select_number=a.integer("select.id") if number else None,
        select_id=a.integer("select.id") if selected and not number else None,
    )


def _strength(a: Answers) -> StrengthFilter:
    field = a.integer("strength.field")
    lifecycle = (a.integer("strength.lneg"), a.integer("strength.lpos")) if a.yes("strength.lifecycle?") else None
    return StrengthFilter(
        field=field if 0 <= field <= a.additional_fields else 0,
        growth=cast(Literal[0, 1, 2], a.integer("strength.growth")),
        growth_step=a.integer("strength.growth_step", 1),
        kind=a.integer("strength.kind"),
        low=a.real("strength.lo"),
        high=a.real("strength.hi"),
        check_missing=a.yes("strength.check_missing?"),
        lifecycle=lifecycle,
    )


def _speed(a: Answers) -> SpeedFilter:
    scales = {0: a.real("speed.scale"), 1: EARTH_RADIUS_KM}
    scale = scales.get(a.integer("speed.scale_kind"), 1.0) if a.yes("speed.scale?") else 1.0
    region = None
    if a.yes("speed.region?"):
        x1, x2, y1, y2 = (a.real(f"speed.region.{edge}") for edge in ("x1", "x2", "y1", "y2"))
        region = (x1, x2, y1, y2)
    return SpeedFilter(
        time_step=a.real("speed.time_step"),
        scale=scale,
        kind=a.integer("speed.kind"),
        low=a.real("speed.lo"),
        high=a.real("speed.hi"),
        region=region,
    )


def spectral_settings(a: Answers, boundaries: tuple[int, ...]) -> SpectralSettings:
    """The fast spectral filter."""
    new_grid: Literal["same", "gaussian", "file"] = "same"
    if a.yes("spec.new_grid?"):
        new_grid = "gaussian" if a.integer("spec.grid_kind") == 1 else "file"
    derived: Literal["none", "winds", "potential"] = "none"
    if a.yes("spec.derived?"):
        derived = "potential" if a.integer("spec.derived_kind") == 1 else "winds"
    restrict = (a.real("spec.restrict.max"), a.real("spec.restrict.value")) if a.yes("spec.restrict?") else None
    return SpectralSettings(
        truncation=a.integer("spec.truncation"),
        boundaries=boundaries,
        hoskins_cutoff=a.real("spec.hoskins_cutoff") if a.yes("spec.hoskins?") else None,
        new_grid=new_grid,
        grid_truncation=a.integer("spec.grid_truncation"),
        grid_file=a.text("spec.grid_file") if new_grid == "file" else None,
        restrict=restrict,
        derived=derived,
        input_is_divergence=a.integer("spec.is_divergence") == 1,
    )


def extract_settings(a: Answers) -> ExtractSettings:
    """An extraction."""
    transform = None
    if a.yes("extract.transform?"):
        kind = a.integer("extract.transform")
        constant = a.real("extract.constant") if kind in _TRANSFORMS_WITH_CONSTANT else None
        missing = None
        if "extract.missing" in a.given:
            missing = (a.real("extract.missing"), a.integer("extract.missing_test"))
        transform = FieldTransform(kind=kind, constant=constant, missing=missing)
    answered = a.char("extract.choice")
    return ExtractSettings(
        frames=menu_frames(a),
        choice=cast(Literal["s", "i"], answered) if answered in ("s", "i") else "a",
        transform=transform,
        convert=a.yes("extract.convert?"),
    )
