"""The phase space of cyclones along tracks, from fields of geopotential height on pressure levels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..arrays import F64, I64
from ..errors import FieldError, TracksError
from ..fields.levels import in_hpa, is_pressure, shown
from ..fields.opening import open_field
from ..fields.source import dates_of
from ..labels.phase_space import NOTHING, HeightGrid, Layers, Parameters, parameters, phases
from ..model.dates import calendar_named, same_days, seconds_of
from ..model.times import NO_TIME
from ..model.tracks import TrackSet
from ..model.variables import Variable
from ..sampling.places import by_frame

GRAVITY = 9.80665
LOWER, UPPER = (900.0, 600.0), (600.0, 300.0)
NAMES = ("hart_b", "hart_vtl", "hart_vtu")
"""Variables with the asymmetry and the thermal winds of the lower and the upper layer."""
PHASE = "hart_phase"
MISSING = ("refuse", "nan")
_LEAST_LEVELS = 3
_HEIGHTS = {"m": 1.0, "gpm": 1.0, "metre": 1.0, "metres": 1.0, "meters": 1.0, "dam": 10.0, "km": 1000.0}
_GEOPOTENTIALS = {"m**2 s**-2", "m2 s-2", "m2/s2", "m^2 s^-2", "m^2/s^2", "m2s-2", "j kg-1", "m**2/s**2"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Heights:
    """Heights that were given: axes level, time, lat (from the south), lon (rising)."""

    array: Any
    factor: float
    grid: HeightGrid
    seconds: I64
    calendar: str
    pressure: F64


def phase_space(
    tracks: TrackSet,
    course: F64,
    heights: Any,
    *,
    variable: str | None = None,
    radius: float = 500.0,
    layers: tuple[tuple[float, float], tuple[float, float]] = (LOWER, UPPER),
    missing: str = "refuse",
) -> TrackSet:
    """The parameters B, -V_T^L and -V_T^U of Hart (2003) at every point, and what they call the cyclone.

    Parameters
    ----------
    tracks : TrackSet
        With dates.
    course : float64, shape (n_points,)
        Where points move to, degrees clockwise from north; NaN where they do not (then B is not known).
    heights : DataArray, Dataset or path
        Geopotential height (m) or geopotential (m2 s-2) with levels in Pa or hPa and dates.
    variable : str, optional
        Of a file or Dataset with several.
    radius : float
        Of the circle around a centre, km; points of the grid on it belong to it.
    layers : ((float, float), (float, float))
        Lower and upper end of the lower layer, and of the upper one, hPa. All levels between them are used.
    missing : {"refuse", "nan"}
        What becomes of points at times that the field does not have.

    Returns
    -------
    TrackSet
        With the variables ``hart_b``, ``hart_vtl``, ``hart_vtu`` (float32, m; NaN where the circle is not wholly in the
        grid, or a level has no value) and the label of points ``hart_phase``.

    Raises
    ------
    TracksError, FieldError
        If dates, times, levels or units do not fit.

    Notes
    -----
    B is the mean thickness of the lower layer to the right of the motion less that to the left, with the sign turned in
    the south; -V_T the slope of the range of heights in the circle against the logarithm of pressure, positive of warm
    cores. Means are weighted by area. Parity: not applicable.

    References
    ----------
    Hart (2003), Mon. Wea. Rev. 131, 585.
    """
    if missing not in MISSING:
        raise TracksError(f"missing='{missing}': allowed are {', '.join(MISSING)}")
    if not radius > 0 or radius > 10000.0:
        raise TracksError(f"radius={radius:g}: allowed are up to 10000 km (a quarter of the way around the Earth)")
    array = open_field(heights, variable, level="all")
    try:
        given = _heights(array)
        chosen, frame = _layers(given.pressure, layers), _frames(tracks, given, missing)
        return _with(tracks, _along(tracks, course, given, frame, chosen, radius))
    finally:
        array.close()


def _along(
    tracks: TrackSet, course: F64, given: _Heights, frame: I64, layers: Layers, radius: float
) -> list[Parameters]:
    """The parameters of all points, frame by frame."""
    found = [NOTHING] * tracks.n_points
    weights = np.cos(np.radians(given.grid.lat))
    for number, points in by_frame(frame).items():
        if number < 0:
            continue
        values = np.asarray(given.array.isel(time=number).values, np.float64) * given.factor
        for k in points.tolist():
            cap = given.grid.cap(float(tracks.lon[k]), float(tracks.lat[k]), radius)
            side = float(course[k]), 1.0 if tracks.lat[k] >= 0 else -1.0
            found[k] = parameters(values[:, cap.row, cap.column], cap, weights[cap.row], layers, side)
    return found


def _with(tracks: TrackSet, found: list[Parameters]) -> TrackSet:
    columns = [np.array([getattr(one, name) for one in found]) for name in ("asymmetry", "lower", "upper")]
    added = [
        Variable(name=name, values=values.astype(np.float32), units="m")
        for name, values in zip(NAMES, columns, strict=True)
    ]
    others = tuple(v for v in tracks.variables if v.name not in NAMES)
    labels = {**tracks.point_labels, PHASE: phases(columns[0], columns[1], columns[2])}
    return replace(tracks, variables=(*others, *added), point_labels=labels)


def _heights(array: Any) -> _Heights:
    """The heights with rows and columns in order."""
    others = [str(dim) for dim in array.dims if dim not in ("time", "lat", "lon")]
    if len(others) != 1:
        raise FieldError(
            f"heights '{array.name}' have the axes {', '.join(map(str, array.dims))}: one of levels is needed beside "
            "time, lat and lon"
        )
    level = array[others[0]]
    units = str(level.attrs.get("units", ""))
    values = np.asarray(level.values, np.float64)
    if not is_pressure(units):
        raise FieldError(f"levels '{others[0]}' are in '{units or 'no units'}': pressures (hPa, Pa) are needed")
    dates = dates_of(array)
    if dates is None:
        raise FieldError(f"heights '{array.name}' have no dates")
    turned = array.transpose(others[0], "time", "lat", "lon").sortby("lat")
    lon = turned["lon"].values
    if not (np.diff(lon) > 0).all():
        turned = turned.assign_coords(lon=lon % 360.0).sortby("lon")
    return _Heights(
        array=turned,
        factor=_factor(str(array.attrs.get("units", "")), str(array.name)),
        grid=HeightGrid(lon=_degrees(turned["lon"]), lat=_degrees(turned["lat"])),
        seconds=seconds_of(dates),
        calendar=calendar_named(dates.calendar),
        pressure=in_hpa(values, units),
    )


def _degrees(coordinate: Any) -> F64:
    return np.asarray(coordinate.values, np.float64)


def _factor(units: str, name: str) -> float:
    """What makes heights in m of the values."""
    text = units.strip().lower()
    if text in _GEOPOTENTIALS:
        return 1.0 / GRAVITY
    if text in _HEIGHTS:
        return _HEIGHTS[text]
    raise FieldError(f"heights '{name}' are in '{units or 'no units'}': m (height) or m2 s-2 (geopotential) are needed")


def _layers(pressure: F64, wanted: tuple[tuple[float, float], tuple[float, float]]) -> Layers:
    """Places of the levels of both layers, from the ground up."""
    order = np.argsort(-pressure)
    parts, ends = [], []
    for bottom, top in wanted:
        if not bottom > top:
            raise FieldError(f"layers: {bottom:g} to {top:g} hPa; the larger pressure, the lower end, comes first")
        for end in (bottom, top):
            near = np.flatnonzero(np.abs(pressure - end) <= 1.0e-3 * end)
            if not len(near):
                there = ", ".join(shown(float(p), "hPa") for p in pressure[order])
                raise FieldError(
                    f"the heights have no level {end:g} hPa; there are {there}. Give layers=((bottom, top), (bottom, "
                    "top)), --layers, with levels that are there"
                )
            ends.append(int(near[0]))
        inside = [int(k) for k in order if top * 0.999 <= pressure[k] <= bottom * 1.001]
        if len(inside) < _LEAST_LEVELS:
            raise FieldError(
                f"the heights have {len(inside)} levels from {bottom:g} to {top:g} hPa; {_LEAST_LEVELS} or more are "
                "needed for a slope"
            )
        parts.append(tuple(inside))
    return Layers(lower=parts[0], upper=parts[1], bottom=ends[0], top=ends[1], pressure=tuple(pressure.tolist()))


def _frames(tracks: TrackSet, given: _Heights, missing: str) -> I64:
    """Frame of the heights at the time of each point; -1 without one."""
    if tracks.time is None:
        raise TracksError("the phase space needs tracks with dates: with_dates, --start and --step")
    calendar = calendar_named(tracks.time.calendar)
    seconds = seconds_of(tracks.time)
    if not same_days(calendar, given.calendar, seconds):
        raise TracksError(f"the tracks have dates of the calendar {calendar}, the heights of {given.calendar}")
    order = np.argsort(given.seconds, kind="stable")
    place = np.minimum(np.searchsorted(given.seconds[order], seconds), len(order) - 1)
    there = (given.seconds[order][place] == seconds) & (seconds != NO_TIME)
    if missing == "refuse" and not there.all():
        k = int(np.argmin(there))
        first, last = (str(given.array["time"].values[order[end]])[:16] for end in (0, -1))
        raise TracksError(
            f"{np.count_nonzero(~there)} of {tracks.n_points} points are at times that the heights do not have (the "
            f"first of track {tracks.track_id[tracks.owner[k]]}; heights go from {first} to {last}). Select the "
            "tracks, or leave the points without values: missing='nan' (--missing nan)"
        )
    return np.where(there, order[place], -1)
