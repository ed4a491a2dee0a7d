"""Rows of the start-up: which data, which grid, which projection (specification 01, sections 3 and 9)."""

from __future__ import annotations

from ..build_startup import grid_settings, selection
from ..rows import Answers, Condition, Row, Section, Usable, always, both, equals, negate, nonzero, one_of, yes
from ..stream import Value


def _format(*numbers: int) -> Condition:
    return equals("format", *numbers)


def _lat_lon(a: Answers) -> bool:
    return a.integer("format", 1) != 4 or a.facts.lat_lon(selection(a))


def _level(a: Answers) -> bool:
    return a.integer("format", 1) == 4 and a.facts.level_axis(selection(a))


def _additional(a: Answers) -> bool:
    return a.integer("format", 1) == 4 and a.facts.additional_axis(selection(a))


_BY_ID, _BY_NAME = equals("nc.by_name", 0), equals("nc.by_name", 1)
_SEVERAL_FIELDS = both(_format(4), lambda a: a.facts.candidate_fields(selection(a)) > 1)

OPENING: Section = (
    Row("load_country_map", "c", "load the coast lines (plots only)"),
    Row(
        "map.offset?",
        "c",
        "shift the coast lines",
        both(yes("load_country_map"), lambda a: a.facts.country_map()),
    ),
    Row("map.offset", "f", "shift of the coast lines, degrees", yes("map.offset?")),
    Row("use_initial", "d", "0: ask the start-up questions; other: take them from a file"),
    Row("initial_file", "s", "file with the start-up answers", nonzero("use_initial")),
)

DATA: Section = (
    Row(
        "format",
        "d",
        "format of the input: 0 TRACK binary, 1 ASCII, 2 UTF, 3 PP, 4 NetCDF",
        allowed="0, 1, 2, 3 or 4",
        usable=one_of(0, 1, 2, 3, 4),
        default=1,
        stored=True,
    ),
    Row("bin.newline_separated", "c", "records are followed by one extra byte", _format(0), stored=True),
    Row("utf.interval", "f", "time step of the data, days", _format(2), stored=True),
    Row(
        "pp.continue",
        "c",
        "go on although the grid code is unknown",
        both(_format(3), lambda a: not a.facts.pp_code_known(selection(a))),
        allowed="anything but n, which stops",
        usable=lambda value, _: value != "n",
        stored=True,
    ),
    Row("nc.summary", "c", "print a summary of the file", _format(4), stored=True),
    Row(
        "nc.by_name",
        "d",
        "0: variables and levels by number; 1: by name and value",
        _format(4),
        allowed="0 or 1",
        usable=one_of(0, 1),
        stored=True,
    ),
    Row("nc.coards", "c", "y: dimensions in COARDS order; other: found by their names", _format(4), stored=True),
    Row("nc.field", "s", "name of the variable", both(_BY_NAME, _SEVERAL_FIELDS), default="", stored=True),
    Row("nc.field", "d", "number of the variable (0-based)", both(_BY_ID, _SEVERAL_FIELDS), stored=True),
    Row(
        "utf.keep_equator",
        "c",
        "keep the equator row",
        both(_format(2), lambda a: a.facts.utf_equator_flag(selection(a))),
        stored=True,
    ),
    Row("grid.translate", "c", "rotate the longitude origin", _lat_lon, stored=True),
    Row("grid.offset", "d", "columns to rotate by (may be negative)", yes("grid.translate"), stored=True),
    Row(
        "grid.correct_0_360",
        "c",
        "bring the longitudes into 0 to 360",
        both(_lat_lon, lambda a: a.facts.beyond_0_360(selection(a))),
        stored=True,
    ),
    Row(
        "grid.correct_how",
        "d",
        "1: data and grid; 2: labels only; other: 1",
        yes("grid.correct_0_360"),
        stored=True,
    ),
    Row(
        "grid.keep_equator",
        "c",
        "n: drop the equator row",
        both(_lat_lon, lambda a: a.facts.equator_row(selection(a))),
        stored=True,
    ),
    Row(
        "grid.keep_south_pole",
        "c",
        "n: drop the south-pole row",
        both(_lat_lon, lambda a: a.facts.pole_rows(selection(a))[0]),
        stored=True,
    ),
    Row(
        "grid.keep_north_pole",
        "c",
        "n: drop the north-pole row",
        both(_lat_lon, lambda a: a.facts.pole_rows(selection(a))[1]),
        stored=True,
    ),
    Row("nc.level", "f", "value of the level", both(_BY_NAME, _level), stored=True, written="%e\n"),
    Row("nc.level", "d", "number of the level (0-based)", both(_BY_ID, _level), stored=True),
    Row("nc.add_value", "f", "value on the additional axis", both(_BY_NAME, _additional), stored=True, written="%e\n"),
    Row("nc.add_value", "d", "number on the additional axis (0-based)", both(_BY_ID, _additional), stored=True),
    Row(
        "grid.make_periodic",
        "c",
        "add a column at 360 degrees",
        lambda a: a.facts.can_be_made_periodic(selection(a), grid_settings(a)),
        stored=True,
    ),
    Row("distance_norm", "c", "e: Euclidean, in grid units; g: geodesic", stored=True),
    Row("other_projection", "c", "use another map projection", stored=True),
)


