"""Statistics of a set of tracks as a Dataset: densities, means and deviations by spherical kernels.

The numbers are those of TRACK's statistics (analysis action 2) with the answers of its template: the power kernel on
the spherical quad tree, its width adapted to the density.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, I64, Mask
from ..errors import UserInputError, refuse_unknown
from ..model.dates import calendar_named, seconds_of
from ..model.periods import ALL, check_word
from ..model.tracks import TrackSet
from ..model.variables import MISSING_VALUE, WEIGHT
from ..settings.earth import TRACK_RADIUS_KM
from ..settings.statistics import TRACKS, Estimate, Estimator, Mode, PhaseSettings, Smoothing, StatisticsSettings
from ..statistics.compute import statistics_at
from ..statistics.data import WEIGHT_INFO, Material, prepared, total_weight
from ..statistics.fields import Statistics, no_statistics
from ..statistics.sampling import points_of_grid
from ..statistics.sphere import Points
from .periods import Periods, check_dated, periods_at
from .statistics_dataset import Layout, dataset
from .targets import south_up_grid

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
class StatisticsOptions:
    """How statistics are computed.

    Attributes
    ----------
    interval : float, optional
        Hours between frames; None: the shortest step of the tracks' dates. Where there are dates it has to divide all
        steps.
    smoothing : mapping
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
    weights : bool
        Points count with the weights of the tracks, where they have any.
    by : str
        ``"all"``; ``"month"``, ``"season"``, ``"year"``: each by itself; ``"month-of-year"``, ``"season-of-year"``:
        those of all years together. A track over the border of two is in both.

    Raises
    ------
    UserInputError
        If a number is out of its range, or there is no such word.
    """

    interval: float | None = None
    smoothing: Mapping[str, float] = field(default_factory=dict)
    adaptive: bool = True
    domain: tuple[float, float, float, float] = (0.0, 360.0, -90.0, 90.0)
    cap: float = 5.0
    periods: float = 1.0
    weights: bool = True
    by: str = ALL

    def __post_init__(self) -> None:
        check_word(self.by)
        if not 0.0 < self.cap <= 180.0:
            raise UserInputError(f"cap={self.cap!r}: the radius of a cap is above 0 and up to 180 degrees")
        if not 0.0 < self.periods < math.inf:
            raise UserInputError(f"periods={self.periods!r}: a number of periods is above 0")
        west, east, south, north = self.domain
        if not (0.0 <= west < east <= 360.0 and -90.0 <= south < north <= 90.0):
            raise UserInputError(
                f"domain={tuple(self.domain)}: west, east, south, north, with west below east in 0 to 360 (not over "
                "Greenwich) and south below north in -90 to 90"
            )
        unknown = sorted(set(self.smoothing) - set(SMOOTHING))
        if unknown:
            raise UserInputError(f"smoothing: there is no '{unknown[0]}'; there are {', '.join(SMOOTHING)}")

    @classmethod
    def of(cls, choices: Mapping[str, Any]) -> StatisticsOptions:
        """Options by their names.

        Raises
        ------
        UserInputError
            If there is no option of a name; and as the class.
        """
        refuse_unknown(choices, [one.name for one in fields(cls)], "statistics")
        return cls(**{name: value for name, value in choices.items() if name != "smoothing" or value is not None})

    @property
    def factor(self) -> float:
        """Solid angle of the cap."""
        return 2.0 * math.pi * (1.0 - math.cos(math.radians(self.cap)))

    def settings(self, hours: float, weighted: bool) -> StatisticsSettings:
        """Settings of TRACK's statistics, with the hours between frames."""
        return StatisticsSettings(
            frames=(1, _ALL_FRAMES),
            frames_count_missing=True,
            phases=PhaseSettings(interval=hours, scale=TRACK_RADIUS_KM),
            domain=self.domain,
            least_weight=0.0 if weighted else None,
            lifetime_step=hours / 24.0,
            estimates=estimates(self.smoothing, self.adaptive),
        )


