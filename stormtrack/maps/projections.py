"""Map projections of the unit sphere in float64: plate carree, polar stereographic, Lambert's conformal cone.

References
----------
Snyder (1987), Map projections, a working manual, USGS Professional Paper 1395: sections 12, 15 and 21 (spherical
forms). Parity: not applicable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..arrays import F64
from ..errors import UserInputError

_EDGE_STEP = 1.0
_FULL = 360.0


@dataclass(frozen=True, slots=True)
class Window:
    """Part of the globe that a map shows, degrees.

    Attributes
    ----------
    west, east : float
        East is above west, by 360 at most.
    south, north : float

    Raises
    ------
    UserInputError
        If it is empty or goes beyond the poles.
    """

    west: float
    east: float
    south: float
    north: float

    def __post_init__(self) -> None:
        if not (-90.0 <= self.south < self.north <= 90.0 and 0.0 < self.east - self.west <= _FULL):
            raise UserInputError(
                f"region {self.west:g} {self.east:g} {self.south:g} {self.north:g}: west, east, south, north are "
                "needed, with south below north, both within -90 and 90, and an area above 0"
            )

    @classmethod
    def of(cls, west: float, east: float, south: float, north: float) -> Window:
        """A window over any meridian: ``(150, -120, 20, 60)`` goes over the date line."""
        width = (east - west) % _FULL or (_FULL if east != west else 0.0)
        return cls(west, west + width, south, north)

    @property
    def middle(self) -> float:
        """Longitude in the middle."""
        return 0.5 * (self.west + self.east)

    @property
    def is_round(self) -> bool:
        """Whether it goes round the globe."""
        return self.east - self.west >= _FULL

    def outline(self) -> tuple[F64, F64]:
        """Longitudes and latitudes of the border, once round."""
        x = np.linspace(self.west, self.east, max(2, math.ceil((self.east - self.west) / _EDGE_STEP) + 1))
        y = np.linspace(self.south, self.north, max(2, math.ceil((self.north - self.south) / _EDGE_STEP) + 1))
        lon = np.concatenate([x, np.full(len(y), self.east), x[::-1], np.full(len(y), self.west)])
        lat = np.concatenate([np.full(len(x), self.south), y, np.full(len(x), self.north), y[::-1]])
        return lon, lat


class Projection(Protocol):
    """From longitudes and latitudes (degrees) to a plane."""

    @property
    def window(self) -> Window:
        """What the map shows."""

    @property
    def has_seam(self) -> bool:
        """Whether lines have to be cut at the west and the east."""

    def xy(self, lon: F64, lat: F64) -> tuple[F64, F64]:
        """Positions on the plane, of the shapes of the arguments."""

    def border(self) -> tuple[F64, F64]:
        """Border of the map on the plane, once round."""


@dataclass(frozen=True, slots=True)
class PlateCarree:
    """Degrees as they are."""

    window: Window
    has_seam = True

    def xy(self, lon: F64, lat: F64) -> tuple[F64, F64]:
        """Longitudes and latitudes."""
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    def border(self) -> tuple[F64, F64]:
        """The window."""
        return self.window.outline()


@dataclass(frozen=True, slots=True)
class PolarStereographic:
    """A hemisphere, or less, round a pole; the meridian `centre` goes down (north) or up (south).

    Attributes
    ----------
    limit : float
        Latitude of the border; positive round the North Pole, negative round the South Pole, or 0 with `south`.
    south : bool
    centre : float
        Longitude.
    """

    limit: float
    south: bool = False
    centre: float = 0.0
    has_seam = False

    @property
    def window(self) -> Window:
        """All longitudes to the border."""
        ends = (-90.0, self.limit) if self.south else (self.limit, 90.0)
        return Window(self.centre - 180.0, self.centre + 180.0, *ends)

    def xy(self, lon: F64, lat: F64) -> tuple[F64, F64]:
        """Positions; the pole is the origin."""
        sign = -1.0 if self.south else 1.0
        radius = np.tan(np.radians(90.0 - sign * np.asarray(lat, np.float64)) / 2.0)
        angle = np.radians(np.asarray(lon, np.float64) - self.centre)
        return radius * np.sin(angle), -sign * radius * np.cos(angle)

    def border(self) -> tuple[F64, F64]:
        """A circle."""
        lon = np.linspace(self.centre - 180.0, self.centre + 180.0, 361)
        return self.xy(lon, np.full(len(lon), self.limit))


@dataclass(frozen=True, slots=True)
class LambertConformal:
    """A cone for a region on one side of the equator; its parallels stand a sixth of the region from its ends."""

    window: Window
    has_seam = True

    def __post_init__(self) -> None:
        window = self.window
        if window.south < 0.0 < window.north or window.east - window.west > 180.0:
            raise UserInputError(
                "Lambert's projection is for a region on one side of the equator that is 180 degrees wide at most; "
                f"this one goes from {window.west:g} to {window.east:g} and from {window.south:g} to {window.north:g}: "
                "take plate-carree, north or south"
            )

    @property
    def _cone(self) -> tuple[float, float]:
        """The cone's constant and the scale."""
        south, north = self.window.south, self.window.north
        one, two = (math.radians(south + (north - south) * part) for part in (1.0 / 6.0, 5.0 / 6.0))

        def stretched(phi: float) -> float:
            return math.tan(math.pi / 4.0 + phi / 2.0)

        n = math.log(math.cos(one) / math.cos(two)) / math.log(stretched(two) / stretched(one))
        return n, math.cos(one) * stretched(one) ** n / n

    def xy(self, lon: F64, lat: F64) -> tuple[F64, F64]:
        """Positions; the middle meridian is upright."""
        n, scale = self._cone
        lat = np.clip(np.asarray(lat, np.float64), self.window.south - 5.0, self.window.north + 5.0)
        lat = np.clip(lat, -90.0, 90.0)
        with np.errstate(divide="ignore"):
            radius = scale / np.tan(math.pi / 4.0 + np.radians(lat) / 2.0) ** n
        angle = n * np.radians(np.asarray(lon, np.float64) - self.window.middle)
        return radius * np.sin(angle), -radius * np.cos(angle)

    def border(self) -> tuple[F64, F64]:
        """The window's border."""
        return self.xy(*self.window.outline())
