"""How linking alone grows: with the features of a frame (area fixed, density fixed), and with the frames (also with the
zones and adaptive bounds of TRACK's standard files).

Each measurement is a process of its own that gets features, links them and tells processor seconds and peak memory.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from stormtrack.model.features import Features

from .dense import Dense, dense_features
from .measure import environment
from .random_fields import Maxima, Spectrum, features_of, series_of_maxima

AREA_FIXED = (194, 619, 1213, 1962, 2997)
PARTS = (0.125, 0.25, 0.5, 1.0)
LENGTHS = (1460, 14600, 58440)
SPARSE = 70
_LINK = """
import sys, time
import numpy as np
from benchmarks.dense import usual_limits
from stormtrack.linking.driver import link
from stormtrack.recipes.presets import STANDARD_LINKING
from stormtrack.model.features import features_of_points
with np.load(sys.argv[1]) as given:
    features = features_of_points(**given)
begun = time.process_time()
done = link(features, STANDARD_LINKING if sys.argv[2] == "standard" else usual_limits())
cpu = time.process_time() - begun
counts = sum(s.sweeps for s in done.series), sum(s.exchanges for s in done.series)
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(cpu, peak / 1024.0, *counts)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Linking of one series.

    Attributes
    ----------
    what : str
    features, frames : int
        In all.
    cpu, peak_mib : float
        Of linking; of the whole process.
    sweeps, exchanges : int
    """

    what: str
    features: int
    frames: int
    cpu: float
    peak_mib: float
    sweeps: int
    exchanges: int

    @property
    def per_frame(self) -> float:
        """Features per frame."""
        return self.features / self.frames


def _measured(what: str, features: Features, limits: str) -> Measured:
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        path = Path(name) / "features.npz"
        np.savez(path, frame_start=features.frame_start, x=features.x, y=features.y, intensity=features.intensity)
        done = subprocess.run(
            [sys.executable, "-c", _LINK, str(path), limits], env=environment(Path(name)), cwd=name, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
    cpu, peak, sweeps, exchanges = done.stdout.split()
    return Measured(
        what=what, features=features.n_features, frames=features.n_frames, cpu=float(cpu), peak_mib=float(peak),
        sweeps=int(sweeps), exchanges=int(exchanges),
    )  # fmt: skip


def _exponent(first: Measured, last: Measured, size: Callable[[Measured], float]) -> float:
    return math.log(last.cpu / first.cpu) / math.log(size(last) / size(first))


def measure(long: bool, say: Callable[[str], object]) -> list[tuple[str, list[Measured], float | None]]:
    """Groups of measurements, each with its exponent."""
    groups: list[tuple[str, list[Measured], float | None]] = []

    def group(
        title: str,
        series: Sequence[tuple[str, Callable[[], Features]]],
        size: Callable[[Measured], float],
        limits: str = "usual",
    ) -> None:
        say(title)
        rows = [_measured(what, make(), limits) for what, make in series]
        groups.append((title, rows, _exponent(rows[-3], rows[-1], size) if len(rows) > 2 else None))

    maxima: list[Maxima] = series_of_maxima(Spectrum())
    group(
        "12 frames, T159, whole globe, threshold varied",
        [(f"{n} a frame", lambda n=n: features_of(maxima, n)) for n in AREA_FIXED],  # type: ignore[misc]
        lambda m: m.per_frame,
    )
    group(
        "12 frames, T159, lowest threshold, part of the globe varied",
        [(f"{p:g} of the globe", lambda p=p: features_of(maxima, 2997, p)) for p in PARTS],  # type: ignore[misc]
        lambda m: m.per_frame,
    )
    if long:
        group(
            "60 frames, T159",
            [("1500 a frame", lambda: features_of(series_of_maxima(Spectrum(frames=60)), 1500))],
            lambda m: m.per_frame,
        )
        for limits in ("usual", "standard"):
            group(
                f"sparse frames, {limits} limits, length varied",
                [
                    (f"{n} frames", lambda n=n: dense_features(Dense(per_frame=SPARSE, frames=n, part=0.5)))  # type: ignore[misc]
                    for n in LENGTHS
                ],
                lambda m: float(m.frames),
                limits,
            )
    return groups


def table(groups: list[tuple[str, list[Measured], float | None]]) -> str:
    """The result in Markdown."""
    lines = [
        "| series | | features a frame | linking, CPU s | peak MiB | sweeps | exchanges |",
        "|---|---|---|---|---|---|---|",
    ]
    for title, rows, exponent in groups:
        lines += [
            f"| {title} | {m.what} | {m.per_frame:.0f} | {m.cpu:.3f} | {m.peak_mib:.0f} | {m.sweeps} | {m.exchanges} |"
            for m in rows
        ]
        if exponent is not None:
            lines.append(f"| | exponent of the last three | | {exponent:.2f} | | | |")
    return "\n".join(lines)


def run_linking_laws(long: bool, target: Path | None, say: Callable[[str], object]) -> int:
    """The command: measures and prints; 0."""
    groups = measure(long, say)
    if target is not None:
        target.write_text(json.dumps([[t, [asdict(m) for m in rows], e] for t, rows, e in groups], indent=1) + "\n")
    print(table(groups))
    return 0
