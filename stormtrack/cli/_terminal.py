"""Messages and progress of a command on the terminal (stderr; stdout stays free for what was asked for)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from ._process import check_stopped

T = TypeVar("T")


class Terminal:
    """A `stormtrack.run.report.Report` on stderr; bars only when stderr is a terminal.

    Parameters
    ----------
    program : str
        Put before every line.
    quiet : bool
        No notes and no bars; warnings are always shown.
    verbose : bool
        Also what each stage took.
    unit : str
        What bars count.
    """

    def __init__(self, program: str, *, quiet: bool = False, verbose: bool = False, unit: str = "frame") -> None:
        self._unit = unit
        self._program = program
        self._quiet = quiet
        self._verbose = verbose and not quiet
        self._bars = not quiet and sys.stderr.isatty()

    def note(self, text: str) -> None:
        """Show a note."""
        if not self._quiet:
            sys.stderr.write(f"{self._program}: {text}\n")

    def warning(self, text: str) -> None:
        """Show a warning."""
        sys.stderr.write(f"{self._program}: warning: {text}\n")

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass `items` through with a bar, until a signal has asked the command to end."""
        shown = _until_stopped(self._with_bar(items, what, total) if self._bars else items)
        return self._timed(shown, what) if self._verbose else shown

    def _with_bar(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        from tqdm import tqdm

        return iter(tqdm(items, desc=what, total=total, unit=self._unit, leave=False, file=sys.stderr))

    def _timed(self, items: Iterator[T], what: str) -> Iterator[T]:
        """The items, and behind the last one a line about what they took."""
        count, wall, cpu = 0, time.monotonic(), time.process_time()
        for item in items:
            yield item
            count += 1
        took = f"{time.process_time() - cpu:.2f} CPU s, {time.monotonic() - wall:.2f} s"
        self.note(f"{what}: {count} {self._unit}{'' if count == 1 else 's'} in {took}")


def _until_stopped(items: Iterable[T]) -> Iterator[T]:
    for item in items:
        yield item
        check_stopped()
