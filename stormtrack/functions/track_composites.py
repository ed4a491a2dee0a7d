"""Fields in the frame of storms: samples around points of tracks, and composites of them, as Datasets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, F64, I64, Mask
from ..errors import TracksError
from ..model.dates import calendar_named, seconds_of, times_since
from ..model.tracks import TrackSet
from ..sampling.around import Moments, Places, box, disc, positions
from ..sampling.field_grid import KINDS, FieldGrid
from ._xarray import xr
from .given_fields import GivenField, fields_given
from .points_in_time import frames_of_points
from .reading_along import Reading, check_choice, check_covered, check_tracks, sampled_frames
from .track_sampling import degrees_of

if TYPE_CHECKING:
    import xarray

SHAPES = ("disc", "box")
UP = ("north", "motion")
_MOST_VALUES = 2**28
_NUMBER = {"standard_name": "number_of_observations", "units": "1"}
_AT_ONCE = 1 << 21
"""Places whose positions are held at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Which places around each point are sampled.

    Attributes
    ----------
    shape : {"disc", "box"}
        Circles and azimuths, or rows and columns.
    radius : float or str
        Of the outermost circle, or half the side of the box: degrees, ``"15deg"``, ``"1500km"``.
    spacing : float or str
        Between circles, or rows and columns; it divides the radius.
    azimuths : int
        How many, the first one up, the others clockwise.

    Raises
    ------
    TracksError
        If one of these cannot be.
    """

    shape: str = "disc"
    radius: float | str = 15.0
    spacing: float | str = 1.0
    azimuths: int = 36

    def __post_init__(self) -> None:
        check_choice("shape", self.shape, SHAPES)
        if not 1 <= self.azimuths <= 3600:
            raise TracksError(f"azimuths={self.azimuths!r}: allowed are 1 to 3600")
        outer, spacing = degrees_of(self.radius), degrees_of(self.spacing, "spacing")
        if self.shape == "box" and outer >= 90.0:
            raise TracksError(f"radius={self.radius!r}: half the side of a box is below 90 degrees")
        if abs(outer / spacing - round(outer / spacing)) > 1.0e-6:
            raise TracksError(f"spacing={self.spacing!r} does not divide radius={self.radius!r}; take one that does")

    @property
    def axes(self) -> dict[str, F64]:
        """Names and values (degrees) of rows and columns."""
        outer = degrees_of(self.radius)
        number = round(outer / degrees_of(self.spacing, "spacing"))
        line = np.arange(-number, number + 1, dtype=np.float64) * np.float64(outer / number)
        if self.shape == "box":
            return {"y": line, "x": line}
        around = np.arange(self.azimuths, dtype=np.float64) * np.float64(360.0 / self.azimuths)
        return {"radius": line[number:], "azimuth": around}

    @property
    def places(self) -> Places:
        """The places."""
        rows, columns = self.axes.values()
        return disc(rows, columns) if self.shape == "disc" else box(rows, columns)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placing:
    """How regions lie around points, and which points are taken.

    Attributes
    ----------
    up : {"north", "motion"}
        What direction is up.
    heading : float64, shape (n_points,), optional
        Direction of motion, degrees clockwise from north, NaN where there is none; for ``up="motion"``.
    mirror : bool
        Regions of the Southern Hemisphere are reflected: left becomes right of the motion, or south is up in place of
        north.
    group : int64, shape (n_points,)
        To which of the groups a point belongs; -1 to none.
    lags : float64, shape (n_groups,), optional
        Hours after `event` of each group.
    event : str
        Empty: points are of one group.
    """

    up: str
    heading: F64 | None
    mirror: bool
    group: I64
    lags: F64 | None = None
    event: str = ""

    def __post_init__(self) -> None:
        check_choice("up", self.up, UP)

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return 1 if self.lags is None else len(self.lags)

    @property
    def directed(self) -> Mask:
        """Points whose direction is known."""
        return np.ones(len(self.group), np.bool_) if self.heading is None else np.isfinite(self.heading)

    def upwards(self, lat: F32) -> tuple[F64, Mask]:
        """Direction (radians clockwise from north) that is up at each point, and which regions are reflected."""
        mirrored = (lat < 0) & self.mirror
        if self.heading is not None:
            return np.radians(self.heading), mirrored
        return np.where(mirrored, np.pi, 0.0), mirrored


def around(tracks: TrackSet, field: Any, region: Region, placing: Placing, reading: Reading) -> xarray.Dataset:
    """Samples of fields around points of tracks.

    Parameters
    ----------
    tracks : TrackSet
    field : DataArray, Dataset, path, list of paths, or a mapping of names to these
        As in `track_sampling.sample`.
    region : Region
    placing : Placing
        Points of a group are taken.
    reading : Reading

    Returns
    -------
    xarray.Dataset
        float32, (point, row, column); NaN where a field has no value.

    Raises
    ------
    TracksError, FieldError, GridError
        As in `track_sampling.sample`; or if the samples would not fit into memory.
    """
    wanted = _points(tracks, placing, reading)
    places = region.places
    row = np.full(tracks.n_points, -1)
    row[wanted] = np.arange(len(wanted))
    found: dict[str, Any] = {}
    with fields_given(field, reading.opening) as fields:
        if len(wanted) * len(places.distance) * len(fields) > _MOST_VALUES:
            raise TracksError(
                f"{len(fields)} field(s) around {len(wanted)} points are {len(places.distance)} values each; select "
                "points first, or make a composite"
            )
        for one in fields:
            out = np.full((len(wanted), *places.shape), np.nan, np.float32)
            for some, samples in _samples(tracks, one, places, placing, reading):
                out[row[some]] = samples.reshape(len(some), *places.shape)
            found[one.name] = (("point", *region.axes), out, _attributes(one))
    lon, lat = tracks.lon[wanted], tracks.lat[wanted]
    coordinates = {
        "track_id": ("point", tracks.track_id[tracks.owner[wanted]]),
        "lon": ("point", lon, {"standard_name": "longitude", "units": "degrees_east"}),
        "lat": ("point", lat, {"standard_name": "latitude", "units": "degrees_north"}),
        **_times(tracks, wanted),
    }
    return xr.Dataset(found, {**coordinates, **_axes(region, placing)}, _global(tracks, wanted, placing))


def composite(tracks: TrackSet, field: Any, region: Region, placing: Placing, reading: Reading) -> xarray.Dataset:
    """Means, standard deviations and numbers of fields around points of tracks.

    Parameters
    ----------
    tracks, field, region, reading
        As in `around`.
    placing : Placing
        Each group has a composite of its own.

    Returns
    -------
    xarray.Dataset
        float64 (numbers: int64), ([lag,] row, column): ``NAME_mean``, ``NAME_std`` (divided by the number), and
        ``NAME_count``, the number of values: NaN is left out. Fields are read frame by frame; samples are not kept.

    Raises
    ------
    TracksError, FieldError, GridError
        As in `around`; and if no point of the tracks is taken.
    """
    wanted = _points(tracks, placing, reading)
    if tracks.n_points and not (placing.group >= 0).any():
        raise TracksError("composite: no track has a point where one is wanted; other lags, or another event, may do")
    places = region.places
    found: dict[str, Any] = {}
    lead = () if placing.lags is None else ("lag",)
    with fields_given(field, reading.opening) as fields:
        for one in fields:
            moments = Moments(placing.n_groups, len(places.distance))
            for some, samples in _samples(tracks, one, places, placing, reading):
                groups = placing.group[some]
                for group in np.unique(groups):
                    moments.add(int(group), samples[groups == group])
            found |= _statistics(one, moments, (*lead, *region.axes), places.shape)
    coordinates = _axes(region, placing)
    if placing.lags is not None:
        number = np.bincount(placing.group[wanted], minlength=placing.n_groups)
        coordinates["lag"] = ("lag", placing.lags, {"units": "hours", "long_name": f"hours after {placing.event}"})
        coordinates["number_of_points"] = ("lag", number, {"units": "1", "long_name": "number of points of tracks"})
    return xr.Dataset(found, coordinates, _global(tracks, wanted, placing))


def _statistics(field: GivenField, moments: Moments, dims: tuple[str, ...], shape: tuple[int, int]) -> dict[str, Any]:
    """Mean, deviation and number of a field as variables; without a value NaN."""
    sizes = (len(moments.count), *shape)[-len(dims) :]
    known = moments.count > 0
    number = {**_NUMBER, "long_name": f"number of values of {field.name}"}
    found = {
        "mean": (np.where(known, moments.mean, np.nan), {"cell_methods": "point: mean"}),
        "std": (np.where(known, moments.std, np.nan), {"cell_methods": "point: standard_deviation"}),
    }
    out = {
        f"{field.name}_{name}": (dims, values.reshape(sizes), {**_attributes(field, name), **about})
        for name, (values, about) in found.items()
    }
    return {**out, f"{field.name}_count": (dims, moments.count.reshape(sizes), number)}


def _points(tracks: TrackSet, placing: Placing, reading: Reading) -> I64:
    """Points that are taken."""
    check_tracks(tracks)
    check_choice("interpolation", reading.interpolation, tuple(KINDS))
    return np.flatnonzero((placing.group >= 0) & placing.directed)


def _samples(
    tracks: TrackSet, field: GivenField, places: Places, placing: Placing, reading: Reading
) -> Iterator[tuple[I64, F32]]:
    """Points, and the values around them (float32, shape (n, n_places)), frame by frame."""
    grid = FieldGrid(field.lon, field.lat)
    wanted = (placing.group >= 0) & placing.directed
    times, on_grid = frames_of_points(tracks, field, reading.time), grid.covers(tracks.lon, tracks.lat)
    if reading.missing == "error":
        check_covered(tracks, field, times.known | ~wanted, on_grid | ~wanted)
    up, mirrored = placing.upwards(tracks.lat)
    size = max(1, _AT_ONCE // len(places.distance))
    for frame, points in sampled_frames(field, times, wanted & times.known & on_grid):
        framed = grid.for_track(grid.ordered(frame))
        for first in range(0, len(points), size):
            some = points[first : first + size]
            lon, lat = positions(tracks.lon[some], tracks.lat[some], up[some], mirrored[some], places)
            inside = grid.covers(lon.ravel(), lat.ravel())
            values = grid.at(framed, lon.ravel(), lat.ravel(), reading.interpolation)
            values[~inside] = np.nan
            yield some, values.reshape(lon.shape)


def _attributes(field: GivenField, statistic: str = "") -> dict[str, Any]:
    """What a field says of itself, as far as it holds for samples of it."""
    names = {"mean": "mean", "std": "standard deviation"}
    about = {name: field.about[name] for name in ("standard_name", "long_name") if name in field.about}
    about["units"] = field.units or "1"
    if statistic:
        about["long_name"] = f"{names[statistic]} of {about.get('long_name', field.name)} around storms"
    return about


def _axes(region: Region, placing: Placing) -> dict[str, Any]:
    up = {"north": "north", "motion": "the direction of motion"}[placing.up]
    if placing.mirror:
        up += " (reflected in the Southern Hemisphere)"
    names = {
        "radius": "distance from the storm",
        "azimuth": f"clockwise from {up}",
        "y": f"latitude of a grid whose origin is the storm, towards {up}",
        "x": f"longitude of a grid whose origin is the storm, to the right of {up}",
    }
    return {name: (name, values, {"units": "degree", "long_name": names[name]}) for name, values in region.axes.items()}


def _times(tracks: TrackSet, wanted: I64) -> dict[str, Any]:
    if tracks.time is None or not tracks.time.take(wanted).known.all():
        return {"frame": ("point", tracks.frame[wanted])}
    times = tracks.time.take(wanted)
    if times.is_coded:
        times = times_since(seconds_of(times), "1970-01-01 00:00:00", times.calendar)
    variable = xr.Variable(("point",), times.values, {"units": times.units, "calendar": calendar_named(times.calendar)})
    return {"time": xr.decode_cf(xr.Dataset({"time": variable}))["time"].variable}


def _global(tracks: TrackSet, wanted: I64, placing: Placing) -> dict[str, Any]:
    left_out = np.count_nonzero((placing.group >= 0) & ~placing.directed)
    return {
        "Conventions": "CF-1.11",
        "title": "Fields in the frame of storms",
        "number_of_tracks": len(np.unique(tracks.owner[wanted])),
        "number_of_points": len(wanted),
        "number_of_points_without_direction": int(left_out),
        "up": placing.up,
        "reflected_in_the_southern_hemisphere": int(placing.mirror),
        **({"aligned_at": placing.event} if placing.event else {}),
    }


def groups_of(lag: F64 | None, lags: Sequence[float] | None, where: Mask) -> tuple[I64, F64 | None]:
    """Group of each point (-1: none), and the lags of the groups.

    Parameters
    ----------
    lag : float64, shape (n_points,), optional
        Hours after the event of its track; NaN: there is none. None: points are not aligned.
    lags : sequence of float, optional
        Hours that are wanted.
    where : bool, shape (n_points,)
        Points that are wanted.
    """
    if lag is None:
        return np.where(where, 0, -1), None
    wanted = np.unique(np.asarray((0.0,) if lags is None else lags, np.float64))
    found = np.minimum(np.searchsorted(wanted, lag), len(wanted) - 1)
    same = np.abs(wanted[found] - lag) < 1.0e-6
    return np.where(where & same, found, -1), wanted
