"""Grids that results are wanted on, as users name them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from ..grid.gaussian import gaussian_grid
from ..spectral.legendre import gauss_nodes
from .axes import Horizontal, horizontal

_NAMED = re.compile(r"([TNF])(\d{1,4})", re.IGNORECASE)
_ALLOWED = (
    "allowed: 'T42' (TRACK's Gaussian grid of a truncation, 128 x 64), 'F32' or 'N32' (regular Gaussian grid with 32 "
    "rows in each hemisphere), a number of degrees (even grid with both poles), (longitudes, latitudes), or a field "
    "on the grid"
)


def target_grid(wanted: Any, source: Horizontal) -> tuple[F64, F64]:
    """Longitudes and latitudes (degrees) of a grid; named ones begin at 0 degrees and run north to south if the source
    does.

    Raises
    ------
    GridError
        If it cannot be understood.
    """
    if isinstance(wanted, str):
        lon, lat = _named(wanted)
    elif isinstance(wanted, tuple) and len(wanted) == 2:
        return np.asarray(wanted[0], np.float64), np.asarray(wanted[1], np.float64)
    elif isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        lon, lat = _even(float(wanted))
    elif hasattr(wanted, "coords"):
        there = horizontal(wanted if hasattr(wanted, "dtype") else next(iter(wanted.data_vars.values())))
        return there.lon, there.lat
    else:
        raise GridError(f"a grid {wanted!r}; {_ALLOWED}")
    return np.asarray(lon, np.float64), np.asarray(lat[::-1] if source.lat[0] > source.lat[-1] else lat, np.float64)


def south_up_grid(wanted: Any) -> tuple[F64, F64]:
    """Longitudes and latitudes (degrees) of a grid, the latitudes from south to north.

    Raises
    ------
    GridError
        If it cannot be understood.
    """
    ends = np.array([0.0, 1.0])
    south_up = Horizontal(lat_dim="lat", lon_dim="lon", lat_name="lat", lon_name="lon", lat=ends, lon=ends)
    lon, lat = target_grid(wanted, south_up)
    return lon, np.sort(lat)


def horizontal_coordinates(lon: Array, lat: Array) -> dict[str, tuple[str, Array, dict[str, str]]]:
    """Coordinates of a Dataset on a grid of longitudes and latitudes (degrees)."""
    return {
        "longitude": ("longitude", lon, {"standard_name": "longitude", "units": "degrees_east", "axis": "X"}),
        "latitude": ("latitude", lat, {"standard_name": "latitude", "units": "degrees_north", "axis": "Y"}),
    }


def truncation_of(wanted: Any) -> int | None:
    """Truncation of a grid named 'T42'; None for other grids."""
    match = _NAMED.fullmatch(wanted) if isinstance(wanted, str) else None
    return int(match[2]) if match and match[1].upper() == "T" else None


def _named(name: str) -> tuple[Array, Array]:
    match = _NAMED.fullmatch(name)
    if match is None or int(match[2]) < 1:
        raise GridError(f"a grid called {name!r}; {_ALLOWED}")
    number = int(match[2])
    if match[1].upper() == "T":
        return gaussian_grid(number)
    theta, _ = gauss_nodes(2 * number)
    return np.arange(4 * number) * (90.0 / number), 90.0 - np.degrees(theta[::-1])


def _even(step: float) -> tuple[Array, Array]:
    rows = round(180.0 / step) if step > 0 else 0
    if rows < 2 or abs(rows * step - 180.0) > 1e-6:
        raise GridError(f"an even grid of {step:g} degrees; the step has to divide 180 degrees. {_ALLOWED}")
    return np.arange(2 * rows) * (180.0 / rows), np.linspace(-90.0, 90.0, rows + 1)
