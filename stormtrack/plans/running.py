"""A plan done without an answer file: tracks in memory, or TRACK's files in a folder.

References
----------
Specification 01, section 4. Parity: bitwise, as the drop-in run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from ..arrays import I64
from ..backends.choice import Workers
from ..errors import PlanError
from ..model.times import Times
from ..model.tracks import TrackSet, no_tracks
from ..run.data import RunData
from ..run.names import OutputNames
from ..run.report import Once, Report, Silent
from ..run.runner import execute
from ..settings.plan import RunPlan, TrackingPlan
from ..sources.source import Source
from ..tracks.join import track_set

Fields = Source | str | os.PathLike[str]
"""Fields that are read as a plan says: a path or address, or a source, which stays open."""


def planned_tracks(
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
) -> TrackSet:
    """`stormtrack.run_plan`, before its tracks become a set for users: emptied ones keep their place.

    Raises
    ------
    PlanError
        If the plan does not track.
    UserInputError
        For fields that cannot be used.
    """
    if plan.tracking is None:
        raise PlanError(
            "this plan does not track, it does functions of TRACK's menu, which write files",
            hint="stormtrack.write_run does them",
        )
    with tempfile.TemporaryDirectory(prefix="stormtrack-") as dropped, opened(fields, keep_missing) as data:
        names = OutputNames(folder=Path(dropped), extension=extension)
        earlier = OutputNames(folder=Path(folder), extension=extension)
        linked = execute(plan, data, names, Once(report or Silent()), threads=threads, workers=workers, results=earlier)
    tracks = no_tracks() if linked is None else track_set(*linked)
    return tracks if times is None else replace(tracks, time=times.take(_numbers(plan.tracking, tracks.frame) - 1))


def _numbers(plan: TrackingPlan, frames: I64) -> I64:
    """Numbers in the input of frames that are counted from the first of a run."""
    first = plan.passes[0].detection
    if first is None:
        return frames
    numbers: I64 = first.frames.start + (frames - 1) * first.frames.step
    if plan.tendency is None:
        return numbers
    return plan.tendency.first + numbers * plan.tendency.step


def write_run(
    plan: RunPlan,
    fields: Fields,
    folder: Path | str,
    *,
    extension: str = "",
    threads: int = 1,
    workers: Workers | None = None,
    keep_missing: bool = False,
    report: Report | None = None,
) -> None:
    """Do what a plan says, and write what the drop-in run writes (but `initial`, which holds answers).

    Parameters
    ----------
    plan : RunPlan
    fields : path, address or Source
    folder : Path or str
        Where outputs go, and files of earlier runs are looked up.
    extension : str
        Appended to every output name.
    threads, workers, keep_missing, report
        As those of `stormtrack.run_plan`.

    Raises
    ------
    UserInputError
        For fields or outputs that cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> from stormtrack import plan_from_answers
    >>> from stormtrack.sample import write_sample
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = write_sample(Path(folder), frames=4, truncation=21)
    ...     answers, series = Path(folder, "specfilt.in").read_bytes(), f"{folder}/vo_sample.nc"
    ...     write_run(plan_from_answers(answers, series), series, folder, extension="_s")
    ...     Path(folder, "specfil_band001._s_band001").exists()
    True
    """
    with opened(fields, keep_missing) as data:
        names = OutputNames(folder=Path(folder), extension=extension)
        execute(plan, data, names, Once(report or Silent()), threads=threads, workers=workers)


@contextmanager
def opened(fields: Fields, keep_missing: bool) -> Iterator[RunData]:
    """The data of a run: of a path, which is closed, or of a source, which is not."""
    if isinstance(fields, Source):
        with nullcontext(RunData.of_source(fields, keep_missing=keep_missing)) as given:
            yield given
        return
    with RunData(os.fspath(fields), keep_missing=keep_missing) as data:
        yield data
