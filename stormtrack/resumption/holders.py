"""Who holds something: a process, told so that others can find out whether it still lives.

No clock is asked: on one machine the system knows whether a process lives, and from elsewhere only a sign of life that
goes on counts (`stormtrack.campaigns.claims`).
"""

from __future__ import annotations

import functools
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_START = 19
"""Field of ``/proc/PID/stat`` behind the name that says when the process started, in ticks since the start of the
machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process on a machine.

    Attributes
    ----------
    host : str
        Name of the machine.
    pid : int
    boot : str
        What tells this start of the machine, and its processes, from others; empty where the system does not say.
    started : str
        When the process started, as the system counts; a later process of the same number differs.
    """

    host: str
    pid: int
    boot: str = ""
    started: str = ""

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    @property
    def is_near(self) -> bool:
        """Whether it runs, or ran, where this process can see it."""
        return self.host == socket.gethostname() and self.boot in ("", boot())

    @property
    def is_alive(self) -> bool | None:
        """Whether it lives; None where that cannot be seen from here."""
        if not self.is_near:
            return None
        if not process_exists(self.pid) or _stat(self.pid)[:1] in (["Z"], ["X"]):
            return False
        return not self.started or started(self.pid) in ("", self.started)

    def as_table(self) -> dict[str, Any]:
        """For a file; `holder_of` reads it."""
        return asdict(self)


def this_process() -> Holder:
    """The process that asks."""
    return Holder(host=socket.gethostname(), pid=os.getpid(), boot=boot(), started=started(os.getpid()))


def holder_of(table: Any) -> Holder | None:
    """A holder from what stands in a file; None if nothing that can be used."""
    if not isinstance(table, dict) or not isinstance(table.get("pid"), int) or not isinstance(table.get("host"), str):
        return None
    texts = {name: str(table.get(name) or "") for name in ("boot", "started")}
    return Holder(host=table["host"], pid=table["pid"], **texts)


def process_exists(pid: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@functools.cache
def boot() -> str:
    """This start of the machine, and the name space of its processes (containers have their own)."""
    try:
        return f"{_BOOT.read_text().strip()} {_NAMESPACE.stat().st_ino}"
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a process started, as the system counts; empty where it does not say."""
    fields = _stat(pid)
    return fields[_START] if len(fields) > _START else ""


def _stat(pid: int) -> list[str]:
    """What the system says of a process, behind its name: first its state (Z: it has ended)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
