"""A master run: plan, chunks, splices, and going on after an interrupt.

References
----------
Specification 01, section 14. Parity: bitwise with the original's job script.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from ... import __version__
from ...backends.choice import Wanted, Workers, entered
from ...backends.protocol import Backend
from ...backends.serial import Serial
from ...errors import OutputError, StormtrackError, UserInputError
from ...resumption.attempts import Failure
from ...storage.outputs import OutputFile
from ..report import Report
from . import layout
from .chunks import Chunk
from .journal import Journal
from .lock import CaseLock, private_folders
from .manifest import Manifest, open_manifest
from .plan import SIGNS, STARTUP, MasterPlan, Sign, make_plan, table_paths, time_average
from .request import MasterRequest
from .worker import Job, Outcome, Performing


class ChunkError(StormtrackError):
    """A chunk or a splice failed; names it and the log."""


class ChunkInputError(UserInputError, ChunkError):
    """The same for a reason that the user can mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterResult:
    """What a master run did.

    Attributes
    ----------
    folder : Path
        Where the results lie.
    done, kept : int
        Steps (chunks and splices) run now, and found finished.
    dropped : int
        Frames at the end that no chunk reaches.
    figures : dict of str to dict
        Figures of every step.
    """

    folder: Path
    done: int
    kept: int
    dropped: int
    figures: dict[str, dict[str, int]]


def run_master(request: MasterRequest, report: Report, workers: Workers | None = None) -> MasterResult:
    """Track both signs of a long series chunk by chunk and splice them.

    Parameters
    ----------
    request : MasterRequest
    report : Report
        Receives notes, warnings and progress; all of it is also in the log of the case folder.
    workers : Wanted or Backend, optional
        Who runs chunks, side by side; by default one process. Results do not depend on it.

    Raises
    ------
    UserInputError
        For a request, data or templates that cannot be used, another run at work in the folder, or results of
        another run there.
    ChunkError
        If a chunk or a splice fails; what is finished is kept, and the same request goes on.
    """
    plan = make_plan(request)
    folder = request.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder '{folder}': {error.strerror or error}; see -o and -c") from error
    with CaseLock(folder) as lock, Journal(folder / layout.LOG, report) as journal:
        journal.log(f"stormtrack {__version__}: {request.command or 'master'}")
        if request.fresh:
            layout.clear(folder, request.extension)
        manifest = open_manifest(folder, plan.identity, _about(request, plan))
        damaged = manifest.forget_damaged()
        if damaged:
            journal.warning(f"{', '.join(damaged)}: files are missing or were changed; done again")
        kept = len(manifest.steps)
        _describe(plan, manifest, journal, request)
        with private_folders(folder, request.scratch, lock) as (staging, work):
            run = _Run(request, plan, manifest, journal, staging, work)
            wanted = Wanted(backend="processes", workers=1) if workers is None else workers
            try:
                run.all_steps(lambda: entered(wanted, journal.note))
            except KeyboardInterrupt:
                journal.warning(
                    f"stopped after {len(manifest.steps)} of {plan.n_steps} steps; the same command goes on"
                )
                raise
        figures = {name: dict(step["figures"]) for name, step in manifest.steps.items()}
        done = len(manifest.steps) - kept
        journal.note(f"finished: {done} of {len(manifest.steps)} steps run now; the results lie in {folder}")
    return MasterResult(folder=folder, done=done, kept=kept, dropped=plan.dropped, figures=figures)


def _about(request: MasterRequest, plan: MasterPlan) -> dict[str, object]:
    files = {**plan.templates, "splice": plan.splice_template}
    origins = {name: f"{found.name} ({found.origin})" for name, found in files.items()}
    if plan.initial is not None:
        origins["start-up"] = f"{plan.initial.name} ({plan.initial.origin})"
    return {
        "input": request.input_name,
        "frames": plan.n_frames,
        "files": origins,
        "command": request.command,
    }


def _describe(plan: MasterPlan, manifest: Manifest, journal: Journal, request: MasterRequest) -> None:
    """Say what will be done, and what the original's rule leaves out."""
    first, last = plan.chunks[0], plan.chunks[-1]
    several = f"{len(plan.chunks)} chunks" if len(plan.chunks) > 1 else "one chunk"
    journal.note(
        f"{request.input_path}: {plan.n_frames} frames, {several}, "
        f"frames {first.first} to {min(last.last, plan.n_frames)}"
    )
    for what, origin in manifest.about.get("files", {}).items():
        journal.log(f"{what}: {origin}")
    if manifest.steps:
        journal.note(f"going on: {len(manifest.steps)} of {plan.n_steps} steps are finished")
    if plan.dropped:
        journal.warning(
            f"TRACK's rule for chunks leaves the last {plan.dropped} of {plan.n_frames} frames untracked "
            f"({last.last + 1} to {plan.n_frames}); --complete tracks them too"
        )


