"""Detection by two workers of every kind beside one: wall and processor seconds, and what a task costs.

One worker is `serial` held to one processor, as a job of one processor has it. Left free it reads and filters ahead in
a second thread, and so is faster than one processor and slower than two; that time is told too.

Ranks of MPI come from ``mpiexec -n 2 python -m benchmarks workers --ranks``.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

from stormtrack import detect, presets
from stormtrack.backends.protocol import Backend
from stormtrack.backends.serial import Serial
from stormtrack.campaigns.running import run_campaign
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample

FRAMES, REPEATS, TASKS = 5840, 5, 300
"""Four years of six-hourly fields; those of the campaign are of one year each."""
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
    work : str
    speed_up : float
        Of wall time beside one worker, median of the turns; other work on the machine falsifies it.
    wall, cpu : float
        Seconds of the work, median; processor seconds of all processes.
    serial_wall, serial_cpu : float
        Of one worker on one processor, in turns with it.
    free_wall : float
        Of one worker left free.
    task_ms : float
        Wall milliseconds of a task that does nothing, median of series of many.
    """

    backend: str
    work: str
    speed_up: float
    wall: float
    cpu: float
    serial_wall: float
    serial_cpu: float
    free_wall: float
    task_ms: float

    @property
    def bound(self) -> float:
        """Speed-up that two processors give if they do nothing else: twice the serial processor time by that of all."""
        return 2.0 * self.serial_cpu / self.cpu


class Nothing:
    """A task that does nothing but say where."""

    def worker(self) -> Callable[[int], int]:
        return lambda item: os.getpid()


class Work(Protocol):
    """What is timed."""

    name: str

    def run(self, backend: Backend) -> None: ...


class Detecting:
    """Detection in a series of 64 x 128 points, filtered to T42: ``stormtrack detect`` without its start."""

    name = "detect"

    def __init__(self, folder: Path, frames: int) -> None:
        self._file = folder / write_sample(folder, frames=frames).series
        self._preset = presets.vorticity_nh_t42()

    def run(self, backend: Backend) -> None:
        """Detect."""
        assert detect(self._file, self._preset, backend=backend).n_features


class DropIn:
    """A drop-in run on the filtered series, projected, with all of TRACK's files; without its start."""

    name = "drop-in"

    def __init__(self, folder: Path, frames: int) -> None:
        files = write_sample(folder, frames=frames)
        self._folder, self._answers = folder, (folder / files.maxima_answers).read_bytes()
        self._answers = self._answers.replace(files.initial.encode(), str(folder / files.initial).encode())
        run_answers(
            (folder / files.filter_answers).read_bytes(),
            input_path=folder / files.series,
            extension="_s",
            folder=folder,
            report=Silent(),
        )
        self._series = next(folder.glob("specfil*_s*"))

    def run(self, backend: Backend) -> None:
        """Detect, link, and write."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            run_answers(
                self._answers,
                input_path=self._series,
                extension="_x",
                folder=Path(folder),
                report=Silent(),
                workers=backend,
            )


def others_of(backend: Backend) -> set[int]:
    """The processes of all workers but this one."""
    if backend.shares_memory:
        return set()
    return set(backend.map(Nothing(), range(20 * backend.n_workers))) - {os.getpid()}


def processor_seconds(others: set[int]) -> float:
    """Of this process and of others, so far."""
    return time.process_time() + sum(_of(pid) for pid in others)


def _of(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICK


class Campaigning:
    """A campaign of 2 years, 2 signs and 2 hemispheres: eight tracks of files of a quarter of the frames each."""

    name = "campaign"

    def __init__(self, folder: Path, frames: int) -> None:
        for year in (1999, 2000):
            sample = write_sample(folder, frames=frames // 4, seed=year).series
            (folder / sample).rename(folder / f"vo_{year}.nc")
        self._folder, self._text = folder, CAMPAIGN.format(folder=folder)

    def run(self, backend: Backend) -> None:
        """Track everything."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            file = Path(folder) / "campaign.toml"
            file.write_text(self._text)
            assert run_campaign(file, backend=backend).finished == 8


