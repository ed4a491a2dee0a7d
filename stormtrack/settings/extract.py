"""Settings of the extraction of frames (menu 8; specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .menus import MenuFrames, MenuRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTransform:
    """A point-wise transform of the extracted values."""

    kind: int
    """As numbered in 05, section 11: 1 +, 2 -, 3 x, 4 /, 5 power, 6 zero at or below, 7 zero at or above, 8 log10,
    9 log, 10 square, 11 inverse, 12 exp, 13 absolute value, 14 less the planetary vorticity; other: none."""
    constant: float | None = None
    """Asked for kinds 1 to 7."""
    missing: tuple[float, int] | None = None
    """Missing value and comparison (0 equal, 1 less, 2 greater), if the field has missing values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSettings:
    """One extraction."""

    frames: MenuFrames
    choice: Literal["a", "s", "i"]
    """`a` all frames, `s` as given (clipped), `i` start and step as given to the end of the file."""
    transform: FieldTransform | None = None
    convert: bool = False
    """Convert the result to TRACK binary afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRequest(MenuRequest):
    """Menu 8."""

    settings: ExtractSettings
