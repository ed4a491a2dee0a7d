"""Which points and tracks are tropical cyclones, by criteria.

References
----------
Specification 06, section 3.7: what ends a series of points, and what does not. Parity: the tracks of
``tcident`` for its criteria.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Array, Mask
from ..errors import TracksError, did_you_mean
from ..model.dates import seconds_of
from ..model.strength import defined
from ..model.tracks import TrackSet
from ..model.variables import Variable
from .criteria import ABOUT, LEVELS, MOST, UNITS, Criteria, Rule, WindScale
from .land import LandMask
from .units import KNOT, factor

POSITIVE, NEGATIVE = "positive", "negative"
ROUNDING = 1.0e-7
"""Values are float32: one that a threshold was rounded to reaches it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the tracks hold.

    Attributes
    ----------
    levels : sequence of str
        Variables with the vorticity of the levels, the lowest first.
    variables : mapping
        Quantity (``wind``) -> name of the variable that holds it.
    units : mapping
        Name of a variable, or a quantity (``vorticity``: of all levels) -> its units, where the set does not say them.
    land : LandMask, optional
    southern : {"negative", "positive"}, optional
        Sign of cyclonic vorticity in the Southern Hemisphere; None: negative, unless everything there is positive.
    """

    levels: Sequence[str] = ()
    variables: Mapping[str, str] | None = None
    units: Mapping[str, str] | None = None
    land: LandMask | None = None
    southern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What was found.

    Attributes
    ----------
    points : bool, shape (n_points,)
        Points that fulfil the thresholds of all rules.
    tracks : bool, shape (n_tracks,)
        Tracks that are tropical cyclones.
    run : int64, shape (n_tracks,)
        Largest number of points one after the other that fulfil the first rule.
    """

    points: Mask
    tracks: Mask
    run: I64


def judge(data: TrackSet, criteria: Criteria, given: Given) -> Judged:
    """Hold tracks against criteria.

    Raises
    ------
    TracksError
        If a variable that is needed is not there, or has no units.
    """
    values = quantities(data, criteria.quantities, given)
    land = np.zeros(data.n_points, np.bool_)
    if criteria.over_sea and given.land is not None:
        land = given.land.all_around(data.lon, data.lat)
    kept: Mask = data.lengths > 0
    points = np.ones(data.n_points, np.bool_)
    runs = []
    for rule in criteria.rules:
        passing, skipped = (mask & ~land for mask in _passing(rule, values))
        runs.append(longest_runs(data, passing, skipped))
        every = np.bincount(data.owner[passing], minlength=data.n_tracks)
        kept &= (runs[-1] if rule.consecutive else every) >= rule.points
        points &= passing
    kept &= _begin(data, criteria, given.land) & _last_long_enough(data, criteria.lifetime_hours)
    return Judged(points=points, tracks=kept, run=runs[0])


def quantities(data: TrackSet, names: Sequence[str], given: Given) -> dict[str, F64]:
    """Values of quantities in the units of thresholds, NaN where they are not known: float64, shape (n_points,)."""
    found: dict[str, F64] = {}
    if set(names) & set(LEVELS):
        found |= _of_levels(data, given)
    for name in names:
        if name == "abs_latitude":
            found[name] = np.abs(data.lat.astype(np.float64))
        elif name not in found:
            found[name] = _of_variable(data, name, given)
    return {name: found[name] for name in names}


def _of_variable(data: TrackSet, quantity: str, given: Given) -> F64:
    named = (given.variables or {}).get(quantity)
    if named is None:
        raise TracksError(
            f"the criteria need {quantity} ({ABOUT[quantity]}): say which variable holds it, variables={{'{quantity}': "
            f"NAME}} or --variable {quantity}=NAME; there are {', '.join(v.name for v in data.variables)}"
        )
    return _scaled(data, named, quantity, given)


def _variable(data: TrackSet, name: str) -> Variable:
    found = data.variable(name)
    if found is None:
        names = [v.name for v in data.variables]
        raise TracksError(
            f"the tracks have no variable '{name}'{did_you_mean(name, names)}; there are {', '.join(names)}"
        )
    return found


def _scaled(data: TrackSet, name: str, quantity: str, given: Given) -> F64:
    """A variable in the unit of the thresholds of a quantity."""
    variable = _variable(data, name)
    said = given.units or {}
    units = said.get(name, said.get(quantity, variable.units))
    values = defined(variable.values, variable.missing_value).astype(np.float64)
    scaled: F64 = values * factor(units, UNITS[quantity], f"variable '{name}'")
    beyond = np.flatnonzero(np.abs(scaled) > MOST[quantity])
    if len(beyond):
        raise TracksError(
            f"variable '{name}' is said to be in '{units}' and has values such as {values[beyond[0]]:g}, which "
            f"no {quantity} has: say in which units it is, units={{'{quantity}': '...'}}, --units {quantity}=..."
        )
    return scaled


