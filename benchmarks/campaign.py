"""Campaigns: what a task costs beside its work, and a campaign of 40 years and 25 members on paper.

``python -m benchmarks.campaign overhead --backend processes`` does empty tasks with all that a campaign does
about one (claim, dispatch, record, renaming); under ``mpiexec -n 3`` with ``--backend mpi``.
``python -m benchmarks.campaign simulate`` has workers take tasks whose times were measured.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from stormtrack.backends.choice import entered, wanted_of
from stormtrack.backends.protocol import Backend
from stormtrack.campaigns.claims import Claims
from stormtrack.campaigns.expansion import Tasks
from stormtrack.campaigns.ledger import Ledger
from stormtrack.campaigns.runner import Conduct, Run
from stormtrack.campaigns.tasks import Task, Tracking
from stormtrack.campaigns.work import Assignment, Outcome, Performing
from stormtrack.cli._backend_options import among_ranks
from stormtrack.run.report import Silent
from stormtrack.settings.campaign import CampaignInput

ALLOWED = {"serial": 10.0, "threads": 10.0, "processes": 10.0, "mpi": 10.0, "dask": 25.0}
"""Milliseconds a task."""
KIB = 1024


class Empty(Performing):
    """Writes a file of one byte for each task; reads nothing."""

    __slots__ = ()

    def perform(self, given: Assignment) -> Outcome:
        """Do as good as nothing."""
        Path(given.staged).write_bytes(b".")
        return Outcome(task=given.task.name, sha256="0" * 64, bytes=1, figures={"seconds": 0.0})


def empty_tasks(folder: Path, count: int) -> Tasks:
    """So many tasks without inputs."""
    given = CampaignInput(files=())
    work = Tracking(plan="", input=given, files=(), names=())
    tasks = (Task(name=f"n={n}", output=f"{n % 10}/{n}.nc", work=work, settings="0" * 64) for n in range(count))
    return Tasks(folder=folder, tracking=tuple(tasks))


def overhead(backend: str, workers: int | None, count: int) -> dict[str, float]:
    """Milliseconds of a task without work, and what it adds to the memory of the process that hands out, KiB."""
    with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
        folder = Path(name)
        with entered(wanted_of(backend, workers), lambda text: None) as opened:
            _do(empty_tasks(folder / "warm", 20), opened)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            tasks = empty_tasks(folder / "measured", count)
            start, cpu = time.perf_counter(), time.process_time()
            _do(tasks, opened)
            wall, own = time.perf_counter() - start, time.process_time() - cpu
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"wall_ms": 1e3 * wall / count, "own_cpu_ms": 1e3 * own / count, "memory_kib": grown / count}


def _do(tasks: Tasks, workers: Backend) -> None:
    tasks.folder.mkdir()
    with Claims(tasks.folder) as claims, Ledger(tasks.folder, claims.run) as ledger:
        run = Run(tasks, ledger, claims, Conduct(), Silent())
        run.performing = Empty(plans={}, campaign="empty", run=claims.run)
        run.go(list(tasks), workers)
        ledger.settle(claims)
    assert len(ledger.finished) == len(tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What tasks run on.

    Attributes
    ----------
    start : float
        Seconds until a worker can take its first task: interpreter, imports, plans.
    serving : float
        Seconds of the one who hands out, for each task.
    bandwidth : float
        Bytes a second that all workers together can read.
    spread : float
        Standard deviation of the logarithm of task times.
    """

    start: float = 3.0
    serving: float = 0.002
    bandwidth: float = 20.0e9
    spread: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Tasks of a campaign.

    Attributes
    ----------
    name : str
    tasks : int
    seconds : float
        Of a processor, for each.
    bytes : float
        Read by each.
    """

    name: str
    tasks: int
    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What came out: seconds, and shares of the time."""

    name: str
    workers: int
    wall: float
    efficiency: float
    server: float
    reading: float
    moved: float


