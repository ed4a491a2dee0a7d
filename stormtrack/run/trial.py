"""Facts that only a part of the run itself can tell: that part is run, and what it would write is dropped.

The original asks such questions while it works. They are rare (the grid of areas, plots of single tracks), and cost
what has to be known: mostly the detection in one frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from ..backends.serial import Serial
from ..core.frames import ProcessedFrame
from ..detection.frame import FrameResult
from ..settings.plan import RunPlan
from .context import RunContext
from .data import RunData
from .detection import FrameDetection
from .found_so_far import FoundSoFar, area_asked_late, area_never_asked
from .names import OutputNames
from .report import Report, Silent
from .tracking import run_tracking


def first_area(run: RunPlan, data: RunData, results: OutputNames, report: Report) -> int | None:
    """Index of the first frame of the last pass in which a feature gets an area, None if there is none.

    Parameters
    ----------
    run : RunPlan
        As far as its last pass.
    data : RunData
    results : OutputNames
        Where results of earlier runs are looked up.
    report : Report
        Hears that there is none, or not in the first frame: answer files expect it there.
    """
    assert run.tracking is not None
    data.settle(run.startup)
    passes = run.tracking.passes
    last = passes[-1].detection
    writes = last is not None and last.time_average is not None and last.time_average.computed is not None
    with (
        _dropped(run, data, results) if writes else nullcontext(_context(run, data, results, results)) as context,
        closing(FrameDetection.of(context, passes[-1], len(passes) - 1)) as detection,
    ):
        found = FoundSoFar(detection.plan.settings, detection.grid.region.numbers)

        def look(index: int, frame: ProcessedFrame, _: int) -> tuple[int, FrameResult]:
            found.add(frame.field, frame.result.objects.n_features)
            return index, frame.result

        n_frames = 0
        with closing(detection.frames(look, Serial())) as frames:
            for index, result in frames:
                n_frames = index + 1
                if result.area_computed:
                    if index:
                        report.warning(area_asked_late(result.objects.frame))
                    return index
    report.warning(found.nothing(n_frames) or area_never_asked(n_frames))
    return None


def number_of_tracks(run: RunPlan, data: RunData, results: OutputNames) -> int | None:
    """Number of tracks of the last linking of a run, None if it gives no final tracks."""
    assert run.tracking is not None
    data.settle(run.startup)
    with _dropped(run, data, results) as context:
        linked = run_tracking(context, run.tracking)
        return None if linked is None else linked[1].n_tracks


@contextmanager
def _dropped(run: RunPlan, data: RunData, results: OutputNames) -> Iterator[RunContext]:
    """A run whose outputs are dropped."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="stormtrack-") as folder:
        names = OutputNames(folder=Path(folder), extension=results.extension)
        yield _context(run, data, names, results)


def _context(run: RunPlan, data: RunData, names: OutputNames, results: OutputNames) -> RunContext:
    return RunContext(plan=run, data=data, names=names, results=results, report=Silent())
