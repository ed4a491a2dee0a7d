"""``count``: tracks that begin in, end in or pass a cap; dates of tracks.

References
----------
Specification 06, section 3.4. Parity: bytes.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..arrays import F32, F64, I64
from ..calendar import hours, time_of
from ..errors import NotSupportedError
from ..kernels.sphere import HALF_PI, RAD
from ..model.times import NO_TIME, Times
from ..model.tracks import TrackSet
from ..model.variables import WEIGHT
from .call import Call
from .kept import of_tracks

PASSING_DATED, DATED = 3, 4
TIMES = "time.dat"


def nearness(lon: F32, lat: F32, centre: tuple[float, float], radius: float) -> F64:
    """Positive within a cap, 0 on its rim (float64): the cosine to the centre over that of the radius, less 1.

    Parameters
    ----------
    lon, lat : float32
        Degrees.
    centre : (float, float)
        Latitude and longitude.
    radius : float
        Degrees.
    """
    factor = 1.0 / math.cos(float(np.float32(radius)) * RAD)
    middle = _vector(np.float32(centre[1]), np.float32(centre[0]))
    found = np.empty(len(lon))
    for k in range(len(lon)):
        own = _vector(lon[k], lat[k])
        found[k] = factor * (middle[0] * own[0] + middle[1] * own[1] + middle[2] * own[2]) - 1.0
    return found


def _vector(lon: np.float32, lat: np.float32) -> tuple[float, float, float]:
    """Unit vector of a point, its angles rounded to float32."""
    phi, theta = float(np.float32(float(lon) * RAD)), float(np.float32(HALF_PI - float(lat) * RAD))
    sine = math.sin(theta)
    return sine * math.cos(phi), sine * math.sin(phi), math.cos(theta)


def codes_of(tracks: TrackSet, start: int, step: int) -> I64:
    """Date YYYYMMDDHH of every point, by TRACK's calendar: of the first by its frame, then counting missing ones."""
    ahead = np.concatenate([[0], np.cumsum(1 + tracks.missing_after.astype(np.int64))])[:-1]
    first = np.repeat(tracks.start[:-1], tracks.lengths)
    count = tracks.frame[first] - 1 + ahead - ahead[first]
    base = hours(start)
    distinct, place = np.unique(count, return_inverse=True)
    return np.array([time_of(base + step * n) for n in distinct.tolist()], np.int64)[place]


def with_dates(tracks: TrackSet, start: int, step: int) -> TrackSet:
    """Tracks with the dates of all points."""
    tracks = tracks.without_empty()
    codes = codes_of(tracks, start, step)
    return replace(tracks, time=Times(values=codes), start_time=Times(values=codes[tracks.start[:-1]]))


def dated_passing(tracks: TrackSet, near: F64, codes: I64) -> TrackSet:
    """Tracks that come into a cap, each with the date of its point nearest to the rim; points stay without dates."""
    starts = np.full(tracks.n_tracks, NO_TIME, np.int64)
    for k in range(tracks.n_tracks):
        own = near[tracks.start[k] : tracks.start[k + 1]].astype(np.float32)
        within = np.flatnonzero(near[tracks.start[k] : tracks.start[k + 1]] > 0)
        if len(within):
            starts[k] = codes[tracks.start[k] + within[np.argmin(own[within])]]
    kept = starts != NO_TIME
    return replace(tracks, start_time=Times(values=starts)).emptied(kept)


def run(call: Call) -> None:
    """``count FILE LAT LON RAD OPT NEG [START STEP]``."""
    call.check_count(6, 8)
    option, negated = call.integer(4, 0, 1, 2, 3, 4), call.integer(5, 0, 1) == 1
    if option >= PASSING_DATED:
        call.check_count(8)
    name = call.text(0)
    tracks = call.tracks(name)
    if tracks.variable(WEIGHT) is not None:
        raise NotSupportedError(
            "count: of a file with weights two questions are asked that nothing describes. `stormtrack select` and "
            "`stormtrack convert --start --step` do the same, weights included"
        )
    centre, radius = (call.real(1), call.real(2)), call.real(3)
    if option == DATED:
        call.write_tracks(f"{name}.new", with_dates(tracks, call.integer(6), call.integer(7)))
        return
    near = nearness(tracks.lon, tracks.lat, centre, radius)
    if option == PASSING_DATED:
        found = dated_passing(tracks, near, codes_of(tracks, call.integer(6), call.integer(7)))
        call.write_tracks(f"{name}.new", found)
        assert found.start_time is not None
        times = found.start_time.values[found.lengths > 0]
        call.write(TIMES, "".join(f"{time:10d}\n" for time in times.tolist()))
        return
    kept = of_tracks(tracks, near >= 0, option) != negated
    call.write_tracks(f"{name}.new", tracks.emptied(kept))
