"""`combine`: several sets put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..errors import TracksError
from .combining import Ids, combined
from .tracks import Tracks


def combine(
    sets: Iterable[Tracks],
    *,
    ids: Ids = "keep",
    variables: Literal["common", "all"] = "common",
    once: bool = True,
) -> Tracks:
    """Several sets put together, in their order, times on one axis.

    Parameters
    ----------
    sets : iterable of Tracks
        With dates (of one calendar, in any units), or all with frame numbers only.
    ids : {"keep", "renumber"}
        As they are, or 1, 2, ...; labels then say from which set a track came (``source``, counted from 1) and the id
        that it had there (``source_id``).
    variables : {"common", "all"}
        Those that all sets have, or all, with missing values where a set has none.
    once : bool
        Tracks with dates that two sets share count once: those that both have, and those that are cut where one file
        ends and the other begins, if the files overlap by one frame or more. Two tracks are one if they have a time
        in common, all points at common times are equal bit by bit (position and first value), and neither has further
        points in the stretch that both cover.

    Returns
    -------
    Tracks

    Raises
    ------
    TracksError
        If calendars differ, or only some sets have dates.

    Examples
    --------
    >>> import stormtrack.tracksets.example as example
    >>> tracks = example.tracks()
    >>> december = tracks.select(time=(None, "2000-01-02 00"), cut=True)
    >>> january = tracks.select(time=("2000-01-02 00", None), cut=True)
    >>> combine([december, january]).n_tracks, combine([december, january], once=False).n_tracks
    (3, 5)
    """
    given = list(sets)
    for one in given:
        if not isinstance(one, Tracks):
            raise TracksError(f"combine: {one!r} is no set of tracks; files are read with stormtrack.read_tracks")
    return Tracks(combined([one.data for one in given], ids, variables, once))
