"""Rows of a tracking run up to linking (specification 01, sections 4.1 to 4.3 and 4.5; 02, section 2)."""

from __future__ import annotations

from ...settings.plan import FrameRange
from ..build_reuse import reuse_settings
from ..build_startup import selection
from ..rows import (
    Answers,
    Condition,
    Row,
    Section,
    always,
    both,
    equals,
    negate,
    no,
    nonzero,
    one_of,
    yes,
)
from ..stream import Value


def kind(a: Answers) -> int:
    """The feature type in force: with re-used objects every type but 0 becomes 4."""
    answered = a.integer("feature_type")
    return 4 if a.reused and answered else answered


def of_kind(*kinds: int) -> Condition:
    """The feature type in force is one of these."""
    return lambda a: kind(a) in kinds


def projected(a: Answers) -> bool:
    """A non-cylindrical projection is active."""
    return a.startup is not None and a.startup.projection is not None and a.startup.projection.group != 0


def interpolated(a: Answers) -> bool:
    """Fields are interpolated to the projection."""
    return projected(a) and not a.startup.projection.already_projected  # type: ignore[union-attr]


def geodesic(a: Answers) -> bool:
    """Distances are geodesic."""
    return a.startup is not None and a.startup.norm == "g"


def _added_surface(a: Answers) -> bool:
    return a.yes("add_field?") and kind(a) > 3


def _added_netcdf(a: Answers) -> bool:
    return a.yes("add_field?") and selection(a).format == 4


def _by_name(a: Answers) -> bool:
    return selection(a).by_name


def _of_several(a: Answers) -> bool:
    """The file of the added field holds several fields."""
    if not _added_netcdf(a):
        return False
    return a.facts.candidate_fields_of(a.text("add_field.file"), selection(a)) > 1


def _entry(name: str, axis: int) -> Section:
    """The entry of the added field on an axis, asked if the input has such an axis, whatever the other file has."""

    def asked(a: Answers) -> bool:
        return _added_netcdf(a) and a.facts.added_axes(selection(a))[axis]

    key, meaning = f"add_field.{name}", f"{name} of the added field"
    return (
        Row(key, "f", f"value of the {meaning}", both(asked, _by_name)),
        Row(key, "d", f"number of the {meaning} (0-based)", both(asked, negate(_by_name))),
    )


def frame_range(a: Answers) -> FrameRange:
    """The frames of the pass, as answered."""
    return FrameRange(start=a.integer("frame.start"), step=a.integer("frame.step"), end=a.integer("frame.end"))


def _frames_allow(value: Value, a: Answers) -> bool:
    frames = a.facts.frames(selection(a))
    return int(value) >= 1 and (frames is None or int(value) <= frames)


def region_sphery(a: Answers) -> bool:
    """The surface of the features is sphery: answered so, and no projection is active."""
    return a.integer("region.spline") != 0 and not projected(a)


def surface(prefix: str, when: Condition, is_sphery: Condition) -> Section:
    """Block S of specification 02: how a surface is fitted, asked at its first use."""
    sphery = both(when, is_sphery)
    return (
        Row(f"{prefix}.spline.s", "lf", "smoothing factor of the surface; 0 interpolates", when),
        Row(f"{prefix}.sphery.poles?", "c", "say how smooth the surface is at the poles", sphery),
        Row(
            f"{prefix}.sphery.continuity",
            "d",
            "1: continuous slope at both poles; other: not",
            both(sphery, yes(f"{prefix}.sphery.poles?")),
        ),
    )


def fourier(prefix: str, when: Condition) -> Section:
    """Block B of specification 02 without its first question: Fourier smoothing of a boundary."""
    return (
        Row(f"{prefix}.freq", "c", "f: fixed number of frequencies; other: added ones", when),
        Row(f"{prefix}.factor", "d", "exponent of two of the number of frequencies (fixed or added)", when),
        Row(f"{prefix}.modes", "d", "number of modes kept", when),
        Row(f"{prefix}.fill", "c", "fill the smoothed boundary", when),
        Row(
            f"{prefix}.expand", "d", "cells by which the object is expanded, 0 to 20", both(when, yes(f"{prefix}.fill"))
        ),
    )


REUSE_START: Section = (
    Row("reuse_objects", "c", "y: use objects of an earlier run"),
    Row(
        "tendency",
        "c",
        "y: track time tendencies",
        equals("reuse_objects", "n"),
    ),
)

