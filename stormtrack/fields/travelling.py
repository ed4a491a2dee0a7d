"""Frames of an opened field as they go to workers: the part of it that a block needs, computed where the worker is.

A file is opened again there; of an array of Dask goes that part of its graph; values in memory are sent.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import F32, I64
from ..errors import FieldError
from .lazy import Part, SeriesArray, as_run


@dataclass(frozen=True, kw_only=True, eq=False)
class PartBlock:
    """Frames of one part of a series.

    Attributes
    ----------
    variable : xarray.Variable
        Of these frames only; Dask computes it on the way.
    part : Part
        The part without a variable, for these frames.
    """

    variable: Any
    part: Part


@dataclass(frozen=True, kw_only=True, eq=False)
class FieldBlock:
    """Frames of a field that follow one another.

    Attributes
    ----------
    parts : tuple of PartBlock
    series : SeriesArray
        Without parts.
    at : tuple
        What was chosen along the axes before time: numbers; then time, rows and columns.
    """

    parts: tuple[PartBlock, ...]
    series: SeriesArray
    at: tuple[Any, ...]

    @property
    def is_lazy(self) -> bool:
        """Dask has to compute something."""
        return any(one.variable.chunks is not None for one in self.parts)

    def values(self) -> F32:
        """The frames, float32, shape (n, ny, nx)."""
        parts = [replace(one.part, variable=one.variable) for one in self.parts]
        n_frames = sum(len(part.frames) for part in parts)
        whole = self.series.with_parts(parts)
        lead = tuple(np.atleast_1d(np.asarray(k)) for k in self.at[:-3])
        values = whole.values_at((*lead, np.arange(n_frames), *self.at[-2:]))
        return values.reshape(values.shape[len(lead) :]).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travelling:
    """How the frames of a field go to workers.

    Attributes
    ----------
    series : SeriesArray
    lead : tuple of int
        What was chosen along the axes before time.
    columns : slice or int64
        In the order wanted.
    """

    series: SeriesArray
    lead: tuple[int, ...]
    columns: slice | I64

    @classmethod
    def of(cls, array: Any, columns: slice | I64) -> Travelling | None:
        """That of a DataArray with axes time, lat, lon; None if it is not as `open_field` gives it."""
        lazy = array.variable._data
        while not hasattr(lazy, "key") and hasattr(lazy, "array"):
            lazy = lazy.array
        series, key = getattr(lazy, "array", None), getattr(getattr(lazy, "key", None), "tuple", ())
        if not isinstance(series, SeriesArray) or series.dims[-3:] != ("time", "lat", "lon"):
            return None
        if not all(isinstance(k, (int, np.integer)) for k in key[:-3]) or any(k != slice(None) for k in key[-3:]):
            return None
        return cls(series=series, lead=tuple(int(k) for k in key[:-3]), columns=columns)

    @property
    def is_in_files(self) -> bool:
        """No values are in memory, or Dask's."""
        variables = [part.variable for part in self.series.parts]
        return all(one.chunks is None and not one._in_memory for one in variables)

    @property
    def is_lazy(self) -> bool:
        """Values are Dask's."""
        return any(part.variable.chunks is not None for part in self.series.parts)

    @property
    def is_on_device(self) -> bool:
        """Values are arrays of JAX."""
        return any(_of_jax(part.variable) is not None for part in self.series.parts)

    def on_device(self, start: int, stop: int) -> Any:
        """Frames from `start` (0-based) to the one before `stop`, float32, on the device where they are.

        Raises
        ------
        FieldError
            If they would have to be brought back, to another grid, or from several members.
        """
        pieces, first = [], 0
        for part in self.series.parts:
            own = part.frames[max(0, start - first) : max(0, stop - first)]
            first += len(part.frames)
            if len(own):
                pieces.append(self._frames_there(part, own))
        if len(pieces) == 1:
            return pieces[0]
        import jax.numpy as jnp

        return jnp.concatenate(pieces)

    def _frames_there(self, part: Part, frames: I64) -> Any:
        """Some frames of a part."""
        values, dims = _of_jax(part.variable), part.variable.dims
        if values is None or part.merged is not None or self.series.convert is not None:
            raise FieldError(
                f"{part.where}: the field lives on a device and would have to come back to be regridded, merged or put "
                "together with others: do that first, or hand in NumPy arrays"
            )
        kept = [dim for dim in self.series.dims if dim in dims]
        values = values.transpose([dims.index(dim) for dim in kept])[self.lead]
        if "time" not in dims:
            values = values[None]
        run = as_run(frames)
        return values[run][:, :, self.columns].astype("float32")

    def ends_of_chunks(self) -> I64:
        """Frames (counted from 1) behind which a chunk of Dask ends."""
        ends: list[int] = []
        start = 0
        for part in self.series.parts:
            variable = part.variable
            if variable.chunks is None or "time" not in variable.dims:
                ends += range(start + 1, start + 1 + len(part.frames))
            else:
                bounds = np.cumsum(variable.chunks[variable.dims.index("time")])
                chunk = np.searchsorted(bounds, part.frames, side="right")
                ends += [start + 1 + int(k) for k in np.flatnonzero(np.diff(chunk))] + [start + len(part.frames)]
            start += len(part.frames)
        return np.array(ends, np.int64)

    def block(self, start: int, stop: int) -> FieldBlock:
        """Frames from `start` (0-based) to the one before `stop`."""
        parts, first = [], 0
        for part in self.series.parts:
            own = part.frames[max(0, start - first) : max(0, stop - first)]
            first += len(part.frames)
            if len(own):
                parts.append(_cut(part, own))
        columns = np.arange(self.series.shape[-1])[self.columns]
        at = (*self.lead, 0, np.arange(self.series.shape[-2]), columns)
        return FieldBlock(parts=tuple(parts), series=self.series.with_parts(()), at=at)


def _of_jax(variable: Any) -> Any:
    """The array of JAX that a variable holds; None if it holds another one."""
    jax = sys.modules.get("jax")
    values = variable._data
    while not hasattr(values, "devices") and hasattr(values, "array"):
        values = values.array
    return values if jax is not None and isinstance(values, jax.Array) else None


def _cut(part: Part, frames: I64) -> PartBlock:
    """Some frames of a part."""
    variable, least = part.variable, int(frames.min())
    if "time" not in variable.dims:
        return PartBlock(variable=variable, part=replace(part, variable=None, frames=frames))
    cut = variable.isel(time=slice(least, int(frames.max()) + 1))
    return PartBlock(variable=cut, part=replace(part, variable=None, frames=frames - least))