def _inside(axis: int, upper: str) -> Usable:
    def usable(value: Value, a: Answers) -> bool:
        shape = a.facts.grid_shape(selection(a), grid_settings(a))
        lower = upper[:-1] + "1"
        return a.integer(lower) < int(value) and (shape is None or int(value) <= shape[axis])

    return usable


def _positive(value: Value, _: Answers) -> bool:
    return int(value) >= 1


def _bounds(prefix: str, joined: bool, when: Condition = always, checked: bool = True) -> Section:
    """Four bounds of a region: one read (a projection's) or one for each axis (the search area)."""
    allowed_low, allowed_high = "1 <= lower < upper", "lower < upper <= size of the grid"
    names = {"x": "grid column", "y": "grid row"}
    rows = []
    for axis, (letter, name) in enumerate(names.items()):
        low, high = f"{prefix}.{letter}1", f"{prefix}.{letter}2"
        rows += [
            Row(
                low,
                "d",
                f"first {name} (1-based)",
                when,
                allowed_low,
                _positive if checked else None,
                1,
                True,
                joined and axis > 0,
            ),
            Row(
                high,
                "d",
                f"last {name}",
                when,
                allowed_high,
                _inside(axis, high) if checked else None,
                0,
                True,
                True,
            ),
        ]
    return tuple(rows)


_AZIMUTHAL = equals("proj.group", 1)
_CONIC = equals("proj.group", 2)
_GRIDDED = equals("proj.group", 1, 2, 3)
_TO_PROJECT = both(_GRIDDED, lambda a: _already(a) == 0)
_TWO = both(_AZIMUTHAL, equals("proj.hemispheres", "b"))


def _already(a: Answers) -> int:
    return a.integer("proj.already_azimuthal") or a.integer("proj.already_conic") or a.integer("proj.already_rotated")


def _already_row(name: str, group: int) -> Row:
    return Row(
        f"proj.already_{name}",
        "d",
        f"1: the data are on a {name} grid already",
        equals("proj.group", group),
        "0 or 1",
        one_of(0, 1),
        stored=True,
    )


def _type_row(group: int, meaning: str, first: int, last: int) -> Row:
    numbers = tuple(range(first, last + 1))
    return Row(
        "proj.type", "d", meaning, equals("proj.group", group), f"{first} to {last}", one_of(*numbers), stored=True
    )


def _points(prefix: str, when: Condition) -> Section:
    """Size of the target grid, by points or by spacing (the spacing is not kept in the initial file)."""
    by_spacing = equals(f"{prefix}.grid_by", 1)
    return (
        Row(f"{prefix}.grid_by", "d", "0: number of points; 1: spacing; other: 0", when, stored=True),
        Row(f"{prefix}.nx", "d", "columns of the target grid", both(when, negate(by_spacing)), stored=True),
        Row(f"{prefix}.ny", "d", "rows of the target grid", both(when, negate(by_spacing)), stored=True, joined=True),
        Row(f"{prefix}.dx", "f", "spacing of the columns", both(when, by_spacing)),
        Row(f"{prefix}.dy", "f", "spacing of the rows", both(when, by_spacing), joined=True),
    )


PROJECTION: Section = (
    Row(
        "proj.group",
        "d",
        "0 cylindrical, 1 azimuthal, 2 conic, 3 rotated cylindrical",
        yes("other_projection"),
        "0, 1, 2 or 3",
        one_of(0, 1, 2, 3),
        stored=True,
    ),
    _already_row("azimuthal", 1),
    _already_row("conic", 2),
    _already_row("rotated", 3),
    Row(
        "proj.hemispheres",
        "c",
        "s: one hemisphere; b: both",
        both(_AZIMUTHAL, equals("proj.already_azimuthal", 0)),
        "s or b",
        one_of("s", "b"),
        stored=True,
    ),
    _type_row(
        0,
        "0 Plate Carree, 1 equirectangular, 2 equal area, 3 Urmaev, 4 Mercator, 5 stereographic, 6 Miller",
        0,
        6,
    ),
    _type_row(1, "1 orthographic, 2 stereographic, 3 gnomonic, 4 Lambert equal area, 5 equidistant", 1, 5),
    _type_row(2, "1 Albers, 2 Lambert, 3 equidistant", 1, 3),
    _type_row(3, "0 to 6, as the cylindrical ones", 0, 6),
    Row("proj.lat", "f", "latitude of the centre", _GRIDDED, stored=True),
    Row("proj.lng", "f", "longitude of the centre", _GRIDDED, stored=True, joined=True),
    Row("proj.sp1", "f", "first standard parallel", _CONIC, stored=True, written="%f "),
    Row("proj.sp2", "f", "second standard parallel", _CONIC, stored=True, joined=True),
    *_bounds("proj.region", True, _GRIDDED),
    *_points("proj", _TO_PROJECT),
    Row("proj2.lat", "f", "latitude of the second centre", _TWO, stored=True),
    Row("proj2.lng", "f", "longitude of the second centre", _TWO, stored=True, joined=True),
    *_bounds("proj2.region", True, _TWO, checked=False),
    *_points("proj2", _TWO),
)

AREA: Section = _bounds("area", False)

ANALYSIS: Section = (Row("analysis_menu", "c", "y: analysis menu; other: tracking"),)
