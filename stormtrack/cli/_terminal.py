"""Messages and progress of a command on the terminal (stderr; stdout stays free for what was asked for)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Terminal:
    """A `stormtrack.run.report.Report` on stderr; bars only when stderr is a terminal.

    Parameters
    ----------
    program : str
        Put before every line.
    quiet : bool
        No notes and no bars; warnings are always shown.
    unit : str
        What bars count.
    """

    def __init__(self, program: str, *, quiet: bool = False, unit: str = "frame") -> None:
        self._unit = unit
        self._program = program
        self._quiet = quiet
        self._bars = not quiet and sys.stderr.isatty()

    def note(self, text: str) -> None:
        """Show a note."""
        if not self._quiet:
            sys.stderr.write(f"{self._program}: {text}\n")

    def warning(self, text: str) -> None:
        """Show a warning."""
        sys.stderr.write(f"{self._program}: warning: {text}\n")

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass `items` through with a bar."""
        if not self._bars:
            return iter(items)
        from tqdm import tqdm

        return iter(tqdm(items, desc=what, total=total, unit=self._unit, leave=False, file=sys.stderr))