def statistics(
    tracks: TrackSet, grid: Any = "T63", *, basins: Mapping[str, Mask] | None = None, **choices: Any
) -> xarray.Dataset:
    """Densities of tracks, features, genesis and lysis, and means of what the tracks carry, on a grid.

    Parameters
    ----------
    tracks : TrackSet
        In longitudes and latitudes; with dates for periods. NaN intensities are left out.
    grid : str, number, tuple or xarray object
        ``'T63'``, ``2.5``, ``(longitudes, latitudes)``, a field on the grid: as in `regrid`.
    basins : mapping of bool, shape (n_tracks,), optional
        Tracks of each basin, or of any other group: one field for each, by name.
    **choices
        Options by the names of `StatisticsOptions`, which says what they mean and which the defaults are: interval,
        smoothing, adaptive, domain, cap, periods, weights, by.

    Returns
    -------
    xarray.Dataset
        float32, (latitude, longitude), with basins and the periods that occur in front; means are NaN where there is no
        density. Half bandwidth and number of data of each field are attributes. Tracks that live at the first or last
        time of the set have no genesis or lysis there.

    Raises
    ------
    UserInputError
        If an argument cannot be used, dates are missing and no `interval` is given or periods are asked for, or the
        weights of the tracks are negative or sum to 0.

    Notes
    -----
    A set of data with no more than one point gives densities of 0 and means of NaN. In periods points count by their
    own time, and speeds, growth and tendency by that of the first of their two points; a track is in every period in
    which it has points, with the nearest of these and its whole lifetime. Specification 06, section 1. Parity: bitwise
    for what TRACK's template computes.

    References
    ----------
    Hodges (1996), Spherical nonparametric estimators applied to the UGAMP model integration for AMIP, Mon. Wea. Rev.
    """
    options = StatisticsOptions.of(choices)
    lon, lat = lines_of(grid)
    points = points_of_grid(lon, lat).points
    whole = tracks.without_empty()
    check_dated(whole, options.by)
    counted, clock = in_frames(whole, options.interval)
    weighted = options.weights and have_weights(counted)
    if not weighted:
        counted = unweighted(counted)
    settings = options.settings(clock.hours, weighted)
    material = prepared(counted, settings, (0.0, 360.0))
    groups = {name: mask[tracks.lengths > 0] for name, mask in (basins or {}).items()}
    periods = clock.periods(counted.frame, options.by)
    parts = [
        _of_part(part, settings, points).scaled(options.factor, options.periods)
        for part in _parts(material, groups, clock, periods)
    ]
    layout = Layout(lon=lon, lat=lat, tracks=counted, basins=tuple(groups), periods=periods)
    about = {"hours_between_frames": clock.hours, "weights": "of the tracks" if weighted else "none"}
    return dataset(parts, layout, cap=options.cap, per=options.periods, about={**about, **_shown(options)})


def _shown(options: StatisticsOptions) -> dict[str, Any]:
    """Options as attributes."""
    smoothing = {name: options.smoothing.get(name, usual) for name, (_, usual) in SMOOTHING.items()}
    return {
        "cap_radius_degrees": options.cap,
        "number_of_periods": options.periods,
        "domain": [float(edge) for edge in options.domain],
        "adaptive": int(options.adaptive),
        "smoothing": ", ".join(f"{name} {s:g}" for name, s in smoothing.items()),
        "by": options.by,
    }


def have_weights(tracks: TrackSet) -> bool:
    """Whether the tracks have weights."""
    weights = tracks.variable(WEIGHT)
    if weights is None or not tracks.n_points:
        return False
    wrong = ~(weights.values >= 0)
    if wrong.any():
        raise UserInputError(
            f"{np.count_nonzero(wrong)} points have negative or missing weights; drop them, or leave the weights out "
            "(weights=False, --no-weights)"
        )
    if not total_weight(tracks) > 0.0:
        raise UserInputError(
            f"the file divides weights by {total_weight(tracks):g} ({WEIGHT_INFO}), which is not above 0; leave the "
            "weights out (weights=False, --no-weights)"
        )
    if not weights.values.any():
        raise UserInputError(
            "the weights of the tracks sum to 0, so that no point counts; leave them out (weights=False, --no-weights)"
        )
    return True


def unweighted(tracks: TrackSet) -> TrackSet:
    """The tracks without weights."""
    return replace(tracks, variables=tuple(v for v in tracks.variables if v.name != WEIGHT))


