"""Points of tracks for composites: hours after an event of their track, direction of motion, which ones are meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..arrays import F64, Mask
from ..errors import TracksError
from ..model.steps import frames_counted
from ..model.tracks import TrackSet
from . import motion
from .dating import hours_long, known_seconds
from .life_cycle import EVENTS
from .points import first_points, last_points, peak_points, variable_named


def hours_after(data: TrackSet, event: str, by: str | None) -> F64:
    """Hours of each point after an event of its track: float64, shape (n_points,); NaN where there is none.

    Parameters
    ----------
    data : TrackSet
        With dates.
    event : {"maximum", "genesis", "lysis"}
    by : str, optional
        Variable of the maximum; None: the intensity.

    Raises
    ------
    TracksError
        Without dates, or for an unknown event.
    """
    if event not in EVENTS:
        raise TracksError(f"align='{event}': allowed are {', '.join(EVENTS)}")
    if event == "maximum":
        variable_named(data, by)
    of_track = {"genesis": first_points, "lysis": last_points}.get(event, lambda d: peak_points(d, by))(data)
    seconds = known_seconds(data, "composite")
    at = of_track[data.owner]
    hours: F64 = np.where(at >= 0, (seconds - seconds[np.maximum(at, 0)]) / 3600.0, np.nan)
    return hours


def headings(data: TrackSet) -> F64:
    """Direction of motion, degrees clockwise from north (central differences): NaN where a storm does not move."""
    dated = data.time is not None and bool(data.time.known.all())
    seconds = known_seconds(data, "direction") if dated else frames_counted(data)
    return motion.direction(data, seconds, "central")


def lags_given(lags: Any) -> list[float] | None:
    """Lags in hours, from numbers, texts and timedeltas, one or several.

    Raises
    ------
    TracksError
        If one is none of these.
    """
    if lags is None:
        return None
    several = isinstance(lags, Iterable) and not isinstance(lags, str)
    found = [hours_long(one, "lags") for one in (lags if several else [lags])]
    if not found:
        raise TracksError("lags: at least one is needed, such as [-24, 0, 24]")
    return found


def points_meant(data: TrackSet, where: Any) -> Mask:
    """The points that a mask of points, or of tracks, means; None: all.

    Raises
    ------
    TracksError
        If it is no such mask.
    """
    if where is None:
        return np.ones(data.n_points, np.bool_)
    mask = np.asarray(where)
    if mask.dtype != np.bool_ or mask.shape not in ((data.n_points,), (data.n_tracks,)):
        raise TracksError(
            f"where: a mask (bool) of the {data.n_points} points or of the {data.n_tracks} tracks is needed; found "
            f"{mask.dtype} of shape {mask.shape}"
        )
    return mask if mask.shape == (data.n_points,) else mask[data.owner]
