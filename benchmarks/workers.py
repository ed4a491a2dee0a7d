"""Detection by two workers of every kind beside one: wall and processor seconds, and what a task costs.


Ranks of MPI come from ``mpiexec -n 2 python -m benchmarks workers --ranks``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from stormtrack import detect, presets
from stormtrack.backends.protocol import Backend
from stormtrack.backends.serial import Serial
from stormtrack.sample import write_sample

FRAMES, REPEATS, TASKS = 2000, 3, 300
SPEED_UP = 1.9
MOST_MS = {"processes": 10.0, "mpi": 10.0, "dask": 25.0}
"""Allowed for each task."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One kind of workers.

    Attributes
    ----------
    backend : str
    wall, cpu : float
        Seconds of detection, median; processor seconds of all processes.
    serial_wall, serial_cpu : float
        Of one worker, in turns with it.
    task_ms : float
        Wall milliseconds of a task that does nothing, median of series of many.
    """

    backend: str
    wall: float
    cpu: float
    serial_wall: float
    serial_cpu: float
    task_ms: float

    @property
    def speed_up(self) -> float:
        """Of wall time; other work on the machine falsifies it."""
        return self.serial_wall / self.wall

    @property
    def bound(self) -> float:
        """Speed-up that two processors give if they do nothing else: twice the serial processor time by that of all."""
        return 2.0 * self.serial_cpu / self.cpu


class Nothing:
    """A task that does nothing but say where, and for how long this process has worked."""

    def worker(self) -> Callable[[int], tuple[int, float]]:
        return lambda item: (os.getpid(), time.process_time())


class Detecting:
    """Detection in a series of 64 x 128 points, filtered to T42: ``stormtrack detect`` without its start."""

    def __init__(self, folder: Path, frames: int) -> None:
        self._file = folder / write_sample(folder, frames=frames).series
        self._preset = presets.vorticity_nh_t42()

    def run(self, backend: Backend) -> int:
        """Detect; the number of features."""
        return detect(self._file, self._preset, backend=backend).n_features


def processor_seconds(backend: Backend) -> float:
    """Of this process and of all workers, so far."""
    if backend.shares_memory:
        return time.process_time()
    seen = dict(backend.map(Nothing(), range(20 * backend.n_workers)))
    seen.pop(os.getpid(), None)
    return time.process_time() + sum(_of(pid) for pid in seen)


def _of(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICK


def timing(detecting: Detecting, backend: Backend, repeats: int, tasks: int) -> Timing:
    """One kind of workers beside one worker, in turns; all are warm."""
    walls: dict[bool, list[float]] = {True: [], False: []}
    cpus: dict[bool, list[float]] = {True: [], False: []}
    detecting.run(backend)
    for _ in range(repeats):
        for alone, one in ((True, Serial()), (False, backend)):
            cpu, wall = processor_seconds(one), time.perf_counter()
            detecting.run(one)
            walls[alone].append(time.perf_counter() - wall)
            cpus[alone].append(processor_seconds(one) - cpu)
    each = []
    for _ in range(repeats):
        start = time.perf_counter()
        list(backend.map(Nothing(), range(tasks)))
        each.append(1000 * (time.perf_counter() - start) / tasks)
    return Timing(
        backend=backend.name,
        wall=median(walls[False]),
        cpu=median(cpus[False]),
        serial_wall=median(walls[True]),
        serial_cpu=median(cpus[True]),
        task_ms=median(each),
    )


def table(timings: list[Timing]) -> str:
    """As docs/scaling.md has it."""
    head = "| two workers | wall s, one / two | speed-up | CPU s, one / two | bound by CPU | a task, ms | targets |\n"
    rows = [head + "|---|---|---|---|---|---|---|"]
    for one in timings:
        most = MOST_MS.get(one.backend)
        told = [f"{SPEED_UP} {'' if one.speed_up >= SPEED_UP else 'not '}reached"]
        if most is not None:
            told.append(f"{most:g} ms {'' if one.task_ms < most else 'not '}reached")
        rows.append(
            f"| {one.backend} | {one.serial_wall:.2f} / {one.wall:.2f} | {one.speed_up:.2f} "
            f"| {one.serial_cpu:.2f} / {one.cpu:.2f} | {one.bound:.2f} | {one.task_ms:.2f} | {', '.join(told)} |"
        )
    return "\n".join(rows)


@contextmanager
def _backends() -> Iterator[list[Backend]]:
    from stormtrack.backends.dask import Dask
    from stormtrack.backends.processes import Processes
    from stormtrack.backends.threads import Threads

    with Processes(2) as processes, Dask(2) as dask:
        yield [Threads(2), processes, dask]


def measure(frames: int = FRAMES, repeats: int = REPEATS, tasks: int = TASKS) -> list[Timing]:
    """Threads, processes and Dask."""
    with tempfile.TemporaryDirectory() as folder, _backends() as backends:
        detecting = Detecting(Path(folder), frames)
        return [timing(detecting, backend, repeats, tasks) for backend in backends]


def measure_ranks(frames: int = FRAMES, repeats: int = REPEATS, tasks: int = TASKS) -> list[Timing]:
    """The ranks of this MPI run; on rank 0."""
    from stormtrack.backends.mpi import Mpi, session

    with session() as first:
        if not first:
            return []
        with tempfile.TemporaryDirectory() as folder, Mpi() as backend:
            return [timing(Detecting(Path(folder), frames), backend, repeats, tasks)]


def run_workers(ranks: bool, json_file: Path | None) -> int:
    """Measure and print."""
    timings = measure_ranks() if ranks else measure()
    if timings:
        sys.stdout.write(table(timings) + "\n")
        if json_file is not None:
            json_file.write_text(json.dumps([asdict(one) for one in timings]))
    return 0
