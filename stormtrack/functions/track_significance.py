"""Are two sets of tracks different, how sure is a field: permutation tests and bootstrap intervals (Hodges 2008)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64, I8
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..errors import UserInputError
from ..model.tracks import TrackSet
from ..resampling.draws import distinct_permutations, drawn, permuted
from ..resampling.significance import TAILS, false_discovery_threshold, significant, smallest_p_value
from ..resampling.work import Differences, Intervals, done
from ._xarray import xr
from .targets import horizontal_coordinates
from .track_measures import Measured, measure_of
from .track_units import TRACK, units_of_tracks

if TYPE_CHECKING:
    import xarray

_REFERENCES = (
    "Hodges (2008), Mon. Wea. Rev. 136, 1758; Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289; "
    "Wilks (2016), Bull. Amer. Meteor. Soc. 97, 2263"
)
_LEAST_SAMPLES = 20
_NAMES = ("the first set", "the second set")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How sets are resampled.

    Attributes
    ----------
    number : int
        Permutations, or draws.
    seed : int
    units : str
        ``"track"``, ``"month"``, ``"season"``, ``"year"``, or a label of tracks.
    workers : int or Backend
        Threads, or a backend of `stormtrack.backends`.

    Raises
    ------
    UserInputError
        If a number is too small.
    """

    number: int = 1000
    seed: int = 0
    units: str = TRACK
    workers: int | Backend = 1

    def __post_init__(self) -> None:
        if self.number < _LEAST_SAMPLES:
            raise UserInputError(f"{self.number} samples say nothing: at least {_LEAST_SAMPLES} are needed, 1000 usual")
        if self.seed < 0:
            raise UserInputError(f"seed={self.seed}: a seed is a whole number from 0 on")
        if isinstance(self.workers, int) and self.workers < 1:
            raise UserInputError(f"workers={self.workers}: at least one worker is needed")

    def backend(self) -> Backend:
        """The workers."""
        if not isinstance(self.workers, int):
            return self.workers
        if self.workers == 1:
            return Serial()
        from ..backends.threads import Threads

        return Threads(self.workers)


def difference(
    first: TrackSet,
    second: TrackSet,
    fields: Sequence[str] | str | None = None,
    grid: Any = None,
    *,
    resampling: Resampling | None = None,
    tail: str = "two-sided",
    fdr: float = 0.1,
    **options: Any,
) -> xarray.Dataset:
    """Differences of statistics or metrics between two sets of tracks, with permutation tests.

    Parameters
    ----------
    first, second : TrackSet
        In longitudes and latitudes.
    fields : str or sequence of str, optional
        Names of the statistics (``"track_density"``, ``"mean_intensity"``, ...) or of metrics (``"ATA"``, ...); None:
        all statistics.
    grid : str, number, tuple or xarray object, optional
        As in `statistics` and `metrics`; None: T63, of metrics 5 degrees.
    resampling : Resampling, optional
        Number of permutations, seed, exchangeable units, workers; None: 1000 permutations of single tracks.
    tail : {"two-sided", "greater", "less"}
        The first set differs, has more, has less.
    fdr : float
        False discovery rate at which points are significant.
    **options
        ``periods``: a number, or one of each set; further those of `statistics` (``interval``, ``smoothing``,
        ``adaptive``, ``domain``, ``cap``) or of `metrics` (``kernel``, ``radius``, ``variable``).

    Returns
    -------
    xarray.Dataset
        For each field NAME: ``NAME_first``, ``NAME_second``, ``NAME_difference`` (first less second),
        ``NAME_p_value``, float64, and ``NAME_significant``, int8, shape (latitude, longitude).

    Raises
    ------
    UserInputError
        If a set is empty, there are too few units for any significance, or an argument cannot be used.

    Notes
    -----
    Units are dealt out anew to two sets of as many units as there are; the numbers of units stay. p-values are
    (1 + permutations that are as extreme) / (1 + permutations), two-sided twice the smaller tail; if there are no more
    distinct permutations than asked for, each is done once. A p-value is NaN where no unit of either set is felt, or a
    mean has no density. Sets may have other calendars. Adaptive smoothing takes the pilot density of both sets
    together, once. Parity: not applicable.

    References
    ----------
    Hodges (2008), Mon. Wea. Rev. 136, 1758; Benjamini and Hochberg (1995); Wilks (2016), BAMS 97, 2263.
    """
    resampling = resampling or Resampling()
    if tail not in TAILS:
        raise UserInputError(f"tail={tail!r}: allowed are {', '.join(TAILS)}")
    if not 0.0 < fdr < 1.0:
        raise UserInputError(f"fdr={fdr!r}: a false discovery rate is above 0 and below 1")
    options, asked = _without_periods(options)
    measure = measure_of(fields, grid, options)
    sets = [_filled(tracks, which) for tracks, which in zip((first, second), _NAMES, strict=True)]
    units = [units_of_tracks(tracks, resampling.units, which) for tracks, which in zip(sets, _NAMES, strict=True)]
    (unit, n_first), (other, n_second) = units
    _check_permutations(n_first, n_second, resampling, (tail, fdr))
    periods = _periods(asked, resampling.units, (n_first, n_second))
    owned = list(zip(sets, (unit, other + n_first), strict=True))
    measured = measure.measured(owned, n_first + n_second)
    times = permuted(n_first, n_second, resampling.number, resampling.seed)
    work = Differences(source=measured.source, fields=measured.fields, times=times, periods=periods, tail=tail)
    with resampling.backend() as backend:
        found = done(work, backend)
    attributes = {
        "title": "Differences of two sets of tracks, with permutation tests",
        "number_of_tracks": [sets[0].n_tracks, sets[1].n_tracks],
        "number_of_units": [n_first, n_second],
        "number_of_periods": list(periods),
        "number_of_permutations": times.shape[1] - 1,
        "distinct_permutations": _as_float(distinct_permutations(n_first, n_second)),
        "tail": tail,
        "false_discovery_rate": fdr,
        "smallest_possible_p_value": smallest_p_value(times.shape[1] - 1, tail),
    }
    made = [_tested(label, measured, values, fdr) for label, values in found.items()]
    return _dataset(measured, {k: v for one in made for k, v in one.items()}, resampling, attributes)


