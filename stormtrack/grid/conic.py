"""Conic map projections of the sphere, forward and inverse.

References
----------
Specification 05, section 11. Snyder (1987), Map Projections, chapters 14 to 16. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, Mask_1D
from ..errors import GridError
from ..kernels.declare import helper, kernel
from ..kernels.sphere import RAD
from .azimuthal import centre_angle

ALBERS, LAMBERT, EQUIDISTANT = 1, 2, 3
KINDS = (ALBERS, LAMBERT, EQUIDISTANT)
PI = 3.14159265358979323846
HALF_PI = PI / 2.0
QUARTER_PI = PI / 4.0
_NONE = float("nan")
"""No such radius or latitude."""


class Cone(NamedTuple):
    """A projection.

    Its kind, the cone's constant, what radii are computed from; of the centre the radius, and the longitude in degrees.
    """

    kind: int
    n: float
    constant: float
    rho_0: float
    lon_0: float


def cone(kind: int, centre: tuple[float, float], parallels: tuple[float, float]) -> Cone:
    """A projection.

    Parameters
    ----------
    kind : int
        1 Albers equal area, 2 Lambert conformal, 3 equidistant.
    centre : (float, float)
        Latitude and longitude, float32 degrees.
    parallels : (float, float)
        Standard parallels, float32 degrees; equal ones are one.

    Raises
    ------
    GridError
        The parallels make no cone.
    """
    lat_0 = centre_angle(np.float32(centre[0]))
    first, second = (centre_angle(np.float32(value)) for value in parallels)
    try:
        n, constant = _constants(kind, first, second)
        rho_0 = math.nan if n == 0.0 else _radius(kind, n, constant, lat_0)
    except (ValueError, ZeroDivisionError, OverflowError):
        n = rho_0 = math.nan
    if not (n != 0.0 and math.isfinite(n) and math.isfinite(rho_0)):
        raise GridError(
            f"the standard parallels {parallels[0]:g} and {parallels[1]:g} with a centre at latitude {centre[0]:g} "
            "make no cone; choose parallels on one side of the equator, not at poles"
        )
    return Cone(kind, n, constant, rho_0, float(np.float32(centre[1])))


def _constants(kind: int, first: float, second: float) -> tuple[float, float]:
    """The cone's constant, and what radii are computed from."""
    if kind == ALBERS:
        n = math.sin(first) if first == second else (math.sin(first) + math.sin(second)) / 2.0
        return n, math.cos(first) * math.cos(first) + 2.0 * n * math.sin(first)
    if kind == LAMBERT:
        near, far = math.tan(QUARTER_PI + first / 2.0), math.tan(QUARTER_PI + second / 2.0)
        n = math.sin(first) if first == second else math.log(math.cos(first) / math.cos(second)) / math.log(far / near)
        return n, math.cos(first) * math.pow(near, n) / n
    between = float(np.float32(second) - np.float32(first))
    n = math.sin(first) if first == second else (math.cos(first) - math.cos(second)) / between
    return n, math.cos(first) / n + first


@helper
def radius(kind, n, constant, lat):
    """Distance of a latitude (radians) from the tip of the unrolled cone; NaN where there is none."""
    if kind == ALBERS:
        square = constant - 2.0 * n * math.sin(lat)
        return math.sqrt(square) / n if square >= 0.0 else _NONE
    if kind == LAMBERT:
        return constant / math.pow(math.tan(QUARTER_PI + lat / 2.0), n)
    return constant - lat


def _radius(kind: int, n: float, constant: float, lat: float) -> float:
    return float(radius(kind, n, constant, lat))


@helper
def _latitude(cone, rho):
    """Latitude (radians) at a signed distance from the tip; NaN where there is none."""
    if cone.kind == ALBERS:
        sine = (cone.constant - (rho * cone.n) * (rho * cone.n)) / (2.0 * cone.n)
        return math.asin(sine) if abs(sine) <= 1.0 else _NONE
    if cone.kind == LAMBERT:
        return 2.0 * math.atan(math.pow(cone.constant / rho, 1.0 / cone.n)) - HALF_PI
    return cone.constant - rho


@helper
def _is_number(value):
    """Neither NaN nor infinite."""
    return value - value == 0.0


@kernel
def plane_points(cone: Cone, lon: F32_1D, lat: F32_1D, x: F32_1D, y: F32_1D, visible: Mask_1D) -> None:
    """Map positions of points (float32 degrees) into `x`, `y` (float32), left as they are where there is none."""
    for k in range(len(lon)):
        away = np.float64(lon[k]) - cone.lon_0
        while away > 180.0:
            away -= 360.0
        while away < -180.0:
            away += 360.0
        rho = radius(cone.kind, cone.n, cone.constant, np.float64(lat[k]) * RAD)
        visible[k] = _is_number(rho)
        if visible[k]:
            x[k] = np.float32(rho * math.sin(cone.n * (away * RAD)))
            y[k] = np.float32(cone.rho_0 - rho * math.cos(cone.n * (away * RAD)))


@kernel
def sphere_points(cone: Cone, x: F32_1D, y: F32_1D, lon: F32_1D, lat: F32_1D, visible: Mask_1D) -> None:
    """Points of the sphere (float32 degrees) at map positions, also of the sector that the cone does not cover."""
    for k in range(len(x)):
        along, down = np.float64(x[k]), cone.rho_0 - np.float64(y[k])
        rho = math.sqrt(along * along + down * down)
        if cone.n < 0.0:
            rho, along, down = -rho, -along, -down
        latitude = _latitude(cone, rho)
        visible[k] = _is_number(latitude)
        lon[k] = lat[k] = np.float32(0.0)
        if visible[k]:
            longitude = math.atan2(along, down) / cone.n / RAD + cone.lon_0
            if longitude < 0.0:
                longitude += 360.0
            elif longitude > 360.0:
                longitude -= 360.0
            lon[k], lat[k] = np.float32(longitude), np.float32(latitude / RAD)
