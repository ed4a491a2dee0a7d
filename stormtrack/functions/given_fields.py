"""Fields that are read along tracks: whatever users give, opened lazily, and read frame by frame.

Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F64, I64, Array
from ..errors import FieldError, GridError
from ..fields.opening import open_fields
from ..fields.source import blocks_of, dates_of
from ..model.dates import calendar_named, seconds_of
from ._xarray import xr

_AXES = ("time", "lat", "lon")
_AT_ONCE = 1 << 23
"""Bytes up to which frames are read together: each reading costs some 0.3 ms."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GivenField:
    """A field, of which frames are read when they are needed.

    Attributes
    ----------
    name : str
    units : str
        Empty: not stated.
    about : mapping
        Its attributes.
    lon, lat : float64, shapes (nx,), (ny,)
        Degrees, as stored.
    seconds : int64, shape (n_frames,), optional
        Since 1970-01-01 of its calendar; None without dates.
    calendar : str
        Usual name; empty without dates.
    array : xarray.DataArray
        Axes time, lat, lon.
    """

    name: str
    units: str
    about: Mapping[str, Any]
    lon: F64
    lat: F64
    seconds: I64 | None
    calendar: str
    array: Any

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return int(self.array.sizes["time"])

    @property
    def is_constant(self) -> bool:
        """Whether it has one frame without a date, which stands for all times."""
        return self.n_frames == 1 and self.seconds is None

    def frames(self, wanted: I64) -> Iterator[tuple[int, Array]]:
        """The frames wanted (from 0, in order, each once) and their values, shape (ny, nx), one after the other.

        Those that the file, or Dask, keeps together are read together, and small ones with their neighbours; nothing
        else is read.
        """
        for together in self._read_together(wanted):
            values = np.asarray(self.array.isel(time=together).values)
            yield from zip(together.tolist(), values, strict=True)

    def _read_together(self, wanted: I64) -> list[I64]:
        """Frames that are read in one go: whole blocks of the file, several as long as they are small."""
        if not len(wanted):
            return []
        block = np.searchsorted(blocks_of(self.array), wanted, side="right")
        starts = np.concatenate([[0], np.flatnonzero(np.diff(block)) + 1])
        most = _AT_ONCE // (self.array.dtype.itemsize * len(self.lat) * len(self.lon))
        cuts, begin = [], 0
        for start, end in zip(starts, [*starts[1:], len(wanted)], strict=True):
            if end - begin > most and start > begin:
                cuts.append(int(start))
                begin = start
        return np.split(wanted, cuts)


@contextmanager
def fields_given(given: Any, opening: Mapping[str, Any]) -> Iterator[list[GivenField]]:
    """The fields that are meant, opened.

    Parameters
    ----------
    given : DataArray, Dataset, path, list of paths, or a mapping of names to these
        Of a Dataset, or of files, all fields are taken; of a mapping each entry is one field, and has its name.
    opening : mapping
        Arguments of `open_field`; ``variable`` may name several.

    Raises
    ------
    FieldError, GridError
        If they cannot be opened, or have other axes than time, latitude and longitude.
    """
    arrays: dict[str, Any] = {}
    try:
        arrays = _opened(given, dict(opening))
        yield [_given_field(name, array) for name, array in arrays.items()]
    finally:
        for array in arrays.values():
            array.close()


def _opened(given: Any, opening: dict[str, Any]) -> dict[str, Any]:
    variable = opening.pop("variable", None)
    names = [variable] if isinstance(variable, str) else variable
    if isinstance(given, Mapping) and not isinstance(given, xr.Dataset):
        if not given or names:
            raise FieldError("a mapping of names to fields needs an entry, and no variable=...")
        return {str(name): _one(str(name), field, opening) for name, field in given.items()}
    if not isinstance(given, (xr.DataArray, xr.Dataset)) and not _is_place(given):
        raise FieldError(
            f"a {type(given).__name__} is no field; allowed are a DataArray, a Dataset, paths, or a mapping of names "
            "to these"
        )
    return open_fields(given, names, **opening)


def _is_place(given: Any) -> bool:
    if isinstance(given, (str, bytes)) or hasattr(given, "__fspath__"):
        return bool(given)
    return isinstance(given, Sequence) and bool(given) and all(map(_is_place, given))


def _one(name: str, field: Any, opening: Mapping[str, Any]) -> Any:
    found = _opened(field, dict(opening))
    if len(found) != 1:
        for array in found.values():
            array.close()
        raise FieldError(f"'{name}' names one field, but there are {', '.join(found) or 'none'}; choose one of them")
    return next(iter(found.values()))


def _given_field(name: str, array: Any) -> GivenField:
    others = [str(dim) for dim in array.dims if dim not in _AXES]
    if others or not {"lat", "lon"} <= set(array.dims):
        raise FieldError(
            f"field '{name}' has the axes {', '.join(map(str, array.dims))}: one entry along each other one"
        )
    if array.attrs.get("grid_mapping_name") == "rotated_latitude_longitude":
        raise GridError(f"field '{name}' is on a rotated grid; regrid it: grid=STEP (--grid STEP, degrees)")
    array = array if "time" in array.dims else array.expand_dims("time")
    array = array.transpose(*_AXES)
    dates = dates_of(array)
    return GivenField(
        name=name,
        units=str(array.attrs.get("units", "")),
        about=dict(array.attrs),
        lon=np.asarray(array["lon"].values, np.float64),
        lat=np.asarray(array["lat"].values, np.float64),
        seconds=None if dates is None else seconds_of(dates),
        calendar="" if dates is None else calendar_named(dates.calendar),
        array=array,
    )
