"""Plans of runs from and to the answer files of TRACK: both directions give the same run.

References
----------
Specification 01, sections 2 to 6.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..answers.assumed_facts import AssumedFacts
from ..answers.conversation import Conversation
from ..answers.facts import Facts
from ..answers.numbers import round_float32
from ..answers.parameter_tables import Tables
from ..answers.tell import Told, tell
from ..errors import AnswersError, PlanError
from ..run.data import RunData
from ..run.facts import RunFacts
from ..run.names import OutputNames
from ..run.report import Report, Silent
from ..settings.plan import RunPlan
from ..storage.outputs import OutputFile
from .encoding import encoded

Where = Path | str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """An answer file that a plan has become.

    Attributes
    ----------
    answers : bytes
    files : mapping
        Parameter tables (bytes by file name) that the run has to find in its folder.
    environment : mapping
        Variables that have to name some of them.
    notes : tuple of str
        Values that TRACK reads in single precision, and what they become.
    """

    answers: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def write(self, path: Where) -> None:
        """Write the answers, and the tables beside them.

        Parameters
        ----------
        path : Path or str
            Of the answers.

        Raises
        ------
        OutputError
            If a file cannot be written.
        PlanError
            If a table lies there that says something else.
        """
        target = Path(path)
        for name, data in self.files.items():
            table = target.parent / name
            if table.exists() and table.read_bytes().split() != data.split():
                raise PlanError("a table of that name is there, and says something else", path=str(table))
        for name, data in {**self.files, target.name: self.answers}.items():
            with OutputFile(target.parent / name) as out:
                out.write(data)


def plan_from_answers(
    answers: bytes,
    data: Where | None = None,
    *,
    folder: Where = ".",
    extension: str = "",
    name: str = "answers",
    report: Report | None = None,
) -> RunPlan:
    """The plan of an answer file.

    Parameters
    ----------
    answers : bytes
    data : Path or str, optional
        Input of the run, which decides what TRACK asks; typical data are assumed without it.
    folder : Path or str
        Folder of the run, with files of earlier runs and tables.
    extension : str
        Of the run's outputs, as ``-f``.
    name : str
        What to call the answers in messages.
    report : Report, optional
        Hears of answers that are read otherwise than they look.

    Raises
    ------
    UserInputError
        For answers, tables or data that cannot be used.

    Examples
    --------
    >>> plan_from_answers(b"n 0 4 n 1 n n n g n 1 128 1 64 y 7 1 1 9").menu
    (ConvertRequest(frames=MenuFrames(first=1, step=1, last=9)),)
    """
    told = report or Silent()
    names = OutputNames(folder=Path(folder), extension=extension)
    tables = Tables(read=lambda path: names.named(path).read_bytes())
    with facts_of(data, names, told) as facts:
        conversation = Conversation(answers, facts, read_file=tables.read, tables=tables, name=name)
        plan = conversation.plan()
    for misread in conversation.misreads:
        told.warning(str(misread))
    return plan


def answers_from_plan(
    plan: RunPlan, data: Where | None = None, *, folder: Where = ".", extension: str = "", report: Report | None = None
) -> AnswerFile:
    """The answer file of a plan: the drop-in does with it what the plan says.

    Parameters
    ----------
    plan : RunPlan
    data, folder, extension, report
        As in `plan_from_answers`.

    Raises
    ------
    PlanError
        If no answers express the plan; says why, or where they would say something else.
    UserInputError
        For data that cannot be used.

    Examples
    --------
    >>> plan = plan_from_answers(b"n 0 4 n 1 n n n g n 1 128 1 64 y 7 1 1 9")
    >>> answers_from_plan(plan).answers.split()[-5:]
    [b'y', b'7', b'1', b'1', b'9']
    """
    names = OutputNames(folder=Path(folder), extension=extension)
    with facts_of(data, names, report or Silent()) as facts:
        return answers_of(plan, facts)


def answers_of(plan: RunPlan, facts: Facts) -> AnswerFile:
    """The answer file of a plan, given facts about the data.

    Parameters
    ----------
    plan : RunPlan
    facts : Facts

    Raises
    ------
    PlanError
        As `answers_from_plan`.
    """
    try:
        told = tell(plan, facts)
    except AnswersError as error:
        raise PlanError(f"no answers of TRACK express this plan: {error}") from error
    return AnswerFile(answers=told.answers, files=told.files, environment=told.environment, notes=_rounded(plan, told))


@contextmanager
def facts_of(data: Where | None, names: OutputNames, report: Report) -> Iterator[Facts]:
    """Facts about data; typical ones without any.

    Parameters
    ----------
    data : Path or str, optional
    names : OutputNames
    report : Report
    """
    if data is None:
        yield AssumedFacts()
        return
    with RunData(data) as opened:
        yield RunFacts(opened, names, os.environ, report)


def _rounded(plan: RunPlan, told: Told) -> tuple[str, ...]:
    """What the answers say in single precision only; any other difference is refused."""
    if told.plan == plan:
        return ()
    notes, wanted, found = [], dict(_leaves(encoded(plan))), dict(_leaves(encoded(told.plan)))
    for key in sorted(wanted.keys() | found.keys()):
        a, b = wanted.get(key), found.get(key)
        if a == b:
            continue
        if not (isinstance(a, float) and isinstance(b, float) and round_float32(a) == b):
            raise PlanError(
                "no answers of TRACK express this plan: those that come nearest say something else",
                key=key,
                found=_shown(a),
                allowed=_shown(b),
            )
        notes.append(f"{key} = {a!r} is read in single precision: {b!r}")
    return tuple(notes)


def _shown(value: object) -> str:
    return "the default" if value is None else repr(value)


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys of a table, with their values."""
    if isinstance(value, Mapping):
        if place and not value:
            yield place, "an empty table"
        for key, one in value.items():
            yield from _leaves(one, f"{place}.{key}" if place else key)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield f"{place}.length", len(value)
        for number, one in enumerate(value):
            yield from _leaves(one, f"{place}[{number}]")
    else:
        yield place, value
