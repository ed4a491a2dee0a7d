"""Processing items on threads with results in the order of the items, a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Worker = TypeVar("Worker")

AHEAD = 2
"""Items under way for each worker: one being processed, one waiting to be handed out."""


def map_in_order(
    items: Iterable[Item], workers: Sequence[Worker], process: Callable[[Worker, Item], Result]
) -> Generator[Result]:
    """``process(worker, item)`` for all items, each worker in one thread; results in order.

    The first worker serves the calling thread, which processes items while the next result is not ready; every other
    one has a thread of its own. Each thread takes its next item from `items` itself, one thread at a time. With one
    worker nothing is started: items are processed as they are asked for.
    """
    if len(workers) == 1:
        for item in items:
            yield process(workers[0], item)
        return
    tasks = _Tasks(iter(items), process, AHEAD * len(workers))
    threads = [Thread(target=tasks.work, args=(worker,), name="frame") for worker in workers[1:]]
    for thread in threads:
        thread.start()
    try:
        yield from tasks.results(workers[0])
    finally:
        tasks.stop(len(threads))
        for thread in threads:
            thread.join()


class _Task(Generic[Item, Result]):
    """One item under way; `ready` is held until its result is there."""

    __slots__ = ("failure", "item", "ready", "result")

    def __init__(self) -> None:
        self.item: Item
        self.result: Result
        self.failure: BaseException | None = None
        self.ready = Lock()
        self.ready.acquire()


class _Tasks(Generic[Item, Worker, Result]):
    """Items handed out to threads, and their results.

    A thread needs a permit to take an item; it is given back when the item's result has been handed over.
    """

    def __init__(self, items: Iterator[Item], process: Callable[[Worker, Item], Result], most: int) -> None:
        self._items, self._process = items, process
        self._taking = Lock()
        self._under_way: deque[_Task[Item, Result]] = deque()
        self._permits: SimpleQueue[None] = SimpleQueue()
        self._permit(most)
        self._stopped = False

    def _permit(self, count: int) -> None:
        for _ in range(count):
            self._permits.put(None)

    def _is_permitted(self) -> bool:
        """Get a permit, if there is one."""
        try:
            self._permits.get_nowait()
        except Empty:
            return False
        return True

    def _take(self) -> _Task[Item, Result] | None:
        """The next item, None behind the last one."""
        with self._taking:
            if self._stopped:
                return None
            task: _Task[Item, Result] = _Task()
            try:
                task.item = next(self._items)
            except StopIteration:
                self._stopped = True
                return None
            except Exception as problem:  # for the calling thread, when it comes to this item
                self._stopped = True
                task.failure = problem
            self._under_way.append(task)
            return task

    def _finish(self, task: _Task[Item, Result], worker: Worker) -> None:
        try:
            if task.failure is None:
                task.result = self._process(worker, task.item)
        except Exception as problem:
            task.failure = problem
        finally:
            task.ready.release()

    def work(self, worker: Worker) -> None:
        """Process items until there are no more."""
        while True:
            self._permits.get()
            task = self._take()
            if task is None:
                return
            self._finish(task, worker)

    def results(self, worker: Worker) -> Iterator[Result]:
        """Results in order; `worker` processes items in this thread while there is nothing to hand over."""
        while True:
            is_ready = bool(self._under_way) and not self._under_way[0].ready.locked()
            task = self._take() if not is_ready and self._is_permitted() else None
            if task is not None:
                self._finish(task, worker)
                continue
            if not self._under_way:
                return
            first = self._under_way[0]
            first.ready.acquire()
            self._under_way.popleft()
            if first.failure is not None:
                raise first.failure
            yield first.result
            self._permit(1)

    def stop(self, threads: int) -> None:
        """Hand out no more items, and let waiting threads see it."""
        self._stopped = True
        self._permit(threads)
