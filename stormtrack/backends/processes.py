"""Items processed in other processes.

Processes are spawned, not forked: nothing of this process (threads, open files, locks) gets into them. They run one
thread each, are deaf to Ctrl-C and its like (this process decides), and end at once when this process closes its end of
a pipe, and so also when it is killed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from ..errors import LostWorkerError
from .futures import FutureBackend, Given, failed
from .one_thread import ONE_THREAD
from .protocol import ATTEMPTS
from .worker import know, pickled, process_known

_STOPPED = 1


@dataclass(slots=True, eq=False)
class _Given(Given):
    """An item with its worker, the pickled task and item, and how often it was begun."""

    worker: _Worker
    sent: tuple[bytes, bytes]
    attempts: int = 1

    @property
    def is_lost(self) -> bool:
        """The worker has died."""
        return _broke(self.future)


def _broke(future: Future[Any]) -> bool:
    """The process that was to bring it is dead."""
    return future.done() and not future.cancelled() and isinstance(future.exception(), BrokenProcessPool)


class Processes(FutureBackend):
    """Workers in processes of this machine.

    A process that dies is replaced, and what it was given is done again.

    Parameters
    ----------
    n_workers : int
        Processes at most; each is started when it is first needed.
    environment : mapping, optional
        Environment variables set in the workers.
    """

    name = "processes"
    shares_disk = True

    def __init__(self, n_workers: int, environment: Mapping[str, str] | None = None) -> None:
        start_quiet_tracker()
        watched, self._alive = multiprocessing.get_context("spawn").Pipe(duplex=False)
        variables = {**ONE_THREAD, **(environment or {})}
        self._workers = [_Worker(watched, variables) for _ in range(n_workers)]

    @property
    def n_workers(self) -> int:
        """Processes at most."""
        return len(self._workers)

    def _has_room(self, given: deque[Given], ahead: int) -> bool:
        """Whether a worker has less than `ahead`; always if nothing is under way, whatever was given up before."""
        is_free = min(worker.n_given for worker in self._workers) < ahead
        return not given or (is_free and super()._has_room(given, ahead))

    def _give(self, call: bytes, item: Any) -> Given:
        """Give an item to the worker that has the fewest."""
        worker = min(self._workers, key=lambda one: one.n_given)
        return worker.take(item, (call, pickled(item)))

    def _revive(self, given: deque[Given]) -> None:
        of_workers = [one for one in given if isinstance(one, _Given)]
        for worker in dict.fromkeys(one.worker for one in of_workers if one.is_lost):
            worker.begin_again([one for one in of_workers if one.worker is worker])

    def _wait(self, call: bytes, source: Iterator[Any], given: deque[Given]) -> None:
        wait([one.future for one in given if not one.future.done()], return_when=FIRST_COMPLETED)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._alive.close()
        for worker in self._workers:
            worker.end()
        self._alive.close()


class _Worker:
    """A pool of one process: when it dies, it is known on what.

    Parameters
    ----------
    watched : Connection
        Closed by the calling process when it ends.
    variables : dict
        Of the environment.
    """

    def __init__(self, watched: Connection, variables: dict[str, str]) -> None:
        self._initial = (watched, variables)
        self._start()

    def _start(self) -> None:
        self._given: list[Future[Any]] = []
        context = multiprocessing.get_context("spawn")
        self._knows: bytes | None = None
        self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare, initargs=self._initial)

    @property
    def n_given(self) -> int:
        """Items that it has and has not finished, or died of."""
        self._given = [future for future in self._given if not future.done() or _broke(future)]
        return len(self._given)

    def take(self, item: Any, sent: tuple[bytes, bytes]) -> _Given:
        """Give it a further item; in a new process if the last one has died with nothing to do."""
        try:
            future = self._submitted(*sent)
        except BrokenProcessPool as problem:
            if self.n_given:  # what it was given before is what it died of, and is begun again first
                future = failed(problem)
            else:
                self._start()
                future = self._submitted(*sent)
        self._given.append(future)
        return _Given(item, future, self, sent)

    def _submitted(self, task: bytes, item: bytes) -> Future[Any]:
        """A call in the process, which is told the task once."""
        if self._knows is not task:
            self._pool.submit(know, task)
            self._knows = task
        return self._pool.submit(process_known, item)

    def begin_again(self, given: list[_Given]) -> None:
        """Do what was not finished again, in the same order, in a new process; give up on what it died of too often."""
        lost = [one for one in given if one.is_lost or not one.future.done()]
        wait([one.future for one in lost])
        self._pool.shutdown(wait=True)
        self._start()
        if lost[0].attempts == ATTEMPTS:
            lost[0].future = failed(LostWorkerError([lost[0].item], f"a worker process died {ATTEMPTS} times"))
            del lost[0]
        else:
            lost[0].attempts += 1
        for one in lost:
            one.future = self.take(one.item, one.sent).future

    def end(self) -> None:
        """End the process behind what it does at the moment."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def start_quiet_tracker() -> None:
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
