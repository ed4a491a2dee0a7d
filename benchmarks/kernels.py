"""Running the suite of single kernels in a process of its own, with the stormtrack of an environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .measure import BenchmarkError

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Installed:
    """A stormtrack to be timed: the one that an interpreter has."""

    interpreter: Path


def installed(place: Path | None) -> Installed:
    """That of an interpreter, of a source tree with its ``.venv``, or of this process.

    Raises
    ------
    BenchmarkError
        If there is no interpreter.
    """
    if place is None:
        return Installed(Path(sys.executable))
    interpreter = place / ".venv" / "bin" / "python" if place.is_dir() else place
    if not os.access(interpreter, os.X_OK):
        raise BenchmarkError(
            f"{interpreter} is no program; --base and --head take a Python that has stormtrack installed, "
            "or a source tree after tools/setup.sh"
        )
    return Installed(interpreter.absolute())


def run_suite(of: Installed, *, json_file: Path | None = None, select: str | None = None, quiet: bool = False) -> int:
    """Run the kernels of an environment with the suite of this source tree; pytest's exit status."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        home = Path(name)
        (home / "benchmarks").symlink_to(HERE)  # beside it lies no stormtrack that would be found first
        (home / "pytest.ini").write_text("[pytest]\n")
        command = [str(of.interpreter), "-m", "pytest", "-c", "pytest.ini", "-q", "-p", "no:cacheprovider"]
        command += ["--import-mode=importlib", "--benchmark-timer=time.process_time", "--benchmark-disable-gc"]
        command += ["--benchmark-columns=min,median,max,rounds", "--benchmark-sort=name"]
        command += [f"--benchmark-json={json_file.resolve()}"] if json_file else []
        command += ["-k", select] if select else []
        output = subprocess.PIPE if quiet else None
        done = subprocess.run(
            [*command, "benchmarks/test_kernels.py"],
            cwd=home,
            env={**os.environ, "PYTHONPATH": name},
            stdout=output,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            check=False,
        )
    if quiet and done.returncode != 0:
        raise BenchmarkError(f"the kernels of {of.interpreter} cannot be timed:\n{done.stdout[-2000:]}")
    return done.returncode


def run_kernels(json_file: Path | None, select: str | None) -> int:
    """Time the kernels of this environment and show a table."""
    return run_suite(installed(None), json_file=json_file, select=select)


def timings(of: Installed) -> dict[str, float]:
    """Least processor seconds of each kernel in one run of the suite."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        file = Path(name) / "kernels.json"
        run_suite(of, json_file=file, quiet=True)
        content = json.loads(file.read_text())
    return {entry["params"]["name"]: entry["stats"]["min"] for entry in content["benchmarks"]}
