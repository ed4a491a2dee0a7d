"""Special points of tracks: the first, the last, the strongest."""

from __future__ import annotations

import numpy as np

from ..arrays import I64
from ..errors import UnknownNameError, did_you_mean
from ..model.strength import intensity, strengths
from ..model.tracks import TrackSet
from ..model.variables import Variable


def variable_named(data: TrackSet, name: str | None) -> Variable:
    """A variable by its name; None is the intensity.

    Raises
    ------
    UnknownNameError
        If there is none; names the nearest.
    """
    if name is None:
        return intensity(data)
    found = data.variable(name)
    if found is None:
        names = [v.name for v in data.variables]
        meant = did_you_mean(name, names)
        raise UnknownNameError(f"the tracks have no variable '{name}'{meant}; there are {', '.join(names)}")
    return found


def peak_points(data: TrackSet, by: str | None = None) -> I64:
    """Index of the strongest point of each track, the first of several; -1 where no value is known.

    Parameters
    ----------
    data : TrackSet
    by : str, optional
        Variable; None: the first.

    Returns
    -------
    int64, shape (n_tracks,)
    """
    strength = strengths(variable_named(data, by))
    found = np.full(data.n_tracks, -1, np.int64)
    filled = np.flatnonzero(data.lengths)
    if not len(filled):
        return found
    most = np.full(data.n_tracks, -np.inf)
    most[filled] = np.maximum.reduceat(strength, data.start[:-1][filled])
    owner = data.owner
    equal = np.flatnonzero((strength == most[owner]) & (strength > -np.inf))
    tracks, first = np.unique(owner[equal], return_index=True)
    found[tracks] = equal[first]
    return found


def first_points(data: TrackSet) -> I64:
    """Index of the first point of each track; -1 of a track without points."""
    return np.where(data.lengths > 0, data.start[:-1], -1)


def last_points(data: TrackSet) -> I64:
    """Index of the last point of each track; -1 of a track without points."""
    return np.where(data.lengths > 0, data.start[1:] - 1, -1)


def one_point_each(data: TrackSet, points: I64) -> TrackSet:
    """Tracks of one point each; those whose index is -1 are left out."""
    kept = points >= 0
    chosen = data.of_tracks(kept)
    before = (points - data.start[:-1])[kept] + chosen.start[:-1]
    return chosen.take(before, np.arange(chosen.n_tracks + 1, dtype=np.int64))
