"""Menu 4 with cosine transforms of a limited area.

References
----------
Specification 05, section 4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...settings.cosine_filter import CosineRequest, CosineSettings
from ...settings.transform_sizes import padded_size
from ..asking import Asker
from ..build_startup import grid_settings, selection
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, at_least, both, no, one_of, yes, yes_no
from .bands import NUMBER_OF_BANDS, RESTRICTION, hoskins, restriction, tell_hoskins, tell_restriction
from .frames import frames_of, tell_frames

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_LEAST = 0.1
"""Boundaries below this (km) become this."""
_PRIME = yes("dct.prime_factor?")
_PADDED = both(_PRIME, yes("dct.pad?"))


def _marked(a: Answers) -> bool:
    return selection(a).format == 4 and a.facts.field_has_missing_value(selection(a))


def _is_larger(a: Answers) -> bool:
    """The transform is larger than the field."""
    shape = a.facts.grid_shape(selection(a), grid_settings(a))
    if shape is None:
        return False
    asked = (a.integer("dct.nx"), a.integer("dct.ny")) if _PADDED(a) else (None, None)
    return any(padded_size(n, wanted) > n for n, wanted in zip(shape, asked, strict=True))


START: Section = (
    Row("dct.continue?", "c", "the field has a missing value; y: go on", _marked, "y", one_of("y")),
    Row("dct.prime_factor?", "c", "y: transforms of any length with factors 2, 3, 5; other: of powers of 2"),
    Row("dct.pad?", "c", "pad the field with zeros to a size of your own", _PRIME),
    Row("dct.nx", "d", "columns of the padded field", _PADDED, "even, factors 2, 3 and 5 only"),
    Row("dct.ny", "d", "rows of the padded field", _PADDED, "even, factors 2, 3 and 5 only", joined=True),
    Row(
        "dct.reflect",
        "d",
        "1: the padding holds the reflected field; 0: zeros",
        both(_PRIME, _is_larger),
        "0 or 1",
        one_of(0, 1),
    ),
    Row(
        "dct.resolution",
        "f",
        "distance of grid points in km",
        allowed="more than 0",
        usable=lambda value, _: 0.0 < float(value) < float("inf"),
    ),
    Row("dct.exponent_x", "d", "power of 2 of the columns, at least", no("dct.prime_factor?"), "0 to 16", at_least(0)),
    Row(
        "dct.exponent_y",
        "d",
        "power of 2 of the rows, at least",
        no("dct.prime_factor?"),
        "0 to 16",
        lambda value, a: 0 <= int(value) <= _MOST and a.integer("dct.exponent_x") <= _MOST,
        joined=True,
    ),
    Row("dct.centre?", "c", "take the mean off first"),
    NUMBER_OF_BANDS,
)
_MOST = 16

END: Section = (
    *hoskins(lambda a: a.real("spec.hoskins_cutoff") < 1.0, "more than 0 and less than 1"),
    *RESTRICTION,
)


def ask(asker: Asker, tables: Tables) -> CosineRequest:
    """Ask for a filter by cosine transforms; the frames have been asked for."""
    asker.section(START)
    boundaries = _ask_boundaries(asker)
    a = asker.section(END)
    settings = CosineSettings(
        boundaries=boundaries,
        resolution=a.real("dct.resolution"),
        prime_factor=a.yes("dct.prime_factor?"),
        size=(a.integer("dct.nx"), a.integer("dct.ny")) if _PADDED(a) else None,
        exponents=(a.integer("dct.exponent_x"), a.integer("dct.exponent_y")),
        reflects=a.integer("dct.reflect") == 1,
        centres=a.yes("dct.centre?"),
        cutoff=a.real("spec.hoskins_cutoff") if a.yes("spec.hoskins?") else None,
        restriction=restriction(a),
    )
    return CosineRequest(frames=frames_of(a), settings=settings)


def _ask_boundaries(asker: Asker) -> tuple[float, ...]:
    """Ask for the boundaries of the bands, wavelengths in descending order."""
    boundaries: list[float] = []
    for number in range(1, asker.answers.integer("spec.nbands") + 2):
        key = f"dct.boundary{number}"
        row = Row(key, "f", f"boundary {number} of the bands, km, from long to short")
        value = max(_LEAST, asker.section((row,)).real(key))
        if math.isnan(asker.answers.real(key)):
            raise asker.error(key, "no such wavelength", allowed="descending wavelengths")
        if boundaries and value > boundaries[-1]:
            raise asker.error(key, f"{value:g} km is longer than the boundary before", allowed="descending wavelengths")
        boundaries.append(value)
    return tuple(boundaries)


def tell(request: CosineRequest, tables: TableFiles) -> list[Scene]:
    """What a filter by cosine transforms answers."""
    settings = request.settings
    columns, rows = settings.size or (0, 0)
    return [
        {
            **tell_frames(request.frames),
            "spec.method": 2,
            "dct.prime_factor?": yes_no(settings.prime_factor),
            "dct.pad?": yes_no(settings.size),
            "dct.nx": columns,
            "dct.ny": rows,
            "dct.reflect": int(settings.reflects),
            "dct.resolution": settings.resolution,
            "dct.exponent_x": settings.exponents[0],
            "dct.exponent_y": settings.exponents[1],
            "dct.centre?": yes_no(settings.centres),
            "spec.nbands": len(settings.boundaries) - 1,
            **{f"dct.boundary{number}": value for number, value in enumerate(settings.boundaries, 1)},
            **tell_hoskins(settings.cutoff),
            **tell_restriction(settings.restriction),
        }
    ]
