"""Facts that only a part of the run itself can tell: that part is run, and what it would write is dropped.

The original asks such questions while it works. They are rare (the grid of areas, plots of single tracks), and cost
what has to be known: mostly the detection in one frame.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from ..backends.serial import Serial
from ..settings.plan import RunPlan
from .context import RunContext
from .data import RunData
from .detection import FrameDetection
from .names import OutputNames
from .report import Silent
from .tracking import run_tracking


def first_area(run: RunPlan, data: RunData, results: OutputNames) -> int | None:
    """Index of the first frame of the last pass in which a feature gets an area, None if there is none.

    Parameters
    ----------
    run : RunPlan
        As far as its last pass.
    data : RunData
    results : OutputNames
        Where results of earlier runs are looked up.
    """
    assert run.tracking is not None
    data.settle(run.startup)
    context = RunContext(plan=run, data=data, names=results, results=results, report=Silent())
    passes = run.tracking.passes
    with (
        closing(FrameDetection.of(context, passes[-1], len(passes) - 1)) as detection,
        closing(detection.frames(lambda index, frame: (index, frame.result.area_computed), Serial())) as frames,
    ):
        return next((index for index, has_area in frames if has_area), None)


def number_of_tracks(run: RunPlan, data: RunData, results: OutputNames) -> int | None:
    """Number of tracks of the last linking of a run, None if it gives no final tracks."""
    assert run.tracking is not None
    data.settle(run.startup)
    with tempfile.TemporaryDirectory(prefix="stormtrack-") as folder:
        names = OutputNames(folder=Path(folder), extension=results.extension)
        context = RunContext(plan=run, data=data, names=names, results=results, report=Silent())
        return run_tracking(context, run.tracking)
