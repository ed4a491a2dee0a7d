"""What a task and a backend offer each other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from types import TracebackType
from typing import Protocol, Self, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

Work = Callable[[Item], Result]
"""What one worker does with an item; never called by two threads at once."""

AHEAD = 2
"""Items under way for each worker: one being processed, one waiting."""

ATTEMPTS = 3
"""How often an item is begun, at most, if the workers that process it die."""


class Task(Protocol[Item_contra, Result_co]):
    """Work on items of one kind. Backends with workers in other processes pickle it.

    One that has the attribute ``takes_turns = True`` is never at work in two threads of one worker process (of a Dask
    cluster) at once: it reads or writes NetCDF files, by a library that is not made for threads.
    """

    def worker(self) -> Callable[[Item_contra], Result_co]:
        """What one more worker needs (work arrays, open files), as a function of an item."""


class Backend(Protocol):
    """Workers; a context manager. Leaving it by an exception ends what is under way.

    Attributes
    ----------
    name : str
        By which it is chosen.
    n_workers : int
        How many items are processed at once.
    shares_memory : bool
        Workers are threads of this process: tasks and items are not pickled, and may write to shared arrays and files.
    shares_disk : bool
        Workers run on this machine, or are threads of this process: they can open the files that it writes.
    reads_ahead : bool
        One more thread of this process reads and filters frames while workers that share its memory are busy.
    """

    name: str
    shares_memory: bool
    shares_disk: bool
    reads_ahead: bool

    @property
    def n_workers(self) -> int: ...

    def map(
        self, task: Task[Item, Result], items: Iterable[Item], *, in_order: bool = True
    ) -> Generator[Result, None, None]:
        """Results of all items.

        Parameters
        ----------
        task : Task
        items : iterable
            Taken a few ahead of the results only.
        in_order : bool
            Results in the order of the items; else as they are ready.

        Raises
        ------
        LostWorkerError
            If an item was begun `ATTEMPTS` times and its worker died each time (under MPI a dead rank ends all);
            without order when all other items are done. Whatever the work raises comes out where its result would;
            closing the generator, or any error, ends the work that is under way.
        """

    def __enter__(self) -> Self:
        """The backend."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go."""
