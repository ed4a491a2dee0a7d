"""A run: its answers become a plan, and the plan is executed.

References
----------
Specification 01, sections 3 to 5.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..answers.conversation import Conversation
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..settings.plan import RunPlan
from ..storage.outputs import OutputFile
from .context import RunContext
from .data import RunData
from .facts import RunFacts
from .names import OutputNames
from .report import Report


def run_answers(
    answers: bytes,
    *,
    input_path: Path,
    extension: str,
    folder: Path,
    report: Report,
    strict: bool = False,
    threads: int = 1,
    show_dialogue: Callable[[Conversation], object] | None = None,
) -> None:
    """Run an answer file: read it whole, then do what it says.

    Parameters
    ----------
    answers : bytes
        The answers, as TRACK reads them from stdin.
    input_path : Path
        Input data.
    extension : str
        Appended to every output name.
    folder : Path
        Where outputs go, and where files of earlier runs (and the `initial` file) are looked up.
    report : Report
        Receives notes, warnings (misread answers among them) and progress.
    strict : bool
        Refuse input that TRACK refuses (number types of NetCDF files), leaving behind what TRACK leaves.
    threads : int
        Threads on which frames are processed; results do not depend on it.
    show_dialogue : callable, optional
        Receives the conversation at its end, whether the answers could be used or not.

    Raises
    ------
    UserInputError
        For answers, data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    names = OutputNames(folder=folder, extension=extension)
    with RunData(input_path, strict=strict) as data, _told(data, report):
        facts = RunFacts(data, names, os.environ)
        conversation = Conversation(answers, facts, read_file=lambda name: _in_folder(folder, name).read_bytes())
        try:
            plan = conversation.plan()
        finally:
            if strict or conversation.startup_complete:
                with OutputFile(names.path("initial")) as out:
                    out.write(conversation.initial_text)
            for misread in conversation.misreads:
                report.warning(str(misread))
            if show_dialogue is not None:
                show_dialogue(conversation)
        execute(plan, data, names, report, threads=threads)


def execute(plan: RunPlan, data: RunData, names: OutputNames, report: Report, *, threads: int = 1) -> None:
    """Do what a plan says.

    Parameters
    ----------
    plan : RunPlan
    data : RunData
        Where fields come from; opened as the plan says.
    names : OutputNames
        Where outputs go.
    report : Report
    threads : int
        Threads on which frames are processed.

    Raises
    ------
    UserInputError
        For data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    data.settle(plan.startup)
    for note in (*data.source.notes, *data.grid.notes):
        report.note(note)
    context = RunContext(plan=plan, data=data, names=names, results=names, report=report, backend=_backend(threads))
    if plan.tracking is not None:  # only the branch taken is imported: imports are a good part of a short run
        from .tracking import run_tracking

        run_tracking(context, plan.tracking)
    if plan.menu:
        from .analysis import run_analysis

        run_analysis(context, plan.menu)


@contextmanager
def _told(data: RunData, report: Report) -> Iterator[None]:
    """Tell what the reader of the data warns of, in the end."""
    try:
        yield
    finally:
        for text in data.warnings:
            report.warning(text)


def _backend(threads: int) -> Backend:
    if threads == 1:
        return Serial()
    from ..backends.threads import Threads

    return Threads(threads)


def _in_folder(folder: Path, name: str) -> Path:
    """A file named in the answers: one of the run's folder comes before one of the current folder."""
    own = folder / name
    return own if own.is_file() else Path(name)