def confidence(
    tracks: TrackSet,
    fields: Sequence[str] | str | None = None,
    grid: Any = None,
    *,
    resampling: Resampling | None = None,
    level: float = 0.95,
    **options: Any,
) -> xarray.Dataset:
    """Statistics or metrics of a set of tracks with bootstrap confidence intervals.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes.
    fields, grid, **options
        As in `difference`; ``periods`` is one number.
    resampling : Resampling, optional
        Number of draws, seed, units, workers; None: 1000 draws of single tracks.
    level : float
        Of the intervals, such as 0.95.

    Returns
    -------
    xarray.Dataset
        For each field NAME: ``NAME``, ``NAME_lower``, ``NAME_upper``, ``NAME_standard_error``, float64, shape
        (latitude, longitude).

    Raises
    ------
    UserInputError
        If there are fewer than two units, or an argument cannot be used.

    Notes
    -----
    As many units as there are are drawn with replacement; intervals are percentiles of the draws. NaN where the field
    is, or where fewer than half of the draws have a value. Parity: not applicable.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13; Hodges (2008), Mon. Wea. Rev. 136, 1758.
    """
    resampling = resampling or Resampling()
    if not 0.0 < level < 1.0:
        raise UserInputError(f"level={level!r}: the level of an interval is above 0 and below 1, such as 0.95")
    options, asked = _without_periods(options)
    measure = measure_of(fields, grid, options)
    tracks = _filled(tracks, "the set")
    unit, n_units = units_of_tracks(tracks, resampling.units, "the set")
    if n_units < 2:
        raise UserInputError(
            f"the set has {n_units} unit ({resampling.units}): intervals need two at least; take smaller units"
        )
    periods = _periods(asked, resampling.units, (n_units,))
    measured = measure.measured([(tracks, unit)], n_units)
    times = drawn(n_units, resampling.number, resampling.seed)
    both = (periods[0], periods[0])
    work = Intervals(source=measured.source, fields=measured.fields, times=times, periods=both, level=level)
    with resampling.backend() as backend:
        found = done(work, backend)
    attributes = {
        "title": "Statistics of tracks with confidence intervals",
        "number_of_tracks": tracks.n_tracks,
        "number_of_units": n_units,
        "number_of_periods": periods[0],
        "number_of_draws": resampling.number,
        "confidence_level": level,
    }
    made = [_bounded(label, measured, values, level) for label, values in found.items()]
    return _dataset(measured, {k: v for one in made for k, v in one.items()}, resampling, attributes)


