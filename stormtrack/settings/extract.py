"""Settings of the extraction of frames (menu 8; specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


NEIGHBOURS, BETWEEN, CONSTANT = 1, 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HoleFilling:
    """What missing values are replaced by, before any transform."""

    kind: Literal[1, 3, 4]
    """1 the mean of their neighbours, 4 a value; 3: whole rows, by a line between two others."""
    missing: MissingTest | None = None
    """Which values are missing; None: none are."""
    backward: bool = False
    """Neighbours: go over the field once more from its end."""
    latitudes: tuple[float, float] = (0.0, 0.0)
    """Rows between which others are replaced."""
    in_sine: bool = False
    """The line is one in the sine of latitude."""
    value: float = 0.0
    """Rounded to float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSettings:
    """One extraction."""

    frames: SeriesFrames
    holes: HoleFilling | None = None
    transform: FieldTransform | None = None
    convert: bool = False
    """Convert the result to TRACK binary afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest(MenuRequest):
    """Menu 8."""

    settings: ExtractSettings
