"""How a map is asked for, and which projection suits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F32, F64
from ..errors import UserInputError, did_you_mean
from .projections import LambertConformal, PlateCarree, PolarStereographic, Projection, Window

PROJECTIONS = ("auto", "plate-carree", "north", "south", "lambert")
_HEMISPHERE = 20.0
"""A map of a hemisphere ends here, or where the points end."""
_MARGIN = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions:
    """How a map looks.

    Attributes
    ----------
    projection : str
        One of `PROJECTIONS`; ``"auto"``: Lambert's for a region on one side of the equator, a hemisphere for tracks
        that keep to one, else plate carree.
    region : (west, east, south, north), optional
        Degrees, over any meridian; None: the globe, of a hemisphere down to 20 degrees.
    centre : float, optional
        Longitude in the middle.
    limits : (float, float), optional
        Least and largest value of the colours.
    title : str, optional
        None: from the metadata.

    Raises
    ------
    UserInputError
        If there is no such projection, or the limits are not in order.
    """

    projection: str = "auto"
    region: tuple[float, float, float, float] | None = None
    centre: float | None = None
    limits: tuple[float, float] | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        if self.projection not in PROJECTIONS:
            raise UserInputError(f"projection={self.projection!r}: allowed are {', '.join(PROJECTIONS)}")
        if self.limits is not None and not self.limits[0] < self.limits[1]:
            raise UserInputError(f"limits {self.limits[0]:g} {self.limits[1]:g}: the least value, then the largest")


def map_options(options: Mapping[str, Any]) -> MapOptions:
    """Options of maps by their names.

    Raises
    ------
    UserInputError
        If there is no such option, or a value cannot be used.
    """
    allowed = list(MapOptions.__dataclass_fields__)
    wrong = [name for name in options if name not in allowed]
    if wrong:
        raise UserInputError(f"option '{wrong[0]}'{did_you_mean(wrong[0], allowed)}: allowed are {', '.join(allowed)}")
    return MapOptions(**options)


def chosen_projection(options: MapOptions, lat: F32 | F64 | None = None) -> Projection:
    """The projection of a map.

    Parameters
    ----------
    options : MapOptions
    lat : array, optional
        Latitudes of what is shown, to choose a hemisphere by; None: no hemisphere is chosen.

    Raises
    ------
    UserInputError
        If the region does not suit the projection.
    """
    window = None if options.region is None else Window.of(*options.region)
    name = options.projection
    if name == "auto":
        name = _suitable(window, lat)
    if name in ("north", "south"):
        return _polar(name == "south", window, options.centre or 0.0, lat)
    if name == "lambert":
        if window is None:
            raise UserInputError("Lambert's projection needs a region: west, east, south, north")
        return LambertConformal(window)
    if window is None:
        centre = options.centre or 0.0
        window = Window(centre - 180.0, centre + 180.0, -90.0, 90.0)
    return PlateCarree(window)


def _suitable(window: Window | None, lat: F32 | F64 | None) -> str:
    if window is not None:
        one_side = not window.south < 0.0 < window.north
        return "lambert" if one_side and window.east - window.west <= 180.0 else "plate-carree"
    if lat is None or not len(lat) or lat.min() < 0.0 < lat.max():
        return "plate-carree"
    return "north" if lat.min() >= 0.0 else "south"


def _polar(south: bool, window: Window | None, centre: float, lat: F32 | F64 | None) -> PolarStereographic:
    if window is not None:
        limit = window.north if south else window.south
    else:
        sign = -1.0 if south else 1.0
        there = np.zeros(0) if lat is None else sign * np.asarray(lat, np.float64)
        there = there[there >= 0.0]
        ends = min(_HEMISPHERE, float(np.floor(there.min() - _MARGIN))) if len(there) else _HEMISPHERE
        limit = sign * max(0.0, ends)
    if not abs(limit) < 85.0 or ((limit > 0.0) == south and limit != 0.0):
        side = "south of 0, such as -20" if south else "north of 0, such as 20"
        raise UserInputError(f"a map round a pole that ends at {limit:g}: it ends {side}, and at 85 degrees at most")
    return PolarStereographic(limit, south, centre)
