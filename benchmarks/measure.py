"""Running a command and measuring it: processor time, wall time, peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_LAUNCH = Path(__file__).with_name("_launch.py")
_REFERENCE = (
    "import sys\nfrom pyTRACK import track\ntrack(input_file=sys.argv[1], ext=sys.argv[2], namelist=sys.argv[3])\n"
)
_MEASURED = """
import importlib, json, sys
module = importlib.import_module(f"benchmarks.{sys.argv[1]}")
print(json.dumps(module.measured_here(*json.loads(sys.argv[2]))))
"""
ANSWERS = "answers.in"


class BenchmarkError(Exception):
    """A benchmark cannot be run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one or several commands used.

    Attributes
    ----------
    cpu : float
        User and system seconds, start-up included.
    wall : float
        Seconds.
    peak_mib : float
        Largest resident set.
    stages : dict of str to float, optional
        Processor seconds by stage.
    """

    cpu: float
    wall: float
    peak_mib: float
    stages: dict[str, float] | None = None

    def plus(self, other: Usage) -> Usage:
        """Both, one after the other."""
        return Usage(cpu=self.cpu + other.cpu, wall=self.wall + other.wall, peak_mib=max(self.peak_mib, other.peak_mib))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def in_own_process(module: str, *arguments: object) -> Any:
    """What ``measured_here(*arguments)`` of a module of these benchmarks gives, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as home:
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, module, json.dumps(arguments)], env=environment(Path(home)), cwd=home,
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    return json.loads(done.stdout)


def environment(home: Path) -> dict[str, str]:
    """The caller's, with these benchmarks importable from the empty folder `home`, beside which no stormtrack lies.

    Byte code may be written: an installed package has it, and without it every start would compile the sources.
    """
    (home / "benchmarks").symlink_to(_LAUNCH.parent)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(home)}


def peak_mib() -> float:
    """Largest resident set of this process (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0


def is_editable() -> bool:
    """Whether stormtrack is an editable install, which looks for changed sources at every start (some 0.1 s)."""
    return any("editable_loader" in type(finder).__module__ for finder in sys.meta_path)


def stormtrack_command(series: str, extension: str) -> list[str]:
    """``track -i SERIES -f EXT``; answers come from standard input."""
    return [sys.executable, "-m", "stormtrack.cli.track", "-i", series, "-f", extension]


def reference_command(series: str, extension: str) -> list[str]:
    """The wheel track-pylib as a black box; answers in `ANSWERS`."""
    return [sys.executable, "-c", _REFERENCE, series, extension, ANSWERS]


def run_measured(command: list[str], answers: str, folder: Path) -> Usage:
    """Run `command` in `folder` with `answers` on standard input.

    Raises
    ------
    BenchmarkError
        If it fails.
    """
    (folder / ANSWERS).write_text(answers)
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        result, log = Path(name) / "result", Path(name) / "log"
        launch = [sys.executable, "-I", "-S", str(_LAUNCH), str(result), ANSWERS, str(log), *command]
        subprocess.run(launch, cwd=folder, env=environment(Path(name)), check=True)
        (folder / ANSWERS).unlink()
        status, cpu, wall, peak = (float(word) for word in result.read_text().split())
        if status != 0:
            words = log.read_text(errors="replace").strip().splitlines()[-3:]
            raise BenchmarkError(f"{' '.join(command)} in {folder} ended with {status:g}: {' | '.join(words)}")
    return Usage(cpu=cpu, wall=wall, peak_mib=peak / 1024.0)


def run_plainly(command: list[str], answers: str, folder: Path) -> None:
    """The same for preparations: not measured."""
    run_measured(command, answers, folder)
