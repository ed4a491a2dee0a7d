"""Synthetic high-resolution series at the level of features, so that linking alone can be measured.

Features are spread evenly over a part of the sphere and carried by a smooth random flow; each frame some end and as
many begin. One seed gives one series, whatever the machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stormtrack.arrays import F64
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.linking import LinkSettings, ParameterSet

SURVIVAL = 0.9
"""Part of the features that live on in the next frame."""
DRIFT = 2.0
"""Zonal displacement (degrees of arc) from frame to frame at the equator."""
EDDIES = 1.5
"""Largest displacement (degrees) by each wave of the random flow."""
JITTER = 0.4
"""Standard deviation (degrees) of what no flow explains."""
N_WAVES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """A series of features.

    Attributes
    ----------
    per_frame, frames : int
        Features in each frame, and frames.
    part : float
        Part of the sphere that they cover: a band around the equator (density is per_frame / part).
    seed : int
    """

    per_frame: int
    frames: int
    part: float = 1.0
    seed: int = 1


def dense_features(dense: Dense) -> Features:
    """The features of a series, in order of latitude within each frame, as detection gives them."""
    random = np.random.default_rng(dense.seed)
    waves = _waves(random)
    lon, height = _new_places(random, dense.per_frame, dense.part)
    x, y = [], []
    for k in range(dense.frames):
        lat = np.degrees(np.arcsin(height))
        order = np.lexsort((lon, np.round(lat * 4.0)))
        x.append(lon[order])
        y.append(lat[order])
        lon, height = _moved(random, waves, lon, lat, k, dense.part)
        ended = random.random(dense.per_frame) > SURVIVAL
        born_lon, born_height = _new_places(random, dense.per_frame, dense.part)
        lon, height = np.where(ended, born_lon, lon), np.where(ended, born_height, height)
    n = dense.per_frame * dense.frames
    return features_of_points(
        frame_start=np.arange(dense.frames + 1, dtype=np.int64) * dense.per_frame,
        x=np.concatenate(x).astype(np.float32) % np.float32(360.0),
        y=np.concatenate(y).astype(np.float32),
        intensity=random.gamma(2.0, 2.0, n).astype(np.float32),
    )


def usual_limits() -> LinkSettings:
    """Linking with the weights and bounds of vorticity at T42."""
    return LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(ParameterSet(dmax=6.5, phimax=1.0),))


def _new_places(random: np.random.Generator, n: int, part: float) -> tuple[F64, F64]:
    """Longitudes (degrees) and sines of latitude."""
    return random.uniform(0.0, 360.0, n), random.uniform(-part, part, n)


def _waves(random: np.random.Generator) -> F64:
    """Zonal and meridional wave number, phase, phase speed, and direction of the flow of each wave."""
    number = random.integers(1, 12, (N_WAVES, 2)).astype(np.float64)
    angles = random.uniform(0.0, 2.0 * np.pi, (N_WAVES, 2))
    return np.concatenate([number, angles, random.normal(0.0, 0.3, (N_WAVES, 1))], axis=1)


def _moved(random: np.random.Generator, waves: F64, lon: F64, lat: F64, k: int, part: float) -> tuple[F64, F64]:
    """Longitudes and sines of latitude one frame later."""
    east = DRIFT * np.cos(np.radians(lat)) + random.normal(0.0, JITTER, lon.size)
    north = random.normal(0.0, JITTER, lon.size)
    for m, n, phase, direction, speed in waves:
        size = EDDIES * np.sin(m * np.radians(lon) + phase + speed * k) * np.cos(n * np.radians(lat) + direction)
        east += size * np.cos(direction) / N_WAVES**0.5
        north += size * np.sin(direction) / N_WAVES**0.5
    height = np.sin(np.radians(np.clip(lat + north, -90.0, 90.0)))
    further = east / np.maximum(np.cos(np.radians(lat)), 0.05)
    return (lon + further) % 360.0, np.clip(height, -part, part)
