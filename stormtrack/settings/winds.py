"""Settings of what is computed from winds (specification 05, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .fields import FieldSeries
from .menus import MenuRequest
from .plan import FieldFile
from .series import MissingTest
from .spline import SplineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneSettings:
    """Vorticity in units of the grid, not on the sphere.

    Attributes
    ----------
    scaling : float
        Factor of the vorticity (float32).
    latitudes : FieldFile, optional
        A field of latitudes, for the term u tan(latitude) / radius.
    """

    scaling: float
    latitudes: FieldFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplineVorticity:
    """Vorticity of winds from surfaces.

    Attributes
    ----------
    surfaces : (SplineSettings, SplineSettings)
        Through the field of u (times the cosine of the latitude) and of v; both of the same kind. As in TRACK the
        smoothing factor of u holds for the first frame; later ones have that of v.
    wrap : int
        Columns repeated on both sides before surfaces on the rectangle are fitted.
    plane : PlaneSettings, optional
        None: on the sphere.
    """

    surfaces: tuple[SplineSettings, SplineSettings]
    wrap: int = 0
    plane: PlaneSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeostrophicVorticity:
    """Vorticity of the geostrophic wind of one field.

    Attributes
    ----------
    of_pressure : bool
        The field is a pressure at sea level, else a geopotential.
    surface : SplineSettings
    wrap : int
        See `SplineVorticity`.
    """

    of_pressure: bool
    surface: SplineSettings
    wrap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingWinds:
    """Which values are missing, and what is written where one is needed (float32)."""

    test: MissingTest
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceVorticity:
    """Vorticity of winds from differences between neighbours.

    Attributes
    ----------
    wraps : bool
        The first and the last column are neighbours.
    missing : MissingWinds, optional
    plane : PlaneSettings, optional
        None: on the sphere.
    """

    wraps: bool
    missing: MissingWinds | None = None
    plane: PlaneSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindStrength:
    """Speed or kinetic energy of winds, or the energy of speeds.

    Attributes
    ----------
    kind : {'speed', 'energy', 'energy_of_speed'}
    missing : MissingWinds, optional
    """

    kind: Literal["speed", "energy", "energy_of_speed"]
    missing: MissingWinds | None = None


Quantity = SplineVorticity | GeostrophicVorticity | DifferenceVorticity | WindStrength


@dataclass(frozen=True, slots=True, kw_only=True)
class WindsRequest(MenuRequest):
    """Menu 12.

    Attributes
    ----------
    fields : tuple of FieldSeries
        u and v, or the only field.
    output : str
        Name of the file.
    quantity : Quantity
    """

    fields: tuple[FieldSeries, ...]
    output: str
    quantity: Quantity
