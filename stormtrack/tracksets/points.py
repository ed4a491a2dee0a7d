"""Special points of tracks: the first, the last, the strongest."""

from __future__ import annotations

import difflib
import re

import numpy as np

from ..arrays import F32, I64
from ..errors import UnknownNameError
from ..model.tracks import TrackSet
from ..model.variables import Variable

_NO_INTENSITIES = {"i", "j", "index", "year", "month", "day", "hour", "season", "number", "zs", "landfall", "dist2land"}
"""Columns of tables that say where or when, not how strong."""
_PLACES = re.compile(r"(^|_)(lon|lat|longitude|latitude)(_|\d|$)", re.IGNORECASE)
_LIKELY_PRESSURES = ((850.0, 1100.0), (85000.0, 110000.0))
"""Values that are pressures at sea level if nothing says what they are: hPa, Pa."""
_PRESSURES = {"pa", "hpa", "mb", "mbar", "millibar", "millibars"}
_PRESSURE_NAMES = {"msl", "mslp", "psl", "slp", "pres", "pressure", "wmo_pres", "usa_pres", "central_pressure"}


def variable_named(data: TrackSet, name: str | None) -> Variable:
    """A variable by its name; None is the intensity.

    Raises
    ------
    UnknownNameError
        If there is none; names the nearest.
    """
    if name is None:
        return intensity(data)
    found = data.variable(name)
    if found is None:
        names = [v.name for v in data.variables]
        near = difflib.get_close_matches(name, names, 1)
        meant = f" (did you mean '{near[0]}'?)" if near else ""
        raise UnknownNameError(f"the tracks have no variable '{name}'{meant}; there are {', '.join(names)}")
    return found


def intensity(data: TrackSet) -> Variable:
    """The variable that says how strong a storm is: the first that has values and is no place, number or date."""
    return next((v for v in data.variables if _may_be_intensity(v) and _known(v).size), data.variables[0])


def _may_be_intensity(variable: Variable) -> bool:
    return not (
        variable.name.lower() in _NO_INTENSITIES
        or variable.units.lower().startswith("degree")
        or _PLACES.search(variable.name)
    )


def _known(variable: Variable) -> F32:
    values = defined(variable.values, variable.missing_value)
    return values[np.isfinite(values)]


def defined(values: F32, missing: float | None) -> F32:
    """The values (or positions) with NaN where they are missing."""
    if missing is None:
        return values
    gone = values == np.float32(missing)
    return np.where(gone, np.float32(np.nan), values) if gone.any() else values


def lowest_is_strongest(variable: Variable) -> bool:
    """Whether low values are strong ones: pressures (by units, name or range), and values that are nowhere positive."""
    if variable.units.strip().lower() in _PRESSURES or variable.name.lower() in _PRESSURE_NAMES:
        return True
    values = _known(variable)
    if not len(values):
        return False
    low, high = float(values.min()), float(values.max())
    likely = not variable.units and any(a <= low and high <= b for a, b in _LIKELY_PRESSURES)
    return likely or (high <= 0 and low < 0)


def peak_points(data: TrackSet, by: str | None = None) -> I64:
    """Index of the strongest point of each track, the first of several; -1 where no value is known.

    Parameters
    ----------
    data : TrackSet
    by : str, optional
        Variable; None: the first.

    Returns
    -------
    int64, shape (n_tracks,)
    """
    variable = variable_named(data, by)
    values = defined(variable.values, variable.missing_value).astype(np.float64)
    strength = -values if lowest_is_strongest(variable) else values
    strength = np.where(np.isfinite(strength), strength, -np.inf)
    found = np.full(data.n_tracks, -1, np.int64)
    filled = np.flatnonzero(data.lengths)
    if not len(filled):
        return found
    most = np.full(data.n_tracks, -np.inf)
    most[filled] = np.maximum.reduceat(strength, data.start[:-1][filled])
    owner = data.owner
    equal = np.flatnonzero((strength == most[owner]) & (strength > -np.inf))
    tracks, first = np.unique(owner[equal], return_index=True)
    found[tracks] = equal[first]
    return found


def first_points(data: TrackSet) -> I64:
    """Index of the first point of each track; -1 of a track without points."""
    return np.where(data.lengths > 0, data.start[:-1], -1)


def last_points(data: TrackSet) -> I64:
    """Index of the last point of each track; -1 of a track without points."""
    return np.where(data.lengths > 0, data.start[1:] - 1, -1)


def one_point_each(data: TrackSet, points: I64) -> TrackSet:
    """Tracks of one point each; those whose index is -1 are left out."""
    kept = points >= 0
    chosen = data.of_tracks(kept)
    before = (points - data.start[:-1])[kept] + chosen.start[:-1]
    return chosen.take(before, np.arange(chosen.n_tracks + 1, dtype=np.int64))
