"""One run measured inside its process: ``python -m benchmarks.in_process PROGRAM SERIES EXTENSION RESULT < ANSWERS``.

PROGRAM ``stormtrack``: everything is imported and all kernels are loaded by the same run on a few frames first; then
the whole run is measured, and its stages. PROGRAM ``threads-N``: the same with N threads, and the wall time of
detection. PROGRAM ``reference``: the call of the wheel, which has been imported.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .answers import lines
from .measure import ANSWERS, BenchmarkError, Usage, run_plainly

if TYPE_CHECKING:
    from stormtrack.run.detected import DetectedPass
    from stormtrack.run.detection import FrameDetection

WARM_FRAMES = 5
DETECTION_WALL = "detection wall"


def measure_in_process(program: str, series: str, extension: str, answers: str, folder: Path) -> Usage:
    """Run `program` in a fresh process that measures itself; outputs go to `folder`.

    Raises
    ------
    BenchmarkError
        If it fails.
    """
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        result = Path(name) / "result.json"
        command = [sys.executable, "-m", "benchmarks.in_process", program, series, extension, str(result)]
        run_plainly(command, answers, folder)
        return Usage(**json.loads(result.read_text()))


def shortened(answers: str) -> str:
    """The same answers for the first few frames of the run: ``first 1 last`` before the connectivity."""
    words = " ".join(answers.split())
    found = re.search(r" (\d+) 1 (\d+) ([ev]) ", words)
    if found is None:
        raise BenchmarkError("no frames found in the answers")
    last = min(int(found[1]) + WARM_FRAMES - 1, int(found[2]))
    return lines(f"{words[: found.start()]} {found[1]} 1 {last} {found[3]} {words[found.end() :]}")


def _run(series: str, extension: str, answers: str, folder: Path, threads: int = 1) -> None:
    from stormtrack.run.report import Silent
    from stormtrack.run.runner import run_answers

    run_answers(
        answers.encode(),
        input_path=Path(series),
        extension=extension,
        folder=folder,
        report=Silent(),
        threads=threads,
    )


def _warm(series: str, extension: str, answers: str, threads: int = 1) -> None:
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        _run(series, extension, shortened(answers), Path(name), threads)


def _stormtrack(series: str, extension: str, answers: str) -> Usage:
    from .stages import clocked

    _warm(series, extension, answers)
    before, wall = time.process_time(), time.perf_counter()
    with clocked() as clock:
        _run(series, extension, answers, Path.cwd())
        stages = clock.stop()
    return _usage(before, wall, stages)


def _threaded(series: str, extension: str, answers: str, threads: int) -> Usage:
    from stormtrack.run import tracking

    spent = []
    detect = tracking.run_pass

    def timed(detection: FrameDetection) -> DetectedPass:
        start = time.perf_counter()
        found = detect(detection)
        spent.append(time.perf_counter() - start)
        return found

    _warm(series, extension, answers, threads)
    setattr(tracking, "run_pass", timed)  # noqa: B010 - a function is replaced on purpose
    before, wall = time.process_time(), time.perf_counter()
    _run(series, extension, answers, Path.cwd(), threads)
    return _usage(before, wall, {DETECTION_WALL: sum(spent)})


def _reference(series: str, extension: str) -> Usage:
    with contextlib.redirect_stderr(io.StringIO()):
        from pyTRACK import track

    before, wall = time.process_time(), time.perf_counter()
    track(input_file=series, ext=extension, namelist=ANSWERS)
    return _usage(before, wall, None)


def _usage(before: float, wall: float, stages: dict[str, float] | None) -> Usage:
    cpu, elapsed = time.process_time() - before, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return Usage(cpu=cpu, wall=elapsed, peak_mib=peak, stages=stages)


def main() -> None:
    """Measure and write the result as JSON."""
    program, series, extension, result = sys.argv[1:]
    answers = sys.stdin.read()
    if program == "reference":
        usage = _reference(series, extension)
    elif program == "stormtrack":
        usage = _stormtrack(series, extension, answers)
    else:
        usage = _threaded(series, extension, answers, int(program.removeprefix("threads-")))
    Path(result).write_text(json.dumps(usage.as_dict()))


if __name__ == "__main__":
    main()
