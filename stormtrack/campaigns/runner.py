"""All tasks of a campaign done, by any workers, beside other runs, after whatever interrupts.

A task is claimed, done by a worker, recorded, put in its place, and let go, in this order; so what lies in its place is
complete and recorded, and what a run leaves that is killed at any moment is a claim and a staged file, which the next
run removes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..errors import LostWorkerError, OutputError, UserInputError
from ..resumption.attempts import Failure
from ..run.report import Report
from ..settings.campaign import Campaign
from ..storage.outputs import output_error
from .claims import PATIENCE, PRIVATE, Claims
from .expansion import Tasks, expanded
from .judging import CHANGED, State, Verdict, inputs_of, judged, present, unfinished
from .ledger import Ledger, Record
from .tasks import Pooling, Task
from .work import Assignment, Outcome, Performing, staged_name

_POLL = 0.5
_SHOWN = 5

Workers = Callable[[Sequence[Task]], AbstractContextManager[Backend]]
"""Makes the workers for tasks; called when there are some to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a campaign is run.

    Attributes
    ----------
    changed : {'refuse', 'redo', 'keep'}
        What is done about finished tasks whose settings or inputs have changed since.
    wait : bool
        Wait for tasks that other runs are at work on, and take over those of dead ones.
    patience : float
        Seconds without a sign of life after which a run on another machine is taken for dead.
    checksums : bool
        Inputs are told by their checksums, not by size and time.
    scratch : Path, optional
        Folder of each machine for working files.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.Conduct(changed="redo", wait=False).patience
    300.0
    """

    changed: str = "refuse"
    wait: bool = True
    patience: float = PATIENCE
    checksums: bool = False
    scratch: Path | None = None


@dataclass(slots=True, kw_only=True)
class CampaignResult:
    """What a run did.

    Attributes
    ----------
    folder : Path
    total : int
        Tasks of the campaign.
    finished : int
        Those that are finished now.
    done : int
        Those that this run did.
    failed : dict of str to str
        Problems of tasks that failed in this run, by their names.
    left : tuple of str
        Tasks that other runs are at work on.
    """

    folder: Path
    total: int
    finished: int = 0
    done: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def conducted(campaign: Campaign, base: Path, workers: Workers, how: Conduct, report: Report) -> CampaignResult:
    """Do what is unfinished of a campaign.

    Parameters
    ----------
    campaign : Campaign
    base : Path
        Folder to which its places are relative.
    workers : callable
        Makes the workers.
    how : Conduct
    report : Report

    Raises
    ------
    UserInputError
        If the campaign, its inputs or its folder cannot be used, or finished tasks have changed; before anything runs.
    BackendError
        If workers cannot be had, or others have taken this run for dead.
    """
    tasks = expanded(campaign, base)
    todo = _to_do(tasks, how, report)
    with ExitStack() as opened:  # what cannot be had is told before anything is made
        backend = opened.enter_context(workers(todo)) if todo else Serial()
        _make_folder(tasks.folder)
        with Claims(tasks.folder, how.patience, how.scratch) as claims, Ledger(tasks.folder, claims.run) as ledger:
            for name in claims.bury_dead():
                report.note(f"{name} has ended without a word; its unfinished tasks are done again")
            run = Run(tasks, ledger, claims, how, report)
            run.performing = Performing(
                plans=tasks.plans,
                campaign=campaign.name,
                run=claims.run,
                scratch=None if how.scratch is None else str(how.scratch),
            )
            try:
                with opened.pop_all():  # workers end before what they do is let go
                    run.go(todo, backend)
            except KeyboardInterrupt:
                report.warning(f"stopped: {run.counted()}; the same command goes on")
                raise
            finally:
                _settle(ledger, claims, report)
            return run.result()


def _settle(ledger: Ledger, claims: Claims, report: Report) -> None:
    try:
        ledger.settle(claims)
    except UserInputError as error:
        report.warning(f"the manifest could not be written; what is finished is kept in '{PRIVATE}/journal': {error}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder '{folder}': {error.strerror or error}; correct 'folder'") from error


def _to_do(tasks: Tasks, how: Conduct, report: Report) -> list[Task]:
    """Tasks that are not finished; refuses what the user has to decide about. Writes nothing."""
    sizes = present(tasks.folder, tasks)
    with Ledger(tasks.folder) as ledger:
        verdicts = [judged(task, ledger, sizes) for task in tasks]
    foreign = [one for one in verdicts if one.state is State.FOREIGN]
    if foreign:
        raise OutputError(f"{_named(foreign)}: {State.FOREIGN.value}; move them away, or name another folder")
    changed = [one for one in verdicts if one.state in CHANGED and not isinstance(one.task.work, Pooling)]
    if changed and how.changed == "refuse":
        raise UserInputError(
            f"{len(changed)} finished tasks differ from what is asked for now: {_reasons(changed)}. They are left as "
            "they are: --redo-changed does them again, --keep-changed keeps them; or name another folder"
        )
    missing = [one for one in verdicts if one.state is State.MISSING]
    if missing:
        report.warning(f"{_named(missing)}: {State.MISSING.value}; done again")
    return [one.task for one in unfinished(verdicts, keep_changed=how.changed == "keep")]


def _named(verdicts: Sequence[Verdict]) -> str:
    names = "; ".join(map(str, verdicts[:_SHOWN]))
    return names + (f"; and {len(verdicts) - _SHOWN} more" if len(verdicts) > _SHOWN else "")


def _reasons(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(one.state for one in verdicts)
    parts = [
        f"{count} times {state.value}: {_named([one for one in verdicts if one.state is state])}"
        for state, count in counts.items()
    ]
    return ". ".join(parts)


class Run:
    """The tasks of one run."""

    performing: Performing

    def __init__(self, tasks: Tasks, ledger: Ledger, claims: Claims, how: Conduct, report: Report) -> None:
        self._tasks, self._ledger, self._claims = tasks, ledger, claims
        self._how, self._report = how, report
        self._folder = tasks.folder
        self._held: dict[str, Task] = {}
        self._inputs: dict[str, dict[str, str]] = {}
        self._failed: dict[str, str] = {}
        self._turns: dict[str, int] = {}
        self._done: set[str] = set()
        self._done_elsewhere: set[str] = set()
        self._full = False
        self._version = version("stormtrack")

    def go(self, todo: list[Task], backend: Backend) -> None:
        """Do all of them: tracks first, then products of finished ones.

        The libraries that read and write NetCDF files are not made for several threads. So threads do one task after
        the other, and the frames of each side by side.
        """
        self._turns = {task.name: self._ledger.finished[task.name].turn for task in todo if self._was_done(task)}
        if backend.shares_memory:
            self.performing, backend = replace(self.performing, workers=backend), Serial()
        self._rounds({task.name: task for task in todo}, backend)

    def _rounds(self, left: dict[str, Task], backend: Backend) -> None:
        while left:
            ready = [task for task in left.values() if self._is_ready(task, left)]
            if ready:
                self._perform(ready, backend)
                left = {name: task for name, task in left.items() if not self._is_settled(task)}
            if not self._go_on(left):
                return

    def _was_done(self, task: Task) -> bool:
        return task.name in self._ledger.finished

    def _is_settled(self, task: Task) -> bool:
        """Whether a task is finished since this run began, or has failed in it."""
        if task.name in self._failed or task.name in self._done_elsewhere:
            return True
        record = self._ledger.finished.get(task.name)
        return record is not None and record.turn > self._turns.get(task.name, 0)

    def _is_ready(self, task: Task, left: dict[str, Task]) -> bool:
        finished = self._ledger.finished
        return all(name in finished and name not in left and name not in self._failed for name in task.needs)

    def _go_on(self, left: dict[str, Task]) -> bool:
        """Whether something is left for this run; waits for other runs if asked to."""
        if self._full:
            return False
        if not left:
            return True
        open_ones = [task for task in left.values() if self._is_ready(task, left)]
        if not open_ones:
            self._give_up(left)
            return False
        held = [self._claims.holder(task.key) for task in open_ones]
        if None in held:
            return True
        if not self._how.wait and all(self._claims.shows_life(name) for name in held if name):
            return False
        time.sleep(_POLL)
        self._look()
        return True

    def _give_up(self, left: dict[str, Task]) -> None:
        """Products whose tasks have failed cannot be made."""
        for task in left.values():
            lacking = [name for name in task.needs if name in self._failed or name in left]
            self._fail(task, f"cannot be made: {len(lacking)} of the {len(task.needs)} tasks that it needs have failed")

    def _look(self) -> None:
        """See what other runs have done, and which of them have died."""
        for name in self._claims.bury_dead():
            self._report.note(f"{name} has ended without a word; its unfinished tasks are done here")
        self._ledger.refresh()

    def _perform(self, tasks: Sequence[Task], backend: Backend) -> None:
        """Do what can be claimed."""
        try:
            with closing(backend.map(self.performing, self._assignments(tasks), in_order=False)) as outcomes:
                for outcome in self._report.progress(outcomes, "tasks", len(tasks)):
                    self._settle(outcome)
                    if self._full:
                        break
        except LostWorkerError as error:
            self._claims.check()
            for item in error.items:
                if isinstance(item, Assignment):
                    self._fail(item.task, f"{error.reason}; if memory ran out, use fewer workers")
        for task in list(self._held.values()):
            self._release(task)

    def _assignments(self, tasks: Sequence[Task]) -> Iterator[Assignment]:
        """Tasks that nobody else is at work on or has finished, claimed when a worker is about to take them."""
        for task in tasks:
            if self._full or not self._claims.take(task.key):
                continue
            if self._was_done_meanwhile(task):
                self._claims.release(task.key)
                continue
            self._held[task.name] = task
            try:
                self._inputs[task.name] = inputs_of(task, self._ledger, checksums=self._how.checksums)
            except UserInputError as error:
                self._fail(task, str(error))
                continue
            yield Assignment(task=task, staged=staged_name(self._claims.staged, task))

    def _was_done_meanwhile(self, task: Task) -> bool:
        """Whether another run has finished a task since the records were read."""
        sizes = present(self._folder, [task])
        if not sizes:
            return False
        self._ledger.refresh()
        if judged(task, self._ledger, sizes).state is State.FINISHED:
            self._done_elsewhere.add(task.name)
            return True
        return self._is_settled(task)

    def _settle(self, outcome: Outcome) -> None:
        """Record a task that has ended, put its output in place, and let it go."""
        self._claims.check()
        task = self._held[outcome.task]
        for text in outcome.warnings:
            self._report.warning(f"{task.name}: {text}")
        if outcome.failure is not None:
            self._fail(task, _told(outcome.failure))
            self._full = self._full or outcome.failure.is_full
            return
        record = Record(
            task=task.name,
            output=task.output,
            settings=task.settings,
            inputs=self._inputs[task.name],
            sha256=outcome.sha256,
            bytes=outcome.bytes,
            figures=outcome.figures,
            version=self._version,
            turn=self._turns.get(task.name, 0) + 1,
        )
        target = self._folder / task.output
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._ledger.append(record)
            Path(staged_name(self._claims.staged, task)).replace(target)
        except OSError as error:
            self._full = True
            self._fail(task, str(error if isinstance(error, OutputError) else output_error(target, error)))
            return
        self._done.add(task.name)
        self._release(task)

    def _fail(self, task: Task, problem: str) -> None:
        self._failed[task.name] = problem
        self._report.warning(f"{task.name}: {problem}")
        try:
            self._ledger.append(Record(task=task.name, problem=problem))
        except OutputError:
            self._full = True  # what cannot be written now is done, and told, again by the next run
        self._release(task)

    def _release(self, task: Task) -> None:
        if self._held.pop(task.name, None) is not None:
            Path(staged_name(self._claims.staged, task)).unlink(missing_ok=True)
            self._claims.release(task.key)

    def counted(self) -> str:
        """How far it is."""
        finished = sum(1 for task in self._tasks if task.name in self._ledger.finished)
        return f"{finished} of {len(self._tasks)} tasks are finished, {len(self._done)} of them now"

    def result(self) -> CampaignResult:
        """What was done."""
        states = [task for task in self._tasks if task.name not in self._ledger.finished]
        left = tuple(task.name for task in states if task.name not in self._failed)
        return CampaignResult(
            folder=self._folder,
            total=len(self._tasks),
            finished=len(self._tasks) - len(states),
            done=len(self._done),
            failed=dict(self._failed),
            left=left,
        )


def _told(failure: Failure) -> str:
    return f"{failure.problem}\n{failure.trace}".rstrip() if failure.trace and not failure.users else failure.problem
