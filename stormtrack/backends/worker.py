"""What runs in a worker of another process: the task is unpickled once, then does item after item."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from typing import Any

from .protocol import Task

_OWN = threading.local()
"""Of each thread: the pickled task that it works for, and its work."""


def pickled(thing: object) -> bytes:
    """A task or an item as bytes; with cloudpickle, which comes with Dask, where it holds functions without a name."""
    try:
        return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        try:
            import cloudpickle
        except ImportError:
            cloudpickle = None
        if cloudpickle is None:
            raise
        return bytes(cloudpickle.dumps(thing))


_KNOWN: list[bytes] = [b""]
"""The task that this process works for, pickled."""


def know(task: bytes) -> None:
    """Learn what is to be done with the items that come."""
    _KNOWN[0] = task


def process_known(item: bytes) -> Any:
    """The result of one pickled item of the task that is known."""
    return process(_KNOWN[0], item)


def process(task: bytes, item: bytes) -> Any:
    """The result of one pickled item; the work is kept for the next item of the same task."""
    return work_of(task)(pickle.loads(item))


def work_of(task: bytes) -> Callable[[Any], Any]:
    """The work of a pickled task, one for each thread."""
    if getattr(_OWN, "task", None) != task:
        _OWN.task = _OWN.work = None  # the work of the task before is let go first
        with _TURN:
            made: Task[Any, Any] = pickle.loads(task)
            work = made.worker()
        _OWN.work = _in_turn(work) if getattr(made, "takes_turns", False) else work
        _OWN.task = task
    known: Callable[[Any], Any] = _OWN.work
    return known


_TURN = threading.Lock()
"""Held by what may not go on in two threads of one process at the same time."""


def _in_turn(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, one thread after the other."""

    def worked(item: Any) -> Any:
        with _TURN:
            return work(item)

    return worked
