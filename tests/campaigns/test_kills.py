"""Runs killed at random times, the one that hands out or a worker of it: the bytes of an undisturbed run in the end.

``STORMTRACK_NIGHTLY=1``: 50 times with each backend, else 3; ``STORMTRACK_BACKENDS=dask,mpi``: with these only.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.campaigns.support import (
    NIGHTLY,
    PATIENCE,
    PRODUCTS,
    TASKS,
    backends,
    contents,
    environment_of,
    finish_as,
    finished,
    processes_of,
    recorded,
    start_with,
    wait_for,
    whole_so_far,
)

TIMES = 50 if NIGHTLY else 3
MARGIN = 1.2
"""Of the time of an undisturbed run: kills fall from before the first task to behind the last one."""
ALL_GONE = 5.0
"""Seconds after which nothing of a run is left when one process of it was killed (under MPI any one)."""


@dataclass
class Killing:
    """A campaign that is run with a backend, and killed.

    Attributes
    ----------
    path : Path
    backend : str
    delays : random.Random
        Says when, and which process.
    seen : dict of str to int
        How often what was killed; runs that had ended before do not count.
    """

    path: Path
    backend: str
    delays: random.Random
    seen: dict[str, int]

    def undisturbed(self) -> float:
        """Seconds of a run that nobody kills."""
        begin = time.monotonic()
        status, said = finished(start_with(self.backend, self.path))
        assert status == 0, said
        return time.monotonic() - begin

    def once(self, most: float) -> None:
        """Start a run, and kill it, or one of its workers, within so many seconds."""
        before = times_of_outputs(self.path)
        run = start_with(self.backend, self.path)
        end = time.monotonic() + self.delays.uniform(0.0, most)
        while time.monotonic() < end and run.poll() is None:
            time.sleep(0.01)
        whom = self.delays.choice(KINDS.get(self.backend, ("head",)))
        victims = list(self._victims(run, whom))
        victim = self.delays.choice(victims) if victims and run.poll() is None else None
        if victim is not None:
            self.seen[whom] = self.seen.get(whom, 0) + 1
            kill(victim)
        self._ended(run, whom if victim else "none")
        now = times_of_outputs(self.path)
        assert {name: now.get(name) for name in before} == before, "what is finished is not done again"

    def _victims(self, run: subprocess.Popen[str], whom: str) -> Iterator[int]:
        if whom == "head":
            yield run.pid
            return
        for pid in processes_of(self.path):
            told = environment_of(pid)
            if self.backend == "mpi":
                rank = told.get("PMI_RANK")
                if rank is not None and (rank == "0") == (whom == "rank 0"):
                    yield pid
            elif is_worker(pid):
                yield pid

    def _ended(self, run: subprocess.Popen[str], whom: str) -> None:
        """See to it that all of a run ends as it has to."""
        begin = time.monotonic()
        told = run.communicate(timeout=PATIENCE)
        if whom in ("none", "worker"):
            assert run.returncode == 0, told
        else:
            assert run.returncode != 0 or "tasks are finished" in told[1], told
        if whom in ("rank", "rank 0"):
            assert time.monotonic() - begin < ALL_GONE, told
            assert run.returncode == 0 or any(told), "MPI says that a rank has died"
        wait_for(lambda: time.monotonic() > begin + ALL_GONE or not any(processes_of(self.path)))
        assert [Path(f"/proc/{pid}/cmdline").read_text() for pid in processes_of(self.path)] == []


KINDS = {
    "processes": ("head", "worker"),
    "dask": ("head", "worker"),
    "mpi": ("head", "rank 0", "rank"),
}
"""What may be killed: what was started (under MPI the launcher), or one of the others."""


def is_worker(pid: int) -> bool:
    """Whether it is a process that Python's multiprocessing has spawned, as Dask's are too."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def times_of_outputs(path: Path) -> dict[str, int]:
    """When each output was written."""
    results = path.parent / "results"
    return {name: (results / name).stat().st_mtime_ns for name in contents(results)}


@pytest.mark.parametrize("backend", backends(("serial", "processes", "mpi")))
def test_killed_at_any_time(backend: str, place: Path, undisturbed: dict[str, bytes]) -> None:
    """Killed again and again at random times, then left alone: the bytes of an undisturbed run."""
    path, seen = place / "campaign.toml", dict[str, int]()
    killing = Killing(path, backend, random.Random(f"{backend} {TIMES}"), seen)
    most = MARGIN * killing.undisturbed()
    assert contents(place / "results") == undisturbed
    begin_again(path)
    while sum(seen.values()) < TIMES:
        killing.once(most)
        whole_so_far(path, undisturbed)
        if recorded(place / "results") >= TASKS + PRODUCTS:
            finish_as(path, undisturbed)
            begin_again(path)
    finish_as(path, undisturbed, backend)
    print(f"{backend}: {seen}")  # noqa: T201


def begin_again(path: Path) -> None:
    """Remove all results, so that tasks have to be done anew."""
    for file in (path.parent / "results").rglob("*.nc"):
        file.unlink()
    (path.parent / "results" / "manifest.json").unlink()
