"""Basins of tropical cyclones and the hemispheres, as a table.

References
----------
Knapp et al. (2010), BAMS 91, 363, and the column documentation of IBTrACS v04: North Indian Ocean and Western Pacific
meet at 100 E, South Indian Ocean and South Pacific at 135 E, the two North Pacific basins at 180 E. The line between
Eastern Pacific and North Atlantic follows the land of Central America and is drawn here, as are the borders across
Africa (30 E, and 20 E south of the equator) and South America (70 W).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64, Mask
from ..errors import TracksError, did_you_mean

Border = tuple[tuple[float, float], ...]
"""(latitude, longitude) of a line from south to north; between them it is straight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basin:
    """A basin between two borders.

    Attributes
    ----------
    name : str
    about : str
    south, north : float
        Degrees; a point on a border of latitude belongs to the northern side (the equator: to the north).
    west, east : tuple of (latitude, longitude), optional
        Borders; a point on the western one belongs to the basin. None: all longitudes.
    """

    name: str
    about: str
    south: float
    north: float
    west: Border | None = None
    east: Border | None = None


_AMERICA: Border = (
    *((0, -77), (7.8, -77.3), (8.8, -80), (9.8, -83.8), (12.5, -85.5), (15, -90)),
    *((17, -94.5), (19, -99), (22, -103.5), (26, -107), (32, -114), (40, -120)),
)
BASINS = (
    Basin(name="NA", about="North Atlantic", south=0, north=90, west=_AMERICA, east=((0, 30),)),
    Basin(name="EP", about="Eastern North Pacific", south=0, north=90, west=((0, 180),), east=_AMERICA),
    Basin(name="WP", about="Western North Pacific", south=0, north=90, west=((0, 100),), east=((0, 180),)),
    Basin(name="NI", about="North Indian Ocean", south=0, north=90, west=((0, 30),), east=((0, 100),)),
    Basin(name="SI", about="South Indian Ocean", south=-90, north=0, west=((0, 20),), east=((0, 135),)),
    Basin(name="SP", about="South Pacific", south=-90, north=0, west=((0, 135),), east=((0, -70),)),
    Basin(name="SA", about="South Atlantic", south=-90, north=0, west=((0, -70),), east=((0, 20),)),
    Basin(name="NH", about="Northern Hemisphere", south=0, north=90),
    Basin(name="SH", about="Southern Hemisphere", south=-90, north=0),
)


def basin_named(name: str) -> Basin:
    """A basin by its name or its long name, in any case.

    Raises
    ------
    TracksError
        If there is none.
    """
    wanted = name.strip().lower()
    found = next((b for b in BASINS if wanted in (b.name.lower(), b.about.lower())), None)
    if found is None:
        meant = did_you_mean(wanted, (b.about.lower() for b in BASINS))
        known = ", ".join(f"{b.name} ({b.about})" for b in BASINS)
        raise TracksError(f"there is no basin '{name}'{meant}; there are {known}")
    return found


def in_basin(lon: F32, lat: F32, basin: Basin) -> Mask:
    """Which points (degrees, longitudes from anywhere) lie in a basin: bool, shape (n,)."""
    south, north = np.float32(basin.south), np.float32(basin.north)
    inside: Mask = (lat >= south) & ((lat <= north) if basin.north == 90 else (lat < north))
    if basin.west is None or basin.east is None:
        return inside
    west, east = (_longitude(border, lat) for border in (basin.west, basin.east))
    return inside & ((lon - west) % 360.0 < (east - west) % 360.0)


def _longitude(border: Border, lat: F32) -> F64:
    """Longitude of a border at these latitudes; beyond its ends it goes on along the meridian."""
    places = np.array(border, np.float64)
    return np.interp(lat, places[:, 0], places[:, 1])
