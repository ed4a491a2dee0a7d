"""Backends by name, and which one suits: MPI if it was started so, an open Dask client, processes, or no others.

``auto`` takes what the environment offers first; without any it depends on how much there is to do, by the times of
docs/scaling.md.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import UserInputError, did_you_mean
from .mpi_environment import mpi_size
from .protocol import Backend

NAMES = ("auto", "serial", "threads", "processes", "dask", "mpi")
MOST_WORKERS = 4096


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wanted:
    """Which workers the user wants.

    Attributes
    ----------
    backend : str
        One of `NAMES`.
    workers : int, optional
        How many; by default one for each processor that this process may use. Not for MPI, which has its ranks.
    scheduler : str, optional
        Address of a Dask scheduler.
    client : distributed.Client, optional
        That is open.

    Raises
    ------
    UserInputError
        If there is no such backend, or it has no use for the rest.
    """

    backend: str = "serial"
    workers: int | None = None
    scheduler: str | None = None
    client: Any = None

    def __post_init__(self) -> None:
        if self.backend not in NAMES:
            raise UserInputError(
                f"there is no backend '{self.backend}'{did_you_mean(self.backend, NAMES)}; there are {', '.join(NAMES)}"
            )
        if self.workers is not None and not 1 <= self.workers <= MOST_WORKERS:
            raise UserInputError(f"{self.workers} workers: 1 to {MOST_WORKERS} are allowed")
        at_dask = self.scheduler is not None or self.client is not None
        if at_dask and self.backend not in ("auto", "dask"):
            raise UserInputError(f"a scheduler of Dask was named, and the backend {self.backend}: use the backend dask")
        if at_dask and self.workers is not None:
            raise UserInputError("a scheduler of Dask has its workers: leave out their number")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Which backend is taken, and why.

    Attributes
    ----------
    wanted : Wanted
        With a backend other than ``auto``.
    reason : str
        Empty if the user named it.
    """

    wanted: Wanted
    reason: str = ""

    def backend(self) -> Backend:
        """The backend, to be entered; see `make_backend`."""
        return make_backend(self.wanted)

    def __str__(self) -> str:
        return f"backend {self.wanted.backend}: {self.reason}" if self.reason else f"backend {self.wanted.backend}"


def processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def chosen_backend(wanted: Wanted, *, seconds: float | None = None) -> Choice:
    """What ``auto`` stands for here and now; other names stand for themselves.

    Parameters
    ----------
    wanted : Wanted
    seconds : float, optional
        How long the work takes one worker, about, as far as it is known.
    """
    if wanted.backend == "serial" and wanted.workers not in (None, 1):
        return Choice(wanted=Wanted(), reason=f"it has one worker, {wanted.workers} were asked for")
    if wanted.backend != "auto":
        return Choice(wanted=wanted)
    if wanted.scheduler is not None or wanted.client is not None:
        given = Wanted(backend="dask", scheduler=wanted.scheduler, client=wanted.client)
        return Choice(wanted=given, reason="a scheduler was named")
    ranks = mpi_size()
    if ranks > 1:
        return Choice(wanted=Wanted(backend="mpi"), reason=f"MPI started {ranks} ranks")
    client = running_client()
    if client is not None and wanted.workers is None:
        return Choice(wanted=Wanted(backend="dask", client=client), reason=f"a client of Dask is open ({client})")
    count = processors() if wanted.workers is None else wanted.workers
    if count == 1:
        return Choice(wanted=Wanted(), reason="one processor")
    if seconds is not None and seconds < WORTH_PROCESSES:
        if seconds < WORTH_THREADS:
            return Choice(wanted=Wanted(), reason=f"{seconds:.1g} s of work are not worth further workers")
        named = Wanted(backend="threads", workers=count)
        return Choice(wanted=named, reason=f"{seconds:.1g} s of work end before processes have started")
    reason = f"{count} processors, neither MPI nor an open client of Dask"
    return Choice(wanted=Wanted(backend="processes", workers=count), reason=reason)


WORTH_THREADS = 0.1
WORTH_PROCESSES = 3.0
"""Seconds of work of one worker from which further threads, or processes, gain (docs/scaling.md)."""


def running_client() -> Any:
    """The Dask client that is open in this process; None without one."""
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return None
    try:
        return distributed.get_client()
    except ValueError:
        return None


Workers = Wanted | Backend
"""Workers as they are handed on: which are wanted, or those that somebody has opened."""


def wanted_of(backend: Any, workers: int | None = None) -> Workers | None:
    """Workers as users name them.

    Parameters
    ----------
    backend : str, Backend, distributed.Client, cluster of Dask, or None
        A name, the address of a Dask scheduler (``tcp://...``), or what is open already.
    workers : int, optional
        How many.

    Returns
    -------
    Wanted, Backend or None
        None if nothing was said.

    Raises
    ------
    UserInputError
        If that is no backend.
    """
    if backend is None:
        return None if workers is None else Wanted(backend="auto", workers=workers)
    if isinstance(backend, str):
        if "://" in backend:
            return Wanted(backend="dask", scheduler=backend, workers=workers)
        return Wanted(backend=backend, workers=workers)
    if isinstance(backend, Wanted) or hasattr(backend, "shares_memory"):
        opened: Workers = backend
        return opened
    if hasattr(backend, "submit") and hasattr(backend, "nthreads"):
        return Wanted(backend="dask", client=backend, workers=workers)
    address = getattr(backend, "scheduler_address", None)
    if isinstance(address, str):
        return Wanted(backend="dask", scheduler=address, workers=workers)
    raise UserInputError(
        f"{type(backend).__name__} is no backend; allowed are {', '.join(NAMES)}, the address of a Dask scheduler, a "
        "client or cluster of Dask, and what stormtrack.backends makes"
    )


@contextmanager
def entered(
    workers: Workers | None, tell: Callable[[str], object], *, threads: int = 1, seconds: float | None = None
) -> Iterator[Backend]:
    """The workers that are wanted, opened; those that somebody has opened stay open.

    Parameters
    ----------
    workers : Wanted, Backend or None
        None: `threads` of this process.
    tell : callable
        Hears what ``auto`` chose, and why.
    threads : int
    seconds : float, optional
        As that of `chosen_backend`.
    """
    if workers is None:
        workers = Wanted(backend="threads", workers=threads) if threads > 1 else Wanted()
    if not isinstance(workers, Wanted):
        yield workers
        return
    choice = chosen_backend(workers, seconds=seconds)
    if choice.reason:
        tell(str(choice))
    with choice.backend() as backend:
        yield backend


def make_backend(wanted: Wanted) -> Backend:
    """The backend that is wanted, to be entered.

    Raises
    ------
    MissingPackageError
        If its package is not installed.
    BackendError
        If its workers cannot be had.
    """
    if wanted.backend == "auto":
        return chosen_backend(wanted).backend()
    count = processors() if wanted.workers is None else wanted.workers
    if wanted.backend == "dask":
        from .dask import Dask

        at_address = wanted.scheduler is not None or wanted.client is not None
        return Dask(None if at_address else count, scheduler=wanted.scheduler, client=wanted.client)
    if wanted.backend == "mpi":
        from .mpi import Mpi

        return Mpi()
    if wanted.backend == "processes":
        from .processes import Processes

        return Processes(count)
    if wanted.backend == "threads":
        from .threads import Threads

        return Threads(count)
    from .serial import Serial

    return Serial()
