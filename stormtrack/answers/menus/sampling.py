"""Analysis action 1 after a splice: fields that are added along tracks.

References
----------
Specification 06, section 2.1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from ...errors import NotSupportedError
from ...settings.detection import ConstraintTable
from ...settings.sampling import (
    AreaStatistics,
    Box,
    Cap,
    Direction,
    Interpolation,
    MissingCentre,
    Offset,
    Places,
    Points,
    Region,
    SampledField,
    SampledFrames,
    SamplingRequest,
    SamplingSettings,
    Window,
)
from ...settings.series import MissingTest
from ...settings.splice import SpliceSettings
from ...settings.spline import SplineSettings
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers
from . import sampling_rows as rows
from .fields import field_file
from .sampling_telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ask", "tell"]

INTERPOLATIONS: tuple[Interpolation, ...] = ("spline", "nearest", "bilinear", "bicubic")
Limits = Literal["domain", "object", "file"]
MISSING_CENTRES: tuple[MissingCentre, ...] = ("default", "search", "leave")


def ask(asker: Asker, splice: SpliceSettings | None, tables: Tables) -> SamplingRequest:
    """Ask for the fields that are added to the tracks of the last splice.

    Raises
    ------
    AnswersError, NotSupportedError
        If something asked for cannot be used, or is not available.
    """
    a = asker.answers
    if splice is None:
        raise NotSupportedError(
            "analysis_action 1: fields are added to the tracks of a splice (specification 06, section 2.1); answer 1 "
            "to the menu before it, not 2"
        )
    if splice.existing_kind == "v":
        raise asker.error("splice.file_type", "fields are added to scalar tracks only", allowed="s")
    a = asker.section(rows.OPENING)
    _refuse(a)
    for number in range(a.integer("add.nfields")):
        asker.section(rows.field_rows(number))
    a = asker.section(rows.CLOSING)
    _refuse_more(a)
    constraints = _ask_surfaces(asker, tables)
    what = _WHAT[a.integer("add.diagnostic")](a, tables)
    if isinstance(what, Points):
        what = replace(what, constraints=constraints[0], limits=constraints[1])
    interpolation = INTERPOLATIONS[a.integer("add.interpolation")]
    fields = tuple(_field(a, number) for number in range(a.integer("add.nfields")))
    centred = any(field.centre for field in fields)
    return SamplingRequest(
        settings=SamplingSettings(
            fields=fields,
            what=what,
            offset=_offset(a),
            window=_window(a, "add.dist"),
            mean_window=_mean_window(a),
            missing=_missing(a),
            interpolation=interpolation,
            surface=_surface(a) if interpolation == "spline" else None,
            missing_centre=MISSING_CENTRES[a.integer("add.missing_centre") if centred else 0],
        )
    )


def _ask_surfaces(asker: Asker, tables: Tables) -> tuple[ConstraintTable | None, Limits]:
    """What is asked while fields are sampled; the constraints of the ascent on a surface."""
    a = asker.answers
    constraints: ConstraintTable | None = None
    limits: Limits = "domain"
    for number in range(a.integer("add.nfields")):
        asker.section(rows.surface_rows(number))
        if a.yes(f"{rows.prefix(number)}.new_longitudes?"):
            raise NotSupportedError("new_longitudes?: fields on other longitudes than the input's; answer n")
        if a.yes("constrained?"):
            sphery = a.integer("add.spline") == 1
            constraints = tables.constraints("sphery" if sphery else "smoopy")
            letter = a.char("constraints")
            letter = "d" if sphery and letter == "o" else letter
            limits = "domain" if letter == "d" else "object" if letter == "o" else "file"
    return constraints, limits


def _refuse(a: Answers) -> None:
    if a.yes("add.orography_mask?"):
        raise NotSupportedError(
            "add.orography_mask?: masks are known from a description only and have no proven result (specification "
            "06, section 2.1); answer n and mask the fields before"
        )
    if a.integer("add.direction_source"):
        raise NotSupportedError("add.direction_source 1: the direction of an additional position; answer 0")
    if a.integer("add.missing_centre") == 1:
        raise NotSupportedError("add.missing_centre 1: searching the fields before; answer 0 or 2")
    if a.integer("add.centre") and a.integer("add.diagnostic") == rows.REGION:
        raise NotSupportedError(
            "add.centre 1 for regions: TRACK writes a file more (level_ids.dat) that no description tells of; answer 0"
        )
    if a.integer("add.project"):
        raise NotSupportedError("add.project 1: projecting on the direction; answer 0")


def _refuse_more(a: Answers) -> None:
    if a.integer("add.time_kind"):
        raise NotSupportedError("add.time_kind 1: fields at real times; answer 0 and use tracks with frame numbers")
    if a.yes("add.translate_back?"):
        raise NotSupportedError("add.translate_back?: translating longitudes; answer n")


def _field(a: Answers, number: int) -> SampledField:
    prefix = rows.prefix(number)
    return SampledField(
        file=field_file(a, prefix),
        frames=None if a.integer("add.choose_frames") == 1 else _frames(a, prefix),
        scale=a.real(f"{prefix}.scale"),
        extremum=cast(Literal[-1, 0, 1], a.integer(f"{prefix}.max_or_min")),
        centre=a.integer(f"{prefix}.centre"),
    )


def _frames(a: Answers, prefix: str) -> SampledFrames:
    first, step, last = (a.integer(f"{prefix}.{key}") for key in ("fs", "fr", "fe"))
    return SampledFrames(first=first, step=step, last=last)


def _offset(a: Answers) -> Offset | None:
    if not a.yes("add.offset_point?"):
        return None
    return Offset(angle=a.real("add.offset_angle"), distance=a.real("add.offset_distance"))


def _window(a: Answers, prefix: str) -> Window | None:
    if f"{prefix}_outer" not in a.given:
        return None
    return Window(outer=a.real(f"{prefix}_outer"), inner=a.real(f"{prefix}_inner"))


def _mean_window(a: Answers) -> Window | None:
    if a.integer("add.remove_average") != 1:
        return None
    return _window(a, "add.mean") or _window(a, "add.dist")


def _missing(a: Answers) -> MissingTest | None:
    if "add.missing" not in a.given:
        return None
    comparison = cast(Literal[0, 1, 2], a.integer("add.missing_test"))
    return MissingTest(value=a.real("add.missing"), comparison=comparison)


def _surface(a: Answers) -> SplineSettings:
    kind: Literal["smoopy", "sphery"] = "sphery" if a.integer("add.spline") == 1 else "smoopy"
    continuity = a.integer("add.sphery.continuity") == 1
    return SplineSettings(kind=kind, smoothing=a.real("add.spline.s"), pole_continuity=continuity)


def _points(a: Answers, tables: Tables) -> Points:
    return Points(
        by_spline="add.search_method" in a.given and a.integer("add.search_method") != 1,
        true_extremum=a.integer("add.true_extremum") == 1,
        with_position=a.integer("add.output_new_position") == 1,
        iterate=a.integer("add.iterate") == 1,
        first_start=a.integer("add.first_start"),
        unscale=a.yes("add.unscale?"),
    )


def _areas(a: Answers, tables: Tables) -> AreaStatistics:
    kind = a.integer("add.area")
    if a.integer("add.area_count") == 1:
        return AreaStatistics(count=True, threshold=a.real("add.count_threshold"))
    by = a.integer("add.threshold_kind")
    return AreaStatistics(
        mean=kind != 1,
        std=kind != 0,
        threshold=a.real("add.threshold") if by else None,
        relative=by == 2,
        area=a.integer("add.area_output") == 1,
    )


def _region(a: Answers, tables: Tables) -> Region:
    points: Cap | Box
    if a.integer("add.region") == 0:
        points = Cap(
            radius=a.real("add.cap_radius"),
            n_radii=a.integer("add.cap_radii"),
            n_azimuths=a.integer("add.cap_azimuths"),
        )
    else:
        points = Box(spacing=a.real("add.box_spacing"), number=a.integer("add.box_points") | 1)
    direction = Direction(smoothing=a.integer("add.direction_points")) if a.yes("add.direction?") else None
    return Region(points=points, direction=direction)


def _places(a: Answers, tables: Tables) -> Places:
    places = tables.places(a.text("add.places"))
    return Places(lon=tuple(x for x, _ in places), lat=tuple(y for _, y in places), distances=a.yes("add.distances?"))


_WHAT: dict[int, Callable[[Answers, Tables], Points | AreaStatistics | Region | Places]] = {
    rows.POINTS: _points,
    rows.AREAS: _areas,
    rows.REGION: _region,
    rows.PLACES: _places,
}
