"""Kernel of phase speeds: what happens between two points of a track.

References
----------
Specification 06, section 1.3. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_1D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import measure_trig

UNDEFINED = np.float32(1.0e25)
LARGEST = 1.0e20
"""Values above are undefined."""


class Steps(NamedTuple):
    """Tracks: offsets into points; frame, position, value and frames missing after each."""

    start: I64_1D
    frame: I64_1D
    lon: F32_1D
    lat: F32_1D
    value: F32_1D
    missing: I32_1D


class Units(NamedTuple):
    """Time between frames, factor of distances, first and last longitude of the grid."""

    interval: np.float32
    scale: np.float32
    west: np.float32
    east: np.float32


class Phases(NamedTuple):
    """What is found at the first point of each pair: shape (n_points,) each."""

    kept: Mask_1D
    lon: F32_1D
    lat: F32_1D
    speed: F32_1D
    growth: F32_1D
    tendency: F32_1D
    east: F32_1D
    north: F32_1D


@helper
def way_east(x1, x2):
    """Float32 difference of longitudes the shorter way round."""
    step = np.float32(x2 - x1)
    if abs(step) > np.float32(180.0):
        if x1 < np.float32(180.0):
            return np.float32(step - np.float32(360.0))
        return np.float32(step + np.float32(360.0))
    return step


@helper
def velocity(x1, y1, x2, y2, units, elapsed):
    """Float32 speed between two points."""
    return np.float32(np.float32(units.scale * measure_trig(x1, y1, x2, y2)) / elapsed)


@helper
def place(steps, a, step, units, out):
    """Position half-way, brought onto the grid's longitudes."""
    x = np.float32(np.float64(steps.lon[a]) + np.float64(step) * 0.5)
    if x < units.west:
        x = np.float32(x + np.float32(360.0))
    elif x > units.east:
        x = np.float32(x - np.float32(360.0))
    out.lon[a] = x
    out.lat[a] = np.float32(np.float64(np.float32(steps.lat[a] + steps.lat[a + 1])) * 0.5)


@helper
def set_values(steps, a, step, units, out):
    """Speeds, growth and tendency from point `a` to the next."""
    x1, y1, x2, y2 = steps.lon[a], steps.lat[a], steps.lon[a + 1], steps.lat[a + 1]
    z1, z2 = steps.value[a], steps.value[a + 1]
    elapsed = np.float32(units.interval * np.float32(steps.missing[a] + 1))
    out.speed[a] = velocity(x1, y1, x2, y2, units, elapsed)
    tendency = np.float32(np.float32(z2 - z1) / elapsed)
    out.tendency[a] = tendency
    out.growth[a] = np.float32(np.float64(tendency) / (0.5 * np.float64(np.float32(z2 + z1))))
    east = velocity(x1, y1, x2, y1, units, elapsed)
    north = velocity(x1, y1, x1, y2, units, elapsed)
    out.east[a] = -east if step < np.float32(0.0) else east
    out.north[a] = -north if y2 < y1 else north


@helper
def undefine(a, out):
    """No value from point `a` on."""
    out.speed[a] = out.growth[a] = out.tendency[a] = out.east[a] = out.north[a] = np.float32(1.0e25)


@kernel
def find_phases(steps: Steps, first_frame: int, last_frame: int, units: Units, out: Phases) -> None:
    """Phase values of all pairs of points of which one lies within the frames; others are not `kept`."""
    for k in range(len(steps.start) - 1):
        for a in range(steps.start[k], steps.start[k + 1]):
            out.kept[a] = False
            if a == steps.start[k + 1] - 1:
                continue
            here, there = steps.frame[a], steps.frame[a + 1]
            if not (first_frame <= here <= last_frame or first_frame <= there <= last_frame):
                continue
            out.kept[a] = True
            step = way_east(steps.lon[a], steps.lon[a + 1])
            place(steps, a, step, units, out)
            if np.float64(steps.value[a]) > LARGEST or np.float64(steps.value[a + 1]) > LARGEST:
                undefine(a, out)
            else:
                set_values(steps, a, step, units, out)
