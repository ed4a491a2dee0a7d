"""Sets of tracks drawn from a known distribution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stormtrack.model.dates import times_since
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import INTENSITY, Variable


def drawn(
    seed: object, number: int, *, shift: float = 0.0, strength: float = 0.0, points: int = 6, width: float = 30.0
) -> TrackSet:
    """Tracks that begin round 50 N between 0 and `width` degrees east and go east by 2 degrees a frame."""
    rng = np.random.default_rng(seed)  # type: ignore[arg-type]
    k = np.arange(points)
    lon = rng.uniform(0.0, width, number)[:, None] + 2.0 * k
    lat = (50.0 + shift + 5.0 * rng.standard_normal(number))[:, None] + 0.3 * k
    values = strength + rng.normal(5.0, 1.0, (number, 1)) + rng.normal(0.0, 0.5, (number, points))
    return TrackSet(
        track_id=np.arange(1, number + 1),
        start=offsets(np.full(number, points)),
        lon=lon.ravel().astype(np.float32) % np.float32(360),
        lat=np.clip(lat, -89, 89).ravel().astype(np.float32),
        variables=(Variable(name=INTENSITY, values=values.ravel().astype(np.float32), units="1e-5 s-1"),),
        frame=np.repeat(rng.integers(2, 200, number), points) + np.tile(k, number),
        missing_after=np.zeros(number * points, np.int32),
    )


def dated(tracks: TrackSet, calendar: str | None = None, step: int = 21600) -> TrackSet:
    """The tracks with dates from 1970-01-01 on."""
    return replace(tracks, time=times_since(step * tracks.frame, "1970-01-01 00:00", calendar))
