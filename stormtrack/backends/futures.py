"""What backends whose workers are other processes have in common: a window of futures over the items."""

from __future__ import annotations

import abc
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from ..errors import LostWorkerError
from .protocol import AHEAD, Item, Result, Task
from .worker import pickled

NONE: Any = object()
"""No further item."""


@dataclass(slots=True, eq=False)
class Given:
    """An item that was given to a worker.

    Attributes
    ----------
    item : object
    future : Future
        Of its result, or anything with its methods.
    """

    item: Any
    future: Any


def failed(problem: BaseException) -> Future[Any]:
    """A future that raises."""
    future: Future[Any] = Future()
    future.set_exception(problem)
    return future


class FutureBackend(abc.ABC):
    """Items go out a few ahead, results come back; see `Backend`."""

    shares_memory = False
    reads_ahead = False
    shares_disk: bool

    @property
    @abc.abstractmethod
    def n_workers(self) -> int:
        """How many items are processed at once."""

    def map(self, task: Task[Item, Result], items: Iterable[Item], *, in_order: bool = True) -> Generator[Result]:
        """Results of all items; see `Backend`. The task, the items and the results are pickled."""
        call, source = self._sent(pickled(task)), iter(items)
        given: deque[Given] = deque()
        lost: list[LostWorkerError] = []
        try:
            while True:
                self._fill(call, source, given, AHEAD if in_order else 1)
                if not given:
                    break
                done = self._next(call, source, given, in_order=in_order)
                given.remove(done)
                try:
                    result = done.future.result()
                except LostWorkerError as problem:
                    if in_order:
                        raise
                    lost.append(problem)
                    continue
                yield result
        finally:
            self._drop(given)
        if lost:
            raise LostWorkerError([item for one in lost for item in one.items], lost[0].reason)

    def _fill(self, call: Any, source: Iterator[Any], given: deque[Given], ahead: int) -> None:
        """Give out items while there is room: `ahead` for each worker."""
        while self._has_room(given, ahead):
            one = self._taken(call, source)
            if one is None:
                return
            given.append(one)

    def _taken(self, call: Any, source: Iterator[Any]) -> Given | None:
        """The next item, given to a worker; None behind the last one. What the source raises becomes its result."""
        try:
            item = next(source, NONE)
            return None if item is NONE else self._give(call, item)
        except Exception as problem:
            return Given(None, failed(problem))

    def _next(self, call: Any, source: Iterator[Any], given: deque[Given], *, in_order: bool) -> Given:
        """The next item that is done; without order, one with a result if there is one."""
        while True:
            self._revive(given)
            done = [one for one in given if one.future.done()]
            if in_order and given[0].future.done():
                return given[0]
            if not in_order and done:
                return next((one for one in done if one.future.exception() is None), done[0])
            self._wait(call, source, given)

    def _sent(self, task: bytes) -> Any:
        """The pickled task in the form in which items are given with it."""
        return task

    def _has_room(self, given: deque[Given], ahead: int) -> bool:
        """Whether a further item can be given out."""
        return len(given) < ahead * self.n_workers

    @abc.abstractmethod
    def _give(self, call: Any, item: Any) -> Given:
        """Give an item to a worker."""

    def _revive(self, given: deque[Given]) -> None:
        """Do again what dead workers were given."""
        return  # others see to that

    @abc.abstractmethod
    def _wait(self, call: Any, source: Iterator[Any], given: deque[Given]) -> None:
        """Wait until something is done that was not, or do something meanwhile."""

    def _drop(self, given: deque[Given]) -> None:
        """Take back what nobody waits for."""
        for one in given:
            one.future.cancel()
