"""Lines of tracks on a map that ends at the date line.

References
----------
RFC 7946, section 3.1.9: lines that cross 180 degrees are cut there. Parity: not applicable.
"""

from __future__ import annotations

import itertools

import numpy as np

from ...arrays import F32

Line = list[tuple[float, float]]
_DIGITS = 6


def lines_of(lon: F32, lat: F32) -> list[Line]:
    """The line of a track in pieces that do not cross the date line.

    Parameters
    ----------
    lon, lat : float32, shape (n,)
        Degrees; points that are not finite are left out.

    Returns
    -------
    list of list of (float, float)
        Longitudes from -180 to 180, and latitudes; one piece of one point for a track of one; none without points.
    """
    usable = np.isfinite(lon) & np.isfinite(lat)
    points = [(_wrapped(x), _shortest(y)) for x, y in zip(lon[usable], lat[usable], strict=True)]
    lines: list[Line] = [points[:1]] if points else []
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        if abs(x1 - x0) <= 180:
            lines[-1].append((x1, y1))
            continue
        edge = 180.0 if x0 > 0 else -180.0
        way = 360.0 - abs(x1 - x0)
        crossing = round(y0 + (y1 - y0) * (abs(edge - x0) / way if way else 1.0), _DIGITS)
        if abs(x0) != 180 or abs(x1) == 180:
            lines[-1].append((edge, crossing))
        lines.append([(-edge, crossing), (x1, y1)] if abs(x1) != 180 else [(x1, y1)])
    return [line for line in lines if len(line) > 1] or lines[:1]


def _shortest(value: np.float32) -> float:
    """The number with the fewest digits that is this float32."""
    return float(str(value))


def _wrapped(lon: np.float32) -> float:
    """A longitude from -180 to 180."""
    shortest = _shortest(lon)
    if -180 <= shortest <= 180:
        return shortest
    return round((shortest + 180) % 360 - 180, _DIGITS)
