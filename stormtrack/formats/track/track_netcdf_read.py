"""Reading of track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: not applicable (the original does not read them).
"""

from __future__ import annotations

import io

import numpy as np

from ...arrays import F32, I64, Array
from ...errors import TrackFileError
from ...model.steps import with_steps
from ...model.tracks import TrackSet, offsets
from ...model.variables import INTENSITY, SPEED, VELOCITY, Variable, added_from_columns
from ...storage.classic_netcdf import Attribute, ClassicFormatError, read_header
from .track_netcdf import FIELD_FLAGS, VELOCITY_NAMES, field_names


class _Contents:
    """The variables of a file in memory."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path, self._data = path, data
        try:
            self._header = read_header(io.BytesIO(data))
        except ClassicFormatError as problem:
            raise TrackFileError(str(problem), path=path) from problem
        self._places = self._header.places()

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def attribute(self, variable: str, name: str) -> Attribute | None:
        """An attribute; None if it or the variable is missing."""
        return next((v.attributes.get(name) for v in self._header.variables if v.name == variable), None)

    def column(self, name: str, size: int | None = None) -> Array:
        """Values of a variable, in native byte order."""
        if name not in self:
            found = ", ".join(self._places)
            raise TrackFileError(f"no variable '{name}'; not a track file (found {found})", path=self.path)
        values = self._places[name].values(self._data, self._header.records)
        if values is None:
            raise TrackFileError(f"the data of '{name}' are truncated", path=self.path)
        if values.dtype.kind not in "if" or (size is not None and len(values) != size):
            text = f"variable '{name}' has {len(values)} values of {values.dtype}, expected {size}"
            raise TrackFileError(text, path=self.path)
        return values.astype(values.dtype.newbyteorder("="))

    def reals(self, name: str, size: int) -> F32:
        """The values of a variable as float32."""
        return self.column(name, size).astype(np.float32)

    def starts(self, points: int) -> I64:
        """Offsets of the tracks."""
        first = self.column("FIRST_PT")
        counts = self.column("NUM_PTS", len(first)).astype(np.int64)
        start = offsets(counts)
        if (counts < 0).any() or start[-1] != points or not np.array_equal(start[:-1], first):
            raise TrackFileError(f"FIRST_PT and NUM_PTS do not add up to the {points} points", path=self.path)
        return start

    def field_positions(self) -> tuple[bool, ...]:
        """Which added fields have positions."""
        flags = self.attribute("TRACK_ID", FIELD_FLAGS)
        return () if flags is None else tuple(bool(f) for f in flags)


def parse_track_netcdf(data: bytes, name: str = "track NetCDF file") -> TrackSet:
    """Tracks from the bytes of a track NetCDF file; ids become positions in the list (1-based).

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    contents = _Contents(data, name)
    times = contents.column("time")
    n = len(times)
    start = contents.starts(n)
    placed = contents.field_positions()
    if VELOCITY_NAMES[0] in contents:
        names = zip((SPEED, *VELOCITY), VELOCITY_NAMES, strict=True)
        variables = [Variable(name=ours, values=contents.reals(theirs, n)) for ours, theirs in names]
    else:
        variables = [Variable(name=INTENSITY, values=contents.reals(INTENSITY, n))]
    table = [contents.reals(field, n) for field in field_names(placed)]
    variables += added_from_columns(np.stack(table, axis=1) if table else np.zeros((n, 0), np.float32), placed)
    numbers = times.astype(np.int64)
    tracks = TrackSet(
        track_id=np.arange(1, len(start)),
        start=start,
        lon=contents.reals("longitude", n),
        lat=contents.reals("latitude", n),
        variables=tuple(variables),
        frame=numbers,
        missing_after=np.zeros(n, np.int32),
    )
    dates = np.zeros(tracks.n_tracks, np.int64)
    if times.dtype.kind == "f":
        filled = tracks.lengths > 0
        dates[filled] = numbers[start[:-1][filled]]
    return with_steps(tracks, numbers, dates)
