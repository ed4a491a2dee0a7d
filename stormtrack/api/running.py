"""The tracks of the plan of a run, as users have them: with the dates of the data, and where they come from."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version

from ..errors import FieldWarning, UserInputError
from ..fields.opening import open_field
from ..fields.source import dates_of
from ..model.times import Times
from ..plans.files import plan_text
from ..plans.running import run_plan
from ..run.report import Report
from ..settings.plan import RunPlan
from ..tracksets.tracks import Tracks


def tracked_by_run(plan: RunPlan, path: str, report: Report, *, threads: int = 1, keep_missing: bool = False) -> Tracks:
    """Tracks of a file by the plan of a run.

    Parameters
    ----------
    plan : RunPlan
    path : str
        The file, read as the plan says.
    report : Report
    threads, keep_missing
        As those of `stormtrack.run_plan`.

    Raises
    ------
    UserInputError
        If the plan does not track, or the file cannot be used.
    """
    times = _times(plan, path)
    if times is None:
        report.note("no dates are known of the frames, which are numbered only")
    tracks = run_plan(plan, path, times=times, threads=threads, keep_missing=keep_missing, report=report)
    about = {"source": f"stormtrack {version('stormtrack')}, plan of a run", "input": path, "plan": plan_text(plan)}
    return Tracks(replace(tracks, attributes={**tracks.attributes, **about}).without_empty())


def _times(plan: RunPlan, path: str) -> Times | None:
    """Dates of the frames, None without any."""
    name = plan.startup.selection.variable
    with warnings.catch_warnings(), suppress(UserInputError):  # the run itself says what is wrong with the file
        warnings.simplefilter("ignore", FieldWarning)
        with open_field(path, name if isinstance(name, str) else None) as field:
            return dates_of(field)
    return None
