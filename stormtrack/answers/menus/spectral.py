"""Menu 4: spectral filters.

References
----------
Specification 05, sections 2 to 4.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Literal

from ...settings.menus import MenuRequest
from ...settings.spectral import SpectralRequest, SpectralSettings
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, one_of, yes, yes_no
from .bands import (
    HOSKINS,
    NUMBER_OF_BANDS,
    TRUNCATION,
    ask_boundaries,
    output_grid,
    tell_boundaries,
    tell_grid,
    tell_hoskins,
)
from .frames import FRAMES, frames_of, tell_frames

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_OTHER_METHODS = {0: "least_squares", 2: "cosine_filter"}
"""Module of every method but the fast transform."""

_DERIVED = yes("spec.derived?")

SPECTRAL_START: Section = (
    Row(
        "spec.method",
        "d",
        "0 least squares, 1 fast transform, 2 limited-area cosine",
        allowed="0, 1 or 2",
        usable=one_of(0, 1, 2),
    ),
)
SPECTRAL: Section = (
    Row("spec.derived?", "c", "compute derived fields"),
    Row("spec.is_divergence", "d", "0: the input is vorticity; 1: divergence", _DERIVED, "0 or 1", one_of(0, 1)),
    Row("spec.derived_kind", "d", "0: winds; 1: stream function or potential", _DERIVED, "0 or 1", one_of(0, 1)),
    TRUNCATION,
    *output_grid(),
    NUMBER_OF_BANDS,
    *HOSKINS,
)

SPECTRAL_END: Section = (
    Row("spec.restrict?", "c", "replace large values"),
    Row("spec.restrict.max", "f", "upper bound", yes("spec.restrict?")),
    Row("spec.restrict.value", "f", "value put in their place", yes("spec.restrict?")),
)


def ask(asker: Asker, tables: Tables) -> MenuRequest:
    """Ask which filter, and its settings."""
    asker.section(FRAMES)
    method = asker.section(SPECTRAL_START).integer("spec.method")
    if method in _OTHER_METHODS:
        request: MenuRequest = importlib.import_module(f".{_OTHER_METHODS[method]}", __package__).ask(asker, tables)
        return request
    asker.section(SPECTRAL)
    boundaries = ask_boundaries(asker)
    a = asker.section(SPECTRAL_END)
    return SpectralRequest(frames=frames_of(a), settings=spectral_settings(a, boundaries))


def spectral_settings(a: Answers, boundaries: tuple[int, ...]) -> SpectralSettings:
    """The fast spectral filter."""
    new_grid: Literal["same", "gaussian", "file"] = "same"
    if a.yes("spec.new_grid?"):
        new_grid = "gaussian" if a.integer("spec.grid_kind") == 1 else "file"
    derived: Literal["none", "winds", "potential"] = "none"
    if a.yes("spec.derived?"):
        derived = "potential" if a.integer("spec.derived_kind") == 1 else "winds"
    restrict = (a.real("spec.restrict.max"), a.real("spec.restrict.value")) if a.yes("spec.restrict?") else None
    return SpectralSettings(
        truncation=a.integer("spec.truncation"),
        boundaries=boundaries,
        hoskins_cutoff=a.real("spec.hoskins_cutoff") if a.yes("spec.hoskins?") else None,
        new_grid=new_grid,
        grid_truncation=a.integer("spec.grid_truncation"),
        grid_file=a.text("spec.grid_file") if new_grid == "file" else None,
        restrict=restrict,
        derived=derived,
        input_is_divergence=a.integer("spec.is_divergence") == 1,
    )


def tell(request: SpectralRequest, tables: TableFiles) -> list[Scene]:
    """What the fast filter answers."""
    settings = request.settings
    limit, value = settings.restrict or (0.0, 0.0)
    return [
        {
            **tell_frames(request.frames),
            "spec.method": 1,
            "spec.derived?": yes_no(settings.derived != "none"),
            "spec.is_divergence": int(settings.input_is_divergence),
            "spec.derived_kind": int(settings.derived == "potential"),
            "spec.truncation": settings.truncation,
            **tell_grid(settings.new_grid, settings.grid_truncation, settings.grid_file),
            **tell_boundaries(settings.boundaries),
            **tell_hoskins(settings.hoskins_cutoff),
            "spec.restrict?": yes_no(settings.restrict),
            "spec.restrict.max": limit,
            "spec.restrict.value": value,
        }
    ]
