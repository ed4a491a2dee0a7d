"""What is done with coefficients: bands, taper, Laplacian and its inverse; and the functions of fields made of it.

Functions of fields take arrays of shape (frames, rows, columns) in the order of the coordinates and give float64;
frames are worked on in blocks. Nothing looks for NaN here (`checks.first_bad_value`).

References
----------
Sardeshmukh, P. D. and B. J. Hoskins 1984, Mon. Wea. Rev. 112, 2524-2529 (taper). Parity: within the tolerances that
docs/functions.md states.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from .circles import C128
from .legendre import Triangle
from .sphere_grid import capacity
from .transform import AnalysisPlan, SynthesisPlan, analysis_plan, synthesis_plan

EARTH_RADIUS = 6.37e6
"""Metres; TRACK's."""
_BLOCK_VALUES = 1 << 21
"""Grid values of a block of frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Total wave numbers that are kept.

    Attributes
    ----------
    n_min, n_max : int, optional
        First and last one; all that the grid determines without `n_max`.
    taper : float, optional
        Factor of `n_max` of the taper exp(-k n^2 (n + 1)^2); None: no taper.
    """

    n_min: int = 0
    n_max: int | None = None
    taper: float | None = None

    def __post_init__(self) -> None:
        if self.n_min < 0 or (self.n_max is not None and self.n_max < self.n_min):
            raise GridError(f"a band of total wave numbers {self.n_min} to {self.n_max}; allowed: 0 <= n_min <= n_max")
        if self.taper is not None and not 0.0 < self.taper <= 1.0:
            raise GridError(f"a taper with factor {self.taper} at the last wave number; allowed: above 0, up to 1")

    def factors(self, degrees: Array, n_max: int) -> F64:
        """Factors of total wave numbers (fractions are rounded to see whether they are kept) up to `n_max`."""
        n = np.asarray(degrees, np.float64)
        whole = np.rint(n)
        out = np.where((whole >= self.n_min) & (whole <= n_max), 1.0, 0.0)
        if self.taper is None or n_max == 0:
            return out
        return out * np.exp(math.log(self.taper) * (n * (n + 1.0) / (n_max * (n_max + 1.0))) ** 2)


EVERYTHING = Band()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grids:
    """Where fields are, and where results are wanted.

    Attributes
    ----------
    lon, lat : shapes (columns,), (rows,), degrees
    to_lon, to_lat : the same of the results; None: the same grid
    """

    lon: Array
    lat: Array
    to_lon: Array | None = None
    to_lat: Array | None = None

    @property
    def target(self) -> tuple[Array, Array]:
        """Longitudes and latitudes of the results."""
        return (self.lon if self.to_lon is None else self.to_lon), (self.lat if self.to_lat is None else self.to_lat)


