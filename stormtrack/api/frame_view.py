"""One frame as detection sees it, for finding out why a storm was or was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.looking import Look
from ..errors import FieldError, NotSupportedError, UserInputError, did_you_mean
from ..formats.moments import from_texts, to_texts
from ..maps.choosing import map_options
from ..maps.detection import detection_map
from ..model.dates import seconds_of
from ..model.times import Times
from ..recipes.looking import look_at_frame
from ..run.report import Report
from ..settings.engines import ON_DEVICE
from ..settings.recipe import Recipe
from ..trackers import HodgesTracker
from ..trackers.files import only_series
from .detected import DetectedFeatures
from .frame_drawing import around, drawn
from .frame_words import columns, told, told_near
from .given import Given, opened
from .plans import recipe_of
from .reporting import PythonReport

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        rows = [told(name, one, self.recipe.quantity.units) for name, one in self.searches.items()]
        return "\n".join([f"frame {self.frame}{', ' if self.time else ''}{self.time}", *rows])

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
        return pandas.concat([pandas.DataFrame(columns(name, one)) for name, one in self.searches.items()])

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
        return told_near(self._one(search), (lon, lat), self.recipe.quantity.units)

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
            options = {**options, **around(*near, options.get("projection", "auto"))}
        name = search or next(iter(self.searches))
        date = self.time.replace("T", " ").removesuffix(":00")
        title = f"frame {self.frame}{', ' if date else ''}{date}: {name} ({self.recipe.name})"
        return detection_map(drawn(seen, self.recipe.quantity.units, title), map_options(options))

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
        With the engines on a device, ``"jax"`` and ``"jax-float32"``.

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
    if tracker.engine in ON_DEVICE:
        raise NotSupportedError(
            f"engine={tracker.engine!r} filters and searches in batches on the device, which shows nothing on the "
            "way; look at the frame with engine='fast', which has its features but for rounding"
        )
    recipe = tracker.followed
    with opened(given, report, recipe.levels) as arrays:
        field = only_series(arrays, max(1, len(recipe.levels)), "a frame is of one")
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
    wanted = seconds_of(from_texts([text], calendar=times.calendar))[0]
    places = np.flatnonzero(seconds_of(times) == wanted)
    if not len(places):
        first, last = to_texts(times.take(np.array([0, -1])))
        raise FieldError(f"there is no frame of {text}; there are {len(times)} from {first} to {last}")
    return int(places[0])
