"""Small synthetic series on many kinds of grid: moving vortices of both signs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from stormtrack.arrays import F32, F64
from tests.live.talk import Chooser


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """Coordinates as a reader finds them, and what they will make the dialogue ask."""

    kind: str
    lon: F64
    lat: F64
    """South to north."""
    all_round: bool = True
    """Global in longitude, so that a column at 360 can be added (if it is not there)."""
    closed: bool = False
    """The last column is the first one again."""
    mapped: bool = False
    """The axes are called x and y: no question about the grid is asked."""

    @property
    def out_of_range(self) -> bool:
        """Longitudes reach beyond 0 to 360."""
        return bool(self.lon[0] < 0.0 or self.lon[-1] > 360.0005)

    @property
    def has_equator(self) -> bool:
        return bool((np.abs(self.lat) < 0.0005).any())

    @property
    def has_south_pole(self) -> bool:
        return bool(abs(self.lat[0] + 90.0) <= 1.0e-4)

    @property
    def has_north_pole(self) -> bool:
        return bool(abs(self.lat[-1] - 90.0) <= 1.0e-4)

    @property
    def frame_shape(self) -> tuple[int, int]:
        """Columns and rows of the file."""
        return len(self.lon), len(self.lat)

    @property
    def regular(self) -> bool:
        """Both axes have one step, as PP files need."""
        return self.kind in ("half", "poles", "limited", "plane")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Frames on a grid.

    Attributes
    ----------
    frames : float32, shape (time, lat, lon)
        South to north.
    times : tuple of int
        YYYYMMDDHH of each frame, for files that can hold them; empty: none.
    unit, base : float
        Values are vortices of order 1 to 10, times `unit`, plus `base`.
    """

    grid: Grid
    frames: F32
    times: tuple[int, ...] = field(default=())
    unit: float = 1.0
    base: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GridNeeds:
    """What the answers to come need of the grid."""

    whole_sphere: bool = False
    """All of the sphere, for projections of both hemispheres and sphery."""
    no_poles: bool = False
    """No rows at the poles, and longitudes that begin at 0 once they are corrected (sphery)."""
    mapped_allowed: bool = False


def draw_grid(c: Chooser, needs: GridNeeds) -> Grid:
    """A random grid."""
    kind = c.weighted(
        {
            "gaussian": 4.0,
            "half": 2.0,
            "poles": 0.0 if needs.no_poles else 2.0,
            "limited": 0.0 if needs.whole_sphere else 1.5,
            "uneven": 0.0 if needs.whole_sphere else 0.7,
            "plane": 0.7 if needs.mapped_allowed else 0.0,
        }
    )
    ny = int(c.rng.choice([20, 24, 32]))
    if kind == "plane":
        return Grid(
            kind=kind, lon=np.linspace(1.0, 60.0, ny), lat=np.linspace(2.0, 50.0, ny), all_round=False, mapped=True
        )
    if kind == "limited":
        return Grid(kind=kind, lon=np.linspace(200.0, 320.0, ny), lat=_limited_rows(c, ny), all_round=False)
    if kind == "uneven":
        lon = np.cumsum(np.linspace(3.0, 8.0, ny)) + 150.0
        return Grid(kind=kind, lon=lon, lat=_latitudes("gaussian", ny) * 0.7 + 1.0, all_round=False)
    return _around(c, kind, ny, needs)


def _around(c: Chooser, kind: str, ny: int, needs: GridNeeds) -> Grid:
    nx = 2 * ny
    start = c.weighted(
        {
            "zero": 5.0,
            "closed": 1.3,
            "negative": 1.7,
            "cells": 0.0 if needs.no_poles else 0.8,
            "step": 0.0 if needs.no_poles else 0.4,
            "beyond": 0.0 if needs.no_poles else 0.4,
        }
    )
    step = 360.0 / nx
    lon = np.arange(nx + (start == "closed")) * step
    lon += {"negative": -180.0, "cells": 0.5 * step, "step": step, "beyond": 2 * step}.get(start, 0.0)
    return Grid(kind=kind, lon=lon, lat=_latitudes(kind, ny), closed=start == "closed")


def _limited_rows(c: Chooser, ny: int) -> F64:
    low = float(c.rng.choice([15.0, -75.0, -40.0]))
    return np.linspace(low, low + 60.0, ny // 2)


def _latitudes(kind: str, count: int) -> F64:
    if kind == "gaussian":
        return np.degrees(np.arcsin(np.polynomial.legendre.leggauss(count)[0]))
    if kind == "poles":
        return np.linspace(-90.0, 90.0, count | 1)
    return (np.arange(count) + 0.5) * 180.0 / count - 90.0


def draw_series(c: Chooser, grid: Grid, *, n: int | None = None, strength: float = 1.0) -> Series:
    """Frames on a grid, of `n` times if given."""
    counts, weights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11], [0.02, 0.02, 0.04, 0.1, 0.12, 0.2, 0.2, 0.14, 0.1, 0.06]
    n = int(c.rng.choice(counts, p=weights)) if n is None else n
    values = _vortices(c.rng, grid.lon, grid.lat, n)
    if grid.closed:
        values[:, :, -1] = values[:, :, 0]
    unit, base = [(1.0, 0.0), (1.0e-5, 0.0), (1.0, 1000.0)][c.integer(0, 2)]
    return Series(
        grid=grid,
        frames=(strength * values * unit + base).astype(np.float32),
        times=_stamps(c.rng, n) if c.chance(0.35) else (),
        unit=unit,
        base=base,
    )


def _vortices(rng: np.random.Generator, lon: F64, lat: F64, n: int) -> F64:
    """Gaussian vortices that wander for as long as they live, on weak waves."""
    count = int(rng.integers(8, 16))
    at_lon = rng.uniform(lon.min(), lon.max(), count)
    middle, half = 0.5 * (lat.max() + lat.min()), 0.5 * (lat.max() - lat.min())
    at_lat = middle + rng.uniform(-0.85, 0.85, count) * half
    drift_lon, drift_lat = rng.uniform(-1.0, 4.5, count), rng.uniform(-1.0, 1.0, count)
    sign, strength = np.where(np.arange(count) % 2, -1.0, 1.0), rng.uniform(3.5, 9.0, count)
    width = rng.uniform(5.0, 11.0, count)
    first, last = rng.integers(0, max(1, n // 3), count), rng.integers(n // 2, n + 1, count)
    first[:4], last[:4] = 0, n  # some in every frame, of both signs
    slow = np.cos(np.radians(lat))[:, None] * np.sin(np.radians(3 * lon))[None, :]
    out = np.zeros((n, len(lat), len(lon)))
    for t in range(n):
        out[t] = 0.3 * slow + rng.normal(0.0, 0.05, slow.shape)
        for k in range(count):
            if first[k] <= t <= last[k]:
                across = np.abs((lon - (at_lon[k] + drift_lon[k] * t) + 180.0) % 360.0 - 180.0)
                across = across[None, :] * np.maximum(np.cos(np.radians(lat)), 0.15)[:, None]
                along = (lat - (at_lat[k] + drift_lat[k] * t))[:, None]
                out[t] += sign[k] * strength[k] * np.exp(-(across**2 + along**2) / (2 * width[k] ** 2))
    return out


def _stamps(rng: np.random.Generator, n: int) -> tuple[int, ...]:
    """Six-hourly times from 1 January 2001 with some steps left out."""
    step, out = 0, []
    for _ in range(n):
        out.append(2001010100 + 100 * (step // 4) + 6 * (step % 4))
        step += int(rng.choice([1, 1, 1, 2, 3]))
    return tuple(out)
