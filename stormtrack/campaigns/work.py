"""One task on a worker: from its inputs to an output that lies staged, complete, with its checksum.

A worker reads what the task names, writes below the folder that it is given, and knows nothing of claims, records and
other tasks. What it hands back is small and plain.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, TypeVar

from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..plans.files import Plan
from ..resumption.attempts import Failure, attempted
from ..resumption.digests import digest_of
from ..run.report import Silent
from ..settings.campaign import CampaignInput, Product
from ..settings.engines import ON_DEVICE
from ..settings.plan import RunPlan
from ..storage.outputs import OutputFile
from ..tracksets.tracks import Tracks
from .tasks import Pooling, Task, Tracking

T = TypeVar("T")
_TRACKING = "tracking"
_OPENING = ("level", "member", "start", "calendar", "grid", "stride")
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A task, and where its output is staged.

    Attributes
    ----------
    task : Task
    staged : str
        Name of the file; its folder exists.
    """

    task: Task
    staged: str

    def __str__(self) -> str:
        return self.task.name


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a task ended.

    Attributes
    ----------
    task : str
    sha256 : str
    bytes : int
    figures : dict of str to float
        Frames, tracks, points, seconds.
    warnings : list of str
    failure : Failure or None
    """

    task: str
    sha256: str = ""
    bytes: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performing:
    """What workers need: it is pickled once for each of them.

    Attributes
    ----------
    plans : mapping of str to Recipe or RunPlan
    campaign : str
        Name, for the attributes of tracks.
    run : str
        Name of the run, for scratch folders.
    scratch : str, optional
        Where working files lie, and outputs until they are complete.
    workers : Backend
        Which process the frames of each task, but of those on a device; by default the one thread of a worker.
    """

    takes_turns: ClassVar[bool] = True
    plans: Mapping[str, Plan]
    campaign: str
    run: str
    scratch: str | None = None
    workers: Backend = field(default_factory=lambda: Serial(reads_ahead=False))

    def worker(self) -> Callable[[Assignment], Outcome]:
        """Tasks need nothing but themselves and the plans."""
        return self.perform

    def perform(self, given: Assignment) -> Outcome:
        """Do a task; never raises but for interrupts."""
        outcome, heard = Outcome(task=given.task.name), _Heard()
        start = time.perf_counter()
        outcome.failure = attempted(lambda: self._do(given, outcome, heard))
        outcome.warnings = list(dict.fromkeys(heard.warnings))
        outcome.figures = {**heard.figures, **outcome.figures, "seconds": round(time.perf_counter() - start, 4)}
        return outcome

    def _do(self, given: Assignment, outcome: Outcome, heard: _Heard) -> None:
        staged = Path(given.staged)
        with self._place(staged) as place:
            self._write(given.task, place, outcome, heard)
            outcome.sha256, outcome.bytes = digest_of(place), place.stat().st_size
            if place != staged:
                with place.open("rb") as stream, OutputFile(staged) as out:
                    while block := stream.read(_BLOCK):
                        out.write(block)

    @contextmanager
    def _place(self, staged: Path) -> Iterator[Path]:
        """Where the output is written: staged, or first in the scratch folder."""
        if self.scratch is None:
            yield staged
            return
        folder = tempfile.mkdtemp(prefix=f"stormtrack-{self.run}-", dir=self.scratch)
        try:
            yield Path(folder) / staged.name
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _write(self, task: Task, place: Path, outcome: Outcome, heard: _Heard) -> None:
        if isinstance(task.work, Pooling):
            _pool(task.work, place, outcome)
            return
        tracks = self._tracks(task, task.work, heard)
        outcome.figures.update(tracks=tracks.n_tracks, points=tracks.n_points)
        tracks.write(place, task.work.format, lossy=task.work.lossy, command="")

    def _tracks(self, task: Task, work: Tracking, heard: _Heard) -> Tracks:
        plan, files = self.plans[work.plan], list(work.files)
        if isinstance(plan, RunPlan):
            from ..api.running import tracked_by_run

            tracks = tracked_by_run(plan, files[0], heard, workers=self.workers, keep_missing=work.input.keep_missing)
        else:
            from ..api.tracking import tracked
            from ..trackers import HodgesTracker

            about = work.input
            tracker = HodgesTracker(
                recipe=plan,
                engine=about.engine,
                scale=about.scale,
                keep_missing=about.keep_missing,
                workers=None if about.engine in ON_DEVICE else self.workers,
            )
            tracks = tracked(fields_of(about, files), tracker, heard)
        names = {"input": ", ".join(work.input.files), "campaign": self.campaign, "campaign_task": task.name}
        return Tracks(replace(tracks.data, attributes={**tracks.attributes, **names}))


def fields_of(about: CampaignInput, files: list[str]) -> Any:
    """The fields of a run as `stormtrack.api` opens them.

    Parameters
    ----------
    about : CampaignInput
    files : list of str
    """
    from ..api.given import Given

    opening = {name: getattr(about, name) for name in _OPENING if getattr(about, name) is not None}
    return Given(fields=files, variable=about.variable, winds=about.winds, opening=opening)


def _pool(work: Pooling, place: Path, outcome: Outcome) -> None:
    """Make a product of tracks."""
    from ..tracksets.reading import read_tracks

    tracks = read_tracks(list(work.files), ids="renumber")
    outcome.figures.update(tracks=tracks.n_tracks, points=tracks.n_points)
    _make(work.product, tracks, len(work.files), place)


def _make(product: Product, tracks: Tracks, n_runs: int, place: Path) -> None:
    from ..api.metrics import write_metrics
    from ..api.statistics import write_statistics

    try:
        grid: float | str = float(product.grid)
    except ValueError:
        grid = product.grid
    if product.kind == "tracks":
        tracks.write(place, command="")
    elif product.kind == "statistics":
        write_statistics(tracks.data, place, grid=grid, periods=product.periods or float(n_runs))
    else:
        names = ["CF", "ACA", "CA", "TF", "ATA"]
        write_metrics(tracks.data, place, {"radius": product.radius}, names=names, grid=grid)


class _Heard(Silent):
    """What a run tells, and the number of its frames."""

    def __init__(self) -> None:
        super().__init__()
        self.figures: dict[str, float] = {}

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass through."""
        if what == _TRACKING and total is not None:
            self.figures["frames"] = self.figures.get("frames", 0) + total
        return iter(items)


def staged_name(folder: Path, task: Task) -> str:
    """Where the output of a task is staged; the name ends as the output's, which says the format."""
    return str(folder / f"{task.key}-{PurePosixPath(task.output).name}")
