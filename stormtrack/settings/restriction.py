"""Values that the spatial filters replace (specification 05, section 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Values at or beyond two limits are replaced before anything else (float32)."""

    lower: float
    upper: float
    value: float
