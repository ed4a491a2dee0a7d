"""Prompts about the surfaces that menu functions fit.

References
----------
Specification 05, sections 5.1, 6 and 7.
"""

from __future__ import annotations

from typing import Literal

from ...settings.spline import SplineSettings
from ..rows import Answers, Condition, Row, Scene, Section, always, at_least, both, equals, one_of, yes_no
from ..surface_rows import surface as surface_rows


def kind_row(when: Condition = always) -> Row:
    """The kind of surface."""
    return Row(
        "surface.kind",
        "d",
        "0: surface on the rectangle (smoopy); 1: on the sphere (sphery)",
        when,
        "0 or 1",
        one_of(0, 1),
    )


def kind_rows(when: Condition = always) -> Section:
    """The kind of surface, and columns repeated on both sides of a field."""
    return (
        kind_row(when),
        Row(
            "surface.wrap",
            "d",
            "columns repeated on both sides",
            both(when, equals("surface.kind", 0)),
            "0 to the number of columns",
            at_least(0),
        ),
    )


def fit_rows(prefix: str, when: Condition) -> Section:
    """How a surface is fitted, asked at its first use."""
    return surface_rows(prefix, when, equals("surface.kind", 1))


def surface(a: Answers, prefix: str) -> SplineSettings:
    """A surface as it was asked for."""
    kind: Literal["smoopy", "sphery"] = "sphery" if a.integer("surface.kind") == 1 else "smoopy"
    return SplineSettings(
        kind=kind,
        smoothing=a.real(f"{prefix}.spline.s"),
        pole_continuity=a.integer(f"{prefix}.sphery.continuity") == 1,
    )


def tell_surface(prefix: str, fitted: SplineSettings, wrap: int = 0) -> Scene:
    """What a surface answers."""
    return {
        "surface.kind": int(fitted.kind == "sphery"),
        "surface.wrap": wrap,
        f"{prefix}.spline.s": fitted.smoothing,
        f"{prefix}.sphery.poles?": yes_no(fitted.pole_continuity),
        f"{prefix}.sphery.continuity": int(fitted.pole_continuity),
    }
