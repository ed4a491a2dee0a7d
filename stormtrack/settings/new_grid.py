"""Settings of the interpolation of fields to another grid (specification 05, section 7)."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuFrames, MenuRequest
from .spline import SplineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGridRequest(MenuRequest):
    """Menu 14.

    Attributes
    ----------
    frames : MenuFrames
    grid_file : str, optional
        Text file of the new grid; None: a Gaussian grid.
    truncation : int
        Of the Gaussian grid, which has no column at 360 degrees.
    surface : SplineSettings
        Through every field.
    wrap : int
        Columns repeated on both sides before surfaces on the rectangle are fitted.
    output : str
        Name of the file.
    """

    frames: MenuFrames
    grid_file: str | None = None
    truncation: int = 0
    surface: SplineSettings
    wrap: int = 0
    output: str
