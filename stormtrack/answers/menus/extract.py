"""Menu 8: extraction of frames, with a transform of their values.

References
----------
Specification 01, section 5; 05, section 11.
"""

from __future__ import annotations

from typing import Literal, cast

from ...errors import NotSupportedError
from ...settings.extract import ExtractRequest, ExtractSettings, FieldTransform
from ..asking import Asker
from ..build_startup import selection
from ..parameter_tables import Tables
from ..rows import Answers, Row, Section, yes
from .frames import FRAMES, frames_of

_TRANSFORMS_WITH_CONSTANT = range(1, 8)
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


def ask(asker: Asker, tables: Tables) -> ExtractRequest:
    """Ask what is to be extracted."""
    asker.section(FRAMES)
    a = asker.section(EXTRACT_START)
    if a.integer("extract.holes") != 0:
        raise NotSupportedError(
            f"extract.holes {a.integer('extract.holes')}: filling of holes (specification 05, section 11); answer 0 "
            "and fill them beforehand"
        )
    return ExtractRequest(settings=extract_settings(asker.section(EXTRACT)))


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
        frames=frames_of(a),
        choice=cast(Literal["s", "i"], answered) if answered in ("s", "i") else "a",
        transform=transform,
        convert=a.yes("extract.convert?"),
    )
