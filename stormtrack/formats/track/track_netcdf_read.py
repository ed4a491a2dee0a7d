"""Reading of track NetCDF files (``tr_trs.nc``, ``ff_trs.nc``).

References
----------
Specification 01, section 11.6. Parity: not applicable (the original does not read them).
"""

from __future__ import annotations

import numpy as np

from ...arrays import F32, I64, Array
from ...errors import TrackFileError
from ...model.steps import with_steps
from ...model.tracks import TrackSet, offsets
from ...model.variables import INTENSITY, SPEED, VELOCITY, Variable, added_from_columns
from .track_netcdf import FIELD_FLAGS, VELOCITY_NAMES, field_names
from .track_netcdf_format import Variable as Stored
from .track_netcdf_format import decode


class _Content:
    """Variables of a file, each asked for by name."""

    def __init__(self, data: bytes, name: str) -> None:
        self.variables: dict[str, Stored] = decode(data, name)
        self.name = name

    def column(self, name: str, size: int | None = None) -> Array:
        """The values of a variable."""
        if name not in self.variables:
            found = ", ".join(self.variables)
            raise TrackFileError(f"no variable '{name}'; not a track file (found {found})", path=self.name)
        data = self.variables[name].data
        if data.dtype.kind not in "if" or (size is not None and len(data) != size):
            problem = f"variable '{name}' has {len(data)} values of {data.dtype}, expected {size}"
            raise TrackFileError(problem, path=self.name)
        return data

    def reals(self, name: str, size: int) -> F32:
        """The values of a variable as float32."""
        return self.column(name, size).astype(np.float32)

    def starts(self, points: int) -> I64:
        """Offsets of the tracks."""
        first = self.column("FIRST_PT")
        counts = self.column("NUM_PTS", len(first)).astype(np.int64)
        start = offsets(counts)
        if (counts < 0).any() or start[-1] != points or not np.array_equal(start[:-1], first):
            raise TrackFileError(f"FIRST_PT and NUM_PTS do not add up to the {points} points", path=self.name)
        return start

    def field_positions(self) -> tuple[bool, ...]:
        """Which added fields have positions."""
        flags = self.variables["TRACK_ID"].attributes.get(FIELD_FLAGS) if "TRACK_ID" in self.variables else None
        return () if flags is None else tuple(bool(f) for f in flags)


def parse_track_netcdf(data: bytes, name: str = "track NetCDF file") -> TrackSet:
    """Tracks from the bytes of a track NetCDF file; ids become positions in the list (1-based).

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    content = _Content(data, name)
    times = content.column("time")
    n = len(times)
    start = content.starts(n)
    placed = content.field_positions()
    if VELOCITY_NAMES[0] in content.variables:
        names = zip((SPEED, *VELOCITY), VELOCITY_NAMES, strict=True)
        variables = [Variable(name=ours, values=content.reals(theirs, n)) for ours, theirs in names]
    else:
        variables = [Variable(name=INTENSITY, values=content.reals(INTENSITY, n))]
    table = [content.reals(field, n) for field in field_names(placed)]
    variables += added_from_columns(np.stack(table, axis=1) if table else np.zeros((n, 0), np.float32), placed)
    numbers = times.astype(np.int64)
    tracks = TrackSet(
        track_id=np.arange(1, len(start)),
        start=start,
        lon=content.reals("longitude", n),
        lat=content.reals("latitude", n),
        variables=tuple(variables),
        frame=numbers,
        missing_after=np.zeros(n, np.int32),
    )
    dates = np.zeros(tracks.n_tracks, np.int64)
    if times.dtype.kind == "f":
        filled = tracks.lengths > 0
        dates[filled] = numbers[start[:-1][filled]]
    return with_steps(tracks, numbers, dates)
