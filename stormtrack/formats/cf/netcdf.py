"""Tracks as CF trajectories in a NetCDF file: points one after another, with the number of each track's points.

Everything that a set has is kept. Files of others are read too: see `shapes`.

References
----------
CF conventions 1.11, appendix H.4; specification 07, section 3. Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import TrackFileError, UserInputError
from ...model.tracks import TrackSet
from ...storage.hdf5_image import without_times
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.history import PROGRAM, continued
from ..columns.layout import CONVENTIONS, Column, Layout
from ..columns.names import LAT, LON, ROW_SIZE, TIME, TRACK_ID
from ..given import Given
from ..packing import write_file
from .shapes import holds_tracks, layout_of
from .stored import is_netcdf, of_netcdf, open_netcdf

TRACKS, POINTS = "trajectory", "obs"
_COORDINATES = {TIME.name, LAT.name, LON.name}


def recognise(given: Given) -> bool:
    """Whether it is NetCDF with trajectories, or with records of ids, times and positions."""
    if given.is_folder or not is_netcdf(given.head):
        return False
    try:
        with open_netcdf(given) as dataset:
            return holds_tracks(of_netcdf(dataset, given.name))
    except TrackFileError:
        return False


def read(given: Given) -> TrackSet:
    """Read all tracks, labels and attributes."""
    with open_netcdf(given) as dataset:
        stored = of_netcdf(dataset, given.name)
        try:
            return decode(layout_of(stored))
        except TrackFileError:
            raise
        except UserInputError as problem:
            raise TrackFileError(str(problem), path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """Nothing is lost."""
    return []


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history of the file, which is continued.
    """
    from netCDF4 import Dataset

    layout = described(encode(continued(tracks, command)))
    data = Dataset("tracks.nc", "w", memory=1 << 16)
    data.setncatts(dict(layout.attributes))
    data.createDimension(TRACKS, len(layout.lengths))
    data.createDimension(POINTS, int(layout.lengths.sum()))
    for dimension, columns in ((TRACKS, layout.tracks), (POINTS, layout.points)):
        for name, column in columns.items():
            _put(data, name, dimension, column)
    write_file(path, without_times(bytes(data.close())))


def described(layout: Layout) -> Layout:
    """The layout with what CF wants to be said of dimensions and coordinates."""
    ids = layout.tracks[TRACK_ID.name]
    tracks = {TRACK_ID.name: Column(values=ids.values, attributes={**ids.attributes, "cf_role": "trajectory_id"})}
    sizes = {**ROW_SIZE.attributes(), "sample_dimension": POINTS}
    tracks[ROW_SIZE.name] = Column(values=layout.lengths, attributes=sizes)
    tracks |= {name: column for name, column in layout.tracks.items() if name != TRACK_ID.name}
    points = {}
    for name, column in layout.points.items():
        told = column.attributes if name in _COORDINATES else {**column.attributes, "coordinates": "time lat lon"}
        points[name] = Column(values=column.values, attributes=told)
    return Layout(tracks=tracks, points=points, lengths=layout.lengths, attributes={**CONVENTIONS, **layout.attributes})


def _put(data: Any, name: str, dimension: str, column: Column) -> None:
    kind: Any = str if column.is_text else column.values.dtype.newbyteorder("=")
    packed = dimension == POINTS and not column.is_text
    filled = None if column.is_text else False
    variable = data.createVariable(name, kind, (dimension,), zlib=packed, fill_value=filled)
    variable.set_auto_maskandscale(False)
    variable.setncatts(dict(column.attributes))
    if len(column.values):
        variable[:] = np.ascontiguousarray(column.values)
