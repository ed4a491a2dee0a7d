"""Settings of one spline surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SplineSettings:
    """A spline surface as asked for in the dialogue (specification 02, block S)."""

    kind: Literal["smoopy", "sphery"] = "smoopy"
    smoothing: float = 0.0
    """Smoothing factor s (float64, >= 0); 0 interpolates."""
    pole_continuity: bool = False
    """C1 continuity at both poles (sphery only)."""
