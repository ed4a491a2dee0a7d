"""Distances on the sphere.

Parity: not applicable. Equal arcs of an even grid come out equal to the bit (east or west, north or south of a point,
across the date line), which is why longitudes are subtracted before any function is taken of them.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F64


def great_circle(lon1: F64, lat1: F64, lon2: F64, lat2: F64) -> F64:
    """Great-circle distance in radians, by haversines; float64.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : float64, shapes that go together
        Degrees.
    """
    between = np.abs(lon1 - lon2) % 360.0
    between = np.minimum(between, 360.0 - between)
    rows, columns = np.sin(np.radians(0.5 * (lat1 - lat2))), np.sin(np.radians(0.5 * between))
    square = rows * rows + np.cos(np.radians(lat1)) * np.cos(np.radians(lat2)) * (columns * columns)
    distance: F64 = 2.0 * np.arcsin(np.minimum(np.sqrt(square), 1.0))
    return distance


def unit_vectors(lon: F64, lat: F64) -> F64:
    """Points of the unit sphere: float64, shape (n, 3), of degrees."""
    theta, phi = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=-1)


def chord_of(arc: float) -> float:
    """Straight distance of points of the unit sphere that are `arc` radians apart; infinite from half a circle on."""
    return 2.0 * math.sin(0.5 * arc) if arc < math.pi else math.inf


def arc_of(chord: F64) -> F64:
    """Great-circle distance in radians of points of the unit sphere that are `chord` apart."""
    arc: F64 = 2.0 * np.arcsin(np.minimum(0.5 * chord, 1.0))
    return arc
