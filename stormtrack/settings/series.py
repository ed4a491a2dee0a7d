"""Which frames of a series the time functions of the analysis menu use, and which values are missing.

References
----------
Specification 05, sections 1.2 and 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from .startup import FieldSelection


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFrames:
    """Frames of a series: fs, fr, fe and the letter asked after them (1-based)."""

    first: int = 1
    step: int = 1
    last: int = 1_000_000_000
    """May lie beyond the data."""
    choice: Literal["a", "s", "i"] = "s"
    """`a` all frames, `s` as given, `i` first frame and step as given, to the end of the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTest:
    """Which values are missing."""

    value: float
    """Rounded to float32."""
    comparison: Literal[0, 1, 2] = 0
    """0: values equal to `value` (within 1e-6), 1: values below it, 2: values above it."""


GENERAL_MISSING = MissingTest(value=1.0e20)
"""What is missing where users were not asked (TRACK's own missing value)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightTable:
    """Weights of the frames used, one after the other, whatever their numbers."""

    path: str
    """For messages."""
    values: tuple[float, ...]
    """Rounded to float32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherField:
    """A field of another file than the run's input, in the format of the input."""

    path: str
    variable: str | int | None = None
    """Name or number (NetCDF files with several fields)."""
    level: float | int | None = None
    """Value or number (NetCDF fields with several levels)."""

    def selection(self, own: FieldSelection) -> FieldSelection:
        """How the file is read, given how the input is."""
        return replace(own, variable=self.variable, level=self.level, additional=None)


STORED_MEAN = "user_tavg"
"""File whose average can replace missing values: TRACK looks for it without the extension of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingReplacement:
    """Which values are missing, and what is put in their place."""

    test: MissingTest
    value: float = 0.0
    """Rounded to float32."""
    mean: OtherField | None = None
    """A time average, instead of the value."""
