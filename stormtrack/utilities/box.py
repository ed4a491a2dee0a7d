"""``box``: tracks that begin in, end in or pass a box of longitudes and latitudes.

References
----------
Specification 06, section 3.4. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, Mask
from ..errors import NotSupportedError
from ..model.tracks import TrackSet
from ..model.variables import added_fields
from .call import Call
from .kept import ANY, of_tracks

Box = tuple[float, float, float, float]
"""South, north, west, east."""


def inside(lon: F32, lat: F32, box: Box) -> Mask:
    """Which points (float32 degrees) lie in a box; one whose east lies west of its west holds Greenwich."""
    south, north, west, east = map(np.float32, box)
    found = (north - lat) * (lat - south) >= 0
    if east >= west:
        return np.asarray(found & ((east - lon) * (lon - west) >= 0), np.bool_)
    beyond = (360.0 - lon.astype(np.float64)) * (lon - west).astype(np.float64) >= 0
    return np.asarray(found & (beyond | ((east - lon) * lon >= 0)), np.bool_)


def in_box(tracks: TrackSet, box: Box, option: int, least: float, *, negated: bool) -> Mask:
    """Which tracks are kept.

    Parameters
    ----------
    tracks : TrackSet
    box : Box
    option : {0, 1, 2}
        By their first, last or any point.
    least : float
        With option 2 the part of the points in the box has to be more than this, also if `negated`.
    negated : bool
        Keep the others.
    """
    points = inside(tracks.lon, tracks.lat, box)
    kept: Mask = of_tracks(tracks, points, option) != negated
    if option != ANY:
        return kept
    count = np.bincount(tracks.owner[points], minlength=tracks.n_tracks).astype(np.float32)
    part = count / np.maximum(tracks.lengths, 1).astype(np.float32)
    return np.asarray(kept & (part > np.float32(least)), np.bool_)


def run(call: Call) -> None:
    """``box FILE LAT1 LAT2 LON1 LON2 OPT NEG [THRESH]``."""
    call.check_count(7, 8)
    option = call.integer(5)
    if option not in (0, 1, 2):
        raise NotSupportedError(
            f"box OPT {option}: TRACK's box passes no time step to its dates, so that 3 and 4 have no defined result. "
            "Use count for dates; OPT is 0, 1 or 2"
        )
    box = (call.real(1), call.real(2), call.real(3), call.real(4))
    negated = call.integer(6, 0, 1) == 1
    least = call.real(7) if len(call.arguments) > 7 else 0.0
    name = call.text(0)
    tracks = call.tracks(name)
    if added_fields(tracks.variables) and call.answers.read("c").value == "y":
        raise NotSupportedError(
            "box: what is asked and written for histograms of added fields is not described; answer n"
        )
    call.write_tracks(f"{name}.new", tracks.emptied(in_box(tracks, box, option, least, negated=negated)))
