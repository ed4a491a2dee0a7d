"""Settings of the fast spectral filter (specification 05, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .menus import MenuFrames, MenuRequest
from .ranges import NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralSettings:
    """Filter by the fast transform."""

    truncation: NotNegative
    boundaries: tuple[int, ...]
    """nbands + 1 total wavenumbers."""
    hoskins_cutoff: float | None = None
    new_grid: Literal["same", "gaussian", "file"] = "same"
    grid_truncation: NotNegative = 0
    grid_file: str | None = None
    restrict: tuple[float, float] | None = None
    """Upper bound and replacement value (float32)."""
    derived: Literal["none", "winds", "potential"] = "none"
    input_is_divergence: bool = False
    """Which quantity the derived fields start from: divergence rather than vorticity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectralRequest(MenuRequest):
    """Menu 4, fast transform."""

    frames: MenuFrames
    settings: SpectralSettings
