"""Rows of the analysis menu: splice, filters, spectral filter, convert, extract (specification 01, section 5)."""

from __future__ import annotations

from ..build_startup import selection
from ..rows import Answers, Row, Section, at_least, both, equals, negate, nonzero, one_of, yes

MENU: Section = (
    Row(
        "menu",
        "d",
        "0 end, 1 combine and filter tracks, 2 existing results, 4 spectral filter, 7 convert, 8 extract, others",
        allowed="0 to 14",
        usable=one_of(*range(15)),
        default=None,
    ),
)
ACTION: Section = (
    Row(
        "analysis_action",
        "d",
        "0 end, 1 additional fields, 2 statistics, 3 combine statistics; other: the menu again",
        default=None,
    ),
)
FRAMES: Section = (
    Row("fs", "d", "first frame (1-based)", allowed="1 or more", usable=at_least(1)),
    Row("fr", "d", "step between frames", allowed="1 or more", usable=at_least(1), joined=True),
    Row("fe", "d", "last frame (may lie beyond the data)", joined=True),
)

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
SPLICE: Section = SPLICE_START + TIME_PERIOD + SPLICE_SET + MERGE

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
FILTERS: Section = LIFE + TRACK_FILTERS + SPLICE_END

_DERIVED = yes("spec.derived?")
_MOST_BANDS = 1000
"""Each band is a file of its own."""
_NEW_GRID = yes("spec.new_grid?")
SPECTRAL_START: Section = (
    Row(
        "spec.method",
        "d",
        "0 least squares, 1 fast transform, 2 limited-area cosine",
        allowed="0, 1 or 2",
        usable=one_of(0, 1, 2),
    ),
)
SPECTRAL: Section = (
    Row("spec.derived?", "c", "compute derived fields"),
    Row("spec.is_divergence", "d", "0: the input is vorticity; 1: divergence", _DERIVED, "0 or 1", one_of(0, 1)),
    Row("spec.derived_kind", "d", "0: winds; 1: stream function or potential", _DERIVED, "0 or 1", one_of(0, 1)),
    Row("spec.truncation", "d", "triangular truncation", allowed="0 or more", usable=at_least(0)),
    Row("spec.new_grid?", "c", "write on another grid"),
    Row("spec.grid_kind", "d", "0: grid of a file; 1: Gaussian", _NEW_GRID, "0 or 1", one_of(0, 1)),
    Row("spec.grid_file", "s", "file of the grid", equals("spec.grid_kind", 0)),
    Row(
        "spec.grid_truncation",
        "d",
        "truncation of the Gaussian grid",
        equals("spec.grid_kind", 1),
        "1 or more",
        at_least(1),
    ),
    Row(
        "spec.nbands",
        "d",
        "number of bands",
        allowed="1 to 1000",
        usable=lambda value, _: 1 <= int(value) <= _MOST_BANDS,
    ),
    Row("spec.hoskins?", "c", "taper high wavenumbers"),
    Row(
        "spec.hoskins_cutoff",
        "f",
        "taper at the truncation",
        yes("spec.hoskins?"),
        "more than 0, with a truncation of 1 or more",
        lambda value, a: 0.0 < float(value) < float("inf") and a.integer("spec.truncation") > 0,
    ),
)
SPECTRAL_END: Section = (
    Row("spec.restrict?", "c", "replace large values"),
    Row("spec.restrict.max", "f", "upper bound", yes("spec.restrict?")),
    Row("spec.restrict.value", "f", "value put in their place", yes("spec.restrict?")),
)

_TRANSFORM = yes("extract.transform?")


def _missing_asked(a: Answers) -> bool:
    """Only NetCDF files say whether a field has missing values."""
    return _TRANSFORM(a) and a.startup is not None and a.startup.selection.format != 4


def _with_missing(a: Answers) -> bool:
    if _missing_asked(a):
        return a.yes("extract.missing?")
    return _TRANSFORM(a) and a.facts.field_has_missing_value(selection(a))


EXTRACT_START: Section = (
    Row("extract.choice", "c", "s: as given; i: start and step as given, to the end; other: all frames"),
    Row("extract.holes", "d", "filling of holes: 0 none, 1 to 4 in several ways"),
)
EXTRACT: Section = (
    Row("extract.transform?", "c", "transform the values"),
    Row("extract.transform", "d", "kind of transform, 1 to 14", _TRANSFORM),
    Row(
        "extract.constant",
        "f",
        "constant of the transform",
        lambda a: _TRANSFORM(a) and 1 <= a.integer("extract.transform") <= 7,
    ),
    Row("extract.missing?", "c", "the field has missing values", _missing_asked),
    Row("extract.missing", "f", "missing value to test against", _with_missing),
    Row("extract.missing_test", "d", "0 equal, 1 less than, 2 greater than", _with_missing),
    Row("extract.convert?", "c", "convert the result to TRACK binary"),
)
