"""A small set of tracks with something of everything, for tests of formats."""

from __future__ import annotations

import numpy as np

from stormtrack.model.times import Times
from stormtrack.model.tracks import KIND, TrackSet, offsets
from stormtrack.model.variables import Variable

LENGTHS = (3, 4, 6)
FIRST_HOURS = (490_002, 490_008, 489_900)
"""Since 1970: in November 2025 of the standard calendar."""


def made_tracks(calendar: str = "standard") -> TrackSet:
    """Three tracks with six-hourly dates, two added fields (one with positions and missing values), labels.

    The second crosses the date line, the third Greenwich.
    """
    n = sum(LENGTHS)
    numbers = np.concatenate([np.arange(length) for length in LENGTHS])
    owner = np.repeat(np.arange(len(LENGTHS)), LENGTHS)
    draw = np.random.default_rng(3)
    lon = (np.array((20.3, 171.7, 344.1))[owner] + 7.3 * numbers) % 360
    lat = np.array((41.2, 35.5, -52.9))[owner] + 1.7 * numbers
    wind = (30 * draw.random(n)).astype(np.float32)
    gone = np.float32(1e25)
    place = np.where(numbers == 1, gone, lon.astype(np.float32) + np.float32(0.5))
    kind = np.empty(len(LENGTHS), object)
    kind[:] = ["NH_cyclones", "NH_cyclones", "SH_cyclones"]
    hours = np.array(FIRST_HOURS)[owner] + 6 * numbers
    return TrackSet(
        track_id=np.array([7, 3, 12]),
        start=offsets(np.array(LENGTHS)),
        lon=lon.astype(np.float32),
        lat=lat.astype(np.float32),
        variables=(
            Variable(name="intensity", values=(1 + 9 * draw.random(n)).astype(np.float32), units="1e-5 s-1"),
            Variable(name="mslp", values=(1e5 - 3e3 * draw.random(n)).astype(np.float32), units="Pa"),
            Variable(
                name="wind",
                values=np.where(numbers == 1, gone, wind),
                units="m s-1",
                lon=place,
                lat=np.where(numbers == 1, gone, lat.astype(np.float32)),
                missing_value=float(gone),
            ),
        ),
        frame=(hours - min(FIRST_HOURS)) // 6 + 1,
        missing_after=np.zeros(n, np.int32),
        time=Times(values=hours, units="hours since 1970-01-01 00:00:00", calendar=calendar),
        labels={KIND: kind, "member": np.array([1, 1, 2])},
        point_labels={"flag": np.arange(n)},
        attributes={"title": "made-up tracks"},
    )
