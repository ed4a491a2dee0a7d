"""Map projections: azimuthal, conic, and rotated longitudes and latitudes.

References
----------
Specification 01, section 9; 05, section 11. Parity: bitwise.
"""

from __future__ import annotations

import abc
import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..arrays import F32, Mask
from . import azimuthal, conic, rotated
from .azimuthal import Limits, View, centre_angle


@dataclass(frozen=True, slots=True, kw_only=True)
class MapProjection(abc.ABC):
    """A projection of the sphere.

    Attributes
    ----------
    kind : int
        TRACK's number within the group.
    latitude, longitude : float
        Centre (of rotated grids the rotation), float32 degrees; the longitude in 0 to 360.
    """

    group: ClassVar[int]
    """TRACK's number: 1 azimuthal, 2 conic, 3 rotated."""

    kind: int
    latitude: float
    longitude: float

    def to_sphere(self, x: F32, y: F32) -> tuple[F32, F32, Mask]:
        """Longitudes and latitudes of map positions.

        Parameters
        ----------
        x, y : float32, shape (n,)

        Returns
        -------
        lon, lat : float32, shape (n,), degrees
        visible : bool, shape (n,)
            False for positions outside the map, which get 0, 0.
        """
        lon, lat, visible = np.zeros(len(x), np.float32), np.zeros(len(x), np.float32), np.ones(len(x), np.bool_)
        self._to_sphere(np.ascontiguousarray(x, np.float32), np.ascontiguousarray(y, np.float32), lon, lat, visible)
        return lon, lat, visible

    def to_plane(self, lon: F32, lat: F32) -> tuple[F32, F32]:
        """Map positions (float32) of points given in float32 degrees; those that have none are left as they are."""
        x, y = np.array(lon, np.float32, order="C"), np.array(lat, np.float32, order="C")
        self._to_plane(np.ascontiguousarray(lon, np.float32), np.ascontiguousarray(lat, np.float32), x, y)
        return x, y

    def extent(self, lon: F32, lat: F32) -> tuple[int, float, float, float, float]:
        """How many points of a grid are visible, and the limits x0, x1, y0, y1 of their map positions."""
        every_lon, every_lat = (np.ascontiguousarray(each.ravel()) for each in np.meshgrid(lon, lat))
        x, y = np.empty_like(every_lon), np.empty_like(every_lat)
        visible = self._to_plane(every_lon, every_lat, x, y)
        if not visible.any():
            return 0, 0.0, 0.0, 0.0, 0.0
        x, y = x[visible], y[visible]
        return len(x), float(x.min()), float(x.max()), float(y.min()), float(y.max())

    def nodes(self, x: F32, y: F32, limits: Limits) -> tuple[F32, F32, Mask]:
        """Longitudes and latitudes of a grid's nodes, and which lie in a region of the sphere (limits included)."""
        shape = len(y), len(x)
        every_x, every_y = np.meshgrid(x, y)
        flat_lon, flat_lat, visible = self.to_sphere(every_x.ravel(), every_y.ravel())
        lon, lat = flat_lon.reshape(shape), flat_lat.reshape(shape)
        inside: Mask = visible.reshape(shape) & ((limits.east - lon) * (lon - limits.west) >= 0)
        inside &= (limits.north - lat) * (lat - limits.south) >= 0
        return lon, lat, inside

    @abc.abstractmethod
    def _to_sphere(self, x: F32, y: F32, lon: F32, lat: F32, visible: Mask) -> None:
        """Fill `lon`, `lat` and `visible`."""

    @abc.abstractmethod
    def _to_plane(self, lon: F32, lat: F32, x: F32, y: F32) -> Mask:
        """Fill `x` and `y`; which points have a position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Azimuthal(MapProjection):
    """An azimuthal projection: 1 orthographic, 2 stereographic, 3 gnomonic, 4 Lambert equal area, 5 equidistant."""

    group: ClassVar[int] = 1

    @property
    def view(self) -> View:
        """What kernels need of it."""
        return _view(self.kind, self.longitude, self.latitude)

    def extent(self, lon: F32, lat: F32) -> tuple[int, float, float, float, float]:
        """How many points of a grid are visible, and the limits x0, x1, y0, y1 of their map positions."""
        return azimuthal.extent_of(self.view, lon, lat)

    def nodes(self, x: F32, y: F32, limits: Limits) -> tuple[F32, F32, Mask]:
        """Longitudes and latitudes of a grid's nodes, and which lie in a region of the sphere (limits included)."""
        lon, lat = np.empty((len(y), len(x)), np.float32), np.empty((len(y), len(x)), np.float32)
        inside = np.empty((len(y), len(x)), np.bool_)
        azimuthal.target_points(self.view, x, y, limits, lon, lat, inside)
        return lon, lat, inside

    def _to_sphere(self, x: F32, y: F32, lon: F32, lat: F32, visible: Mask) -> None:
        azimuthal.sphere_points(self.view, x, y, lon, lat, visible)

    def _to_plane(self, lon: F32, lat: F32, x: F32, y: F32) -> Mask:
        azimuthal.plane_points(self.view, lon, lat, x, y)
        return np.ones(len(lon), np.bool_)


@functools.cache
def _view(kind: int, longitude: float, latitude: float) -> View:
    return View(kind, centre_angle(np.float32(longitude)), centre_angle(np.float32(latitude)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conic(MapProjection):
    """A conic projection: 1 Albers equal area, 2 Lambert conformal, 3 equidistant.

    Attributes
    ----------
    parallels : (float, float)
        Standard parallels, float32 degrees.
    """

    group: ClassVar[int] = 2
    parallels: tuple[float, float]

    @property
    def cone(self) -> conic.Cone:
        """What kernels need of it."""
        return conic.cone(self.kind, (self.latitude, self.longitude), self.parallels)

    def _to_sphere(self, x: F32, y: F32, lon: F32, lat: F32, visible: Mask) -> None:
        conic.sphere_points(self.cone, x, y, lon, lat, visible)

    def _to_plane(self, lon: F32, lat: F32, x: F32, y: F32) -> Mask:
        visible = np.empty(len(lon), np.bool_)
        conic.plane_points(self.cone, lon, lat, x, y, visible)
        return visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated(MapProjection):
    """Longitudes and latitudes by a rotated pole (kind 0)."""

    group: ClassVar[int] = 3

    @property
    def rotation(self) -> rotated.Rotation:
        """What kernels need of it."""
        return rotated.Rotation(centre_angle(np.float32(self.latitude)), centre_angle(np.float32(self.longitude)))

    def _to_sphere(self, x: F32, y: F32, lon: F32, lat: F32, visible: Mask) -> None:
        rotated.sphere_points(self.rotation, x, y, lon, lat)

    def _to_plane(self, lon: F32, lat: F32, x: F32, y: F32) -> Mask:
        rotated.plane_points(self.rotation, lon, lat, x, y)
        return np.ones(len(lon), np.bool_)
