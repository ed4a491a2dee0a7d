"""Functions of fields on the sphere on a device: bands, winds, Laplacian, regridding, one product each way.

The tables are those of `stormtrack.spectral`, padded to a rectangle of orders and total wave numbers. Coefficients are
of shape (orders, degrees, frames...), as there with f = sum over m of (2 - [m = 0]) Re(...).

References
----------
Specification 05, sections 2-3. Parity: agrees with the fast engine to 1e-12 of the largest value in float64.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64
from ..errors import GridError
from ..spectral.legendre import Triangle, legendre_functions, vector_functions
from ..spectral.operators import EARTH_RADIUS, Band, Grids
from ..spectral.quadrature import quadrature
from ..spectral.sphere_grid import recognise_columns, recognise_rows
from ..spectral.transform import analysis_plan, synthesis_plan
from .packages import DeviceArray, jnp


def _square(functions: F64, triangle: Triangle) -> F64:
    """Functions of (coefficient, rows) as (order, degree from the order on, rows), zeros behind."""
    out = np.zeros((triangle.m_max + 1, triangle.n_max + 1, functions.shape[1]))
    for m in range(triangle.m_max + 1):
        of_order = functions[triangle.of_order(m)]
        out[m, : len(of_order)] = of_order
    return out


class DeviceTransform:
    """Functions of the fields of one grid, results on the same or another one, of a band of total wave numbers.

    Parameters
    ----------
    grids : Grids
        Columns all round, both grids.
    band : Band
    dtype : numpy dtype
        Float64, or float32 on request, in which products are computed.
    radius : float
        Of the Earth, metres.

    Raises
    ------
    GridError
        If a grid is not known or cannot hold the band.
    """

    def __init__(self, grids: Grids, band: Band, dtype: type = np.float64, radius: float = EARTH_RADIUS) -> None:
        analysis = analysis_plan(grids.lon, grids.lat, band.n_max)
        triangle = analysis.triangle
        synthesis_plan(*grids.target, triangle)  # whether the grid can hold it
        self._triangle, self._grid, self._radius, self._dtype = triangle, analysis.grid, radius, dtype
        self._target = grids.target
        self.shape = (len(self._target[1]), len(self._target[0]))
        degrees = _square(triangle.degrees.astype(np.float64)[:, None], triangle)[:, :, 0]
        self._factors = band.factors(degrees, triangle.n_max) * (degrees >= np.arange(triangle.m_max + 1)[:, None])
        self._laplacian = -degrees * (degrees + 1.0) / radius**2
        self._inverse = np.divide(1.0, self._laplacian, out=np.zeros_like(degrees), where=self._laplacian != 0.0)
        to_lon, to_lat = self._target
        rows = recognise_rows(to_lat)
        self._colatitude = np.radians(90.0 - np.asarray(to_lat, np.float64)) if rows is None else rows.colatitude
        self._columns = recognise_columns(to_lon)
        if not self._columns.full_circle:
            raise GridError(
                "engine='jax' gives fields on whole circles of latitude; use engine='fast' for a part of them"
            )
        self._quadrature = quadrature(analysis.grid.rows, triangle.n_max)
        self._made: dict[str, F64] = {}

    # tables, made when they are first needed

    def _table(self, name: str) -> DeviceArray:
        if name not in self._made:
            self._made[name] = getattr(self, f"_{name}_table")().astype(self._dtype)
        return jnp.asarray(self._made[name])

    def _analysis_table(self) -> F64:
        q, triangle = self._quadrature, self._triangle
        functions = legendre_functions(q.colatitude, triangle)
        weights = [q.table(functions[triangle.of_order(m)], q.to_nodes(m), None).first for m in self._orders]
        return _square(np.concatenate(weights), triangle)

    def _winds_table(self, which: int) -> F64:
        q, triangle = self._quadrature, self._triangle
        functions = vector_functions(q.colatitude, triangle)[which]
        weights = [q.table(functions[triangle.of_order(m)], q.winds_to_nodes(m), None).first for m in self._orders]
        return _square(np.concatenate(weights), triangle)

    def _along_table(self) -> F64:
        return self._winds_table(0)

    def _across_table(self) -> F64:
        return self._winds_table(1)

    def _synthesis_table(self) -> F64:
        return _square(legendre_functions(self._colatitude, self._triangle), self._triangle)

    @property
    def _orders(self) -> range:
        return range(self._triangle.m_max + 1)

    # both directions

    def _waves(self, frames: DeviceArray) -> DeviceArray:
        """Waves (orders, rows, frames) of frames (frames, rows, stored columns)."""
        columns = self._grid.columns
        values = frames[..., columns.order].astype(self._dtype)
        waves = jnp.fft.rfft(values, norm="forward")[..., : self._triangle.m_max + 1]
        turned = waves * np.exp(-1j * columns.longitude[0] * np.arange(self._triangle.m_max + 1))
        return jnp.moveaxis(turned, -1, 0).swapaxes(1, 2)

    def coefficients(self, frames: DeviceArray) -> DeviceArray:
        """Coefficients of the band, complex, of frames of shape (frames, rows, columns)."""
        return jnp.einsum("mnr,mrf->mnf", self._table("analysis"), self._waves(frames)) * self._factors[..., None]

    def field(self, coefficients: DeviceArray) -> DeviceArray:
        """Frames on the target grid, shape (frames, rows, columns)."""
        waves = jnp.einsum("mnr,mnf->frm", self._table("synthesis"), coefficients)
        lon = self._columns.longitude
        phase = np.exp(1j * lon[0] * np.arange(self._triangle.m_max + 1))
        fields = jnp.fft.irfft(waves * phase, n=len(lon), norm="forward").astype(self._dtype)
        steps = (np.radians(np.asarray(self._target[0], np.float64)) - lon[0]) / (lon[1] - lon[0])
        place = np.rint(steps).astype(np.int64) % len(lon)
        return fields if np.array_equal(place, np.arange(len(lon))) else fields[..., place]

    # what users ask for

    def filtered(self, frames: DeviceArray) -> DeviceArray:
        """The band; of all waves that both grids hold this is regridding."""
        return self.field(self.coefficients(frames))

    def laplacian(self, frames: DeviceArray) -> DeviceArray:
        """Laplacian, in units of the field per square metre."""
        return self.field(self.coefficients(frames) * self._laplacian[..., None])

    def inverse_laplacian(self, frames: DeviceArray) -> DeviceArray:
        """Field of a Laplacian, without its mean, in units of that times square metres."""
        return self.field(self.coefficients(frames) * self._inverse[..., None])

    def _of_winds(self, u: DeviceArray, v: DeviceArray, sign: int) -> DeviceArray:
        """Coefficients (1/s) of vorticity (sign 1) or divergence (-1)."""
        along, across = (u, v)[::sign][::-1], (u, v)[::sign]
        first = 1j * jnp.einsum("mnr,mrf->mnf", self._table("along"), self._waves(along[0]))
        second = jnp.einsum("mnr,mrf->mnf", self._table("across"), self._waves(across[0]))
        return (first + sign * second) * (self._factors / self._radius)[..., None]

    def vorticity(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Relative vorticity (1/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, 1))

    def divergence(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Divergence (1/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, -1))

    def streamfunction(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Stream function (m2/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, 1) * self._inverse[..., None])

    def velocity_potential(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Velocity potential (m2/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, -1) * self._inverse[..., None])
