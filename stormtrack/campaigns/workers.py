"""Workers for campaigns, by the name of their backend."""

from __future__ import annotations

from ..backends.processes import Processes
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..backends.threads import Threads
from ..errors import UserInputError, did_you_mean

NAMES = ("auto", "serial", "threads", "processes")


def workers(name: str, count: int) -> Backend:
    """Workers of a backend.

    Raises
    ------
    UserInputError
        If there is none of that name.
    """
    if name not in NAMES:
        raise UserInputError(f"there is no backend '{name}'{did_you_mean(name, NAMES)}; there are {', '.join(NAMES)}")
    if name == "serial" or (name == "auto" and count == 1):
        return Serial()
    return Threads(count) if name == "threads" else Processes(count)
