"""One frame as detection sees it, for finding out why a storm was or was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, F64, Mask
from ..core.looking import SAME_MAXIMUM, Look
from ..errors import FieldError, NotSupportedError, UserInputError, did_you_mean
from ..formats.moments import from_texts, to_texts
from ..maps.choosing import map_options
from ..maps.detection import DetectionView, Marked, detection_map
from ..model.dates import seconds_of
from ..model.times import Times
from ..recipes.looking import look_at_frame
from ..run.report import Report
from ..settings.recipe import Recipe
from ..sphere import arc
from ..trackers import HodgesTracker
from ..trackers.files import series_of
from .detected import DetectedFeatures
from .given import Given, opened
from .plans import recipe_of
from .reporting import PythonReport

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NEAR = 5.0
"""Degrees around a place within which something is sought."""
_MARGIN = 15.0
_POLAR = 70.0
_FEATURES = 2
"""Line about the features in what is told of a search."""
_LARGE = 1.0e10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameView:
    """What every search does with one frame: features, objects, and which maxima were left out for which reason.

    Attributes
    ----------
    frame : int
        Its number in the series, from 1.
    time : str
        Its date, if there is one.
    recipe : Recipe
    searches : mapping
        Name of a search to its `stormtrack.core.looking.Look`: grid, field, features, objects, candidates.

    Examples
    --------
    >>> import stormtrack as st
    >>> view = st.frame_view(st.sample_field(4), "vorticity-nh-t42", frame=2)
    >>> view.time, list(view.searches)
    ('2000-01-01T06:00:00', ['NH_cyclones'])
    >>> features = st.detect(st.sample_field(4), "vorticity-nh-t42")["NH_cyclones"]
    >>> view.features.n_features == int((features.frame_index == 1).sum())
    True
    """

    frame: int
    time: str
    recipe: Recipe
    searches: Mapping[str, Look]

    @property
    def features(self) -> DetectedFeatures:
        """The features, as `stormtrack.detect` finds them in this frame."""
        found = {name: one.features for name, one in self.searches.items()}
        return DetectedFeatures(searches=found, recipe=self.recipe, units=self.recipe.quantity.units)

    def __repr__(self) -> str:
        """What was found and what was left out, search by search."""
        return "\n".join([f"frame {self.frame}{', ' if self.time else ''}{self.time}", *map(self._told, self.searches)])

    def _told(self, name: str) -> str:
        one, units = self.searches[name], self.recipe.quantity.units
        sign = -1.0 if _of_minima(one) else 1.0
        extremum, side = ("minima", "below") if sign < 0 else ("maxima", "above")
        weakest, strongest = sign * float(one.field.min()), sign * float(one.field.max())
        rows = [
            f"{name}: {extremum} {side} {sign * one.settings.threshold:g} ({units}); the field reaches from "
            f"{weakest:.3g} to {strongest:.3g}",
            f"  objects: {len(one.object_points)}, of them left out as too small: {len(one.small)} "
            f"({one.settings.min_object_points} points or fewer)",
            f"  features: {one.features.n_features}",
        ]
        for reason, count in _reasons(one).items():
            if reason == SAME_MAXIMUM:
                rows[_FEATURES] += f", of which linking leaves out {count} ({reason})"
            else:
                rows.append(f"  {extremum} left out: {count} ({reason})")
        return "\n".join(rows)

    def to_dataframe(self) -> Any:
        """A table of all maxima beyond the threshold: kind, place, value, the grid's, size of the object, reason.

        Returns
        -------
        pandas.DataFrame
            Values are positive, as those of features; ``reason`` is empty where a maximum is a feature.

        Raises
        ------
        MissingPackageError
            Without pandas (extra ``tables``).
        """
        from ..storage.packages import need

        pandas = need("pandas", "tables", "to_dataframe")
        return pandas.concat([pandas.DataFrame(_columns(name, one)) for name, one in self.searches.items()])

    def near(self, lon: float, lat: float, search: str | None = None) -> str:
        """What became of a storm near a place: found, left out and why, or nowhere beyond the threshold.

        Parameters
        ----------
        lon, lat : float
            Degrees.
        search : str, optional
            Which search; None: the only one.

        Examples
        --------
        >>> import stormtrack as st
        >>> view = st.frame_view(st.sample_field(4), "vorticity-nh-t42", frame=2)
        >>> print(view.near(200.0, 35.0))
        nothing above the threshold 1 (1e-5 s-1) lies within 5 degrees of 200, 35; the largest value there is -0.0632
        """
        return _told_near(self._one(search), (lon, lat), self.recipe.quantity.units)

    def plot(self, search: str | None = None, *, near: tuple[float, float] | None = None, **options: Any) -> Figure:
        """A map: field, threshold, objects, maxima of the grid and of the surface, what was left out and why.

        Parameters
        ----------
        search : str, optional
            Which search; None: the only one.
        near : (float, float), optional
            Longitude and latitude; the map shows 15 degrees around.
        **options
            As those of `stormtrack.plot_field`.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UserInputError
            If there is no such search, or an option cannot be used.
        MissingPackageError
            Without Matplotlib.
        """
        seen = self._one(search)
        if near is not None:
            if options.get("region") is not None:
                raise UserInputError("near and region exclude each other")
            options = {**options, **_around(*near, options.get("projection", "auto"))}
        return detection_map(_view(seen, self, search), map_options(options))

    def _one(self, search: str | None) -> Look:
        names = list(self.searches)
        if search is None and len(names) == 1:
            return self.searches[names[0]]
        if search is None or search not in names:
            what = f"search '{search}'{did_you_mean(search, names)}" if search else "search"
            raise UserInputError(f"{what}: there are {', '.join(names)}; choose one (--search NAME)")
        return self.searches[search]


def frame_view(
    fields: Any,
    plan: Any,
    *,
    frame: int | None = None,
    time: str | None = None,
    variable: str | None = None,
    winds: Sequence[str] | None = None,
    opening: Mapping[str, Any] | None = None,
    engine: str = "track",
) -> FrameView:
    """What detection does with one frame: why a storm was or was not found.

    Parameters
    ----------
    fields, plan, variable, winds, opening, engine
        As those of `stormtrack.detect`.
    frame : int, optional
        Number of the frame, from 1.
    time : str, optional
        Date of the frame in its place, such as ``"2020-01-01T06"``.

    Returns
    -------
    FrameView

    Raises
    ------
    UserInputError
        For fields or plans that cannot be used, or if there is no such frame.
    NotSupportedError
        With ``engine="jax"``.

    Examples
    --------
    >>> import stormtrack as st
    >>> view = st.frame_view(st.sample_field(4), "vorticity-nh-t42", time="2000-01-01T06")
    >>> figure = view.plot()
    >>> figure.savefig("frame.png")  # doctest: +SKIP

    References
    ----------
    Specification 02. Parity: bitwise; features are those of `stormtrack.detect`.
    """
    given = Given(fields=fields, variable=variable, winds=winds, opening=opening or {})
    tracker = HodgesTracker(recipe=recipe_of(plan), engine=engine)
    return looked_at(given, tracker, PythonReport(None), frame=frame, time=time)


def looked_at(
    given: Given, tracker: HodgesTracker, report: Report, *, frame: int | None = None, time: str | None = None
) -> FrameView:
    """`frame_view` as a tracker would see the frame, told to a report."""
    if (frame is None) == (time is None):
        raise UserInputError("which frame? Give its number, frame=1, or its date, time='2020-01-01T06'")
    if tracker.engine == "jax":
        raise NotSupportedError(
            "engine='jax' filters and searches in batches on the device, which shows nothing on the way; look at the "
            "frame with engine='fast', which has its features but for rounding"
        )
    recipe = tracker.followed
    with opened(given, report, recipe.levels) as arrays:
        series = list(series_of(arrays, max(1, len(recipe.levels))))
        if len(series) != 1:
            raise FieldError(f"{len(series)} fields (members, levels) were chosen; a frame is of one: name it")
        (field,) = series
        index = frame - 1 if frame is not None else _at(field.times, str(time))
        found = look_at_frame(
            tracker.input_of(field), recipe, tracker.factor_of(field, report), index, times=field.times
        )
        date = "" if field.times is None else to_texts(field.times.take(slice(index, index + 1)))[0]
    return FrameView(frame=index + 1, time=date, recipe=recipe, searches=found)


def _at(times: Times | None, text: str) -> int:
    """Index of the frame of a date."""
    if times is None:
        raise FieldError("the data have no dates: give the number of the frame")
    wanted = seconds_of(from_texts([text if "-" in text[5:] else f"{text}-01"], calendar=times.calendar))[0]
    places = np.flatnonzero(seconds_of(times) == wanted)
    if not len(places):
        first, *_, last = to_texts(times) if len(times) > 1 else to_texts(times) * 2
        raise FieldError(f"there is no frame of {text}; there are {len(times)} from {first} to {last}")
    return int(places[0])


def _of_minima(seen: Look) -> bool:
    return seen.settings.preparation.minima


def _reasons(seen: Look) -> dict[str, int]:
    """How many were left out, by reason."""
    reasons = [reason for reason in seen.candidates.reason if reason]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _columns(name: str, seen: Look) -> dict[str, Any]:
    one = seen.candidates
    return {
        "kind": name,
        "lon": one.lon,
        "lat": one.lat,
        "value": np.where(np.abs(one.value) < _LARGE, one.value, np.nan),
        "grid_lon": one.grid_lon,
        "grid_lat": one.grid_lat,
        "grid_value": one.grid_value,
        "object_points": seen.object_points[one.object_number],
        "reason": list(one.reason),
    }


def _told_near(seen: Look, place: tuple[float, float], units: str) -> str:
    """What is found near a place (longitude, latitude)."""
    distance = _distance(seen.candidates.lon, seen.candidates.lat, place)
    order = np.argsort(distance)
    near = order[: int(np.count_nonzero(distance <= _NEAR))]
    if len(near):
        return "\n".join(_fate(seen, int(k), distance[k], units) for k in near)
    sign = -1.0 if _of_minima(seen) else 1.0
    words = ("minimum", "below", "smallest") if sign < 0 else ("maximum", "above", "largest")
    where = f"within {_NEAR:g} degrees of {place[0]:g}, {place[1]:g}"
    lon, lat, there = _nodes(seen)
    there &= _distance(lon, lat, place) <= _NEAR
    if not there.any():
        return f"nothing of the grid that is searched lies {where}"
    largest = float(seen.field.ravel()[there].max())
    told = (
        f"{{}} {words[1]} the threshold {sign * seen.settings.threshold:g} ({units}) {{}}; "
        f"the {words[2]} value there is {sign * largest:.3g}"
    )
    owners = np.unique(seen.objects.ravel()[there])
    own = order[np.isin(seen.candidates.object_number[order] + 1, owners)]
    if not len(own):
        return told.format("nothing", f"lies {where}")
    nearest = int(own[0])
    told = told.format("the field is", where)
    return f"{told}, in an object whose nearest {words[0]} is {_fate(seen, nearest, distance[nearest], units)}"


def _distance(lon: F32 | F64, lat: F32 | F64, place: tuple[float, float]) -> F64:
    """Degrees from positions to a place."""
    return np.degrees(arc(lon, lat, np.full(lon.shape, place[0]), np.full(lon.shape, place[1])))


def _fate(seen: Look, number: int, distance: float, units: str) -> str:
    """What became of a candidate."""
    one, sign = seen.candidates, -1.0 if _of_minima(seen) else 1.0
    points = int(seen.object_points[one.object_number[number]])
    fate = f"left out, {one.reason[number]}" if one.reason[number] else "a feature"
    return (
        f"{distance:.1f} degrees away, at {one.lon[number]:.2f}, {one.lat[number]:.2f}: "
        f"{sign * one.grid_value[number]:.3g} ({units}) on the grid, "
        f"object of {points} point{'s' * (points != 1)}: {fate}"
    )


def _nodes(seen: Look) -> tuple[F64, F64, Mask]:
    """Longitudes and latitudes of all nodes, and which of them hold the field."""
    x, y = np.meshgrid(seen.grid.x, seen.grid.y)
    lon, lat, there = _to_sphere(seen)(x.ravel(), y.ravel())
    return lon, lat, there & _inside(seen).ravel()


def _inside(seen: Look) -> Mask:
    """Nodes that hold the field, in the region that is searched."""
    grid, region = seen.grid, seen.grid.region
    if grid.projected is not None:
        return grid.projected.inside
    out = np.zeros((len(grid.y), len(grid.x)), np.bool_)
    out[region.first_row : region.end_row, region.first_column : region.end_column] = True
    return out


def _to_sphere(seen: Look) -> Any:
    """From the grid that is searched to longitudes and latitudes, and where there are any."""
    plane = seen.grid.projected

    def inverse(x: F64, y: F64) -> tuple[F64, F64, Mask]:
        if plane is None:
            return np.asarray(x, np.float64), np.asarray(y, np.float64), np.abs(y) <= 90.0
        lon, lat, there = plane.projection.to_sphere(np.asarray(x, np.float32), np.asarray(y, np.float32))
        return lon.astype(np.float64), lat.astype(np.float64), np.asarray(there, np.bool_)

    return inverse


def _view(seen: Look, view: FrameView, search: str | None) -> DetectionView:
    """What is drawn."""
    sign = -1.0 if _of_minima(seen) else 1.0
    one, name = seen.candidates, search or next(iter(view.searches))
    reasons = np.array(one.reason, object)
    reached = np.abs(one.value) < _LARGE

    def marked(which: Mask, reason: str) -> Marked:
        lon, lat, value = (
            np.where(reached, a, b)[which].astype(np.float64)
            for a, b in ((one.lon, one.grid_lon), (one.lat, one.grid_lat), (one.value, one.grid_value))
        )
        grid_lon, grid_lat = one.grid_lon[which].astype(np.float64), one.grid_lat[which].astype(np.float64)
        return Marked(lon=lon, lat=lat, grid_lon=grid_lon, grid_lat=grid_lat, value=sign * value, reason=reason)

    date = view.time.replace("T", " ").removesuffix(":00")
    return DetectionView(
        x=seen.grid.x.astype(np.float64),
        y=seen.grid.y.astype(np.float64),
        to_sphere=_to_sphere(seen),
        inside=_inside(seen),
        field=sign * seen.field.astype(np.float64),
        threshold=sign * seen.settings.threshold,
        objects=seen.objects,
        small=seen.small,
        marked=[marked(reasons == "", ""), *(marked(reasons == reason, reason) for reason in _reasons(seen))],
        units=view.recipe.quantity.units,
        title=f"frame {view.frame}{', ' if date else ''}{date}: {name} ({view.recipe.name})",
    )


def _around(lon: float, lat: float, projection: str) -> dict[str, Any]:
    """Region and projection of a map around a place: near a pole all meridians."""
    south, north = max(-90.0, lat - _MARGIN), min(90.0, lat + _MARGIN)
    if abs(lat) > _POLAR and projection == "auto":
        return {"region": (0.0, 360.0, south, north), "projection": "north" if lat > 0.0 else "south"}
    width = min(170.0, _MARGIN / max(0.09, float(np.cos(np.radians(lat)))))
    return {"region": (lon - width, lon + width, south, north)}
