"""Files that stormtrack's own readers read (TRACK binary and ASCII, Met Office PP) as datasets of xarray.

References
----------
Specification 01, sections 7.2 to 7.4. Parity: values bitwise those of the readers.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np
from xarray.backends.common import BackendArray
from xarray.core import indexing

from ..arrays import F32, Array
from ..calendar import hours
from ..errors import FieldError
from ..settings.startup import FieldSelection
from ..sources.field_file import FieldFile
from ..sources.opening import open_file
from ..sources.source import Source
from .kinds import Kind
from .opened import Opened

_FORMATS = {Kind.BINARY: 0, Kind.ASCII: 1, Kind.PP: 3}
FIELD = "field"
"""Name of the variable of files that do not name it."""


class FramesOfFile(BackendArray):  # type: ignore[misc]
    """Frames of a file of TRACK's, read one by one; it can be pickled (it opens the file again).

    Parameters
    ----------
    path : str
    kind : Kind
    newline_separated : bool
        A byte follows every record of a TRACK binary file.
    n_frames : int
    """

    def __init__(self, path: str, kind: Kind, newline_separated: bool, n_frames: int | None = None) -> None:
        self._arguments = (path, kind, newline_separated, n_frames)
        self._lock = Lock()
        self._file: FieldFile | None = open_file(path, _FORMATS[kind])
        self.source = self._file.source(FieldSelection(format=_FORMATS[kind], newline_separated=newline_separated))
        self.n_frames = self.source.n_frames if n_frames is None else n_frames
        self.shape = (self.n_frames, self.source.ny, self.source.nx)
        self.dtype = np.dtype(np.float32)

    def __reduce__(self) -> tuple[Any, ...]:
        return FramesOfFile, (*self._arguments[:3], self.n_frames)

    def __getitem__(self, key: Any) -> Any:
        """Values at an index of xarray's."""
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._values)

    def _values(self, key: tuple[Any, ...]) -> Array:
        frames = np.atleast_1d(np.arange(self.n_frames)[key[0]])
        out = np.empty((len(frames), *self.shape[1:]), np.float32)
        with self._lock:
            for place, number in enumerate(frames):
                self._read(int(number) + 1, out[place])
        whole: Array = out[:, key[1]] if not isinstance(key[1], (int, np.integer)) else out[:, [key[1]]]
        whole = whole[:, :, key[2]] if not isinstance(key[2], (int, np.integer)) else whole[:, :, [key[2]]]
        return whole[tuple(0 if isinstance(k, (int, np.integer)) else slice(None) for k in key)]

    def _read(self, number: int, out: F32) -> None:
        if self.source.read(number, out) is None:
            raise FieldError(
                f"'{self.source.name}' announces {self.source.n_frames} frames but holds {number - 1}; get the whole file, "
                f"or use frames 1 to {number - 1} only"
            )

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def open_own(path: str, name: str, kind: Kind) -> Opened:
    """A file of TRACK's kinds, or PP.

    Raises
    ------
    FieldError
        If it is damaged.
    """
    if kind is Kind.PP:
        from .pp import open_pp

        return open_pp(path, name)
    import xarray as xr

    newline = kind is Kind.BINARY and _newline_separated(path)
    array = FramesOfFile(path, kind, newline)
    source = array.source
    n = _frames_there(source)
    array = array if n == array.n_frames else FramesOfFile(path, kind, newline, n)
    variable = xr.Variable(("time", "lat", "lon"), indexing.LazilyIndexedArray(array))
    variable.encoding["preferred_chunks"] = {"time": 1}
    dataset = xr.Dataset({FIELD: variable})
    dataset = dataset.assign_coords(
        lat=("lat", source.lat, {"standard_name": "latitude", "units": "degrees_north"}),
        lon=("lon", source.lon, {"standard_name": "longitude", "units": "degrees_east"}),
    )
    times = _stamps(source, n)
    if times is not None:
        attrs = {"standard_name": "time", "units": "hours since 0001-01-01 00:00", "calendar": "julian"}
        dataset = dataset.assign_coords(time=("time", times, attrs))
    out = Opened(name=name, kind=kind, datasets=[dataset], closers=[array.close])
    out.warnings += [f"'{name}': {text}" for text in (*source.notes, *source.warnings)]
    return out


def _newline_separated(path: str) -> bool:
    """Whether a byte follows every record: TRACK writes a newline there, which only the second record shows."""
    file = open_file(path, 0)
    try:
        source = file.source(FieldSelection(format=0))
        try:
            return source.has_frame(2) and source.read(2) is not None and False
        except FieldError as problem:
            if "separated by a newline" in str(problem):
                return True
            raise
    finally:
        file.close()


def _frames_there(source: Source) -> int:
    """Frames that begin before the end of the file, up to those announced."""
    n = max(source.n_frames, 1)
    if source.has_frame(n):
        return n
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if source.has_frame(middle) else (low, middle)
    return max(low, 1)


def _stamps(source: Source, n: int) -> Array | None:
    """Times that frames carry (YYYYMMDDHH) as hours since the year 1; None without them."""
    if not source.stamp(1):
        return None
    begin = hours(1_01_01_00)
    return np.array([hours(source.stamp(number)) - begin for number in range(1, n + 1)], np.int64)
