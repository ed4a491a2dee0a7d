"""Families of vortices: where they are born, how they drift, grow and decay."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ..arrays import F64

RAD = math.pi / 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Vortices of one kind; ranges are (lowest, highest)."""

    number: int
    peak: tuple[float, float]
    """Largest vorticity in s-1, positive for cyclones; the sign of the hemisphere is applied to it."""
    radius: tuple[float, float]
    """Degrees of arc at which the vortex ends."""
    life: tuple[int, int]
    """Frames."""
    latitude: tuple[float, float] = (25.0, 70.0)
    """Absolute latitude at birth."""
    poleward: float = 0.0
    """Degrees per frame."""
    both_signs: bool = False
    """Half of them have the other sign."""


FAMILIES = (
    Family(number=130, peak=(5e-5, 2.4e-4), radius=(7.0, 12.0), life=(14, 44), latitude=(26.0, 74.0), poleward=0.2),
    Family(number=80, peak=(-9e-5, -3e-5), radius=(8.0, 15.0), life=(16, 44), latitude=(20.0, 68.0), poleward=-0.1),
    Family(number=28, peak=(4e-5, 1.1e-4), radius=(6.0, 9.0), life=(16, 40), latitude=(6.0, 22.0), poleward=0.1),
    Family(number=720, peak=(2.5e-5, 8e-5), radius=(5.0, 9.0), life=(6, 20), latitude=(0.0, 88.0), both_signs=True),
)
"""Cyclones and anticyclones of middle latitudes, tropical vortices, and the eddies around them."""


def drift(latitude: float) -> float:
    """Eastward drift in degrees of arc per frame: westerlies of middle latitudes, weak easterlies of the tropics."""
    jet = 1.0 - ((abs(latitude) - 46.0) / 30.0) ** 2
    trade = 1.0 - (latitude / 18.0) ** 2
    return 0.15 + (1.9 * jet if jet > 0.0 else 0.0) - (1.1 * trade if trade > 0.0 else 0.0)


@dataclass(slots=True)
class _Life:
    birth: float
    frames: float
    lon: float
    lat: float
    east: float
    north: float
    peak: float
    radius: float
    sway: float
    phase: float


@dataclass(slots=True)
class Population:
    """All vortices of a family, as time goes on; a vortex that ends is replaced by a new one."""

    family: Family
    rng: np.random.Generator
    lives: list[_Life] = field(default_factory=list)

    def _born(self, frame: float) -> _Life:
        u = [float(v) for v in self.rng.random(12)]
        f = self.family
        low, high = f.latitude
        # equal areas, the middle of the range preferred
        share = u[0] if f.both_signs else (u[0] + u[1]) / 2.0
        sine = math.sin(low * RAD) + share * (math.sin(high * RAD) - math.sin(low * RAD))
        hemisphere = 1.0 if u[2] < 0.5 else -1.0
        lat = math.asin(sine) / RAD * hemisphere
        strength = u[3] * u[4]  # few are strong
        sign = hemisphere * (-1.0 if f.both_signs and u[5] < 0.5 else 1.0)
        weak, strong = sorted(f.peak, key=abs)
        return _Life(
            birth=frame,
            frames=float(f.life[0] + math.floor(u[6] * (f.life[1] - f.life[0] + 1))),
            lon=360.0 * u[7],
            lat=lat,
            east=drift(lat) * (0.7 + 0.6 * u[8]),
            north=hemisphere * f.poleward * (0.3 + 1.4 * u[9]),
            peak=sign * (weak + strength * (strong - weak)),
            radius=f.radius[0] + u[10] * (f.radius[1] - f.radius[0]),
            sway=0.8 * u[11],
            phase=2.0 * math.pi * u[1],
        )

    def advance(self, frame: int) -> None:
        """Bring the population to `frame` (0, 1, 2, ... in order)."""
        if not self.lives:
            for _ in range(self.family.number):
                life = self._born(0.0)
                life.birth = -math.floor(float(self.rng.random()) * life.frames)
                self.lives.append(life)
        for k, life in enumerate(self.lives):
            if frame - life.birth >= life.frames:
                self.lives[k] = self._born(float(frame))

    def state(self, frame: int) -> tuple[F64, F64, F64]:
        """Centres (sin, cos of latitude, sin, cos of longitude), sizes (chords) and amplitudes at `frame`."""
        centre, size, amplitude = [], [], []
        for life in self.lives:
            age = frame - life.birth
            growth = math.sin(math.pi * (age + 0.5) / life.frames)
            lat = life.lat + life.north * age + life.sway * math.sin(0.5 * age + life.phase)
            lat = min(max(lat, -87.0), 87.0)
            lon = life.lon + life.east * age / max(math.cos(life.lat * RAD), 0.3)
            centre.append((math.sin(lat * RAD), math.cos(lat * RAD), math.sin(lon * RAD), math.cos(lon * RAD)))
            size.append(2.0 * math.sin(0.5 * life.radius * RAD))
            amplitude.append(life.peak * growth * growth)
        return np.array(centre), np.array(size), np.array(amplitude)
