"""Items processed by the workers of a Dask cluster: one of this machine, one at an address, a client that is open.

A worker that dies is replaced or left out by Dask, which does its items again.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ..errors import BackendError, LostWorkerError, UserInputError
from ..storage.packages import need
from .futures import FutureBackend, Given
from .processes import start_quiet_tracker
from .protocol import ATTEMPTS
from .worker import pickled, process, work_of

_WAITING = 30
"""Seconds for a scheduler to answer."""

_OF_OWN_CLUSTER = {
    "distributed.scheduler.allowed-failures": ATTEMPTS - 2,
    "distributed.deploy.lost-worker-timeout": "10 days",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.worker-saturation": "inf",
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "10s",
}
"""Its nannies replace workers that die: the cluster may not take one for gone that is about to come back. Copies of
the task stay. Workers have the next item before they ask for it, and are not stopped up to a hundred times a second for
statistics of Dask's."""
_FAREWELL = 2
"""Seconds for a cluster that has to end."""
_LOOK_AGAIN = 1.0
"""Seconds after which futures are looked at although nothing was heard of them."""


class Dask(FutureBackend):
    """Workers of a Dask cluster.

    Parameters
    ----------
    n_workers : int, optional
        Processes of a cluster of this machine, of one thread each; without `scheduler` and `client`.
    scheduler : str, optional
        Address of a scheduler that runs.
    client : distributed.Client, optional
        That is open, and stays so.

    Raises
    ------
    MissingPackageError
        Without the package distributed.
    UserInputError
        If no scheduler answers at the address.
    """

    name = "dask"

    def __init__(self, n_workers: int | None = None, *, scheduler: str | None = None, client: Any = None) -> None:
        self._distributed = need("distributed", "distributed", "--backend dask")
        self._cluster: Any = None
        self._config: Any = None
        self._client: Any = None
        self._opened = client is None
        self.shares_disk = client is None and scheduler is None
        if client is None:
            client = self._connected(scheduler) if scheduler else self._local(n_workers or 1)
        self._client = client
        self._something = threading.Event()
        self._least = 1 if n_workers is None else n_workers

    def _connected(self, scheduler: str) -> Any:
        try:
            return self._distributed.Client(scheduler, timeout=_WAITING, set_as_default=False)
        except (OSError, ValueError, TypeError) as problem:
            raise UserInputError(
                f"no scheduler of Dask answers at '{scheduler}' ({problem}); give the address that dask scheduler "
                "prints, such as tcp://host:8786"
            ) from problem

    def _local(self, n_workers: int) -> Any:
        """A cluster of processes of one thread; what memory they take is the user's business."""
        self._config = need("dask", "dask", "--backend dask").config.set(_OF_OWN_CLUSTER)
        with _deaf():
            self._cluster = self._distributed.LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,
            )
        try:
            self._cluster.scale(n_workers)  # they come while the work begins
            return self._distributed.Client(self._cluster, set_as_default=False)
        except BaseException:
            self._end_cluster()
            raise

    @property
    def n_workers(self) -> int:
        """Threads of all workers that are there now; clusters may grow."""
        there: int = sum(self._client.nthreads().values())
        return max(self._least, there)

    def _sent(self, task: bytes) -> Any:
        """The task as a future, which can be made again; copied to all workers, or items would go where it is."""
        sent = self._client.submit(bytes, task, pure=False)
        self._client.replicate([sent])
        return sent

    def _has_room(self, given: deque[Given], ahead: int) -> bool:
        return super()._has_room(given, ahead) and not _suspects(given)

    def _give(self, call: Any, item: Any) -> Given:
        return Given(item, _Future(self._submitted(call, item), self._distributed, (call, item)))

    def _submitted(self, call: Any, item: Any) -> Any:
        if getattr(item, "is_lazy", False):
            dask = need("dask", "dask", "lazy fields")
            future = self._client.compute(dask.delayed(_process, pure=False)(call, item))
        else:
            future = self._client.submit(process, call, pickled(item), pure=False)
        future.add_done_callback(lambda _: self._something.set())
        return future

    def _revive(self, given: deque[Given]) -> None:
        """Do items whose workers died once more, one by one: Dask blames all that the worker had."""
        suspects = _suspects(given)
        if suspects and all(one in suspects or one.future.done() for one in given):
            for one in suspects:
                one.future.tried_alone(self._submitted)

    def _wait(self, call: Any, source: Iterator[Any], given: deque[Given]) -> None:
        self._something.wait(_LOOK_AGAIN)
        self._something.clear()

    def __enter__(self) -> Dask:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._cluster is not None:
            self._end_cluster()
            return
        if self._opened:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()
            self._config.__exit__(None, None, None)

    def _end_cluster(self) -> None:
        """Let the own cluster go without its farewells: what its workers do is of no use."""
        self._cluster.shutdown_on_close = False
        for close in (self._client and self._client.close, self._cluster.close):
            with suppress(Exception):
                close(timeout=_FAREWELL)
        self._config.__exit__(None, None, None)


@contextmanager
def _deaf() -> Iterator[None]:
    """Threads started meanwhile, and all that they start, do not hear Ctrl-C and the end of the terminal.

    The thread of a cluster starts its workers. This process hears, and decides.
    """
    start_quiet_tracker()  # whoever starts it lets the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _suspects(given: deque[Given]) -> list[Given]:
    return [one for one in given if isinstance(one.future, _Future) and one.future.is_suspect]


def _process(task: bytes, item: Any) -> Any:
    """`process` of an item whose lazy parts Dask has computed."""
    return work_of(task)(item)


class _Future:
    """A future of Dask with the methods and errors of the others.

    Attributes
    ----------
    is_suspect : bool
        Workers died of it, or of another item that they had.
    """

    def __init__(self, future: Any, distributed: Any, given: tuple[Any, Any]) -> None:
        self._future, self._distributed, self._given = future, distributed, given
        self._was_alone = False

    @property
    def is_suspect(self) -> bool:
        if self._was_alone or self._future.status != "error":
            return False
        return isinstance(self._future.exception(), self._distributed.KilledWorker)

    def tried_alone(self, submitted: Callable[[Any, Any], Any]) -> None:
        """Do it again and wait for it: what workers die of now is this item."""
        self._future, self._was_alone = submitted(*self._given), True
        self.exception()

    def done(self) -> bool:
        """Whether there is a result or an error to be handed on."""
        return bool(self._future.done()) and not self.is_suspect

    def cancel(self) -> None:
        """Give it up."""
        self._future.cancel()

    def exception(self) -> BaseException | None:
        """What it raised; waits for it."""
        found: BaseException | None = self._future.exception()
        return found

    def result(self) -> Any:
        """The result, or what it raised."""
        try:
            return self._future.result()
        except self._distributed.KilledWorker as problem:
            raise LostWorkerError([self._given[1]], "workers of Dask died again and again") from problem
        except self._distributed.CancelledError as problem:
            raise BackendError(f"Dask gave up {self._given[1]}: {problem}; the same command goes on") from problem
