"""Menu 1: combining and filtering tracks.

References
----------
Specification 01, sections 5.1, 11.5.3 and 13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ...errors import NotSupportedError
from ...settings.earth import TRACK_RADIUS_KM
from ...settings.splice import (
    MergeSettings,
    SpeedFilter,
    SpliceRequest,
    SpliceSet,
    SpliceSettings,
    StrengthFilter,
    TimePeriod,
    TimesToFrames,
    TrackFilters,
)
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, at_least, both, equals, negate, nonzero, one_of, yes, yes_no
from ..stream import Value

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_EXISTING = yes("splice.use_existing?")
_COMBINED = negate(_EXISTING)

SPLICE_START: Section = (
    Row("splice.use_existing?", "c", "y: filter tracks that are combined already"),
    Row("splice.other_file?", "c", "another file than the run's own", _EXISTING),
    Row("splice.file", "s", "the file of combined tracks", yes("splice.other_file?")),
    Row("splice.file_type", "c", "v: velocity file; other: scalar", yes("splice.other_file?")),
    Row(
        "time.to_frames?",
        "c",
        "turn times into frames",
        lambda a: _EXISTING(a) and a.facts.tracks_have_times(existing_file(a)),
    ),
    Row("time.step", "ld", "hours between frames", yes("time.to_frames?")),
    Row("time.source", "c", "f: periods from a file; other: asked", yes("time.to_frames?")),
    Row("time.file", "s", "file of the periods", equals("time.source", "f")),
    Row("time.nperiods", "d", "number of periods", both(yes("time.to_frames?"), negate(equals("time.source", "f")))),
    Row("splice.mode", "d", "0 addition, 1 matching", _COMBINED, "0 or 1", one_of(0, 1)),
    Row("splice.nsets", "d", "number of sets (chunks)", _COMBINED, "0 or more", at_least(0)),
)


def existing_file(a: Answers) -> str | None:
    """Name of the file of combined tracks, None for the run's own."""
    return a.text("splice.file") if a.yes("splice.other_file?") else None


TIME_PERIOD: Section = (
    Row("time.period.start", "ld", "start of the period, YYYYMMDDHH"),
    Row("time.period.end", "ld", "end of the period", joined=True),
    Row("time.period.offset", "d", "frames before the period", joined=True),
)
SPLICE_SET: Section = (
    Row("splice.objout_file", "s", "object file of the set (objout.new)"),
    Row("splice.tdump_file", "s", "track file of the set"),
    Row("splice.first_frame", "d", "first frame to use (1-based)", allowed="1 or more", usable=at_least(1)),
)
MERGE: Section = (
    Row("splice.merge?", "c", "merge split tracks", _COMBINED),
    Row("merge.end_points?", "c", "merge at end points", yes("splice.merge?")),
    Row("merge.radius", "f", "radius within which ends are merged, degrees", yes("merge.end_points?")),
    Row("merge.average", "d", "1: average the positions", yes("merge.end_points?")),
)

LIFE: Section = (
    Row("splice.min_points", "d", "fewest points, missing frames counted"),
    Row("splice.max_points", "d", "most points", joined=True),
)


def _field_asked(a: Answers) -> bool:
    return a.yes("splice.filter_strength?") and a.scalar and a.additional_fields > 0


_DISTANCE = yes("splice.filter_distance?")
_STRENGTH = yes("splice.filter_strength?")
_PROPAGATION = yes("splice.filter_propagation?")
_SPEED = yes("prop.speed?")
_SELECTED = equals("splice.all_or_selected", "s")

