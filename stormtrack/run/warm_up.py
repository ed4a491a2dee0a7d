"""Compile the kernels now instead of during the first runs: small runs of the usual configurations.

Numba compiles a kernel when it is first called and keeps the machine code (`stormtrack.kernels._policy`); to compile
everything means to call everything. The runs here go through the answers, as any run does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from ..sample import write_sample
from .report import Silent
from .runner import run_answers

TRUNCATION, FRAMES = 21, 6
COLUMNS, ROWS = 64, 32
FILTERED = "specfil_band001._s_band001"

_GLOBAL = f"n 0 0 y n y {{norm}} n 1 {COLUMNS + 1} 1 {ROWS} n n n y 1.0e+5 n {{threshold}} n 1 n 1 1 {FRAMES}"
"""Periodic global grid without projection: start-up, scale, threshold, maxima, frames."""
_LINKING = "n n 0.2 0.8 n n n y 9.0 0.8 n n n y n n n 0 0 n"
_GEODESIC, _EUCLIDEAN = f"n n 0 {_LINKING}", "n n 0 n 0.2 0.8 n n n n 8.0 0.8 n n n n 0 0 n"
"""From write_objects? to the end, the first with the question of a rotated pole."""

UNPROJECTED = {
    "sphery": f"{_GLOBAL} v y y 2 7 n 1 n n y 2.0 n 0 0. y 1 y d {_GEODESIC}".format(norm="g", threshold="3.0"),
    "smoopy": f"{_GLOBAL} e y y 2 7 n 0 n y n 0 0. y o {_EUCLIDEAN}".format(norm="e", threshold="4.0"),
    "boundaries": f"{_GLOBAL} v y y 2 4 y 0 y n n n n 0 m 5 1 y n n y 0.3 1 0 y n 0 {_LINKING}".format(
        norm="g", threshold="4.0"
    ),
    "nodes": f"{_GLOBAL} v y y 2 3 n n n n n 0 {_EUCLIDEAN}".format(norm="e", threshold="4.0"),
}
"""Feature types 7 (on both surfaces), 4 with boundaries, shape and objects written, and 3."""


def splice_answers(initial: str, extension: str) -> str:
    """Splice one object and track file with the filters by life and distance."""
    files = f"objout.new{extension} tdump{extension}"
    return f"n 1 {initial} y 1 n 1 2 {files} 1 {files} 3 n 3 1000000 y 1.0 s n n n a n n n 0"


def warm_up(tell: Callable[[str], object] = str) -> None:
    """Compile the kernels of the filter, of tracking (projected and unprojected, feature types 3, 4, 7) and of splices.

    Takes about two minutes of processor time when nothing is compiled yet; `tell` hears what is being compiled.
    Kernels of rare options (object fit, distance transform, Fourier smoothing, ...) are left to their first use.
    """
    with tempfile.TemporaryDirectory(prefix="stormtrack-") as name:
        _run_all(Path(name), tell)


def _run_all(folder: Path, tell: Callable[[str], object] = str) -> None:
    files = write_sample(folder, frames=FRAMES, truncation=TRUNCATION)
    tell("spectral filter")
    _run(folder, (folder / files.filter_answers).read_text(), files.series, "_s")
    # a file of start-up answers is looked up in the process's folder, so it is named in full
    initial = str(folder / files.initial)
    tell("tracking on a projection")
    projected = (folder / files.maxima_answers).read_text().replace(files.initial, initial)
    _run(folder, projected, FILTERED, "_p")
    for kind, answers in UNPROJECTED.items():
        tell(f"tracking without one ({kind})")
        _run(folder, answers, FILTERED, f"_{kind}")
    tell("splice")
    _run(folder, splice_answers(initial, "_p"), FILTERED, "_p")


def _run(folder: Path, answers: str, series: str, extension: str) -> None:
    text = "\n".join(answers.split()) + "\n"
    run_answers(text.encode(), input_path=folder / series, extension=extension, folder=folder, report=Silent())