def _as_float(number: int) -> float:
    """A number of permutations; infinite if a float64 does not hold it."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _filled(tracks: TrackSet, which: str) -> TrackSet:
    tracks = tracks.without_empty()
    if not tracks.n_tracks:
        raise UserInputError(f"{which} has no tracks: there is nothing to resample")
    return tracks


def _without_periods(options: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    return {name: value for name, value in options.items() if name != "periods"}, options.get("periods")


def _periods(asked: Any, units: str, n_units: tuple[int, ...]) -> Any:
    """What densities and sums are divided by, for each set."""
    if asked is None:
        found = tuple(1.0 if units == TRACK else float(n) for n in n_units)
    else:
        given = asked if isinstance(asked, (tuple, list)) else (asked,) * len(n_units)
        if len(given) != len(n_units):
            raise UserInputError(f"periods={asked!r}: one number, or one for each of {len(n_units)} sets")
        found = tuple(map(float, given))
    if not all(0.0 < one < math.inf for one in found):
        raise UserInputError(f"periods={asked!r}: a number of periods is above 0")
    return found


def _check_permutations(first: int, second: int, resampling: Resampling, test: tuple[str, float]) -> None:
    """Refuse a test that cannot find anything."""
    tail, fdr = test
    distinct = distinct_permutations(first, second)
    number = min(resampling.number, distinct - 1)
    least = smallest_p_value(number, tail)
    if least > fdr:
        way = (
            "take smaller units, or more of them"
            if number < resampling.number
            else "ask for more permutations, or another rate"
        )
        raise UserInputError(
            f"nothing can be significant: {first} and {second} units ({resampling.units}) have {distinct} distinct "
            f"permutations, {number} are done, and the smallest p-value ({tail}) is {min(least, 1.0):.3g}, above the "
            f"false discovery rate {fdr:g}; {way}"
        )


def _dataset(
    measured: Measured, fields: Mapping[str, Any], resampling: Resampling, attributes: Mapping[str, Any]
) -> xarray.Dataset:
    about = {
        "Conventions": "CF-1.11",
        "references": _REFERENCES,
        "units_resampled": resampling.units,
        "seed": resampling.seed,
        **attributes,
        **measured.attributes,
    }
    return xr.Dataset(dict(fields), horizontal_coordinates(*measured.lines), about)


def _shaped(values: F64 | I8, measured: Measured, attributes: Mapping[str, Any]) -> tuple[Any, ...]:
    lon, lat = measured.lines
    return ("latitude", "longitude"), values.reshape(len(lat), len(lon)), dict(attributes)


def _tested(label: str, measured: Measured, values: F64, fdr: float) -> dict[str, Any]:
    """Variables of one field: both sets, difference, p-value, what is significant."""
    first, second, p = values
    about = measured.about[label]
    threshold = false_discovery_threshold(p, fdr)
    name = about["long_name"]
    test = {"long_name": f"p-value of the difference of {name}", "units": "1"}
    flags = {
        "long_name": f"{name}: difference significant at a false discovery rate of {fdr:g}",
        "units": "1",
        "flag_values": np.array([0, 1], np.int8),
        "flag_meanings": "not_significant significant",
        "largest_significant_p_value": threshold,
        "number_of_tests": int(np.count_nonzero(np.isfinite(p))),
    }
    marked = significant(p, fdr).astype(np.int8)
    return {
        f"{label}_first": _shaped(first, measured, about | {"long_name": f"{name}, first set"}),
        f"{label}_second": _shaped(second, measured, about | {"long_name": f"{name}, second set"}),
        f"{label}_difference": _shaped(first - second, measured, about | {"long_name": f"{name}, first less second"}),
        f"{label}_p_value": _shaped(p, measured, test),
        f"{label}_significant": _shaped(marked, measured, flags),
    }


def _bounded(label: str, measured: Measured, values: F64, level: float) -> dict[str, Any]:
    """Variables of one field: estimate, bounds, standard error."""
    about = measured.about[label]
    name = about["long_name"]
    more = {
        "": about,
        "_lower": about | {"long_name": f"{name}, lower bound of the {level:.4g} interval"},
        "_upper": about | {"long_name": f"{name}, upper bound of the {level:.4g} interval"},
        "_standard_error": about | {"long_name": f"{name}, standard error"},
    }
    return {f"{label}{end}": _shaped(one, measured, a) for (end, a), one in zip(more.items(), values, strict=True)}