REUSE_FILE: Section = (
    Row("reuse.which", "d", "1: objout; 2: objout.new", allowed="1 or 2", usable=one_of(1, 2)),
    Row("reuse.other_file?", "c", "another file than the run's own"),
    Row("reuse.file", "s", "the object file", yes("reuse.other_file?")),
    Row("reuse.read_object_points?", "c", "read object and boundary points too"),
    Row(
        "reuse.correct_grid?",
        "c",
        "y: correct the grid; g: correct the data; other: neither",
        lambda a: a.facts.objects_differ_from_projection(a.run.startup, reuse_settings(a), a.hemisphere),
    ),
    Row("reuse.display", "c", "plot objects (no plots are made)", yes("reuse.read_object_points?")),
    Row("reuse.display.start", "d", "first frame to plot", yes("reuse.display")),
    Row("reuse.display.interval", "d", "step of the frames to plot", yes("reuse.display"), joined=True),
    Row("reuse.display.end", "d", "last frame to plot", yes("reuse.display"), joined=True),
    Row("reuse.recompute?", "c", "n: take the features as they are; other: detect objects again"),
)

BEFORE: Section = (
    Row("scale?", "c", "multiply the field by a factor"),
    Row("scale", "f", "factor of the field", yes("scale?")),
    Row("offset?", "c", "subtract an offset"),
    Row("offset", "f", "offset", yes("offset?")),
    Row("offset.restore?", "c", "add the offset back to reported values", yes("offset?")),
    Row("threshold", "f", "threshold of objects, on the scaled and signed field"),
    Row("proj.spline", "d", "surface for the projection: 0 smoopy, other sphery", interpolated),
    Row("add_field?", "c", "add another field to the features"),
    Row("add_field.objects", "c", "add it to object points too", yes("add_field?")),
    Row("add_field.file", "s", "file of the added field", yes("add_field?")),
    Row("add_field.field", "s", "name of its variable", both(_of_several, _by_name), default=""),
    Row("add_field.field", "d", "number of its variable (0-based)", both(_of_several, negate(_by_name))),
    *_entry("level", 0),
    *_entry("add_value", 1),
    Row("max_or_min", "d", "1: maxima; 0: minima", allowed="0 or 1", usable=one_of(0, 1)),
    Row(
        "minima.restore?",
        "c",
        "report values with their original sign",
        both(equals("max_or_min", 0), no("add_field?")),
    ),
    Row("invert_hemisphere?", "c", "change the sign of one hemisphere", negate(projected)),
    Row("invert.which", "c", "n: northern; s: southern; other: none", yes("invert_hemisphere?")),
    Row("invert.lat", "f", "latitude that divides the hemispheres", yes("invert_hemisphere?")),
    Row(
        "invert.restore?",
        "c",
        "report values with their original sign",
        both(yes("invert_hemisphere?"), no("add_field?")),
    ),
    Row("frame.start", "d", "first frame (1-based)", allowed="1 to the number of frames", usable=_frames_allow),
    Row("frame.step", "d", "step between frames", allowed="1 to the number of frames", usable=_frames_allow),
    Row(
        "frame.end",
        "d",
        "last frame (may lie beyond the data)",
        allowed="not less than frame.start",
        usable=lambda value, a: int(value) >= a.integer("frame.start"),
    ),
    Row("connectivity", "c", "v: vertices and edges connect; other: edges only"),
    Row("boundary_search?", "c", "extend objects beyond the search area", negate(projected)),
    Row("periodic_x?", "c", "continue objects across the seam", yes("boundary_search?")),
    Row("min_object_points", "d", "objects with this many points or fewer are removed"),
    Row(
        "feature_type",
        "d",
        "0 none, 3 grid maxima, 4 grouped maxima, 7 surface fit, 8 object fit, 9 distance transform",
        allowed="0, 3, 4, 7, 8 or 9",
        usable=one_of(0, 3, 4, 7, 8, 9),
    ),
    Row("boundary_determination?", "c", "determine object boundaries", negate(equals("feature_type", 7, 9))),
    Row("boundary.fourier", "d", "1: smooth boundaries by Fourier descriptors", yes("boundary_determination?")),
    *fourier("boundary", equals("boundary.fourier", 1)),
    Row("shape_attributes?", "c", "anisotropy, orientation and area", nonzero("feature_type")),
    Row(
        "region.spline",
        "d",
        "surface for the features: 0 smoopy, other sphery (smoopy on any projection)",
        lambda a: kind(a) == 7 or _added_surface(a),
    ),
    Row("object_smooth?", "c", "smooth objects first", of_kind(8)),
    Row("filter_unphysical?", "c", "keep only values within bounds", nonzero("feature_type")),
    Row("unphysical.lo", "f", "lowest value kept", yes("filter_unphysical?")),
    Row("unphysical.hi", "f", "highest value kept", yes("filter_unphysical?"), joined=True),
    Row("keep_largest_only?", "c", "one feature per object", nonzero("feature_type")),
    Row(
        "filter_too_close?",
        "c",
        "remove features close to stronger ones",
        both(nonzero("feature_type"), no("keep_largest_only?")),
    ),
    Row("too_close.radius", "f", "radius, degrees or grid units", yes("filter_too_close?")),
    Row("time_average_use?", "c", "subtract, or use as threshold, a time average"),
)

