"""A synthetic high-resolution series: a random spectrum that moves, as fields and as the features of these fields.

Every harmonic turns eastwards and slowly loses its memory, the small ones faster. One seed gives one series.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stormtrack.arrays import F64
from stormtrack.model.features import Features, features_of_points
from stormtrack.spectral.legendre import Triangle, legendre_functions

SLOPE = -1.0
"""Amplitude of a harmonic by the power of its degree: a flat spectrum of vorticity."""
EASTWARD = 1.2
"""Degrees of longitude from frame to frame."""
LIFE = 40.0
"""Frames in which a harmonic of degree `AT_DEGREE` loses its memory; that of others goes with the inverse degree."""
AT_DEGREE = 40
SCALE = 3.0e-5
"""Standard deviation of the fields, s-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """A series of fields.

    Attributes
    ----------
    truncation : int
        Largest degree (triangular).
    rows, columns : int
        Of the grid, poles included.
    frames, seed : int
    """

    truncation: int = 159
    rows: int = 721
    columns: int = 1440
    frames: int = 12
    seed: int = 1


class Maxima(NamedTuple):
    """Local maxima of a field: position in degrees and value."""

    lon: F64
    lat: F64
    value: F64


def latitudes(spectrum: Spectrum) -> F64:
    """Rows of the grid, south to north (degrees)."""
    return np.linspace(-90.0, 90.0, spectrum.rows)


def fields(spectrum: Spectrum) -> Iterator[F64]:
    """The fields, of shape (rows, columns), south to north, one after the other."""
    random = np.random.default_rng(spectrum.seed)
    triangle = Triangle(spectrum.truncation, spectrum.truncation)
    functions = legendre_functions(np.radians(90.0 - latitudes(spectrum)), triangle)
    degrees = triangle.degrees
    size = np.where(degrees > 0, np.maximum(degrees, 1.0) ** (SLOPE / 2.0), 0.0)
    order = np.concatenate([np.full(spectrum.truncation + 1 - m, m) for m in range(spectrum.truncation + 1)])
    kept = np.exp(-degrees / (AT_DEGREE * LIFE))
    turn = kept * np.exp(-1j * order * np.radians(EASTWARD))

    def noise() -> np.ndarray:
        return size * (random.normal(size=degrees.size) + 1j * random.normal(size=degrees.size))

    state, scale = noise(), 0.0
    for _ in range(spectrum.frames):
        waves = np.zeros((spectrum.rows, spectrum.columns // 2 + 1), np.complex128)
        for m in range(spectrum.truncation + 1):
            own = triangle.of_order(m)
            waves[:, m] = functions[own].T @ state[own]
        field = np.fft.irfft(waves, spectrum.columns, axis=1)
        scale = scale or SCALE / field.std()
        yield scale * field
        state = state * turn + np.sqrt(1.0 - kept**2) * noise()


def maxima(field: F64, lat: F64) -> Maxima:
    """Local maxima among eight neighbours, refined by parabolas along rows and columns; poles are left out."""
    middle = field[1:-1]
    ring = np.concatenate([field[:, -1:], field, field[:, :1]], axis=1)
    greatest = np.ones(middle.shape, np.bool_)
    n_rows, n_columns = field.shape
    for j in (0, 1, 2):
        for i in (0, 1, 2):
            if (i, j) != (1, 1):
                greatest &= middle > ring[j : j + n_rows - 2, i : i + n_columns]
    row, column = np.nonzero(greatest)
    row += 1
    value, d_lon, d_lat = field[row, column], 360.0 / n_columns, lat[1] - lat[0]
    east = _vertex(field[row, column - 1], value, field[row, (column + 1) % n_columns])
    north = _vertex(field[row - 1, column], value, field[row + 1, column])
    return Maxima(((column + east) * d_lon) % 360.0, lat[row] + north * d_lat, value)


def _vertex(before: F64, here: F64, after: F64) -> F64:
    """Position of the vertex of a parabola through three values, from the second."""
    return 0.5 * (before - after) / (before - 2.0 * here + after)


def series_of_maxima(spectrum: Spectrum) -> list[Maxima]:
    """All local maxima of each frame."""
    lat = latitudes(spectrum)
    return [maxima(field, lat) for field in fields(spectrum)]


def features_of(series: list[Maxima], per_frame: int, part: float = 1.0) -> Features:
    """The maxima above the threshold that leaves `per_frame` of them in the mean.

    Parameters
    ----------
    series : list of Maxima
    per_frame : int
        Of the whole sphere.
    part : float
        Part of the sphere that is looked at: a band around the equator.
    """
    strengths = np.sort(np.concatenate([frame.value for frame in series]))
    threshold = strengths[max(len(strengths) - per_frame * len(series), 0)]
    kept = [(f.value >= threshold) & (np.abs(np.sin(np.radians(f.lat))) <= part) for f in series]
    sizes = [int(k.sum()) for k in kept]
    return features_of_points(
        frame_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        x=np.concatenate([f.lon[k] for f, k in zip(series, kept, strict=True)]).astype(np.float32) % np.float32(360.0),
        y=np.concatenate([f.lat[k] for f, k in zip(series, kept, strict=True)]).astype(np.float32),
        intensity=np.concatenate([f.value[k] for f, k in zip(series, kept, strict=True)]).astype(np.float32) * 1e5,
    )
