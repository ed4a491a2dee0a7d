"""Running tasks on workers: one small protocol, one module for each kind of worker.

A `Task` says what a worker needs and does; a `Backend` has the workers. Results come in the order of the items, or as
they are ready; which backend did the work can never be seen in them.
"""

from __future__ import annotations

from .protocol import Backend, Task, Work

__all__ = ["Backend", "Task", "Work"]
