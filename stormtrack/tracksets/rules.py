"""Rules of selection, each a small function: which points match, which tracks match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import F64, I64, Array, Mask
from ..errors import TracksError, UnknownNameError, did_you_mean
from ..model.dates import calendar_named, date_parts
from ..model.strength import defined
from ..model.tracks import KIND, TrackSet
from ..sphere import EARTH_RADIUS_KM, arc
from . import motion
from .basins import basin_named, in_basin
from .dating import EARLIEST, LATEST, known_seconds, moment, seconds_long
from .points import first_points, last_points, peak_points, variable_named
from .seasons import in_months, months_of, season_year

PLACES = ("any", "all", "genesis", "lysis", "maximum")
"""Which points of a track have to match."""
_AT = f"at={{!r}}: allowed are {', '.join(PLACES)}, or a part of the points from 0 to below 1"
Bounds = tuple[Any, Any]
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(km|m|deg|degree|degrees|°)\s*")


def bounds(given: Any, name: str) -> Bounds:
    """A pair (least, most); either may be None.

    Raises
    ------
    TracksError
        If it is no pair, or says nothing.
    """
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        raise TracksError(f"{name}={given!r}: allowed is a pair ({name}_from, {name}_to); None leaves an end open")
    if given[0] is None and given[1] is None:
        raise TracksError(f"{name}=(None, None) selects nothing in particular; give one end at least")
    return given[0], given[1]


def _between(values: F64 | I64, low: float | None, high: float | None) -> Mask:
    """Both ends included; NaN is outside."""
    inside: Mask = np.ones(len(values), np.bool_) & ~np.isnan(values)
    if low is not None:
        inside &= values >= low
    if high is not None:
        inside &= values <= high
    return inside


def at_time(data: TrackSet, period: Any) -> Mask:
    """Points between two dates, both included; ``"2000-02"`` as the last one means to the end of February."""
    given = bounds(period, "time")
    seconds = known_seconds(data, "select by time")
    calendar = calendar_named(data.time.calendar if data.time else None)
    ends = [None if one is None else moment(one, calendar, "time") for one in given]
    first = ends[0].first if ends[0] else EARLIEST
    last = ends[1].last if ends[1] else LATEST
    if first > last:
        raise TracksError(f"time=({given[0]}, {given[1]}): the end is earlier than the start")
    return (seconds >= first) & (seconds <= last)


def in_season(data: TrackSet, season: Any, year: Any) -> Mask:
    """Points in the months of a season, of given years (those in which the season ends), or of every year."""
    seconds = known_seconds(data, "select by season or year")
    parts = date_parts(seconds, calendar_named(data.time.calendar if data.time else None))
    months = tuple(range(1, 13)) if season is None else months_of(season)
    inside = in_months(parts, months)
    if year is None:
        return inside
    years = year if isinstance(year, Iterable) and not isinstance(year, str) else [year]
    try:
        wanted = [int(one) for one in years]
    except (TypeError, ValueError):
        raise TracksError(f"year={year!r}: allowed are a year, or several (2000, 2001)") from None
    return inside & np.isin(season_year(parts, months), wanted)


def in_region(data: TrackSet, region: Any) -> Mask:
    """Points in a box (west, east, south, north) in degrees, borders included; from west to east, over any meridian."""
    try:
        west, east, south, north = (float(one) for one in region)
    except (TypeError, ValueError):
        raise TracksError(f"region={region!r}: allowed is (west, east, south, north) in degrees") from None
    if not -90 <= south <= north <= 90:
        raise TracksError(f"region={region!r}: latitudes go from south to north, between -90 and 90")
    inside: Mask = (data.lat >= np.float32(south)) & (data.lat <= np.float32(north))
    if abs(east - west) >= 360:
        return inside
    width = (east - west) % 360.0
    return inside & ((np.float64(data.lon) - west) % 360.0 <= width)


def in_cap(data: TrackSet, cap: Any) -> Mask:
    """Points within a distance of a place: (longitude, latitude, radius in km or ``"15 deg"``), the rim included."""
    try:
        lon, lat, radius = cap
        middle = np.array([float(lon)]), np.array([float(lat)])
    except (TypeError, ValueError):
        raise TracksError(
            f"cap={cap!r}: allowed is (longitude, latitude, radius), degrees and km or '15 deg'"
        ) from None
    away = kilometres(radius, "cap")
    if away is None or not away > 0 or not abs(middle[1][0]) <= 90:
        raise TracksError(f"cap={cap!r}: the radius is more than 0, the latitude between -90 and 90")
    inside: Mask = EARTH_RADIUS_KM * arc(*middle, data.lon, data.lat) <= away
    return inside


def in_basin_named(data: TrackSet, name: Any) -> Mask:
    """Points in a basin, or in one of several."""
    names = [name] if isinstance(name, str) else list(name)
    found = np.zeros(data.n_points, np.bool_)
    for one in names:
        found |= in_basin(data.lon, data.lat, basin_named(one))
    return found


def where_or_when(data: TrackSet, given: Any, name: str) -> Mask:
    """Points at a place or time: the name of a basin, a region of four numbers, or a period of two dates."""
    if isinstance(given, str):
        return in_basin_named(data, given)
    size = len(given) if isinstance(given, Sequence) else 0
    if size == 4:
        return in_region(data, given)
    if size == 2:
        return at_time(data, given)
    raise TracksError(
        f"{name}={given!r}: allowed are a basin ('NA'), a region (west, east, south, north), or a period (date, date)"
    )


def of_tracks(data: TrackSet, points: Mask, place: str | float, by: str | None) -> Mask:
    """Which tracks match, of the points that match: bool, shape (n_tracks,). A track without points never does.

    Parameters
    ----------
    data : TrackSet
    points : bool, shape (n_points,)
    place : str or float
        One of `PLACES`, or the part (0 to below 1) of its points of which more have to match.
    by : str, optional
        Variable that says which point is the strongest.
    """
    count = np.bincount(data.owner[points], minlength=data.n_tracks)
    if not isinstance(place, str):
        return count > _part(place) * data.lengths
    if place not in PLACES:
        raise TracksError(_AT.format(place))
    if place in ("any", "all"):
        return (count > 0) & ((count == data.lengths) if place == "all" else True)
    index = {"genesis": first_points, "lysis": last_points}.get(place, lambda d: peak_points(d, by))(data)
    found: Mask = np.zeros(data.n_tracks, np.bool_)
    found[index >= 0] = points[index[index >= 0]]
    return found


def _part(given: Any) -> float:
    """A part of the points."""
    if isinstance(given, bool) or not isinstance(given, (int, float, np.number)) or not 0 <= float(given) < 1:
        raise TracksError(_AT.format(given))
    return float(given)


def by_lifetime(data: TrackSet, given: Any) -> Mask:
    """Tracks that last so long: numbers count points (missing frames count, as in TRACK), ``"2 days"`` is time."""
    low, high = bounds(given, "lifetime")
    counted = [isinstance(one, (int, float, np.number)) for one in (low, high) if one is not None]
    if all(counted):
        total = np.concatenate([[0], np.cumsum(data.missing_after, dtype=np.int64)])
        return _between(data.lengths + total[data.start[1:]] - total[data.start[:-1]], low, high)
    if any(counted):
        raise TracksError(f"lifetime={given!r}: give both ends as numbers of points, or both as times ('2 days')")
    seconds = known_seconds(data, "select by lifetime")
    lasted = np.zeros(data.n_tracks, np.int64)
    filled = data.lengths > 0
    lasted[filled] = seconds[data.start[1:][filled] - 1] - seconds[data.start[:-1][filled]]
    ends = [None if one is None else seconds_long(one, "lifetime") for one in (low, high)]
    return _between(lasted, *ends) & filled


def kilometres(given: Any, name: str) -> float | None:
    """A distance in km: a number, ``"1000 km"``, or ``"10 deg"`` of a great circle."""
    if given is None or (isinstance(given, (int, float, np.number)) and not isinstance(given, bool)):
        return None if given is None else float(given)
    found = _LENGTH.fullmatch(given) if isinstance(given, str) else None
    try:
        number = float(found.group(1)) if found else float(given)
    except (TypeError, ValueError):
        raise TracksError(f"{name}={given!r}: allowed are kilometres (1000), '1000 km' or '10 deg'") from None
    unit = found.group(2) if found else "km"
    return number * {"km": 1.0, "m": 0.001}.get(unit, EARTH_RADIUS_KM * np.pi / 180.0)


def by_length(data: TrackSet, given: Any, name: str, lengths: Callable[[TrackSet], F64]) -> Mask:
    """Tracks whose length (one of those of `motion`) lies between two distances."""
    low, high = (kilometres(one, name) for one in bounds(given, name))
    return _between(lengths(data), low, high) & (data.lengths > 0)


def by_displacement(data: TrackSet, given: Any) -> Mask:
    """Tracks by the great-circle distance from their first to their last point."""
    return by_length(data, given, "displacement", motion.displacements)


def by_path(data: TrackSet, given: Any) -> Mask:
    """Tracks by the length of their path."""
    return by_length(data, given, "path", motion.path_lengths)


def by_intensity(data: TrackSet, given: Any, by: str | None) -> Mask:
    """Tracks by the value of their strongest point."""
    low, high = bounds(given, "intensity")
    index = peak_points(data, by)
    variable = variable_named(data, by)
    values = np.full(data.n_tracks, np.nan)
    values[index >= 0] = defined(variable.values, variable.missing_value)[index[index >= 0]]
    return _between(values, low, high)


def labels_given(given: Any) -> dict[str, Any]:
    """Labels and the values wanted: ``"tc_hodges2017"`` alone means that it is true (not 0, not empty).

    Raises
    ------
    TracksError
        If it is neither a name nor a mapping of names to values.
    """
    if isinstance(given, str):
        return {given: None}
    if not isinstance(given, Mapping) or not given or not all(isinstance(name, str) for name in given):
        raise TracksError(
            f"label={given!r}: allowed are the name of a label, or names with values {{'category': (3, 4, 5)}}"
        )
    return dict(given)


def is_of_tracks(data: TrackSet, name: str) -> bool:
    """Whether tracks have a label; otherwise points do.

    Raises
    ------
    UnknownNameError
        If neither have; names the nearest.
    """
    known = {**data.labels, **data.point_labels}
    if name not in known:
        there = ", ".join(known) or "none"
        raise UnknownNameError(f"there is no label '{name}'{did_you_mean(name, known)}; there are {there}")
    return name in data.labels


def with_label(values: Array, wanted: Any) -> Mask:
    """Which values of a label are one of those wanted; None: those that are true."""
    if wanted is None:
        return np.array([bool(one) for one in values.tolist()], np.bool_)
    several = list(wanted) if isinstance(wanted, Iterable) and not isinstance(wanted, str) else [wanted]
    if values.dtype.kind in "biuf":
        return np.isin(values.astype(np.float64), [_label_number(one) for one in several])
    texts = {str(one) for one in several}
    return np.array([str(one) in texts for one in values.tolist()], np.bool_)


def _label_number(given: Any) -> float:
    """A number, or truth, that a label is compared with."""
    try:
        return float({"true": 1.0, "false": 0.0}.get(str(given).lower(), given))
    except (TypeError, ValueError):
        raise TracksError(f"label: {given!r} is no number, as the values of this label are") from None


def by_kind(data: TrackSet, kind: Any) -> Mask:
    """Tracks that a search of this name (or of several) found."""
    if KIND not in data.labels:
        raise TracksError("select by kind: the tracks do not say which search found them (there is no label 'kind')")
    kinds = [str(one) for one in data.labels[KIND].tolist()]
    wanted = {kind} if isinstance(kind, str) else set(kind)
    if not wanted <= set(kinds) and kinds:
        raise TracksError(f"kind={kind!r}: there are {', '.join(sorted(set(kinds)))}")
    return np.isin(np.array(kinds, dtype=str), sorted(wanted))
