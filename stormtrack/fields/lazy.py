"""Series of frames that are read when they are used: parts of several files under one time axis, on one grid.

xarray's own concatenation needs dask to stay lazy. A `SeriesArray` is an array that xarray indexes lazily: it knows
which part holds which frame, and brings frames to another grid while they are read.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xarray.backends.common import BackendArray
from xarray.core import indexing

from ..arrays import I64, Array
from ..errors import FieldError, UserInputError


class LazyArray(BackendArray):  # type: ignore[misc]
    """An array that xarray indexes lazily; `_values` gives the values at indices along every axis."""

    shape: tuple[int, ...]
    dtype: Any

    def __getitem__(self, key: Any) -> Any:
        """Values at an index of xarray's."""
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._outer)

    def _outer(self, key: tuple[int | slice | I64, ...]) -> Array:
        """Values at integers, slices and one-dimensional arrays of indices, one for each axis."""
        values = self._values(tuple(np.atleast_1d(np.arange(n)[k]) for k, n in zip(key, self.shape, strict=True)))
        out: Array = values[tuple(0 if isinstance(k, (int, np.integer)) else slice(None) for k in key)]
        return out

    def _values(self, at: tuple[I64, ...]) -> Array:
        raise NotImplementedError


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
    chunk : int
        Frames that are stored, and so decoded, together.
    where : str
        File and variable, for messages.
    """

    variable: Any
    frames: I64
    merged: str | None = None
    chunk: int = 1
    where: str = ""

    def read(self, keys: Mapping[str, slice | I64]) -> Array:
        """Values at indices along some axes.

        Raises
        ------
        FieldError
            If they cannot be read.
        """
        try:
            return np.asarray(self.variable[tuple(keys.get(dim, slice(None)) for dim in self.variable.dims)].values)
        except UserInputError:
            raise
        except (OSError, RuntimeError, ValueError, KeyError) as problem:
            frames = keys.get("time", slice(0, 1))
            which = f"frames {frames.start + 1} to {frames.stop}" if isinstance(frames, slice) else "frames"
            raise FieldError(
                f"{self.where}: {which} of the file cannot be read, it seems to be damaged ({problem}); get it again"
            ) from problem


Conversion = Callable[[Array], Array]
"""From values with the part's horizontal axes last to values on the grid of the series."""


class SeriesArray(LazyArray):
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
        self._ends = np.cumsum([len(part.frames) for part in self.parts])

    def with_parts(self, parts: Sequence[Part]) -> SeriesArray:
        """The same of other parts, with as many frames as they have."""
        shape = list(self.shape)
        shape[self._time] = sum(len(part.frames) for part in parts)
        return SeriesArray(self.dims, tuple(shape), self.dtype, parts, self.convert)

    def values_at(self, at: tuple[I64, ...]) -> Array:
        """Values at indices along every axis."""
        return self._values(at)

    def _values(self, at: tuple[I64, ...]) -> Array:
        frames = at[self._time]
        out = np.empty([len(k) for k in at], self.dtype)
        part_of_frame = np.searchsorted(self._ends, frames, side="right")
        lead: tuple[Any, ...] = (slice(None),) * self._time
        for number in np.unique(part_of_frame):
            part, used = self.parts[number], np.flatnonzero(part_of_frame == number)
            local = part.frames[frames[used] - (self._ends[number] - len(part.frames))]
            for group in _read_together(local, part.chunk):
                places = (*at[: self._time], local[group], *at[self._time + 1 :])
                out[(*lead, used[group])] = self._of_part(part, places)
        return out

    def _of_part(self, part: Part, at: tuple[I64, ...]) -> Array:
        """Values of one part, at indices along the axes of the series; frames are read from the first to the last."""
        frames, first = at[self._time], int(at[self._time].min())
        read = at if self.convert is None else at[: self._time]
        keys: dict[str, slice | I64] = {dim: as_run(k) for dim, k in zip(self.dims, read, strict=False)}
        keys["time"] = slice(first, int(frames.max()) + 1)
        dims = list(part.variable.dims)
        values = part.read(keys)
        if part.merged is not None:
            axis = dims.index(part.merged)
            values = _first_known(np.moveaxis(values, axis, 0))
            dims.pop(axis)
        if "time" not in dims:
            values, dims = values[np.newaxis], ["time", *dims]
        values = values.transpose([dims.index(dim) for dim in self.dims])
        if len(frames) != values.shape[self._time] or frames[0] != first or (np.diff(frames) != 1).any():
            values = values.take(frames - first, axis=self._time)
        if self.convert is None:
            return values
        rows, columns = at[-2:]
        return self.convert(values)[..., rows, :][..., columns]


def _read_together(frames: I64, chunk: int) -> list[I64]:
    """Places of frames that are read in one go: all that follow one another, else those of each chunk.

    Readers of compressed files take far longer for every n-th frame than for all of them.
    """
    places = np.arange(len(frames))
    if (np.diff(frames) == 1).all():
        return [places] if len(frames) else []
    block = frames // chunk
    return [places[block == number] for number in np.unique(block)]


def as_run(numbers: I64) -> slice | I64:
    """A slice where numbers follow one another evenly: readers take it in one go."""
    if not len(numbers):
        return slice(0, 0)
    step = int(numbers[1] - numbers[0]) if len(numbers) > 1 else 1
    if step > 0 and (np.diff(numbers) == step).all():
        return slice(int(numbers[0]), int(numbers[-1]) + 1, step)
    return numbers


def _first_known(versions: Array) -> Array:
    """The first version of each value that is not NaN."""
    out: Array = versions[0].copy()
    for version in versions[1:]:
        unknown = np.isnan(out)
        out[unknown] = version[unknown]
    return out
