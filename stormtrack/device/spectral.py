"""Functions of fields on the sphere on a device: bands, winds, Laplacian, regridding, one product each way.

The tables are those of `stormtrack.spectral`, padded to a rectangle of orders and total wave numbers. Coefficients are
of shape (orders, degrees, frames...), as there with f = sum over m of (2 - [m = 0]) Re(...).

References
----------
Specification 05, sections 2-3. Parity: agrees with the fast engine to 1e-12 of the largest value in float64, in float32
to what docs/jax.md states.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, Array
from ..errors import GridError
from ..spectral.legendre import Triangle, legendre_functions, vector_functions
from ..spectral.operators import EARTH_RADIUS, Band, Grids
from ..spectral.quadrature import quadrature
from ..spectral.sphere_grid import recognise_columns, recognise_rows
from ..spectral.transform import analysis_plan, synthesis_plan
from .packages import DeviceArray, jnp, lax

_WHOLE = 8
"""Products are of a multiple of so many frames: the last ones of another number would be summed in another order."""


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
    precision : {'float64', 'float32'}
        Type in which everything is computed; tables are made in float64.
    radius : float
        Of the Earth, metres.

    Raises
    ------
    GridError
        If a grid is not known or cannot hold the band.
    """

    def __init__(self, grids: Grids, band: Band, precision: str = "float64", radius: float = EARTH_RADIUS) -> None:
        analysis = analysis_plan(grids.lon, grids.lat, band.n_max)
        triangle = analysis.triangle
        synthesis_plan(*grids.target, triangle)  # whether the grid can hold it
        self._triangle, self._grid, self._target = triangle, analysis.grid, grids.target
        self._dtype, self._complex = np.dtype(precision), np.result_type(precision, np.complex64)
        self.shape = (len(self._target[1]), len(self._target[0]))
        degrees = _square(triangle.degrees.astype(np.float64)[:, None], triangle)[:, :, 0]
        factors = band.factors(degrees, triangle.n_max) * (degrees >= np.arange(triangle.m_max + 1)[:, None])
        laplacian = -degrees * (degrees + 1.0) / radius**2
        inverse = np.divide(1.0, laplacian, out=np.zeros_like(degrees), where=laplacian != 0.0)
        self._factors, self._of_winds_factors, self._laplacian, self._inverse = (
            table.astype(self._dtype)[..., None] for table in (factors, factors / radius, laplacian, inverse)
        )
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

    def _turn(self, longitude: float) -> Array:
        """Factors of the waves on the way from a first longitude (radians) to 0; with the sign turned, back."""
        factors: Array = np.exp(1j * longitude * np.arange(self._triangle.m_max + 1)).astype(self._complex)
        return factors

    # both directions

    def _products(self, subscripts: str, table: str, values: DeviceArray) -> DeviceArray:
        """A table's functions times values of frames (last axis) and of zeros; not in fewer digits, as GPUs might."""
        filled = jnp.pad(values, ((0, 0), (0, 0), (0, -values.shape[-1] % _WHOLE)))
        return jnp.einsum(subscripts, self._table(table), filled, precision=lax.Precision.HIGHEST)

    def _sums(self, table: str, frames: DeviceArray) -> DeviceArray:
        """Sums over the rows of a table's weights times the waves, shape (orders, degrees, frames)."""
        return self._products("mnr,mrf->mnf", table, self._waves(frames))[..., : len(frames)]

    def _waves(self, frames: DeviceArray) -> DeviceArray:
        """Waves (orders, rows, frames) of frames (frames, rows, stored columns)."""
        columns = self._grid.columns
        values = frames[..., columns.order].astype(self._dtype)
        waves = jnp.fft.rfft(values, norm="forward")[..., : self._triangle.m_max + 1]
        return jnp.moveaxis(waves * self._turn(-columns.longitude[0]), -1, 0).swapaxes(1, 2)

    def _split(self, frames: DeviceArray) -> tuple[DeviceArray, DeviceArray]:
        """What varies, and the middle of each frame's values if they are of one sign: of float32 it would cost digits.

        The function of a constant is 0 for all but `filtered`.
        """
        if self._dtype == np.float64:
            return frames, np.zeros((1, 1, 1))
        values = frames.astype(self._dtype)
        low, high = (of(values, axis=(1, 2), keepdims=True) for of in (jnp.min, jnp.max))
        middle = jnp.where(low * high > 0, (low + high) / 2, 0)
        return values - middle, middle

    def coefficients(self, frames: DeviceArray) -> DeviceArray:
        """Coefficients of the band, complex, of frames of shape (frames, rows, columns)."""
        return self._sums("analysis", frames) * self._factors

    def field(self, coefficients: DeviceArray) -> DeviceArray:
        """Frames on the target grid, shape (frames, rows, columns)."""
        waves = self._products("mnr,mnf->frm", "synthesis", coefficients)[: coefficients.shape[-1]]
        lon = self._columns.longitude
        fields = jnp.fft.irfft(waves * self._turn(lon[0]), n=len(lon), norm="forward")
        steps = (np.radians(np.asarray(self._target[0], np.float64)) - lon[0]) / (lon[1] - lon[0])
        place = np.rint(steps).astype(np.int64) % len(lon)
        return fields if np.array_equal(place, np.arange(len(lon))) else fields[..., place]

    # what users ask for

    def filtered(self, frames: DeviceArray) -> DeviceArray:
        """The band; of all waves that both grids hold this is regridding."""
        varying, middle = self._split(frames)
        return self.field(self.coefficients(varying)) + middle * self._factors[0, 0]

    def laplacian(self, frames: DeviceArray) -> DeviceArray:
        """Laplacian, in units of the field per square metre."""
        return self.field(self.coefficients(self._split(frames)[0]) * self._laplacian)

    def inverse_laplacian(self, frames: DeviceArray) -> DeviceArray:
        """Field of a Laplacian, without its mean, in units of that times square metres."""
        return self.field(self.coefficients(self._split(frames)[0]) * self._inverse)

    def _of_winds(self, u: DeviceArray, v: DeviceArray, sign: int) -> DeviceArray:
        """Coefficients (1/s) of vorticity (sign 1) or divergence (-1)."""
        along, across = (u, v)[::sign][::-1], (u, v)[::sign]
        first = 1j * self._sums("along", along[0])
        second = self._sums("across", across[0])
        return (first + sign * second) * self._of_winds_factors

    def vorticity(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Relative vorticity (1/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, 1))

    def divergence(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Divergence (1/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, -1))

    def streamfunction(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Stream function (m2/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, 1) * self._inverse)

    def velocity_potential(self, u: DeviceArray, v: DeviceArray) -> DeviceArray:
        """Velocity potential (m2/s) of winds (m/s)."""
        return self.field(self._of_winds(u, v, -1) * self._inverse)
