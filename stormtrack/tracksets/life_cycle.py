"""Life cycles: the points of all tracks on one axis of time before and after an event of each track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..arrays import F32, F64, I64, Array
from ..errors import MissingPackageError, TracksError, UnknownNameError, did_you_mean
from ..model.dates import usual_step
from ..model.steps import frames_counted
from ..model.strength import defined
from ..model.tracks import TrackSet
from .dating import known_seconds, length_text
from .points import first_points, last_points, peak_points, variable_named

Event = Literal["maximum", "genesis", "lysis"]
EVENTS = ("maximum", "genesis", "lysis")
_MOST_VALUES = 2**31


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeCycle:
    """Tracks on one axis of time.

    Attributes
    ----------
    align : str
        The event that is at offset 0.
    offset : float64, shape (n_offsets,)
        Hours after the event (negative: before it); of sets without dates: frames.
    unit : str
        ``hours`` or ``frames``.
    track_id : ndarray, shape (n_tracks,)
        The tracks that have points, and a known strongest one.
    lon, lat : float32, shape (n_tracks, n_offsets)
        NaN where a track has no point.
    variables : mapping of str to float32, shape (n_tracks, n_offsets)
        NaN where a track has no point or the value is missing.
    units : mapping of str to str
    """

    align: str
    offset: F64
    unit: str
    track_id: Array
    lon: F32
    lat: F32
    variables: Mapping[str, F32]
    units: Mapping[str, str]

    def __getitem__(self, name: str) -> F32:
        """A variable on the common axis: float32, shape (n_tracks, n_offsets).

        Raises
        ------
        UnknownNameError
            If there is none; names the nearest.
        """
        if name not in self.variables:
            meant = did_you_mean(name, self.variables)
            raise UnknownNameError(f"there is no variable '{name}'{meant}; there are {', '.join(self.variables)}")
        return self.variables[name]

    @property
    def count(self) -> I64:
        """Number of tracks with a point at each offset: int64, shape (n_offsets,)."""
        count: I64 = np.count_nonzero(~np.isnan(self.lat), axis=0)
        return count

    def mean(self, name: str) -> F64:
        """Mean of a variable over the tracks that have it, in float64: shape (n_offsets,); NaN where none has."""
        values = self[name].astype(np.float64)
        known = ~np.isnan(values)
        total = np.where(known, values, 0.0).sum(axis=0)
        count = known.sum(axis=0)
        mean: F64 = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
        return mean

    def to_xarray(self) -> Any:
        """As an xarray Dataset with the dimensions ``track`` and ``offset``."""
        try:
            import xarray as xr
        except ImportError as error:
            raise MissingPackageError("to_xarray needs xarray: pip install 'stormtrack[xarray]'") from error
        axes = ("track", "offset")
        data = {name: (axes, values, {"units": self.units[name]}) for name, values in self.variables.items()}
        places = {
            "lon": (axes, self.lon, {"units": "degrees_east"}),
            "lat": (axes, self.lat, {"units": "degrees_north"}),
        }
        about = {"units": self.unit, "long_name": f"{self.unit} after the {self.align}"}
        coords = {"track_id": ("track", self.track_id), "offset": ("offset", self.offset, about)}
        return xr.Dataset({**places, **data}, coords)


def aligned(data: TrackSet, ids: Array, align: Event, by: str | None) -> LifeCycle:
    """Life cycles of a set.

    Parameters
    ----------
    data : TrackSet
    ids : ndarray, shape (n_tracks,)
        As they are shown.
    align : {"maximum", "genesis", "lysis"}
    by : str, optional
        Variable of the maximum; None: the first.

    Raises
    ------
    TracksError
        If points do not lie on one axis of even steps.
    """
    if align not in EVENTS:
        raise TracksError(f"align='{align}': allowed are {', '.join(EVENTS)}")
    variable_named(data, by)
    event = {"genesis": first_points, "lysis": last_points}.get(align, lambda d: peak_points(d, by))(data)
    kept = np.flatnonzero(event >= 0)
    number, step, unit = _numbers(data)
    row = np.full(data.n_tracks, -1)
    row[kept] = np.arange(len(kept))
    points = np.flatnonzero(row[data.owner] >= 0)
    owner = data.owner[points]
    offset = number[points] - number[event[owner]]
    low, high = (int(offset.min()), int(offset.max())) if len(points) else (0, -1)
    shape = (len(kept), high - low + 1)
    if shape[0] * shape[1] * (2 + len(data.variables)) > _MOST_VALUES:
        raise TracksError(f"life cycles of {shape[0]} tracks and {shape[1]} steps do not fit; select tracks first")
    place = (row[owner], offset - low)

    def grid(values: F32) -> F32:
        out = np.full(shape, np.nan, np.float32)
        out[place] = values[points]
        return out

    return LifeCycle(
        align=align,
        offset=np.arange(low, high + 1, dtype=np.float64) * step,
        unit=unit,
        track_id=ids[kept],
        lon=grid(data.lon),
        lat=grid(data.lat),
        variables={v.name: grid(defined(v.values, v.missing_value)) for v in data.variables},
        units={v.name: v.units for v in data.variables},
    )


def _numbers(data: TrackSet) -> tuple[I64, float, str]:
    """Whole number of the step of each point, the length of a step, and its unit."""
    if data.time is None:
        return frames_counted(data), 1.0, "frames"
    seconds = known_seconds(data, "life_cycle")
    step = usual_step(seconds, data.start) or 3600
    since = seconds - np.repeat(seconds[data.start[:-1][data.lengths > 0]], data.lengths[data.lengths > 0])
    if (since % step).any():
        raise TracksError(
            f"life_cycle: points do not come in steps of {length_text(step)} (the usual step); bring them to even ones "
            f"first: tracks.interpolate('{length_text(step)}', keep=False)"
        )
    return since // step, step / 3600.0, "hours"
