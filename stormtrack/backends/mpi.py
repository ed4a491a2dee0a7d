"""Items processed by the ranks of an MPI run: rank 0 hands them out (mpi4py.futures), the others serve.

The command line opens a `session` around its work: all ranks of ``mpiexec -n N stormtrack ... --backend mpi`` come to
it, and only rank 0 goes on. In Python, ``mpiexec -n N python -m mpi4py.futures script.py`` does the same. When a rank
dies, MPI's launcher ends all of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import Any

from ..errors import BackendError, UserInputError
from ..storage.outputs import remove_unfinished
from ..storage.packages import need
from .futures import NONE, FutureBackend, Given, failed
from .one_thread import settle_threads
from .protocol import AHEAD
from .worker import pickled, process, work_of

FEW = 16
"""With fewer ranks than these, rank 0 processes items too while it waits; with more it has enough to do."""
_PATIENCE = 3.0
"""Seconds that ranks have to finish what they do when rank 0 ends by an error."""
_OPTIONS: dict[str, Any] = {"main": False, "initializer": settle_threads}
_MPICH = {
    "MPIR_CVAR_CH4_SHM_POSIX_IQUEUE_CELL_SIZE": "131072",
    "MPIR_CVAR_CH4_SHM_POSIX_IQUEUE_NUM_CELLS": "8",
    "MPIR_CVAR_CH4_PACK_BUFFER_SIZE": "131072",
}
"""Of MPICH, where a long result passes from rank to rank of a machine in pieces, one for each look of its
sender: of 128 KB, not 8. They take 1 MB of shared memory for each rank."""
_LOOKS = "MPI4PY_FUTURES_BACKOFF"
"""Variable of mpi4py: seconds between looks for messages, at most."""
_OF_FIRST, _OF_OTHERS = "0.002", "0.0003"
"""For rank 0, where each look stops the work for a moment; for the others, whose long results go on with each."""
_WAITING_EACH = 8
"""Items for each rank that are given out or done and wait for their turn, at most."""
_SESSIONS: list[Any] = []
"""The executor of the session, on rank 0."""
_ON_ONE_MACHINE: list[bool] = []
"""Whether all ranks of the session are; empty if nobody has asked them."""
_UNDER_WAY: set[Future[Any]] = set()
"""What other ranks were given and have not finished."""


def _package() -> Any:
    """mpi4py with its futures, MPI started."""
    package = need("mpi4py", "mpi", "--backend mpi")
    if not any(name in os.environ for name in _MPICH):
        os.environ.update(_MPICH)  # before MPI starts
    need("mpi4py.futures", "mpi", "--backend mpi")
    need("mpi4py.MPI", "mpi", "--backend mpi")
    return package


@contextmanager
def session() -> Iterator[bool]:
    """Ranks other than 0 serve until rank 0 leaves, and get False behind that; rank 0 gets True.

    Raises
    ------
    MissingPackageError
        Without mpi4py.
    """
    settle_threads()
    package = _package()
    _ON_ONE_MACHINE[:] = [_is_on_one_machine(package.MPI)]
    rank = package.MPI.COMM_WORLD.Get_rank()
    os.environ.setdefault(_LOOKS, _OF_OTHERS if rank else _OF_FIRST)
    if rank:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # rank 0 decides
    with package.futures.MPICommExecutor(**_OPTIONS) as executor:
        if executor is None:
            yield False
            return
        _SESSIONS.append(executor)
        try:
            yield True
        except BaseException as problem:
            _end(executor, problem)
            raise
        finally:
            _SESSIONS.remove(executor)


def _is_on_one_machine(mpi: Any) -> bool:
    """Whether all ranks share the memory of one machine; all of them have to ask."""
    together = mpi.COMM_WORLD.Split_type(mpi.COMM_TYPE_SHARED)
    try:
        return bool(together.Get_size() == mpi.COMM_WORLD.Get_size())
    finally:
        together.Free()


def _end(executor: Any, problem: BaseException) -> None:
    """Let the ranks finish what they do; those that take long are ended, and this one too, which says why."""
    executor.shutdown(wait=False, cancel_futures=True)
    _, busy = wait(_UNDER_WAY, timeout=_PATIENCE)
    if busy:
        sys.stderr.write(f"stormtrack: ranks are still at work {_PATIENCE:g} s after the end; MPI ends all of them\n")
        sys.stderr.write(f"stormtrack: {_words_of(problem)}\n")
        sys.stderr.flush()
        remove_unfinished()
        _package().MPI.COMM_WORLD.Abort(_status_of(problem))


def _words_of(problem: BaseException) -> str:
    """What a command says that ends by it."""
    return "interrupted" if isinstance(problem, KeyboardInterrupt) else f"error: {problem}"


def _status_of(problem: BaseException) -> int:
    """The exit status of a command that ends by it."""
    usual = (
        130 if isinstance(problem, KeyboardInterrupt) else 2 if isinstance(problem, (UserInputError, OSError)) else 1
    )
    return int(getattr(problem, "status", usual))


class Mpi(FutureBackend):
    """Workers in the ranks of this MPI run, this one among them; with one rank nothing but the caller.

    Raises
    ------
    MissingPackageError
        Without mpi4py.
    BackendError
        If other ranks do not serve.
    """

    name = "mpi"

    def __init__(self) -> None:
        package = _package()
        self._ranks: int = package.MPI.COMM_WORLD.Get_size()
        self._others: int = self._ranks - 1
        self._works_too = self._ranks < FEW
        self.shares_disk = _ON_ONE_MACHINE == [True]
        self._executor: Any = _SESSIONS[-1] if _SESSIONS else None
        self._is_own = False
        if self._executor is None and self._others:
            if getattr(package.futures._core, "SharedPool", None) is None:
                raise BackendError(
                    f"{self._ranks} ranks run this program, and none of them serves the others. Start it with "
                    "mpiexec -n N python -m mpi4py.futures SCRIPT, or use the command stormtrack with --backend mpi"
                )
            self._executor, self._is_own = package.futures.MPIPoolExecutor(**_OPTIONS), True

    @property
    def n_workers(self) -> int:
        """Number of ranks."""
        return self._ranks

    def _has_room(self, given: deque[Given], ahead: int) -> bool:
        """Whether the others have less than `ahead` each; what is done and waits for its turn is bounded too.

        Where this rank works, they always have one to go on with while it cannot give them any.
        """
        under_way = sum(not one.future.done() for one in given)
        most = (AHEAD if self._works_too else ahead) * self._others
        return under_way < most and len(given) < _WAITING_EACH * self._ranks

    def _give(self, call: bytes, item: Any) -> Given:
        future: Future[Any] = self._executor.submit(process, call, pickled(item))
        _UNDER_WAY.add(future)
        future.add_done_callback(_UNDER_WAY.discard)
        return Given(item, future)

    def _fill(self, call: bytes, source: Iterator[Any], given: deque[Given], ahead: int) -> None:
        super()._fill(call, source, given, ahead)
        if not given:
            self._work(call, source, given)

    def _wait(self, call: bytes, source: Iterator[Any], given: deque[Given]) -> None:
        if self._works_too and len(given) < _WAITING_EACH * self._ranks and self._work(call, source, given):
            return
        wait([one.future for one in given if not one.future.done()], return_when=FIRST_COMPLETED)

    def _work(self, call: bytes, source: Iterator[Any], given: deque[Given]) -> bool:
        """Process an item here, a new one or else one that no other rank has begun; whether there was one."""
        try:
            item = next(source, NONE)
        except Exception as problem:
            given.append(Given(NONE, failed(problem)))
            return True
        if item is not NONE:
            given.append(Given(item, _worked(call, item)))
            return True
        one = _not_begun(given)
        if one is None:
            return False
        one.future = _worked(call, one.item)
        return True

    def __enter__(self) -> Mpi:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_own:
            self._executor.shutdown(wait=True, cancel_futures=True)


def _not_begun(given: deque[Given]) -> Given | None:
    """The last item that was given to another rank and not begun there: it is taken back."""
    return next((one for one in reversed(given) if one.future.cancel()), None)


def _worked(call: bytes, item: Any) -> Future[Any]:
    """The result of an item, worked out here."""
    future: Future[Any] = Future()
    try:
        future.set_result(work_of(call)(item))
    except Exception as problem:
        return failed(problem)
    return future
