"""Spectral functions of NumPy arrays on a device: the functions of `stormtrack.spectral.operators.Plan` that it has.

Parity: that of `stormtrack.device.spectral`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..spectral.operators import Band, Grids
from .batches import batch_size
from .packages import double_precision, jax
from .spectral import DeviceTransform


class DevicePlan:
    """Functions of frames of one grid, batch by batch; can be pickled, without the programs compiled so far.

    Parameters
    ----------
    grids, band, radius, dtype
        As those of `Plan`; `dtype` is that of results.
    precision : str
        Type in which products are computed, see `DeviceTransform`.
    """

    def __init__(self, grids: Grids, band: Band, radius: float, dtype: Any, precision: str = "float64") -> None:
        self._transform, self._dtype = DeviceTransform(grids, band, precision, radius), dtype
        self._size = batch_size(len(grids.lat) * len(grids.lon))

        self._programs: dict[str, Any] = {}

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_programs": {}}

    def _computed(self, function: str, *fields: Array) -> Array:
        """A function of `DeviceTransform` of frames, shape (frames, rows, columns); compiled once for each shape."""
        if function not in self._programs:
            self._programs[function] = jax.jit(getattr(self._transform, function))
        compiled, out = self._programs[function], []
        with double_precision():
            for start in range(0, len(fields[0]), self._size):
                given = jax.device_put([field[start : start + self._size] for field in fields])
                out.append(np.asarray(jax.device_get(compiled(*given)), self._dtype))
        return np.concatenate(out) if out else np.zeros((0, *self._transform.shape), self._dtype)

    def filtered(self, frames: Array) -> Array:
        """The band."""
        return self._computed("filtered", frames)

    def laplacian(self, frames: Array) -> Array:
        """Laplacian, in units of the field per square metre."""
        return self._computed("laplacian", frames)

    def inverse_laplacian(self, frames: Array) -> Array:
        """Field of a Laplacian, without its mean, in units of that times square metres."""
        return self._computed("inverse_laplacian", frames)

    def vorticity(self, u: Array, v: Array) -> Array:
        """Relative vorticity (1/s) of winds (m/s)."""
        return self._computed("vorticity", u, v)

    def divergence(self, u: Array, v: Array) -> Array:
        """Divergence (1/s) of winds (m/s)."""
        return self._computed("divergence", u, v)

    def streamfunction(self, u: Array, v: Array) -> Array:
        """Stream function (m2/s) of winds (m/s)."""
        return self._computed("streamfunction", u, v)

    def velocity_potential(self, u: Array, v: Array) -> Array:
        """Velocity potential (m2/s) of winds (m/s)."""
        return self._computed("velocity_potential", u, v)