class _Run:
    """The steps of one run, in the order that their results need."""

    def __init__(
        self,
        request: MasterRequest,
        plan: MasterPlan,
        manifest: Manifest,
        journal: Journal,
        staging: Path,
        work: Path,
    ) -> None:
        self._request, self._plan = request, plan
        self._manifest, self._journal = manifest, journal
        self._staging, self._work = staging, work

    def all_steps(self, workers: Callable[[], AbstractContextManager[Backend]]) -> None:
        """Chunks, lists of chunks, splices; threads do one after the other, the frames of each side by side."""
        chunks = [self._chunk_job(s, c) for c in self._plan.chunks for s in SIGNS if not self._has(_name(s, c))]
        spliced = {s.name for s in SIGNS if not self._has(s.result)} | {job.name[:3] for job in chunks}
        splices = [self._splice_job(s) for s in SIGNS if s.name in spliced]
        if not chunks and not splices:
            return
        task = Performing(folder=str(Path.cwd()), tables=table_paths(os.environ))
        with workers() as backend:
            if backend.shares_memory:
                task, backend = replace(task, threads=backend.n_workers), Serial()
            self._perform(task, chunks, backend, "chunks")
            for sign in SIGNS:
                self._write_list(sign)
            self._perform(task, splices, backend, "splices")

    def _has(self, step: str) -> bool:
        return step in self._manifest.steps

    def _perform(self, task: Performing, jobs: Sequence[Job], workers: Backend, what: str) -> None:
        by_name = {job.name: job for job in jobs}
        for outcome in self._journal.progress(workers.map(task, jobs, in_order=False), what, len(jobs)):
            job = by_name[outcome.name]
            self._relay(outcome)
            if outcome.failure is not None:
                raise self._failure(job, outcome.failure)
            try:
                layout.move_into_place(Path(job.staging), self._request.folder)
            except OSError as error:
                raise OutputError(f"cannot move results into '{self._request.folder}': {error}") from error
            self._manifest.record(outcome.name, files=outcome.files, figures=outcome.figures, seconds=outcome.seconds)
            shown = ", ".join(f"{number} {name}" for name, number in outcome.figures.items())
            self._journal.log(f"{outcome.name}: {shown}; {outcome.seconds:.1f} s")

    def _relay(self, outcome: Outcome) -> None:
        about = outcome.name.partition("_")[0]
        for text in outcome.notes:
            self._journal.once("input", text, warning=False)
        for text in outcome.warnings:
            self._journal.once(about, text, warning=True)

    def _failure(self, job: Job, failure: Failure) -> ChunkError:
        self._journal.log(f"{job.name} failed: {failure.problem}\n{failure.trace}".rstrip())
        self._journal.log("its answers were:\n" + job.answers.decode("ascii", "backslashreplace"))
        about = f"splice {job.name}"
        sign, _, number = job.name.partition("_")
        if number:
            chunk = self._plan.chunks[int(number) - 1]
            about = f"chunk {sign} {number} (frames {chunk.first} to {chunk.last})"
        kind = ChunkInputError if failure.users else ChunkError
        return kind(f"{about}: {failure.problem}. See {self._request.folder / layout.LOG}")

    def _job(
        self,
        name: str,
        answers: bytes,
        kept: tuple[layout.Kept, ...],
        *,
        given: dict[str, bytes] | None = None,
        copied: dict[str, str],
    ) -> Job:
        return Job(
            name=name,
            answers=answers,
            input_path=self._request.input_name,
            extension=self._request.extension,
            work=str(self._work / name),
            staging=str(self._staging / name),
            kept=kept,
            keep_missing=self._request.keep_missing,
            given=given or {},
            copied=copied,
        )

    def _chunk_job(self, sign: Sign, chunk: Chunk) -> Job:
        request = self._request
        kept = layout.chunk_outputs(sign.name, chunk.number, request.extension, packed=request.compress)
        average = time_average(request.extension)
        copied = {average.name: str(average)} if average.is_file() else {}
        given = {} if self._plan.initial is None else {STARTUP: self._plan.initial.content}
        return self._job(_name(sign, chunk), self._plan.answers(sign, chunk), kept, given=given, copied=copied)

    def _splice_job(self, sign: Sign) -> Job:
        sets: list[tuple[str, str, int]] = []
        copied: dict[str, str] = {}
        for chunk in self._plan.chunks:
            names = [f"{chunk.number}/{stem}" for stem in ("objout.new", "tdump")]
            place = self._request.folder / layout.chunk_folder(sign.name, chunk.number)
            copied.update({name: str(place / Path(name).name) for name in names})
            sets.append((names[0], names[1], chunk.splice_from))
        request = self._request
        kept = layout.splice_outputs(sign.result, request.extension, packed=request.compress)
        copied[STARTUP] = str(request.folder / f"{layout.INITIAL}.{request.extension}")
        return self._job(sign.result, self._plan.splice_answers(sets), kept, copied=copied)

    def _write_list(self, sign: Sign) -> None:
        lines: list[str] = []
        for chunk in self._plan.chunks:
            place = self._request.folder / layout.chunk_folder(sign.name, chunk.number)
            lines += [str(place / "objout.new"), str(place / "tdump"), str(chunk.splice_from)]
        with OutputFile(self._request.folder / layout.splice_list(sign.name, self._request.extension)) as out:
            out.write("\n".join(lines).encode() + b"\n")


def _name(sign: Sign, chunk: Chunk) -> str:
    return f"{sign.name}_{chunk.number}"
