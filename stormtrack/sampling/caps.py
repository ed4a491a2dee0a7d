"""Caps around points in float64: extrema with their places, means, deviations, areas, and what is missing.

Unlike the windows of TRACK (`window_kernels`), which are searched with one width for all rows and in float32, every
grid point whose great-circle distance from the centre is not larger than the radius belongs to a cap, once; at the
poles and on the date line too.

Parity: not applicable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64, F64_1D, F64_2D
from ..kernels.declare import helper, kernel
from ..kernels.searching import first_not_below
from ..kernels.sphere import RAD

SLACK = 2.0e-5
"""Degrees by which a grid point may lie beyond the radius: positions of tracks are float32, which do not say more."""
_WIDER = 1.0e-6
DEGREE = 180.0 / math.pi
MAX, MAX_LON, MAX_LAT, MIN, MIN_LON, MIN_LAT = 0, 1, 2, 3, 4, 5
LOCAL_MAX, LOCAL_MAX_LON, LOCAL_MAX_LAT, LOCAL_MIN, LOCAL_MIN_LON, LOCAL_MIN_LAT = 6, 7, 8, 9, 10, 11
MEAN, STD, AREA, COUNT, MISSING = 12, 13, 14, 15, 16
N_RESULTS = 17


class Globe(NamedTuple):
    """Lines of a grid, and what caps need of them.

    Attributes
    ----------
    lon, lat : float64, shapes (nx,), (ny,)
        Degrees, ascending, longitudes over less than a circle.
    cos_lon, sin_lon, cos_lat, sin_lat : float64, shapes (nx,), (ny,)
    width, height : float64, shapes (nx,), (ny,)
        Of cells, which end half way to their neighbours: radians, and differences of the sine of latitude.
    closed : bool
        The columns go all round.
    """

    lon: F64_1D
    lat: F64_1D
    cos_lon: F64_1D
    sin_lon: F64_1D
    cos_lat: F64_1D
    sin_lat: F64_1D
    width: F64_1D
    height: F64_1D
    closed: bool


class Limits(NamedTuple):
    """Which values count.

    Attributes
    ----------
    radius : float
        Degrees, above 0, up to 180.
    low, high : float64, shape (n_points,)
        Only values from `low` to `high` count for means, deviations, areas and numbers.
    """

    radius: float
    low: F64_1D
    high: F64_1D


def globe(lon: F64, lat: F64, *, closed: bool) -> Globe:
    """The lines of a grid: ascending longitudes and latitudes in degrees."""
    east, north = np.radians(lon), np.radians(lat)
    return Globe(
        lon=np.ascontiguousarray(lon, np.float64),
        lat=np.ascontiguousarray(lat, np.float64),
        cos_lon=np.cos(east),
        sin_lon=np.sin(east),
        cos_lat=np.abs(np.cos(north)),
        sin_lat=np.sin(north),
        width=_widths(east, closed=closed),
        height=_heights(lat),
        closed=closed,
    )


def _widths(east: F64, *, closed: bool) -> F64:
    if len(east) == 1:
        return np.array([2.0 * np.pi if closed else 1.0])
    steps = np.diff(east)
    seam = east[0] + 2.0 * np.pi - east[-1]
    before = np.concatenate([[seam if closed else steps[0]], steps])
    after = np.concatenate([steps, [seam if closed else steps[-1]]])
    widths: F64 = 0.5 * (before + after)
    return widths


def _heights(lat: F64) -> F64:
    if len(lat) == 1:
        return np.ones(1)
    middle = 0.5 * (lat[:-1] + lat[1:])
    first, last = lat[0] - (middle[0] - lat[0]), lat[-1] + (lat[-1] - middle[-1])
    ends = np.clip(np.concatenate([[first], middle, [last]]), -90.0, 90.0)
    heights: F64 = np.diff(np.sin(np.radians(ends)))
    return heights


@helper
def half_width(lines, row, lat, radius):
    """Degrees of longitude to either side that a cap may take of a row; 180 for all."""
    phi = lat * RAD
    across = math.cos(phi) * lines.cos_lat[row]
    if across < 1.0e-9:
        return 180.0
    level = (math.cos(radius * RAD) - math.sin(phi) * lines.sin_lat[row] - 1.0e-11) / across
    if level <= -1.0:
        return 180.0
    return math.acos(min(level, 1.0)) * DEGREE + _WIDER


@helper
def exceeds(values, row, column, sign, closed):
    """Whether a value exceeds its eight neighbours; at the edge of the grid none does."""
    rows, columns = values.shape
    if row < 1 or row > rows - 2 or (not closed and (column < 1 or column > columns - 2)):
        return False
    here = values[row, column] * sign
    for r in range(row - 1, row + 2):
        for c in range(column - 1, column + 2):
            if (r != row or c != column) and not values[r, c % columns] * sign < here:
                return False
    return True


@helper
def take_extremum(lines, values, row, column, sign, found):
    """Put a value into the results of a point if it is the extremum so far: the first of several."""
    value = values[row, column]
    at = MAX if sign > 0 else MIN
    if value * sign > found[at] * sign:
        found[at], found[at + 1], found[at + 2] = value, lines.lon[column], lines.lat[row]
    at = LOCAL_MAX if sign > 0 else LOCAL_MIN
    if value * sign > found[at] * sign and exceeds(values, row, column, sign, lines.closed):
        found[at], found[at + 1], found[at + 2] = value, lines.lon[column], lines.lat[row]


@helper
def take(lines, values, row, column, low, high, found):
    """Put a grid point of the cap into the results; sums are of values less the first one."""
    value = values[row, column]
    if not abs(value) < np.inf:
        found[MISSING] += 1.0
        return
    take_extremum(lines, values, row, column, 1.0, found)
    take_extremum(lines, values, row, column, -1.0, found)
    if value < low or value > high:
        return
    if found[COUNT] == 0.0:
        found[N_RESULTS] = value
    weight = lines.width[column] * lines.height[row]
    less = value - found[N_RESULTS]
    found[COUNT] += 1.0
    found[AREA] += weight
    found[MEAN] += weight * less
    found[STD] += weight * less * less


@helper
def belongs(lines, row, column, centre, chord):
    """Whether a grid point is no farther from a unit vector than a squared chord."""
    x = lines.cos_lat[row] * lines.cos_lon[column] - centre[0]
    y = lines.cos_lat[row] * lines.sin_lon[column] - centre[1]
    z = lines.sin_lat[row] - centre[2]
    return x * x + y * y + z * z <= chord


@helper
def finish(found):
    """Sums to mean and deviation; NaN where nothing was found."""
    for at in range(0, MEAN, 3):
        if abs(found[at]) == np.inf:
            found[at] = found[at + 1] = found[at + 2] = np.nan
    if found[COUNT] == 0.0 or found[AREA] == 0.0:
        found[MEAN] = found[STD] = np.nan
        return
    mean = found[MEAN] / found[AREA]
    found[STD] = math.sqrt(max(found[STD] / found[AREA] - mean * mean, 0.0))
    found[MEAN] = mean + found[N_RESULTS]


@helper
def gather(lines, values, lon, lat, limits, point, found):
    """All grid points of one cap, row by row from the south, columns eastwards."""
    reach = limits.radius + SLACK
    phi, turn = lat * RAD, lon * RAD
    centre = math.cos(phi) * math.cos(turn), math.cos(phi) * math.sin(turn), math.sin(phi)
    chord = 4.0 * math.sin(min(reach, 180.0) * RAD / 2.0) ** 2
    columns = len(lines.lon)
    row = first_not_below(lines.lat, lat - reach - _WIDER)
    while row < len(lines.lat) and lines.lat[row] <= lat + reach + _WIDER:
        half = half_width(lines, row, lat, reach)
        whole = half >= 179.99
        for circle in range(1 if whole else 3):
            shift = lon if whole else 360.0 * (circle - 1)
            column = 0 if whole else first_not_below(lines.lon, lon - half - shift)
            while column < columns and (whole or lines.lon[column] + shift <= lon + half):
                if belongs(lines, row, column, centre, chord):
                    take(lines, values, row, column, limits.low[point], limits.high[point], found)
                column += 1
        row += 1


@kernel
def caps(lines: Globe, values: F64_2D, lon: F64_1D, lat: F64_1D, limits: Limits, out: F64_2D) -> None:
    """Results of the caps around points.

    Parameters
    ----------
    lines : Globe
    values : float64, shape (ny, nx)
        What is not finite is missing: it is counted and left out.
    lon, lat : float64, shape (n_points,)
        Degrees; longitudes within the circle from the first column on.
    limits : Limits
    out : float64, shape (n_points, N_RESULTS + 1)
        Columns `MAX` to `MISSING` (the last one is for the kernel); NaN where there is nothing. Areas are parts of the
        unit sphere.
    """
    for p in range(len(lon)):
        found = out[p]
        found[:] = 0.0
        found[MAX] = found[LOCAL_MAX] = -np.inf
        found[MIN] = found[LOCAL_MIN] = np.inf
        gather(lines, values, lon[p], lat[p], limits, p, found)
        finish(found)
