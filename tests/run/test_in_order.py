"""Items on several threads: results in order, failures where they belong, threads ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from stormtrack.run.in_order import AHEAD, map_in_order


def slowly(worker: list[int], item: int) -> int:
    """The square of an item; some take long. Each worker notes its items."""
    worker.append(item)
    if item % 7 == 3:
        time.sleep(0.004)
    return item * item


def frames() -> list[threading.Thread]:
    """Threads started by `map_in_order` that still run."""
    return [thread for thread in threading.enumerate() if thread.name == "frame"]


@pytest.mark.parametrize("threads", [1, 2, 3, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_are_in_order(threads: int, count: int) -> None:
    workers: list[list[int]] = [[] for _ in range(threads)]
    assert list(map_in_order(range(count), workers, slowly)) == [k * k for k in range(count)]
    assert sorted(k for worker in workers for k in worker) == list(range(count))
    assert not frames()


def test_items_are_taken_a_few_ahead_only() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for k in range(40):
            taken.append(k)
            yield k

    for k, _ in enumerate(map_in_order(items(), [[], []], slowly)):
        assert len(taken) <= k + 1 + 2 * AHEAD


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_failure_of_an_item_comes_in_its_turn(threads: int) -> None:
    def process(_: int, item: int) -> int:
        if item >= 5:
            raise ValueError(f"item {item}")
        time.sleep(0.002)
        return item

    results = map_in_order(range(20), range(threads), process)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="item 5"):
        next(results)
    assert not frames()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_failure_of_the_source_comes_in_its_turn(threads: int) -> None:
    def items() -> Iterator[int]:
        yield from range(6)
        raise OSError("no more")

    got = []
    with pytest.raises(OSError, match="no more"):
        for result in map_in_order(items(), [[] for _ in range(threads)], slowly):
            got.append(result)
    assert got == [k * k for k in range(6)]
    assert not frames()


@pytest.mark.parametrize("threads", [2, 4])
def test_abandoned_in_the_middle(threads: int) -> None:
    results = map_in_order(range(1000), [[] for _ in range(threads)], slowly)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    results.close()
    assert not frames()


def test_interrupt_of_the_calling_thread_ends_everything() -> None:
    caller = threading.current_thread()

    def process(_: int, item: int) -> int:
        if threading.current_thread() is caller and item > 10:
            raise KeyboardInterrupt
        time.sleep(0.001)
        return item

    with pytest.raises(KeyboardInterrupt):
        list(map_in_order(range(500), [0, 1], process))
    assert not frames()
