"""The log of a case folder; what the user shall see is also shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO, TypeVar

from ...storage.outputs import output_error
from ..report import Report

T = TypeVar("T")


class Journal:
    """A `stormtrack.run.report.Report` that also keeps everything in a log file; a context manager.

    Parameters
    ----------
    path : Path
        The log; new lines are appended.
    report : Report
        Shows messages to the user.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._report = report
        self._seen: set[str] = set()
        try:
            self._file: TextIO = path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)
        except OSError as error:
            raise output_error(path, error) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> None:
        if kind is not None:
            self.log(f"stopped: {kind.__name__}: {problem}")
        self._file.close()

    def log(self, text: str) -> None:
        """Write to the log only."""
        now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        self._file.write("".join(f"{now} {line}\n" for line in text.splitlines() or [""]))

    def note(self, text: str) -> None:
        """Something the user may want to know."""
        self.log(text)
        self._report.note(text)

    def warning(self, text: str) -> None:
        """Something the user should look at."""
        self.log(f"warning: {text}")
        self._report.warning(text)

    def once(self, about: str, text: str, *, warning: bool) -> None:
        """A message of one of many like runs: shown the first time, for all of them."""
        key = f"{about}: {text}"
        if key not in self._seen:
            self._seen.add(key)
            (self.warning if warning else self.note)(key)

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass `items` through, showing how far the run is."""
        return self._report.progress(items, what, total)
