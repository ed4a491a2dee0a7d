"""Settings of gradients and frontal parameters (specification 05, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .fields import FieldSeries
from .menus import MenuRequest
from .spline import SplineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientSettings:
    """What is computed from the surface through a field.

    Attributes
    ----------
    surface : SplineSettings
        Through the field and all that is computed from it.
    wrap : int
        Columns repeated on both sides before surfaces on the rectangle are fitted.
    on_plane : bool
        In units of the grid, not on the sphere.
    components : {'none', 'gradient', 'geostrophic'}
        Components of the gradient, or the geostrophic wind.
    quantity : {'geopotential', 'height', 'pressure'}
        What the field is, for geostrophic winds.
    front : bool
        The thermal front parameter.
    clarke_renard : bool
        The parameter of Clarke and Renard; needs `front`.
    locator : bool
        The locator of fronts by advection (McCann and Whistler); needs `front` and winds.
    """

    surface: SplineSettings
    wrap: int = 0
    on_plane: bool = False
    components: Literal["none", "gradient", "geostrophic"] = "none"
    quantity: Literal["geopotential", "height", "pressure"] = "geopotential"
    front: bool = False
    clarke_renard: bool = False
    locator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientsRequest(MenuRequest):
    """Menu 13.

    Attributes
    ----------
    fields : tuple of FieldSeries
        The field; with a locator u and v too.
    settings : GradientSettings
    outputs : tuple of str
        Names of the files: magnitude, then what is asked for of front, Clarke and Renard's parameter, locator, and two
        components.
    """

    fields: tuple[FieldSeries, ...]
    settings: GradientSettings
    outputs: tuple[str, ...]
