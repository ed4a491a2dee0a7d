"""Limited areas: the cosine filter, finite differences, cubic interpolation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.spectral.differences import Derivatives, interpolated
from stormtrack.spectral.limited import CosineFilter
from stormtrack.spectral.operators import Band

LON, LAT = np.linspace(-40, 40, 161), np.linspace(20, 70, 101)
AXES = [(LON, LAT), (LON, LAT[::-1]), (LON[::-1], LAT), (np.mod(LON, 360), LAT)]


def cosine(i: int, j: int, lon: Any, lat: Any) -> Any:
    """The cosine with i half waves from west to east and j from south to north, shape (1, rows, columns)."""
    x, y = (lon - LON[0] + 0.25) / (161 * 0.5), (lat - LAT[0] + 0.25) / (101 * 0.5)
    return (np.cos(math.pi * j * y)[:, None] * np.cos(math.pi * i * x))[None]


def wave_number(i: int, j: int) -> float:
    width = math.radians(161 * 0.5) * math.cos(math.radians(45.0))
    return math.pi * math.hypot(i / width, j / math.radians(101 * 0.5))


@pytest.mark.parametrize(("lon", "lat"), AXES)
def test_bands_part_two_cosines(lon: Any, lat: Any) -> None:
    low, high = (
        cosine(3, 2, np.where(lon > 180, lon - 360, lon), lat),
        cosine(12, 9, np.where(lon > 180, lon - 360, lon), lat),
    )
    between = round(0.5 * (wave_number(3, 2) + wave_number(12, 9)))
    assert np.abs(CosineFilter(lon, lat, Band(n_max=between)).filtered(low + high + 7.0) - low - 7.0).max() < 1e-11
    assert np.abs(CosineFilter(lon, lat, Band(n_min=1, n_max=between)).filtered(low + high + 7.0) - low).max() < 1e-11
    assert np.abs(CosineFilter(lon, lat, Band(n_min=between + 1)).filtered(low + high) - high).max() < 1e-11


def test_the_taper_of_an_area() -> None:
    n, field = wave_number(12, 9), cosine(12, 9, LON, LAT)
    top = math.ceil(n) + 3
    factor = 0.1 ** ((n * (n + 1) / (top * (top + 1))) ** 2)
    assert np.abs(CosineFilter(LON, LAT, Band(n_max=top, taper=0.1)).filtered(field) - factor * field).max() < 1e-12


def test_bands_that_an_area_cannot_hold() -> None:
    field = cosine(3, 2, LON, LAT)
    shortest = int(math.pi / math.radians(0.5))
    with pytest.raises(GridError, match=f"allowed: 0 to {shortest} .two grid steps"):
        CosineFilter(LON, LAT, Band(n_max=shortest + 1)).filtered(field)
    with pytest.raises(GridError, match="no wave of total wave numbers 1 to 2 fits into"):
        CosineFilter(LON, LAT, Band(n_min=1, n_max=2)).filtered(field)
    with pytest.raises(GridError, match="evenly spaced rows"):
        CosineFilter(LON, LAT**1.2 / 3, Band(n_max=20)).filtered(field)


def rotation(lon: Any, lat: Any) -> tuple[Any, Any]:
    x, y = np.meshgrid(np.radians(lon), np.radians(lat))
    return x[None], y[None]


@pytest.mark.parametrize(("lon", "lat"), [*AXES, (np.arange(720) * 0.5, LAT), (np.arange(721) * 0.5 - 180, LAT[::-1])])
def test_derivatives(lon: Any, lat: Any) -> None:
    x, y = rotation(lon, lat)
    field = np.sin(y) * np.cos(y) ** 2 * np.cos(2 * x + 0.3)  # of total wave number 3
    slopes = Derivatives(lon, lat)
    east, north = slopes.gradient(field)
    assert np.abs(slopes.laplacian(field) + 12 * field).max() < 5e-5
    assert np.abs(east + 2 * np.sin(y) * np.cos(y) * np.sin(2 * x + 0.3)).max() < 1e-7
    assert np.abs(north - (np.cos(y) ** 3 - 2 * np.sin(y) ** 2 * np.cos(y)) * np.cos(2 * x + 0.3)).max() < 1e-7
    assert np.abs(slopes.vorticity(-north, east) + 12 * field).max() < 5e-5
    assert np.abs(slopes.divergence(-north, east)).max() < 1e-5
    assert np.abs(slopes.divergence(east, north) + 12 * field).max() < 5e-5


def test_a_pole_is_refused() -> None:
    with pytest.raises(GridError, match="has a row on a pole"):
        Derivatives(LON, np.linspace(20, 90, 71))


@pytest.mark.parametrize(("lon", "lat"), [*AXES, (np.arange(720) * 0.5, LAT), (np.arange(721) * 0.5 - 180, LAT[::-1])])
def test_cubics_are_exact_for_cubics_and_close_for_others(lon: Any, lat: Any) -> None:
    x, y = rotation(lon, lat)
    to_lon, to_lat = np.array([-39.9, -7.3, 0.0, 12.25, 39.99]), np.array([20.1, 45.0, 69.9])
    a, b = rotation(to_lon, to_lat)
    found = interpolated(np.sin(3 * x) * y**3, (lon, lat), (to_lon, to_lat))
    assert np.abs(found - np.sin(3 * a) * b**3).max() < 1e-6


def test_points_outside_are_refused() -> None:
    with pytest.raises(GridError, match=r"longitude 41 of the wanted grid lies outside .*101 rows"):
        interpolated(cosine(1, 1, LON, LAT), (LON, LAT), (np.array([41.0]), np.array([30.0])))
    with pytest.raises(GridError, match="latitude 71 of the wanted grid lies outside"):
        interpolated(cosine(1, 1, LON, LAT), (LON, LAT), (np.array([0.0]), np.array([71.0])))
