"""Series of frames that are read when they are used: parts of several files under one time axis, on one grid.

xarray's own concatenation needs dask to stay lazy. A `Series` is an array that xarray indexes lazily: it knows which part
holds which frame, and brings frames to another grid while they are read.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xarray.backends.common import BackendArray
from xarray.core import indexing

from ..arrays import Array, I64

Index = int | slice | I64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Where some frames of a series come from.

    Attributes
    ----------
    variable : xarray.Variable
        Lazy; its axes are those of the series that it has (time may be absent: one frame), and `merged`, if any.
    frames : int64, shape (n,)
        Which of its frames are used, in the order of the series.
    merged : str, optional
        Axis of versions of the same values: the first that is not NaN counts.
    """

    variable: Any
    frames: I64
    merged: str | None = None


Conversion = Callable[[Array], Array]
"""From values with the part's horizontal axes last to values on the grid of the series."""


class Series(BackendArray):  # type: ignore[misc]
    """Frames of one field.

    Parameters
    ----------
    dims : sequence of str
        Names of the axes of the parts: what is kept besides, ``time``, and the horizontal ones last.
    shape : tuple of int
        Of the series; the last two are rows and columns.
    dtype : dtype
    parts : sequence of Part
    convert : callable, optional
        Brings frames to the grid of the series; it can be pickled.
    """

    def __init__(
        self,
        dims: Sequence[str],
        shape: tuple[int, ...],
        dtype: Any,
        parts: Sequence[Part],
        convert: Conversion | None = None,
    ) -> None:
        self.dims, self.shape, self.dtype = tuple(dims), shape, np.dtype(dtype)
        self.parts, self.convert = tuple(parts), convert
        self._time = self.dims.index("time")
        counts = [len(part.frames) for part in self.parts]
        self._ends = np.cumsum(counts)

    def __getitem__(self, key: Any) -> Any:
        """Values at an index of xarray's."""
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._values)

    def _values(self, key: tuple[Index, ...]) -> Array:
        """Values at integers, slices and one-dimensional arrays of indices, one for each axis."""
        whole = tuple(_as_slice_or_array(k, n) for k, n in zip(key, self.shape, strict=True))
        lead, frames, rows = whole[: self._time], whole[self._time], whole[self._time + 1 :]
        numbers = np.arange(self.shape[self._time])[frames]
        out = np.empty([_length(k, n) for k, n in zip(whole, self.shape, strict=True)], self.dtype)
        number_of_part = np.searchsorted(self._ends, numbers, side="right")
        at: tuple[Any, ...] = (slice(None),) * self._time
        for part in np.unique(number_of_part):
            used = number_of_part == part
            local = self.parts[part].frames[numbers[used] - (self._ends[part] - len(self.parts[part].frames))]
            out[(*at, _as_run(np.flatnonzero(used)))] = self._of_part(self.parts[part], lead, _as_run(local), rows)
        return out[tuple(0 if isinstance(k, (int, np.integer)) else slice(None) for k in key)]

    def _of_part(self, part: Part, lead: Sequence[Any], frames: Any, rows: Sequence[Any]) -> Array:
        keys = dict(zip(self.dims, (*lead, frames, *rows), strict=False))
        if self.convert is not None:
            keys = dict(zip(self.dims, (*lead, frames), strict=False))
        variable = part.variable
        taken = variable[tuple(keys.get(dim, slice(None)) for dim in variable.dims)]
        values = np.asarray(taken.values)
        dims = list(variable.dims)
        if part.merged is not None:
            axis = dims.index(part.merged)
            values = _first_known(np.moveaxis(values, axis, 0))
            dims.pop(axis)
        if "time" not in dims:
            values, dims = values[np.newaxis], ["time", *dims]
            values = np.repeat(values, len(np.arange(1)[frames]), axis=0)
        values = values.transpose([dims.index(dim) for dim in self.dims if dim in dims])
        if self.convert is None:
            return values
        converted = self.convert(values)
        return converted[(..., rows[0], slice(None))][(..., rows[1])]


def _as_slice_or_array(key: Index, length: int) -> slice | I64:
    if isinstance(key, (int, np.integer)):
        start = int(key) % length if length else 0
        return slice(start, start + 1)
    return key if isinstance(key, slice) else np.asarray(key, np.int64)


def _length(key: slice | I64, length: int) -> int:
    return len(range(*key.indices(length))) if isinstance(key, slice) else len(key)


def _as_run(numbers: I64) -> slice | I64:
    """A slice where numbers follow one another evenly: readers take it in one go."""
    if not len(numbers):
        return slice(0, 0)
    step = int(numbers[1] - numbers[0]) if len(numbers) > 1 else 1
    if step > 0 and (np.diff(numbers) == step).all():
        return slice(int(numbers[0]), int(numbers[-1]) + 1, step)
    return numbers


def _first_known(versions: Array) -> Array:
    """The first version of each value that is not NaN."""
    out = versions[0].copy()
    for version in versions[1:]:
        unknown = np.isnan(out)
        out[unknown] = version[unknown]
    return out
