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
from ..io.outputs import OutputFile
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
    """Run an answer file.

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
        Receives the conversation at the end, whether the run was completed or not.

    Raises
    ------
    UserInputError
        For answers, data or outputs that cannot be used.
    StormtrackError
        If the run cannot go on for another reason.
    """
    names = OutputNames(folder=folder, extension=extension)
    data = RunData(input_path, strict=strict)
    facts = RunFacts(data, names, os.environ)
    conversation = Conversation(answers, facts, read_file=lambda name: names.named(name).read_bytes())
    try:
        try:
            startup = conversation.startup(facts)
        finally:
            if strict or conversation.startup_complete:
                with OutputFile(names.path("initial")) as out:
                    out.write(conversation.initial_text)
        data.settle(startup)
        for note in (*data.source.notes, *data.grid.notes):
            report.note(note)
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
    finally:
        for text in data.warnings:
            report.warning(text)
        data.close()
        for misread in conversation.misreads:
            report.warning(str(misread))
        if show_dialogue is not None:
            show_dialogue(conversation)


def _run_rest(context: RunContext) -> None:
    """What follows the start-up; only the branch taken is imported, because imports are a good part of a short run."""
    if context.conversation.analysis_menu():
        from .analysis import run_analysis

        run_analysis(context)
    else:
        from .tracking import run_tracking

        run_tracking(context)
