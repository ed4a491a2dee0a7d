"""One run in a worker process: a chunk, or the splice of one sign."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from ...errors import UserInputError
from ...resumption.attempts import Failure, attempted
from ..report import Silent
from .layout import Kept, content_of, store


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run.

    Attributes
    ----------
    name : str
        Of the step, as in the manifest.
    answers : bytes
    input_path : str
        Absolute, or an address.
    extension : str
    work, staging : str
        Folders to be made: the run's own folder, removed at the end, and where its outputs are laid.
    kept : tuple of Kept
        Outputs to keep.
    keep_missing : bool
        Run on with missing values, as TRACK does.
    given : dict of str to bytes
        Files to lie in the run's folder.
    copied : dict of str to str
        Results of other runs, plain or gzipped, by the name that they get in the run's folder.
    """

    name: str
    answers: bytes
    input_path: str
    extension: str
    work: str
    staging: str
    kept: tuple[Kept, ...]
    keep_missing: bool = False
    given: dict[str, bytes] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    files : dict of str to str
        SHA-256 of the content by name in the case folder.
    figures : dict of str to int
        Frames, points, tracks.
    failure : Failure or None
        Why it failed.
    """

    name: str
    files: dict[str, str] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performing:
    """The task of performing jobs.

    Attributes
    ----------
    folder : str
        The current one of who asks: jobs find there what their templates name.
    tables : dict of str to str
        Variables of the environment that name tables of parameters.
    threads : int
        On which the frames of each job are processed.
    """

    takes_turns: ClassVar[bool] = True
    folder: str
    tables: dict[str, str]
    threads: int = 1

    def worker(self) -> Callable[[Job], Outcome]:
        """Jobs need nothing but themselves, and the surroundings of who asks."""
        return self.perform

    def perform(self, job: Job) -> Outcome:
        """Run a job; never raises but for interrupts."""
        outcome = Outcome(name=job.name)
        report = Silent()
        start = time.perf_counter()
        try:
            outcome.failure = attempted(lambda: self._do(job, report, outcome))
        finally:
            shutil.rmtree(job.work, ignore_errors=True)
        outcome.notes, outcome.warnings = report.notes, report.warnings
        outcome.seconds = time.perf_counter() - start
        return outcome

    def _do(self, job: Job, report: Silent, outcome: Outcome) -> None:
        with surroundings(self.folder, self.tables), warnings.catch_warnings(record=True) as caught:
            _run(job, self.threads, report)
        report.warnings += [str(warning.message) for warning in caught]
        _stage(job, outcome)


@contextmanager
def surroundings(folder: str, variables: Mapping[str, str]) -> Iterator[None]:
    """A current folder, and variables of the environment."""
    former = {name: os.environ.get(name) for name in variables}
    with chdir(folder):
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in former.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def _run(job: Job, threads: int, report: Silent) -> None:
    from ..runner import run_answers

    work = Path(job.work)
    work.mkdir()
    for name, source in job.copied.items():
        store(content_of(Path(source)), work / name, packed=False)
    for name, content in job.given.items():
        store(content, work / name, packed=False)
    run_answers(
        job.answers,
        input_path=job.input_path,
        extension=job.extension,
        folder=work,
        report=report,
        keep_missing=job.keep_missing,
        threads=threads,
    )


def _stage(job: Job, outcome: Outcome) -> None:
    Path(job.staging).mkdir()  # without those above: what a later run has removed shall not come back
    for kept in job.kept:
        produced = Path(job.work) / kept.produced
        if not produced.is_file():
            if kept.wanted:
                raise UserInputError(
                    f"the run wrote no {kept.produced}: the splice needs it. The template has to link features "
                    "(feature_type not 0), and to combine chunks in the splice"
                )
            continue
        content = produced.read_bytes()
        store(content, Path(job.staging) / kept.name, packed=kept.packed)
        outcome.files[kept.name] = hashlib.sha256(content).hexdigest()
        outcome.figures.update(figures(Path(kept.name).name, content))


def figures(name: str, content: bytes) -> dict[str, int]:
    """Numbers worth a line in the log, from the content of a text output."""
    if name == "objout.new":
        points = re.findall(rb"^FRAME_FEATURE_NUM\s+(\d+)", content, re.MULTILINE)
        return {"frames": len(points), "points": sum(map(int, points))}
    for start, what in (("tdump", "tracks"), ("tr_trs", "tracks joined"), ("ff_trs", "tracks kept")):
        found = re.search(rb"^TRACK_(?:No\.|NUM)\s+(\d+)", content[:1000], re.MULTILINE)
        if name.startswith(start) and found and not name.endswith((".nc", "_merged")):
            return {what: int(found[1])}
    return {}
