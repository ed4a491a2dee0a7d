"""Which backend `auto` takes, and what it says; what is refused."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from stormtrack.backends import choice, one_thread
from stormtrack.backends.choice import Wanted, chosen_backend, entered, make_backend, wanted_of
from stormtrack.backends.mpi_environment import mpi_rank, mpi_size
from stormtrack.backends.one_thread import ONE_THREAD, settle_threads
from stormtrack.backends.serial import Serial
from stormtrack.backends.threads import Threads
from stormtrack.errors import MissingPackageError, UserInputError

AUTO = Wanted(backend="auto")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four processors, no client of Dask."""
    monkeypatch.setattr(choice, "processors", lambda: 4)
    monkeypatch.setattr(choice, "running_client", lambda: None)


def test_mpi_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "mpi_size", lambda: 8)
    monkeypatch.setattr(choice, "running_client", lambda: object())
    assert str(chosen_backend(AUTO)) == "backend mpi: MPI started 8 ranks"


def test_then_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    client = object()
    monkeypatch.setattr(choice, "running_client", lambda: client)
    found = chosen_backend(AUTO)
    assert found.wanted.client is client and found.reason.startswith("a client of Dask is open")


@pytest.mark.parametrize(
    ("seconds", "workers", "name", "count"),
    [
        (None, None, "processes", 4),
        (100.0, 3, "processes", 3),
        (1.0, None, "threads", 4),
        (0.01, None, "serial", None),
        (100.0, 1, "serial", None),
    ],
)
def test_then_what_the_work_is_worth(seconds: float | None, workers: int | None, name: str, count: int | None) -> None:
    found = chosen_backend(Wanted(backend="auto", workers=workers), seconds=seconds)
    assert (found.wanted.backend, found.wanted.workers) == (name, count)
    assert found.reason


def test_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "processors", lambda: 1)
    assert str(chosen_backend(AUTO)) == "backend serial: one processor"


def test_a_name_stands_for_itself_and_says_nothing() -> None:
    told: list[str] = []
    with entered(Wanted(backend="threads", workers=3), told.append) as backend:
        assert isinstance(backend, Threads) and backend.n_workers == 3
    with entered(None, told.append, threads=2) as backend:
        assert isinstance(backend, Threads)
    with entered(None, told.append) as backend:
        assert isinstance(backend, Serial)
    assert told == []
    with entered(Wanted(backend="auto"), told.append, seconds=0.0) as backend:
        assert isinstance(backend, Serial)
    assert told == ["backend serial: 0 s of work are not worth further workers"]


@pytest.mark.parametrize(
    ("variables", "rank", "size"),
    [
        ({}, 0, 1),
        ({"PMI_RANK": "1", "PMI_SIZE": "3"}, 1, 3),
        ({"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "2"}, 0, 2),
        ({"PMIX_RANK": "5", "SLURM_NTASKS": "16", "SLURM_STEP_NUM_TASKS": "8"}, 5, 8),
        ({"SLURM_NTASKS": "16"}, 0, 1),
        ({"PMI_RANK": "x", "PMI_SIZE": "3"}, 0, 1),
    ],
)
def test_what_launchers_say(variables: dict[str, str], rank: int, size: int) -> None:
    assert (mpi_rank(variables), mpi_size(variables)) == (rank, size)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"backend": "dusk"}, "did you mean 'dask'"),
        ({"backend": "threads", "workers": 0}, "1 to 4096"),
        ({"backend": "processes", "scheduler": "tcp://host:1"}, "use the backend dask"),
        ({"backend": "dask", "scheduler": "tcp://host:1", "workers": 3}, "leave out their number"),
    ],
)
def test_what_contradicts_itself(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(UserInputError, match=message):
        Wanted(**wanted)


@pytest.mark.parametrize(("name", "package"), [("dask", "distributed"), ("mpi", "mpi4py")])
def test_a_package_that_is_missing(name: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    extra = {"dask": "distributed", "mpi": "mpi"}[name]
    with pytest.raises(
        MissingPackageError, match=rf"'{package}', which is not installed: pip install 'stormtrack\[{extra}"
    ):
        make_backend(Wanted(backend=name, workers=None if name == "mpi" else 1))


def test_no_scheduler_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    from stormtrack.backends import dask

    monkeypatch.setattr(dask, "_WAITING", 0.2)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(UserInputError, match=f"answers at '{address}'"):
            make_backend(Wanted(backend="dask", scheduler=address))


def test_how_users_name_workers() -> None:
    assert wanted_of(None) is None
    named = wanted_of("tcp://host:8786")
    assert isinstance(named, Wanted) and (named.backend, named.scheduler) == ("dask", "tcp://host:8786")
    assert isinstance(counted := wanted_of(None, 3), Wanted) and (counted.backend, counted.workers) == ("auto", 3)
    backend = Threads(2)
    assert wanted_of(backend) is backend


def test_what_the_user_says_of_threads_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"OMP_NUM_THREADS": "4"}
    monkeypatch.setattr(one_thread, "os", SimpleNamespace(environ=variables))
    settle_threads()
    assert variables == {**ONE_THREAD, "OMP_NUM_THREADS": "4"}


def test_serial_has_one_worker_whatever_is_asked_for() -> None:
    told: list[str] = []
    with entered(Wanted(backend="serial", workers=2), told.append) as backend:
        assert backend.n_workers == 1
    assert told == ["backend serial: it has one worker, 2 were asked for"]
