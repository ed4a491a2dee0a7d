"""Settings of the combination of time averages of several periods (specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuRequest
from .series import OtherField, WeightTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFiles:
    """What the time function of the menu has written about one period."""

    mean: OtherField
    weights: OtherField | None = None
    """Sum of the weights at every point; None: all periods count alike."""
    deviation: OtherField | None = None
    filtered: OtherField | None = None
    """Filtered variance."""
    filtered_weight: float | None = None
    """Of the filtered variance (float32); None: all periods count alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineRequest(MenuRequest):
    """Menu 10: every period has its own files. The same kinds of files are there for all."""

    periods: tuple[PeriodFiles, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CombineSeriesRequest(MenuRequest):
    """Menu 11: periods are the frames of a file for each quantity."""

    mean: OtherField
    deviation: OtherField
    filtered: OtherField
    weights: OtherField
    filtered_weights: WeightTable
    """A weight of the filtered variance for each period."""
