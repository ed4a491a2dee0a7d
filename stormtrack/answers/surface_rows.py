"""Prompts about the fit of a surface, which several parts of the dialogue ask.

References
----------
Specification 02, section 3 (block S).
"""

from __future__ import annotations

from .rows import Condition, Row, Section, both, yes


def surface(prefix: str, when: Condition, is_sphery: Condition) -> Section:
    """Block S of specification 02: how a surface is fitted, asked at its first use."""
    sphery = both(when, is_sphery)
    return (
        Row(f"{prefix}.spline.s", "lf", "smoothing factor of the surface; 0 interpolates", when),
        Row(f"{prefix}.sphery.poles?", "c", "say how smooth the surface is at the poles", sphery),
        Row(
            f"{prefix}.sphery.continuity",
            "d",
            "1: continuous slope at both poles; other: not",
            both(sphery, yes(f"{prefix}.sphery.poles?")),
        ),
    )
