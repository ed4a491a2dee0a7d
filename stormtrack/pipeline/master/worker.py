"""One run in a worker process: a chunk, or the splice of one sign.

A worker reports failures as plain text, because not every error survives the way back to the parent. It ends at once
when the parent closes its end of a pipe, and so also when the parent is killed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import threading
import time
import traceback
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from ...errors import StormtrackError, UserInputError
from ..report import Silent
from .layout import Kept, content_of, store

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_STOPPED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A run.

    Attributes
    ----------
    name : str
        Of the step, as in the manifest.
    answers : bytes
    input_path : str
        Absolute.
    extension : str
    work, staging : str
        Folders to be made: the run's own folder, removed at the end, and where its outputs are laid.
    kept : tuple of Kept
        Outputs to keep.
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
    given: dict[str, bytes] = field(default_factory=dict)
    copied: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    files : dict of str to str
        SHA-256 of the content by name in the case folder.
    figures : dict of str to int
        Frames, points, tracks.
    problem : str or None
        Why it failed.
    users : bool
        The user can mend it.
    trace : str
        For the log.
    """

    name: str
    files: dict[str, str] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    problem: str | None = None
    users: bool = False
    trace: str = ""


def prepare(alive: Connection, tables: dict[str, str]) -> None:
    """Make this process a worker: one thread, deaf to Ctrl-C (the parent decides), gone when the parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    os.environ.update(tables)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()


def _end_with(alive: Connection) -> None:
    try:
        alive.poll(None)
    finally:
        os._exit(_STOPPED)


def perform(job: Job) -> Outcome:
    """Run a job; never raises."""
    outcome = Outcome(name=job.name)
    report = Silent()
    start = time.perf_counter()
    try:
        _run(job, report)
        _stage(job, outcome)
    except StormtrackError as error:
        outcome.problem, outcome.users = str(error), isinstance(error, UserInputError)
    except OSError as error:
        outcome.problem, outcome.users, outcome.trace = str(error), True, traceback.format_exc()
    except MemoryError:
        outcome.problem = "out of memory; use fewer workers"
    except Exception as error:
        outcome.problem, outcome.trace = f"internal error: {type(error).__name__}: {error}", traceback.format_exc()
    finally:
        shutil.rmtree(job.work, ignore_errors=True)
    outcome.notes, outcome.warnings = report.notes, report.warnings
    outcome.seconds = time.perf_counter() - start
    return outcome


def _run(job: Job, report: Silent) -> None:
    from ..run import run_answers

    work = Path(job.work)
    work.mkdir()
    for name, source in job.copied.items():
        store(content_of(Path(source)), work / name, packed=False)
    for name, content in job.given.items():
        store(content, work / name, packed=False)
    run_answers(job.answers, input_path=Path(job.input_path), extension=job.extension, folder=work, report=report)


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
