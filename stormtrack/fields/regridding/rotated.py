"""Rotated poles: positions in the grid's own system and back.

`true_positions` is `stormtrack.grid.rotated_pole` in float64; features of a tracked field are turned back by that one.

Parity: not applicable.
"""

from __future__ import annotations

import numpy as np

from ...arrays import F64


def to_rotated(lat: F64, lon: F64, pole: tuple[float, float]) -> tuple[F64, F64]:
    """Rotated latitudes and longitudes of true positions.

    Parameters
    ----------
    lat, lon : float64, shape (n,)
        Degrees.
    pole : (float, float)
        Latitude and longitude of the grid's North Pole.
    """
    y, x = np.deg2rad(lat), np.deg2rad(lon - pole[1] + 180.0)
    sin_pole, cos_pole = np.sin(np.deg2rad(pole[0])), np.cos(np.deg2rad(pole[0]))
    height = sin_pole * np.sin(y) - cos_pole * np.cos(y) * np.cos(x)
    along = sin_pole * np.cos(y) * np.cos(x) + cos_pole * np.sin(y)
    return np.rad2deg(np.arcsin(np.clip(height, -1.0, 1.0))), np.rad2deg(np.arctan2(np.cos(y) * np.sin(x), along))


def true_positions(lat: F64, lon: F64, pole: tuple[float, float]) -> tuple[F64, F64]:
    """True latitudes and longitudes (0 to 360) of rotated positions; parameters as of `to_rotated`."""
    y, x = np.deg2rad(lat), np.deg2rad(lon)
    sin_pole, cos_pole = np.sin(np.deg2rad(pole[0])), np.cos(np.deg2rad(pole[0]))
    height = cos_pole * np.cos(x) * np.cos(y) + sin_pole * np.sin(y)
    along = np.cos(y) * np.cos(x) * sin_pole - np.sin(y) * cos_pole
    angle = np.rad2deg(np.arctan2(np.cos(y) * np.sin(x), along)) + pole[1] - 180.0
    return np.rad2deg(np.arcsin(np.clip(height, -1.0, 1.0))), angle % 360.0
