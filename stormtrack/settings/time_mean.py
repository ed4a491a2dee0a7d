"""Settings of time averages (menu 3; specification 05, section 8.1)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuRequest
from .series import GENERAL_MISSING, MissingTest, OtherField, SeriesFrames, WeightTable


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

    @property
    def left_out(self) -> MissingTest | None:
        """The values that are left out: with weights, TRACK's general missing value if no others are named."""
        return GENERAL_MISSING if self.missing is None and self.weights is not None else self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMeanRequest(MenuRequest):
    """Menu 3."""

    settings: TimeMeanSettings
