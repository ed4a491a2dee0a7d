"""Prompts about bands that all spatial filters have.

References
----------
Specification 05, sections 2.1, 3 and 4.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...settings.restriction import Restriction
from ..asking import Asker
from ..rows import Answers, Condition, Row, Scene, Section, always, at_least, both, yes, yes_no

_MOST_BANDS = 1000
"""Each band is a file of its own."""

TRUNCATION = Row("spec.truncation", "d", "triangular truncation", allowed="0 or more", usable=at_least(0))
NUMBER_OF_BANDS = Row(
    "spec.nbands",
    "d",
    "number of bands",
    allowed="1 to 1000",
    usable=lambda value, _: 1 <= int(value) <= _MOST_BANDS,
)


def hoskins(possible: Condition, words: str) -> Section:
    """Prompts about the taper; `possible` says whether the answers so far have one, `words` when that is."""
    return (
        Row("spec.hoskins?", "c", "taper high wavenumbers"),
        Row(
            "spec.hoskins_cutoff",
            "f",
            "taper at the truncation",
            yes("spec.hoskins?"),
            words,
            lambda value, a: 0.0 < float(value) < float("inf") and possible(a),
        ),
    )


HOSKINS = hoskins(lambda a: a.integer("spec.truncation") > 0, "more than 0, with a truncation of 1 or more")

RESTRICTION: Section = (
    Row("spec.restrict?", "c", "replace small and large values"),
    Row("spec.restrict.min", "f", "values up to this one are replaced", yes("spec.restrict?")),
    Row(
        "spec.restrict.max",
        "f",
        "values from this one on are replaced",
        yes("spec.restrict?"),
        "more than the first one",
        lambda value, a: float(value) > a.real("spec.restrict.min"),
        joined=True,
    ),
    Row("spec.restrict.value", "f", "value put in their place", yes("spec.restrict?")),
)


def restriction(a: Answers) -> Restriction | None:
    """Limits of the values, if any."""
    if not a.yes("spec.restrict?"):
        return None
    return Restriction(
        lower=a.real("spec.restrict.min"), upper=a.real("spec.restrict.max"), value=a.real("spec.restrict.value")
    )


def ask_boundaries(asker: Asker) -> tuple[int, ...]:
    """Ask for the boundaries of the bands, total wavenumbers."""
    boundaries = []
    for number in range(1, asker.answers.integer("spec.nbands") + 2):
        key = f"spec.boundary{number}"
        row = Row(key, "d", f"boundary {number} of the bands, total wavenumber")
        boundaries.append(asker.section((row,)).integer(key))
    return tuple(boundaries)


def output_grid(when: Condition = always) -> Section:
    """Prompts about the grid that is written."""
    kind = "spec.grid_kind"
    wanted = both(when, yes("spec.new_grid?"))
    return (
        Row("spec.new_grid?", "c", "write on another grid", when),
        Row(kind, "d", "0: grid of a file; 1: Gaussian", wanted, "0 or 1", lambda value, _: value in (0, 1)),
        Row("spec.grid_file", "s", "file of the grid", both(wanted, lambda a: a.integer(kind) == 0)),
        Row(
            "spec.grid_truncation",
            "d",
            "truncation of the Gaussian grid",
            both(wanted, lambda a: a.integer(kind) == 1),
            "1 or more",
            at_least(1),
        ),
    )


def tell_restriction(restricted: Restriction | None) -> Scene:
    """What limits of the values answer."""
    if restricted is None:
        return {"spec.restrict?": "n"}
    return {
        "spec.restrict?": "y",
        "spec.restrict.min": restricted.lower,
        "spec.restrict.max": restricted.upper,
        "spec.restrict.value": restricted.value,
    }


def tell_hoskins(cutoff: float | None) -> Scene:
    """What the taper answers."""
    return {"spec.hoskins?": yes_no(cutoff), "spec.hoskins_cutoff": 0.0 if cutoff is None else cutoff}


def tell_boundaries(boundaries: Sequence[int]) -> Scene:
    """What bands of total wavenumbers answer."""
    limits = {f"spec.boundary{number}": value for number, value in enumerate(boundaries, 1)}
    return {"spec.nbands": len(boundaries) - 1, **limits}


def tell_grid(kind: str, truncation: int, path: str | None) -> Scene:
    """What the grid that is written answers; `kind` as in the settings of the filters."""
    return {
        "spec.new_grid?": yes_no(kind != "same"),
        "spec.grid_kind": int(kind == "gaussian"),
        "spec.grid_truncation": truncation,
        "spec.grid_file": path or "",
    }
