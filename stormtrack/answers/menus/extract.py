"""Menu 8: extraction of frames, with a transform of their values.

References
----------
Specification 01, section 5; 05, section 11.
"""

from __future__ import annotations

from ...errors import NotSupportedError
from ...settings.extract import ExtractRequest, ExtractSettings, FieldTransform
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Section, yes
from .series import SERIES, missing_rows, missing_test, series_frames

_TRANSFORMS_WITH_CONSTANT = range(1, 8)
_TRANSFORM = yes("extract.transform?")

EXTRACT_START: Section = (
    *SERIES,
    Row("extract.holes", "d", "filling of holes: 0 none, 1 to 4 in several ways"),
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
    *missing_rows("extract", _TRANSFORM),
    Row("extract.convert?", "c", "convert the result to TRACK binary"),
)


def ask(asker: Asker, tables: Tables) -> ExtractRequest:
    """Ask what is to be extracted."""
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
        transform = FieldTransform(
            kind=kind,
            constant=a.real("extract.constant") if kind in _TRANSFORMS_WITH_CONSTANT else None,
            missing=missing_test(a, "extract"),
        )
    return ExtractSettings(frames=series_frames(a), transform=transform, convert=a.yes("extract.convert?"))
