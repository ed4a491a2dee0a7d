"""Menu 12: vorticity, speed and energy.

References
----------
Specification 05, section 5.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ...errors import NotSupportedError
from ...settings.series import MissingTest
from ...settings.winds import (
    DifferenceVorticity,
    GeostrophicVorticity,
    MissingWinds,
    PlaneSettings,
    Quantity,
    SplineVorticity,
    WindsRequest,
    WindStrength,
)
from ..asking import Asker
from ..build_startup import selection
from ..parameter_tables import Tables
from ..rows import Answers, Condition, Row, Scene, Section, both, equals, negate, no, one_of, yes, yes_no
from ..stream import Value
from .fields import (
    choice_rows,
    field_file,
    field_series,
    file_row,
    first_frames_exist,
    frames_rows,
    marks_missing,
    tell_choice,
    tell_series,
)
from .surfaces import fit_rows, kind_rows, surface, tell_surface

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

SPEED, ENERGY, VORTICITY, GEOSTROPHIC, ENERGY_OF_SPEED = range(5)
_STRENGTHS = {SPEED: "speed", ENERGY: "energy", ENERGY_OF_SPEED: "energy_of_speed"}

_SPLINES = equals("wind.method", 0)
_OTHER_FILES = no("wind.here?")


def _quantity(*numbers: int) -> Condition:
    return both(_SPLINES, equals("wind.quantity", *numbers))


def _differences(a: Answers) -> bool:
    return a.integer("wind.method") == 1


def _of_winds(a: Answers) -> bool:
    """U and V are needed, not one field."""
    return _differences(a) or a.integer("wind.quantity") in (SPEED, ENERGY, VORTICITY)


def _vorticity(a: Answers) -> bool:
    return _differences(a) or a.integer("wind.quantity") == VORTICITY


def _fields(a: Answers) -> tuple[str, ...]:
    return ("wind.u", "wind.v") if _of_winds(a) else ("wind.field",)


def _in_plane(a: Answers) -> bool:
    return _vorticity(a) and a.startup is not None and a.startup.norm == "e"


_SURFACES = _quantity(VORTICITY, GEOSTROPHIC)
_SINGLE = negate(_of_winds)


def _marked(a: Answers) -> bool:
    return marks_missing(a, *_fields(a))


def _begins(a: Answers) -> bool:
    return first_frames_exist(a, *_fields(a))


def _unmarked_binary(a: Answers) -> bool:
    return selection(a).format != 4


def _tested(a: Answers) -> bool:
    """Missing values are looked for: said so, or the file marks them."""
    return a.yes("wind.missing?") or (_unsure(a) and _marked(a) and not _differences(a))


_unsure = negate(_SURFACES)

WINDS: Section = (
    Row("wind.method", "d", "0: B-splines; 1: finite differences", allowed="0 or 1", usable=one_of(0, 1)),
    Row(
        "wind.quantity",
        "d",
        "0 speed, 1 kinetic energy, 2 vorticity, 3 geostrophic vorticity, 4 energy of speeds",
        _SPLINES,
        "0 to 4; geostrophic vorticity needs the geodesic norm",
        lambda value, a: value in range(5) and not (value == GEOSTROPHIC and a.startup and a.startup.norm == "e"),
    ),
    Row("wind.here?", "c", "y: the fields are in the input"),
    file_row("wind.u", "file of U", both(_of_winds, _OTHER_FILES)),
    file_row("wind.v", "file of V", both(_of_winds, _OTHER_FILES)),
    file_row("wind.field", "file of the field", both(_SINGLE, _OTHER_FILES)),
    *choice_rows("wind.u", _of_winds),
    *choice_rows("wind.v", _of_winds),
    *choice_rows("wind.field", _SINGLE),
    Row(
        "wind.kind",
        "c",
        "p: pressure; g: geopotential",
        _quantity(GEOSTROPHIC),
        "p or g",
        one_of("p", "g"),
    ),
    *frames_rows("wind.u", _of_winds),
    *frames_rows("wind.v", _of_winds),
    *frames_rows("wind.field", _SINGLE),
    Row("wind.scaling", "f", "factor of the vorticity", _in_plane),
    Row("wind.curvature?", "c", "add the term of the sphere's curvature, for limited areas", _in_plane),
    file_row("wind.lat", "file with a field of latitudes", both(_in_plane, yes("wind.curvature?"))),
    *choice_rows("wind.lat", both(_in_plane, yes("wind.curvature?"))),
)

MISSING: Section = (
    Row(
        "wind.continue?",
        "c",
        "the field has a missing value; y: go on",
        both(_SURFACES, _marked),
        "y (the surface goes through every value)",
        one_of("y"),
    ),
    Row(
        "wind.missing?",
        "c",
        "y: some values are missing",
        lambda a: (_differences(a) and (_unmarked_binary(a) or _marked(a))) or (_unsure(a) and _unmarked_binary(a)),
    ),
    Row("wind.missing", "f", "missing value to test against", _tested),
    Row(
        "wind.missing_test",
        "d",
        "missing are values 0 equal to it, 1 less, 2 greater",
        _tested,
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row("wind.missing_output", "f", "value written where a missing one is needed", _tested),
    Row("wind.output", "s", "file written"),
    *kind_rows(_SURFACES),
    Row("wind.wraps?", "c", "y: the first and the last column are neighbours", _differences),
)

FITS: Section = (
    *fit_rows("wind.u", both(_quantity(VORTICITY), _begins)),
    *fit_rows("wind.v", both(_quantity(VORTICITY), _begins)),
    *fit_rows("wind.field", both(_quantity(GEOSTROPHIC), _begins)),
)


def ask(asker: Asker, tables: Tables) -> WindsRequest:
    """Ask what is computed, and from which fields."""
    start = asker.answers.startup
    if start is not None and start.projection is not None and start.projection.group != 0:
        raise NotSupportedError("menu 12 on a map projection: TRACK does not compute winds there either")
    asker.section(WINDS)
    asker.section(MISSING)
    a = asker.section(FITS)
    return WindsRequest(
        fields=tuple(field_series(a, prefix) for prefix in _fields(a)),
        output=a.text("wind.output"),
        quantity=_settings(a),
    )


def _settings(a: Answers) -> Quantity:
    if _differences(a):
        return DifferenceVorticity(wraps=a.yes("wind.wraps?"), missing=_missing(a), plane=_plane(a))
    quantity, wrap = a.integer("wind.quantity"), a.integer("surface.wrap")
    if quantity == VORTICITY:
        return SplineVorticity(surfaces=(surface(a, "wind.u"), surface(a, "wind.v")), wrap=wrap, plane=_plane(a))
    if quantity == GEOSTROPHIC:
        of_pressure = a.char("wind.kind") == "p"
        return GeostrophicVorticity(of_pressure=of_pressure, surface=surface(a, "wind.field"), wrap=wrap)
    kind = cast(Literal["speed", "energy", "energy_of_speed"], _STRENGTHS[quantity])
    return WindStrength(kind=kind, missing=_missing(a))


def _missing(a: Answers) -> MissingWinds | None:
    if "wind.missing" not in a.given:
        return None
    comparison = cast(Literal[0, 1, 2], a.integer("wind.missing_test"))
    test = MissingTest(value=a.real("wind.missing"), comparison=comparison)
    return MissingWinds(test=test, output=a.real("wind.missing_output"))


def _plane(a: Answers) -> PlaneSettings | None:
    if not _in_plane(a):
        return None
    latitudes = field_file(a, "wind.lat") if a.yes("wind.curvature?") else None
    return PlaneSettings(scaling=a.real("wind.scaling"), latitudes=latitudes)


def tell(request: WindsRequest, tables: TableFiles) -> list[Scene]:
    """What vorticity, speed and energy answer."""
    quantity = request.quantity
    prefixes = ("wind.u", "wind.v") if len(request.fields) > 1 else ("wind.field",)
    told: dict[str, Value] = {
        "wind.here?": yes_no(all(one.path is None for one in request.fields)),
        "wind.output": request.output,
        "wind.method": int(isinstance(quantity, DifferenceVorticity)),
        "wind.quantity": _number_of(quantity),
    }
    for prefix, series in zip(prefixes, request.fields, strict=True):
        told |= tell_series(prefix, series)
    if isinstance(quantity, SplineVorticity):
        for prefix, fitted in zip(prefixes, quantity.surfaces, strict=True):
            told |= tell_surface(prefix, fitted, quantity.wrap)
    elif isinstance(quantity, GeostrophicVorticity):
        told["wind.kind"] = "p" if quantity.of_pressure else "g"
        told |= tell_surface("wind.field", quantity.surface, quantity.wrap)
    else:
        told |= _tell_missing(quantity.missing)
    if isinstance(quantity, DifferenceVorticity):
        told["wind.wraps?"] = yes_no(quantity.wraps)
    if isinstance(quantity, SplineVorticity | DifferenceVorticity):
        told |= _tell_plane(quantity.plane)
    return [told]


def _number_of(quantity: Quantity) -> int:
    if isinstance(quantity, WindStrength):
        return next(number for number, kind in _STRENGTHS.items() if kind == quantity.kind)
    return GEOSTROPHIC if isinstance(quantity, GeostrophicVorticity) else VORTICITY


def _tell_missing(missing: MissingWinds | None) -> Scene:
    if missing is None:
        return {"wind.missing?": "n"}
    return {
        "wind.missing?": "y",
        "wind.missing": missing.test.value,
        "wind.missing_test": missing.test.comparison,
        "wind.missing_output": missing.output,
    }


def _tell_plane(plane: PlaneSettings | None) -> Scene:
    if plane is None:
        return {}
    told: Scene = {"wind.scaling": plane.scaling, "wind.curvature?": yes_no(plane.latitudes)}
    if plane.latitudes is None:
        return told
    return {**told, **tell_choice("wind.lat", plane.latitudes.path, plane.latitudes.selection)}
