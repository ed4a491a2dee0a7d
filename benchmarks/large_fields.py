"""Detection on large grids, and of one giant noisy object: processor seconds of a frame by stage, and memory.

Each measurement is a process of its own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stormtrack.arrays import F32
from stormtrack.detection import frame
from stormtrack.detection.domain import Domain
from stormtrack.settings.detection import (
    AreaSettings,
    DetectionSettings,
    FeatureType,
    FourierSettings,
    RefinementSettings,
    ShapeSettings,
    limits_only,
)

from .measure import in_own_process, peak_mib
from .random_fields import Spectrum, fields

GRIDS = ((721, 1440), (1441, 2880), (2560, 5120))
SHORT = GRIDS[:2]
FIT = RefinementSettings(constraints=limits_only())


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeCase:
    """What is detected.

    Attributes
    ----------
    name : str
    settings : DetectionSettings
    noise : bool
        In white noise above a threshold that all but nothing falls below, else in a random spectrum at T159.
    """

    name: str
    settings: DetectionSettings
    noise: bool = False


def _settings(kind: FeatureType, **changes: Any) -> DetectionSettings:
    refinement = FIT if kind == FeatureType.SURFACE_FIT else None
    return DetectionSettings(threshold=1.0, feature_type=kind, refinement=refinement, **changes)


_FIT_SHAPE = _settings(FeatureType.SURFACE_FIT, shape=ShapeSettings(area=AreaSettings()))
_SEPARATION = _settings(FeatureType.GROUPED_MAXIMA, min_separation=2.0)
_SMOOTHED = _settings(FeatureType.GROUPED_MAXIMA, boundaries=True, boundary_fourier=FourierSettings(modes=8))
CASES = (
    LargeCase(name="surface fit, shape, area", settings=_FIT_SHAPE),
    LargeCase(name="noise: surface fit, shape, area", settings=_FIT_SHAPE, noise=True),
    LargeCase(name="noise: separation of 2 degrees", settings=_SEPARATION, noise=True),
    LargeCase(name="noise: smoothed boundaries", settings=_SMOOTHED, noise=True),
)


def field_of(case: LargeCase, rows: int, columns: int) -> F32:
    """One field of standard deviation 1 with the closing column: a random spectrum, or noise about 4.5."""
    if case.noise:
        inner = np.random.default_rng(1).normal(4.5, 1.0, (rows, columns))
    else:
        spectrum = Spectrum(truncation=min(159, columns // 3), rows=rows, columns=columns, frames=1)
        inner = next(iter(fields(spectrum)))
        inner = inner / inner.std()
    return np.concatenate([inner, inner[:, :1]], axis=1).astype(np.float32)


def measured_here(number: int, rows: int, columns: int) -> dict[str, object]:
    """Detect one frame twice in this process; the second is measured."""
    frame.perf_counter = time.process_time  # stages in processor time: others may keep the machine busy
    case = CASES[number]
    field = field_of(case, rows, columns)
    x, y = (np.linspace(*ends, n).astype(np.float32) for *ends, n in ((0, 360, columns + 1), (-90, 90, rows)))
    domain = Domain(xgrid=x, ygrid=y, x1=1, x2=len(x), y1=1, y2=rows, input_xgrid=x, input_ygrid=y)
    detector = frame.Detector(case.settings, domain)
    for _ in range(2):
        detector.timings.clear()
        begun = time.process_time()
        objects = detector.detect(field).objects
        cpu = time.process_time() - begun
    return {
        "case": case.name, "rows": rows, "columns": columns, "objects": objects.n_objects,
        "features": objects.n_features, "cpu": cpu, "stages": dict(detector.timings), "peak_mib": peak_mib(),
    }  # fmt: skip


def measured(number: int, rows: int, columns: int) -> dict[str, object]:
    """The same in a process of its own."""
    found: dict[str, object] = in_own_process("large_fields", number, rows, columns)
    return found


def table(results: list[dict[str, object]]) -> str:
    """The results in Markdown."""
    lines = ["| case | grid | objects | features | CPU s | of these | peak MiB |", "|---|---|---|---|---|---|---|"]
    for r in results:
        stages = r["stages"]
        assert isinstance(stages, dict)
        parts = ", ".join(f"{name} {seconds:.3f}" for name, seconds in stages.items())
        found = f"{r['columns']} x {r['rows']} | {r['objects']} | {r['features']}"
        lines.append(f"| {r['case']} | {found} | {r['cpu']:.3f} | {parts} | {r['peak_mib']:.0f} |")
    return "\n".join(lines)


def run_large_fields(long: bool, target: Path | None, say: Callable[[str], object]) -> int:
    """The command: measures and prints; 0."""
    results = []
    for rows, columns in GRIDS if long else SHORT:
        for number, case in enumerate(CASES):
            say(f"{columns} x {rows}: {case.name}")
            results.append(measured(number, rows, columns))
    if target is not None:
        target.write_text(json.dumps(results, indent=1) + "\n")
    print(table(results))
    return 0
