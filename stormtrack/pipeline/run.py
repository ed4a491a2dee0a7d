"""A whole run of TRACK's dialogue: start-up, then tracking or the analysis menu.

References
----------
Specification 01, sections 3 to 5.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..config.conversation import Conversation
from ..errors import UserInputError
from ..io.outputs import OutputFile
from .context import RunContext
from .data import RunData
from .facts import RunFacts
from .names import OutputNames
from .reasons import byte_order_mark, explained, tell_misreads
from .report import Report


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
    show_dialogue: Callable[[Conversation], object] | None = None,
) -> None:
    """Run an answer file.

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
    show_dialogue : callable, optional
        Receives the conversation at the end, whether the run was completed or not.

    Raises
    ------
    UserInputError
        For answers, data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    names = OutputNames(folder=folder, extension=extension)
    data = RunData(input_path, strict=strict, keep_missing=keep_missing)
    facts = RunFacts(data, names, os.environ)
    conversation = Conversation(answers, facts, read_file=lambda name: _in_folder(folder, name).read_bytes())
    failed = True
    mark = byte_order_mark(answers)
    if mark:
        report.warning(f"the answers begin with {mark}, which TRACK takes for answers: save them as plain ASCII")
    try:
        try:
            startup = conversation.startup(facts)
        finally:
            if strict or conversation.startup_complete:
                with OutputFile(names.path("initial")) as out:
                    out.write(conversation.initial_text)
            data.tell(report)
        data.settle(startup)
        data.tell(report)
        context = RunContext(
            conversation=conversation,
            facts=facts,
            data=data,
            names=names,
            report=report,
            startup=startup,
            threads=threads,
        )
        _run_rest(context)
        conversation.finish()
        failed = False
    except UserInputError as error:
        better = explained(error, data, conversation)
        if better is error:
            raise
        raise better from error
    finally:
        data.tell(report)
        data.tell_missing(report)
        data.close()
        tell_misreads(conversation, data, report, failed=failed)
        if show_dialogue is not None:
            show_dialogue(conversation)


def _in_folder(folder: Path, name: str) -> Path:
    """A file named in the answers: one of the run's folder comes before one of the current folder."""
    own = folder / name
    return own if own.is_file() else Path(name)


def _run_rest(context: RunContext) -> None:
    """What follows the start-up; only the branch taken is imported, because imports are a good part of a short run."""
    if context.conversation.analysis_menu():
        from .analysis import run_analysis

        run_analysis(context)
    else:
        from .tracking import run_tracking

        run_tracking(context)
