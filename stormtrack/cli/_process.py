"""What a command does to its own process before and after its work."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TextIO

FEW_COLLECTIONS = 50_000
"""New objects between searches for cycles: start-up makes tens of thousands, and hardly one is garbage."""
RESUBMIT = 75
"""EX_TEMPFAIL of sysexits.h: nothing is wrong, the same command goes on; a job script submits itself again."""
STOPPING = ("SIGTERM", "SIGHUP")
"""Signals by which batch systems, shells and terminals ask a process to end."""


class Stopped(KeyboardInterrupt):
    """The process was asked to end by a signal; everything is cleaned up as after Ctrl-C.

    Parameters
    ----------
    number : int
        The signal.

    Attributes
    ----------
    is_resumable : bool
        The same command goes on where this one was, and a batch system shall have it again.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = signal.Signals(number)
        self.is_resumable = False

    @property
    def status(self) -> int:
        """Exit status as a shell gives it for a process that the signal has ended, or the one that says: again."""
        return RESUBMIT if self.is_resumable else 128 + int(self.number)


_ASKED: list[KeyboardInterrupt] = []
"""What the handlers of the signals have raised since `stoppable` began."""


def check_stopped() -> None:
    """Raise once more what a handler has raised and a library has swallowed.

    netCDF4 does so when the signal comes while it says that an attribute is not there: of signals sent while files
    are opened, some 3 in 100 were lost.

    Raises
    ------
    KeyboardInterrupt
        If one of the signals has come; `Stopped` if it was not Ctrl-C.
    """
    if _ASKED:
        raise _ASKED[-1]


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first of the signals `STOPPING` into `Stopped`; a signal that is ignored (``nohup``) stays ignored.

    Ctrl-C stays a `KeyboardInterrupt`. All of them are remembered for `check_stopped`.
    """
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    handled = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    usual: dict[int, Any] = dict.fromkeys(handled, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        usual[signal.SIGINT] = signal.default_int_handler

    def stop(number: int, frame: object) -> NoReturn:
        if number == signal.SIGINT:
            _ASKED.append(KeyboardInterrupt())
        else:
            for other in handled:
                signal.signal(other, signal.SIG_IGN)  # a second one may not disturb the cleaning up
            _ASKED.append(Stopped(number))
        raise _ASKED[-1]

    try:
        for number in usual:
            signal.signal(number, stop)
    except ValueError:  # not in the main thread, where no handler can be set
        usual = {}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
        _ASKED.clear()


def run_as_process(main: Callable[[], int], program: str) -> NoReturn:
    """Run `main` as the only work of this process, and end it with the status that `main` returns."""
    # No stage uses BLAS, but NumPy starts its threads when it is imported, and they wait busily for a while.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(FEW_COLLECTIONS)
    _show_warnings_of(program)
    status = main()
    gc.freeze()  # the system takes all memory back: no last search for cycles
    sys.exit(status)


def _show_warnings_of(program: str) -> None:
    """Show what a library warns of as a message of `program`, without places in source files."""

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        (file or sys.stderr).write(f"{program}: warning: {message}\n")

    warnings.showwarning = show
