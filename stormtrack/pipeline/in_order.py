"""Processing items on threads with results in the order of the items, a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

Item = TypeVar("Item")
Result = TypeVar("Result")
Worker = TypeVar("Worker")

AHEAD = 2
"""Items in the pool for each worker: one being processed, one waiting."""


def map_in_order(
    items: Iterable[Item], workers: Sequence[Worker], process: Callable[[Worker, Item], Result]
) -> Iterator[Result]:
    """``process(worker, item)`` for all items, each worker in one thread at a time; results in order.

    Items are taken from `items` in the calling thread, while earlier ones are being processed. With one worker
    nothing is started: items are processed as they are asked for.
    """
    if len(workers) == 1:
        for item in items:
            yield process(workers[0], item)
        return
    from concurrent.futures import ThreadPoolExecutor  # not for a short run on one thread
    from queue import SimpleQueue

    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def run(item: Item) -> Result:
        worker = free.get()
        try:
            return process(worker, item)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(len(workers), thread_name_prefix="frame") as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(run, item))
                if len(waiting) >= AHEAD * len(workers):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
