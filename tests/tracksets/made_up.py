"""Sets of made-up tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stormtrack.model.dates import times_since
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.tracksets import Tracks

SINCE = "2000-01-01 00:00:00"


def set_of(
    tracks: list[list[tuple[float, ...]]],
    *,
    names: tuple[str, ...] = ("vorticity",),
    calendar: str | None = None,
    dates: bool = True,
) -> Tracks:
    """Tracks of points (hour after 2000-01-01, lon, lat, values...); frames count steps of 6 hours."""
    points = np.array([point for track in tracks for point in track], np.float64).reshape(-1, 3 + len(names))
    hours = np.round(points[:, 0] * 3600).astype(np.int64)
    epoch = {"360_day": 30 * 360, "noleap": 30 * 365, "all_leap": 30 * 366}.get(calendar or "", 10957)
    values = tuple(Variable(name=n, values=points[:, 3 + k].astype(np.float32)) for k, n in enumerate(names))
    return Tracks(
        TrackSet(
            track_id=np.arange(1, len(tracks) + 1),
            start=offsets(np.array([len(track) for track in tracks], np.int64)),
            lon=points[:, 1].astype(np.float32),
            lat=points[:, 2].astype(np.float32),
            variables=values,
            frame=hours // 21600 + 1,
            missing_after=np.zeros(len(points), np.int32),
            time=times_since(hours + epoch * 86400, SINCE, calendar) if dates else None,
        )
    )


def storms(n_tracks: int, seed: int = 0, *, years: int = 1, length: int = 12) -> Tracks:
    """Random tracks, all over the globe, of `length` points on average, every 6 hours."""
    random = np.random.default_rng(seed)
    lengths = random.integers(2, 2 * length - 1, n_tracks)
    start = offsets(lengths)
    first = np.sort(random.integers(0, 1460 * years, n_tracks))
    number = np.arange(int(start[-1])) - np.repeat(start[:-1], lengths)
    moved = random.normal(0.0, 1.0, (2, int(start[-1])))
    lon, lat = random.uniform(0, 360, n_tracks), np.degrees(np.arcsin(random.uniform(-0.95, 0.95, n_tracks)))
    frame = np.repeat(first, lengths) + number
    values = random.uniform(1, 20, int(start[-1])).astype(np.float32)
    data = TrackSet(
        track_id=np.arange(1, n_tracks + 1),
        start=start,
        lon=((np.repeat(lon, lengths) + 2 * number + moved[0]) % 360).astype(np.float32),
        lat=np.clip(np.repeat(lat, lengths) + moved[1], -90, 90).astype(np.float32),
        variables=(Variable(name="vorticity", values=values, units="1e-5 s-1"),),
        frame=frame + 1,
        missing_after=np.zeros(len(frame), np.int32),
        time=times_since(10957 * 86400 + frame * 21600, SINCE, "standard"),
    )
    return Tracks(data)


def with_ids(tracks: Tracks, ids: list[int]) -> Tracks:
    return Tracks(replace(tracks.data, track_id=np.array(ids)))