TIME_AVERAGE_KIND: Section = (Row("tavg.kind", "c", "s: subtract; t: threshold", yes("time_average_use?")),)
TIME_AVERAGE: Section = (
    Row("tavg.percent", "f", "percentage of the average", equals("tavg.kind", "t")),
    Row(
        "tavg.use_existing",
        "c",
        "use the existing average",
        both(yes("time_average_use?"), lambda a: a.facts.time_average_exists()),
    ),
)


def _is_yes_for_8(a: Answers) -> bool:
    return kind(a) == 8 and a.yes("object_smooth?")


def _transform_fourier(a: Answers) -> bool:
    return a.char("transform.method") == "f" or a.yes("transform.fourier?")


def _transform_smooths(a: Answers) -> bool:
    if kind(a) == 9:
        return a.yes("transform.smooth?")
    return "transform.method" in a.given and a.char("transform.method") != "f"


_MOST_EXPANSION = 1000
_TRANSFORM: Section = (
    Row("transform.method", "c", "f: Fourier descriptors; other: distance transform", _is_yes_for_8),
    Row("transform.smooth?", "c", "smooth objects by the distance transform", of_kind(9)),
    Row(
        "transform.fourier?",
        "c",
        "smooth them by Fourier descriptors",
        both(of_kind(9), equals("transform.smooth?", "n")),
    ),
    *fourier("transform", _transform_fourier),
    Row(
        "transform.expansion",
        "d",
        "cells of expansion",
        _transform_smooths,
        f"up to {_MOST_EXPANSION}",
        lambda value, _: int(value) <= _MOST_EXPANSION,
    ),
    Row(
        "transform.threshold",
        "d",
        "threshold of the transform",
        both(_transform_smooths, lambda a: a.integer("transform.expansion") > 0),
    ),
    Row("transform.redefine?", "c", "redefine objects by the transform", lambda a: kind(a) == 9 or _is_yes_for_8(a)),
)

_SHAPE: Condition = both(yes("shape_attributes?"), geodesic)


def _projects_average(a: Answers) -> bool:
    """A time average is projected to serve as threshold, which is the first use of the projection's surface."""
    return interpolated(a) and a.yes("time_average_use?") and a.char("tavg.kind") == "t"


