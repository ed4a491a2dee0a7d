"""What a run tells while it goes on: notes, warnings, progress. The library itself never prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import Protocol, TypeVar

T = TypeVar("T")


class Report(Protocol):
    """Receiver of a run's messages."""

    def note(self, text: str) -> None:
        """Something the user may want to know."""

    def warning(self, text: str) -> None:
        """Something the user should look at."""

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass `items` through, showing how far the run is."""


def progress_of_blocks(
    report: Report, blocks: Iterable[T], size: Callable[[T], int], what: str, total: int | None
) -> Iterator[T]:
    """Pass blocks of frames through, showing how many frames are done.

    Parameters
    ----------
    report : Report
    blocks : iterable
    size : callable
        Frames of a block.
    what, total
        As those of `Report.progress`; `total` in frames.
    """

    def ticks() -> Iterator[T | None]:
        for block in blocks:
            yield from repeat(None, size(block) - 1)
            yield block

    return (tick for tick in report.progress(ticks(), what, total) if tick is not None)


class Once:
    """Passes every note and every warning on, each text once.

    Parameters
    ----------
    report : Report
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._told: set[str] = set()

    def note(self, text: str) -> None:
        """Pass a note on."""
        if self._is_new(text):
            self._report.note(text)

    def warning(self, text: str) -> None:
        """Pass a warning on."""
        if self._is_new(text):
            self._report.warning(text)

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass progress on."""
        return self._report.progress(items, what, total)

    def _is_new(self, text: str) -> bool:
        new = text not in self._told
        self._told.add(text)
        return new


class Silent:
    """A report that keeps its messages and shows nothing."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def note(self, text: str) -> None:
        """Keep a note."""
        self.notes.append(text)

    def warning(self, text: str) -> None:
        """Keep a warning."""
        self.warnings.append(text)

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass through."""
        return iter(items)
