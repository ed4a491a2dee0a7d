"""Files that stormtrack's own readers read (TRACK binary and ASCII, Met Office PP) as datasets of xarray.

References
----------
Specification 01, sections 7.2 to 7.4. Parity: values bitwise those of the readers.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Literal

import numpy as np
import xarray as xr
from xarray.core import indexing

from ..arrays import Array
from ..errors import FieldError
from ..settings.startup import FieldSelection
from ..sources.opening import open_source
from ..sources.source import Source
from ..sources.track_binary import BinarySource
from .kinds import Kind
from .messages import MessageArray
from .opened import Opened
from .times import DAY_CODE

FORMATS: dict[Kind, Literal[0, 1]] = {Kind.BINARY: 0, Kind.ASCII: 1}
"""Kinds that hold one series of frames, and their numbers in the dialogue."""
FIELD = "field"
"""Name of the variable of files that do not name it."""


class FrameReader:
    """Reads frames of a file of TRACK's; it can be pickled (it opens the file again).

    Parameters
    ----------
    path : str
    selection : FieldSelection

    Attributes
    ----------
    source : Source
    """

    def __init__(self, path: str, selection: FieldSelection) -> None:
        self._path, self._selection = path, selection
        self._lock = Lock()
        self.source = open_source(path, selection)

    def __reduce__(self) -> tuple[Any, ...]:
        return FrameReader, (self._path, self._selection)

    def __call__(self, index: int) -> Array:
        """Values of a frame, counted from 0."""
        with self._lock:
            frame = self.source.read(index + 1)
        if frame is None:
            raise FieldError(
                f"'{self.source.name}': frame {index + 1} is not there any more; the file has become shorter"
            )
        return frame


def open_own(path: str, name: str, kind: Kind, newline_separated: bool | None = None) -> Opened:
    """A file of TRACK's kinds, or PP.

    Parameters
    ----------
    path : str
        The file.
    name : str
        What the user calls it.
    kind : Kind
    newline_separated : bool, optional
        Whether a byte follows every record of a binary file; by default seen from the file.

    Raises
    ------
    FieldError
        If it is damaged.
    """
    if kind is Kind.PP:
        from .pp import open_pp

        return open_pp(path, name)
    if newline_separated is None:
        newline_separated = kind is Kind.BINARY and _newline_separated(path)
    read = FrameReader(path, FieldSelection(format=FORMATS[kind], newline_separated=newline_separated))
    source = read.source
    said = [*source.notes, *source.warnings]
    n = _frames_there(source)
    if n < source.n_frames:
        said.append(f"the header announces {source.n_frames} frames, the file holds {n}")
    array = MessageArray(np.arange(n), (source.ny, source.nx), read, name)
    variable = xr.Variable(("time", "lat", "lon"), indexing.LazilyIndexedArray(array))
    dataset = xr.Dataset({FIELD: variable})
    dataset = dataset.assign_coords(
        lat=("lat", source.lat, {"standard_name": "latitude", "units": "degrees_north"}),
        lon=("lon", source.lon, {"standard_name": "longitude", "units": "degrees_east"}),
    )
    times = _stamps(source, n)
    if times is not None:
        attrs = {"standard_name": "time", "units": DAY_CODE}
        dataset = dataset.assign_coords(time=("time", times, attrs))
    warnings = [f"'{name}': {text}" for text in said]
    return Opened(name=name, kind=kind, datasets=[dataset], warnings=warnings, closers=[source.close])


def _newline_separated(path: str) -> bool:
    """Whether a newline follows every record, as TRACK writes it: the second seems to begin with an empty line."""
    with BinarySource(path) as source:
        return source.has_frame(2) and source.frame_text(2) == "" != source.frame_text(1)


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
    """Times that frames carry (YYYYMMDDHH) as days and their fractions; None without them."""
    if not source.stamp(1):
        return None
    digits = np.array([source.stamp(number) for number in range(1, n + 1)], np.int64)
    return digits // 100 + digits % 100 / 24.0
