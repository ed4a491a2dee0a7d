"""Frames of a DataArray as what computes knows of fields: a `Source`.

Parity: values and coordinates in float32, as the readers of TRACK's kinds give them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from ..arrays import F32, F64, I64
from ..errors import FieldError
from ..model.times import Times
from ..sources.frame_times import FrameTimes
from ..sources.source import Source
from .grids import even_step
from .times import hours_of, shown
from .travelling import Travelling

_AXES = ("time", "lat", "lon")
_MOST_BYTES = 1 << 28
"""Bytes of frames that are kept, at most, so that a chunk of the file is decoded once."""


def each_field(array: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every field with axes time, lat, lon: what was chosen along the other axes, and the field.

    Parameters
    ----------
    array : xarray.DataArray
        As `open_field` gives it.
    """
    others = [dim for dim in array.dims if dim not in _AXES]
    for at in itertools.product(*(range(array.sizes[dim]) for dim in others)):
        field = array.isel(dict(zip(others, at, strict=True)))
        yield {str(dim): field[dim].values[()] for dim in others if dim in field.coords}, field


def blocks_of(array: Any, ends: I64 | None = None) -> I64:
    """Where the blocks of frames end that are stored together, cut to what may be kept: int64, shape (n_blocks,).

    Parameters
    ----------
    array : xarray.DataArray
        Axes time, lat, lon, as `open_field` gives it.
    ends : int64, optional
        Where they end, if that is known better than from the array.
    """
    n_frames, ny, nx = array.shape
    chunks = array.encoding.get("preferred_chunks", {}).get("time", 1)
    if array.chunks is not None:
        chunks = array.chunks[0]
    elif ends is not None:
        chunks = tuple(np.diff(ends, prepend=0).tolist())
    sizes = chunks if isinstance(chunks, tuple) else (int(chunks),) * -(-n_frames // int(chunks))
    most = max(1, _MOST_BYTES // (4 * ny * nx))
    pieces = [min(most, size - start) for size in sizes for start in range(0, size, most)]
    bounds: I64 = np.minimum(np.cumsum(pieces, dtype=np.int64), n_frames)
    return bounds


class ArraySource(Source):
    """Frames of a DataArray.

    Parameters
    ----------
    array : xarray.DataArray
        Axes time, lat, lon in any order (time may be absent), as `open_field` gives it.
    name : str, optional
        For messages.

    Attributes
    ----------
    dates : Times or None
        Times of the frames as the model has them: whole seconds, minutes or hours since the first day; None without
        dates.
    pole : (float, float) or None
        Latitude and longitude of the North Pole of a rotated grid, by which positions on it are turned back.

    Raises
    ------
    FieldError
        If the array has other axes.

    Notes
    -----
    Columns of a grid all round are put in order from 0 degrees on, limited grids that lie west of Greenwich are counted
    from 180 on. Memory: one block of frames that the file stores together, 256 MB at most.
    """

    def __init__(self, array: Any, name: str = "") -> None:
        super().__init__(name or str(array.encoding.get("source") or array.name or "field"))
        others = [str(dim) for dim in array.dims if dim not in _AXES]
        if others or not {"lat", "lon"} <= set(array.dims):
            raise FieldError(
                f"'{self.name}' has the axes {', '.join(map(str, array.dims))}: time, lat and lon are needed"
                + (f", and one entry along {', '.join(others)} (isel, or each_field)" if others else "")
            )
        self._given = array
        array = array if "time" in array.dims else array.expand_dims("time")
        self._array = array.transpose(*_AXES)
        self._columns = _from_zero(np.asarray(array["lon"].values, np.float64))
        lon = np.asarray(array["lon"].values, np.float64)[self._columns]
        self.lon, self.lat = _in_circle(lon).astype(np.float32), array["lat"].values.astype(np.float32)
        self.n_frames = int(array.sizes["time"])
        lazy = self.travelling if self.travelling is not None and self.travelling.is_lazy else None
        self._blocks = blocks_of(self._array, None if lazy is None else lazy.ends_of_chunks())
        self._held: tuple[int, F32] = (0, np.zeros((0, self.ny, self.nx), np.float32))
        self.dates = dates_of(self._array)
        pole = [array.attrs.get(f"grid_north_pole_{name}") for name in ("latitude", "longitude")]
        self.pole = None if None in pole else (float(pole[0]), float(pole[1]))

    def times(self) -> FrameTimes | None:
        """Hours since the first frame; None without dates."""
        if self.dates is None:
            return None
        values = self._array["time"].values
        hours = hours_of(values)
        texts = dict(zip(hours.tolist(), map(shown, values), strict=True))
        return FrameTimes(values=hours, unit="hours", show=lambda value: texts[value])

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if number > self.n_frames:
            return None
        first, block = self._held
        if not first < number <= first + len(block):
            self._held = first, block = self._block(number - 1)
        frame: F32 = block[number - 1 - first]
        if out is None:
            return frame.copy()
        out[...] = frame
        return out

    def _block(self, index: int) -> tuple[int, F32]:
        """Frames that are stored together with one of them, and how many lie before."""
        k = int(np.searchsorted(self._blocks, index, side="right"))
        start = int(self._blocks[k - 1]) if k else 0
        values = self._array.isel(time=slice(start, int(self._blocks[k]))).values
        return start, np.asarray(values[:, :, self._columns], np.float32)

    @cached_property
    def travelling(self) -> Travelling | None:
        """How the frames go to workers; None for an array that `open_field` has not made."""
        return Travelling.of(self._array, self._columns)

    @property
    def is_lazy(self) -> bool:
        """Values are Dask's."""
        return self._array.chunks is not None or (self.travelling is not None and self.travelling.is_lazy)

    @property
    def is_on_device(self) -> bool:
        """Values live on a device, as arrays of JAX."""
        return self.travelling is not None and self.travelling.is_on_device

    def on_device(self, start: int, stop: int) -> Any:
        """Frames from `start` (0-based) to the one before `stop` where they live: float32, shape (n, ny, nx).

        Raises
        ------
        FieldError
            If they would have to be brought back.
        """
        assert self.travelling is not None
        return self.travelling.on_device(start, stop)

    @property
    def ends_of_blocks(self) -> I64:
        """Numbers (1-based) of the frames behind which a block of frames ends that are stored together."""
        return self._blocks

    def close(self) -> None:
        """Close the files of the array."""
        self._given.close()


def _from_zero(lon: F64) -> slice | I64:
    """Columns in the order of longitudes from 0 on, if they go all round; else as they are."""
    step = even_step(lon)
    if step is None or abs(step * len(lon) - 360.0) > 0.02 or 0.0 <= lon[0] < step:
        return slice(None)
    return np.argsort((lon + 1.0e-6) % 360.0)


def _in_circle(lon: F64) -> F64:
    """Longitudes from 0 to 360; as they are where 0 lies between them."""
    turned: F64 = lon - 360.0 * np.floor((lon + 1.0e-6) / 360.0)
    return turned if (np.diff(turned) > 0).all() else lon


def dates_of(array: Any) -> Times | None:
    """Dates of an array along `time` as whole numbers of the longest unit that holds them; None without dates."""
    if "time" not in array.coords or array["time"].dtype.kind not in "MO":
        return None
    values = array["time"].values
    calendar = str(array["time"].encoding.get("calendar") or getattr(values[0], "calendar", "proleptic_gregorian"))
    day = str(values[0])[:10].strip()
    seconds = np.round(hours_of(values) * 3600.0).astype(np.int64) + _seconds_of_day(values[0])
    for unit, length in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        if not (seconds % length).any():
            return Times(values=seconds // length, units=f"{unit} since {day} 00:00:00", calendar=calendar)
    raise AssertionError


def _seconds_of_day(value: Any) -> int:
    if isinstance(value, np.datetime64):
        return int((value - value.astype("datetime64[D]")) / np.timedelta64(1, "s"))
    return int(value.hour) * 3600 + int(value.minute) * 60 + int(value.second)