def _of_levels(data: TrackSet, given: Given) -> dict[str, F64]:
    """The quantities of several levels of vorticity, cyclonic vorticity positive."""
    if len(given.levels) < 2:
        raise TracksError(
            "the criteria need the vorticity of several levels: levels=[NAME, ...] or --levels NAME ..., the lowest "
            f"first; there are {', '.join(v.name for v in data.variables)}"
        )
    turn = _turn(data, given)
    values = np.stack([_scaled(data, name, "vorticity", given) * turn for name in given.levels])
    placed = np.ones(values.shape, np.bool_)
    for k, name in enumerate(given.levels):
        variable = _variable(data, name)
        if variable.lon is not None:
            placed[k] = np.isfinite(defined(variable.lon, variable.missing_value))
    missing = ~np.isfinite(values).all(axis=0)
    gone = np.where(missing, np.nan, 1.0)
    return {
        "vorticity": values[0] * gone,
        "vorticity_decrease": (values[0] - values[-1]) * gone,
        "centres": placed.mean(axis=0) * gone,
    }


def _turn(data: TrackSet, given: Given) -> F64:
    """The sign of each point with which cyclonic vorticity becomes positive."""
    if given.southern not in (None, POSITIVE, NEGATIVE):
        raise TracksError(f"southern='{given.southern}': allowed are {NEGATIVE} and {POSITIVE}")
    south = data.lat < 0
    variable = _variable(data, given.levels[0])
    values = defined(variable.values, variable.missing_value)[south]
    if given.southern is None and np.isfinite(values).any() and not (values < 0).any():
        raise TracksError(
            f"'{variable.name}' is nowhere negative in the Southern Hemisphere: say southern='positive' (--southern "
            "positive) if its sign was changed there so that cyclones are positive, southern='negative' if these are "
            "anticyclones"
        )
    return np.where(south & (given.southern != POSITIVE), -1.0, 1.0)


def _passing(rule: Rule, values: Mapping[str, F64]) -> tuple[Mask, Mask]:
    """Points that fulfil all thresholds, and those where a quantity is not known."""
    n = len(next(iter(values.values())))
    passing, skipped = np.ones(n, np.bool_), np.zeros(n, np.bool_)
    for threshold in rule.thresholds:
        found = values[threshold.quantity]
        skipped |= ~np.isfinite(found)
        if threshold.least is not None:
            passing &= found >= threshold.least - ROUNDING * abs(threshold.least)
        if threshold.most is not None:
            passing &= found <= threshold.most + ROUNDING * abs(threshold.most)
    return passing & ~skipped, skipped


def longest_runs(data: TrackSet, passing: Mask, skipped: Mask) -> I64:
    """Largest number of passing points one after the other in each track; points left out end no series.

    Parameters
    ----------
    data : TrackSet
    passing, skipped : bool, shape (n_points,)

    Returns
    -------
    int64, shape (n_tracks,)
    """
    used = np.flatnonzero(~skipped)
    passes, owner = passing[used], data.owner[used]
    number = np.cumsum(passes)
    first = np.ones(len(used), np.bool_)
    first[1:] = owner[1:] != owner[:-1]
    ended = np.where(~passes, number, np.where(first, number - passes, 0))
    run = number - np.maximum.accumulate(ended) if len(used) else number
    longest = np.zeros(data.n_tracks, np.int64)
    np.maximum.at(longest, owner, run)
    return longest


def _begin(data: TrackSet, criteria: Criteria, land: LandMask | None) -> Mask:
    """Tracks that begin in the band of latitudes."""
    kept = np.ones(data.n_tracks, np.bool_)
    if criteria.genesis_latitude is None:
        return kept
    filled = np.flatnonzero(data.lengths)
    at = data.start[filled]
    limit = np.full(len(filled), criteria.genesis_latitude)
    if land is not None and criteria.genesis_latitude_land is not None:
        limit[land.nearest(data.lon[at], data.lat[at])] = criteria.genesis_latitude_land
    kept[filled] = np.abs(data.lat[at]) <= limit
    return kept


def _last_long_enough(data: TrackSet, hours: float | None) -> Mask:
    kept: Mask = np.ones(data.n_tracks, np.bool_)
    if hours is None:
        return kept
    if data.time is None or not data.time.known.all():
        raise TracksError(
            f"the criteria ask for {hours:g} hours: the tracks need dates (with_dates, --start and --step)"
        )
    seconds = seconds_of(data.time)
    filled = np.flatnonzero(data.lengths)
    kept[filled] = seconds[data.start[filled + 1] - 1] - seconds[data.start[filled]] >= hours * 3600.0
    return kept


def wind_classes(data: TrackSet, scale: WindScale, given: Given) -> tuple[Array, Array]:
    """Class of each point and the highest of each track, as codes of the scale: int8.

    Raises
    ------
    TracksError
        If it is not said which variable is the wind, or it has no units.
    """
    knots = _of_variable(data, "wind", given) / KNOT
    codes = np.array(scale.codes, np.int8)
    known = np.isfinite(knots)
    place = np.searchsorted(np.array(scale.knots), np.where(known, knots, 0.0) * (1.0 + ROUNDING), "right")
    points = np.where(known, codes[place], np.int8(scale.unknown)).astype(np.int8)
    tracks = np.full(data.n_tracks, scale.unknown, np.int8)
    np.maximum.at(tracks, data.owner, points)
    return points, tracks
