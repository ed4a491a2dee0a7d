"""A run: its answers become a plan, and the plan is executed.

References
----------
Specification 01, sections 3 to 5.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..answers.conversation import Conversation
from ..answers.parameter_tables import Tables
from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..errors import UserInputError
from ..model.features import Features
from ..model.links import Links
from ..settings.plan import RunPlan
from ..storage.outputs import OutputFile
from .context import RunContext
from .data import RunData
from .facts import RunFacts
from .names import OutputNames
from .reasons import byte_order_mark, explained, tell_misreads
from .report import Once, Report

if TYPE_CHECKING:
    from ..backends.choice import Workers


def run_answers(
    answers: bytes,
    *,
    input_path: Path | str,
    extension: str,
    folder: Path,
    report: Report,
    strict: bool = False,
    keep_missing: bool = False,
    threads: int = 1,
    workers: Workers | None = None,
    show_dialogue: Callable[[Conversation], object] | None = None,
) -> None:
    """Run an answer file: read it whole, then do what it says.

    Parameters
    ----------
    answers : bytes
        The answers, as TRACK reads them from stdin.
    input_path : Path or str
        Input data: a file, or the address of a NetCDF file on a server.
    extension : str
        Appended to every output name.
    folder : Path
        Where outputs go, and where files of earlier runs (and the `initial` file) are looked up.
    report : Report
        Receives notes, warnings (misread answers among them) and progress.
    strict : bool
        Refuse input that TRACK refuses (number types of NetCDF files), leaving behind what TRACK leaves.
    keep_missing : bool
        Run on with NaN, infinite and missing values, as TRACK does, instead of refusing them.
    threads : int
        Threads on which frames are processed; results do not depend on it.
    workers : Wanted or Backend, optional
        Workers in place of threads.
    show_dialogue : callable, optional
        Receives the conversation at its end, whether the answers could be used or not.

    Raises
    ------
    UserInputError
        For answers, data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    names, report = OutputNames(folder=folder, extension=extension), Once(report)
    mark = byte_order_mark(answers)
    if mark:
        report.warning(f"the answers begin with {mark}, which TRACK takes for answers: save them as plain ASCII")
    with RunData(input_path, strict=strict, keep_missing=keep_missing) as data:
        facts = RunFacts(data, names, os.environ, report)
        tables = Tables(read=lambda name: names.named(name).read_bytes())
        conversation = Conversation(answers, facts, read_file=tables.read, tables=tables)
        with _explained(conversation, data, report):
            try:
                plan = conversation.plan()
            finally:
                if strict or conversation.startup_complete:
                    with OutputFile(names.path("initial")) as out:
                        out.write(conversation.initial_text)
                if show_dialogue is not None:
                    show_dialogue(conversation)
            execute(plan, data, names, report, threads=threads, workers=workers)


@contextmanager
def _explained(conversation: Conversation, data: RunData, report: Report) -> Iterator[None]:
    """Tell in the end what is to be said about the data and the answers, and why they may not fit together."""
    failed = True
    try:
        yield
        failed = False
    except UserInputError as error:
        better = explained(error, data, conversation)
        if better is error:
            raise
        raise better from error
    finally:
        data.tell(report)
        data.tell_missing(report)
        tell_misreads(conversation, data, report, failed=failed)


def execute(
    plan: RunPlan,
    data: RunData,
    names: OutputNames,
    report: Report,
    *,
    threads: int = 1,
    workers: Workers | None = None,
    results: OutputNames | None = None,
) -> tuple[Features, Links] | None:
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
    workers : Wanted or Backend, optional
        Workers in place of threads.
    results : OutputNames, optional
        Where results of earlier runs are looked up; where outputs go, without it.

    Returns
    -------
    (Features, Links) or None
        Of the last linking, if there is one that gives final tracks.

    Raises
    ------
    UserInputError
        For data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    data.settle(plan.startup)
    data.tell(report)
    with _opened(workers, threads, report) as backend:
        context = RunContext(
            plan=plan, data=data, names=names, results=results or names, report=report, backend=backend
        )
        return _executed(context)


def _executed(context: RunContext) -> tuple[Features, Links] | None:
    """Do what the plan of a run says, with its branches imported when they are taken: imports cost a short run much."""
    plan, linked = context.plan, None
    if plan.tracking is not None:
        from .tracking import run_tracking

        if plan.tracking.tendency is not None:
            from .tendencies import prepare_tendencies

            prepare_tendencies(context, plan.tracking.tendency)
        linked = run_tracking(context, plan.tracking)
    if plan.menu:
        from .menus import run_menu

        run_menu(context, plan.menu)
    return linked


def _opened(workers: Workers | None, threads: int, report: Report) -> AbstractContextManager[Backend]:
    if workers is None and threads == 1:
        return Serial()
    from ..backends.choice import entered

    return entered(workers, report.note, threads=threads)