def _parts(material: Material, groups: Mapping[str, Mask], clock: Clock, periods: Periods) -> list[Material]:
    """The material of every basin (or all) and period, in this order."""
    of_phases = material.phases
    assert of_phases is not None
    if not groups and periods.by == ALL:
        return [material]
    every = np.ones(material.tracks.n_tracks, np.bool_)
    later = clock.index(of_phases.frame, periods)
    return [
        material.within(mask[material.tracks.owner] & (periods.index == k), mask[of_phases.owner] & (later == k))
        for mask in (groups.values() if groups else [every])
        for k in range(len(periods))
    ]


def _of_part(material: Material, settings: StatisticsSettings, points: Points) -> Statistics:
    return statistics_at(material, settings, points) if material.tracks.n_points else no_statistics(len(points.x))


def lines_of(grid: Any) -> tuple[F32, F32]:
    """Longitudes and latitudes (south to north) of the grid."""
    lon, lat = south_up_grid(grid)
    return lon.astype(np.float32), lat.astype(np.float32)


def estimates(smoothing: Mapping[str, float], adaptive: bool) -> tuple[Estimate, ...]:
    """All estimates of the template, with other smoothing parameters by what is estimated.

    Raises
    ------
    UserInputError
        If a parameter is not above 0.
    """
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


@dataclass(frozen=True, slots=True)
class Clock:
    """Times of frames: seconds between them, and those of the first since 1970-01-01 of a calendar (None: no dates)."""

    step: int
    first: int | None = None
    calendar: str = "standard"

    @property
    def hours(self) -> float:
        """Between frames."""
        return self.step / 3600.0

    def periods(self, frames: I64, by: str) -> Periods:
        """Periods of frames."""
        if by == ALL:
            return Periods(ALL, self.calendar, np.zeros(1, np.int64), np.zeros(len(frames), np.int64))
        return periods_at((self.first or 0) + (frames - 1) * self.step, by, self.calendar)

    def index(self, frames: I64, periods: Periods) -> I64:
        """In which of some periods, which they all lie in, frames lie."""
        own = self.periods(frames, periods.by)
        return np.searchsorted(periods.numbers, own.numbers)[own.index]


def in_frames(tracks: TrackSet, interval: float | None) -> tuple[TrackSet, Clock]:
    """Tracks with points in frames counted from 1 and gaps from their numbers; and when these are.

    Raises
    ------
    UserInputError
        If positions cannot be used, or dates are missing and no interval is given.
    """
    tracks = _checked(tracks)
    if tracks.time is not None and tracks.n_points and tracks.time.known.all():
        seconds = seconds_of(tracks.time)
        steps = _steps(tracks, seconds)
        step = _shortest(steps) if interval is None else round(interval * 3600.0)
        _check_interval(interval, step)
        if (steps % step).any():
            raise UserInputError(
                f"interval={interval:g}: by their dates points of the tracks follow one another after "
                f"{steps.min() / 3600.0:g} h; leave the interval out (--interval), or give one that divides their steps"
            )
        frame = (seconds - seconds.min()) // step + 1
        clock = Clock(step, int(seconds.min()), calendar_named(tracks.time.calendar))
    else:
        if interval is None and tracks.n_points:
            raise UserInputError(
                "the tracks have no dates: give the hours between frames, such as interval=6 (--interval)"
            )
        _check_interval(interval, 1 if interval is None else round(interval * 3600.0))
        clock, frame = Clock(round((interval or 6.0) * 3600.0)), _counted(tracks)
    after = np.zeros(tracks.n_points, np.int32)
    if tracks.n_points > 1:
        after[:-1] = np.maximum(np.diff(frame) - 1, 0)
        after[tracks.start[1:] - 1] = 0
    return replace(tracks, frame=frame, missing_after=after, time=None, start_time=None), clock


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


def _steps(tracks: TrackSet, seconds: I64) -> I64:
    """Steps of time within tracks, seconds, above 0."""
    steps = np.diff(seconds)[np.diff(tracks.owner) == 0] if tracks.n_points > 1 else np.zeros(0, np.int64)
    later: I64 = steps[steps > 0]
    return later


def _shortest(steps: I64) -> int:
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
