"""Items on workers of every kind: results in order, failures where they belong, workers ended."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator

import pytest

from stormtrack.backends import Backend
from stormtrack.backends.processes import Processes
from stormtrack.backends.protocol import AHEAD
from stormtrack.backends.serial import Serial
from stormtrack.backends.threads import NAME, Threads
from stormtrack.errors import BackendError


class Slowly:
    """The square of an item; some take long. Each worker notes its items."""

    def __init__(self) -> None:
        self.workers: list[list[int]] = []

    def worker(self) -> Callable[[int], int]:
        noted: list[int] = []
        self.workers.append(noted)

        def work(item: int) -> int:
            noted.append(item)
            if item % 7 == 3:
                time.sleep(0.004)
            return item * item

        return work


class Doing:
    """The same function in every worker."""

    def __init__(self, work: Callable[[int], int]) -> None:
        self._work = work

    def worker(self) -> Callable[[int], int]:
        return self._work


def running() -> list[threading.Thread]:
    """Threads of backends that still run."""
    return [thread for thread in threading.enumerate() if thread.name == NAME]


BACKENDS = [Serial(), *(Threads(n) for n in (1, 2, 3, 5))]
SEVERAL = [Threads(2), Threads(4)]


def named(backend: Backend) -> str:
    return f"{type(backend).__name__}-{backend.n_workers}"


@pytest.mark.parametrize("backend", BACKENDS, ids=named)
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_are_in_order(backend: Backend, count: int) -> None:
    task = Slowly()
    assert list(backend.map(task, range(count))) == [k * k for k in range(count)]
    assert len(task.workers) == backend.n_workers
    assert sorted(k for worker in task.workers for k in worker) == list(range(count))
    assert not running()


def test_items_are_taken_a_few_ahead_only() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for k in range(40):
            taken.append(k)
            yield k

    for k, _ in enumerate(Threads(2).map(Slowly(), items())):
        assert len(taken) <= k + 1 + 2 * AHEAD


@pytest.mark.parametrize("backend", [Serial(), *SEVERAL], ids=named)
def test_failure_of_an_item_comes_in_its_turn(backend: Backend) -> None:
    def process(item: int) -> int:
        if item >= 5:
            raise ValueError(f"item {item}")
        time.sleep(0.002)
        return item

    results = backend.map(Doing(process), range(20))
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="item 5"):
        next(results)
    assert not running()


@pytest.mark.parametrize("backend", [Serial(), *SEVERAL], ids=named)
def test_failure_of_the_source_comes_in_its_turn(backend: Backend) -> None:
    def items() -> Iterator[int]:
        yield from range(6)
        raise OSError("no more")

    got = []
    with pytest.raises(OSError, match="no more"):
        for result in backend.map(Slowly(), items()):
            got.append(result)
    assert got == [k * k for k in range(6)]
    assert not running()


@pytest.mark.parametrize("backend", SEVERAL, ids=named)
def test_abandoned_in_the_middle(backend: Backend) -> None:
    results = backend.map(Slowly(), range(1000))
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    results.close()
    assert not running()


def test_interrupt_of_the_calling_thread_ends_everything() -> None:
    caller = threading.current_thread()

    def process(item: int) -> int:
        if threading.current_thread() is caller and item > 10:
            raise KeyboardInterrupt
        time.sleep(0.001)
        return item

    with pytest.raises(KeyboardInterrupt):
        list(Threads(2).map(Doing(process), range(500)))
    assert not running()


class InProcesses:
    """Work for other processes; the number of its state is the process."""

    def worker(self) -> Callable[[int], tuple[int, int, str]]:
        own = os.getpid()

        def work(item: int) -> tuple[int, int, str]:
            if item == 13:
                raise ValueError("item 13")
            if item == 17:
                os._exit(3)
            time.sleep(0.05 if item == 0 else 0.0)
            return item * item, own, os.environ["OMP_NUM_THREADS"] + os.environ.get("STORMTRACK_TEST", "")

        return work


@pytest.fixture(scope="module")
def processes() -> Generator[Processes]:
    with Processes(2, {"STORMTRACK_TEST": "x"}) as backend:
        yield backend


def test_processes_give_results_in_order_each_with_its_own_worker(processes: Processes) -> None:
    results = list(processes.map(InProcesses(), range(12)))
    assert [square for square, _, _ in results] == [k * k for k in range(12)]
    assert {own for _, own, _ in results}.isdisjoint({os.getpid()})
    assert {variables for *_, variables in results} == {"1x"}


def test_processes_give_results_as_they_are_ready(processes: Processes) -> None:
    squares = [square for square, *_ in processes.map(InProcesses(), range(12), in_order=False)]
    assert sorted(squares) == [k * k for k in range(12)] and squares[0] != 0


def test_failure_in_a_process_comes_in_its_turn(processes: Processes) -> None:
    got = []
    with pytest.raises(ValueError, match="item 13"):
        for square, *_ in processes.map(InProcesses(), range(10, 16)):
            got.append(square)
    assert got == [100, 121, 144]


@pytest.mark.parametrize("in_order", [True, False])
def test_a_process_that_dies_is_named_with_its_items(in_order: bool) -> None:
    with Processes(1) as backend, pytest.raises(BackendError, match="died during one of 17"):
        list(backend.map(InProcesses(), [1, 2, 17, 4], in_order=in_order))
