"""Running the steps of a case in a private folder, with stormtrack or with the reference."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .cases import Case, CaseError, Step, lay_out
from .reference_library import reference_environment

Command = Callable[[Step], list[str]]
"""The command line of a step; it is run in the work folder with the answers on standard input."""

_REFERENCE = (
    "import sys\nfrom pyTRACK import track\ntrack(input_file=sys.argv[1], ext=sys.argv[2], namelist=sys.argv[3])\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """How one step went."""

    name: str
    status: int
    wall_seconds: float
    cpu_seconds: float
    problem: str | None
    """Set if it did not end as the case says, or a file to be moved was missing."""


def stormtrack_command(step: Step) -> list[str]:
    """``track -i INPUT -f EXT``, or ``stormtrack`` with the words of the step."""
    if step.words:
        return [sys.executable, "-m", "stormtrack.cli.main", *step.words]
    return [sys.executable, "-m", "stormtrack.cli.track", "--strict", "-i", step.input, "-f", step.extension]


def reference_command(step: Step) -> list[str]:
    """The wheel track-pylib as a black box.

    Raises
    ------
    CaseError
        For a step that is no run of TRACK.
    """
    if step.words:
        raise CaseError(f"'{' '.join(step.words)}' cannot be run live: the wheel has no such program")
    settings = [f"{name}={value}" for name, value in reference_environment().items()]
    prefix = ["env", *settings] if settings else []
    return [*prefix, sys.executable, "-c", _REFERENCE, step.input, step.extension, step.answers]


def _last_words(path: Path) -> str:
    lines = [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
    return f": {lines[-1].strip()[:300]}" if lines else ""


def run_step(step: Step, command: Command, work: Path, timeout: float) -> StepRun:
    """Run one step in `work` and make its moves; standard output and error are kept beside the outputs."""
    out, err = work / f"{step.name}.stdout", work / f"{step.name}.stderr"
    start = time.perf_counter()
    with (work / step.answers).open("rb") as answers, out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(command(step), cwd=work, stdin=answers, stdout=stdout, stderr=stderr)
        timer = threading.Timer(timeout, os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timed_out = not timer.is_alive()
        timer.cancel()
        process.returncode = code = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    problem = None
    if timed_out:
        problem = f"stopped after {timeout:g} s"
    elif (code != 0) != step.fails:
        problem = f"exit status {code}, expected {'an error' if step.fails else 0}{_last_words(err)}"
    for source, target in step.moves:
        if (work / source).exists():
            shutil.move(work / source, work / target)
        elif problem is None:
            problem = f"did not write {source}"
    return StepRun(
        name=step.name,
        status=code,
        wall_seconds=round(wall, 3),
        cpu_seconds=round(usage.ru_utime + usage.ru_stime, 3),
        problem=problem,
    )


def run_steps(case: Case, command: Command, work: Path, timeout: float) -> list[StepRun]:
    """Lay the case out in `work` (empty) and run its steps in order."""
    lay_out(case, work)
    return [run_step(step, command, work, timeout) for step in case.steps]
