"""The fast engine beside TRACK's least-squares filter: 0.25 degrees to T42, processor time of a frame, in one run.

The series holds no waves beyond T42, so that both have to give the same field. TRACK's first frame costs many minutes
because the normal equations are added up point by point; it is given their factor in a file, made here from sums over
rows, so that what is left is its cost of one more frame.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from stormtrack.arrays import F32, F64
from stormtrack.spectral.legendre import Triangle, legendre_functions

from .answers import QUARTER_COLUMNS, QUARTER_ROWS, lines
from .inputs import Inputs
from .measure import BenchmarkError, reference_command, run_measured

TRUNCATION = 42
FEW, MANY = 1, 4
REQUIRED, HOPED = 150.0, 300.0
ALLOWED = 1.0e-6
"""Difference of the two fields, standard deviations."""
FACTOR = "factor"
_OURS = """
import json, sys, time
import numpy as np
from stormtrack.spectral.operators import Band, Grids, Plan
path, columns, rows, repeat = sys.argv[1], *map(int, sys.argv[2:5])
raw = open(path, "rb").read()
records = np.frombuffer(raw[raw.index(b"FRAME"):], np.uint8).reshape(-1, 13 + 4 * columns * rows + 1)
frames = records[:, 13:-1].copy().view("<f4").reshape(-1, rows, columns)
start = time.process_time()
lon, lat = np.arange(columns) * 360.0 / columns, np.linspace(-90.0, 90.0, rows)
grids, band = Grids(lon=lon, lat=lat), Band(n_min=5, n_max=42, taper=0.1)
plan = Plan(grids, band, dtype=np.dtype(np.float32))
result = plan.filtered(frames[:1])
first = time.process_time() - start
result.astype("<f4").tofile(sys.argv[5])
each = []
for _ in range(repeat):
    start = time.process_time()
    plan.filtered(frames)
    each.append((time.process_time() - start) / len(frames))
print(json.dumps([first, each]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterResult:
    """Processor seconds.

    Attributes
    ----------
    reference : float
        TRACK, one more frame.
    ours : list of float
        One frame, in a warm process; several measurements.
    first : float
        Our plan and the first frame.
    ratio : float
    difference : float
        Root mean square difference of the two fields, standard deviations.
    """

    reference: float
    ours: list[float]
    first: float
    ratio: float
    difference: float


def factor_of_fit(columns: int, rows: int, truncation: int) -> F64:
    """Cholesky factor of TRACK's normal equations on an even grid with poles, packed as its file holds it.

    Different orders, and cosines and sines, are orthogonal on evenly spaced columns.
    """
    triangle = Triangle(truncation, truncation)
    latitude = np.linspace(-90.0, 90.0, rows)
    p = legendre_functions(np.radians(90.0 - latitude), triangle) / np.sqrt(2.0 * np.pi)
    size = (truncation + 1) ** 2
    full = np.zeros((size, size))
    start = 0
    for m in range(truncation + 1):
        block = p[triangle.of_order(m)]
        lower = np.linalg.cholesky(block @ block.T * (columns if m == 0 else 0.5 * columns))
        parts = 1 if m == 0 else 2  # cosine and sine of each total wave number stand side by side
        n = parts * len(block)
        for part in range(parts):
            full[start + part : start + n : parts, start + part : start + n : parts] = lower
        start += n
    return full[np.tril_indices(size)]


def answers(frames: int) -> str:
    """Menu 4, type 0: T5-42 with taper, the factor read from a file."""
    start = f"n 0 0 y n y y y n g n 1 {QUARTER_COLUMNS} 1 {QUARTER_ROWS} y"
    return lines(f"{start} 4 1 1 {frames} 0 0 {TRUNCATION} 0 n 1 5 {TRUNCATION} y 0.1 n y /{FACTOR} n")


def measure(inputs: Inputs, folder: Path, repeat: int) -> FilterResult:
    """Both, in turns.

    Raises
    ------
    BenchmarkError
        If one of them fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    series = inputs.quarter(MANY)
    factor_of_fit(QUARTER_COLUMNS, QUARTER_ROWS, TRUNCATION).tofile(folder / FACTOR)
    command = reference_command(str(series.path.resolve()), "_ls")
    seconds = []
    for frames in (FEW, MANY):
        seconds.append(run_measured(command, answers(frames), folder).cpu)
    theirs = _first_frame(next(folder.glob("specfil*")).read_bytes())
    done = subprocess.run(
        [
            *(sys.executable, "-c", _OURS, str(series.path), str(QUARTER_COLUMNS), str(QUARTER_ROWS), str(repeat)),
            str(folder / "ours"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    if done.returncode:
        raise BenchmarkError(f"the fast engine failed: {done.stderr.strip().splitlines()[-1]}")
    first, each = json.loads(done.stdout)
    difference = float(np.std(np.fromfile(folder / "ours", "<f4") - theirs) / np.std(theirs))
    if not difference < ALLOWED:
        raise BenchmarkError(
            f"the two fields are {difference:.1%} of a standard deviation apart; at most {ALLOWED:.0%}"
        )
    reference = (seconds[1] - seconds[0]) / (MANY - FEW)
    ratio = reference / median(each)
    return FilterResult(reference=reference, ours=each, first=first, ratio=ratio, difference=difference)


def _first_frame(raw: bytes) -> F32:
    """The first frame of a file of TRACK's, row by row from the south."""
    return np.frombuffer(raw, "<f4", QUARTER_COLUMNS * QUARTER_ROWS, raw.index(b"FRAME") + 13)


def table(result: FilterResult) -> str:
    """The result in Markdown."""
    verdict = "stretch reached" if result.ratio >= HOPED else "reached" if result.ratio >= REQUIRED else "not reached"
    ours = f"{1e3 * median(result.ours):.1f} ({1e3 * min(result.ours):.1f} to {1e3 * max(result.ours):.1f})"
    return "\n".join(
        [
            "| T5-42 with taper of a 0.25-degree frame, CPU | ms |",
            "|---|---|",
            f"| TRACK, least squares, one more frame | {1e3 * result.reference:.0f} |",
            f"| `stormtrack.spectral`, one frame in a warm process | {ours} |",
            f"| the same, plan and first frame | {1e3 * result.first:.0f} |",
            f"| TRACK / ours | {result.ratio:.0f} (target {REQUIRED:.0f} / {HOPED:.0f}: {verdict}) |",
            f"| difference of the fields, share of the standard deviation | {result.difference:.1e} |",
        ]
    )


def run_filters(inputs: Inputs, folder: Path, repeat: int, target: Path | None) -> int:
    """The command: measures and prints; 0."""
    result = measure(inputs, folder, repeat)
    if target is not None:
        target.write_text(json.dumps(asdict(result), indent=1) + "\n")
    print(table(result))
    return 0
