"""The phase space of cyclones: thermal asymmetry and thermal winds from geopotential heights around a centre.

References
----------
Hart (2003), Mon. Wea. Rev. 131, 585. Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Array
from ..errors import GridError
from ..sphere import EARTH_RADIUS_KM, arc, bearing

FRONTAL = 10.0
"""Asymmetry in m from which on a cyclone is called asymmetric (frontal)."""
UNKNOWN = "unknown"
_ON_THE_LINE = 1.0e-9
"""Sine of an angle below which a point lies on the course, and half of it on either side."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeightGrid:
    """Where heights are given.

    Attributes
    ----------
    lon : float64, shape (n_lon,)
        Degrees, rising.
    lat : float64, shape (n_lat,)
        Degrees, from south to north.
    """

    lon: F64
    lat: F64

    def __post_init__(self) -> None:
        if min(len(self.lon), len(self.lat)) < 2 or not (
            (np.diff(self.lon) > 0).all() and (np.diff(self.lat) > 0).all()
        ):
            raise GridError("heights: longitudes and latitudes rise, two or more of each")

    @property
    def around(self) -> bool:
        """Whether the longitudes go around the globe."""
        return bool(self.lon[-1] - self.lon[0] + 1.5 * np.diff(self.lon).max() >= 360.0)

    def cap(self, lon: float, lat: float, radius: float) -> Cap:
        """The points of the grid within a radius (km, itself included) of a centre."""
        angle = np.degrees(radius / EARTH_RADIUS_KM)
        rows = np.flatnonzero(np.abs(self.lat - lat) <= angle + 1.0e-9)
        if not len(rows):
            return Cap(row=rows, column=rows, direction=np.zeros(0), whole=False)
        columns = np.arange(len(self.lon))
        row, column = (part.ravel() for part in np.meshgrid(rows, columns, indexing="ij"))
        x, y = self.lon[column], self.lat[row]
        centre = np.full(len(x), lon), np.full(len(x), lat)
        away = EARTH_RADIUS_KM * arc(*centre, x, y)
        near = away <= radius
        row, column = row[near], column[near]
        direction = np.degrees(bearing(centre[0][near], centre[1][near], x[near], y[near]))
        direction[away[near] == 0.0] = np.nan
        return Cap(row=row, column=column, direction=direction, whole=self._holds(lon, lat, angle))

    def _holds(self, lon: float, lat: float, angle: float) -> bool:
        """Whether a circle lies in the grid; half a row beyond the outer ones (so, to the poles) still does."""
        half = 0.5 * float(np.diff(self.lat).max())
        to_poles = self.lat[0] - 2 * half <= -90.0, self.lat[-1] + 2 * half >= 90.0
        south = to_poles[0] or lat - angle >= self.lat[0] - half
        north = to_poles[1] or lat + angle <= self.lat[-1] + half
        if self.around or not (south and north):
            return bool(south and north)
        if abs(lat) + angle >= 90.0:
            return False
        width = np.degrees(np.arcsin(np.sin(np.radians(angle)) / np.cos(np.radians(lat))))
        west = (lon - width - self.lon[0]) % 360.0
        return bool(west + 2 * width <= self.lon[-1] - self.lon[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cap:
    """Points of a grid around a centre.

    Attributes
    ----------
    row, column : int64, shape (n,)
    direction : float64, shape (n,)
        Where they lie, seen from the centre: degrees clockwise from north; NaN of the centre itself.
    whole : bool
        The grid holds the whole circle.
    """

    row: I64
    column: I64
    direction: F64
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Places of the pressure levels (hPa) of two layers among those of the heights.

    Attributes
    ----------
    lower, upper : tuple of int
        Levels of each layer, ends included.
    bottom, top : int
        The levels between which the thickness is taken: the ends of the lower layer.
    pressure : float64, shape (n_levels,)
    """

    lower: tuple[int, ...]
    upper: tuple[int, ...]
    bottom: int
    top: int
    pressure: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The three parameters of a point, in m; NaN where they are not known.

    Attributes
    ----------
    asymmetry : float
        B: thickness to the right of the motion less that to the left; the other way round in the south.
    lower, upper : float
        -V_T of the lower and the upper layer: positive of warm cores.
    """

    asymmetry: float
    lower: float
    upper: float


NOTHING = Parameters(asymmetry=np.nan, lower=np.nan, upper=np.nan)


def parameters(heights: F64, cap: Cap, weights: F64, layers: Layers, course: tuple[float, float]) -> Parameters:
    """The parameters of one point.

    Parameters
    ----------
    heights : float64, shape (n_levels, n)
        Geopotential heights in m at the points of the cap; NaN (under the ground) does not count.
    cap : Cap
    weights : float64, shape (n,)
        Areas of the points, in any unit.
    layers : Layers
    course : (float, float)
        Direction of motion (degrees clockwise from north, NaN without motion), and 1 in the Northern Hemisphere, -1 in
        the Southern one.
    """
    if not cap.whole or not len(cap.row):
        return NOTHING
    ranges = _ranges(heights)
    logs = np.log(np.array(layers.pressure))
    slopes = [_slope(logs[list(part)], ranges[list(part)]) for part in (layers.lower, layers.upper)]
    thickness = heights[layers.top] - heights[layers.bottom]
    direction, hemisphere = course
    to_the_right = np.sin(np.radians(cap.direction - direction))
    line = ~(np.abs(to_the_right) > _ON_THE_LINE)
    right = weights * np.where(line, 0.5, to_the_right > 0.0)
    left = weights * np.where(line, 0.5, to_the_right < 0.0)
    asymmetry = hemisphere * (_mean(thickness, right) - _mean(thickness, left))
    if np.isnan(direction):
        asymmetry = float("nan")
    return Parameters(asymmetry=asymmetry, lower=slopes[0], upper=slopes[1])


def _ranges(heights: F64) -> F64:
    """Largest less smallest height of each level; NaN of a level without any."""
    known = np.isfinite(heights)
    most = np.where(known, heights, -np.inf).max(axis=1)
    least = np.where(known, heights, np.inf).min(axis=1)
    found: F64 = np.where(known.any(axis=1), most - least, np.nan)
    return found


def _slope(x: F64, y: F64) -> float:
    """Slope of the straight line nearest to the points; NaN if a value is not known."""
    away = x - x.mean()
    return float((away * (y - y.mean())).sum() / (away * away).sum())


def _mean(values: F64, weights: F64) -> float:
    used = np.isfinite(values)
    total = weights[used].sum()
    return float((values[used] * weights[used]).sum() / total) if total > 0 else float("nan")


def phases(asymmetry: F64, lower: F64, upper: F64) -> Array:
    """What cyclones are called: texts (object), shape (n,).

    ``symmetric`` up to an asymmetry of 10 m, ``asymmetric`` above; ``deep warm``, ``shallow warm`` (warm below, cold
    above), ``cold``, and ``cold below warm``; ``unknown`` where a parameter is not known.
    """
    symmetry = np.where(asymmetry > FRONTAL, "asymmetric", "symmetric").astype(object)
    core = np.where(
        lower > 0,
        np.where(upper > 0, "deep warm", "shallow warm"),
        np.where(upper > 0, "cold below warm", "cold"),
    ).astype(object)
    found: Array = symmetry + " " + core
    found[~(np.isfinite(asymmetry) & np.isfinite(lower) & np.isfinite(upper))] = UNKNOWN
    return found
