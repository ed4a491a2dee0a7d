"""Settings of the smoothing of fields by splines (specification 05, section 11)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuFrames, MenuRequest
from .spline import SplineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothRequest(MenuRequest):
    """Menu 9.

    Attributes
    ----------
    frames : MenuFrames
    scale : float
        Factor of the field (float32).
    grid_file : str, optional
        Text file of the points where surfaces are sampled; None: the points of the field.
    surface : SplineSettings
        Through every field.
    """

    frames: MenuFrames
    scale: float = 1.0
    grid_file: str | None = None
    surface: SplineSettings
