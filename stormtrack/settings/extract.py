"""Settings of the extraction of frames (menu 8; specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuRequest
from .series import MissingTest, SeriesFrames


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTransform:
    """A point-wise transform of the extracted values."""

    kind: int
    """As numbered in 05, section 11: 1 +, 2 -, 3 x, 4 /, 5 power, 6 zero at or below, 7 zero at or above, 8 log10,
    9 log, 10 square, 11 inverse, 12 exp, 13 absolute value, 14 less the planetary vorticity; other: none."""
    constant: float | None = None
    """Asked for kinds 1 to 7."""
    missing: MissingTest | None = None
    """Values that are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSettings:
    """One extraction."""

    frames: SeriesFrames
    transform: FieldTransform | None = None
    convert: bool = False
    """Convert the result to TRACK binary afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest(MenuRequest):
    """Menu 8."""

    settings: ExtractSettings