class Plan:
    """Analysis, factors of a band, synthesis.

    Parameters
    ----------
    grids : Grids
    band : Band
    radius : float
        Of the Earth, metres.

    Raises
    ------
    GridError
        If a grid is not known or cannot hold the band.
    """

    def __init__(self, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> None:
        self.analysis: AnalysisPlan = analysis_plan(grids.lon, grids.lat, band.n_max)
        self.triangle: Triangle = self.analysis.triangle
        self.synthesis: SynthesisPlan = synthesis_plan(*grids.target, self.triangle)
        degrees = self.triangle.degrees.astype(np.float64)
        self.factors = band.factors(degrees, self.triangle.n_max)[:, None]
        self.laplacian = (-degrees * (degrees + 1.0) / radius**2)[:, None]
        with np.errstate(divide="ignore"):
            self.inverse_laplacian = np.where(degrees[:, None] > 0, 1.0 / self.laplacian, 0.0)
        self.radius = radius
        rows, columns = grids.lat, grids.lon
        self._shape = (len(rows), len(columns))
        to_lon, to_lat = grids.target
        self._block = max(1, _BLOCK_VALUES // max(len(rows) * len(columns), len(to_lon) * len(to_lat)))

    def _blocks(self, frames: Array) -> Iterator[slice]:
        if frames.ndim != 3 or frames.shape[1:] != self._shape:
            raise GridError(f"frames of shape {frames.shape} on a grid of shape {self._shape}; (frames, rows, columns)")
        return (slice(k, k + self._block) for k in range(0, max(1, len(frames)), self._block))

    def scalar(self, frames: Array, change: Callable[[C128], C128] | None = None) -> F64:
        """Fields of the band, their coefficients changed on the way."""
        out = []
        for block in self._blocks(frames):
            coefficients = self.analysis.coefficients(frames[block]) * self.factors
            out.append(self.synthesis.field(change(coefficients) if change else coefficients))
        return _joined(out)

    def scalar_to_pair(self, frames: Array, make: Callable[[C128], tuple[F64, F64]]) -> tuple[F64, F64]:
        """Two fields made of the coefficients of one."""
        pairs = [make(self.analysis.coefficients(frames[block]) * self.factors) for block in self._blocks(frames)]
        return _joined([a for a, _ in pairs]), _joined([b for _, b in pairs])

    def winds(self, u: Array, v: Array) -> Iterator[tuple[C128, C128]]:
        """Vorticity and divergence (1/s) of the band, block by block."""
        scale = self.factors / self.radius
        for block in self._blocks(u):
            found = self.analysis.wind_coefficients(u[block], v[block])
            yield found.vorticity * scale, found.divergence * scale


def _joined(blocks: list[F64]) -> F64:
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def filtered(frames: Array, grids: Grids, band: Band) -> F64:
    """Frames of a band, on the target grid."""
    return Plan(grids, band).scalar(frames)


def laplacian(frames: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """Laplacian, in units of the field per square metre."""
    plan = Plan(grids, band, radius)
    return plan.scalar(frames, lambda c: c * plan.laplacian)


def inverse_laplacian(frames: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """The field of mean 0 whose Laplacian is the given one less its mean: of vorticity the stream function."""
    plan = Plan(grids, band, radius)
    return plan.scalar(frames, lambda c: c * plan.inverse_laplacian)


def gradient(frames: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> tuple[F64, F64]:
    """Derivatives to the east and to the north, per metre."""
    plan = Plan(grids, band, radius)
    return plan.scalar_to_pair(frames, lambda c: plan.synthesis.gradient(c / plan.radius))


def winds_of_vorticity(
    frames: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS
) -> tuple[F64, F64]:
    """Rotational winds (m/s) of vorticity (1/s)."""
    plan = Plan(grids, band, radius)
    make = plan.synthesis.winds
    return plan.scalar_to_pair(frames, lambda c: make(c * plan.inverse_laplacian / plan.radius, 0.0 * c))


def winds_of_divergence(
    frames: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS
) -> tuple[F64, F64]:
    """Divergent winds (m/s) of divergence (1/s)."""
    plan = Plan(grids, band, radius)
    make = plan.synthesis.winds
    return plan.scalar_to_pair(frames, lambda c: make(0.0 * c, c * plan.inverse_laplacian / plan.radius))


def vorticity(u: Array, v: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """Relative vorticity (1/s) of winds (m/s)."""
    plan = Plan(grids, band, radius)
    return _joined([plan.synthesis.field(c) for c, _ in plan.winds(u, v)])


def divergence(u: Array, v: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """Divergence (1/s) of winds (m/s)."""
    plan = Plan(grids, band, radius)
    return _joined([plan.synthesis.field(c) for _, c in plan.winds(u, v)])


def streamfunction(u: Array, v: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """Stream function (m2/s) of winds (m/s)."""
    plan = Plan(grids, band, radius)
    return _joined([plan.synthesis.field(c * plan.inverse_laplacian) for c, _ in plan.winds(u, v)])


def velocity_potential(u: Array, v: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS) -> F64:
    """Velocity potential (m2/s) of winds (m/s)."""
    plan = Plan(grids, band, radius)
    return _joined([plan.synthesis.field(c * plan.inverse_laplacian) for _, c in plan.winds(u, v)])


def parts_of_winds(
    u: Array, v: Array, grids: Grids, band: Band = EVERYTHING, radius: float = EARTH_RADIUS
) -> tuple[tuple[F64, F64], tuple[F64, F64]]:
    """Rotational and divergent parts (each eastward, northward; m/s) of winds."""
    plan = Plan(grids, band, radius)
    scale = plan.inverse_laplacian / plan.radius
    turning, spreading = [], []
    for curl, spread in plan.winds(u, v):
        turning.append(plan.synthesis.winds(curl * scale, 0.0 * curl))
        spreading.append(plan.synthesis.winds(0.0 * spread, spread * scale))
    return (
        (_joined([p[0] for p in turning]), _joined([p[1] for p in turning])),
        (_joined([p[0] for p in spreading]), _joined([p[1] for p in spreading])),
    )


def regridded(frames: Array, grids: Grids) -> F64:
    """Frames on another grid, with all waves that both grids hold."""
    to_lon, to_lat = grids.target
    here = analysis_plan(grids.lon, grids.lat).grid
    return Plan(grids, Band(n_max=min(here.capacity, capacity(to_lon, to_lat)))).scalar(frames)
