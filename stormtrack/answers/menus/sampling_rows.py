"""Prompts of additional fields.

References
----------
Specification 06, section 2.1.
"""

from __future__ import annotations

from ..rows import Answers, Condition, Row, Section, at_least, both, equals, negate, nonzero, one_of, yes
from ..surface_rows import surface
from .fields import choice_rows, file_row

POINTS, AREAS, REGION, PLACES = range(4)
SPLINE, NEAREST, BILINEAR, BICUBIC = range(4)


def _kind(*kinds: int) -> Condition:
    return equals("add.diagnostic", *kinds)


def _has_fields(a: Answers) -> bool:
    return a.additional_fields > 0


def _limited(a: Answers) -> bool:
    return a.integer("add.area_count") != 1


_REGION, _AREA = _kind(REGION), _kind(AREAS)
_CAP = both(_REGION, equals("add.region", 0))
_BOX = both(_REGION, negate(equals("add.region", 0)))
_CHOSEN = nonzero("add.centre")

OPENING: Section = (
    Row("add.nfields", "d", "number of fields", allowed="1 or more", usable=at_least(1)),
    Row("add.orography_mask?", "c", "mask fields where orography is above a pressure level; refused"),
    Row(
        "add.diagnostic",
        "d",
        "0 values and extrema, 1 means of areas, 2 samples of regions, 3 values at fixed places",
        allowed="0 to 3",
        usable=one_of(0, 1, 2, 3),
    ),
    Row("add.area", "d", "0 mean, 1 standard deviation, 2 both", _AREA, "0, 1 or 2", one_of(0, 1, 2)),
    Row(
        "add.area_count",
        "d",
        "1: only the area where it reaches a threshold",
        both(_AREA, equals("add.area", 0)),
    ),
    Row("add.count_threshold", "f", "the threshold", both(_AREA, equals("add.area_count", 1))),
    Row(
        "add.threshold_kind",
        "d",
        "0 no threshold, 1 a value, 2 a part of the track point's intensity",
        both(_AREA, _limited),
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row("add.threshold", "f", "threshold, or part", both(_AREA, _limited, nonzero("add.threshold_kind"))),
    Row("add.area_output", "d", "1: add the area too", both(_AREA, _limited)),
    Row("add.direction?", "c", "turn regions into the direction of motion", _REGION),
    Row("add.direction_source", "d", "0: of the track; 1: of an additional position", yes("add.direction?")),
    Row("add.direction_field", "d", "its field", both(yes("add.direction?"), nonzero("add.direction_source"))),
    Row(
        "add.direction_points",
        "d",
        "segments over which the direction is averaged",
        yes("add.direction?"),
        "0 or more",
        at_least(0),
    ),
    Row("add.places", "s", "file of places: their number, then longitude and latitude of each", _kind(PLACES)),
    Row("add.distances?", "c", "add the distances from the track point", _kind(PLACES)),
    Row("add.centre", "d", "1: sample at the positions of additional fields", both(_kind(0, 1, 2), _has_fields)),
    Row(
        "add.missing_centre",
        "d",
        "where such a position is missing: 0 the track point, 1 that of a field before it, 2 no value",
        both(_kind(0, 1, 2), _has_fields, _CHOSEN),
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row("add.project", "d", "1: project on the direction", both(_REGION, _has_fields, _CHOSEN)),
    Row("add.offset_point?", "c", "sample beside the point", _kind(POINTS, AREAS)),
    Row("add.offset_angle", "lf", "clockwise from north, degrees", yes("add.offset_point?")),
    Row("add.offset_distance", "lf", "degrees", yes("add.offset_point?")),
    Row("add.remove_average", "d", "1: subtract the mean of the surroundings", _kind(POINTS, AREAS)),
    Row("add.region", "d", "0 radial, 1 on longitudes and latitudes", _REGION, "0 or 1", one_of(0, 1)),
    Row("add.cap_radius", "f", "radius, degrees", _CAP),
    Row("add.cap_radii", "d", "number of radii", _CAP, "1 or more", at_least(1)),
    Row("add.cap_azimuths", "d", "number of azimuths", _CAP, "1 or more", at_least(1)),
    Row("add.box_spacing", "f", "degrees between points", _BOX),
    Row("add.box_points", "d", "points each way (made odd)", _BOX, "1 or more", at_least(1)),
    Row("add.choose_frames", "d", "0: choose frames; 1: from the first to the last frame of the tracks"),
)


def prefix(number: int) -> str:
    """Prefix of the prompts of a field (from 0)."""
    return f"add{number + 1}"


def field_rows(number: int) -> Section:
    """What is asked of one field."""
    p = prefix(number)
    chosen = equals("add.choose_frames", 0)
    return (
        file_row(p, "file of the field, in the format of the input"),
        *choice_rows(p),
        Row(f"{p}.fs", "d", "first frame (1-based)", chosen, "1 or more", at_least(1)),
        Row(f"{p}.fr", "d", "step between frames; below 1: the first frame serves all", chosen),
        Row(f"{p}.fe", "d", "last frame", chosen),
        Row(f"{p}.scale", "f", "factor of the field; negative: with the other sign"),
        Row(
            f"{p}.max_or_min",
            "d",
            "-1 minimum, 0 value at the point, 1 maximum",
            _kind(POINTS),
            "-1, 0 or 1",
            one_of(-1, 0, 1),
        ),
        Row(f"{p}.centre", "d", "additional field whose position is the centre; 0: the track point", _CHOSEN),
    )


def _extrema(a: Answers) -> bool:
    return a.integer("add.diagnostic") == POINTS and any(
        a.integer(f"{prefix(k)}.max_or_min") for k in range(a.integer("add.nfields"))
    )


def _marked(a: Answers) -> bool:
    from .fields import marks_missing

    return marks_missing(a, *(prefix(k) for k in range(a.integer("add.nfields"))))


def _tested(a: Answers) -> bool:
    return a.yes("add.missing?") or _marked(a)


def _windowed(a: Answers) -> bool:
    return _extrema(a) or a.integer("add.diagnostic") == AREAS or a.integer("add.remove_average") == 1


def _grid_search(a: Answers) -> bool:
    return _extrema(a) and a.integer("add.search_method") == 1


_PLACED = both(_extrema, equals("add.output_new_position", 1))
_MEAN = both(_windowed, equals("add.remove_average", 1))
_SPLINE = equals("add.interpolation", SPLINE)

CLOSING: Section = (
    Row("add.search_method", "d", "extrema: 0 of the spline surface, 1 of the grid", _extrema),
    Row("add.true_extremum", "d", "1: only values that exceed their eight neighbours", _grid_search),
    Row("add.missing?", "c", "some values are missing"),
    Row("add.missing", "f", "missing value to test against, times the scale", _tested),
    Row(
        "add.missing_test",
        "d",
        "missing are values 0 equal to it, 1 less, 2 greater",
        _tested,
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row("add.unscale?", "c", "divide results by the scale again"),
    Row("add.time_kind", "d", "0: frame numbers; 1: real times (refused)"),
    Row("add.translate_back?", "c", "translate longitudes; refused"),
    Row("add.dist_outer", "f", "radius of the window, degrees", _windowed),
    Row(
        "add.dist_inner",
        "f",
        "radius of the cap, degrees",
        _windowed,
        "at most add.dist_outer",
        lambda value, a: float(value) <= a.real("add.dist_outer"),
    ),
    Row("add.mean_region", "d", "1: another cap for the mean", _MEAN),
    Row("add.mean_outer", "f", "radius of its window, degrees", both(_MEAN, equals("add.mean_region", 1))),
    Row("add.mean_inner", "f", "radius of its cap, degrees", both(_MEAN, equals("add.mean_region", 1))),
    Row("add.output_new_position", "d", "1: with the positions of the extrema", _extrema),
    Row("add.iterate", "d", "1: search around the extremum found before", _PLACED),
    Row(
        "add.first_start",
        "d",
        "field whose position is the first start; 0: track point",
        both(_PLACED, _has_fields),
    ),
    Row(
        "add.interpolation",
        "d",
        "0 spline, 1 nearest, 2 bilinear, 3 bicubic",
        allowed="0 to 3",
        usable=one_of(0, 1, 2, 3),
    ),
    Row(
        "add.spline",
        "d",
        "0: surface on the rectangle; 1: on the sphere",
        _SPLINE,
        "0 or 1",
        one_of(0, 1),
    ),
)


def surface_rows(number: int) -> Section:
    """What is asked while a field (from 0) is sampled: the surface at the first, constraints at the first extremum."""
    p = prefix(number)

    def held(a: Answers) -> bool:
        return _SPLINE(a) and a.integer("add.choose_frames") == 0 and a.integer(f"{p}.fr") < 1

    def climbs(a: Answers) -> bool:
        before = any(a.integer(f"{prefix(k)}.max_or_min") for k in range(number))
        by_spline = _extrema(a) and a.integer("add.search_method") != 1
        return by_spline and a.integer(f"{p}.max_or_min") != 0 and not before

    def first(a: Answers) -> bool:
        return number == 0 and _SPLINE(a)

    rows: Section = (Row(f"{p}.new_longitudes?", "c", "y: other longitudes, as of a projection; refused", held),)
    if number == 0:
        rows += surface("add", first, equals("add.spline", 1))
    return (
        *rows,
        Row("constrained?", "c", "constrained optimisation", climbs),
        Row(
            "constraints",
            "c",
            "d: limits of the surface; o: window; other: as in the file",
            both(climbs, yes("constrained?")),
        ),
    )