TRACK_FILTERS: Section = (
    Row("splice.filter_distance?", "c", "filter by distance travelled"),
    Row("distance", "f", "least distance, degrees or grid units", _DISTANCE),
    Row("distance.kind", "c", "s: end to end; t: along the track; other: no filter", _DISTANCE),
    Row("splice.filter_strength?", "c", "filter by strength"),
    Row("strength.field", "d", "0: intensity; k: additional field k; outside: 0", _field_asked),
    Row(
        "strength.growth",
        "d",
        "0 value, 1 tendency, 2 growth rate",
        _STRENGTH,
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row(
        "strength.growth_step",
        "d",
        "time step of the growth rate",
        lambda a: a.scalar and a.integer("strength.growth") == 2,
    ),
    Row("strength.kind", "d", "0: any value; 1: the minimum; 2: the maximum must lie within", _STRENGTH),
    Row("strength.lo", "f", "lower bound", _STRENGTH),
    Row("strength.hi", "f", "upper bound", _STRENGTH, joined=True),
    Row("strength.check_missing?", "c", "leave out missing values", _STRENGTH),
    Row("strength.lifecycle?", "c", "say when the extremum may occur", both(_STRENGTH, nonzero("strength.kind"))),
    Row("strength.lneg", "d", "frames before the extremum", yes("strength.lifecycle?")),
    Row("strength.lpos", "d", "frames after it", yes("strength.lifecycle?"), joined=True),
    Row("splice.filter_propagation?", "c", "filter by direction or speed"),
    Row("prop.direction?", "c", "filter by direction", _PROPAGATION),
    Row("direction.a1", "f", "smallest angle, degrees", yes("prop.direction?")),
    Row("direction.a2", "f", "largest angle", yes("prop.direction?"), joined=True),
    Row("prop.speed?", "c", "filter by speed", _PROPAGATION),
    Row("speed.time_step", "f", "time step between frames", _SPEED),
    Row("speed.scale?", "c", "scale distances", _SPEED),
    Row("speed.scale_kind", "d", "1: radius of the Earth in km; 0: a value; other: none", yes("speed.scale?")),
    Row("speed.scale", "f", "factor of distances", equals("speed.scale_kind", 0)),
    Row("speed.kind", "d", "0: any; 1: the lowest; 2: the highest speed must lie within", _SPEED),
    Row("speed.lo", "f", "lower bound", _SPEED),
    Row("speed.hi", "f", "upper bound", _SPEED, joined=True),
    Row("speed.region?", "c", "only in a region", _SPEED),
    Row("speed.region.x1", "f", "west", yes("speed.region?")),
    Row("speed.region.x2", "f", "east", yes("speed.region?"), joined=True),
    Row("speed.region.y1", "f", "south", yes("speed.region?"), joined=True),
    Row("speed.region.y2", "f", "north", yes("speed.region?"), joined=True),
    Row("splice.frame_range?", "c", "only tracks of a range of frames"),
    Row("range.f1", "d", "first frame", yes("splice.frame_range?")),
    Row(
        "range.f2",
        "d",
        "last frame",
        yes("splice.frame_range?"),
        "more than range.f1",
        lambda value, a: int(value) > a.integer("range.f1"),
        joined=True,
    ),
    Row("splice.all_or_selected", "c", "s: one track; other: all"),
    Row("select.by", "d", "0: position in the list; 1: id", _SELECTED, "0 or 1", one_of(0, 1)),
    Row("select.id", "d", "position or id of the track", _SELECTED),
    Row("splice.grid_positions?", "c", "write the nearest grid points"),
)
SPLICE_END: Section = (
    Row("splice.plot?", "c", "plot the tracks; y is refused, no plots are made"),
    Row("splice.again?", "c", "y: another set of tracks; refused", negate(yes("splice.plot?"))),
)


def ask(asker: Asker, tables: Tables) -> SpliceRequest:
    """Ask for the sets, or the existing file, and the filters."""
    asker.check_norm()
    a = asker.section(SPLICE_START)
    existing = a.yes("splice.use_existing?")
    path = existing_file(a) if existing else None
    periods = _periods(asker, tables) if existing else ()
    sets = () if existing else tuple(_set(asker) for _ in range(a.integer("splice.nsets")))
    a.scalar = a.char("splice.file_type") != "v"
    a.additional_fields = (
        a.facts.additional_fields_of_tracks(path) if existing else a.facts.additional_fields_of_sets(sets)
    )
    asker.section(MERGE)
    asker.section_until(LIFE, lambda a: a.integer("splice.min_points") >= 0 and a.integer("splice.max_points") >= 0)
    asker.section(TRACK_FILTERS)
    settings = splice_settings(a, sets, periods)
    if _is_plate_carree(a, sets, path):
        asker.section(SPLICE_END)
        if a.yes("splice.plot?"):
            raise NotSupportedError("splice.plot?: plotting tracks (specification 01, section 5.1); answer n")
        if a.yes("splice.again?"):
            raise NotSupportedError("splice.again?: another set of tracks (specification 01, section 5.1); answer n")
    return SpliceRequest(settings=settings)


def _periods(asker: Asker, tables: Tables) -> tuple[TimePeriod, ...]:
    """Stretches of frames: from a file, or asked one by one."""
    a = asker.answers
    if a.yes("time.to_frames?") and a.char("time.source") == "f":
        return tables.periods(a.text("time.file"))
    return tuple(_period(asker) for _ in range(a.integer("time.nperiods")))


def _period(asker: Asker) -> TimePeriod:
    a = asker.section(TIME_PERIOD)
    return TimePeriod(
        start=a.integer("time.period.start"),
        end=a.integer("time.period.end"),
        offset=a.integer("time.period.offset"),
    )


def _set(asker: Asker) -> SpliceSet:
    a = asker.section(SPLICE_SET)
    object_file, first = a.text("splice.objout_file"), a.integer("splice.first_frame")
    frames = a.facts.frames_of_set(object_file)
    if frames is not None and first > frames:
        raise asker.error(
            "splice.first_frame",
            f"'{object_file}' has only {frames} frames (the original would repeat a message for ever)",
            allowed=f"1 to {frames}",
        )
    return SpliceSet(object_file=object_file, track_file=a.text("splice.tdump_file"), first_frame=first)


def _is_plate_carree(a: Answers, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
    """Whether the grid is latitude-longitude, of itself or once corrected to geographical track files."""
    projection = None if a.startup is None else a.startup.projection
    if projection is None or (projection.group == 0 and projection.kind == 0):
        return True
    return a.facts.tracks_are_geographic(sets, path)


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
    scales = {0: a.real("speed.scale"), 1: TRACK_RADIUS_KM}
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


def tell(request: SpliceRequest, tables: TableFiles) -> list[Scene]:
    """What a splice answers: its beginning, periods, sets, and filters."""
    settings = request.settings
    to_frames, existing = settings.to_frames, settings.existing_file
    periods = () if to_frames is None else to_frames.periods
    start: Scene = {
        "splice.use_existing?": yes_no(existing),
        "splice.other_file?": yes_no(bool(existing)),
        "splice.file": existing or "",
        "splice.file_type": settings.existing_kind,
        "time.to_frames?": yes_no(to_frames),
        "time.step": 0 if to_frames is None else to_frames.step,
        "time.source": "a",
        "time.nperiods": len(periods),
        "splice.mode": int(settings.matching),
        "splice.nsets": len(settings.sets),
    }
    stretches = [{f"time.period.{key}": getattr(one, key) for key in ("start", "end", "offset")} for one in periods]
    return [start, *stretches, *map(_tell_set, settings.sets), _tell_filters(settings)]


def _tell_set(one: SpliceSet) -> Scene:
    return {
        "splice.objout_file": one.object_file,
        "splice.tdump_file": one.track_file,
        "splice.first_frame": one.first_frame,
    }


def _tell_filters(settings: SpliceSettings) -> Scene:
    filters, merge = settings.filters, settings.merge or MergeSettings(end_points=False)
    selected = filters.select_id if filters.select_number is None else filters.select_number
    first, last = filters.frame_range or (0, 0)
    return {
        "splice.merge?": yes_no(settings.merge),
        "merge.end_points?": yes_no(merge.end_points),
        "merge.radius": merge.radius,
        "merge.average": int(merge.average),
        "splice.min_points": filters.min_points,
        "splice.max_points": filters.max_points,
        "splice.filter_distance?": yes_no(filters.distance),
        "distance": filters.distance or 0.0,
        "distance.kind": filters.distance_kind,
        "splice.filter_strength?": yes_no(filters.strength),
        **({} if filters.strength is None else _tell_strength(filters.strength)),
        "splice.filter_propagation?": yes_no(filters.direction is not None or filters.speed is not None),
        **_tell_propagation(filters),
        "splice.frame_range?": yes_no(filters.frame_range),
        "range.f1": first,
        "range.f2": last,
        "splice.all_or_selected": "a" if selected is None else "s",
        "select.by": int(filters.select_number is None),
        "select.id": selected or 0,
        "splice.grid_positions?": yes_no(settings.grid_positions),
    }


def _tell_strength(strength: StrengthFilter) -> Scene:
    before, after = strength.lifecycle or (0, 0)
    return {
        "strength.field": strength.field,
        "strength.growth": strength.growth,
        "strength.growth_step": strength.growth_step,
        "strength.kind": strength.kind,
        "strength.lo": strength.low,
        "strength.hi": strength.high,
        "strength.check_missing?": yes_no(strength.check_missing),
        "strength.lifecycle?": yes_no(strength.lifecycle),
        "strength.lneg": before,
        "strength.lpos": after,
    }


def _tell_propagation(filters: TrackFilters) -> Scene:
    smallest, largest = filters.direction or (0.0, 0.0)
    told: dict[str, Value] = {
        "prop.direction?": yes_no(filters.direction),
        "direction.a1": smallest,
        "direction.a2": largest,
        "prop.speed?": yes_no(filters.speed),
    }
    return told if filters.speed is None else {**told, **_tell_speed(filters.speed)}


def _tell_speed(speed: SpeedFilter) -> Scene:
    edges = (f"speed.region.{edge}" for edge in ("x1", "x2", "y1", "y2"))
    return {
        "speed.time_step": speed.time_step,
        "speed.scale?": yes_no(speed.scale != 1.0),
        "speed.scale_kind": int(speed.scale == TRACK_RADIUS_KM),
        "speed.scale": speed.scale,
        "speed.kind": speed.kind,
        "speed.lo": speed.low,
        "speed.hi": speed.high,
        "speed.region?": yes_no(speed.region),
        **dict(zip(edges, speed.region or (), strict=False)),
    }