FIRST_FRAME: Section = (
    *surface("proj", _projects_average, nonzero("proj.spline")),
    Row("missing.time_step", "d", "hours between frames", lambda a: a.facts.records_carry_time(selection(a))),
    *surface("proj", both(interpolated, negate(_projects_average)), nonzero("proj.spline")),
    Row("exclude_boundary_maxima", "d", "1: drop maxima at the edge of objects", of_kind(3, 4, 7)),
    *surface("region", of_kind(7), region_sphery),
    Row("constrained?", "c", "constrained optimisation", of_kind(7)),
    Row(
        "constraints",
        "c",
        "d: limits of the surface; o: extent of the object; other: as in the file",
        yes("constrained?"),
    ),
    *_TRANSFORM,
    Row("object_fit.s", "lf", "smoothing factor of the fit to an object", of_kind(8)),
    Row("object_fit.points", "c", "a: all points of the window; o: the object's", of_kind(8)),
    Row("object_fit.off_grid", "d", "1: optimise off the grid", of_kind(8)),
    Row("exclude_boundary_maxima", "d", "1: drop maxima at the edge of objects", of_kind(8)),
    Row("object_fit.check", "c", "check of the data", of_kind(8)),
    Row("shape.orientation", "c", "n: as they come; z: zonal; m: meridional", _SHAPE),
    Row("shape.min_points", "d", "regions with fewer points count as round (below 1: 1)", _SHAPE),
    Row("shape.centre", "d", "0: feature point; 1: mean direction", _SHAPE),
    Row("shape.overlap?", "c", "regions may overlap (first frame only)", _SHAPE),
    Row("shape.smooth?", "c", "smooth regions first", _SHAPE),
    Row("shape.fraction", "f", "fraction of the strength that bounds the smoothed region", yes("shape.smooth?")),
    *fourier("shape", yes("shape.smooth?")),
    Row("shape.plot?", "c", "plot regions (no plots are made)", _SHAPE),
    Row("area?", "c", "compute areas", _SHAPE),
    Row("area.fraction", "f", "fraction of the strength that bounds the area", yes("area?")),
    Row(
        "area.type",
        "d",
        "0: area; 1: times intensity; 2: integrated field",
        yes("area?"),
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row(
        "area.on_projection",
        "d",
        "1: area on the projection",
        both(yes("area?"), projected, lambda a: a.startup.projection.kind != 0),  # type: ignore[union-attr]
        "0 or 1",
        one_of(0, 1),
    ),
)


def _grid_size(value: Value, _: Answers) -> bool:
    return 2 <= int(value) <= _MOST_LINES


_MOST_LINES = 10_000
_REFINED = equals("area.refine", 1)
AREA_GRID: Section = (
    Row("area.refine", "d", "grid of areas: 0 the current one; 1 a refined one", always, "0 or 1", one_of(0, 1)),
    Row("area.refine.x1", "f", "first longitude of the refined grid", _REFINED),
    Row("area.refine.x2", "f", "last longitude", _REFINED, joined=True),
    Row("area.refine.y1", "f", "first latitude", _REFINED, joined=True),
    Row("area.refine.y2", "f", "last latitude", _REFINED, joined=True),
    Row("area.refine.nx", "d", "columns of the refined grid", _REFINED, "2 to 10000", _grid_size),
    Row("area.refine.ny", "d", "rows of the refined grid", _REFINED, "2 to 10000", _grid_size, joined=True),
)


def _plot_style(when: Condition) -> Row:
    """Asked with the first plot, if objects have boundaries."""
    return Row("plot.style", "d", "style of object plots, 0 to 2", both(_has_boundaries, when))


def _has_boundaries(a: Answers) -> bool:
    return a.yes("boundary_determination?") or _transform_fourier(a)


ADDED_SURFACE: Section = surface("add_field", lambda a: _added_surface(a) and kind(a) != 7, region_sphery)
"""Asked when the added field is fitted first, at the end of the first frame, whether that holds features or not."""

AFTER_FIRST_FRAME: Section = (
    Row("write_objects?", "c", "write object and boundary points"),
    Row(
        "missing.delay_objects?",
        "c",
        "y: write the objects at the end, when missing frames are known",
        lambda a: a.facts.records_carry_time(selection(a), frame_range(a)),
    ),
    Row("plot_first?", "c", "plot the first frame (no plots are made)"),
    _plot_style(yes("plot_first?")),
    Row("plot_multiple", "d", "plot every so many frames (no plots are made)"),
)

LATE_PLOT: Section = (
    _plot_style(
        both(
            negate(yes("plot_first?")),
            lambda a: 0 < a.integer("plot_multiple") < a.facts.processed_frames(a.run),
        )
    ),
)
"""Asked when a later frame is the first to be plotted."""

AFTER_FRAMES: Section = (
    Row("rotated_pole?", "c", "turn positions back from a rotated grid", geodesic),
    Row("pole.lng", "f", "longitude of the rotated pole", yes("rotated_pole?")),
    Row("pole.lat", "f", "latitude of the rotated pole", yes("rotated_pole?"), joined=True),
    Row("pole.translated?", "c", "the grid was translated", yes("rotated_pole?")),
    Row("pole.shift", "f", "translation", yes("pole.translated?")),
)
