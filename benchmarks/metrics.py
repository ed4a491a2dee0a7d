"""Metrics of synthetic tracks at 1 degree: ATA of a season in this process, of 40 years month by month as a command."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

import numpy as np

from stormtrack.functions.track_metrics import metrics
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.tracksets import Tracks

from .measure import run_measured

SEASON, DAYS = 2934, 90
"""Tracks of a season, of 23 500 points."""
STEP = 21600
SEASON_TARGETS = (0.3, 0.1)
YEARS_TARGETS = (60.0, 20.0)
MEMORY_TARGET = 200e6 / 1024**2
"""MiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsResult:
    """What was measured.

    Attributes
    ----------
    tracks, points : int
        Of the season.
    season : mapping of float
        CPU seconds by what was computed, the least of the repetitions.
    years : int
    years_cpu, years_mib : float
        Of the whole command, start-up, reading and writing included.
    """

    tracks: int
    points: int
    season: dict[str, float]
    years: int
    years_cpu: float
    years_mib: float


def synthetic(tracks: int, days: float, seed: int) -> TrackSet:
    """Six-hourly tracks of 2 to 14 points along the storm tracks of both hemispheres, with amplitudes from 1 to 9."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 15, tracks)
    start = offsets(lengths)
    number = np.arange(start[-1]) - np.repeat(start[:-1], lengths)

    def of_points(of_tracks: np.ndarray) -> np.ndarray:
        return np.repeat(of_tracks, lengths)

    first = of_points(np.sort(rng.integers(0, int(days * 4), tracks)))
    lat = of_points(rng.normal(45, 12, tracks) * rng.choice([-1, 1], tracks))
    lat = lat + number * of_points(rng.normal(0.4, 0.6, tracks))
    lon = of_points(rng.uniform(0, 360, tracks)) + number * of_points(rng.normal(2.5, 1.5, tracks))
    amplitude = rng.uniform(1, 9, len(number)).astype(np.float32)
    return TrackSet(
        track_id=np.arange(1, tracks + 1),
        start=start,
        lon=(lon % 360.0).astype(np.float32),
        lat=lat.clip(-90.0, 90.0).astype(np.float32),
        frame=first + number + 1,
        missing_after=np.zeros(len(number), np.int32),
        variables=(Variable(name="vorticity", values=amplitude, units="1e-5 s-1"),),
        time=Times(values=(first + number) * STEP, units="seconds since 1970-01-01 00:00:00"),
    )


def measure(years: int, repeat: int, folder: Path) -> MetricsResult:
    """Measure both."""
    season = synthetic(SEASON, DAYS, seed=1)
    wanted = {
        "ATA": ("ATA", {}),
        "ATA, linear kernel": ("ATA", {"kernel": "linear"}),
        "ATA, great circle": ("ATA", {"geometry": "great-circle"}),
        "ATA, exact": ("ATA", {"geometry": "exact"}),
        "CF, ACA, CA, TF, ATA": (("CF", "ACA", "CA", "TF", "ATA"), {}),
    }
    took: dict[str, float] = {}
    for name, (names, choices) in wanted.items():
        for _ in range(repeat):
            begin = process_time()
            metrics(season, names, 1.0, **choices)
            took[name] = min(took.get(name, np.inf), process_time() - begin)
    Tracks(synthetic(SEASON * years, 365.25 * years, seed=2)).write(folder / "tracks.nc")
    options = ["--grid", "1", "--by", "month", "-o", "ata.nc"]
    command = [sys.executable, "-m", "stormtrack.cli.main", "metrics", "ata", "tracks.nc", *options]
    used = run_measured(command, "", folder)
    return MetricsResult(
        tracks=season.n_tracks,
        points=season.n_points,
        season=took,
        years=years,
        years_cpu=used.cpu,
        years_mib=used.peak_mib,
    )


def _against(value: float, targets: tuple[float, float]) -> str:
    word = "not reached" if value > targets[0] else "target reached" if value > targets[1] else "stretch reached"
    return f"target {targets[0]:g}, reach {targets[1]:g}: {word}"


def run_metrics(years: int, repeat: int, folder: Path, target: Path | None) -> int:
    """The command: measures and prints; 0."""
    result = measure(years, repeat, folder)
    if target is not None:
        target.write_text(json.dumps(asdict(result), indent=1) + "\n")
    print(f"1 degree, {result.tracks} tracks, {result.points} points; CPU s:")
    for name, seconds in result.season.items():
        print(f"  {name}: {seconds:.3f}" + (f" ({_against(seconds, SEASON_TARGETS)})" if name == "ATA" else ""))
    print(f"{years} years of such tracks, ATA month by month, the whole command: {result.years_cpu:.1f} CPU s")
    if years == 40:
        print(f"  {_against(result.years_cpu, YEARS_TARGETS)}")
        word = "reached" if result.years_mib <= MEMORY_TARGET else "not reached"
        print(f"  peak {result.years_mib:.0f} MiB (target {MEMORY_TARGET:.0f}: {word})")
    return 0
