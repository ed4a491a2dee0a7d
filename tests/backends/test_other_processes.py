"""Workers in other processes: results and failures in their turn, deaths mended or told, one thread each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stormtrack.backends.mpi import _status_of, _words_of
from stormtrack.backends.processes import Processes
from stormtrack.backends.protocol import ATTEMPTS
from stormtrack.errors import BackendError, FieldError
from tests.backends.elsewhere import Busy, Meeting, Slow, Squares, check_a_death, check_deaths, check_order_and_failures
from tests.ranks import launched

PROGRAM = [sys.executable, "-m", "tests.backends.elsewhere"]
ROOT = Path(__file__).resolve().parents[2]


def test_processes(processes: Processes) -> None:
    check_order_and_failures(processes)
    results = list(processes.map(Squares(), range(12)))
    assert os.getpid() not in {pid for _, pid, _ in results}
    assert {threads for *_, threads in results} == {"1"}


def test_processes_give_results_as_they_are_ready(processes: Processes) -> None:
    assert next(processes.map(Squares(), range(12), in_order=False))[0] != 0


def test_processes_that_die(processes: Processes, tmp_path: Path) -> None:
    check_a_death(processes, tmp_path / "once")
    for in_order in (True, False):
        assert check_deaths(processes, tmp_path / str(in_order), in_order=in_order) == ATTEMPTS


def test_dask(dask: Any) -> None:
    check_order_and_failures(dask)
    results = list(dask.map(Squares(), range(12)))
    assert os.getpid() not in {pid for _, pid, _ in results}
    assert {threads for *_, threads in results} == {"1"}


def test_all_workers_of_dask_have_the_task_and_so_get_items(dask: Any) -> None:
    list(dask.map(Squares(), range(2)))  # both are there
    assert len(set(dask.map(Slow(), range(2)))) == 2


def test_dask_workers_that_die(dask: Any, tmp_path: Path) -> None:
    check_a_death(dask, tmp_path / "once")
    check_deaths(dask, tmp_path / "always", in_order=False)


def test_who_takes_turns(dask_address: str) -> None:
    """Threads of one worker process of Dask do what is not made for threads one after the other."""
    from stormtrack.backends.dask import Dask

    with Dask(scheduler=dask_address) as backend:
        most = {kind: max(backend.map(Meeting(takes_turns=kind), range(3))) for kind in (False, True)}
    assert most == {False: 3, True: 1}


def test_each_worker_has_one_thread(processes: Any, dask: Any) -> None:
    for backend in (processes, dask):
        assert set(backend.map(Busy(), range(4))) == {1}
    if len(os.sched_getaffinity(0)) > 1:  # the count does count
        with Processes(1, {"OPENBLAS_NUM_THREADS": "2"}) as backend:
            assert list(backend.map(Busy(), range(1))) == [2]


def mpiexec(ranks: int, *words: str, limit: float = 60.0) -> subprocess.CompletedProcess[str]:
    """A program under MPI."""
    command = [*launched(ranks), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False)


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_ranks_of_mpi(ranks: int) -> None:
    done = mpiexec(ranks, *PROGRAM, "order")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{ranks} ranks, {ranks} worked, on {{1}} threads\n"


def test_rank_0_takes_back_what_a_busy_rank_has_not_begun() -> None:
    done = mpiexec(2, *PROGRAM, "slow")
    assert (done.returncode, done.stdout) == (0, 2 * "4 of 5 items here\n"), done.stderr


def test_a_rank_that_dies_ends_all(tmp_path: Path) -> None:
    done = mpiexec(3, *PROGRAM, str(tmp_path))
    after = time.time() - (tmp_path / "3").stat().st_mtime  # when it was begun that kills
    assert done.returncode != 0 and done.stderr + done.stdout
    assert after < 5.0


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (FieldError("no field"), 2, "error: no field"),
        (BackendError("no rank"), 1, "error: no rank"),
    ],
)
def test_ranks_that_have_to_be_ended_end_as_the_command(problem: BaseException, status: int, words: str) -> None:
    assert (_status_of(problem), _words_of(problem)) == (status, words)
