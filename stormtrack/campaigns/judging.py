"""Which tasks are finished, and why others are not: never done, changed settings, changed inputs, missing outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from .inputs import SHA, checksum_of, state_of
from .ledger import Ledger, Record
from .tasks import Task, Tracking


class State(Enum):
    """Where a task stands, in words."""

    FINISHED = "finished"
    NEVER = "not done yet"
    FAILED = "failed"
    MISSING = "its output is missing or was changed"
    SETTINGS = "its settings have changed since"
    INPUT = "its input has changed since"
    FOREIGN = "a file is in its place that no run of this campaign has recorded"


CHANGED = (State.SETTINGS, State.INPUT)


def settled(*, keep_changed: bool = False) -> set[State]:
    """Where nothing is to be done."""
    return {State.FINISHED} | (set(CHANGED) if keep_changed else set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Where a task stands.

    Attributes
    ----------
    task : Task
    state : State
    detail : str
        What is different.
    """

    task: Task
    state: State
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.task.name} ({self.detail})" if self.detail else self.task.name


def present(folder: Path, tasks: Iterable[Task]) -> dict[str, int]:
    """Sizes of the outputs that are there, by their names.

    To be asked before the records are read: what a run puts in place it has recorded before.
    """
    found = {}
    for task in tasks:
        try:
            found[task.output] = (folder / task.output).stat().st_size
        except OSError:
            continue
    return found


def inputs_of(task: Task, ledger: Ledger, *, checksums: bool = False) -> dict[str, str]:
    """What tells that the inputs of a task are the same, by their names."""
    if not isinstance(task.work, Tracking):
        return {ledger.finished[name].output: SHA + ledger.finished[name].sha256 for name in task.needs}
    files = zip(task.work.names, task.work.files, strict=True)
    return {name: checksum_of(file) if checksums else state_of(file) for name, file in files}


def judged(task: Task, ledger: Ledger, sizes: Mapping[str, int]) -> Verdict:
    """Where a task stands.

    Parameters
    ----------
    task : Task
    ledger : Ledger
    sizes : mapping
        Of outputs that are there, see `present`.
    """
    record = ledger.finished.get(task.name)
    if record is None or record.output != task.output:
        if task.output in sizes and not any(one.output == task.output for one in ledger.finished.values()):
            return Verdict(task=task, state=State.FOREIGN, detail=task.output)
        failure = ledger.failed.get(task.name)
        if failure is not None:
            return Verdict(task=task, state=State.FAILED, detail=failure.problem)
        return Verdict(task=task, state=State.NEVER)
    if sizes.get(task.output) != record.bytes:  # there is nothing to keep, whatever has changed
        return Verdict(task=task, state=State.MISSING, detail=task.output)
    if record.settings != task.settings:
        return Verdict(task=task, state=State.SETTINGS)
    changed = _changed_input(task, record, ledger)
    if changed:
        return Verdict(task=task, state=State.INPUT, detail=changed)
    return Verdict(task=task, state=State.FINISHED)


def _changed_input(task: Task, record: Record, ledger: Ledger) -> str:
    """What has changed of the inputs; empty if nothing."""
    if not isinstance(task.work, Tracking):
        if any(name not in ledger.finished for name in task.needs):
            return "tasks that it needs are not finished"
        return "" if inputs_of(task, ledger) == record.inputs else "tracks that it is made of"
    files = dict(zip(task.work.names, task.work.files, strict=True))
    if set(record.inputs) != set(files):
        return "other files"
    for name, before in record.inputs.items():
        file = files[name]
        now = checksum_of(file) if before.startswith(SHA) else state_of(file)
        if now != before:
            return f"'{name}': {before}, now {now}"
    return ""


def unfinished(verdicts: Sequence[Verdict], *, keep_changed: bool = False) -> list[Verdict]:
    """What is to be done: tasks that are not settled, and products of such tasks."""
    again = {one.task.name for one in verdicts if one.state not in settled(keep_changed=keep_changed)}
    return [one for one in verdicts if one.task.name in again or again.intersection(one.task.needs)]
