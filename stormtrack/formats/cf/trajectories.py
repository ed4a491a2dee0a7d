"""Tracks as CF trajectories in a NetCDF file: points one after another, with the number of each track's points.

References
----------
CF conventions 1.11, appendix H.4.3 (contiguous ragged array). Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...model.times import NO_TIME, Times
from ...model.tracks import TrackSet
from ...storage.outputs import OutputFile

_SHAPE_ATTRIBUTES = {
    "anisotropy": "anisotropy of the region around the point (0 round, 1 a line)",
    "orientation_x": "eastward component of the direction of the region's long axis",
    "orientation_y": "northward component of the direction of the region's long axis",
    "area": "area of the region around the point, in steradians",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Tracks of one kind.

    Attributes
    ----------
    name : str
        Written for each of them, for example ``NH_cyclones``.
    tracks : TrackSet
    labels : mapping
        What else is the same for all of them: name to value (a member, a start of forecasts).
    """

    name: str
    tracks: TrackSet
    labels: Mapping[str, Any] = field(default_factory=dict)


def write_trajectories(
    path: Path | str,
    groups: Sequence[Group],
    *,
    units: str,
    attributes: Mapping[str, str],
) -> Path:
    """Write tracks; those without points are left out.

    Parameters
    ----------
    path : Path or str
        Replaced if it exists; complete when it appears.
    groups : sequence of Group
        With the same variables, and times or none.
    units : str
        Of the intensity.
    attributes : mapping
        Of the whole file.

    Returns
    -------
    Path

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    from netCDF4 import Dataset

    filled = [Group(name=g.name, tracks=g.tracks.without_empty(), labels=g.labels) for g in groups]
    with OutputFile(path) as out:
        data = Dataset("tracks.nc", "w", memory=1 << 16)
        data.setncatts({"Conventions": "CF-1.11", "featureType": "trajectory", **attributes})
        data.createDimension("track", sum(g.tracks.n_tracks for g in filled))
        data.createDimension("obs", sum(g.tracks.n_points for g in filled))
        _write_tracks(data, filled)
        _write_points(data, filled, units)
        out.write(data.close())
    return Path(path)


def _write_tracks(data: Any, groups: Sequence[Group]) -> None:
    """What there is once for each track."""
    counts = [g.tracks.n_tracks for g in groups]
    number = data.createVariable("track", "i4", ("track",))
    number.setncatts({"cf_role": "trajectory_id", "long_name": "number of the track in this file"})
    number[:] = np.arange(1, sum(counts) + 1)
    _per_track(data, "track_id", "i4", [g.tracks.track_id for g in groups], "number of the track in its group")
    row_size = _per_track(data, "row_size", "i4", [g.tracks.lengths for g in groups], "number of points of the track")
    row_size.sample_dimension = "obs"
    kinds = data.createVariable("kind", str, ("track",))
    kinds.long_name = "which search found the track"
    kinds[:] = np.repeat(np.array([g.name for g in groups], object), counts)
    for label in {name: None for g in groups for name in g.labels}:
        values = np.array([g.labels[label] for g in groups])
        if values.dtype.kind not in "iuf":
            values = values.astype(str).astype(object)
        variable = data.createVariable(label, str if values.dtype == object else values.dtype, ("track",))
        variable[:] = np.repeat(values, counts)


def _per_track(data: Any, name: str, kind: str, parts: Sequence[Any], long_name: str) -> Any:
    variable = data.createVariable(name, kind, ("track",))
    variable.long_name = long_name
    variable[:] = np.concatenate([np.zeros(0, np.int64), *parts])
    return variable


def _write_points(data: Any, groups: Sequence[Group], units: str) -> None:
    """What there is for each point."""
    sets = [g.tracks for g in groups]
    _write_times(data, sets)
    frame = _per_point(data, "frame", "i4", [t.frame for t in sets])
    frame.long_name = "number of the frame in the series, from 1"
    lat, lon = (_per_point(data, name, "f4", [getattr(t, name) for t in sets]) for name in ("lat", "lon"))
    lat.setncatts({"standard_name": "latitude", "units": "degrees_north"})
    lon.setncatts({"standard_name": "longitude", "units": "degrees_east"})
    for variable in sets[0].variables if sets else ():
        values = [found.values for t in sets if (found := t.variable(variable.name)) is not None]
        written = _per_point(data, variable.name, "f4", values)
        written.coordinates = "time lat lon" if "time" in data.variables else "lat lon"
        if variable.name in _SHAPE_ATTRIBUTES:
            written.long_name = _SHAPE_ATTRIBUTES[variable.name]
        else:
            written.setncatts({"long_name": "strength of the extremum, positive", "units": units})


def _per_point(data: Any, name: str, kind: str, parts: Sequence[Any]) -> Any:
    variable = data.createVariable(name, kind, ("obs",), zlib=True)
    variable[:] = np.concatenate([np.zeros(0, kind), *parts])
    return variable


def _write_times(data: Any, sets: Sequence[TrackSet]) -> None:
    known: list[Times] = [t.time for t in sets if t.time is not None]
    if len(known) < len(sets) or not known:
        return
    time = _per_point(data, "time", "i8", [t.values for t in known])
    time.setncatts({"standard_name": "time", "units": known[0].units, "calendar": known[0].calendar or "standard"})
    time.missing_value = np.int64(NO_TIME)
