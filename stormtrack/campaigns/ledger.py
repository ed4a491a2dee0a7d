"""What is finished: the manifest, and what each run has recorded since.

A run appends a line of JSON to its own journal (``.stormtrack/journal/RUN``) when a task has ended. Nobody else writes
there, so no lock is needed, and a line that a killed run did not finish is no record. At its end a run puts the
journals of all ended runs and its own into ``manifest.json``, which is replaced as a whole; the claim ``manifest`` lets
one do so at a time. Who wants to know reads the journals first and the manifest then: what left the one is in the
other.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import PlanError
from ..storage.outputs import OutputFile, output_error
from .claims import PRIVATE, Claims, registered

MANIFEST = "manifest.json"
FORMAT = 1
_CLAIM = "manifest"
_WAIT, _STEP = 10.0, 0.02
_NO_FOLDER = (FileNotFoundError, NotADirectoryError)
"""Nothing is recorded yet; a file in the folder's place is told when it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A task that has ended.

    Attributes
    ----------
    task : str
    output : str
        Relative to the campaign's folder; empty if it failed.
    settings : str
        Sum of the settings.
    inputs : dict of str to str
        What told that a file is the same, by its name.
    sha256 : str
        Of the output.
    bytes : int
        Size of the output.
    figures : dict of str to float
        Frames, tracks, points, seconds, processor seconds.
    version : str
        Of stormtrack.
    turn : int
        How often the task was done; the last one counts.
    problem : str
        Why it failed; empty if it is finished.
    """

    task: str
    output: str = ""
    settings: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    sha256: str = ""
    bytes: int = 0
    figures: dict[str, float] = field(default_factory=dict)
    version: str = ""
    turn: int = 1
    problem: str = ""


_NAMES = {one.name for one in fields(Record)}


class Ledger:
    """Records of a campaign's folder.

    Parameters
    ----------
    folder : Path
    run : str, optional
        Whose journal is written; None: nothing is.

    Attributes
    ----------
    finished : dict of str to Record
        By the name of the task.
    failed : dict of str to Record
        Tasks that have failed and are not finished.
    """

    def __init__(self, folder: Path, run: str | None = None) -> None:
        self.finished: dict[str, Record] = {}
        self.failed: dict[str, Record] = {}
        self._manifest, self._journals = folder / MANIFEST, folder / PRIVATE / "journal"
        self._place, self._run = folder / PRIVATE, run
        self._read: dict[str, int] = {}
        self._file = -1

    def __enter__(self) -> Ledger:
        if self._run is not None:
            path = self._journals / self._run
            try:
                self._journals.mkdir(parents=True, exist_ok=True)
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o666)
            except OSError as error:
                raise output_error(path, error, "create") from error
        self.refresh()
        return self

    def __exit__(self, *_: object) -> None:
        if self._file >= 0:
            os.close(self._file)
            path = self._journals / str(self._run)
            if path.exists() and not path.stat().st_size:
                path.unlink()

    def refresh(self) -> None:
        """Read what has been recorded since: journals first, then the manifest.

        Raises
        ------
        PlanError
            If the manifest cannot be used.
        """
        for name in self._names():
            if name != self._run:
                self._read_journal(name)
        for record in self._in_manifest():
            self._take(record)

    def _names(self) -> list[str]:
        try:
            return sorted(path.name for path in self._journals.iterdir())
        except _NO_FOLDER:
            return []

    def _read_journal(self, name: str) -> None:
        """Further complete lines of a journal."""
        start = self._read.get(name, 0)
        try:
            with (self._journals / name).open("rb") as stream:
                stream.seek(start)
                data = stream.read()
        except FileNotFoundError:
            return  # it is in the manifest now
        whole = data[: data.rfind(b"\n") + 1]
        self._read[name] = start + len(whole)
        for line in whole.splitlines():
            try:
                self._take(_record(json.loads(line)))
            except (ValueError, TypeError):
                continue  # what a full disk left of a line

    def _in_manifest(self) -> Iterable[Record]:
        try:
            content = json.loads(self._manifest.read_bytes())
            if content["format"] != FORMAT:
                raise ValueError(f"format {content['format']}")
            return [_record(one) for one in content["tasks"]]
        except _NO_FOLDER:
            return []
        except (ValueError, KeyError, TypeError) as error:
            raise PlanError(
                f"the manifest cannot be used: {error}",
                path=str(self._manifest),
                hint="Name another folder, or remove the outputs and the manifest to start over",
            ) from error

    def _take(self, record: Record) -> None:
        known = self.finished.get(record.task)
        if record.problem:
            if known is None:
                self.failed[record.task] = record
            return
        self.failed.pop(record.task, None)
        if known is None or record.turn >= known.turn:
            self.finished[record.task] = record

    def append(self, record: Record) -> None:
        """Record a task that has ended; the whole line or nothing.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        line = json.dumps(_table(record)).encode() + b"\n"
        size = os.fstat(self._file).st_size
        try:
            if os.write(self._file, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            os.ftruncate(self._file, size)
            raise output_error(self._journals / str(self._run), error) from error
        self._take(record)

    def settle(self, claims: Claims) -> None:
        """Put the journals of ended runs and of this one, which ends, into the manifest.

        Another run may be doing so; then the next one does it for both. Nothing is lost meanwhile.
        """
        end = time.monotonic() + _WAIT
        while not claims.take(_CLAIM):
            if time.monotonic() > end:
                return
            time.sleep(_STEP)
        try:
            names = self._names()  # before the runs: a run is registered before it has a journal
            living = set(registered(self._place)) - {self._run}
            ended = [name for name in names if name not in living]
            self.refresh()
            with OutputFile(self._manifest) as out:
                out.write(self._text())
            for name in ended:
                (self._journals / name).unlink(missing_ok=True)
        finally:
            claims.release(_CLAIM)

    def _text(self) -> bytes:
        records = [*self.finished.values(), *self.failed.values()]
        tasks = [_table(one) for one in sorted(records, key=lambda one: one.task)]
        lines = ",\n".join(json.dumps(one) for one in tasks)
        return f'{{"format": {FORMAT}, "tasks": [\n{lines}\n]}}\n'.encode()


def _table(record: Record) -> dict[str, Any]:
    return {name: value for name, value in asdict(record).items() if value}


def _record(table: Any) -> Record:
    if not isinstance(table, dict) or "task" not in table:
        raise ValueError("a record without a task")
    return Record(**{name: value for name, value in table.items() if name in _NAMES})
