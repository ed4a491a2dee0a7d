"""The tracks of the plan of a run, as users have them: with the dates of the data, and where they come from."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from ..backends.choice import Workers
from ..errors import UserInputError
from ..fields.opening import open_field
from ..fields.source import dates_of
from ..model.times import Times
from ..plans.files import plan_text
from ..plans.running import Fields, planned_tracks
from ..recipes.products import told
from ..run.report import Report, Silent
from ..settings.plan import RunPlan
from ..tracksets.tracks import Tracks


def run_plan(
    plan: RunPlan,
    fields: Fields,
    *,
    folder: Path | str = ".",
    extension: str = "",
    times: Times | None = None,
    threads: int = 1,
    workers: Workers | None = None,
    keep_missing: bool = False,
    report: Report | None = None,
) -> Tracks:
    """Track as the plan of a run says; nothing is left behind.

    Parameters
    ----------
    plan : RunPlan
        With tracking, such as `stormtrack.plan_from_answers` gives it.
    fields : path, address or Source
        Read as the plan says.
    folder, extension : Path or str, str
        Where files of earlier runs (objects, tracks, a time average) are looked up, if the plan uses any.
    times : Times, optional
        Of the frames of the fields; `stormtrack.track(path, plan)` finds them itself.
    threads : int
        Threads on which frames are processed; tracks do not depend on it.
    workers : Wanted or Backend, optional
        Workers in their place (`stormtrack.backends.choice`).
    keep_missing : bool
        Run on with missing values, as TRACK does.
    report : Report, optional
        Hears warnings, notes and progress.

    Returns
    -------
    Tracks
        Those of the last linking of the plan, as `tdump` and `objout.new` of the drop-in run have them.

    Raises
    ------
    PlanError
        If the plan does not track.
    UserInputError
        For fields that cannot be used.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stormtrack as st
    >>> from stormtrack.sample import write_sample
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = pathlib.Path(name)
    ...     files = write_sample(folder, frames=4, truncation=21)
    ...     series, answers = folder / files.series, (folder / files.filter_answers).read_bytes()
    ...     st.write_run(st.plan_from_answers(answers, series), series, folder)
    ...     filtered, answers = folder / "specfil_band001_band001", (folder / files.maxima_answers).read_bytes()
    ...     tracks = st.run_plan(st.plan_from_answers(answers, filtered, folder=folder), filtered)
    >>> tracks.n_tracks > 0
    True

    References
    ----------
    Specification 01, section 4. Parity: bitwise, as the drop-in run.
    """
    found = planned_tracks(
        plan,
        fields,
        folder=folder,
        extension=extension,
        times=times,
        threads=threads,
        workers=workers,
        keep_missing=keep_missing,
        report=report,
    )
    return Tracks(found.without_empty())


def tracked_by_run(
    plan: RunPlan,
    path: str,
    report: Report,
    *,
    threads: int = 1,
    workers: Workers | None = None,
    keep_missing: bool = False,
) -> Tracks:
    """Tracks of a file by the plan of a run.

    Parameters
    ----------
    plan : RunPlan
    path : str
        The file, read as the plan says.
    report : Report
    threads, workers, keep_missing
        As those of `stormtrack.run_plan`.

    Raises
    ------
    UserInputError
        If the plan does not track, or the file cannot be used.
    """
    times = _times(plan, path)
    if times is None:
        report.note("no dates are known of the frames, which are numbered only")
    tracks = planned_tracks(
        plan, path, times=times, threads=threads, workers=workers, keep_missing=keep_missing, report=report
    )
    about = {"source": f"stormtrack {version('stormtrack')}, plan of a run", "input": path, "plan": plan_text(plan)}
    return Tracks(replace(tracks, attributes={**tracks.attributes, **about}).without_empty())


def _times(plan: RunPlan, path: str) -> Times | None:
    """Dates of the frames, None without any."""
    name = plan.startup.selection.variable
    variable = name if isinstance(name, str) else None
    with told(Silent()), suppress(UserInputError), open_field(path, variable) as field:  # the run says what is wrong
        return dates_of(field)
    return None