CAMPAIGN = """
type = "campaign"
name = "workers"
folder = "results"
output = "{{sign}}/{{hemisphere}}_{{year}}.nc"
[axes]
year = [1999, 2000]
sign = ["cyclones", "anticyclones"]
hemisphere = ["nh", "sh"]
[input]
files = ["{folder}/vo_{{year}}.nc"]
[plan]
preset = "vorticity-{{hemisphere}}-t42"
[[changes]]
where = {{ sign = "anticyclones", hemisphere = "nh" }}
plan.searches = [{{ name = "NH", hemisphere = "N", minima = true }}]
[[changes]]
where = {{ sign = "anticyclones", hemisphere = "sh" }}
plan.searches = [{{ name = "SH", hemisphere = "S", minima = false }}]
"""


@contextmanager
def one_processor() -> Iterator[None]:
    """This thread, and what it starts, on one processor."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def timing(work: Work, backend: Backend, repeats: int, tasks: int) -> Timing:
    """One kind of workers beside one worker, in turns; all are warm."""
    kinds = {"one": Serial(), "free": Serial(), "two": backend}
    walls: dict[str, list[float]] = {kind: [] for kind in kinds}
    cpus: dict[str, list[float]] = {kind: [] for kind in kinds}
    work.run(backend)
    others = others_of(backend)
    for _ in range(repeats):
        for kind, workers in kinds.items():
            cpu, wall = processor_seconds(others), time.perf_counter()
            with one_processor() if kind == "one" else nullcontext():
                work.run(workers)
            walls[kind].append(time.perf_counter() - wall)
            cpus[kind].append(processor_seconds(others) - cpu)
    each = []
    for _ in range(repeats):
        start = time.perf_counter()
        list(backend.map(Nothing(), range(tasks)))
        each.append(1000 * (time.perf_counter() - start) / tasks)
    return Timing(
        backend=backend.name,
        work=work.name,
        speed_up=median(one / two for one, two in zip(walls["one"], walls["two"], strict=True)),
        wall=median(walls["two"]),
        cpu=median(cpus["two"]),
        serial_wall=median(walls["one"]),
        serial_cpu=median(cpus["one"]),
        free_wall=median(walls["free"]),
        task_ms=median(each),
    )


def table(timings: list[Timing]) -> str:
    """As docs/scaling.md has it."""
    head = (
        "| two workers | of | wall s, one / two (one left free) | speed-up | CPU s, one / two | bound by CPU "
        "| a task, ms | targets |\n"
    )
    rows = [head + "|---" * 8 + "|"]
    for one in timings:
        most = MOST_MS.get(one.backend)
        told = [f"{SPEED_UP} {'' if one.speed_up >= SPEED_UP else 'not '}reached"]
        if most is not None:
            told.append(f"{most:g} ms {'' if one.task_ms < most else 'not '}reached")
        rows.append(
            f"| {one.backend} | {one.work} | {one.serial_wall:.2f} / {one.wall:.2f} ({one.free_wall:.2f}) "
            f"| {one.speed_up:.2f} "
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


def _works(folder: Path, frames: int) -> list[Work]:
    made = []
    for kind in (Detecting, DropIn, Campaigning):
        own = folder / kind.name
        own.mkdir()
        made.append(kind(own, frames))
    return made


def measure(frames: int = FRAMES, repeats: int = REPEATS, tasks: int = TASKS) -> list[Timing]:
    """Threads, processes and Dask."""
    with tempfile.TemporaryDirectory() as folder, _backends() as backends:
        works = _works(Path(folder), frames)
        return [timing(work, backend, repeats, tasks) for work in works for backend in backends]


def measure_ranks(frames: int = FRAMES, repeats: int = REPEATS, tasks: int = TASKS) -> list[Timing]:
    """The ranks of this MPI run; on rank 0."""
    from stormtrack.backends.mpi import Mpi, session

    with session() as first:
        if not first:
            return []
        with tempfile.TemporaryDirectory() as folder, Mpi() as backend:
            return [timing(work, backend, repeats, tasks) for work in _works(Path(folder), frames)]


def run_workers(ranks: bool, json_file: Path | None) -> int:
    """Measure and print."""
    timings = measure_ranks() if ranks else measure()
    if timings:
        sys.stdout.write(table(timings) + "\n")
        if json_file is not None:
            json_file.write_text(json.dumps([asdict(one) for one in timings]))
    return 0
