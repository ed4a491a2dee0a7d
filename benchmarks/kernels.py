"""Running the suite of single kernels in a process of its own."""

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
class Tree:
    """A stormtrack to be timed: a source tree with its compiled module, or an interpreter that has it installed."""

    path: Path

    @property
    def interpreter(self) -> str:
        """Python to run."""
        return str(self.path) if self.path.is_file() else sys.executable

    def environment(self, benchmarks: Path) -> dict[str, str]:
        """Environment in which ``benchmarks`` is the package in `benchmarks` and stormtrack is this one."""
        homes = [str(benchmarks)] if self.path.is_file() else [str(benchmarks), str(self.path.resolve())]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(homes)}


def run_suite(tree: Tree, *, json_file: Path | None = None, select: str | None = None, quiet: bool = False) -> int:
    """Run the kernels of `tree` with the suite of this source tree; pytest's exit status."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        home = Path(name)
        (home / "benchmarks").symlink_to(HERE)  # beside it lies no stormtrack that would be found first
        (home / "pytest.ini").write_text("[pytest]\n")
        command = [tree.interpreter, "-m", "pytest", "-c", "pytest.ini", "-q", "-p", "no:cacheprovider"]
        command += ["--import-mode=importlib", "--benchmark-timer=time.process_time", "--benchmark-disable-gc"]
        command += ["--benchmark-columns=min,median,max,rounds", "--benchmark-sort=name"]
        command += [f"--benchmark-json={json_file.resolve()}"] if json_file else []
        command += ["-k", select] if select else []
        output = subprocess.PIPE if quiet else None
        done = subprocess.run(
            [*command, "benchmarks/test_kernels.py"],
            cwd=home,
            env=tree.environment(home),
            stdout=output,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            check=False,
        )
    if quiet and done.returncode != 0:
        raise BenchmarkError(f"the kernels of {tree.path} cannot be timed:\n{done.stdout[-2000:]}")
    return done.returncode


def run_kernels(json_file: Path | None, select: str | None) -> int:
    """Time the kernels of this source tree and show a table."""
    return run_suite(Tree(HERE.parent), json_file=json_file, select=select)


def timings(tree: Tree) -> dict[str, float]:
    """Least processor seconds of each kernel in one run of the suite."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        file = Path(name) / "kernels.json"
        run_suite(tree, json_file=file, quiet=True)
        content = json.loads(file.read_text())
    return {entry["params"]["name"]: entry["stats"]["min"] for entry in content["benchmarks"]}
