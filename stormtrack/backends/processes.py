"""Items processed in other processes.

Processes are spawned, not forked: nothing of this process (threads, open files, locks) gets into them. They run one
thread each, are deaf to Ctrl-C and its like (this process decides), and end at once when this process closes its end of
a pipe, and so also when it is killed.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from ..errors import BackendError
from .protocol import AHEAD, Item, Result, Task

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_STOPPED = 1
_SHOWN = 8


class Processes:
    """Workers in processes of this machine.

    Parameters
    ----------
    n_workers : int
        Processes at most.
    environment : mapping, optional
        Environment variables set in the workers.
    """

    def __init__(self, n_workers: int, environment: Mapping[str, str] | None = None) -> None:
        self.n_workers = n_workers
        _start_quiet_tracker()
        context = multiprocessing.get_context("spawn")
        watched, self._alive = context.Pipe(duplex=False)
        variables = {**ONE_THREAD, **(environment or {})}
        self._pool = ProcessPoolExecutor(
            n_workers, mp_context=context, initializer=_prepare, initargs=(watched, variables)
        )

    def map(self, task: Task[Item, Result], items: Iterable[Item], *, in_order: bool = True) -> Generator[Result]:
        """Results of all items; see `Backend`. The task, the items and the results are pickled."""
        pickled = pickle.dumps(task)
        waiting: deque[tuple[Future[Result], Item]] = deque()
        source = iter(items)
        try:
            while True:
                for item in islice(source, AHEAD * self.n_workers - len(waiting)):
                    waiting.append((self._submitted(pickled, item, waiting), item))
                if not waiting:
                    return
                if not in_order:
                    _put_finished_first(waiting)
                yield _result(waiting)
        finally:
            for future, _ in waiting:
                future.cancel()

    def _submitted(self, pickled: bytes, item: Item, waiting: Iterable[tuple[Future[Result], Item]]) -> Future[Result]:
        """A further item given to the workers, unless one has died meanwhile."""
        try:
            return self._pool.submit(_process, pickled, item)
        except BrokenProcessPool as problem:
            raise _died(waiting) from problem

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._alive.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._alive.close()


def _put_finished_first(waiting: deque[tuple[Future[Result], Item]]) -> None:
    """Wait for any of the futures and put it in front; one with a result if there is one."""
    done, _ = wait([future for future, _ in waiting], return_when=FIRST_COMPLETED)
    ready = [k for k, (future, _) in enumerate(waiting) if future in done]
    at = next((k for k in ready if waiting[k][0].exception() is None), ready[0])
    first = waiting[at]
    del waiting[at]
    waiting.appendleft(first)


def _result(waiting: deque[tuple[Future[Result], Item]]) -> Result:
    """Result of the first future, which is taken away."""
    try:
        result = waiting[0][0].result()
    except BrokenProcessPool as problem:
        raise _died(waiting) from problem
    waiting.popleft()
    return result


def _died(waiting: Iterable[tuple[Future[Any], Any]]) -> BackendError:
    """The error of a worker that died; every future that is not done yet fails with the pool, and is named."""
    lost = [str(item) for future, item in waiting if not future.done() or future.exception() is not None]
    shown = ", ".join(lost[:_SHOWN]) + (", ..." if len(lost) > _SHOWN else "")
    return BackendError(
        f"a worker process died during one of {shown}; if memory ran out, use fewer workers. The same command goes on"
    )


def _start_quiet_tracker() -> None:
    """Start the process that cleans up after a killed run; it does so without a Python warning on the terminal."""
    before = os.environ.get("PYTHONWARNINGS")
    rules = [*filter(None, [before]), "ignore:resource_tracker:UserWarning"]
    os.environ["PYTHONWARNINGS"] = ",".join(rules)
    try:
        resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before


def _prepare(alive: Connection, variables: dict[str, str]) -> None:
    """Make this process a worker."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    os.environ.update(variables)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()


def _end_with(alive: Connection) -> None:
    try:
        alive.poll(None)
    finally:
        os._exit(_STOPPED)


@functools.lru_cache(maxsize=1)
def _worker(pickled: bytes) -> Callable[[Any], Any]:
    task: Task[Any, Any] = pickle.loads(pickled)
    return task.worker()


def _process(pickled: bytes, item: Any) -> Any:
    return _worker(pickled)(item)
