"""Jobs run side by side in worker processes."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker

from ...errors import StormtrackError
from .plan import table_paths
from .worker import Job, Outcome, perform, prepare


class WorkersLost(StormtrackError):
    """A worker process died (killed from outside, or by a fault in a library)."""


class Workers:
    """A pool of processes; a context manager. Leaving it by an exception ends the runs that are still going.

    Processes are spawned, not forked: nothing of this process (threads, open files, locks) gets into them.

    Parameters
    ----------
    count : int
        Processes at most.
    """

    def __init__(self, count: int) -> None:
        _start_quiet_tracker()
        context = multiprocessing.get_context("spawn")
        watched, self._alive = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            count, mp_context=context, initializer=prepare, initargs=(watched, table_paths(os.environ))
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._alive.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._alive.close()

    def outcomes(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Run jobs; gives their outcomes as they end.

        Raises
        ------
        WorkersLost
            If a process died; the message names the jobs that may have been the reason.
        """
        waiting: dict[Future[Outcome], Job] = {self._pool.submit(perform, job): job for job in jobs}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            lost = sorted(waiting[f].name for f in done if isinstance(f.exception(), BrokenProcessPool))
            for future in done:
                if waiting.pop(future).name not in lost:
                    yield future.result()
            if lost:
                raise WorkersLost(
                    f"a worker process died during one of {', '.join(lost[:8])}{', ...' if len(lost) > 8 else ''}; if "
                    "memory ran out, use fewer workers. The same command goes on"
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
