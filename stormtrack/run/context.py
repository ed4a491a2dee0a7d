"""What all stages of one run share."""

from __future__ import annotations

from dataclasses import dataclass

from ..answers.conversation import Conversation
from ..settings.startup import StartupSettings
from .data import RunData
from .facts import RunFacts
from .names import OutputNames
from .report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """One run of the dialogue: its answers, its data, its outputs.

    Attributes
    ----------
    conversation : Conversation
        The answers, read as far as they are needed.
    facts : RunFacts
        What the dialogue asks about the data.
    data : RunData
        Input file and working grid.
    names : OutputNames
        Where outputs go.
    report : Report
        Where messages go.
    startup : StartupSettings
        The answers of the start-up.
    threads : int
        Threads on which frames are processed; results do not depend on it.
    """

    conversation: Conversation
    facts: RunFacts
    data: RunData
    names: OutputNames
    report: Report
    startup: StartupSettings
    threads: int = 1
