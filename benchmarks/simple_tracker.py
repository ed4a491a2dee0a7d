"""The simple tracker: a season at 2.5 degrees, and ten times more centres; processor seconds of one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from stormtrack.arrays import F32, F64
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.simple import CentreSettings, NearestSettings
from stormtrack.simple import detect, link

FRAMES, ROWS, COLUMNS = 360, 73, 144
WAVES = 12
"""Largest wave number of the fields, along circles and from pole to pole: some 100 lows in a frame."""
COUNTS = (100, 1000, 10_000, 100_000)
CENTRES = 60_000
"""Centres of all frames together of each count, so that all take time that can be measured."""
SEASON_ALLOWED, GROWTH_ALLOWED = 1.0, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """A season of fields.

    Attributes
    ----------
    centres, tracks : int
    detecting, linking : float
        CPU seconds.
    """

    centres: int
    tracks: int
    detecting: float
    linking: float

    @property
    def cpu(self) -> float:
        """Both stages."""
        return self.detecting + self.linking


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """CPU seconds of linking one frame to the next, with so many centres in each."""

    centres: int
    cpu: float


def fields_of_season(frames: int) -> F32:
    """Waves that travel eastwards at many speeds: float32, shape (frames, rows, columns), Pa."""
    random = np.random.default_rng(5)
    lon, lat = np.radians(np.arange(COLUMNS) * 2.5), np.radians(np.linspace(-90.0, 90.0, ROWS))
    out = np.zeros((frames, ROWS, COLUMNS))
    for m in range(1, WAVES + 1):
        for n in range(1, WAVES + 1):
            size, phase, speed = random.normal(), random.uniform(0, 2 * np.pi), random.uniform(0.01, 0.08)
            north = np.cos(lat) ** 2 * np.sin(n * lat + random.uniform(0, 2 * np.pi))
            east = np.cos(m * (lon - speed * np.arange(frames)[:, None]) + phase)
            out += size * north[:, None] * east[:, None, :]
    return (101_000.0 + 300.0 * out).astype(np.float32)


def centres_of_frames(count: int, frames: int) -> Features:
    """As many points everywhere on the sphere in each frame, which move by a third of what lies between them."""
    random = np.random.default_rng(count)
    z, theta = random.uniform(-1.0, 1.0, count), random.uniform(0.0, 2 * np.pi, count)
    points: F64 = np.stack([*(np.sqrt(1 - z * z) * part for part in (np.cos(theta), np.sin(theta))), z], axis=1)
    lon, lat = [], []
    for _ in range(frames):
        points = points + random.normal(0.0, 1.2 / np.sqrt(count) / np.sqrt(3.0), points.shape)
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        lon.append(np.degrees(np.arctan2(points[:, 1], points[:, 0])) % 360.0)
        lat.append(np.degrees(np.arcsin(points[:, 2])))
    x, y = (np.concatenate(part).astype(np.float32) for part in (lon, lat))
    return features_of_points(frame_start=np.arange(frames + 1) * count, x=x, y=y, intensity=x)


def _timed(action: Callable[[], object], repeat: int) -> float:
    seconds = []
    for _ in range(repeat):
        start = process_time()
        action()
        seconds.append(process_time() - start)
    return median(seconds)


def measure_season(repeat: int) -> Season:
    """Detection and linking, after start-up."""
    fields, lows, nearest = fields_of_season(FRAMES), CentreSettings(sign="min"), NearestSettings()
    lon, lat = np.arange(COLUMNS) * 2.5, np.linspace(-90.0, 90.0, ROWS)
    found = detect(fields, lon, lat, lows, periodic=True)
    tracks = link(found, nearest)
    return Season(
        centres=found.n_features,
        tracks=tracks.n_tracks,
        detecting=_timed(lambda: detect(fields, lon, lat, lows, periodic=True), repeat),
        linking=_timed(lambda: link(found, nearest), repeat),
    )


def measure_growth(repeat: int) -> list[Growth]:
    """Linking of frames with more and more centres."""
    found = []
    for count in COUNTS:
        frames = max(3, CENTRES // count)
        features = centres_of_frames(count, frames)
        cpu = _timed(lambda features=features: link(features, NearestSettings()), repeat)  # type: ignore[misc]
        found.append(Growth(centres=count, cpu=cpu / (frames - 1)))
    return found


def table(season: Season, growth: list[Growth]) -> str:
    """The results in Markdown."""
    verdict = "reached" if season.cpu <= SEASON_ALLOWED else "not reached"
    lines = [
        f"A season ({FRAMES} frames of {ROWS} x {COLUMNS}, {season.centres} centres, {season.tracks} tracks): "
        f"{season.detecting:.3f} CPU s for detection, {season.linking:.3f} for linking (target {SEASON_ALLOWED:g} "
        f"together: {verdict}).",
        "",
        "| centres of a frame | linking a frame, CPU ms | ten times more cost |",
        "|---|---|---|",
    ]
    factors = [b.cpu / a.cpu for a, b in pairwise(growth)]
    for one, factor in zip(growth, ["", *(f"{f:.1f} times" for f in factors)], strict=True):
        lines.append(f"| {one.centres} | {1e3 * one.cpu:.2f} | {factor} |")
    reached = "reached" if max(factors) <= GROWTH_ALLOWED else "not reached"
    return "\n".join([*lines, "", f"Target: {GROWTH_ALLOWED:g} times at most: {reached}."])


def run_simple_tracker(repeat: int, target: Path | None) -> int:
    """The command: measures and prints; 0."""
    season, growth = measure_season(repeat), measure_growth(repeat)
    if target is not None:
        results = {"season": asdict(season), "growth": [asdict(one) for one in growth]}
        target.write_text(json.dumps(results, indent=1) + "\n")
    print(table(season, growth))
    return 0
