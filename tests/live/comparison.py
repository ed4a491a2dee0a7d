"""One configuration through the original and through stormtrack: every file, every byte."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from parity.compare import difference
from tests.live.configurations import Configuration, Step
from tests.live.wheel import environment, run_wheel

Ours = Callable[[Step, Path, dict[str, str]], tuple[int, str]]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Outcome:
    """How one configuration went."""

    seed: int
    crashed: str = ""
    """The step in which the original crashed or hung."""
    refused: str = ""
    """The step that both refused."""
    undefined: str = ""
    """The step in which the original's files depend on what lay in memory, and what differs there."""
    differences: list[str] = field(default_factory=list)
    files: int = 0

    def __str__(self) -> str:
        state = self.differences or self.crashed or self.refused or self.undefined or "identical"
        return f"seed {self.seed}: {state}"


def track_process(step: Step, folder: Path, tables: dict[str, str]) -> tuple[int, str]:
    """``track --strict`` in a process of its own: exit status and what it said."""
    command = [sys.executable, "-m", "stormtrack.cli.track", "--strict", "-i", step.input, "-f", step.extension]
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    done = subprocess.run(
        command,
        cwd=folder,
        input=step.answers.text().encode(),
        capture_output=True,
        timeout=120,
        env={**os.environ, **tables, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    return done.returncode, done.stderr.decode(errors="replace")


def _tables(library: Path, folder: Path) -> dict[str, str]:
    all_names = environment(library, folder)
    return {key: all_names[key] for key in ("DATZN", "DATAD", "CONSDAT_SMOOPY", "CONSDAT_SPHERY", "FRTIMES")}


def compare(case: Configuration, folder: Path, library: Path, ours: Ours = track_process) -> Outcome:
    """Run all steps with both; the folders are removed when nothing differs."""
    outcome = Outcome(case.seed)
    here, there = folder / "ours", folder / "wheel"
    for place in (here, there):
        place.mkdir(parents=True)
        case.lay_out(place)
    for step in case.steps:
        status = run_wheel(library, there, there / f"{step.name}.in", step.input, step.extension)
        outcome.crashed = _crash(step, status, folder / "wheel.log")
        detected = _aborts_after_detection(step, status, folder / "wheel.log") and _has_all_passes(step, there)
        if outcome.crashed and not detected:
            break
        own_status, said = ours(step, here, _tables(library, here))
        if detected:
            _compare_files(here, there, outcome, tuple(stem + step.extension for stem in DETECTION_FILES))
        elif (own_status == 0) != (status == 0):
            outcome.differences.append(f"{step.name}: exit status {own_status}, the original's {status}: {said[-600:]}")
        elif status:
            outcome.refused = f"{step.name}: {said[-300:]}"
        else:
            _compare_files(here, there, outcome)
        if outcome.differences and _out_of_step(step, said):
            outcome.refused = f"{step.name}: no area in the first frame: {outcome.differences}"
            outcome.differences = []
        elif outcome.differences and _uses_unset_memory(case, step, folder, library):
            outcome.undefined = f"{step.name}: {outcome.differences}"
            outcome.differences = []
        if outcome.differences or outcome.refused or outcome.crashed or outcome.undefined:
            break
    if not outcome.differences:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _out_of_step(step: Step, said: str) -> bool:
    """The question for the grid of areas came later than drawn, or never, and so all that follow took wrong answers.

    It comes with the first area (01, section 4.2), of which a draw knows nothing. stormtrack says which answers it
    misread; after that both do what they can with what they have, but not the same.
    """
    asked = any(key == "area.refine" for key, _ in step.answers)
    return asked and re.search(r"warning: answers line \d+, prompt '", said) is not None


FILLS = (0, 0, 85, 170)
"""Bytes with which fresh and freed memory is filled, to see whether the original's results depend on it; 0: left as it
is, which shows what depends on addresses and differs from one run to the next."""


def _uses_unset_memory(case: Configuration, last: Step, folder: Path, library: Path) -> bool:
    """Whether the original writes other files when memory that it has not set, or has freed, holds other bytes."""
    found: list[dict[str, bytes]] = []
    for number, fill in enumerate(FILLS):
        place = folder / f"run {number}, filled with {fill}"
        place.mkdir()
        case.lay_out(place)
        for step in case.steps[: case.steps.index(last) + 1]:
            answers = place / f"{step.name}.in"
            run_wheel(library, place, answers, step.input, step.extension, filled=fill)
        found.append({path.name: path.read_bytes() for path in place.iterdir()})
    return any(files != found[0] for files in found[1:])


DETECTION_FILES = ("objout", "interp_th", "initial")
"""What a run has written when its detection is complete."""


def _aborts_after_detection(step: Step, status: int | None, log: Path) -> bool:
    """The original frees memory twice after runs with an added field or a time average (02, section 21)."""
    used = any((key, "y") in step.answers for key in ("add_field?", "time_average_use?"))
    return status == -signal.SIGABRT and used and b"double free or corruption (!prev)" in log.read_bytes()[-200:]


def _has_all_passes(step: Step, there: Path) -> bool:
    """Whether the second hemisphere was reached, if there is one: each pass opens an ``objout`` of its own."""
    both = ("proj.hemispheres", "b") in step.answers
    return not both or (there / f"objout{step.extension}_").exists()


def _crash(step: Step, status: int | None, log: Path) -> str:
    if status is None:
        return f"{step.name}: hangs"
    if status < 0:
        return f"{step.name}: signal {-status}"
    said = log.read_bytes()[-2000:] if status else b""
    return next((f"{step.name}: {meaning}" for words, meaning in _FAILURES.items() if words in said), "")


_FAILURES = {
    b"memory allocation of -": "asks for a negative amount of memory",
    b"NC_UNLIMITED size already in use": "no tracks for a NetCDF file",
}
"""What the original says when it ends with an error where it has no tracks or features to work on."""


def _compare_files(here: Path, there: Path, outcome: Outcome, starts: tuple[str, ...] = ("",)) -> None:
    """Compare all files whose names begin in one of some ways."""
    ours, theirs = ({p.name for p in place.iterdir() if p.name.startswith(starts)} for place in (here, there))
    for name in sorted(ours ^ theirs):
        outcome.differences.append(f"{name} written by {'stormtrack' if name in ours else 'the original'} only")
    for name in sorted(ours & theirs):
        outcome.files += 1
        found = difference((here / name).read_bytes(), (there / name).read_bytes(), name)
        if found:
            outcome.differences.append(f"{name}: {found}")
