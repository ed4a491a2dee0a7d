"""Tracks of the centres of a series: nearest neighbours from each frame to the next.

References
----------
Specification 07, section 1, linking. Parity: == with the plain form in ``tests/naive/simple.py``.
"""

from __future__ import annotations

import itertools

import numpy as np

from ..arrays import I64, Mask
from ..errors import LinkError, UserInputError
from ..model.features import Features
from ..model.tracks import TrackSet, offsets
from ..settings.simple import NearestSettings
from .matching import Points, match


def link(features: Features, settings: NearestSettings) -> TrackSet:
    """Tracks of features.

    Parameters
    ----------
    features : Features
        Of all frames, with longitudes and latitudes in degrees.
    settings : NearestSettings

    Returns
    -------
    TrackSet
        Of one point or more each, numbered 1, 2, ... in the order in which they begin, and in one frame by latitude,
        then longitude of their first points. Every feature belongs to one track.

    Raises
    ------
    UserInputError
        For settings that are not allowed.
    LinkError
        If positions are no longitudes and latitudes, or times cannot be subtracted or do not increase.
    MissingPackageError
        If SciPy is not installed.

    Notes
    -----
    Without times, frames are one interval apart, and those between which `features.missing_after` says that frames are
    missing so much more.

    References
    ----------
    Specification 07, section 1.

    Examples
    --------
    >>> import numpy as np
    >>> from stormtrack.model.features import features_of_points
    >>> from stormtrack.settings.simple import NearestSettings
    >>> from stormtrack.simple import link
    >>> x, y, depth = (np.array(v, "f4") for v in ([10, 12, 200, 14], [50, 51, -40, 52], [980, 975, 990, 970]))
    >>> lows = features_of_points(frame_start=np.array([0, 1, 3, 4]), x=x, y=y, intensity=depth)
    >>> tracks = link(lows, NearestSettings())
    >>> tracks.n_tracks, tracks.lengths.tolist(), tracks.lon.tolist()
    (2, [3, 1], [10.0, 12.0, 14.0, 200.0])
    """
    _check(features, settings)
    order = np.lexsort((features.x, features.y, features.frame_index))
    points = Points(lon=features.x[order].astype(np.float64), lat=features.y[order].astype(np.float64))
    before = _predecessors(points, features.frame_start, _goes_on(features, settings), settings)
    track = _track_of(before, features.frame_start)
    by_track = np.argsort(track, kind="stable")
    lengths = np.bincount(track)
    return _track_set(features, order[by_track], lengths)


def _check(features: Features, settings: NearestSettings) -> None:
    for name, value, least in (
        ("distance_km", settings.distance_km, 0.0),
        ("earth_radius_km", settings.earth_radius_km, 0.0),
        ("longest_step", settings.longest_step, np.nextafter(1.0, 0.0)),
    ):
        if not value > least:
            allowed = "1 or more" if name == "longest_step" else "a number above 0"
            raise UserInputError(f"{name}: {value:g}; allowed: {allowed}")
    if features.on_nodes or not features.projection.is_geographic:
        raise LinkError("positions on a map or of grid nodes cannot be linked by distances on the sphere")
    if not (np.isfinite(features.x).all() and np.isfinite(features.y).all()):
        raise LinkError("positions of features hold NaN or infinite values")
    if features.time is not None and (features.time.is_coded or not features.time.known.all()):
        raise LinkError("times of frames have to be numbers of a unit since a date, so that they can be subtracted")


def _goes_on(features: Features, settings: NearestSettings) -> Mask:
    """Whether tracks may go on from each frame to the next: bool, shape (n_frames - 1,)."""
    if features.time is None:
        step = features.missing_after[:-1].astype(np.int64) + 1
        first = 1
    else:
        step = np.diff(features.time.values)
        first = int(step[0]) if len(step) else 1
        if (step <= 0).any():
            late = int(np.argmax(step <= 0)) + 2
            raise LinkError(
                f"times of frames have to increase; that of frame {late} does not lie after that of {late - 1}"
            )
    goes_on: Mask = step <= settings.longest_step * first
    return goes_on


def _predecessors(points: Points, start: I64, goes_on: Mask, settings: NearestSettings) -> I64:
    """The point of the frame before that each point follows, -1 where a track begins: int64, shape (n_points,)."""
    found = np.full(len(points), -1)
    for k in np.flatnonzero(goes_on):
        first, middle, end = (int(start[k + i]) for i in range(3))
        earlier, later = (Points(lon=points.lon[a:b], lat=points.lat[a:b]) for a, b in ((first, middle), (middle, end)))
        pairs = match(earlier, later, settings)
        found[middle:end] = np.where(pairs >= 0, pairs + first, -1)
    return found


def _track_of(before: I64, start: I64) -> I64:
    """Number (from 0) of each point's track."""
    begins = before < 0
    track = np.where(begins, np.cumsum(begins) - 1, -1)
    for first, end in itertools.pairwise(start):
        own = slice(int(first), int(end))
        track[own] = np.where(begins[own], track[own], track[before[own]])  # before: in the frame before, or -1
    return track


def _track_set(features: Features, points: I64, lengths: I64) -> TrackSet:
    """The tracks whose points, one track after another, are these features."""
    frame = features.frame_index[points]
    missing = features.missing_after[frame].astype(np.int32)
    start = offsets(lengths)
    missing[start[1:] - 1] = 0  # nothing comes behind a last point
    return TrackSet(
        track_id=np.arange(1, len(lengths) + 1),
        start=start,
        lon=features.x[points],
        lat=features.y[points],
        variables=tuple(v.take(points) for v in features.variables),
        frame=features.frame[frame],
        missing_after=missing,
        time=None if features.time is None else features.time.take(frame),
    )
