"""Tracks at other times: positions and values between the points that are there.

References
----------
Specification 07, section 2 (latitude linear, longitude the shorter way). Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..errors import TracksError
from ..model.dates import calendar_named, date_text, times_like
from ..model.strength import defined
from ..model.tracks import TrackSet, offsets
from ..model.variables import Variable
from ..sphere import between, shorter_way
from .dating import known_seconds
from .motion import links

Path = Literal["linear", "great_circle"]
PATHS = ("linear", "great_circle")
_MOST_POINTS = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where new points lie among the old ones.

    Attributes
    ----------
    before : int64, shape (n_new,)
        Old point at the same time or before.
    part : float64, shape (n_new,)
        How far on the way to the next old point, 0 (at the old point) to below 1.
    seconds : int64, shape (n_new,)
    owner : int64, shape (n_new,)
    """

    before: I64
    part: F64
    seconds: I64
    owner: I64

    @property
    def after(self) -> I64:
        """Old point behind each new one; the same where the new one is an old one."""
        return self.before + (self.part > 0)


def interpolated(data: TrackSet, step: int, path: Path, keep: bool, max_gap: int | None) -> TrackSet:
    """The set with a point every `step` seconds.

    Parameters
    ----------
    data : TrackSet
        With dates.
    step : int
        Seconds, counted from the first point of each track.
    path : {"linear", "great_circle"}
    keep : bool
        Old points that lie at other times stay too.
    max_gap : int, optional
        Seconds; between points that are farther apart in time nothing is put in.

    Raises
    ------
    TracksError
        Without dates, if times of a track do not rise, or for an unknown path.
    """
    if path not in PATHS:
        raise TracksError(f"path='{path}': allowed are {', '.join(PATHS)}")
    seconds = known_seconds(data, "interpolate")
    _check_order(data, seconds)
    places = _places(data, seconds, step, keep)
    if max_gap is not None:
        gap = np.append(np.diff(seconds), 0)
        places = _only(places, (places.part == 0) | (gap[places.before] <= max_gap))
    lon, lat = _positions(data, places, path)
    start = offsets(np.bincount(places.owner, minlength=data.n_tracks))
    taken = data.take(places.before, start)
    on_point = places.part == 0
    return replace(
        taken,
        lon=lon,
        lat=lat,
        variables=tuple(_values(v, places) for v in data.variables),
        frame=np.where(on_point, taken.frame, 0),
        missing_after=np.zeros(len(lon), np.int32),
        time=None if data.time is None else times_like(places.seconds, data.time),
        object_number=None,
    )


def _check_order(data: TrackSet, seconds: I64) -> None:
    wrong = links(data) & (np.diff(seconds) <= 0)
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        calendar = data.time.calendar if data.time else None
        when = date_text(int(seconds[k]), calendar_named(calendar))
        raise TracksError(f"interpolate: times of track {data.track_id[data.owner[k]]} do not rise after {when}")


def _places(data: TrackSet, seconds: I64, step: int, keep: bool) -> Places:
    filled = np.flatnonzero(data.lengths)
    first, last = seconds[data.start[:-1][filled]], seconds[data.start[1:][filled] - 1]
    counts = (last - first) // step + 1
    if counts.sum() > _MOST_POINTS:
        raise TracksError(f"interpolate: a step of {step} s would make {counts.sum()} points; take a longer one")
    owner = np.repeat(filled, counts)
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    wanted = np.repeat(first, counts) + step * number
    if keep:
        owner, wanted = _with_old_points(data, seconds, owner, wanted)
    before = _at_or_before(data, seconds, owner, wanted)
    here = seconds[before]
    gap = np.maximum(seconds[np.minimum(before + 1, data.n_points - 1)] - here, 1)
    part = np.where(wanted == here, 0.0, (wanted - here) / gap)
    return Places(before, part, wanted, owner)


def _with_old_points(data: TrackSet, seconds: I64, owner: I64, wanted: I64) -> tuple[I64, I64]:
    everyone, times = np.concatenate([owner, data.owner]), np.concatenate([wanted, seconds])
    order = np.lexsort((times, everyone))
    everyone, times = everyone[order], times[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(everyone) != 0) | (np.diff(times) != 0)
    return everyone[new], times[new]


def _at_or_before(data: TrackSet, seconds: I64, owner: I64, wanted: I64) -> I64:
    """Index of the last old point of each track that is not later."""
    if not len(wanted):
        return np.zeros(0, np.int64)
    span = int(seconds.max() - seconds.min()) + 1
    low = int(seconds.min())
    keys = data.owner * span + (seconds - low)
    found: I64 = np.searchsorted(keys, owner * span + (wanted - low), "right") - 1
    return found


def _only(places: Places, kept: Mask) -> Places:
    return Places(places.before[kept], places.part[kept], places.seconds[kept], places.owner[kept])


def _positions(data: TrackSet, places: Places, path: Path) -> tuple[F32, F32]:
    lon, lat = data.lon.astype(np.float64), data.lat.astype(np.float64)
    a, b = places.before, places.after
    if path == "great_circle":
        new = between(lon[a], lat[a], lon[b], lat[b], places.part)
    else:
        new = (lon[a] + places.part * shorter_way(lon[a], lon[b]), lat[a] + places.part * (lat[b] - lat[a]))
    on_point = places.part == 0
    return np.where(on_point, data.lon[a], _as_given(new[0], data.lon)), np.where(on_point, data.lat[a], _f32(new[1]))


def _f32(values: F64) -> F32:
    return values.astype(np.float32)


def _as_given(lon: F64, given: F32) -> F32:
    """Longitudes in the circle of the set: from -180 where it has negative ones, else from 0."""
    low = -180.0 if len(given) and given.min() < 0 else 0.0
    turned = _f32((lon - low) % 360.0 + low)
    return np.where(turned >= low + 360.0, np.float32(low), turned)  # rounded up to the end of the circle


def _values(variable: Variable, places: Places) -> Variable:
    missing = variable.missing_value
    lon, lat = variable.lon, variable.lat
    if lon is not None and lat is not None:
        there = defined(lon, missing).astype(np.float64)
        between_them = there[places.before] + places.part * shorter_way(there[places.before], there[places.after])
        lon = _stated(_as_given(between_them, lon), lon, places, missing)
        lat = _stated(_linear(lat, places, missing), lat, places, missing)
    values = _stated(_linear(variable.values, places, missing), variable.values, places, missing)
    return replace(variable, values=values, lon=lon, lat=lat)


def _linear(values: F32, places: Places, missing: float | None) -> F32:
    known = defined(values, missing).astype(np.float64)
    a, b = known[places.before], known[places.after]
    return _f32(a + places.part * (b - a))


def _stated(new: F32, old: F32, places: Places, missing: float | None) -> F32:
    """Old points keep their bits; what is not known is the missing value."""
    if missing is not None:
        new = np.where(np.isnan(new), np.float32(missing), new)
    return np.where(places.part == 0, old[places.before], new)
