"""Packed values of NetCDF and Zarr, unpacked as TRACK does, so that a file gives the same bits here and in the drop-in.

xarray, which unpacks in float64, does the rest: fill values of what is not packed, and coordinates.

References
----------
CF conventions 1.11, section 8.1; specification 01, section 7.1. Parity: bitwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from xarray.core.indexing import LazilyIndexedArray

from ..arrays import I64, Array
from ..sources.netcdf.attributes import unpack
from .lazy import LazyArray, as_run

_FACTORS = ("scale_factor", "add_offset")


class Unpacked(LazyArray):
    """Values of a packed variable, in float32.

    Parameters
    ----------
    stored : xarray.Variable
        Lazy, as stored.
    """

    def __init__(self, stored: Any) -> None:
        self._stored = stored
        self.shape, self.dtype = stored.shape, np.dtype(np.float32)
        scale, shift = (stored.attrs.get(name) for name in _FACTORS)
        self._scale = None if scale is None else np.float32(np.ravel(scale)[0])
        self._shift = None if shift is None else np.float32(np.ravel(shift)[0])
        marks = [stored.attrs[name] for name in ("_FillValue", "missing_value") if name in stored.attrs]
        self._marks = np.unique(np.concatenate([np.ravel(mark) for mark in marks])) if marks else np.zeros(0)

    def _values(self, at: tuple[I64, ...]) -> Array:
        stored = np.asarray(self._stored[tuple(map(as_run, at))].values)
        values = unpack(stored.astype(np.float32), self._scale, self._shift)
        if len(self._marks):
            values[np.isin(stored, self._marks)] = np.nan
        return values


def decoded(dataset: Any) -> Any:
    """A dataset as stored with fill values as NaN and packed values unpacked, lazily; times stay as stored."""
    packed = {
        name: stored.copy(deep=False)  # xarray takes attributes away from what it decodes
        for name, stored in dataset.variables.items()
        if stored.ndim > 1 and set(_FACTORS) & set(stored.attrs) and "_Unsigned" not in stored.attrs
    }
    as_they_are = {f"decode_{what}": False for what in ("times", "timedelta", "coords")}
    out = xr.decode_cf(dataset, concat_characters=False, **as_they_are)
    for name, stored in packed.items():
        was = out.variables[name]
        out[name] = xr.Variable(was.dims, LazilyIndexedArray(Unpacked(stored)), was.attrs, was.encoding)
    return out
