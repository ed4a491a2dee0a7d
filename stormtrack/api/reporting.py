"""What a run tells, as Python's own means: warnings, a logger, a function for progress."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

from ..errors import FieldWarning

T = TypeVar("T")
Progress: TypeAlias = Callable[[str, int, int | None], object]
"""Called with what is being done, how many steps are done, and of how many (None: not known)."""
LOGGER = logging.getLogger("stormtrack")


class PythonReport:
    """A `stormtrack.run.report.Report` for calls from Python.

    Parameters
    ----------
    progress : callable, optional
        Called before the first step, and after each.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress

    def note(self, text: str) -> None:
        """To the logger, as information."""
        LOGGER.info(text)

    def warning(self, text: str) -> None:
        """A `FieldWarning`."""
        warnings.warn(text, FieldWarning, stacklevel=2)

    def progress(self, items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
        """Pass items through, and tell how many there were."""
        if self._progress is None:
            return iter(items)
        return self._told(items, what, total, self._progress)

    def _told(self, items: Iterable[T], what: str, total: int | None, tell: Progress) -> Iterator[T]:
        tell(what, 0, total)
        for done, item in enumerate(items, 1):
            yield item
            tell(what, done, total)
