"""Which tracks belong together when sets are resampled: each by itself, or seasons, years, members as wholes."""

from __future__ import annotations

import numpy as np

from ..arrays import I64, Array
from ..errors import UserInputError, did_you_mean
from ..model.dates import calendar_named, seconds_of
from ..model.periods import KINDS, period_numbers
from ..model.tracks import SOURCE, TrackSet

TRACK = "track"
_LACKING = {SOURCE: " (several files that are put together have it, a single one has not)"}
_DATED = tuple(word for word, kind in KINDS.items() if kind.months)


def units_of_tracks(tracks: TrackSet, units: str, which: str) -> tuple[I64, int]:
    """Unit of each track, from 0 on, and how many there are.

    Parameters
    ----------
    tracks : TrackSet
        No emptied tracks.
    units : str
        ``"track"``; ``"month"``, ``"season"`` (DJF belongs to the year of its January) or ``"year"`` in which a track
        begins; or a label of tracks, such as ``"member"``.
    which : str
        What the set is called in errors.

    Raises
    ------
    UserInputError
        If the tracks have no such label, or no dates.
    """
    if units == TRACK:
        return np.arange(tracks.n_tracks), tracks.n_tracks
    if units in _DATED:
        keys: Array = _period(tracks, units, which)
    elif units in tracks.labels:
        keys = tracks.labels[units]
    else:
        known = [TRACK, *_DATED, *tracks.labels]
        why = _LACKING.get(units, did_you_mean(units, known))
        raise UserInputError(
            f"the unit '{units}': {which} has no label of this name{why}; allowed are {', '.join(known)}"
        )
    found, unit = np.unique(keys, return_inverse=True)
    return unit.astype(np.int64), len(found)


def _period(tracks: TrackSet, units: str, which: str) -> I64:
    """Number of the period in which each track begins."""
    if tracks.time is None or not tracks.time.known.all():
        raise UserInputError(
            f"the unit '{units}': {which} has no dates; give them (tracks.with_dates('2000-01-01 00', step='6h'), or "
            "--start and --step), or take the unit 'track' or a label"
        )
    return period_numbers(seconds_of(tracks.time)[tracks.start[:-1]], units, calendar_named(tracks.time.calendar))
