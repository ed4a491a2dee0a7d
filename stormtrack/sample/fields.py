"""The synthetic field, frame by frame."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..arrays import F32, F64
from ..errors import FieldError
from ._bumps import Trigonometry, add_bumps, add_waves, quantise
from .grids import SampleGrid
from .vortices import FAMILIES, Population

QUANTUM_EXPONENT = 28
"""Values are multiples of 2^-28 s-1 (3.7e-9)."""

PLANETARY_WAVES = ((1, 1.1e-5, 0.010), (2, 0.9e-5, -0.014), (3, 0.8e-5, 0.021), (4, 0.6e-5, 0.035))
"""Zonal wavenumber, amplitude in s-1, phase speed in radians per frame."""
ZONAL_FLOW = 1.2e-5
"""Vorticity of the zonal flow, s-1."""


def _zonal_part(sine: float, cosine: float) -> float:
    return ZONAL_FLOW * sine * (1.0 - 7.0 * cosine * cosine * sine * sine)


def _largest(number: int) -> float:
    """Largest value of sin(lat) cos(lat)^(number + 1)."""
    return math.sqrt(1.0 / (number + 2.0)) * math.sqrt((number + 1.0) / (number + 2.0)) ** (number + 1)


def _waves(grid: SampleGrid, frame: int) -> tuple[F64, F64]:
    """Planetary waves and the zonal flow as products of a part along longitude and one along latitude."""
    lon = [math.radians(float(x)) for x in grid.lon]
    circle = [(math.sin(math.radians(float(y))), math.cos(math.radians(float(y)))) for y in grid.lat]
    along = [[1.0] * len(lon)]
    across = [[_zonal_part(s, c) for s, c in circle]]
    for number, amplitude, speed in PLANETARY_WAVES:
        along.append([math.cos(number * x - speed * frame - 1.7 * number) for x in lon])
        factor = amplitude / _largest(number)
        across.append([factor * s * c ** (number + 1) for s, c in circle])
    return np.array(along), np.array(across)


def generate(frames: int, grid: SampleGrid, seed: int) -> Iterator[F32]:
    """Synthetic relative vorticity, 6-hourly, one frame in memory at a time.

    Parameters
    ----------
    frames : int
        Number of frames, at least 1.
    grid : SampleGrid
        `gaussian(42)`, `regular(0.25)`, ...; the same vortices on every grid.
    seed : int
        At least 0. The same seed gives the same bytes: random numbers are PCG64's, and values are rounded to 2^-28.

    Yields
    ------
    float32, shape (rows, columns), s-1, south to north
        A new array each time; work per frame is proportional to the number of points.

    Raises
    ------
    FieldError
        For a number of frames below 1 or a negative seed.
    """
    if frames < 1:
        raise FieldError(f"a sample of {frames} frames; allowed: 1 and above (4 and above to link tracks)")
    if seed < 0:
        raise FieldError(f"a sample with seed {seed}; allowed: 0 and above")
    return _frames(frames, grid, seed)


def _frames(frames: int, grid: SampleGrid, seed: int) -> Iterator[F32]:
    rng = np.random.Generator(np.random.PCG64(seed))
    populations = [Population(family, rng) for family in FAMILIES]
    lat, lon = [math.radians(float(v)) for v in grid.lat], [math.radians(float(v)) for v in grid.lon]
    trigonometry = Trigonometry(
        sin_lat=np.array([math.sin(v) for v in lat]),
        cos_lat=np.array([math.cos(v) for v in lat]),
        sin_lon=np.array([math.sin(v) for v in lon]),
        cos_lon=np.array([math.cos(v) for v in lon]),
    )
    for frame in range(frames):
        field = np.zeros((len(grid.lat), len(grid.lon)))
        add_waves(field, *_waves(grid, frame))
        for population in populations:
            population.advance(frame)
            add_bumps(field, trigonometry, *population.state(frame))
        out = np.empty(field.shape, np.float32)
        quantise(field, 2.0**QUANTUM_EXPONENT, out)
        yield out
