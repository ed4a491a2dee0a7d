"""Items made by a thread of their own, a few ahead of who takes them, so that reading goes on while others compute."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")
_END = object()


def ahead(items: Iterable[T], depth: int) -> Generator[T]:
    """The items, in order; an error in making one is raised where that item would have come.

    Parameters
    ----------
    items : iterable
        Iterated in another thread; when the generator is closed, that stops after the item at hand.
    depth : int
        How many are made before they are taken; with 0 there is no other thread.
    """
    if depth == 0:
        yield from items
        return
    waiting: queue.Queue[object] = queue.Queue(depth)
    stopped = threading.Event()
    problem: list[BaseException] = []

    def put(item: object) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def make() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
        except BaseException as error:  # handed to who takes the items
            problem.append(error)
        finally:
            put(_END)

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        while (item := waiting.get()) is not _END:
            yield item  # type: ignore[misc]
        if problem:
            raise problem[0]
    finally:
        stopped.set()
        maker.join()
