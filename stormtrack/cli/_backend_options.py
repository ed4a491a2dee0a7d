"""Options that say which workers search frames, and how a command comes to its ranks under MPI."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..backends.choice import NAMES, Wanted, Workers, wanted_of
from ..backends.mpi_environment import mpi_rank, mpi_size
from ..errors import MissingPackageError, UserInputError

_OF_RANKS = ("mpi", "auto")


def add_backend_options(parser: argparse.ArgumentParser, *, default: str = "serial", what: str = "frames") -> None:
    """Workers of a command: which are the default, and what they do."""
    group = parser.add_argument_group("workers; results are the same with any of them (docs/scaling.md)")
    group.add_argument(
        "--backend",
        choices=NAMES,
        help=f"who does the {what}: this process alone (serial), threads, processes, a Dask cluster, ranks of mpiexec; "
        f"auto takes MPI or processes, whichever is there and worth it, and says so (default: {default})",
    )
    group.add_argument(
        "--workers", type=int, metavar="N", help="how many (default: one for each processor); implies --backend auto"
    )
    group.add_argument("--scheduler", metavar="ADDRESS", help="of Dask (tcp://host:8786); implies --backend dask")


def workers_of(args: argparse.Namespace) -> Workers | None:
    """The workers that the options ask for; None: nothing is said.

    Raises
    ------
    UserInputError
        If they contradict one another.
    """
    asked = args.backend is not None or args.workers is not None or args.scheduler is not None
    if not asked and mpi_size() > 1 and not mpi_rank():
        sys.stderr.write(
            f"stormtrack: warning: MPI started {mpi_size()} ranks, each of which does all of the work and writes the "
            "output: say --backend mpi\n"
        )
    if asked and getattr(args, "threads", None) not in (None, 1):
        raise UserInputError("--threads N is --backend threads --workers N: leave out one of them")
    return wanted_workers(args.backend, args.workers, args.scheduler)


def wanted_workers(backend: str | None, workers: int | None, scheduler: str | None) -> Workers | None:
    """The workers that three texts of the user ask for; None if there is none of them."""
    if scheduler is not None:
        return Wanted(backend=backend or "dask", scheduler=scheduler, workers=workers)
    if backend == "mpi" and workers not in (None, mpi_size()):
        raise UserInputError(f"--workers {workers}: with MPI say it to the launcher, mpiexec -n {workers} ...")
    return wanted_of(backend, None if backend == "mpi" else workers)


def named_backend(args: Any) -> str | None:
    """The backend that the options name, or imply; None if they say nothing."""
    implied = "auto" if args.workers is not None and args.scheduler is None else None
    return args.backend or implied


def among_ranks(backend: str | None, action: Callable[[], int]) -> int:
    """Do something on rank 0 while the other ranks serve it; outside MPI just do it."""
    if backend not in _OF_RANKS or (backend == "auto" and mpi_size() == 1):
        return action()
    try:
        from ..backends.mpi import session

        with session() as first:
            return action() if first else 0
    except MissingPackageError:
        if mpi_rank():
            return 2  # rank 0 says it
        raise


def quiet_rank(words: Sequence[str]) -> None:
    """Let only rank 0 say what is wrong with a command line that all ranks get."""
    if mpi_rank() and any(word in _OF_RANKS or word.endswith(("=mpi", "=auto")) for word in words):
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
