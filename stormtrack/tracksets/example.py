"""Three made-up tracks for examples and tests."""

from __future__ import annotations

import numpy as np

from ..model.dates import seconds_of, times_since
from ..model.times import Times
from ..model.tracks import TrackSet, offsets
from ..model.variables import Variable
from .tracks import Tracks


def tracks(*, dates: bool = True, calendar: str | None = None) -> Tracks:
    """Three tracks of 5, 6 and 2 points, every 6 hours, with a vorticity in 1e-5 s-1.

    Parameters
    ----------
    dates : bool
        With dates (from 2000-01-01 00:00 on), or frame numbers only.
    calendar : str, optional
        CF name.
    """
    lengths, first = np.array([5, 6, 2]), np.array([1, 5, 29])
    start = offsets(lengths)
    number = np.arange(13) - np.repeat(start[:-1], lengths)
    frame = np.repeat(first, lengths) + number
    lon = np.repeat([10.0, 165.0, 300.0], lengths) + np.repeat([3.0, 4.0, 5.0], lengths) * number
    lat = np.repeat([40.0, 30.0, -50.0], lengths) + number
    strength = np.array([2, 4, 6, 5, 3, 1, 2, 3, 2, 1, 1, 2, 1])
    begin = int(seconds_of(Times(values=np.array([2000010100]), calendar=calendar))[0])
    time = times_since(begin + 21600 * (frame - 1), "2000-01-01 00:00", calendar)
    data = TrackSet(
        track_id=np.array([1, 2, 3]),
        start=start,
        lon=lon.astype(np.float32),
        lat=lat.astype(np.float32),
        variables=(Variable(name="vorticity", values=strength.astype(np.float32), units="1e-5 s-1"),),
        frame=frame,
        missing_after=np.zeros(13, np.int32),
        time=time if dates else None,
    )
    return Tracks(data)
