"""Tasks whose engine works on a device (`jax`): who can do them.

One process has the device to itself: JAX takes most of a GPU's memory when it begins, so that a second process on it
fails. Ranks of MPI are allowed, because what starts them can give each a GPU of its own; so can whoever starts several
runs, which share the tasks.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..backends.choice import Wanted, Workers, chosen_backend
from ..errors import UserInputError
from ..settings.engines import ON_DEVICE
from ..storage.packages import need
from .tasks import Task, Tracking

_ALLOWED = ("serial", "mpi")


def suited(wanted: Workers | None, tasks: Iterable[Task]) -> Workers | None:
    """The workers that are wanted; for tasks on a device ``auto`` means the ranks of MPI, or this process alone.

    Raises
    ------
    UserInputError
        If tasks on a device would share it.
    MissingPackageError
        If JAX is not installed.
    """
    engines = [task.work.input.engine for task in tasks if isinstance(task.work, Tracking)]
    engine = next((name for name in engines if name in ON_DEVICE), None)
    if engine is None:
        return wanted
    need("jax", "jax", f"engine={engine!r}")
    if wanted is None or _is_left_to_us(wanted):
        return chosen_backend(Wanted(backend="auto", workers=1)).wanted
    name = wanted.backend if isinstance(wanted, Wanted) else wanted.name
    if name not in _ALLOWED:
        raise UserInputError(
            f"engine={engine!r} and the backend {name}: its workers would share one device, of which JAX takes most of "
            "the memory for each. Allowed are serial, and mpi with a GPU for each rank; or start one run for each GPU "
            "(CUDA_VISIBLE_DEVICES): they share the tasks"
        )
    return wanted


def _is_left_to_us(wanted: Workers) -> bool:
    """Whether the user leaves it to us which workers there are."""
    if not isinstance(wanted, Wanted) or wanted.backend != "auto":
        return False
    return wanted.workers in (None, 1) and wanted.scheduler is None and wanted.client is None
