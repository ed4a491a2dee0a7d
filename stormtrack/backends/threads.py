"""Items processed on threads, with results in the order of the items.

For work that releases the interpreter's lock: kernels, the Fortran splines, reading and writing of files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic

from .protocol import AHEAD, Item, Result, Task, Work

NAME = "stormtrack-worker"
"""Name of the threads."""


class Threads:
    """Workers in threads of this process; the calling thread is one of them.

    Parameters
    ----------
    n_workers : int
        With 1 no thread is started: items are processed as they are asked for.
    """

    name = "threads"
    shares_memory = True
    shares_disk = True
    reads_ahead = True

    def __init__(self, n_workers: int) -> None:
        self.n_workers = n_workers

    def map(self, task: Task[Item, Result], items: Iterable[Item], *, in_order: bool = True) -> Generator[Result]:
        """Results in order, whatever is asked for; see `Backend`.

        The calling thread processes items while the next result is not ready. Each thread takes its next item from
        `items` itself, one thread at a time.
        """
        own = task.worker()
        if self.n_workers == 1:
            for item in items:
                yield own(item)
            return
        tasks: _Tasks[Item, Result] = _Tasks(iter(items), AHEAD * self.n_workers)
        others = [task.worker() for _ in range(self.n_workers - 1)]
        threads = [Thread(target=tasks.work, args=(work,), name=NAME) for work in others]
        for thread in threads:
            thread.start()
        try:
            yield from tasks.results(own)
        finally:
            tasks.stop(len(threads))
            for thread in threads:
                thread.join()

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        """Threads end with each `map`."""


class _Task(Generic[Item, Result]):
    """One item under way; `ready` is held until its result is there."""

    __slots__ = ("failure", "item", "ready", "result")

    def __init__(self) -> None:
        self.item: Item
        self.result: Result
        self.failure: BaseException | None = None
        self.ready = Lock()
        self.ready.acquire()


class _Tasks(Generic[Item, Result]):
    """Items handed out to threads, and their results.

    A thread needs a permit to take an item; it is given back when the item's result has been handed over.
    """

    def __init__(self, items: Iterator[Item], most: int) -> None:
        self._items = items
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

    def _finish(self, task: _Task[Item, Result], work: Work[Item, Result]) -> None:
        try:
            if task.failure is None:
                task.result = work(task.item)
        except Exception as problem:
            task.failure = problem
        finally:
            task.ready.release()

    def work(self, work: Work[Item, Result]) -> None:
        """Process items until there are no more."""
        while True:
            self._permits.get()
            task = self._take()
            if task is None:
                return
            self._finish(task, work)

    def results(self, work: Work[Item, Result]) -> Iterator[Result]:
        """Results in order; `work` processes items in this thread while there is nothing to hand over."""
        while True:
            is_ready = bool(self._under_way) and not self._under_way[0].ready.locked()
            task = self._take() if not is_ready and self._is_permitted() else None
            if task is not None:
                self._finish(task, work)
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
