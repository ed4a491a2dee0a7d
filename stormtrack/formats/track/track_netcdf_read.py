"""Reading of track NetCDF files: ``tr_trs.nc``, ``ff_trs.nc``, and what tr2nc makes of text.

References
----------
Specification 01, sections 11.6 and 11.8; 06, section 3.3. Parity: not applicable (the original does not read them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...arrays import F64, I64
from ...errors import TrackFileError
from ...model.dates import calendar_named
from ...model.steps import with_steps
from ...model.times import Times
from ...model.tracks import TrackSet
from ...model.variables import INTENSITY, MISSING_VALUE, SPEED, VELOCITY, Variable, added_name
from . import track_netcdf as layout
from .netcdf_contents import NetcdfContents

_UNITS = ("days", "hours", "minutes", "seconds")
_FINER = (24, 60, 60)
_LARGEST = 1.0e12
_CLOSE = 1.0e-5
"""How far a time may lie from a whole number, in days, hours, minutes or seconds."""


def parse_track_netcdf(data: bytes, name: str = "track NetCDF file") -> TrackSet:
    """Tracks from the bytes of a track NetCDF file.

    Ids that only count from 0, as the original writes them, become positions in the list (1-based). Scale factors are
    applied once; where values are missing stands TRACK's mark.

    Raises
    ------
    TrackFileError
        If it is malformed.
    """
    contents = NetcdfContents(data, name)
    times = contents.column("time")
    n = len(times)
    start = contents.starts(n)
    tracks = TrackSet(
        track_id=_ids(contents, len(start) - 1),
        start=start,
        lon=contents.reals("longitude", n).values,
        lat=contents.reals("latitude", n).values,
        variables=tuple(_variables(contents, n)),
        frame=np.zeros(n, np.int64),
        missing_after=np.zeros(n, np.int32),
        attributes=contents.global_texts(),
    )
    if contents.text("time", "units"):
        return replace(tracks, time=_real_times(contents, times.astype(np.float64)))
    numbers = times.astype(np.int64)
    dates = np.zeros(tracks.n_tracks, np.int64)
    if times.dtype.kind == "f":
        filled = tracks.lengths > 0
        dates[filled] = numbers[start[:-1][filled]]
    return with_steps(tracks, numbers, dates)


def _ids(contents: NetcdfContents, n: int) -> I64:
    if "TRACK_ID" not in contents:
        return np.arange(1, n + 1)
    ids = contents.column("TRACK_ID", n).astype(np.int64)
    return np.arange(1, n + 1) if np.array_equal(ids, np.arange(n)) else ids


def _variables(contents: NetcdfContents, n: int) -> list[Variable]:
    if set(layout.VELOCITY_NAMES[:2]) <= set(contents.of_points()):
        both = zip((SPEED, *VELOCITY), layout.VELOCITY_NAMES, strict=True)
        return [Variable(name=ours, values=contents.reals(theirs, n).values) for ours, theirs in both]
    first, *rest = contents.of_points() or [INTENSITY]
    found = [_variable(contents, [first], n)]
    for number, placed in enumerate(contents.field_positions(), 1):
        size = 3 if placed else 1
        names, rest = rest[:size], rest[size:]
        if len(names) < size or (placed and not _are_positions(names)):
            problem = (
                f"added field {number} is announced {'with' if placed else 'without'} its own position, but found "
            )
            raise TrackFileError(problem + (", ".join(names) or "nothing more"), path=contents.path)
        found.append(_variable(contents, names, n, number))
    return [*found, *(_variable(contents, [name], n) for name in rest)]


def _are_positions(names: Sequence[str]) -> bool:
    return names[0].startswith("longitude") and names[1].startswith("latitude")


def _variable(contents: NetcdfContents, names: Sequence[str], n: int, number: int = 0) -> Variable:
    """A variable from its columns, the longitude and latitude where it was found before its value if it has them.

    `number` counts added fields, whose values may be missing; 0: none of them.
    """
    *position, name = names
    lon, lat = (contents.reals(part, n).marked for part in position) if position else (None, None)
    column = contents.reals(name, n)
    may_be_missing = number > 0 or column.missing is not None
    return Variable(
        name=added_name(number) if name == f"addfld_{number}" else name,
        values=column.marked,
        units=contents.text(name, "units"),
        lon=lon,
        lat=lat,
        missing_value=float(MISSING_VALUE) if may_be_missing else None,
    )


def _real_times(contents: NetcdfContents, times: F64) -> Times:
    """Times in CF units, in finer ones if they are no whole numbers of the unit."""
    units = " ".join(contents.text("time", "units").split())
    stated = contents.text("time", "calendar") or contents.text("time", "time_calendar")
    unit, _, since = units.partition(" since ")
    at = next((k for k, name in enumerate(_UNITS) if name.startswith(unit.lower().rstrip("s"))), None)
    if at is None or not since or not unit:
        raise TrackFileError(f"times in '{units}' are not understood; expected 'hours since ...'", path=contents.path)
    if not np.isfinite(times).all() or (np.abs(times) > _LARGEST).any():
        raise TrackFileError("there are times that are no numbers, or too large", path=contents.path)
    for finer in (*_FINER[at:], 0):
        whole = np.rint(times)
        if not finer or (np.abs(times - whole) <= _CLOSE).all():
            break
        times, at = times * finer, at + 1
    values = whole.astype(np.int64)
    calendar = calendar_named(stated) if stated else None
    return Times(values=values, units=f"{_UNITS[at]} since {since}", calendar=calendar)
