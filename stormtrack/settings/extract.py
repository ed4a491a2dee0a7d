"""Settings of the extraction of frames (menu 8; specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .spectral import MenuFrames


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTransform:
    """A point-wise transform of the extracted values."""

    kind: int
    """1 to 14: + - x / power, zero below, zero above, log10, log, inverse, square?, ... as numbered in 05, section 11."""
    constant: float | None = None
    """Asked for kinds 1 to 7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSettings:
    """One extraction."""

    frames: MenuFrames
    choice: Literal["a", "s", "i"]
    """`a` all frames, `s` as given (clipped), `i` start and step as given to the end of the file."""
    hole_filling: int = 0
    transform: FieldTransform | None = None
    convert: bool = False
    """Convert the result to TRACK binary afterwards."""
