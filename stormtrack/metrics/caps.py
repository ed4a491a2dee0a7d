"""Which cells of a grid lie within a radius of points, and how far away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from .options import EARTH_RADIUS_KM

_SLACK = 1.0e-6
"""Degrees by which cells are looked for beyond the radius; the distance decides."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a grid of longitudes and latitudes.

    Attributes
    ----------
    lon : float64, shape (n_lon,)
        Degrees, ascending, less than 360 degrees from the first to the last.
    lat : float64, shape (n_lat,)
        Degrees, ascending.
    """

    lon: F64
    lat: F64

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.lon) * len(self.lat)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Points and the cells around them, in the order of the points.

    Attributes
    ----------
    point : int64, shape (n,)
    cell : int64, shape (n,)
        Counted along longitudes first.
    weight : float64, shape (n,)
        Of the kernel.
    """

    point: I64
    cell: I64
    weight: F64


def pairs_within(lon: F64, lat: F64, lines: Lines, radius: float, kernel: str) -> Pairs:
    """All cells within the radius (km, border included) of each point, with their weights.

    Parameters
    ----------
    lon, lat : float64, shape (n_points,)
        Degrees.
    lines : Lines
    radius : float
        km.
    kernel : str
        One of `options.KERNELS`.

    Notes
    -----
    The cost follows the cells of a cap: rows by latitude, then the columns between which the circle cuts the row.
    """
    angle = radius / EARTH_RADIUS_KM
    reach = np.degrees(angle) + _SLACK
    first = np.searchsorted(lines.lat, lat - reach, "left")
    point, row = _ranges(first, np.searchsorted(lines.lat, lat + reach, "right") - first)
    n = len(lines.lon)
    around = np.concatenate((lines.lon - 360.0, lines.lon, lines.lon + 360.0))
    middle = lines.lon[0] + (lon[point] - lines.lon[0]) % 360.0
    half = _half_width(lat[point], lines.lat[row], angle) + _SLACK
    first = np.searchsorted(around, middle - half, "left")
    number = np.minimum(np.searchsorted(around, middle + half, "right") - first, n)
    of, column = _ranges(first, number)
    phi, theta = np.radians(lat[point]), np.radians(lines.lat[row])
    along, across = np.sin((phi - theta) / 2.0) ** 2, np.cos(phi) * np.cos(theta)
    turn = np.sin(np.radians(around[column] - middle[of]) / 2.0)
    haversine = np.clip(along[of] + across[of] * turn * turn, 0.0, 1.0)
    distance = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(haversine))
    near = distance <= radius
    of = of[near]
    return Pairs(point[of], row[of] * n + column[near] % n, _weights(distance[near] / radius, kernel))


def _ranges(first: I64, number: I64) -> tuple[I64, I64]:
    """Owner and value of ``first[k] .. first[k] + number[k] - 1`` for every k, one after another."""
    number = np.maximum(number, 0)
    owner = np.repeat(np.arange(len(first)), number)
    before = np.cumsum(number) - number
    return owner, np.arange(len(owner)) - (before - first)[owner]


def _half_width(lat: F64, row: F64, angle: float) -> F64:
    """Half of the longitudes, degrees, that a circle around a point at `lat` takes of the parallel `row`."""
    phi, theta = np.radians(lat), np.radians(row)
    across = np.cos(phi) * np.cos(theta)
    level = np.cos(angle) - np.sin(phi) * np.sin(theta)
    polar = across < 1.0e-9  # all of the parallel of a pole, or none; the distance decides
    cosine = np.where(polar, -1.0, level / np.where(polar, 1.0, across))
    # near the ends the arc cosine loses half of the digits: a little more
    found: F64 = np.degrees(np.arccos(np.clip(cosine - 1.0e-12 / np.where(polar, 1.0, across), -1.0, 1.0)))
    return found


def _weights(part: F64, kernel: str) -> F64:
    """Weights of distances given as parts of the radius, 0 to 1."""
    if kernel == "constant":
        return np.ones(len(part))
    if kernel == "linear":
        return 1.0 - part
    rest = 1.0 - part * part
    return rest if kernel == "quadratic" else rest / (1.0 + part * part)
