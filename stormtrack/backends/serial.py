"""Items processed one by one in the calling thread."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from .protocol import Item, Result, Task


class Serial:
    """No worker but the caller.

    Parameters
    ----------
    reads_ahead : bool
        See `Backend`; where this is the one thread of a worker, it reads too.
    """

    name = "serial"
    n_workers = 1
    shares_memory = True
    shares_disk = True

    def __init__(self, *, reads_ahead: bool = True) -> None:
        self.reads_ahead = reads_ahead

    def map(self, task: Task[Item, Result], items: Iterable[Item], *, in_order: bool = True) -> Generator[Result]:
        """Results as they are asked for; see `Backend`."""
        work = task.worker()
        for item in items:
            yield work(item)

    def __enter__(self) -> Serial:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to let go."""
