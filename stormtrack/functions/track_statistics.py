"""Statistics of a set of tracks as a Dataset: densities, means and deviations by spherical kernels.

The numbers are those of TRACK's statistics (analysis action 2) with the answers of its template: the power kernel on
the spherical quad tree, its width adapted to the density.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, I64, Array
from ..errors import UserInputError
from ..model.dates import seconds_of
from ..model.tracks import TrackSet
from ..model.variables import MISSING_VALUE, SHAPE
from ..settings.earth import TRACK_RADIUS_KM
from ..settings.statistics import TRACKS, Estimate, Estimator, Mode, PhaseSettings, Smoothing, StatisticsSettings
from ..statistics.compute import statistics_at
from ..statistics.data import prepared
from ..statistics.fields import FIELDS, FieldRow, Statistics
from ..statistics.sampling import points_of_grid
from ._xarray import xr
from .targets import horizontal_coordinates, south_up_grid

if TYPE_CHECKING:
    import xarray

SMOOTHING = {
    "strength": (Mode.DENSITY_AND_SCALAR, 400.0),
    "speed": (Mode.ALL, 400.0),
    "shape": (Mode.ALL, 400.0),
    "area": (Mode.SCALAR, 400.0),
    "growth": (Mode.SCALAR, 400.0),
    "tendency": (Mode.SCALAR, 400.0),
    "genesis": (Mode.DENSITY, 150.0),
    "lysis": (Mode.DENSITY, 150.0),
    TRACKS: (Mode.DENSITY_AND_SCALAR, 200.0),
}
"""What is estimated, and with which smoothing parameters: those of TRACK's template."""
_LEAST_SMOOTHING, _ALPHA = 0.1, 0.5
_ALL_FRAMES = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What numbers of one Dataset refer to.

    Attributes
    ----------
    hours : float
        Between frames.
    cap : float
        Radius, degrees, of the cap that densities are numbers in.
    periods : float
        Numbers are per so many periods.
    """

    hours: float
    cap: float = 5.0
    periods: float = 1.0

    @property
    def factor(self) -> float:
        """Solid angle of the cap."""
        return 2.0 * math.pi * (1.0 - math.cos(math.radians(self.cap)))


def statistics(
    tracks: TrackSet,
    grid: Any = "T63",
    *,
    interval: float | None = None,
    smoothing: Mapping[str, float] | None = None,
    adaptive: bool = True,
    domain: tuple[float, float, float, float] = (0.0, 360.0, -90.0, 90.0),
    cap: float = 5.0,
    periods: float = 1.0,
) -> xarray.Dataset:
    """Densities of tracks, features, genesis and lysis, and means of what the tracks carry, on a grid.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes. NaN intensities are left out.
    grid : str, number, tuple or xarray object
        ``'T63'``, ``2.5``, ``(longitudes, latitudes)``, a field on the grid: as in `regrid`.
    interval : float, optional
        Hours between frames; None: the shortest step of the tracks' dates.
    smoothing : mapping, optional
        Smoothing parameters other than those of TRACK's template, by what is estimated: ``strength``, ``speed``,
        ``shape``, ``area``, ``growth``, ``tendency``, ``genesis``, ``lysis``, ``tracks``; a datum is felt within
        ``acos(s / (1 + s))``.
    adaptive : bool
        Adapt them to the density of the data.
    domain : tuple of float
        West, east, south, north of the data; not over Greenwich.
    cap : float
        Densities are numbers in a spherical cap of this radius, degrees.
    periods : float
        Divide them by a number of periods, such as seasons.

    Returns
    -------
    xarray.Dataset
        float32; means are NaN where there is no density. `half_width` and `number` of each field are attributes.
        Tracks that live at the first or last time of the set have no genesis or lysis there.

    Raises
    ------
    UserInputError
        If an argument cannot be used, or dates are missing and no `interval` is given.

    Notes
    -----
    A set of data with no more than one point gives densities of 0 and means of NaN.

    References
    ----------
    Hodges (1996), Spherical nonparametric estimators applied to the UGAMP model integration for AMIP, Mon. Wea. Rev.
    """
    check_numbers(cap, periods)
    tracks, hours = in_frames(tracks, interval)
    measure = Measure(hours=hours, cap=cap, periods=periods)
    settings = template(hours, domain, estimates(smoothing or {}, adaptive))
    lon, lat = lines_of(grid)
    found = _zeros(lon, lat)
    if tracks.n_points:
        points = points_of_grid(lon, lat).points
        found = statistics_at(prepared(tracks, settings, (0.0, 360.0)), settings, points)
    return _dataset(found.scaled(measure.factor, periods), (lon, lat), tracks, measure)


def template(
    hours: float, domain: tuple[float, float, float, float], wanted: tuple[Estimate, ...]
) -> StatisticsSettings:
    """Settings of statistics of tracks in frames that are so many hours apart."""
    return StatisticsSettings(
        frames=(1, _ALL_FRAMES),
        frames_count_missing=True,
        phases=PhaseSettings(interval=hours, scale=TRACK_RADIUS_KM),
        domain=domain,
        lifetime_step=hours / 24.0,
        estimates=wanted,
    )


def check_numbers(cap: float, periods: float) -> None:
    """Refuse what is no radius of a cap or no number of periods.

    Raises
    ------
    UserInputError
        If one of them is not.
    """
    if not 0.0 < cap <= 180.0:
        raise UserInputError(f"cap={cap!r}: the radius of a cap is above 0 and up to 180 degrees")
    if not 0.0 < periods < math.inf:
        raise UserInputError(f"periods={periods!r}: a number of periods is above 0")


def lines_of(grid: Any) -> tuple[F32, F32]:
    """Longitudes and latitudes (south to north) of the grid."""
    lon, lat = south_up_grid(grid)
    return lon.astype(np.float32), lat.astype(np.float32)


def estimates(smoothing: Mapping[str, float], adaptive: bool) -> tuple[Estimate, ...]:
    """All estimates of the template, with other smoothing parameters by what is estimated.

    Raises
    ------
    UserInputError
        If there is no such estimate, or a parameter is not above 0.
    """
    unknown = sorted(set(smoothing) - set(SMOOTHING))
    if unknown:
        raise UserInputError(f"smoothing: there is no '{unknown[0]}'; there are {', '.join(SMOOTHING)}")
    found = []
    for data, (mode, usual) in SMOOTHING.items():
        s = float(smoothing.get(data, usual))
        if not 0.0 < s < math.inf:
            raise UserInputError(f"smoothing: {s!r} of '{data}'; a smoothing parameter is above 0")
        estimator = Estimator(
            kernel=1,
            smoothing=Smoothing.ADAPTIVE if adaptive else Smoothing.FIXED,
            s=s,
            lowest=_LEAST_SMOOTHING,
            alpha=_ALPHA,
            std=True,
        )
        found.append(Estimate(data=data, mode=mode, estimator=estimator))
    return tuple(found)


def in_frames(tracks: TrackSet, interval: float | None) -> tuple[TrackSet, float]:
    """Tracks with points in frames counted from 1 and gaps from their numbers; and the hours between frames.

    Raises
    ------
    UserInputError
        If positions cannot be used, or dates are missing and no interval is given.
    """
    tracks = _checked(tracks.without_empty())
    if tracks.time is not None and tracks.n_points and tracks.time.known.all():
        seconds = seconds_of(tracks.time)
        step = _step(tracks, seconds) if interval is None else round(interval * 3600.0)
        _check_interval(interval, step)
        frame = (seconds - seconds.min()) // step + 1
    else:
        if interval is None and tracks.n_points:
            raise UserInputError(
                "the tracks have no dates: give the hours between frames, such as interval=6 (--interval)"
            )
        _check_interval(interval, 1 if interval is None else round(interval * 3600.0))
        step, frame = round((interval or 6.0) * 3600.0), _counted(tracks)
    after = np.zeros(tracks.n_points, np.int32)
    if tracks.n_points > 1:
        after[:-1] = np.maximum(np.diff(frame) - 1, 0)
        after[tracks.start[1:] - 1] = 0
    return replace(tracks, frame=frame, missing_after=after, time=None, start_time=None), step / 3600.0


def _checked(tracks: TrackSet) -> TrackSet:
    """Tracks with longitudes from 0 to 360, and missing intensities marked as such."""
    if not tracks.projection.is_geographic:
        raise UserInputError("statistics need tracks in longitudes and latitudes")
    wrong = ~(np.isfinite(tracks.lon) & (np.abs(tracks.lat) <= 90.0))
    if wrong.any():
        raise UserInputError(f"{np.count_nonzero(wrong)} points have no position on the sphere; drop them first")
    first = tracks.variables[0]
    values = np.where(np.isfinite(first.values), first.values, MISSING_VALUE)
    lon = np.where((tracks.lon >= 0) & (tracks.lon <= 360), tracks.lon, np.mod(tracks.lon, np.float32(360)))
    return replace(tracks, lon=lon, variables=(replace(first, values=values), *tracks.variables[1:]))


def _step(tracks: TrackSet, seconds: I64) -> int:
    """The shortest step of time within a track, seconds."""
    steps = np.diff(seconds)[np.diff(tracks.owner) == 0] if tracks.n_points > 1 else np.zeros(0, np.int64)
    steps = steps[steps > 0]
    if not len(steps):
        raise UserInputError("no track has two dates: give the hours between frames, such as interval=6")
    return int(steps.min())


def _check_interval(interval: float | None, seconds: int) -> None:
    if seconds < 1:
        raise UserInputError(f"interval={interval!r}: the time between frames is above 0, in hours")


def _counted(tracks: TrackSet) -> I64:
    """Frame numbers in which missing frames count, track by track."""
    before = np.cumsum(tracks.missing_after) - tracks.missing_after
    return tracks.frame + before - np.repeat(before[tracks.start[:-1]], tracks.lengths)


def _zeros(lon: F32, lat: F32) -> Statistics:
    none = np.zeros(len(lon) * len(lat), np.float32)
    entries = np.zeros(17, np.float32)
    values = {row.name: none for row in FIELDS}
    return Statistics(values=values, dense={}, kernel=(0,) * 17, half_width=entries, number=entries)


def rows_of(tracks: TrackSet) -> list[FieldRow]:
    """The fields that these tracks can give; those of shapes only if they have some."""
    shaped = all(tracks.variable(name) is not None for name in SHAPE)
    return [row for row in FIELDS if shaped or row.data not in ("shape", "area")]


def _dataset(found: Statistics, lines: tuple[F32, F32], tracks: TrackSet, measure: Measure) -> xarray.Dataset:
    """Fields with their names, units and what they were made from."""
    rows = rows_of(tracks)
    fields = {row.label: _field(row, found, lines, tracks, measure) for row in rows}
    attributes: dict[str, Any] = {
        "Conventions": "CF-1.11",
        "title": "Statistics of tracks by kernels on the sphere",
        "number_of_tracks": tracks.n_tracks,
        "number_of_points": tracks.n_points,
        "hours_between_frames": measure.hours,
        "cap_radius_degrees": measure.cap,
        "number_of_periods": measure.periods,
    }
    return xr.Dataset(fields, horizontal_coordinates(*lines), attributes)


def _field(
    row: FieldRow, found: Statistics, lines: tuple[F32, F32], tracks: TrackSet, measure: Measure
) -> tuple[tuple[str, str], Array, dict[str, Any]]:
    values = found.values[row.name]
    if row.part != "density":
        dense = found.dense.get(row.name)
        values = np.where(False if dense is None else dense, values, np.float32(np.nan)).astype(np.float32)
    width = float(found.half_width[row.entry])
    attributes: dict[str, Any] = {
        "long_name": long_name(row, measure.cap, measure.periods),
        "units": units_of(row, tracks),
        "cell_methods": f"longitude: latitude: mean (kernel on the sphere, half bandwidth {width:.2f} degrees)",
        "half_bandwidth_degrees": width,
        "number_of_data": float(found.number[row.entry]),
    }
    return ("latitude", "longitude"), values.reshape(len(lines[1]), len(lines[0])), attributes


def long_name(row: FieldRow, cap: float, periods: float) -> str:
    """What a field is, for people."""
    if not row.scaled:
        return row.title.lower()
    per = "" if periods == 1.0 else ", per period"
    return f"{row.label.replace('_', ' ')} (number in a cap of {cap:g} degrees{per})"


def units_of(row: FieldRow, tracks: TrackSet) -> str:
    """Units of a field of these tracks."""
    intensity, area = tracks.variables[0].units, tracks.variable(SHAPE[-1])
    units = {
        "speed": "km h-1",
        "lifetime": "days",
        "growth": "h-1",
        "intensity": intensity or "1",
        "tendency": f"{intensity} h-1".strip(),
        "area": (area.units if area is not None else "") or "1",
    }
    return units.get(row.quantity, "1")