def simulated(load: Load, machine: Machine, workers: int, seed: int = 1) -> Simulated:
    """Workers that take the next task when they are free; one server hands out, and the file system is shared.

    A file system of which more is asked than it gives is shared: everything together lasts at least as long as it takes
    to give all bytes, whoever gets them first.
    """
    rng = random.Random(seed)
    free = [machine.start + rng.random() * machine.start for _ in range(workers)]
    heapq.heapify(free)
    server, work = 0.0, 0.0
    for _ in range(load.tasks):
        at = heapq.heappop(free)
        server = max(server, at) + machine.serving
        work += load.seconds
        heapq.heappush(free, server + load.seconds * rng.lognormvariate(0.0, machine.spread))
    wall = max(*free, machine.start + load.tasks * load.bytes / machine.bandwidth)
    return Simulated(
        name=load.name,
        workers=workers,
        wall=wall,
        efficiency=work / (wall * workers),
        server=load.tasks * machine.serving / wall,
        reading=load.tasks * load.bytes / machine.bandwidth / wall,
        moved=load.tasks * load.bytes,
    )


YEARS, MEMBERS, SIGNS, HEMISPHERES, FRAMES = 40, 25, 2, 2, 1460
COUNTS = (1, 10, 100, 300, 1000, 3000)


def loads(per_frame: dict[str, float]) -> list[Load]:
    """The campaign with two kinds of data: one task for each year, member, sign and hemisphere, or all four in one."""
    out = []
    for name, points in (("T42", 64 * 128), ("0.25 degrees", 721 * 1440)):
        size = 4.0 * points * FRAMES
        single, four = per_frame[name], per_frame[f"{name}, 4 searches"]
        runs = YEARS * MEMBERS
        out.append(Load(name=f"{name}, one search a task", tasks=4 * runs, seconds=FRAMES * single, bytes=size))
        out.append(Load(name=f"{name}, four searches a task", tasks=runs, seconds=FRAMES * four, bytes=size))
    return out


def task_times(frames: int) -> dict[str, float]:
    """Processor seconds a frame of tasks, measured on synthetic series (T42), one search and four."""
    import stormtrack as st

    found = {}
    field = st.sample_field(frames)
    for name, preset in (("T42", "vorticity-nh-t42"), ("T42, 4 searches", "vorticity-both-signs-t42")):
        st.track(field.isel(time=slice(0, 8)), preset)
        start = time.process_time()
        st.track(field, preset)
        found[name] = (time.process_time() - start) / frames
    return found


FINE = {"0.25 degrees": 0.0097, "0.25 degrees, 4 searches": 0.0134}
"""Seconds a frame of fields of 0.25 degrees: reading and the fast filter (docs/performance.md), and searches."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.campaign", description=__doc__)
    parser.add_argument("action", choices=("overhead", "simulate"))
    parser.add_argument("--backend", default="serial")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=120, help="of the series that is measured (simulate)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args(argv)
    if args.action == "overhead":
        return among_ranks(args.backend, lambda: _overhead(args))
    times = {**task_times(args.frames), **FINE}
    print(json.dumps(times))
    rows = [simulated(load, Machine(), count) for load in loads(times) for count in COUNTS]
    for row in rows:
        print(
            f"{row.name:32} {row.workers:5} workers {row.wall / 60:9.1f} min, efficiency {row.efficiency:5.2f}, server "
            f"{row.server:6.3f}, file system {row.reading:6.3f}, {row.moved / 1e12:6.2f} TB"
        )
    if args.json is not None:
        args.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    return 0


def _overhead(args: argparse.Namespace) -> int:
    found = overhead(args.backend, args.workers, args.tasks)
    allowed = ALLOWED[args.backend]
    print(
        f"{args.backend}, {args.workers or 'default'} workers, {args.tasks} tasks:",
        json.dumps(found),
        f"allowed {allowed} ms",
    )
    return int(found["wall_ms"] > allowed)


if __name__ == "__main__":
    sys.exit(main())
