"""Functions of fields on the sphere: bands, taper, Laplacian and its inverse, gradient, winds.

They take arrays of shape (frames, rows, columns) in the order of the coordinates, compute in float64 and give that or
what a plan is told to; frames are worked on in blocks. Nothing looks for NaN here (`checks.first_bad_value`).

References
----------
Sardeshmukh, P. D. and B. J. Hoskins 1984, Mon. Wea. Rev. 112, 2524-2529 (taper). Parity: within the tolerances that
docs/functions.md states.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..arrays import F64, Array
from ..errors import GridError
from .mirror import C128
from .sphere_grid import capacity
from .transform import AnalysisPlan, SynthesisPlan, WindCoefficients, analysis_plan, synthesis_plan

EARTH_RADIUS = 6.37e6
"""Metres; TRACK's."""
Floats = npt.NDArray[np.floating[Any]]
_DOUBLE: np.dtype[Any] = np.dtype(np.float64)
Blocks = Iterable[tuple[slice, C128]]
"""Which frames, and coefficients of them."""
_BLOCK_VALUES = 1 << 22
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
    """Functions of the fields of one grid, results on the same or another one, of a band of total wave numbers.

    Plans may be shared by threads; what is costly is made when it is first used, and remembered.

    Parameters
    ----------
    grids : Grids
    band : Band
    radius : float
        Of the Earth, metres.
    dtype : float64 or float32
        Of the results.

    Raises
    ------
    GridError
        If a grid is not known or cannot hold the band.
    """

    def __init__(
        self,
        grids: Grids,
        band: Band = EVERYTHING,
        radius: float = EARTH_RADIUS,
        dtype: np.dtype[Any] = _DOUBLE,
    ) -> None:
        self._made_of = (grids, band, radius, dtype)
        self._dtype = dtype
        self.analysis: AnalysisPlan = analysis_plan(grids.lon, grids.lat, band.n_max)
        self.synthesis: SynthesisPlan = synthesis_plan(*grids.target, self.analysis.triangle)
        triangle = self.analysis.triangle
        degrees = triangle.degrees.astype(np.float64)
        self._factors = band.factors(degrees, triangle.n_max)[:, None]
        self._laplacian = (-degrees * (degrees + 1.0) / radius**2)[:, None]
        self._inverse = np.zeros_like(self._laplacian)
        np.divide(1.0, self._laplacian, out=self._inverse, where=self._laplacian != 0.0)
        self._radius, self._shape = radius, (len(grids.lat), len(grids.lon))
        to_lon, to_lat = grids.target
        self._target_shape = (len(to_lat), len(to_lon))
        values = max(len(grids.lat) * len(grids.lon), len(to_lat) * len(to_lon))
        self._block = max(1, _BLOCK_VALUES // values)

    def __reduce__(self) -> tuple[type[Plan], tuple[Grids, Band, float, np.dtype[Any]]]:
        """What a plan is made of travels to other processes, not its tables."""
        return Plan, self._made_of

    def _blocks(self, frames: Array) -> list[slice]:
        if frames.ndim != 3 or frames.shape[1:] != self._shape:
            raise GridError(f"frames of shape {frames.shape} on a grid of shape {self._shape}; (frames, rows, columns)")
        return [slice(k, min(k + self._block, len(frames))) for k in range(0, len(frames), self._block)]

    def _coefficients(self, frames: Array) -> Blocks:
        """Coefficients of the band, block by block."""
        return ((k, self.analysis.coefficients(frames[k]) * self._factors) for k in self._blocks(frames))

    def _of_winds(self, u: Array, v: Array) -> Iterator[tuple[slice, WindCoefficients]]:
        """Vorticity and divergence (1/s) of the band, block by block."""
        scale = self._factors / self._radius
        for block in self._blocks(u):
            found = self.analysis.wind_coefficients(u[block], v[block])
            yield block, WindCoefficients(found.vorticity * scale, found.divergence * scale)

    def _fields(self, frames: Array, blocks: Blocks, factors: F64 | float = 1.0) -> Floats:
        """As many fields as there are frames, of coefficients times factors."""
        out = np.empty((len(frames), *self._target_shape), self._dtype)
        for block, coefficients in blocks:
            self.synthesis.field(coefficients * factors, out[block])
        return out

    def _gradients(self, frames: Array, blocks: Blocks, factors: F64 | float) -> tuple[Floats, Floats]:
        """Gradients of fields, eastward and northward."""
        east, north = (np.empty((len(frames), *self._target_shape), self._dtype) for _ in range(2))
        for block, coefficients in blocks:
            self.synthesis.gradient(coefficients * factors, east[block], north[block])
        return east, north

    def _rotational(self, frames: Array, vorticity: Blocks) -> tuple[Floats, Floats]:
        east, north = self._gradients(frames, vorticity, self._inverse / self._radius)
        return np.negative(north, out=north), east

    def filtered(self, frames: Array) -> Floats:
        """The band."""
        return self._fields(frames, self._coefficients(frames))

    def laplacian(self, frames: Array) -> Floats:
        """Laplacian, in units of the field per square metre."""
        return self._fields(frames, self._coefficients(frames), self._laplacian)

    def inverse_laplacian(self, frames: Array) -> Floats:
        """The field of mean 0 whose Laplacian is the given one less its mean: of vorticity the stream function."""
        return self._fields(frames, self._coefficients(frames), self._inverse)

    def gradient(self, frames: Array) -> tuple[Floats, Floats]:
        """Derivatives to the east and to the north, per metre."""
        return self._gradients(frames, self._coefficients(frames), 1.0 / self._radius)

    def wind_of_vorticity(self, frames: Array) -> tuple[Floats, Floats]:
        """Rotational winds (m/s; eastward, northward) of vorticity (1/s)."""
        return self._rotational(frames, self._coefficients(frames))

    def wind_of_divergence(self, frames: Array) -> tuple[Floats, Floats]:
        """Divergent winds (m/s; eastward, northward) of divergence (1/s)."""
        return self._gradients(frames, self._coefficients(frames), self._inverse / self._radius)

    def vorticity(self, u: Array, v: Array) -> Floats:
        """Relative vorticity (1/s) of winds (m/s)."""
        return self._fields(u, ((k, c.vorticity) for k, c in self._of_winds(u, v)))

    def divergence(self, u: Array, v: Array) -> Floats:
        """Divergence (1/s) of winds (m/s)."""
        return self._fields(u, ((k, c.divergence) for k, c in self._of_winds(u, v)))

    def streamfunction(self, u: Array, v: Array) -> Floats:
        """Stream function (m2/s) of winds (m/s)."""
        return self._fields(u, ((k, c.vorticity) for k, c in self._of_winds(u, v)), self._inverse)

    def velocity_potential(self, u: Array, v: Array) -> Floats:
        """Velocity potential (m2/s) of winds (m/s)."""
        return self._fields(u, ((k, c.divergence) for k, c in self._of_winds(u, v)), self._inverse)

    def rotational_wind(self, u: Array, v: Array) -> tuple[Floats, Floats]:
        """Rotational part (eastward, northward; m/s) of winds."""
        return self._rotational(u, ((k, c.vorticity) for k, c in self._of_winds(u, v)))

    def divergent_wind(self, u: Array, v: Array) -> tuple[Floats, Floats]:
        """Divergent part (eastward, northward; m/s) of winds."""
        divergence = ((k, c.divergence) for k, c in self._of_winds(u, v))
        return self._gradients(u, divergence, self._inverse / self._radius)


def regridding_plan(grids: Grids, dtype: np.dtype[Any] = _DOUBLE) -> Plan:
    """The plan that keeps all waves which both grids hold."""
    here = analysis_plan(grids.lon, grids.lat).grid
    return Plan(grids, Band(n_max=min(here.capacity, capacity(*grids.target))), dtype=dtype)
