"""Items on workers of every kind: results in order, failures where they belong, workers ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from stormtrack.backends import Backend
from stormtrack.backends.protocol import AHEAD
from stormtrack.backends.serial import Serial
from stormtrack.backends.threads import NAME, Threads


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
