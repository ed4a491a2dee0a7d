"""One configuration through the original and through stormtrack: every file, every byte."""

from __future__ import annotations

import os
import shutil
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
    differences: list[str] = field(default_factory=list)
    files: int = 0

    def __str__(self) -> str:
        state = self.differences or self.crashed or self.refused or "identical"
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
        if outcome.crashed:
            break
        own_status, said = ours(step, here, _tables(library, here))
        if (own_status == 0) != (status == 0):
            outcome.differences.append(f"{step.name}: exit status {own_status}, the original's {status}: {said[-600:]}")
            break
        if status:
            outcome.refused = f"{step.name}: {said[-300:]}"
            break
        _compare_files(here, there, outcome)
        if outcome.differences:
            break
    if not outcome.differences:
        shutil.rmtree(folder, ignore_errors=True)
    return outcome


def _crash(step: Step, status: int | None, log: Path) -> str:
    if status is None:
        return f"{step.name}: hangs"
    if status < 0:
        return f"{step.name}: signal {-status}"
    if status and b"memory allocation of -" in log.read_bytes()[-2000:]:
        return f"{step.name}: asks for a negative amount of memory"
    return ""


def _compare_files(here: Path, there: Path, outcome: Outcome) -> None:
    ours, theirs = ({p.name for p in place.iterdir()} for place in (here, there))
    for name in sorted(ours ^ theirs):
        outcome.differences.append(f"{name} written by {'stormtrack' if name in ours else 'the original'} only")
    for name in sorted(ours & theirs):
        outcome.files += 1
        found = difference((here / name).read_bytes(), (there / name).read_bytes(), name)
        if found:
            outcome.differences.append(f"{name}: {found}")
