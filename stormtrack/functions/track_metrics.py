"""Metrics of track activity as a Dataset: CF, ACA, CA, TF, ATA (Yau and Chang 2020), in the way of PyStormTracker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, F64, I64
from ..errors import UserInputError
from ..metrics.caps import Lines
from ..metrics.compute import Metrics, metrics_on
from ..metrics.options import METRICS, MetricOptions
from ..metrics.points import StormPoints
from ..model.dates import calendar_named, days, seconds_of
from ..model.strength import defined, intensity, lowest_is_strongest
from ..model.tracks import TrackSet
from ..model.variables import Variable
from ..settings.earth import PYSTORMTRACKER_RADIUS_KM
from ._xarray import xr
from .targets import horizontal_coordinates, south_up_grid

if TYPE_CHECKING:
    import xarray

METHODS = {
    "CF": "time: sum (points of tracks within the radius)",
    "ACA": "time: sum (points of tracks within the radius)",
    "CA": "time: mean (points of tracks within the radius)",
    "TF": "time: maximum (for each track within the radius) time: sum (over tracks)",
    "ATA": "time: maximum (for each track within the radius, interval: 1 hour) time: sum (over tracks)",
}
NEED_AMPLITUDE = {"ACA", "CA", "ATA"}
"""Metrics of amplitudes; the others count."""


def metrics(
    tracks: TrackSet,
    names: Sequence[str] = tuple(METRICS),
    grid: Any = 5.0,
    *,
    kernel: str = "constant",
    radius: float = 500.0,
    by: str = "all",
    variable: str | None = None,
) -> xarray.Dataset:
    """Cyclone frequency, activity and amplitude, track frequency and accumulated track activity on a grid.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes; with dates for ATA and for months.
    names : sequence of str
        Of CF, ACA, CA, TF, ATA.
    grid : str, number, tuple or xarray object
        ``5.0``, ``'T63'``, ``(longitudes, latitudes)``, a field on the grid: as in `regrid`.
    kernel : {"constant", "cressman", "linear", "quadratic"}
        Weight of a point at a distance.
    radius : float
        Radius of the cap in km (the Earth has 6371.22).
    by : {"all", "month"}
        All points together, or month by month (the months that occur).
    variable : str, optional
        Amplitude; None: the intensity. The magnitude is taken of values that are nowhere positive.

    Returns
    -------
    xarray.Dataset
        float64, (latitude, longitude), or (time, latitude, longitude) by month. Points without an amplitude are left
        out of all metrics; an attribute says how many.

    Raises
    ------
    UserInputError
        If an argument cannot be used, dates are missing, or the amplitudes are pressures or have both signs.

    Notes
    -----
    Positions count with six decimals and amplitudes with seven digits, as TRACK prints them (a float32 next to such a
    number differs from it by up to 6e-8 of it). Specification 07, section 2. Parity: not applicable.

    References
    ----------
    Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169.
    """
    unknown = [name for name in names if name not in METRICS]
    if unknown or not names:
        raise UserInputError(f"metrics {', '.join(unknown) or 'none'}: allowed are {', '.join(METRICS)}")
    options = MetricOptions(kernel=kernel, radius=radius, by=by)
    calendar = calendar_named(None if tracks.time is None else tracks.time.calendar)
    chosen = amplitude_of(tracks, variable)
    strong = bool(NEED_AMPLITUDE & set(names))
    points = storm_points(tracks, chosen, dated="ATA" in names or by == "month", strong=strong)
    lines = lines_of(grid)
    found = metrics_on(points, lines, options, names, calendar)
    attributes = {
        "Conventions": "CF-1.11",
        "title": "Metrics of track activity",
        "references": "Guo et al. (2017), J. Climate 30, 4799; Yau and Chang (2020), J. Climate 33, 10169",
        "compatible": "pystormtracker",
        "kernel": kernel,
        "radius_km": float(radius),
        "earth_radius_km": PYSTORMTRACKER_RADIUS_KM,
        "by": by,
        "amplitude": chosen.name,
        "number_of_tracks": len(np.unique(points.track)),
        "number_of_points": len(points.track),
        "number_of_points_left_out": tracks.n_points - len(points.track),
    }
    return _dataset(found, lines, chosen.units or "1", calendar).assign_attrs(attributes)


def lines_of(grid: Any) -> Lines:
    """Lines of a grid, south to north.

    Raises
    ------
    UserInputError
        If longitudes do not increase or latitudes are equal.
    """
    lon, lat = south_up_grid(grid)
    good = lon.ndim == lat.ndim == 1 and len(lon) and len(lat) and np.isfinite(lon).all() and np.abs(lat).max() <= 90
    if not (good and (np.diff(lon) > 0).all() and lon[-1] - lon[0] < 360.0 and (np.diff(lat) > 0).all()):
        raise UserInputError("grid: longitudes increase, over less than 360 degrees, and latitudes differ")
    return Lines(lon, lat)


def amplitude_of(tracks: TrackSet, name: str | None) -> Variable:
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


def storm_points(tracks: TrackSet, chosen: Variable, *, dated: bool, strong: bool) -> StormPoints:
    """The points that count: those with an amplitude, or all if no metric needs one.

    Raises
    ------
    UserInputError
        If there are no dates where some are needed, or the amplitudes cannot be used.
    """
    if not tracks.projection.is_geographic:
        raise UserInputError("metrics need tracks in longitudes and latitudes")
    wrong = ~(np.isfinite(tracks.lon) & (np.abs(tracks.lat) <= 90.0))
    if wrong.any():
        raise UserInputError(f"{np.count_nonzero(wrong)} points have no position on the sphere; drop them first")
    amplitude = _as_printed(defined(chosen.values, chosen.missing_value))
    points = StormPoints(
        lon=np.rint(tracks.lon.astype(np.float64) * 1.0e6) / 1.0e6,
        lat=np.rint(tracks.lat.astype(np.float64) * 1.0e6) / 1.0e6,
        amplitude=_magnitude(amplitude, chosen) if strong else np.zeros(tracks.n_points),
        seconds=_seconds(tracks) if dated else np.zeros(tracks.n_points, np.int64),
        track=tracks.owner,
    )
    return points.take(np.isfinite(points.amplitude))


def _as_printed(values: F32) -> F64:
    """Values with seven digits, as TRACK prints them: the decimal number, not the float32 next to it."""
    exact = values.astype(np.float64)
    usual = (np.abs(exact) > 1.0e-15) & (np.abs(exact) < 1.0e15)
    power = 6 - np.floor(np.log10(np.where(usual, np.abs(exact), 1.0)))
    up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)  # exact, so that one division rounds
    return np.where(usual, np.rint(exact * up / down) * down / up, exact)


def _magnitude(values: F64, chosen: Variable) -> F64:
    known = values[np.isfinite(values)]
    if len(known) and known.min() < 0 < known.max():
        raise UserInputError(
            f"variable '{chosen.name}' has values of both signs ({known.min():g} to {known.max():g}); amplitudes have "
            "one: choose another variable (--variable), or take the tracks of one sign"
        )
    if len(known) and known.max() > 0 and lowest_is_strongest(chosen):
        raise UserInputError(
            f"variable '{chosen.name}' is a pressure ({known.min():g} to {known.max():g}); amplitudes are anomalies: "
            "choose another variable (--variable)"
        )
    return np.abs(values)


def _seconds(tracks: TrackSet) -> I64:
    if tracks.n_points == 0:
        return np.zeros(0, np.int64)
    if tracks.time is None or not tracks.time.known.all():
        raise UserInputError(
            "ATA and months need a date for every point: tracks.with_dates('2000-01-01 00', step='6h'), or --start "
            "and --step"
        )
    seconds = seconds_of(tracks.time)
    back = (np.diff(seconds) <= 0) & (np.diff(tracks.owner) == 0)
    if back.any():
        one = tracks.track_id[tracks.owner[int(np.argmax(back))]]
        raise UserInputError(f"the dates of track {one} do not increase; put its points in the order of time")
    return seconds


def _dataset(found: Metrics, lines: Lines, units: str, calendar: str) -> xarray.Dataset:
    time = () if found.months is None else ("time",)
    fields: dict[str, Any] = {}
    for name, values in found.values.items():
        attributes = {
            "long_name": METRICS[name],
            "units": units if name in NEED_AMPLITUDE else "1",
            "cell_methods": METHODS[name],
        }
        fields[name] = ((*time, "latitude", "longitude"), values if time else values[0], attributes)
    coordinates: dict[str, Any] = horizontal_coordinates(lines.lon, lines.lat)
    if found.months is None:
        return xr.Dataset(fields, coordinates)
    bounds = np.stack([_first_days(found.months, calendar), _first_days(found.months + 1, calendar)], axis=1)
    since = {"units": "days since 1970-01-01 00:00:00", "calendar": calendar}
    about = {"standard_name": "time", "axis": "T", "bounds": "time_bounds", **since}
    coordinates["time"] = ("time", bounds[:, 0], about)
    fields["time_bounds"] = (("time", "bounds"), bounds, since)
    return xr.decode_cf(xr.Dataset(fields, coordinates))


def _first_days(months: I64, calendar: str) -> I64:
    """Days since 1970-01-01 of the first day of each month."""
    found: I64 = days(months // 12, months % 12 + 1, np.ones(len(months), np.int64), calendar)
    return found
