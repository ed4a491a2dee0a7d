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


class Task(Protocol[Item_contra, Result_co]):
    """Work on items of one kind. Backends with workers in other processes pickle it."""

    def worker(self) -> Callable[[Item_contra], Result_co]:
        """What one more worker needs (work arrays, open files), as a function of an item."""


class Backend(Protocol):
    """Workers; a context manager. Leaving it by an exception ends what is under way.

    Attributes
    ----------
    n_workers : int
        How many items are processed at once.
    """

    n_workers: int

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
        BackendError
            If workers are lost. Whatever the work raises comes out where its result would; closing the generator, or
            any error, ends the work that is under way.
        """

    def __enter__(self) -> Self:
        """The backend."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go."""
