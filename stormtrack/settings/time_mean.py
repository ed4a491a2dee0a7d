"""Settings of time averages (menu 3; specification 05, section 8.1)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuRequest
from .series import MissingTest, OtherField, SeriesFrames, WeightTable


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMeanSettings:
    """A time average, the deviations from it and their size; or the anomalies from an average that exists."""

    frames: SeriesFrames
    missing: MissingTest | None = None
    """Values that are left out; None: there are none."""
    existing: OtherField | None = None
    """An average that is subtracted; nothing else is computed then."""
    weights: WeightTable | None = None
    anomalies: bool = False
    """Write the frames less their average."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMeanRequest(MenuRequest):
    """Menu 3."""

    settings: TimeMeanSettings
