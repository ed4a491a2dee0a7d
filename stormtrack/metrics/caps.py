"""Which cells of a grid lie within a radius of points, and how far away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Mask
from ..settings.earth import PYSTORMTRACKER_RADIUS_KM

_SLACK = 1.0e-6
"""Degrees by which cells are looked for beyond the radius; the distance decides."""
_ROUNDING = 1.0e-12
"""More than what rounding does to cosines."""


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
    The constant kernel needs distances only where rounding might decide.
    """
    angle = radius / PYSTORMTRACKER_RADIUS_KM
    reach = np.degrees(angle) + _SLACK
    first = np.searchsorted(lines.lat, lat - reach, "left")
    point, row = _ranges(first, np.searchsorted(lines.lat, lat + reach, "right") - first)
    n = len(lines.lon)
    around = np.concatenate((lines.lon - 360.0, lines.lon, lines.lon + 360.0))
    middle = lines.lon[0] + (lon[point] - lines.lon[0]) % 360.0
    cuts = _cuts(around, middle, _half_widths(lat[point], lines.lat[row], angle))
    of, column = _ranges(cuts.first, np.minimum(cuts.number, n))
    cell = (row * n)[of] + np.tile(np.arange(n), 3)[column]
    tested = np.flatnonzero(~cuts.sure[of]) if kernel == "constant" else np.arange(len(of))
    some = of[tested]
    turn = around[column[tested]] - middle[some]
    distance = _distances(np.radians(lat[point]), np.radians(lines.lat[row]), some, np.radians(turn))
    near = distance <= radius
    of, cell = (_without(values, tested[~near]) for values in (of, cell))
    weight = np.ones(len(of)) if kernel == "constant" else _weights(distance[near] / radius, kernel)
    return Pairs(point[of], cell, weight)


def _without(values: I64, which: I64) -> I64:
    return np.delete(values, which) if len(which) else values


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Columns of rows that may lie in a cap.

    Attributes
    ----------
    first, number : int64, shape (n,)
    sure : bool, shape (n,)
        Whether all of them do, whatever rounding did.
    """

    first: I64
    number: I64
    sure: Mask


def _cuts(around: F64, middle: F64, half: tuple[F64, F64]) -> _Cuts:
    inner, outer = half[0] - _SLACK, half[1] + _SLACK
    first, end = np.searchsorted(around, middle - outer, "left"), np.searchsorted(around, middle + outer, "right")
    least, most = np.searchsorted(around, middle - inner, "left"), np.searchsorted(around, middle + inner, "right")
    return _Cuts(first, end - first, (first == least) & (end == most))


def _distances(phi: F64, theta: F64, of: I64, turn: F64) -> F64:
    """Distances in km over differences of longitude (radians) between the latitudes ``phi[of]`` and ``theta[of]``."""
    along, across = np.sin((phi - theta) / 2.0) ** 2, np.cos(phi) * np.cos(theta)
    haversine = along[of] + across[of] * np.sin(turn / 2.0) ** 2
    distance: F64 = 2.0 * PYSTORMTRACKER_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0)))
    return distance


def _ranges(first: I64, number: I64) -> tuple[I64, I64]:
    """Owner and value of ``first[k] .. first[k] + number[k] - 1`` for every k, one after another."""
    number = np.maximum(number, 0)
    owner = np.repeat(np.arange(len(first)), number)
    before = np.cumsum(number) - number
    return owner, np.arange(len(owner)) - (before - first)[owner]


def _half_widths(lat: F64, row: F64, angle: float) -> tuple[F64, F64]:
    """Half of the longitudes, degrees, that a circle around a point at `lat` takes of the parallel `row`.

    Returns
    -------
    least, most : float64, shape (n,)
        Bounds of it: near the ends the arc cosine loses half of the digits. Of the parallel of a pole -180 and 180.
    """
    phi, theta = np.radians(lat), np.radians(row)
    across = np.cos(phi) * np.cos(theta)
    polar = across < 1.0e-9  # all of the parallel, or none; the distance decides
    over = np.where(polar, 1.0, across)
    level = np.cos(angle) - np.sin(phi) * np.sin(theta)
    least, most = (np.degrees(np.arccos(np.clip((level + off) / over, -1.0, 1.0))) for off in (_ROUNDING, -_ROUNDING))
    return np.where(polar, -180.0, least), np.where(polar, 180.0, most)


def _weights(part: F64, kernel: str) -> F64:
    """Weights of distances given as parts of the radius, 0 to 1."""
    if kernel == "constant":
        return np.ones(len(part))
    if kernel == "linear":
        return 1.0 - part
    rest = 1.0 - part * part
    return rest if kernel == "quadratic" else rest / (1.0 + part * part)
