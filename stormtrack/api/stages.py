"""Tracking stage by stage: features of fields, tracks of features, one set of several stretches.

References
----------
Specification 02, 04. Parity: bitwise, as the drop-in run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..backends.choice import wanted_of
from ..core import Linked
from ..core import link as link_features
from ..core import splice as splice_linked
from ..errors import UserInputError
from ..model.dates import calendar_named, seconds_of, times_like
from ..model.features import Features
from ..model.times import Times
from ..model.tracks import TrackSet
from ..recipes.grouping import Group, one_set
from ..recipes.run import find_features
from ..run.report import Report
from ..settings.linking import LinkSettings
from ..settings.recipe import Recipe
from ..settings.splice import TrackFilters
from ..trackers import HodgesTracker
from ..trackers.files import only_series
from ..tracksets.tracks import Tracks
from .detected import DetectedFeatures
from .given import Given, opened
from .plans import recipe_of
from .reporting import Progress, PythonReport


def detect(
    fields: Any,
    plan: Any,
    *,
    variable: str | None = None,
    winds: Sequence[str] | None = None,
    coordinates: Mapping[str, Any] | None = None,
    opening: Mapping[str, Any] | None = None,
    engine: str = "track",
    threads: int = 1,
    backend: Any = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> DetectedFeatures:
    """Features of every frame: filtered, searched, refined, not yet linked.

    Parameters
    ----------
    fields, plan, variable, winds, coordinates, opening, engine, threads, backend, workers, progress
        As those of `stormtrack.track`; of one field (not of several members).

    Returns
    -------
    DetectedFeatures

    Raises
    ------
    UserInputError
        For fields or plans that cannot be used.

    Examples
    --------
    >>> import stormtrack as st
    >>> features = st.detect(st.sample_field(), st.presets.vorticity_nh_t42())
    >>> features.n_frames
    10
    >>> tracks = st.link(features)

    References
    ----------
    Specification 02. Parity: bitwise.
    """
    given = Given(fields=fields, variable=variable, winds=winds, coordinates=coordinates or {}, opening=opening or {})
    tracker = HodgesTracker(recipe=recipe_of(plan), engine=engine, threads=threads, workers=wanted_of(backend, workers))
    return detected(given, tracker, PythonReport(progress))


def detected(given: Given, tracker: HodgesTracker, report: Report) -> DetectedFeatures:
    """`detect` as a tracker would, told to a report."""
    recipe = tracker.followed
    with opened(given, report, recipe.levels) as arrays:
        field = only_series(arrays, max(1, len(recipe.levels)), "features are those of one")
        inputs, factor = tracker.input_of(field), tracker.factor_of(field, report)
        with tracker.opened_workers(field, report) as backend:
            found = find_features(inputs, recipe, factor, report, times=field.times, backend=backend)
    names = [search.name for search in recipe.searches]
    return DetectedFeatures(searches=dict(zip(names, found, strict=True)), recipe=recipe, units=recipe.quantity.units)


def link(features: DetectedFeatures, settings: LinkSettings | Recipe | str | None = None) -> Tracks:
    """Tracks of features.

    Parameters
    ----------
    features : DetectedFeatures
        Of `detect`, or read from a file.
    settings : LinkSettings, Recipe or name of a preset, optional
        How they are linked; by default as the recipe that found them says.

    Returns
    -------
    Tracks
        Of all searches, with a label ``kind``.

    Raises
    ------
    UserInputError
        If it is not said how, or there are too few frames.

    Examples
    --------
    >>> import stormtrack as st
    >>> preset = st.presets.vorticity_nh_t42()
    >>> st.link(st.detect(st.sample_field(), preset)) == st.track(st.sample_field(), preset)
    True

    References
    ----------
    Specification 04, sections 4 to 8; Hodges (1994, 1999). Parity: bitwise.
    """
    if not isinstance(features, DetectedFeatures):
        raise UserInputError(
            f"{type(features).__name__} is not what detect gives; features of a file come from stormtrack.read_detected"
        )
    linking = _linking(features, settings)
    return _together(
        {name: _dated(link_features(one, linking).tracks, one.time) for name, one in features.searches.items()},
        features.units,
    )


def splice(
    parts: Sequence[DetectedFeatures],
    settings: LinkSettings | Recipe | str | None = None,
    *,
    first_frames: Sequence[int] | None = None,
    matching: bool = True,
    filters: TrackFilters | None = None,
) -> Tracks:
    """One set of tracks of stretches of a series that were detected one by one; each is linked, then they are joined.

    Parameters
    ----------
    parts : sequence of DetectedFeatures
        In the order of time, of the same searches. Overlapping parts are joined as TRACK's chunks are.
    settings : LinkSettings, Recipe or name of a preset, optional
        As that of `link`.
    first_frames : sequence of int, optional
        First frame (1-based) of each part that is used; by default 1.
    matching : bool
        Tracks that end in the last frame of a part go on with those that begin at the same place in the next, which
        therefore has to begin with that frame.
    filters : TrackFilters, optional
        Which tracks are kept.

    Returns
    -------
    Tracks

    Raises
    ------
    UserInputError
        If there are no parts, they are of other searches, or cannot be joined.

    Examples
    --------
    >>> import stormtrack as st
    >>> field, preset = st.sample_field(), st.presets.vorticity_nh_t42()
    >>> first, second = (st.detect(field.isel(time=part), preset) for part in (slice(0, 6), slice(5, 10)))
    >>> st.splice([first, second]).n_tracks > 0
    True

    References
    ----------
    Specification 01, section 13; 04, sections 10 to 12. Parity: bitwise.
    """
    if not parts:
        raise UserInputError("splice needs at least one part")
    names = list(parts[0].searches)
    if any(list(part.searches) != names for part in parts):
        raise UserInputError("the parts are of different searches: " + "; ".join(", ".join(p.searches) for p in parts))
    linking = _linking(parts[0], settings)
    found = {}
    for name in names:
        linked: list[Linked] = [link_features(one, linking) for one in _on_one_axis([part[name] for part in parts])]
        tracks = splice_linked(linked, first_frames=first_frames, matching=matching, filters=filters)
        found[name] = tracks.without_empty()
    return _together(found, parts[0].units)


def _on_one_axis(parts: list[Features]) -> list[Features]:
    """The same with times in the units of the first, so that they can be put together.

    Raises
    ------
    UserInputError
        If some parts have dates and others none, or dates of other calendars.
    """
    times = [part.time for part in parts]
    first = times[0]
    if any((one is None) != (first is None) for one in times):
        raise UserInputError("some parts have dates and others have none")
    if first is None:
        return parts
    calendars = {calendar_named(one.calendar) for one in times if one is not None}
    if len(calendars) > 1:
        raise UserInputError(f"the parts have dates of several calendars: {', '.join(sorted(calendars))}")
    seconds = [seconds_of(one) for one in times if one is not None]
    joined = times_like(np.concatenate(seconds), first)
    ends = np.cumsum([len(one) for one in seconds])
    return [
        replace(part, time=joined.take(slice(int(end) - len(own), int(end))))
        for part, own, end in zip(parts, seconds, ends, strict=True)
    ]


def _linking(features: DetectedFeatures, settings: LinkSettings | Recipe | str | None) -> LinkSettings:
    if isinstance(settings, LinkSettings):
        return settings
    recipe = features.recipe if settings is None else recipe_of(settings)
    if recipe is None:
        raise UserInputError("the features do not say how they are linked: name a preset, a Recipe or LinkSettings")
    return recipe.linking


def _dated(tracks: TrackSet, times: Times | None) -> TrackSet:
    return tracks if times is None else replace(tracks, time=times.take(tracks.frame - 1))


def _together(found: dict[str, TrackSet], units: str) -> Tracks:
    """Tracks of all searches as one set, with their names as a label."""
    return Tracks(one_set([Group(name=name, tracks=tracks) for name, tracks in found.items()], units))
