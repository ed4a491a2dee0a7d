"""Menu 8: extraction of frames, with a transform of their values.

References
----------
Specification 01, section 5; 05, section 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from ...errors import NotSupportedError
from ...settings.extract import (
    BETWEEN,
    CONSTANT,
    NEIGHBOURS,
    ExtractRequest,
    ExtractSettings,
    FieldTransform,
    HoleFilling,
)
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Condition, Row, Scene, Section, both, negate, nonzero, one_of, yes, yes_no
from .series import (
    SERIES,
    is_netcdf,
    marks_missing,
    missing_rows,
    missing_test,
    series_frames,
    tell_frames,
    tell_missing,
)

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_TRANSFORMS_WITH_CONSTANT = range(1, 8)
_INTERPOLATED = 2
_TRANSFORM = yes("extract.transform?")

EXTRACT_START: Section = (
    *SERIES,
    Row(
        "extract.holes",
        "d",
        "filling of holes: 0 none, 1 from neighbours, 3 rows between two latitudes, 4 by a value; 2 is refused",
        allowed="0 to 4",
        usable=one_of(0, 1, 2, 3, 4),
    ),
)


def _of_kind(*kinds: int) -> Condition:
    return lambda a: a.integer("extract.holes") in kinds


_FILLS = nonzero("extract.holes")
_UNMARKED = both(_FILLS, is_netcdf, negate(marks_missing))


def _goes_on(a: Answers) -> bool:
    """Holes are filled: a NetCDF field without a missing value raises the question whether that is wanted."""
    return not _UNMARKED(a) or a.yes("holes.anyway?")


def _present(a: Answers) -> bool:
    return _FILLS(a) and (marks_missing(a) or a.yes("holes.anyway?") or a.yes("holes.missing?"))


HOLES: Section = (
    Row("holes.anyway?", "c", "fill although the field has no missing value", _UNMARKED),
    Row("holes.missing?", "c", "some values of the field are missing", both(_FILLS, negate(is_netcdf))),
    Row("holes.default", "f", "missing value (has no influence)", both(_present, negate(marks_missing))),
    Row("holes.missing", "f", "missing value to test against", _present),
    Row(
        "holes.missing_test",
        "d",
        "missing are values 0 equal to it, 1 less, 2 greater",
        _present,
        "0, 1 or 2",
        one_of(0, 1, 2),
    ),
    Row("holes.latitude1", "f", "latitude of a row", both(_of_kind(BETWEEN), _goes_on)),
    Row("holes.latitude2", "f", "and of another: rows between are replaced", both(_of_kind(BETWEEN), _goes_on)),
    Row("holes.sine?", "c", "by a line in the sine of latitude", both(_of_kind(BETWEEN), _goes_on)),
    Row("holes.value", "f", "value put in the place of missing ones", both(_of_kind(CONSTANT), _goes_on)),
)
EXTRACT: Section = (
    Row("extract.transform?", "c", "transform the values"),
    Row("extract.transform", "d", "kind of transform, 1 to 14", _TRANSFORM),
    Row(
        "extract.constant",
        "f",
        "constant of the transform",
        lambda a: _TRANSFORM(a) and a.integer("extract.transform") in _TRANSFORMS_WITH_CONSTANT,
    ),
    *missing_rows("extract", both(_TRANSFORM, negate(_FILLS))),
    Row("holes.scan", "d", "1: forwards and backwards; other: forwards", both(_of_kind(NEIGHBOURS), _goes_on)),
    Row("extract.convert?", "c", "convert the result to TRACK binary"),
)


def ask(asker: Asker, tables: Tables) -> ExtractRequest:
    """Ask what is to be extracted."""
    a = asker.section(EXTRACT_START)
    if a.integer("extract.holes") == _INTERPOLATED:
        raise NotSupportedError(
            "extract.holes 2: filling by interpolation (specification 05, section 11), in which the original mixes up "
            "values and marks; answer 1, 3 or 4"
        )
    asker.section(HOLES)
    return ExtractRequest(settings=extract_settings(asker.section(EXTRACT)))


def extract_settings(a: Answers) -> ExtractSettings:
    """An extraction."""
    holes, transform = _filling(a), None
    if a.yes("extract.transform?"):
        kind = a.integer("extract.transform")
        transform = FieldTransform(
            kind=kind,
            constant=a.real("extract.constant") if kind in _TRANSFORMS_WITH_CONSTANT else None,
            missing=missing_test(a, "extract") if holes is None else holes.missing,
        )
    return ExtractSettings(frames=series_frames(a), holes=holes, transform=transform, convert=a.yes("extract.convert?"))


def _filling(a: Answers) -> HoleFilling | None:
    if not _FILLS(a) or not _goes_on(a):
        return None
    return HoleFilling(
        kind=cast(Literal[1, 3, 4], a.integer("extract.holes")),
        missing=missing_test(a, "holes"),
        backward=a.integer("holes.scan") == 1,
        latitudes=(a.real("holes.latitude1"), a.real("holes.latitude2")),
        in_sine=a.yes("holes.sine?"),
        value=a.real("holes.value"),
    )


def tell(request: ExtractRequest, tables: TableFiles) -> list[Scene]:
    """What an extraction answers."""
    settings = request.settings
    holes, transform = settings.holes, settings.transform
    told = {**tell_frames(settings.frames), "extract.convert?": yes_no(settings.convert)}
    told["extract.holes"] = 0 if holes is None else holes.kind
    if holes is not None:
        told |= _tell_holes(holes)
    told["extract.transform?"] = yes_no(transform)
    if transform is not None:
        told |= {"extract.transform": transform.kind, "extract.constant": transform.constant or 0.0}
        told |= tell_missing("extract", transform.missing)
    return [told]


def _tell_holes(holes: HoleFilling) -> Scene:
    return {
        "holes.anyway?": "y",
        **tell_missing("holes", holes.missing),
        "holes.default": 0.0 if holes.missing is None else holes.missing.value,
        "holes.latitude1": holes.latitudes[0],
        "holes.latitude2": holes.latitudes[1],
        "holes.sine?": yes_no(holes.in_sine),
        "holes.value": holes.value,
        "holes.scan": int(holes.backward),
    }
